//! Values of interest to P-values (PS3.3 C.11.6, PS3.4 N.2.1.4).

use super::LookupTable;

/// The level, 0 … 2ⁿ−1, of a part of full scale: rounded to the nearest, then inverted where the image says so.
///
/// MONOCHROME1 and Presentation LUT Shape INVERSE turn the *output* of the VOI stage over; the inversion of the rounded level
/// keeps a picture and its inverse exact complements.
pub(super) fn p_level(part: f64, inverse: bool, bits: u8) -> u32 {
    let white = (1u32 << bits.clamp(1, 16)) - 1;
    let level = (part.clamp(0.0, 1.0) * f64::from(white) + 0.5).floor() as u32;
    let level = level.min(white);
    if inverse { white - level } else { level }
}

/// The part of full scale that a Presentation LUT makes of a part: the whole of its entries spans the whole of the input, whatever
/// the depth of the VOI stage (PS3.3 C.11.6.1.1).
pub(super) fn through(table: &LookupTable, part: f64) -> f64 {
    let last = table.entries.len().saturating_sub(1) as f64;
    let entry = table.entry(part.clamp(0.0, 1.0) * last + table.first as f64);
    f64::from(entry) / f64::from(table.greatest())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_presentation_table_spans_the_whole_input() {
        let table = LookupTable {
            first: 0,
            bits: 10,
            entries: vec![1023, 512, 0],
        };
        assert_eq!(
            [0.0, 0.5, 1.0].map(|part| through(&table, part)),
            [1.0, 512.0 / 1023.0, 0.0]
        );
    }

    #[test]
    fn a_level_and_its_inverse_are_complements() {
        for part in [0.0, 0.1, 0.499, 0.5, 0.75, 1.0, f64::NAN] {
            assert_eq!(p_level(part, false, 8) + p_level(part, true, 8), 255);
        }
        assert_eq!(p_level(127.5 / 255.0, false, 8), 128, "halves round up");
    }
}
