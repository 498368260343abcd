//! A knee in magnetic resonance, proton density with the fat suppressed, in sagittal slices.

use space::{PatientFromImage, PatientPoint, PatientVector};

use super::canvas::Ellipsoid;
use super::exact::{hill, round_max, round_min, smooth};
use super::noise;
use super::tube::{Tube, chain};
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
        let plane = self.plane(index);
        let knee = Knee::grown();
        let origin = [plane.origin.x, plane.origin.y, plane.origin.z].map(|v| v as f32);
        let step = self.spacing as f32;
        let mut values = Vec::with_capacity(self.matrix as usize * self.matrix as usize);
        for row in 0..self.matrix {
            for column in 0..self.matrix {
                let p = [
                    origin[0],
                    origin[1] + column as f32 * step,
                    origin[2] - row as f32 * step,
                ];
                let signal = knee.signal(p, self.fat_suppressed, step * 0.8);
                // The coil lies around the joint: less is received from far above and below.
                let shade = 1.0 - 0.28 * smooth(45.0, 85.0, p[2].abs());
                let random = |channel| {
                    let seed = self.seed ^ channel ^ (u32::from(self.fat_suppressed) << 9);
                    noise::normal(noise::hash(column as i32, row as i32, index as i32, seed)) * 15.0
                };
                let (real, imaginary) = (signal * shade + random(0), random(1 << 20));
                values.push(((real * real + imaginary * imaginary).sqrt() + 0.5).clamp(0.0, 4095.0) as u16);
            }
        }
        StoredFrame {
            columns: self.matrix,
            rows: self.matrix,
            channels: 1,
            samples: Samples::U16(values),
        }
    }
}

/// Diameter of the cyst behind the joint, mm; its centre is [`CYST`].
pub const CYST_MM: f64 = 18.0;

/// Centre of the cyst behind the joint, LPS mm.
pub const CYST: [f64; 3] = [-12.0, 46.0, 4.0];

/// What a place consists of: signal without and with suppressed fat.
#[derive(Clone, Copy)]
struct Tissue(f32, f32);

const FAT: Tissue = Tissue(1250.0, 130.0);
const MARROW: Tissue = Tissue(1080.0, 150.0);
const BONE: Tissue = Tissue(60.0, 40.0);
const MUSCLE: Tissue = Tissue(430.0, 400.0);
const SKIN: Tissue = Tissue(520.0, 330.0);
const CARTILAGE: Tissue = Tissue(880.0, 800.0);
const FLUID: Tissue = Tissue(980.0, 1500.0);
const MENISCUS: Tissue = Tissue(170.0, 150.0);
const TENDON: Tissue = Tissue(90.0, 80.0);
const LIGAMENT: Tissue = Tissue(300.0, 270.0);
const VESSEL: Tissue = Tissue(60.0, 900.0);

struct Knee {
    tendons: Vec<Tube>,
    front_ligament: Tube,
    back_ligament: Vec<Tube>,
    vessels: Vec<Tube>,
}

struct Mix {
    value: f32,
    sharp: f32,
    suppressed: bool,
}

impl Mix {
    fn lay(&mut self, tissue: Tissue, distance: f32) {
        let part = (0.5 - distance * self.sharp).clamp(0.0, 1.0);
        let target = if self.suppressed { tissue.1 } else { tissue.0 };
        self.value += (target - self.value) * part;
    }
}

/// The lower end of the thigh bone: a shaft that widens into two rollers with a notch between them.
fn femur(p: [f32; 3]) -> f32 {
    let shaft = Tube::new([0.0, -4.0, 120.0], [0.0, -2.0, 34.0], 14.0, 20.0).distance(p);
    let side = [p[0].abs(), p[1], p[2]];
    let roller = Ellipsoid::upright([22.0, 8.0, 20.0], [17.0, 29.0, 20.0]).distance(side);
    let body = Ellipsoid::upright([0.0, -8.0, 28.0], [38.0, 21.0, 22.0]).distance(p);
    let notch = Ellipsoid::upright([0.0, 26.0, 6.0], [10.5, 30.0, 20.0]).distance(p);
    let whole = round_min(round_min(shaft, body, 14.0), roller, 9.0);
    round_max(whole, -notch, 4.0)
}

fn tibia(p: [f32; 3]) -> f32 {
    let [x, y, z] = p;
    let shaft = Tube::new([0.0, 2.0, -120.0], [0.0, 6.0, -28.0], 13.0, 20.0).distance(p);
    let head = Ellipsoid::upright([0.0, 8.0, -22.0], [39.0, 27.0, 19.0]).distance(p);
    let bump = Ellipsoid::upright([0.0, -16.0, -38.0], [9.0, 8.0, 14.0]).distance(p);
    let whole = round_min(round_min(shaft, head, 12.0), bump, 8.0);
    // The plateau is nearly level; between its halves stand two small spines.
    let spines = 6.0 * hill((x.abs() - 5.0) / 5.0) * hill((y - 10.0) / 14.0);
    let dish = 1.5 * hill((x.abs() - 22.0) / 16.0) * hill((y - 8.0) / 26.0);
    round_max(whole, z + 6.5 - spines + dish + 0.06 * (y - 8.0), 2.0)
}

fn patella(p: [f32; 3]) -> f32 {
    let shape = Ellipsoid::upright([0.0, -43.0, 24.0], [21.0, 10.5, 21.0]).distance(p);
    let ridge = -36.0 + 0.012 * p[0] * p[0] - 3.0 - p[1];
    round_max(shape, -ridge - 4.5, 3.0)
}

impl Knee {
    fn grown() -> Self {
        let mut tendons = chain(&[
            [0.0, -47.0, 44.0, 4.5],
            [0.0, -42.0, 80.0, 5.0],
            [0.0, -40.0, 120.0, 6.0],
        ]);
        tendons.extend(chain(&[
            [0.0, -50.0, 6.0, 3.4],
            [0.0, -42.0, -14.0, 3.2],
            [0.0, -25.0, -38.0, 3.6],
        ]));
        for side in [-1.0f32, 1.0] {
            tendons.extend(chain(&[
                [side * 30.0, 34.0, 90.0, 3.0],
                [side * 34.0, 32.0, 20.0, 2.6],
                [side * 36.0, 20.0, -40.0, 2.4],
            ]));
        }
        Self {
            tendons,
            front_ligament: Tube::new([-1.0, -8.0, -8.0], [7.0, 20.0, 20.0], 4.2, 4.6),
            back_ligament: chain(&[
                [-2.0, 30.0, -16.0, 4.6],
                [-4.0, 28.0, 2.0, 4.8],
                [-6.0, 10.0, 16.0, 5.2],
            ]),
            vessels: chain(&[
                [4.0, 52.0, 120.0, 3.6],
                [2.0, 46.0, 30.0, 3.4],
                [4.0, 44.0, -30.0, 3.2],
                [2.0, 50.0, -120.0, 3.0],
            ]),
        }
    }

    fn signal(&self, p: [f32; 3], suppressed: bool, soft: f32) -> f32 {
        let [x, y, z] = p;
        let mut mix = Mix {
            value: 0.0,
            sharp: 0.5 / soft,
            suppressed,
        };
        let round = |half: [f32; 2], middle: f32| {
            let (u, v) = (x / half[0], (y - middle) / half[1]);
            ((u * u + v * v).sqrt() - 1.0) * half[1]
        };
        let calf = smooth(-10.0, -60.0, z);
        let thigh = smooth(20.0, 90.0, z);
        let skin = round(
            [58.0 + 10.0 * thigh - 2.0 * calf, 60.0 + 9.0 * thigh + 2.0 * calf],
            6.0 + 4.0 * calf,
        );
        if skin > 2.0 {
            return 0.0;
        }
        mix.lay(SKIN, skin);
        mix.lay(FAT, skin + 1.8);
        self.muscles(&mut mix, p, skin);
        self.joint(&mut mix, p);
        mix.value
    }

    fn muscles(&self, mix: &mut Mix, p: [f32; 3], skin: f32) {
        let [x, y, z] = p;
        let streaks = noise::smooth([x * 0.07, y * 0.07, z * 0.014], 91);
        let parted = 0.7 - streaks.abs() * 14.0;
        for (middle, half) in [
            ([-22.0, 44.0, 90.0], [17.0, 20.0, 88.0]),
            ([24.0, 44.0, 90.0], [17.0, 20.0, 86.0]),
            ([-20.0, 46.0, -62.0], [19.0, 18.0, 84.0]),
            ([20.0, 46.0, -62.0], [19.0, 18.0, 82.0]),
            ([8.0, 26.0, -74.0], [26.0, 14.0, 62.0]),
            ([26.0, -8.0, -86.0], [16.0, 18.0, 60.0]),
            ([-20.0, -36.0, 112.0], [25.0, 21.0, 76.0]),
            ([22.0, -34.0, 116.0], [25.0, 22.0, 74.0]),
            ([0.0, -26.0, 120.0], [30.0, 15.0, 62.0]),
        ] {
            let belly = Ellipsoid::upright(middle, half).distance(p).max(skin + 5.0);
            mix.lay(MUSCLE, belly.max(parted));
        }
        let cyst = Ellipsoid::upright(CYST.map(|v| v as f32), [CYST_MM as f32 / 2.0; 3]);
        for tube in &self.vessels {
            mix.lay(VESSEL, tube.distance(p));
        }
        mix.lay(FLUID, cyst.distance(p));
    }

    fn joint(&self, mix: &mut Mix, p: [f32; 3]) {
        let [x, y, z] = p;
        let side = [x.abs(), y, z];
        let (femur, tibia, patella) = (femur(p), tibia(p), patella(p));
        // Fluid of the joint and of the pouch above it.
        let pouch = Ellipsoid::upright([0.0, -33.0, 56.0], [24.0, 3.2, 24.0]).distance(p);
        mix.lay(FLUID, pouch);
        mix.lay(
            FLUID,
            (femur - 3.2).max(tibia - 4.2).max((z + 1.0).abs() - 12.0).max(y - 36.0),
        );
        // Cartilage covers the rollers below and behind, the plateau above, the patella behind.
        let covered = smooth(34.0, 24.0, z) * smooth(4.0, 12.0, x.abs() + 12.0 * smooth(-8.0, -18.0, y));
        mix.lay(CARTILAGE, femur - 2.5 * covered);
        mix.lay(CARTILAGE, (tibia - 2.4).max(-11.0 - z).max(8.0 - x.abs()));
        mix.lay(CARTILAGE, (patella - 2.8).max(-39.5 - y));
        // Menisci: wedges between the bones, thick outside.
        let ring = [side[0] - 22.0, y - 9.0];
        let out = ((ring[0] / 15.5) * (ring[0] / 15.5) + (ring[1] / 21.0) * (ring[1] / 21.0)).sqrt();
        let wedge = (z + 3.8).abs() - 6.2 * smooth(0.35, 1.05, out);
        let between = (1.4 - femur).max(1.4 - tibia).max(5.0 - side[0]);
        let wedge = wedge.max((out - 1.12) * 18.0).max((0.42 - out) * 18.0);
        mix.lay(FLUID, (wedge - 0.7).max(between).max(z.abs() - 12.0));
        mix.lay(MENISCUS, wedge.max(between));
        let inside = femur.min(tibia).min(patella) < 0.0;
        let lines = if inside {
            noise::rough([x * 0.3, y * 0.3, z * 0.3], 93)
        } else {
            0.0
        };
        for (bone, inner) in [(femur, 1.3), (tibia, 1.3), (patella, 1.2)] {
            mix.lay(BONE, bone);
            let marrow = Tissue(MARROW.0 + 60.0 * lines, MARROW.1 + 22.0 * lines);
            mix.lay(marrow, bone + inner + 1.6 * smooth(50.0, 80.0, z.abs()));
        }
        let fibula = Tube::new([36.0, 28.0, -120.0], [36.0, 26.0, -34.0], 6.5, 9.0).distance(p);
        mix.lay(BONE, fibula);
        mix.lay(MARROW, fibula + 1.6);
        for tube in &self.back_ligament {
            mix.lay(TENDON, tube.distance(p));
        }
        let fibres = noise::smooth([x * 0.4, (y - z) * 0.5, (y + z) * 0.05], 97);
        mix.lay(
            Tissue(LIGAMENT.0 + 90.0 * fibres, LIGAMENT.1 + 80.0 * fibres),
            self.front_ligament.distance(p),
        );
        for tube in &self.tendons {
            mix.lay(TENDON, tube.distance([x * 0.4, y, z]).max(x.abs() - 46.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCAN: KneeScan = KneeScan {
        matrix: 320,
        spacing: 0.5,
        slices: 24,
        increment: 3.5,
        fat_suppressed: true,
        seed: 6,
    };

    fn signals(scan: &KneeScan, at: [f64; 3], radius: f64) -> Vec<f64> {
        let index = (at[0] - scan.plane(0).origin.x) / scan.increment;
        let plane = scan.plane(index.round() as u32);
        let frame = scan.slice(index.round() as u32);
        let near = |pixel: &usize| {
            let place = plane.apply(space::ImagePoint::new((pixel % 320) as f64, (pixel / 320) as f64));
            let (dy, dz) = (place.y - at[1], place.z - at[2]);
            dy * dy + dz * dz < radius * radius
        };
        (0..frame.samples.len())
            .filter(near)
            .filter_map(|pixel| frame.samples.get(pixel))
            .collect()
    }

    #[test]
    fn the_cyst_has_its_diameter() {
        let bright = signals(&SCAN, CYST, 12.0).iter().filter(|v| **v > 900.0).count() as f64 * 0.25;
        // The nearest slice cuts it off its middle.
        let nearest = SCAN
            .plane(((CYST[0] - SCAN.plane(0).origin.x) / SCAN.increment).round() as u32)
            .origin
            .x
            - CYST[0];
        let expected = std::f64::consts::PI * (CYST_MM * CYST_MM / 4.0 - nearest * nearest);
        assert!(
            (bright / expected - 1.0).abs() < 0.08,
            "{bright} mm² and not {expected}"
        );
    }

    #[test]
    fn suppressing_fat_darkens_marrow_and_leaves_fluid() {
        let mean = |scan: &KneeScan, at| {
            let found = signals(scan, at, 4.0);
            found.iter().sum::<f64>() / found.len() as f64
        };
        let plain = KneeScan {
            fat_suppressed: false,
            ..SCAN
        };
        assert!(mean(&plain, [22.0, 6.0, 20.0]) > 4.0 * mean(&SCAN, [22.0, 6.0, 20.0]));
        assert!(mean(&SCAN, CYST) > 1200.0);
        assert_eq!(SCAN.slice(9), SCAN.slice(9));
    }
}
