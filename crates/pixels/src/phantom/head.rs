//! A head in magnetic resonance.

use space::{PatientFromImage, PatientPoint, PatientVector};

use crate::{Samples, StoredFrame};

/// What the contrast of a magnetic resonance image comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighting {
    /// Fat bright, water dark.
    T1,
    /// Water bright.
    T2,
    /// Like T2, free water dark.
    Flair,
    /// Diffusion, with its b-value in s/mm².
    Diffusion(u16),
}

/// How the slices lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slicing {
    /// Rows run from front to back, slices from the patient's right to the left.
    Sagittal,
    /// Axial, turned about the left-right axis by this many degrees (front up), slices from feet to head.
    Axial {
        /// Degrees.
        tilt: f64,
    },
}

/// One series of one head.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeadScan {
    /// Contrast.
    pub weighting: Weighting,
    /// Direction of the slices.
    pub slicing: Slicing,
    /// Columns and rows.
    pub matrix: u32,
    /// Distance between pixels, mm, both ways.
    pub spacing: f64,
    /// Number of slices.
    pub slices: u32,
    /// Distance between slices, mm.
    pub increment: f64,
    /// Seed of noise and folding.
    pub seed: u32,
}

impl HeadScan {
    /// Where a slice (from 0) lies; the frame of reference is the caller's to name.
    pub fn plane(&self, index: u32) -> PatientFromImage {
        let (along_row, along_column) = match self.slicing {
            Slicing::Sagittal => (PatientVector::new(0.0, 1.0, 0.0), PatientVector::new(0.0, 0.0, -1.0)),
            Slicing::Axial { tilt } => {
                let (sin, cos) = tilt.to_radians().sin_cos();
                (PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, cos, -sin))
            }
        };
        let half = f64::from(self.matrix - 1) / 2.0 * self.spacing;
        let normal = along_row.cross(along_column);
        let along = (f64::from(index) - f64::from(self.slices - 1) / 2.0) * self.increment;
        PatientFromImage {
            frame_of_reference: None,
            origin: PatientPoint::new(0.0, 0.0, 0.0)
                .plus(along_row.scaled(-half))
                .plus(along_column.scaled(-half))
                .plus(normal.scaled(along)),
            along_row,
            along_column,
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
