//! From millimetres of water to stored values: scatter, noise, the maker's edge enhancement, and the lead marker.

use super::{IMAGER_SPACING, MARKER_MM, Radiograph, View};
use crate::phantom::exact::{exp, ln, smooth};
use crate::phantom::noise;

/// Attenuation of a millimetre of water at 125 kV; the lateral view takes a harder beam.
const fn water(view: View) -> f32 {
    match view {
        View::Posteroanterior => 0.0185,
        View::LeftLateral => 0.0128,
    }
}

/// Scattered radiation, as a part of what arrives without a patient.
const SCATTER: f64 = 0.012;

/// Steps of the table from attenuation to signal.
const STEPS: usize = 4096;

/// Greatest attenuation in the table.
const GREATEST: f32 = 16.0;

pub(crate) fn developed(exposure: &Radiograph, plate: &[f32]) -> Vec<u16> {
    let (columns, rows) = (Radiograph::COLUMNS as usize, Radiograph::ROWS as usize);
    let table: Vec<f32> = (0..=STEPS)
        .map(|step| {
            let attenuation = step as f64 * f64::from(GREATEST) / STEPS as f64;
            -ln(exp(-attenuation) + SCATTER) as f32
        })
        .collect();
    let water = water(exposure.view);
    let signal: Vec<f32> = plate
        .iter()
        .map(|mm| {
            let at = (mm * water * (STEPS as f32 / GREATEST)).clamp(0.0, STEPS as f32 - 1.0);
            let index = at as usize;
            table[index] + (table[index + 1] - table[index]) * (at - index as f32)
        })
        .collect();
    let broad = broad(&signal, columns, rows);
    let marker = Marker::of(exposure.view);
    let mut stored = Vec::with_capacity(signal.len());
    let most = -ln(SCATTER) as f32;
    for row in 0..rows {
        let line = row * columns..(row + 1) * columns;
        let mut before = 0.0f32;
        for (column, (own, broad)) in signal[line.clone()].iter().zip(&broad[line]).enumerate() {
            let white = noise::normal(noise::hash(column as i32, row as i32, 0, exposure.seed));
            // Light spreads in the screen: neighbours share their quanta.
            let grain = white * 0.8 + before * 0.6;
            before = white;
            let quanta = 0.009 + 0.004 * own;
            let shown = own + 0.55 * (own - broad) + grain * quanta;
            let part = if marker.covers(column, row) {
                1.0
            } else {
                (shown + 0.05) / (most * 1.02)
            };
            stored.push(((1.0 - part) * 4095.0 + 0.5).clamp(40.0, 4095.0) as u16);
        }
    }
    stored
}

/// The signal without anything finer than about a centimetre: means over squares, made smooth between them.
fn broad(signal: &[f32], columns: usize, rows: usize) -> Vec<f32> {
    const SIDE: usize = 50;
    let (across, down) = (columns / SIDE, rows / SIDE);
    let mut means = vec![0.0f32; across * down];
    for (row, line) in signal.chunks_exact(columns).enumerate() {
        for (square, part) in line.chunks_exact(SIDE).enumerate() {
            means[row / SIDE * across + square] += part.iter().sum::<f32>() / (SIDE * SIDE) as f32;
        }
    }
    let means = noise::blurred(&noise::blurred(&means, across, down), across, down);
    let place = |fine: usize, count: usize| {
        let at = ((fine as f32 + 0.5) / SIDE as f32 - 0.5).clamp(0.0, count as f32 - 1.001);
        let first = at as usize;
        (first, smooth(0.0, 1.0, at - first as f32))
    };
    let columns: Vec<(usize, f32)> = (0..columns).map(|c| place(c, across)).collect();
    let mut out = Vec::with_capacity(signal.len());
    for row in 0..rows {
        let (above, t) = place(row, down);
        let at = |row: usize, column: usize| means[row * across + column];
        out.extend(columns.iter().map(|(left, s)| {
            let upper = at(above, *left) + (at(above, left + 1) - at(above, *left)) * s;
            let lower = at(above + 1, *left) + (at(above + 1, left + 1) - at(above + 1, *left)) * s;
            upper + (lower - upper) * t
        }));
    }
    out
}

/// A letter of lead in the upper left corner.
struct Marker {
    letter: [u8; 7],
    cell: f64,
}

/// Where the marker begins, in pixels.
const CORNER: (usize, usize) = (150, 170);

impl Marker {
    fn of(view: View) -> Self {
        let letter = match view {
            View::Posteroanterior => [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
            View::LeftLateral => [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
        };
        Self {
            letter,
            cell: MARKER_MM / IMAGER_SPACING / 7.0,
        }
    }

    fn covers(&self, column: usize, row: usize) -> bool {
        let (Some(x), Some(y)) = (column.checked_sub(CORNER.0), row.checked_sub(CORNER.1)) else {
            return false;
        };
        let (x, y) = ((x as f64 / self.cell) as usize, (y as f64 / self.cell) as usize);
        x < 5 && y < 7 && self.letter[y] & (0b10000 >> x) != 0
    }
}
