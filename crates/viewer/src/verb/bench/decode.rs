//! How fast frames are decoded: each encoding by itself, its frames in memory, on one thread and on two.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use pacs::Decoder;
use serde_json::{Value, json};
use study::{EncodedFrame, Object};

use super::super::{VerbError, decode_worker};
use super::machine;
use crate::paths_file;

/// Whose frames are decoded, and for how long.
#[derive(Args)]
pub(in crate::verb) struct Decode {
    /// Files and folders
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// How long each encoding is measured on each number of threads, in seconds
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// As the window decodes: JPEG 2000 and JPEG XL in processes of their own, whose start counts too
    #[arg(long)]
    apart: bool,
}

/// No more encoded bytes than this are held of one encoding; further frames are left out and counted.
const MOST_HELD: usize = 1 << 30;

/// The frames of one encoding.
#[derive(Default)]
struct Held {
    frames: Vec<EncodedFrame>,
    encoded_bytes: usize,
    decoded_bytes: usize,
    /// Could not be decoded, by reason.
    refused: BTreeMap<String, u64>,
    left_out: u64,
}

/// Measures and prints one JSON line.
pub(super) fn run(what: &Decode) -> Result<(), VerbError> {
    let walk = paths_file::walk(&what.paths);
    if let Some(sentence) = walk.left_out {
        eprintln!("{sentence}");
    }
    let decoder: Decoder = if what.apart {
        decode_worker::decode
    } else {
        study::decode
    };
    let (mut encodings, mut unreadable) = (BTreeMap::<String, Held>::new(), 0u64);
    for path in walk.files {
        // Sorted out by what the objects are, so that a folder may hold anything.
        match paths_file::read(&path).ok().and_then(|bytes| Object::parse(bytes).ok()) {
            Some(object) => hold(&object, decoder, &mut encodings),
            None => unreadable += 1,
        }
    }
    if encodings.values().all(|held| held.frames.is_empty()) {
        return Err(VerbError::Failed(
            "None of the files holds a frame that can be decoded; name files or folders with images.".to_owned(),
        ));
    }
    let least = Duration::from_secs(what.seconds);
    let measured: Vec<Value> = encodings
        .iter()
        .map(|(syntax, held)| held.measured(syntax, decoder, least))
        .collect();
    println!(
        "{}",
        json!({ "machine": machine(), "apart": what.apart, "unreadable": unreadable, "encodings": measured })
    );
    Ok(())
}

/// Takes an object's frames in, each decoded once: what is refused is not measured.
fn hold(object: &Object, decoder: Decoder, encodings: &mut BTreeMap<String, Held>) {
    for index in 0..object.frames() {
        let Ok(frame) = object.encoded_frame(index) else {
            continue;
        };
        let held = encodings.entry(frame.transfer_syntax.0.to_string()).or_default();
        if held.encoded_bytes + frame.bytes.len() > MOST_HELD {
            held.left_out += 1;
            continue;
        }
        match decoder(&frame) {
            Ok(decoded) => {
                held.encoded_bytes += frame.bytes.len();
                held.decoded_bytes += decoded.frame.samples.bytes();
                held.frames.push(frame);
            }
            Err(error) => *held.refused.entry(error.to_string()).or_default() += 1,
        }
    }
}

impl Held {
    fn measured(&self, syntax: &str, decoder: Decoder, least: Duration) -> Value {
        let rates = |threads| (!self.frames.is_empty()).then(|| self.rates(threads, decoder, least));
        json!({
            "ts": syntax, "frames": self.frames.len(), "refused": self.refused, "left_out": self.left_out,
            "encoded_bytes": self.encoded_bytes, "decoded_bytes": self.decoded_bytes,
            "one_thread": rates(1), "two_threads": rates(2),
        })
    }

    /// Decodes all frames in whole rounds, as many as fill the time.
    fn rates(&self, threads: usize, decoder: Decoder, least: Duration) -> Value {
        let one = self.seconds(threads, decoder, 1).max(1e-6);
        let rounds = (least.as_secs_f64() / one).ceil().clamp(1.0, 1e6) as usize;
        let seconds = self.seconds(threads, decoder, rounds);
        let rate = |count: f64| (count * rounds as f64 / seconds * 10.0).round() / 10.0;
        json!({
            "frames_per_s": rate(self.frames.len() as f64),
            "mb_per_s": rate(self.decoded_bytes as f64 / 1e6),
        })
    }

    /// How long the threads take together for so many rounds.
    fn seconds(&self, threads: usize, decoder: Decoder, rounds: usize) -> f64 {
        let (next, all) = (AtomicUsize::new(0), self.frames.len() * rounds);
        let work = || {
            while let Some(turn) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|turn| *turn < all) {
                if let Some(frame) = self.frames.get(turn % self.frames.len()) {
                    std::hint::black_box(decoder(frame).is_ok());
                }
            }
        };
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
        });
        begun.elapsed().as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_measured_by_their_encoding() {
        let case = |name: &str| {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../test-data/cases");
            Object::parse(std::fs::read(format!("{folder}/{name}/object.dcm")).unwrap().into()).unwrap()
        };
        let mut encodings = BTreeMap::new();
        for name in ["rle-u8", "rle-frames-with-table", "native-u8"] {
            hold(&case(name), study::decode, &mut encodings);
        }
        let rle = &encodings["1.2.840.10008.1.2.5"];
        assert_eq!((encodings.len(), rle.frames.len()), (2, 5));
        let told = rle.measured("rle", study::decode, Duration::from_millis(1));
        assert_eq!(told["decoded_bytes"], 45 * 53 * (1 + 4 * 2));
        for threads in ["one_thread", "two_threads"] {
            assert!(told[threads]["frames_per_s"].as_f64().unwrap() > 0.0, "{told}");
        }
    }
}
