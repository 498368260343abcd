//! A chest radiograph: the torso's attenuation summed along the beam.

use crate::{Samples, StoredFrame};

/// From where the beam comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// From the back to the front.
    Posteroanterior,
    /// From the patient's right to the left, as it is hung: the patient looks to the left of the picture.
    LeftLateral,
}

/// Distance between detector pixels, mm (Imager Pixel Spacing).
pub const IMAGER_SPACING: f64 = 0.139;

/// How much larger the detector sees the middle of the patient (Estimated Radiographic Magnification Factor).
pub const MAGNIFICATION: f64 = 1.1;

/// One exposure of 2500 columns and 3000 rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Radiograph {
    /// From where the beam comes.
    pub view: View,
    /// By how much this patient is larger than the standard one, along x, y and z.
    pub stretch: [f64; 3],
    /// Seed of the noise.
    pub seed: u32,
}

impl Radiograph {
    /// Columns of the detector.
    pub const COLUMNS: u32 = 2500;
    /// Rows of the detector.
    pub const ROWS: u32 = 3000;

    /// The stored values: 12 bits, more where more radiation arrived (so that they are shown inverted).
    pub fn frame(&self) -> StoredFrame {
        StoredFrame {
            columns: Self::COLUMNS,
            rows: Self::ROWS,
            channels: 1,
            samples: Samples::U16(vec![2048; Self::COLUMNS as usize * Self::ROWS as usize]),
        }
    }
}
