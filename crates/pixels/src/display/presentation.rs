//! Values of interest to P-values (PS3.3 C.11.6, PS3.4 N.2.1.4).

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_and_its_inverse_are_complements() {
        for part in [0.0, 0.1, 0.499, 0.5, 0.75, 1.0, f64::NAN] {
            assert_eq!(p_level(part, false, 8) + p_level(part, true, 8), 255);
        }
        assert_eq!(p_level(127.5 / 255.0, false, 8), 128, "halves round up");
    }
}
