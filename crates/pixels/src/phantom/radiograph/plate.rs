//! What reaches the detector through the broad organs: slices of the torso summed along the beam.

use super::{Radiograph, View};
use crate::phantom::canvas::Canvas;
use crate::phantom::torso::{Anatomy, Layers};

/// Distance between the places where the sum is taken, mm.
const COARSE: f64 = 1.4;

/// Distance between the points that are summed along the beam, mm.
const ALONG: f32 = 3.0;

/// Densities summed along the beam, in Hounsfield units above air × mm ÷ 1000: millimetres of water.
pub(crate) fn exposed(exposure: &Radiograph) -> Vec<f32> {
    let (columns, rows) = (Radiograph::COLUMNS as usize, Radiograph::ROWS as usize);
    let step = COARSE / Radiograph::pixel();
    let across = (columns as f64 / step).ceil() as usize + 4;
    let down = (rows as f64 / step).ceil() as usize + 4;
    let mut coarse = Vec::with_capacity(across * down);
    for line in 0..down {
        coarse.extend(summed(exposure, across, (line as f64 - 1.5) * step, step));
    }
    spread(&coarse, (across, down), (columns, rows), step)
}

/// One height: the sums of a line of places.
fn summed(exposure: &Radiograph, across: usize, row: f64, step: f64) -> Vec<f32> {
    let [first, z] = exposure.place(-1.5 * step, row);
    let [second, _] = exposure.place(-0.5 * step, row);
    let wide = (second - first) as f32;
    let (size, corner, steps) = match exposure.view {
        View::Posteroanterior => ((across, 88), [first as f32, -130.0], [wide, ALONG]),
        View::LeftLateral => ((130, across), [-193.5, first as f32], [ALONG, wide]),
    };
    let mut canvas = Canvas::new(size, corner, steps, z as f32, 1.0);
    Anatomy::standard().paint(&mut canvas, Layers::Broad);
    let mut sums = vec![0.0f32; across];
    let lines = canvas.values.chunks_exact(canvas.columns);
    match exposure.view {
        View::Posteroanterior => {
            for line in lines {
                for (sum, hu) in sums.iter_mut().zip(line) {
                    *sum += hu + 1000.0;
                }
            }
        }
        View::LeftLateral => {
            for (sum, line) in sums.iter_mut().zip(lines) {
                *sum = line.iter().map(|hu| hu + 1000.0).sum();
            }
        }
    }
    let scale = ALONG * exposure.depth() as f32 / 1000.0;
    for sum in &mut sums {
        *sum *= scale;
    }
    sums
}

/// Weights of four neighbours for a place between the middle two: the cubic B-spline, which has no corners.
fn weights(t: f32) -> [f32; 4] {
    let u = 1.0 - t;
    [
        u * u * u / 6.0,
        (4.0 - 6.0 * t * t + 3.0 * t * t * t) / 6.0,
        (4.0 - 6.0 * u * u + 3.0 * u * u * u) / 6.0,
        t * t * t / 6.0,
    ]
}

/// Enlarges the coarse sums to the detector: first down, then across.
fn spread(coarse: &[f32], from: (usize, usize), to: (usize, usize), step: f64) -> Vec<f32> {
    let place = |fine: usize, last: usize| {
        let at = fine as f64 / step + 1.5;
        let first = (at.floor() as usize - 1).min(last - 4);
        (first, weights((at - at.floor()) as f32))
    };
    let columns: Vec<(usize, [f32; 4])> = (0..to.0).map(|column| place(column, from.0)).collect();
    let mut out = Vec::with_capacity(to.0 * to.1);
    let mut line = vec![0.0f32; from.0];
    for row in 0..to.1 {
        let (first, w) = place(row, from.1);
        for (column, value) in line.iter_mut().enumerate() {
            let at = |k: usize| coarse[(first + k) * from.0 + column];
            *value = at(0) * w[0] + at(1) * w[1] + at(2) * w[2] + at(3) * w[3];
        }
        out.extend(columns.iter().map(|(first, w)| {
            let four = &line[*first..*first + 4];
            four[0] * w[0] + four[1] * w[1] + four[2] * w[2] + four[3] * w[3]
        }));
    }
    out
}
