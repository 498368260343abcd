//! Dragging the window: sideways its width, up and down its centre.

use pixels::display::{Parameters, Voi, VoiFunction};

/// A window drag: where it began and how fast it goes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WindowDrag {
    centre: f64,
    width: f64,
    function: VoiFunction,
    /// Modality values per point of dragging.
    per_point: f64,
    least_width: f64,
    /// The lower end stays at 0.
    clamped: bool,
}

/// Dragging this far doubles the width, points.
const DOUBLES: f64 = 400.0;
/// However narrow the window: the whole range of values in this many points.
const WHOLE_RANGE: f64 = 16_384.0;

impl WindowDrag {
    /// Begins with what is applied now; a table begins as the window that spans it. Of values that are amounts, a window that
    /// begins at 0 goes on beginning there.
    pub(crate) fn begin(parameters: &Parameters, are_amounts: bool) -> Self {
        let (centre, width, function) = match &parameters.voi {
            Voi::Window {
                centre,
                width,
                function,
            } => (*centre, *width, *function),
            Voi::Table(_) => {
                let (low, high) = parameters.voi.span();
                ((low + high) / 2.0, (high - low).max(1.0), VoiFunction::Linear)
            }
        };
        let range = range(parameters);
        let fine = range.map_or(0.0, |range| range / WHOLE_RANGE);
        Self {
            clamped: are_amounts && (centre - width / 2.0).abs() <= width * 1e-6,
            centre,
            width,
            function,
            per_point: (width / DOUBLES).max(fine),
            // LINEAR knows no width below 1 (PS3.3 C.11.2.1.2); the others none of 0.
            least_width: match (function, range) {
                (VoiFunction::Linear, _) => 1.0,
                (_, Some(range)) if range > 256.0 => 1.0,
                _ => width * 1e-3,
            },
        }
    }

    /// The window after dragging so many points to the right and down: right is wider, down raises the centre and darkens.
    pub(crate) fn at(&self, right: f64, down: f64) -> Voi {
        if self.clamped {
            let width = (self.width + (right + down) * self.per_point).max(self.least_width);
            return Voi::Window {
                centre: width / 2.0,
                width,
                function: self.function,
            };
        }
        Voi::Window {
            centre: self.centre + down * self.per_point,
            width: (self.width + right * self.per_point).max(self.least_width),
            function: self.function,
        }
    }
}

/// How far apart the modality values of the least and the greatest stored value lie; `None` for floats.
fn range(parameters: &Parameters) -> Option<f64> {
    let (low, high) = parameters.stored_range;
    parameters.fits_stored_domain().then(|| {
        let value = |stored: i64| parameters.modality.value(stored as f64);
        (value(high) - value(low)).abs()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pixels::display::{LookupTable, Modality};

    fn parameters(voi: Voi, stored_range: (i64, i64)) -> Parameters {
        Parameters {
            modality: Modality::Identity,
            voi,
            inverse: false,
            padding: None,
            stored_range,
            presentation_lut: None,
            target_bits: 8,
        }
    }

    fn window(centre: f64, width: f64, function: VoiFunction) -> Voi {
        Voi::Window {
            centre,
            width,
            function,
        }
    }

    fn numbers(voi: &Voi) -> (f64, f64) {
        match voi {
            Voi::Window { centre, width, .. } => (*centre, *width),
            Voi::Table(_) => panic!("a drag makes windows"),
        }
    }

    #[test]
    fn right_is_wider_and_down_is_a_higher_centre() {
        let soft = parameters(window(40.0, 400.0, VoiFunction::Linear), (-1024, 3071));
        let drag = WindowDrag::begin(&soft, false);
        assert_eq!(numbers(&drag.at(10.0, 0.0)), (40.0, 410.0));
        assert_eq!(numbers(&drag.at(0.0, 10.0)), (50.0, 400.0));
        assert_eq!(numbers(&drag.at(-10.0, -10.0)), (30.0, 390.0));
        assert_eq!(drag.at(0.0, 0.0), soft.voi);
    }

    #[test]
    fn no_drag_makes_a_window_that_cannot_be_applied() {
        for (voi, range) in [
            (window(40.0, 1.0, VoiFunction::Linear), (0, 4095)),
            (window(0.5, 1.0, VoiFunction::LinearExact), (i64::MIN, i64::MAX)),
            (window(100.0, 300.0, VoiFunction::Sigmoid), (0, 65_535)),
        ] {
            let drag = WindowDrag::begin(&parameters(voi, range), false);
            for right in [-1e6, -500.0, -1.0, 0.0, 1.0, 1e6] {
                assert!(drag.at(right, right).check().is_ok(), "{drag:?} {right}");
            }
        }
        let narrow = WindowDrag::begin(&parameters(window(40.0, 1.0, VoiFunction::Linear), (0, 4095)), false);
        assert!(
            numbers(&narrow.at(100.0, 0.0)).1 > 20.0,
            "a narrow window can be opened again"
        );
    }

    #[test]
    fn of_amounts_only_the_upper_end_moves() {
        let from_zero = parameters(window(2.5, 5.0, VoiFunction::LinearExact), (i64::MIN, i64::MAX));
        let drag = WindowDrag::begin(&from_zero, true);
        for (right, down) in [(40.0, 0.0), (0.0, 40.0), (-300.0, 0.0), (0.0, -1e9)] {
            let (centre, width) = numbers(&drag.at(right, down));
            assert!((centre - width / 2.0).abs() < 1e-9 && width > 0.0, "{right} {down}");
        }
        assert!(numbers(&drag.at(0.0, 40.0)).1 > 5.0);
        let elsewhere = parameters(window(5.0, 2.0, VoiFunction::LinearExact), (i64::MIN, i64::MAX));
        assert_eq!(numbers(&WindowDrag::begin(&elsewhere, true).at(0.0, 0.0)), (5.0, 2.0));
    }

    #[test]
    fn a_table_begins_as_the_window_that_spans_it() {
        let table = Voi::Table(LookupTable {
            first: 100,
            bits: 8,
            entries: vec![0; 1001],
        });
        let drag = WindowDrag::begin(&parameters(table, (0, 4095)), false);
        assert_eq!(numbers(&drag.at(0.0, 0.0)), (600.0, 1000.0));
    }
}
