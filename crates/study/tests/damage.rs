//! Damaged bytes: every case cut short and with bits turned over must end in values or in a sentence, never in a panic.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use bytes::Bytes;
use study::inspect::{FrameSelection, records};
use study::{DecodeError, EncodedFrame, Object, decode};

fn cases() -> Vec<(String, Bytes)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-data/cases");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    folders
        .iter()
        .map(|case| {
            let name = case.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(case.join("object.dcm")).unwrap().into())
        })
        .collect()
}

/// The same numbers on every run (xorshift).
struct Chance(u32);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as usize % end.max(1)
    }
}

/// Decodes, and holds the outcome to what every outcome must be.
fn outcome(name: &str, frame: &EncodedFrame) -> Result<(), DecodeError> {
    let decoded = decode(frame).inspect_err(|error| {
        let sentence = error.to_string();
        assert!(sentence.ends_with('.'), "{name}: {sentence}");
        assert!(!sentence.contains("broke off"), "{name}: a decoder panicked");
    })?;
    let layout = &frame.layout;
    assert_eq!(
        (decoded.frame.rows, decoded.frame.columns),
        (layout.rows, layout.columns),
        "{name}"
    );
    let values = u64::from(layout.rows) * u64::from(layout.columns) * u64::from(layout.samples_per_pixel);
    assert_eq!(decoded.frame.samples.len() as u64, values, "{name}");
    Ok(())
}

#[test]
fn damaged_frames_end_in_values_or_in_a_sentence() {
    let mut chance = Chance(20_261_124);
    for (name, bytes) in cases() {
        let whole = Object::parse(bytes).unwrap().encoded_frame(0).unwrap();
        assert_eq!(outcome(&name, &whole), Ok(()), "{name}");
        for _ in 0..60 {
            let mut damaged = whole.bytes.to_vec();
            for _ in 0..=chance.below(3) {
                // Headers are where the traps are: every other blow goes to the first bytes.
                let reach = if chance.below(2) == 0 {
                    damaged.len()
                } else {
                    damaged.len().min(120)
                };
                damaged[chance.below(reach)] ^= 1 << chance.below(8);
            }
            let frame = EncodedFrame {
                bytes: damaged.into(),
                ..whole.clone()
            };
            let _ = outcome(&name, &frame);
        }
    }
}

#[test]
fn a_frame_that_is_cut_short_is_refused() {
    let mut chance = Chance(1);
    for (name, bytes) in cases() {
        let whole = Object::parse(bytes).unwrap().encoded_frame(0).unwrap();
        for _ in 0..20 {
            // Ends that a codec may do without: padding, end markers, the last bits of an entropy coder.
            let end = chance.below(whole.bytes.len() * 9 / 10);
            let frame = EncodedFrame {
                bytes: whole.bytes.slice(..end),
                ..whole.clone()
            };
            assert!(
                outcome(&name, &frame).is_err(),
                "{name} was decoded from {end} of {} bytes",
                whole.bytes.len()
            );
        }
    }
}

#[test]
fn a_layout_that_contradicts_the_stream_is_refused() {
    for (name, bytes) in cases() {
        let whole = Object::parse(bytes).unwrap().encoded_frame(0).unwrap();
        if !whole.transfer_syntax.0.contains(".1.2.4.") {
            continue; // other encodings do not say their size
        }
        let mut layout = (*whole.layout).clone();
        layout.rows -= 1;
        let frame = EncodedFrame {
            layout: layout.into(),
            ..whole.clone()
        };
        assert!(matches!(decode(&frame), Err(DecodeError::Contradiction(_))), "{name}");
    }
}

#[test]
fn damaged_objects_end_in_records() {
    let mut chance = Chance(77);
    for (name, bytes) in cases() {
        for round in 0..20 {
            let mut damaged = bytes.to_vec();
            if round % 4 == 0 {
                damaged.truncate(chance.below(bytes.len()));
            } else {
                for _ in 0..4 {
                    let at = chance.below(damaged.len());
                    damaged[at] ^= 1 << chance.below(8);
                }
            }
            let told = records(
                damaged.into(),
                &name,
                &FrameSelection::FirstMiddleLast,
                &mut study::decode,
            );
            assert!(!told.is_empty(), "{name}");
        }
    }
}
