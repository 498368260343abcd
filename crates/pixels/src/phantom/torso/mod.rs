//! A chest and upper abdomen in computed tomography.

mod abdomen;
mod anatomy;
mod body;
mod bones;
mod lungs;
mod mediastinum;
mod table;
#[cfg(test)]
mod tests;
pub mod truth;

pub(crate) use anatomy::{Anatomy, Layers};
pub(crate) use bones::RIB_FLATNESS;

use space::{PatientFromImage, PatientPoint, PatientVector};

use super::canvas::Canvas;
use super::exact::{hill, smooth};
use super::noise;
use crate::{Samples, StoredFrame};

/// Stored value of a pixel outside the reconstructed circle (Pixel Padding Value).
pub const PADDING: i16 = -2000;

/// Hounsfield units = stored value + this (Rescale Intercept; the slope is 1).
pub const INTERCEPT: i16 = -1024;

/// A sphere of one density.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lesion {
    /// Centre, LPS mm in the frame of reference of the scan.
    pub centre: [f64; 3],
    /// Diameter, mm.
    pub diameter: f64,
    /// Density, Hounsfield units.
    pub hounsfield: f64,
}

/// One acquisition: which slices of which torso, and how noisy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scan {
    /// Columns and rows of a slice.
    pub matrix: u32,
    /// Distance between pixels, mm, both ways.
    pub spacing: f64,
    /// Number of slices, from the head down.
    pub slices: u32,
    /// Distance between slices and their thickness, mm.
    pub increment: f64,
    /// Height of the first slice, mm (0 is just above the tip of the lungs).
    pub top: f64,
    /// Where the middle of the anatomy lies in the frame of reference, mm.
    pub shift: [f64; 3],
    /// By how much this patient is larger than the standard one, along x, y and z.
    pub stretch: [f64; 3],
    /// Standard deviation of the noise at the edge of the body, Hounsfield units.
    pub noise: f64,
    /// Seed of the noise.
    pub seed: u32,
    /// Lesions.
    pub lesions: &'static [Lesion],
}

impl Scan {
    /// Where a slice (from 0, at the head) lies; the frame of reference is the caller's to name.
    pub fn plane(&self, index: u32) -> PatientFromImage {
        let half = f64::from(self.matrix - 1) / 2.0 * self.spacing;
        PatientFromImage {
            frame_of_reference: None,
            origin: PatientPoint::new(
                self.shift[0] - half,
                self.shift[1] - half,
                self.top + self.shift[2] - f64::from(index) * self.increment,
            ),
            along_row: PatientVector::new(1.0, 0.0, 0.0),
            along_column: PatientVector::new(0.0, 1.0, 0.0),
            column_spacing: self.spacing,
            row_spacing: self.spacing,
        }
    }

    /// The stored values of a slice (from 0, at the head).
    pub fn slice(&self, index: u32) -> StoredFrame {
        let size = self.matrix as usize;
        let mut density = vec![0.0f32; size * size];
        // A thick slice is the mean of thin ones.
        let parts = (self.increment / 1.5).ceil().max(1.0) as u32;
        for part in 0..parts {
            let off = ((f64::from(part) + 0.5) / f64::from(parts) - 0.5) * self.increment;
            let canvas = self.painted(index, off);
            let share = 1.0 / parts as f32;
            for (sum, value) in density.iter_mut().zip(&canvas.values) {
                *sum += value * share;
            }
        }
        let grain = noise::grain(size, size, index as i32, self.seed);
        let samples = self.stored(index, &density, &grain);
        StoredFrame {
            columns: self.matrix,
            rows: self.matrix,
            channels: 1,
            samples: Samples::I16(samples),
        }
    }

    /// Densities without noise, some way above the middle of a slice.
    fn painted(&self, index: u32, off: f64) -> Canvas {
        let origin = self.plane(index).origin;
        let stretch = self.stretch;
        let own = |value: f64, axis: usize| ((value - self.shift[axis]) / stretch[axis]) as f32;
        let size = self.matrix as usize;
        let mut canvas = Canvas::new(
            (size, size),
            [own(origin.x, 0), own(origin.y, 1)],
            [(self.spacing / stretch[0]) as f32, (self.spacing / stretch[1]) as f32],
            own(origin.z + off, 2),
            SOFTNESS,
        );
        Anatomy::standard().paint(&mut canvas, Layers::All);
        table::paint(&mut canvas);
        for lesion in self.lesions {
            let centre = lesion.centre;
            let height = origin.z + off - centre[2];
            let radius = lesion.diameter / 2.0;
            if height.abs() > radius + f64::from(SOFTNESS) {
                continue;
            }
            let (x, y) = (own(centre[0], 0), own(centre[1], 1));
            let (reach_x, reach_y) = ((radius / stretch[0]) as f32, (radius / stretch[1]) as f32);
            let bounds = [x - reach_x, y - reach_y, x + reach_x, y + reach_y];
            canvas.fill(bounds, lesion.hounsfield as f32, |px, py| {
                let (dx, dy) = ((px - x) * stretch[0] as f32, (py - y) * stretch[1] as f32);
                (dx * dx + dy * dy + (height * height) as f32).sqrt() - radius as f32
            });
        }
        canvas
    }

    /// Adds noise, and padding outside the reconstructed circle.
    fn stored(&self, index: u32, density: &[f32], grain: &[f32]) -> Vec<i16> {
        let size = self.matrix as usize;
        let middle = (size as f32 - 1.0) / 2.0;
        let height = ((f64::from(index) * -self.increment + self.top) / self.stretch[2]) as f32;
        // Across the shoulders the beam is starved: noise grows and runs in streaks from side to side.
        let starved = smooth(-75.0, -5.0, height);
        let strength = self.noise as f32 * (1.0 + 0.5 * starved);
        let mut stored = Vec::with_capacity(density.len());
        for row in 0..size {
            let down = (row as f32 - middle) / middle;
            let streak = noise::normal(noise::hash(row as i32, index as i32, 1, self.seed)) * 9.0 * starved;
            let streak = streak * hill(down / 0.62);
            let line = row * size..(row + 1) * size;
            for (column, (hu, grain)) in density[line.clone()].iter().zip(&grain[line]).enumerate() {
                let across = (column as f32 - middle) / middle;
                let out = across * across + down * down;
                if out > CIRCLE {
                    stored.push(PADDING);
                    continue;
                }
                let noisy = hu + grain * strength * (1.45 - 0.75 * out.min(1.0)) + streak * hill(across / 1.3);
                // The reconstruction knows nothing below its lowest value.
                let value = noisy - f32::from(INTERCEPT) + 0.5;
                stored.push(value.clamp(0.0, 4095.0) as i16);
            }
        }
        stored
    }
}

/// Half of the width of an edge, mm.
const SOFTNESS: f32 = 0.6;

/// Square of the reconstructed circle's radius, as a part of half the picture.
const CIRCLE: f32 = 0.996;
