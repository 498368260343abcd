//! A chest radiograph: the torso's attenuation summed along the beam.

mod develop;
mod plate;
mod shadow;

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
        let mut plate = plate::exposed(self);
        shadow::cast(self, &mut plate);
        StoredFrame {
            columns: Self::COLUMNS,
            rows: Self::ROWS,
            channels: 1,
            samples: Samples::U16(develop::developed(self, &plate)),
        }
    }

    /// Millimetres in the middle of the patient for one detector pixel.
    const fn pixel() -> f64 {
        IMAGER_SPACING / MAGNIFICATION
    }

    /// Place in the anatomy's own coordinates of a column (x, or y in a lateral view) and a row (z).
    fn place(&self, column: f64, row: f64) -> [f64; 2] {
        let (across, middle) = match self.view {
            View::Posteroanterior => (self.stretch[0], 0.0),
            View::LeftLateral => (self.stretch[1], 2.0),
        };
        let half = (f64::from(Self::COLUMNS) - 1.0) / 2.0;
        [
            ((column - half) * Self::pixel() + middle) / across,
            (TOP - row * Self::pixel()) / self.stretch[2],
        ]
    }

    /// By how much the beam's way through this patient is longer than through the standard one.
    fn depth(&self) -> f64 {
        match self.view {
            View::Posteroanterior => self.stretch[1],
            View::LeftLateral => self.stretch[0],
        }
    }
}

/// Height of the uppermost row in the patient, mm.
const TOP: f64 = 42.0;

/// Height of the letters of the lead marker at the detector, mm.
pub const MARKER_MM: f64 = 16.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn values(view: View) -> Vec<u16> {
        let exposure = Radiograph {
            view,
            stretch: [1.0, 1.0, 1.0],
            seed: 1,
        };
        match exposure.frame().samples {
            Samples::U16(values) => values,
            other => panic!("{} values of another kind", other.len()),
        }
    }

    #[test]
    fn lungs_are_darker_than_the_heart_and_the_marker_has_its_height() {
        let values = values(View::Posteroanterior);
        assert!(values.iter().all(|v| *v < 4096));
        let columns = Radiograph::COLUMNS as usize;
        let mean = |x: f64, z: f64| {
            // The reverse of `place` for the standard patient.
            let column = (x / Radiograph::pixel() + 1249.5) as usize;
            let row = ((TOP - z) / Radiograph::pixel()) as usize;
            let rows = values.chunks_exact(columns).skip(row).take(40);
            rows.flat_map(|r| &r[column..column + 40])
                .map(|v| f64::from(*v))
                .sum::<f64>()
                / 1600.0
        };
        // MONOCHROME1: more radiation, a larger value, shown darker.
        let (lung, heart, liver) = (mean(-75.0, -110.0), mean(18.0, -160.0), mean(-70.0, -240.0));
        assert!(lung > heart + 600.0 && lung > liver + 600.0, "{lung} {heart} {liver}");
        // Lead is the whitest thing in the upper left corner.
        let bright: Vec<usize> = (0..700)
            .filter(|row| values[row * columns..][..500].iter().any(|v| *v < 150))
            .collect();
        let height = (bright[bright.len() - 1] - bright[0] + 1) as f64 * IMAGER_SPACING;
        assert!((height - MARKER_MM).abs() < 0.5, "{height}");
    }

    #[test]
    fn an_exposure_is_always_the_same() {
        let sum = |view| values(view).iter().map(|v| u64::from(*v)).sum::<u64>();
        assert_eq!(sum(View::Posteroanterior), sum(View::Posteroanterior));
        assert_ne!(sum(View::Posteroanterior), sum(View::LeftLateral));
    }
}
