//! JPEG-LS, lossless and near-lossless (ISO/IEC 14495-1).
//!
//! Our own decoder: the common one, in C++, may take half a minute over one damaged frame of a few kilobytes.

mod bits;
mod context;
mod parameters;
mod scan;

use self::bits::Bits;
use self::parameters::{Parameters, Preset};
use self::scan::Scan;
use super::jpeg::Segments;
use super::plan::{Plan, Stream};
use super::{DecodeError, Decoded};

const START_OF_FRAME: u8 = 0xf7;
const PRESET_PARAMETERS: u8 = 0xf8;
const START_OF_SCAN: u8 = 0xda;
const RESTART_INTERVAL: u8 = 0xdd;
const APPLICATION_8: u8 = 0xe8;

/// Decodes a JPEG-LS frame.
pub(super) fn decode(plan: &Plan, bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let mut segments = Segments::of(bytes, "JPEG-LS")?;
    let mut frame = None;
    let (mut preset, mut restart_lines) = (Preset::default(), 0);
    let mut values = Vec::new();
    let mut missing: Vec<usize> = (0..plan.channels).collect();
    while !missing.is_empty() {
        let Some(segment) = segments.next_segment()? else {
            return Err(DecodeError::incomplete(
                "the JPEG-LS stream ends before all of its components came",
            ));
        };
        match segment.marker {
            START_OF_FRAME if frame.is_none() => {
                let found = Frame::read(segment.body)?;
                found.agrees(plan, bytes.len())?;
                values = vec![0u16; plan.values()];
                frame = Some(found);
            }
            START_OF_FRAME => return Err(DecodeError::damaged("the JPEG-LS stream has two frame headers")),
            PRESET_PARAMETERS => preset.read(segment.body)?,
            RESTART_INTERVAL => {
                restart_lines = segment
                    .body
                    .iter()
                    .fold(0u32, |lines, &byte| lines << 8 | u32::from(byte));
            }
            APPLICATION_8 if segment.body.starts_with(b"mrfx") && segment.body.get(4) != Some(&0) => {
                return Err(DecodeError::Unsupported("JPEG-LS with a colour transform".into()));
            }
            START_OF_SCAN => {
                let frame = frame
                    .as_ref()
                    .ok_or_else(|| DecodeError::damaged("the JPEG-LS stream has no frame header"))?;
                let header = ScanHeader::read(segment.body, frame)?;
                if header.near > 0 {
                    plan.may_be_lossy("JPEG-LS")?;
                }
                let parameters = Parameters::new(frame.stream.precision, header.near, &preset)?;
                let mut bits = Bits::new(bytes, segments.at());
                let size = (plan.columns as usize, plan.rows as usize);
                let mut scan = Scan::new(&parameters, size, &header.components, plan.channels, restart_lines);
                scan.decode(&mut bits, header.by_sample, &mut values)?;
                segments.go_to(bits.marker());
                missing.retain(|index| !header.components.contains(index));
            }
            _ => {}
        }
    }
    plan.finish(plan.samples(values.iter().map(|&v| u32::from(v))))
}

/// Holds the frame header against the data set, and the number of bytes against that of lines, each of which takes a bit at least.
pub(super) fn check(plan: &Plan, bytes: &[u8]) -> Result<(), DecodeError> {
    let mut segments = Segments::of(bytes, "JPEG-LS")?;
    while let Some(segment) = segments.next_segment()? {
        match segment.marker {
            START_OF_FRAME => return Frame::read(segment.body)?.agrees(plan, bytes.len()),
            START_OF_SCAN => break,
            _ => {}
        }
    }
    Err(DecodeError::damaged("the JPEG-LS stream has no frame header"))
}

/// The frame header (C.2.2).
struct Frame {
    stream: Stream,
    ids: Vec<u8>,
}

impl Frame {
    fn agrees(&self, plan: &Plan, bytes: usize) -> Result<(), DecodeError> {
        plan.agrees(&self.stream)?;
        if (plan.rows as usize).div_ceil(8) > bytes {
            return Err(DecodeError::incomplete(
                "the JPEG-LS stream is too short for a picture of its size",
            ));
        }
        Ok(())
    }

    fn read(body: &[u8]) -> Result<Self, DecodeError> {
        let &[precision, y1, y0, x1, x0, count, ref components @ ..] = body else {
            return Err(DecodeError::incomplete(
                "the JPEG-LS stream ends within its frame header",
            ));
        };
        let ids: Vec<u8> = components.as_chunks::<3>().0.iter().map(|c| c[0]).collect();
        if ids.len() != usize::from(count) || !(2..=16).contains(&precision) {
            return Err(DecodeError::damaged("the JPEG-LS stream's frame header makes no sense"));
        }
        Ok(Self {
            stream: Stream {
                codec: "JPEG-LS",
                rows: u32::from(u16::from_be_bytes([y1, y0])),
                columns: u32::from(u16::from_be_bytes([x1, x0])),
                components: u32::from(count),
                precision: u32::from(precision),
            },
            ids,
        })
    }
}

/// A scan header (C.2.3).
struct ScanHeader {
    /// Indices in the frame.
    components: Vec<usize>,
    near: u8,
    /// The components alternate from pixel to pixel, else from line to line.
    by_sample: bool,
}

impl ScanHeader {
    fn read(body: &[u8], frame: &Frame) -> Result<Self, DecodeError> {
        let wrong = || DecodeError::damaged("a scan header of the JPEG-LS stream makes no sense");
        let (&count, rest) = body.split_first().ok_or_else(wrong)?;
        let (selectors, parameters) = rest.split_at_checked(usize::from(count) * 2).ok_or_else(wrong)?;
        let &[near, interleave, transform, ..] = parameters else {
            return Err(wrong());
        };
        let index = |&[id, _]: &[u8; 2]| frame.ids.iter().position(|&ours| ours == id);
        let components: Option<Vec<usize>> = selectors.as_chunks::<2>().0.iter().map(index).collect();
        let components = components.filter(|c| !c.is_empty()).ok_or_else(wrong)?;
        // Several components in a scan are interleaved, and then all of them are there.
        let interleaved = components.len() > 1;
        if interleaved && (interleave == 0 || components.len() != frame.ids.len()) || interleave > 2 {
            return Err(wrong());
        }
        if transform & 15 != 0 {
            return Err(DecodeError::Unsupported("JPEG-LS with a point transform".into()));
        }
        Ok(Self {
            by_sample: interleaved && interleave == 2,
            components,
            near,
        })
    }
}

#[cfg(test)]
mod tests {
    use pixels::Samples;

    use super::*;
    use crate::decode::tests::layout;

    /// 2 × 4 black pixels of 8 bits. A black line is one run: a 1 for each of its four first steps.
    fn black(restart_lines: u8, scan: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xf7, 0, 11, 8, 0, 2, 0, 4, 1, 1, 0x11, 0];
        bytes.extend_from_slice(&[0xff, 0xdd, 0, 4, 0, restart_lines]);
        bytes.extend_from_slice(&[0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0]);
        bytes.extend_from_slice(scan);
        bytes.extend_from_slice(&[0xff, 0xd9]);
        bytes
    }

    #[test]
    fn runs_grow_from_line_to_line_and_begin_again_at_a_restart() {
        let plan = Plan::of(&layout(2, 4, 8), true).unwrap();
        let all_black = Samples::U8(vec![0; 8]);
        let one = decode(&plan, &black(0, &[0b1111_1100])).unwrap();
        assert_eq!(one.frame.samples, all_black);
        let restarted = decode(&plan, &black(1, &[0b1111_0000, 0xff, 0xd0, 0b1111_0000])).unwrap();
        assert_eq!(restarted.frame.samples, all_black);
        let wrong = decode(&plan, &black(1, &[0b1111_0000, 0xff, 0xd1, 0b1111_0000]));
        assert!(matches!(wrong, Err(DecodeError::Damaged(_))));
    }

    #[test]
    fn a_lossy_stream_under_a_lossless_name_is_refused() {
        let mut bytes = black(0, &[0b1111_1100]);
        let near = bytes.len() - 2 - 1 - 3;
        bytes[near] = 2;
        let lossless = Plan::of(&layout(2, 4, 8), true).unwrap();
        assert!(matches!(decode(&lossless, &bytes), Err(DecodeError::Contradiction(_))));
        assert!(decode(&Plan::of(&layout(2, 4, 8), false).unwrap(), &bytes).is_ok());
    }
}
