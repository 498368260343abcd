//! Values of interest (PS3.3 C.11.2): modality value → 0 … 1.

use super::{DisplayError, LookupTable};

/// VOI LUT Function (0028,1056).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VoiFunction {
    /// PS3.3 C.11.2.1.2.1; the default.
    #[default]
    Linear,
    /// PS3.3 C.11.2.1.3.2.
    LinearExact,
    /// PS3.3 C.11.2.1.3.1.
    Sigmoid,
}

/// Which modality values are shown, and how.
#[derive(Clone, Debug, PartialEq)]
pub enum Voi {
    /// A window: centre and width in modality values.
    Window {
        /// Window Centre.
        centre: f64,
        /// Window Width; > 0, and ≥ 1 for LINEAR.
        width: f64,
        /// The function between the ends.
        function: VoiFunction,
    },
    /// A VOI LUT Sequence item's table.
    Table(LookupTable),
}

impl Voi {
    /// Whether the window or table can be applied.
    ///
    /// # Errors
    /// A centre or width that is no number, a width that the function does not allow, an empty table.
    pub fn check(&self) -> Result<(), DisplayError> {
        match self {
            Voi::Window {
                centre,
                width,
                function,
            } => {
                let least = if *function == VoiFunction::Linear {
                    1.0
                } else {
                    f64::MIN_POSITIVE
                };
                if centre.is_finite() && width.is_finite() && *width >= least {
                    Ok(())
                } else {
                    Err(DisplayError::Window {
                        centre: *centre,
                        width: *width,
                    })
                }
            }
            Voi::Table(table) if table.entries.is_empty() => Err(DisplayError::EmptyTable),
            Voi::Table(_) => Ok(()),
        }
    }

    /// The part of full scale, 0 … 1, that a modality value is shown at.
    pub fn part(&self, x: f64) -> f64 {
        match self {
            Voi::Window {
                centre: c,
                width: w,
                function,
            } => match function {
                // PS3.3 C.11.2.1.2.1: x ≤ c−0.5−(w−1)/2 → ymin; x > c−0.5+(w−1)/2 → ymax; else ((x−(c−0.5))/(w−1)+0.5).
                VoiFunction::Linear => {
                    if x <= c - 0.5 - (w - 1.0) / 2.0 {
                        0.0
                    } else if x > c - 0.5 + (w - 1.0) / 2.0 {
                        1.0
                    } else {
                        (x - (c - 0.5)) / (w - 1.0) + 0.5
                    }
                }
                // PS3.3 C.11.2.1.3.2: x ≤ c−w/2 → ymin; x > c+w/2 → ymax; else ((x−c)/w+0.5).
                VoiFunction::LinearExact => {
                    if x <= c - w / 2.0 {
                        0.0
                    } else if x > c + w / 2.0 {
                        1.0
                    } else {
                        (x - c) / w + 0.5
                    }
                }
                // PS3.3 C.11.2.1.3.1: 1 / (1 + exp(−4(x−c)/w)).
                VoiFunction::Sigmoid => 1.0 / (1.0 + (-4.0 * (x - c) / w).exp()),
            },
            Voi::Table(table) => f64::from(table.entry(x)) / f64::from(table.greatest()),
        }
    }

    /// The modality values between which the picture changes: outside them it is flat (for SIGMOID, within a part in 10⁵).
    pub fn span(&self) -> (f64, f64) {
        match self {
            Voi::Window {
                centre,
                width,
                function: VoiFunction::Sigmoid,
            } => (centre - 3.0 * width, centre + 3.0 * width),
            Voi::Window { centre, width, .. } => (centre - 0.5 - width / 2.0, centre + width / 2.0),
            Voi::Table(table) => {
                let first = table.first as f64;
                (first, first + (table.entries.len().saturating_sub(1)) as f64)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(function: VoiFunction, centre: f64, width: f64, x: f64) -> f64 {
        Voi::Window {
            centre,
            width,
            function,
        }
        .part(x)
            * 255.0
    }

    #[test]
    fn linear_is_the_standards_formula() {
        for (c, w, x, y) in [
            (2048.0, 4096.0, 0.0, 0.0),
            (2048.0, 4096.0, 1.0, 0.06227),
            (2048.0, 4096.0, 2047.0, 127.46886),
            (2048.0, 4096.0, 2048.0, 127.53114),
            (2048.0, 4096.0, 4094.0, 254.93773),
            (2048.0, 4096.0, 4095.0, 255.0),
            (40.0, 400.0, -160.0, 0.0),
            (40.0, 400.0, -159.0, 0.6391),
            (40.0, 400.0, 39.0, 127.1805),
            (40.0, 400.0, 239.0, 255.0),
            (128.0, 256.0, 127.0, 127.0),
            (10.0, 1.0, 9.5, 0.0),
            (10.0, 1.0, 9.6, 255.0),
        ] {
            assert!((shown(VoiFunction::Linear, c, w, x) - y).abs() < 1e-4, "{c} {w} {x}");
        }
    }

    #[test]
    fn linear_exact_and_sigmoid_are_the_standards_formulae() {
        for (x, y) in [
            (-160.0, 0.0),
            (-159.0, 0.6375),
            (40.0, 127.5),
            (239.0, 254.3625),
            (240.0, 255.0),
        ] {
            assert!(
                (shown(VoiFunction::LinearExact, 40.0, 400.0, x) - y).abs() < 1e-4,
                "{x}"
            );
        }
        for (x, y) in [
            (-160.0, 30.3967),
            (-60.0, 68.5801),
            (40.0, 127.5),
            (140.0, 186.4199),
            (240.0, 224.6033),
        ] {
            assert!((shown(VoiFunction::Sigmoid, 40.0, 400.0, x) - y).abs() < 1e-4, "{x}");
        }
    }

    #[test]
    fn a_window_that_is_no_window_is_refused() {
        for (centre, width) in [
            (40.0, 0.0),
            (40.0, -5.0),
            (40.0, f64::NAN),
            (f64::INFINITY, 10.0),
            (40.0, 0.5),
        ] {
            let voi = Voi::Window {
                centre,
                width,
                function: VoiFunction::Linear,
            };
            assert!(voi.check().is_err(), "{centre} {width}");
        }
        assert!(
            Voi::Window {
                centre: 0.1,
                width: 0.5,
                function: VoiFunction::LinearExact
            }
            .check()
            .is_ok()
        );
    }
}
