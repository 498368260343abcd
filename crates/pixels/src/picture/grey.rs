//! Grey frames.

use space::ViewportFromImage;

use super::{Axis, Interpolation, Taps, axes};
use crate::StoredFrame;
use crate::display::{DisplayTable, Domain, Modality};

/// Draws a grey frame: `width × height` bytes, row by row, 0 … 255; black outside the image and on padding.
///
/// `modality` is used where the table counts modality values (32-bit and float frames). A padding sample is left out and the
/// other weights grow to 1; above 1:1 a pixel whose nearest sample is padding is padding; below, one that covers nothing else.
pub fn grey(
    frame: &StoredFrame,
    modality: &Modality,
    table: &DisplayTable,
    map: &ViewportFromImage,
    (width, height): (u32, u32),
    interpolation: Interpolation,
) -> Vec<u8> {
    let (x, y, swapped) = axes(map, (frame.columns, frame.rows), (width, height), interpolation);
    let reader = Sampler {
        frame,
        modality,
        table,
        swapped,
        clamped: interpolation == Interpolation::Cubic,
    };
    let mut picture = vec![0; width as usize * height as usize];
    for (line, down) in picture.chunks_exact_mut(width.max(1) as usize).zip(&y.pixels) {
        for (shown, across) in line.iter_mut().zip(&x.pixels) {
            *shown = reader.level(across, down, &x, &y);
        }
    }
    picture
}

struct Sampler<'a> {
    frame: &'a StoredFrame,
    modality: &'a Modality,
    table: &'a DisplayTable,
    swapped: bool,
    clamped: bool,
}

impl Sampler<'_> {
    fn stored(&self, across: usize, down: usize) -> f64 {
        let (column, row) = if self.swapped { (down, across) } else { (across, down) };
        self.frame
            .samples
            .get((row * self.frame.columns as usize + column) * usize::from(self.frame.channels))
            .unwrap_or(0.0)
    }

    fn value(&self, stored: f64) -> f64 {
        match self.table.domain {
            Domain::Stored { .. } => stored,
            Domain::ModalityValues { .. } => self.modality.value(stored),
        }
    }

    fn is_padding(&self, stored: f64) -> bool {
        self.table.padding.is_some_and(|p| p.holds(stored)) || stored.is_nan()
    }

    fn level(&self, across: &Taps, down: &Taps, x: &Axis, y: &Axis) -> u8 {
        if across.taps.is_empty() || down.taps.is_empty() {
            return 0;
        }
        if !x.mean && !y.mean && self.is_padding(self.stored(across.nearest, down.nearest)) {
            return 0;
        }
        let (mut sum, mut weight) = (0.0, 0.0);
        let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
        for &(row, by_row) in &down.taps {
            for &(column, by_column) in &across.taps {
                let stored = self.stored(column, row);
                if !self.is_padding(stored) {
                    let value = self.value(stored);
                    sum += value * by_row * by_column;
                    weight += by_row * by_column;
                    least = least.min(value);
                    greatest = greatest.max(value);
                }
            }
        }
        if weight <= 1e-9 {
            return 0;
        }
        let mut value = sum / weight;
        if self.clamped {
            value = value.clamp(least, greatest);
        }
        (self.table.shown(value) / 257.0 + 0.5).floor() as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Samples;
    use crate::display::{Padding, Parameters, Voi, VoiFunction};

    fn table(low: i64, high: i64, padding: Option<Padding>) -> DisplayTable {
        let (centre, width) = ((low + high) as f64 / 2.0 + 0.5, (high - low) as f64 + 1.0);
        DisplayTable::build(&Parameters {
            modality: Modality::Identity,
            voi: Voi::Window {
                centre,
                width,
                function: VoiFunction::Linear,
            },
            inverse: false,
            padding,
            stored_range: (low, high),
            presentation_lut: None,
            target_bits: 8,
        })
        .unwrap()
    }

    fn map(scale: f64, x: f64, y: f64) -> ViewportFromImage {
        ViewportFromImage {
            a: scale,
            b: 0.0,
            c: scale / 2.0 + x,
            d: 0.0,
            e: scale,
            f: scale / 2.0 + y,
        }
    }

    #[test]
    fn one_to_one_is_the_table_and_outside_is_black() {
        let values: Vec<u8> = (0..=255).collect();
        let frame = StoredFrame {
            columns: 16,
            rows: 16,
            channels: 1,
            samples: Samples::U8(values.clone()),
        };
        let shown = grey(
            &frame,
            &Modality::Identity,
            &table(0, 255, None),
            &map(1.0, 0.0, 0.0),
            (16, 16),
            Interpolation::Nearest,
        );
        assert_eq!(shown, values);
        let shifted = grey(
            &frame,
            &Modality::Identity,
            &table(0, 255, None),
            &map(1.0, 4.0, 0.0),
            (16, 16),
            Interpolation::Linear,
        );
        assert_eq!(shifted[..4], [0, 0, 0, 0]);
        assert_eq!(shifted[4..16], values[..12]);
    }

    #[test]
    fn a_bright_pixel_neither_vanishes_nor_shimmers_below_one_to_one() {
        let (columns, rows) = (400, 500);
        let mut values = vec![0u8; columns * rows];
        values[250 * columns + 200] = 255;
        let frame = StoredFrame {
            columns: 400,
            rows: 500,
            channels: 1,
            samples: Samples::U8(values),
        };
        // Table entries rather than 8-bit levels: rounding of small levels is the display's, not the mean's.
        let identity = table(0, 255, None);
        let sum_at = |pan: f64| {
            let (x, y, _) = axes(&map(0.2, pan, pan * 0.7), (400, 500), (100, 120), Interpolation::Linear);
            let weight = |axis: &Axis, k: usize| -> Vec<f64> {
                axis.pixels
                    .iter()
                    .map(|p| p.taps.iter().filter(|t| t.0 == k).map(|t| t.1).sum())
                    .collect()
            };
            let (across, down) = (weight(&x, 200), weight(&y, 250));
            down.iter()
                .flat_map(|d| across.iter().map(move |a| a * d))
                .map(|w| identity.shown(255.0 * w))
                .sum::<f64>()
        };
        let first = sum_at(0.0);
        assert!(first > 0.0);
        for k in 0..100 {
            let sum = sum_at(f64::from(k) / 100.0);
            assert!((sum / first - 1.0).abs() < 0.02, "pan {k}: {sum} against {first}");
        }
        assert!(
            grey(
                &frame,
                &Modality::Identity,
                &identity,
                &map(0.2, 0.0, 0.0),
                (100, 120),
                Interpolation::Nearest
            )
            .iter()
            .any(|v| *v > 0)
        );
    }

    #[test]
    fn line_pairs_above_the_screens_limit_go_grey() {
        let values: Vec<u8> = (0..256 * 16).map(|i| if i % 2 == 0 { 0 } else { 255 }).collect();
        let frame = StoredFrame {
            columns: 256,
            rows: 16,
            channels: 1,
            samples: Samples::U8(values),
        };
        let shown = grey(
            &frame,
            &Modality::Identity,
            &table(0, 255, None),
            &map(0.25, 0.0, 0.0),
            (64, 4),
            Interpolation::Nearest,
        );
        assert!(shown.iter().all(|v| (126..=129).contains(v)), "{shown:?}");
    }

    #[test]
    fn padding_is_black_and_does_not_bleed() {
        let frame = StoredFrame {
            columns: 2,
            rows: 1,
            channels: 1,
            samples: Samples::I16(vec![-2000, 100]),
        };
        let table = table(
            0,
            200,
            Some(Padding {
                value: -2000.0,
                limit: -2000.0,
            }),
        );
        let shown = grey(
            &frame,
            &Modality::Identity,
            &table,
            &map(4.0, 0.0, 0.0),
            (8, 4),
            Interpolation::Linear,
        );
        let level = (table.shown(100.0) / 257.0 + 0.5) as u8;
        assert_eq!(shown[..8], [0, 0, 0, 0, level, level, level, level]);
    }

    #[test]
    fn a_quarter_turn_reads_rows_across() {
        // Clockwise: the first column, read upwards, becomes the first row.
        let frame = StoredFrame {
            columns: 2,
            rows: 2,
            channels: 1,
            samples: Samples::U8(vec![10, 20, 30, 40]),
        };
        let turn = ViewportFromImage {
            a: 0.0,
            b: -1.0,
            c: 1.5,
            d: 1.0,
            e: 0.0,
            f: 0.5,
        };
        let shown = grey(
            &frame,
            &Modality::Identity,
            &table(0, 255, None),
            &turn,
            (2, 2),
            Interpolation::Nearest,
        );
        assert_eq!(shown, [30, 10, 40, 20]);
    }
}
