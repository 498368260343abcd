//! Colour frames to red, green and blue of 8 bits, on the CPU (PS3.3 C.7.6.3.1.2, C.7.9).

mod profile;

pub use profile::{ColourState, Profile};

use crate::display::LookupTable;
use crate::{Samples, StoredFrame};

/// What the samples of a colour frame mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColourSpace {
    /// Red, green, blue.
    Rgb,
    /// Full-range luminance and chrominance (ITU-R BT.601), Cb and Cr centred on half of full scale.
    YbrFull,
    /// The same at partial range, as films have it: luminance 16 to 235, chrominance 16 to 240.
    YbrPartial,
    /// One sample, an index into three tables.
    Palette,
}

/// Red, green and blue Palette Color Lookup Tables (0028,1101–1203).
#[derive(Clone, Debug, PartialEq)]
pub struct Palette {
    /// Red.
    pub red: LookupTable,
    /// Green.
    pub green: LookupTable,
    /// Blue.
    pub blue: LookupTable,
}

impl Palette {
    /// Red, green and blue of an index, 8 bits: of deeper entries the upper 8.
    pub fn rgb(&self, index: f64) -> [u8; 3] {
        [&self.red, &self.green, &self.blue].map(|table| {
            let entry = table.entry(index);
            (entry >> table.bits.saturating_sub(8).min(8)).min(255) as u8
        })
    }
}

/// Why a colour frame cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColourError {
    /// Palette indices without their tables.
    #[error("The image holds palette indices but no palette, so its colours are not known.")]
    NoPalette,
    /// The samples do not make whole pixels.
    #[error("The image does not hold three samples for each pixel, so its colours are not known.")]
    Incomplete,
}

/// A frame as interleaved red, green and blue, 8 bits each, `rows × columns × 3` bytes; deeper samples lose their lower bits.
///
/// `bits_stored` scales samples deeper than 8 bits.
///
/// # Errors
/// Palette indices without a palette, or samples that do not make whole pixels.
pub fn rgb8(
    frame: &StoredFrame,
    space: ColourSpace,
    bits_stored: u16,
    palette: Option<&Palette>,
) -> Result<Vec<u8>, ColourError> {
    let pixels = frame.rows as usize * frame.columns as usize;
    if space == ColourSpace::Palette {
        let palette = palette.ok_or(ColourError::NoPalette)?;
        if frame.samples.len() < pixels {
            return Err(ColourError::Incomplete);
        }
        return Ok((0..pixels)
            .filter_map(|i| frame.samples.get(i))
            .flat_map(|index| palette.rgb(index))
            .collect());
    }
    if frame.channels != 3 || frame.samples.len() < pixels * 3 {
        return Err(ColourError::Incomplete);
    }
    let eight = eight_bits(&frame.samples, bits_stored);
    Ok(match space {
        ColourSpace::YbrFull => eight
            .as_chunks::<3>()
            .0
            .iter()
            .flat_map(|ybr| rgb_of_ybr_full(*ybr))
            .collect(),
        ColourSpace::YbrPartial => eight
            .as_chunks::<3>()
            .0
            .iter()
            .flat_map(|ybr| rgb_of_ybr_partial(*ybr))
            .collect(),
        _ => eight,
    })
}

/// Red, green and blue of a full-range Y, Cb, Cr triple, 8 bits (PS3.3 C.7.6.3.1.2, the inverse of its matrix).
pub fn rgb_of_ybr_full([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f64::from(y), f64::from(cb) - 128.0, f64::from(cr) - 128.0);
    let level = |v: f64| (v + 0.5).floor().clamp(0.0, 255.0) as u8;
    [
        level(y + 1.402 * cr),
        level(y - 0.114 * 1.772 / 0.587 * cb - 0.299 * 1.402 / 0.587 * cr),
        level(y + 1.772 * cb),
    ]
}

/// Red, green and blue of a partial-range Y, Cb, Cr triple, 8 bits: black is Y = 16, white Y = 235, and the chrominances span
/// 16 to 240 about 128 (PS3.3 C.7.6.3.1.2, YBR_PARTIAL_420; the inverse of ITU-R BT.601's matrix).
pub fn rgb_of_ybr_partial([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let y = (f64::from(y) - 16.0) * 255.0 / 219.0;
    let (cb, cr) = (
        (f64::from(cb) - 128.0) * 255.0 / 224.0,
        (f64::from(cr) - 128.0) * 255.0 / 224.0,
    );
    let level = |v: f64| (v + 0.5).floor().clamp(0.0, 255.0) as u8;
    [
        level(y + 1.402 * cr),
        level(y - 0.114 * 1.772 / 0.587 * cb - 0.299 * 1.402 / 0.587 * cr),
        level(y + 1.772 * cb),
    ]
}

fn eight_bits(samples: &Samples, bits_stored: u16) -> Vec<u8> {
    match samples {
        Samples::U8(values) if bits_stored >= 8 => values.clone(),
        _ => {
            let white = f64::from(u32::MAX >> (32 - u32::from(bits_stored.clamp(1, 32))));
            (0..samples.len())
                .filter_map(|i| samples.get(i))
                .map(|v| (v / white * 255.0 + 0.5).floor().clamp(0.0, 255.0) as u8)
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primaries_come_back_from_ybr() {
        // PS3.3 C.7.6.3.1.2: Y = .2990R + .5870G + .1140B, and so on, rounded to 8 bits.
        assert_eq!(rgb_of_ybr_full([76, 85, 255]), [254, 0, 0]);
        assert_eq!(rgb_of_ybr_full([150, 44, 21]), [0, 255, 1]);
        assert_eq!(rgb_of_ybr_full([128, 128, 128]), [128, 128, 128]);
    }

    #[test]
    fn partial_range_spans_black_to_white() {
        assert_eq!(rgb_of_ybr_partial([16, 128, 128]), [0, 0, 0]);
        assert_eq!(rgb_of_ybr_partial([235, 128, 128]), [255, 255, 255]);
        // Y = .2568R + .5041G + .0979B + 16, and so on: pure red, rounded to 8 bits.
        assert_eq!(rgb_of_ybr_partial([81, 90, 240]), [254, 0, 0]);
    }

    #[test]
    fn palette_indices_outside_take_the_ends_and_need_a_palette() {
        let table = |entries: [u16; 2], bits| LookupTable {
            first: 10,
            bits,
            entries: entries.to_vec(),
        };
        let palette = Palette {
            red: table([0, 255], 8),
            green: table([0, 0xff00], 16),
            blue: table([9, 9], 8),
        };
        let frame = StoredFrame {
            columns: 3,
            rows: 1,
            channels: 1,
            samples: Samples::U8(vec![0, 10, 200]),
        };
        let shown = rgb8(&frame, ColourSpace::Palette, 8, Some(&palette)).unwrap();
        assert_eq!(shown, [0, 0, 9, 0, 0, 9, 255, 255, 9]);
        assert_eq!(rgb8(&frame, ColourSpace::Palette, 8, None), Err(ColourError::NoPalette));
    }
}
