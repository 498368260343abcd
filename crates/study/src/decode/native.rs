//! Uncompressed frames (PS3.5 8.1, A.1 to A.3): any container, either byte order, planes or pixels, 4:2:2, bits and floats.

use pixels::Samples;

use super::plan::{Container, Plan};
use super::{DecodeError, Decoded};
use crate::Photometric;

/// Decodes an uncompressed frame; `bit_offset` is where a 1-bit frame begins in its first byte.
pub(super) fn decode(plan: &Plan, bytes: &[u8], bit_offset: u8, big_endian: bool) -> Result<Decoded, DecodeError> {
    if plan.container == Container::Bit {
        return plan.finish(bits(plan, bytes, usize::from(bit_offset & 7))?);
    }
    if plan.photometric == Photometric::YbrFull422 && plan.channels == 3 {
        let samples = half_chrominance(plan, bytes)?;
        return plan.finish_as(samples, Photometric::YbrFull, Vec::new());
    }
    let needed = plan.values() * plan.container_bytes();
    if plan.photometric == Photometric::YbrPartial420 && bytes.len() < needed {
        // PS3.3 C.7.6.3.1.2 defines it for films only, so that nobody knows how the halved samples would lie.
        return Err(DecodeError::contradiction(
            "YBR_PARTIAL_420 has halved samples, and no place for them is defined outside of films",
        ));
    }
    let bytes = whole(bytes, needed)?;
    let interleaved;
    let bytes = if plan.planar {
        interleaved = pixels_of_planes(bytes, plan.container_bytes());
        &interleaved
    } else {
        bytes
    };
    plan.finish(samples(plan, bytes, big_endian))
}

/// The frame's own bytes; a pad byte behind them does not count.
fn whole(bytes: &[u8], needed: usize) -> Result<&[u8], DecodeError> {
    bytes
        .get(..needed)
        .ok_or_else(|| DecodeError::incomplete(format!("the frame takes {needed} bytes and {} are there", bytes.len())))
}

fn samples(plan: &Plan, bytes: &[u8], big_endian: bool) -> Samples {
    let (words, longs, doubles) = (bytes.as_chunks().0, bytes.as_chunks().0, bytes.as_chunks().0);
    match (plan.container, big_endian) {
        (Container::Bit | Container::Byte, _) => plan.samples(bytes.iter().map(|&b| u32::from(b))),
        (Container::Word, false) => plan.samples(words.iter().map(|&w| u32::from(u16::from_le_bytes(w)))),
        (Container::Word, true) => plan.samples(words.iter().map(|&w| u32::from(u16::from_be_bytes(w)))),
        (Container::Long, false) => plan.samples(longs.iter().map(|&l| u32::from_le_bytes(l))),
        (Container::Long, true) => plan.samples(longs.iter().map(|&l| u32::from_be_bytes(l))),
        (Container::Float, false) => Samples::F32(longs.iter().map(|&l| f32::from_le_bytes(l)).collect()),
        (Container::Float, true) => Samples::F32(longs.iter().map(|&l| f32::from_be_bytes(l)).collect()),
        (Container::Double, false) => Samples::F64(doubles.iter().map(|&d| f64::from_le_bytes(d)).collect()),
        (Container::Double, true) => Samples::F64(doubles.iter().map(|&d| f64::from_be_bytes(d)).collect()),
    }
}

/// Planar Configuration 1: three planes become pixels.
fn pixels_of_planes(bytes: &[u8], width: usize) -> Vec<u8> {
    let plane = bytes.len() / 3;
    let (first, rest) = bytes.split_at(plane);
    let (second, third) = rest.split_at(plane);
    let mut pixels = Vec::with_capacity(bytes.len());
    for ((a, b), c) in first
        .chunks_exact(width)
        .zip(second.chunks_exact(width))
        .zip(third.chunks_exact(width))
    {
        pixels.extend_from_slice(a);
        pixels.extend_from_slice(b);
        pixels.extend_from_slice(c);
    }
    pixels
}

/// One bit a pixel, the first in the least significant bit (PS3.5 8.1.1), as 0 and 1.
pub(super) fn bits(plan: &Plan, bytes: &[u8], offset: usize) -> Result<Samples, DecodeError> {
    let bytes = whole(bytes, (offset + plan.values()).div_ceil(8))?;
    let bits = bytes.iter().flat_map(|&byte| (0..8).map(move |bit| (byte >> bit) & 1));
    Ok(Samples::U8(bits.skip(offset).take(plan.values()).collect()))
}

/// YBR_FULL_422: Y Y Cb Cr for two pixels of a row; both get the chrominance (PS3.3 C.7.6.3.1.2).
fn half_chrominance(plan: &Plan, bytes: &[u8]) -> Result<Samples, DecodeError> {
    if plan.container != Container::Byte || !plan.columns.is_multiple_of(2) {
        return Err(DecodeError::contradiction(
            "YBR_FULL_422 needs samples of 8 bits and an even number of columns",
        ));
    }
    let pairs = whole(bytes, plan.pixels * 2)?.as_chunks::<4>().0;
    let samples = pairs
        .iter()
        .flat_map(|&[first, second, cb, cr]| [first, cb, cr, second, cb, cr]);
    Ok(plan.samples(samples.map(u32::from)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::tests::layout;

    #[test]
    fn bits_begin_anywhere_in_a_byte() {
        let plan = Plan::of(&layout(1, 5, 1), false).unwrap();
        let decoded = decode(&plan, &[0b1100_0000, 0b0000_0110], 6, false).unwrap();
        assert_eq!(decoded.frame.samples, Samples::U8(vec![1, 1, 0, 1, 1]));
        assert!(decode(&plan, &[0xff], 6, false).is_err());
    }

    #[test]
    fn planes_become_pixels_and_missing_bytes_are_told() {
        let mut colour = layout(1, 2, 8);
        (colour.samples_per_pixel, colour.planar, colour.photometric) = (3, true, Photometric::Rgb);
        let plan = Plan::of(&colour, false).unwrap();
        let decoded = decode(&plan, &[1, 2, 3, 4, 5, 6], 0, false).unwrap();
        assert_eq!(decoded.frame.samples, Samples::U8(vec![1, 3, 5, 2, 4, 6]));
        let error = decode(&plan, &[1, 2, 3, 4, 5], 0, false).unwrap_err();
        assert_eq!(
            error.to_string(),
            "The pixel data is cut short: the frame takes 6 bytes and 5 are there."
        );
    }

    #[test]
    fn both_byte_orders_are_read() {
        let plan = Plan::of(&layout(1, 1, 32), false).unwrap();
        let value = |big| decode(&plan, &[1, 2, 3, 4], 0, big).unwrap().frame.samples;
        assert_eq!(value(false), Samples::U32(vec![0x0403_0201]));
        assert_eq!(value(true), Samples::U32(vec![0x0102_0304]));
    }
}
