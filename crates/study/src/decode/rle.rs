//! RLE Lossless (PS3.5 G): byte planes, most significant first, each packed on its own.

use pixels::Samples;

use super::plan::{Container, Plan};
use super::{DecodeError, Decoded, native};

/// Bytes of the header: the number of segments and fifteen offsets.
const HEADER: usize = 64;

/// Two bytes unpack to so many at the most (PS3.5 G.3.1).
const LONGEST_RUN: usize = 128;

/// The frame's segments, which are as many as it has byte planes and long enough for them.
pub(super) fn check<'a>(plan: &Plan, bytes: &'a [u8]) -> Result<Vec<&'a [u8]>, DecodeError> {
    plan.integers("RLE")?;
    let segments = segments(bytes, plan.channels * plan.container_bytes())?;
    let plane = if plan.container == Container::Bit {
        plan.values().div_ceil(8)
    } else {
        plan.pixels
    };
    let least = plane.div_ceil(LONGEST_RUN) * 2;
    if segments.iter().any(|segment| segment.len() < least) {
        return Err(DecodeError::incomplete(
            "an RLE segment is too short for a picture of its size",
        ));
    }
    Ok(segments)
}

/// Decodes an RLE frame.
pub(super) fn decode(plan: &Plan, bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let segments = check(plan, bytes)?;
    let planes = segments.len();
    if plan.container == Container::Bit {
        let mut packed = vec![0; plan.values().div_ceil(8)];
        for segment in segments.iter().take(1) {
            unpack(segment, &mut packed)?;
        }
        return plan.finish(native::bits(plan, &packed, 0)?);
    }
    let mut unpacked = vec![0; planes * plan.pixels];
    for (segment, plane) in segments.iter().zip(unpacked.chunks_exact_mut(plan.pixels)) {
        unpack(segment, plane)?;
    }
    plan.finish(samples(plan, &unpacked))
}

/// The header's segments: as many as there are byte planes, in order, within the frame.
fn segments(bytes: &[u8], planes: usize) -> Result<Vec<&[u8]>, DecodeError> {
    let header = bytes
        .get(..HEADER)
        .ok_or_else(|| DecodeError::incomplete("the RLE header is missing"))?;
    let mut words = header
        .as_chunks()
        .0
        .iter()
        .map(|&word| u32::from_le_bytes(word) as usize);
    let count = words.next().unwrap_or(0);
    if count != planes {
        return Err(DecodeError::Contradiction(format!(
            "the frame needs {planes} RLE segments and has {count}"
        )));
    }
    let starts: Vec<usize> = words.take(count).collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| bytes.get(start..end).filter(|_| start >= HEADER))
        .collect::<Option<_>>()
        .ok_or_else(|| DecodeError::damaged("an RLE segment lies outside the frame"))
}

/// Unpacks one segment; what is packed beyond the plane is padding (PS3.5 G.3.1).
fn unpack(mut packed: &[u8], plane: &mut [u8]) -> Result<(), DecodeError> {
    let mut filled = 0;
    while filled < plane.len() {
        let Some((&control, rest)) = packed.split_first() else {
            return Err(short(filled, plane.len()));
        };
        let room = plane.len() - filled;
        match control {
            0..=127 => {
                let run = usize::from(control) + 1;
                let wanted = run.min(room);
                let Some(literal) = rest.get(..wanted) else {
                    return Err(short(filled + rest.len(), plane.len()));
                };
                plane[filled..filled + wanted].copy_from_slice(literal);
                filled += wanted;
                packed = rest.get(run..).unwrap_or_default();
            }
            128 => packed = rest,
            129..=255 => {
                let Some((&value, rest)) = rest.split_first() else {
                    return Err(short(filled, plane.len()));
                };
                let run = (257 - usize::from(control)).min(room);
                plane[filled..filled + run].fill(value);
                filled += run;
                packed = rest;
            }
        }
    }
    Ok(())
}

fn short(held: usize, needed: usize) -> DecodeError {
    DecodeError::incomplete(format!("an RLE segment unpacks to {held} of {needed} bytes"))
}

/// Byte planes, those of a sample most significant first, become containers.
fn samples(plan: &Plan, planes: &[u8]) -> Samples {
    let bytes = plan.container_bytes();
    if let (1, 2) = (plan.channels, bytes) {
        let (high, low) = planes.split_at(plan.pixels);
        return plan.samples(high.iter().zip(low).map(|(&h, &l)| u32::from(h) << 8 | u32::from(l)));
    }
    if (plan.channels, bytes) == (1, 1) {
        return plan.samples(planes.iter().map(|&b| u32::from(b)));
    }
    let value = |pixel: usize, channel: usize| {
        (0..bytes).fold(0u32, |value, byte| {
            let at = (channel * bytes + byte) * plan.pixels + pixel;
            value << 8 | planes.get(at).copied().map_or(0, u32::from)
        })
    };
    plan.samples((0..plan.pixels).flat_map(|pixel| (0..plan.channels).map(move |channel| value(pixel, channel))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::tests::layout;

    fn framed(segments: &[&[u8]]) -> Vec<u8> {
        let mut header = vec![segments.len() as u32];
        let mut at = HEADER as u32;
        for segment in segments {
            header.push(at);
            at += segment.len() as u32;
        }
        header.resize(16, 0);
        let mut bytes: Vec<u8> = header.iter().flat_map(|word| word.to_le_bytes()).collect();
        segments.iter().for_each(|segment| bytes.extend_from_slice(segment));
        bytes
    }

    #[test]
    fn runs_literals_and_no_operations_unpack() {
        let plan = Plan::of(&layout(1, 6, 16), false).unwrap();
        let bytes = framed(&[&[(257 - 6u16) as u8, 1], &[2, 7, 8, 9, 128, (257 - 3u16) as u8, 5]]);
        let decoded = decode(&plan, &bytes).unwrap();
        assert_eq!(decoded.frame.samples, Samples::U16(vec![263, 264, 265, 261, 261, 261]));
    }

    #[test]
    fn short_segments_and_wrong_counts_are_refused() {
        let plan = Plan::of(&layout(1, 6, 16), false).unwrap();
        let short = framed(&[&[251, 1], &[2, 7, 8]]);
        assert!(matches!(decode(&plan, &short), Err(DecodeError::Incomplete(_))));
        let one = framed(&[&[251, 1]]);
        assert!(matches!(decode(&plan, &one), Err(DecodeError::Contradiction(_))));
        let mut outside = framed(&[&[251, 1], &[251, 1]]);
        outside[8] = 0xff;
        assert!(matches!(decode(&plan, &outside), Err(DecodeError::Damaged(_))));
    }
}
