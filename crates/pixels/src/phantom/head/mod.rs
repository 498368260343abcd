//! A head in magnetic resonance.

mod brain;
mod face;
mod signal;

use space::{PatientFromImage, PatientPoint, PatientVector};

use super::canvas::Ellipsoid;
use super::noise;
use super::{exact, exact::smooth};
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
    /// Rows run from front to back, slices from the patient's left to the right.
    Sagittal,
    /// Axial, turned about the left-right axis by this many degrees (front up), slices from feet to head.
    Axial {
        /// Degrees.
        tilt: f64,
    },
}

/// A round spot in the brain that holds more water than its surroundings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Focus {
    /// Centre, LPS mm.
    pub centre: [f64; 3],
    /// Diameter, mm.
    pub diameter: f64,
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
    /// Seed of the folding: the same head has the same.
    pub seed: u32,
    /// Seed of the noise: each visit has its own.
    pub visit: u32,
    /// Spots in the brain.
    pub foci: &'static [Focus],
}

impl HeadScan {
    /// Where a slice (from 0) lies; the frame of reference is the caller's to name.
    pub fn plane(&self, index: u32) -> PatientFromImage {
        let (along_row, along_column) = match self.slicing {
            Slicing::Sagittal => (PatientVector::new(0.0, 1.0, 0.0), PatientVector::new(0.0, 0.0, -1.0)),
            Slicing::Axial { tilt } => {
                let (sin, cos) = (exact::sin(tilt.to_radians()), exact::cos(tilt.to_radians()));
                (PatientVector::new(1.0, 0.0, 0.0), PatientVector::new(0.0, cos, -sin))
            }
        };
        let half = f64::from(self.matrix - 1) / 2.0 * self.spacing;
        let normal = along_row.cross(along_column);
        let along = (f64::from(index) - f64::from(self.slices - 1) / 2.0) * self.increment;
        PatientFromImage {
            frame_of_reference: None,
            origin: self
                .middle()
                .plus(along_row.scaled(-half))
                .plus(along_column.scaled(-half))
                .plus(normal.scaled(along)),
            along_row,
            along_column,
            column_spacing: self.spacing,
            row_spacing: self.spacing,
        }
    }

    /// The middle of the volume: a little lower where the neck is in the picture.
    fn middle(&self) -> PatientPoint {
        match self.slicing {
            Slicing::Sagittal => PatientPoint::new(0.0, 0.0, -8.0),
            Slicing::Axial { .. } => PatientPoint::new(0.0, 0.0, 10.0),
        }
    }

    /// The stored values of a slice (from 0): unsigned, 12 bits.
    pub fn slice(&self, index: u32) -> StoredFrame {
        let plane = self.plane(index);
        let head = Head {
            brain: brain::Brain::grown(self.seed),
            face: face::Face::grown(),
        };
        let step = |axis: PatientVector, spacing: f64| [axis.x, axis.y, axis.z].map(|v| (v * spacing) as f32);
        let across = step(plane.along_row, plane.column_spacing);
        let down = step(plane.along_column, plane.row_spacing);
        let origin = [plane.origin.x, plane.origin.y, plane.origin.z].map(|v| v as f32);
        let soft = (self.spacing * 0.85) as f32;
        let mut values = Vec::with_capacity(self.matrix as usize * self.matrix as usize);
        for row in 0..self.matrix {
            for column in 0..self.matrix {
                let p = [0, 1, 2].map(|k| origin[k] + across[k] * column as f32 + down[k] * row as f32);
                let signal = head.signal(p, self, soft);
                values.push(self.received(signal, p, (column, row, index)));
            }
        }
        StoredFrame {
            columns: self.matrix,
            rows: self.matrix,
            channels: 1,
            samples: Samples::U16(values),
        }
    }

    /// What the coil receives: shading, and noise of both channels (so that air is not quite black).
    fn received(&self, signal: f32, p: [f32; 3], place: (u32, u32, u32)) -> u16 {
        let series = match self.weighting {
            Weighting::T1 => 1,
            Weighting::T2 => 2,
            Weighting::Flair => 3,
            Weighting::Diffusion(b) => 4 + u32::from(b),
        };
        let shade = 1.06 - 0.16 * smooth(-40.0, -120.0, p[2]) + 0.05 * noise::smooth(p.map(|v| v * 0.012), 83);
        let strength = 13.0;
        let random = |channel: u32| {
            let seed = self.seed ^ self.visit.wrapping_mul(0x9e37) ^ (series << 8) ^ channel;
            noise::normal(noise::hash(place.0 as i32, place.1 as i32, place.2 as i32, seed)) * strength
        };
        let (real, imaginary) = (signal * shade + random(0), random(1 << 20));
        let magnitude = (real * real + imaginary * imaginary).sqrt();
        (magnitude + 0.5).clamp(0.0, 4095.0) as u16
    }
}

struct Head {
    brain: brain::Brain,
    face: face::Face,
}

impl Head {
    fn signal(&self, p: [f32; 3], scan: &HeadScan, soft: f32) -> f32 {
        let mut mix = signal::Mix::new(scan.weighting, soft);
        let room = brain::Brain::room(p);
        // Well inside the skull nothing of the face is left to see.
        if room > -2.0 && !self.face.lay(&mut mix, p, room) {
            return 0.0;
        }
        self.brain.lay(&mut mix, p, room);
        for focus in scan.foci {
            let half = (focus.diameter / 2.0) as f32;
            let spot = Ellipsoid::upright(focus.centre.map(|v| v as f32), [half; 3]);
            mix.lay(signal::Tissue::Focus, spot.distance(p));
        }
        mix.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOCI: [Focus; 1] = [Focus {
        centre: [30.0, -10.0, 34.0],
        diameter: 10.0,
    }];

    const AXIAL: HeadScan = HeadScan {
        weighting: Weighting::Flair,
        slicing: Slicing::Axial { tilt: 12.0 },
        matrix: 256,
        spacing: 0.9,
        slices: 29,
        increment: 5.0,
        seed: 2,
        visit: 1,
        foci: &FOCI,
    };

    /// Mean signal within a radius of a point, in the slice nearest to it.
    fn mean(scan: &HeadScan, at: [f64; 3], radius: f64) -> f64 {
        let at = PatientPoint::new(at[0], at[1], at[2]);
        let first = scan.plane(0);
        let normal = first.normal();
        let along = normal.dot(at.minus(first.origin));
        let index = (along / scan.increment).round() as u32;
        let plane = scan.plane(index);
        let frame = scan.slice(index);
        let mut found = Vec::new();
        for pixel in 0..frame.samples.len() {
            let (row, column) = (pixel / scan.matrix as usize, pixel % scan.matrix as usize);
            let place = plane.apply(space::ImagePoint::new(column as f64, row as f64));
            let off = place.minus(at);
            let across = off.minus_along(normal);
            if across < radius {
                found.extend(frame.samples.get(pixel));
            }
        }
        found.iter().sum::<f64>() / found.len() as f64
    }

    trait MinusAlong {
        fn minus_along(self, normal: PatientVector) -> f64;
    }

    impl MinusAlong for PatientVector {
        /// Distance from the line through the origin along the normal.
        fn minus_along(self, normal: PatientVector) -> f64 {
            let along = self.dot(normal);
            (self.dot(self) - along * along).max(0.0).sqrt()
        }
    }

    #[test]
    fn tissues_differ_as_their_weighting_wants() {
        let with = |weighting| HeadScan { weighting, ..AXIAL };
        let (ventricle, white) = ([14.0, 9.0, 26.0], [32.0, 20.0, 40.0]);
        let water = |weighting| mean(&with(weighting), ventricle, 2.0) / mean(&with(weighting), white, 3.0);
        assert!(water(Weighting::T2) > 2.0, "water is bright in T2");
        assert!(water(Weighting::T1) < 0.5, "and dark in T1");
        assert!(water(Weighting::Flair) < 0.5, "and in FLAIR");
        assert!(water(Weighting::Diffusion(1000)) < 0.5, "and when it moves freely");
        assert!(mean(&with(Weighting::T2), [95.0, -90.0, 40.0], 4.0) < 40.0, "air");
    }

    #[test]
    fn a_focus_is_where_it_was_put() {
        let inside = mean(&AXIAL, FOCI[0].centre, 3.0);
        let without = mean(&HeadScan { foci: &[], ..AXIAL }, FOCI[0].centre, 3.0);
        assert!(inside > 1.8 * without, "{inside} {without}");
    }

    #[test]
    fn slices_are_tilted_and_evenly_spaced() {
        let (first, next) = (AXIAL.plane(0), AXIAL.plane(1));
        let normal = first.normal();
        assert!((normal.length() - 1.0).abs() < 1e-12 && normal.x.abs() < 1e-12);
        assert!((normal.z - 12f64.to_radians().cos()).abs() < 1e-9);
        assert!((normal.dot(next.origin.minus(first.origin)) - 5.0).abs() < 1e-9);
        let sagittal = HeadScan {
            slicing: Slicing::Sagittal,
            ..AXIAL
        };
        let step = sagittal.plane(1).origin.minus(sagittal.plane(0).origin);
        assert!(
            (step.x + 5.0).abs() < 1e-9 && step.y.abs() < 1e-9,
            "towards the patient's right"
        );
    }

    #[test]
    fn a_slice_is_always_the_same() {
        assert_eq!(AXIAL.slice(14), AXIAL.slice(14));
        assert_ne!(AXIAL.slice(14), HeadScan { seed: 3, ..AXIAL }.slice(14));
        assert_ne!(AXIAL.slice(14), HeadScan { visit: 2, ..AXIAL }.slice(14));
    }
}
