//! P-values to the levels of this display (PS3.14).

/// The table entry of a P-level of an uncalibrated display: k·65535/(2ⁿ−1), exact for 8 bits, within half a part for 10.
///
/// Without a measured display the P-value itself is sent (the status bar says "not verified"); a calibration will put its own
/// levels here.
pub(super) fn entry(level: u32, bits: u8) -> u16 {
    let white = (1u32 << bits.clamp(1, 16)) - 1;
    ((u64::from(level.min(white)) * 65_535 + u64::from(white) / 2) / u64::from(white)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_of_eight_bits_survives_the_round_trip() {
        for level in 0..=255 {
            assert_eq!(u32::from(entry(level, 8)), level * 257);
        }
        for level in 0..=1023u32 {
            let back = (f64::from(entry(level, 10)) / 65535.0 * 1023.0).round() as u32;
            assert_eq!(back, level);
        }
    }
}
