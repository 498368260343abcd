//! A chest and upper abdomen in computed tomography.

pub mod truth;

use space::{PatientFromImage, PatientPoint, PatientVector};

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
        let _ = index;
        let pixels = self.matrix as usize * self.matrix as usize;
        StoredFrame {
            columns: self.matrix,
            rows: self.matrix,
            channels: 1,
            samples: Samples::I16(vec![24; pixels]),
        }
    }
}
