//! The coding parameters (ISO/IEC 14495-1 A.1, C.2.4.1).

use super::super::DecodeError;

/// What an LSE segment sets; 0 asks for the default.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Preset {
    greatest: u16,
    thresholds: [u16; 3],
    reset: u16,
}

impl Preset {
    /// Reads an LSE segment.
    pub(super) fn read(&mut self, body: &[u8]) -> Result<(), DecodeError> {
        match body.split_first() {
            Some((1, values)) => {
                let &[m, a, b, c, r] = values.as_chunks::<2>().0 else {
                    return Err(DecodeError::damaged(
                        "the JPEG-LS stream's parameters have another length",
                    ));
                };
                self.greatest = u16::from_be_bytes(m);
                self.thresholds = [a, b, c].map(u16::from_be_bytes);
                self.reset = u16::from_be_bytes(r);
                Ok(())
            }
            _ => Err(DecodeError::Unsupported(
                "JPEG-LS with mapping tables or oversized images".into(),
            )),
        }
    }
}

/// The parameters of a scan.
#[derive(Clone, Debug)]
pub(super) struct Parameters {
    /// MAXVAL.
    pub(super) greatest: i32,
    /// NEAR.
    pub(super) near: i32,
    /// 2·NEAR + 1: how far neighbouring errors are apart.
    pub(super) step: i32,
    /// RANGE · (2·NEAR + 1): by how much a value that left the range comes back.
    pub(super) span: i32,
    pub(super) range: i32,
    pub(super) reset: i32,
    /// Bits of an error that is written out.
    pub(super) error_bits: u32,
    /// LIMIT.
    pub(super) limit: u32,
    /// Lossless, and the range is a power of two: values come back into it by losing their upper bits.
    wraps: bool,
    /// For each difference, `−greatest … greatest`: its region, −4 … 4 (A.3.3).
    regions: Vec<i8>,
}

impl Parameters {
    /// Works them out and checks them.
    pub(super) fn new(precision: u32, near: u8, preset: &Preset) -> Result<Self, DecodeError> {
        let wrong = || DecodeError::damaged("the JPEG-LS stream's parameters make no sense");
        let most = (1i32 << precision) - 1;
        let greatest = if preset.greatest == 0 {
            most
        } else {
            i32::from(preset.greatest)
        };
        let near = i32::from(near);
        let reset = if preset.reset == 0 { 64 } else { i32::from(preset.reset) };
        if greatest > most || near > greatest / 2 || !(3..=greatest.max(255)).contains(&reset) {
            return Err(wrong());
        }
        let mut thresholds = defaults(greatest, near);
        for (threshold, &set) in thresholds.iter_mut().zip(&preset.thresholds) {
            if set != 0 {
                *threshold = i32::from(set);
            }
        }
        let [low, middle, high] = thresholds;
        if !(near < low && low <= middle && middle <= high && high <= greatest) {
            return Err(wrong());
        }
        let step = 2 * near + 1;
        let range = (greatest + 2 * near) / step + 1;
        let value_bits = bits_of(greatest + 1).max(2);
        let region = |difference: i32| {
            let size = difference.abs();
            let region = [near + 1, low, middle, high]
                .iter()
                .filter(|&&bound| size >= bound)
                .count() as i8;
            if difference < 0 { -region } else { region }
        };
        Ok(Self {
            greatest,
            near,
            step,
            span: range * step,
            wraps: near == 0 && (greatest + 1).count_ones() == 1,
            range,
            reset,
            error_bits: bits_of(range),
            limit: 2 * (value_bits + value_bits.max(8)),
            regions: (-greatest..=greatest).map(region).collect(),
        })
    }

    /// The region of a difference of two values.
    #[inline]
    pub(super) fn region(&self, difference: i32) -> i32 {
        let index = (difference + self.greatest) as usize;
        self.regions.get(index).copied().map_or(0, i32::from)
    }

    /// A predicted value and an error make a value of the range (A.4.5, A.8).
    #[inline]
    pub(super) fn rebuilt(&self, predicted: i32, error: i32) -> i32 {
        if self.wraps {
            return (predicted + error) & self.greatest;
        }
        let value = predicted + error * self.step;
        let value = if value < -self.near {
            value + self.span
        } else if value > self.greatest + self.near {
            value - self.span
        } else {
            value
        };
        value.clamp(0, self.greatest)
    }
}

/// The least number of bits that `values` different values need.
fn bits_of(values: i32) -> u32 {
    32 - (values - 1).max(0).leading_zeros()
}

/// Default thresholds (C.2.4.1.1.1).
fn defaults(greatest: i32, near: i32) -> [i32; 3] {
    let clamp = |value: i32, least: i32| {
        if value > greatest || value < least {
            least
        } else {
            value
        }
    };
    let (low, middle, high) = if greatest >= 128 {
        let factor = (greatest.min(4095) + 128) / 256;
        (
            factor + 2 + 3 * near,
            factor * 4 + 3 + 5 * near,
            factor * 17 + 4 + 7 * near,
        )
    } else {
        let factor = 256 / (greatest + 1);
        (
            (3 / factor + 3 * near).max(2),
            (7 / factor + 5 * near).max(3),
            (21 / factor + 7 * near).max(4),
        )
    };
    let low = clamp(low, near + 1);
    let middle = clamp(middle, low);
    [low, middle, clamp(high, middle)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_standards() {
        // C.2.4.1.1.1: 8 bits 3, 7, 21; 12 bits and more 18, 67, 276.
        assert_eq!(defaults(255, 0), [3, 7, 21]);
        assert_eq!(defaults(4095, 0), [18, 67, 276]);
        assert_eq!(defaults(65_535, 0), [18, 67, 276]);
        let lossless = Parameters::new(8, 0, &Preset::default()).unwrap();
        assert_eq!((lossless.range, lossless.error_bits, lossless.limit), (256, 8, 32));
        let regions = [-21, -7, -3, -1, 0, 1, 2, 3, 20, 255].map(|d| lossless.region(d));
        assert_eq!(regions, [-4, -3, -2, -1, 0, 1, 1, 2, 3, 4]);
    }

    #[test]
    fn parameters_without_sense_are_refused() {
        let preset = |greatest, thresholds, reset| Preset {
            greatest,
            thresholds,
            reset,
        };
        for (near, preset) in [
            (200, preset(0, [0; 3], 0)),
            (0, preset(0, [9, 3, 20], 0)),
            (0, preset(300, [0; 3], 0)),
            (0, preset(0, [0; 3], 2)),
        ] {
            assert!(Parameters::new(8, near, &preset).is_err(), "{near} {preset:?}");
        }
    }
}
