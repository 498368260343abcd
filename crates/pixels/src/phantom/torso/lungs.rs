//! The lungs: where they are, their fissures, and the vessels and bronchi that branch through them.

use super::body::{CAVITY_TOP, Outlines, cavity_reach};
use super::truth;
use crate::phantom::canvas::{Canvas, cross, unit};
use crate::phantom::exact::{hill, round_max, smooth};
use crate::phantom::noise::{self, Sheet};
use crate::phantom::tube::{Branch, Tube, grow};

/// Height of the diaphragm over a place; the right dome is the higher one.
pub(crate) fn diaphragm(x: f32, y: f32) -> f32 {
    let fall = |from: f32, middle: f32, out: f32| {
        let dx = (from - middle) / 72.0;
        dx * dx * out
    };
    let right = -182.0 - fall(x, -62.0, if x < -62.0 { 64.0 } else { 16.0 });
    let left = -194.0 - fall(x, 64.0, if x > 64.0 { 62.0 } else { 22.0 });
    let back = (y + 12.0) / 80.0;
    let depth = if back > 0.0 { 78.0 } else { 36.0 };
    round_max(right, left, 14.0) - depth * back * back
}

/// Half widths of the mediastinum to the patient's right and left at a depth.
fn mediastinum(y: f32, z: f32) -> [f32; 2] {
    let upper = smooth(-105.0, -55.0, z);
    let lower = smooth(-140.0, -185.0, z);
    let hilum = hill((z + 120.0) / 40.0);
    let behind = hill((y - 52.0) / 34.0);
    let middle = hill((y + 2.0) / 62.0);
    let front = 5.0 + (13.0 * upper + 20.0 * lower) * smooth(34.0, -20.0, y);
    [
        front + (18.0 + 6.0 * hilum - 6.0 * lower) * middle + 13.0 * behind,
        front + (18.0 + 6.0 * hilum) * middle + 16.0 * behind,
    ]
}

/// Distance from the surface of the lung on the side of `x`, negative inside.
fn distance(x: f32, from_cavity: f32, half_widths: [f32; 2], diaphragm: f32, z: f32) -> f32 {
    let middle = if x < 0.0 {
        x + half_widths[0]
    } else {
        half_widths[1] - x
    };
    let wall = from_cavity + 2.2;
    let floor = (diaphragm - z) * 0.72;
    round_max(round_max(wall, middle, 9.0), floor, 7.0)
}

/// The same at any point; slow, for those who build.
fn distance_at(p: [f32; 3]) -> f32 {
    let [x, y, z] = p;
    if z > CAVITY_TOP {
        return z - CAVITY_TOP + 10.0;
    }
    let r = (x * x + y * y).sqrt().max(1e-3);
    let from_cavity = r - cavity_reach(z, [x / r, y / r]);
    distance(x, from_cavity, mediastinum(y, z), diaphragm(x, y), z)
}

/// Height above the oblique fissure, and above the horizontal one, mm (across, nearly).
fn fissures(x: f32, y: f32, z: f32) -> [f32; 2] {
    let bow = x * x * 0.0006;
    let oblique = (z + 68.0 + (72.0 - y) * 0.93 - bow) * 0.73;
    let horizontal = z + 126.0 + 0.08 * (y + 20.0) + bow * 0.7;
    [oblique, horizontal]
}

/// The lobes; the left lung has two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lobe {
    RightUpper,
    RightMiddle,
    RightLower,
    LeftUpper,
    LeftLower,
}

fn lobe(p: [f32; 3]) -> (Lobe, f32) {
    let [oblique, horizontal] = fissures(p[0], p[1], p[2]);
    let right = p[0] < 0.0;
    match (right, oblique > 0.0) {
        (true, false) => (Lobe::RightLower, -oblique),
        (false, false) => (Lobe::LeftLower, -oblique),
        (false, true) => (Lobe::LeftUpper, oblique),
        (true, true) if horizontal > 0.0 => (Lobe::RightUpper, oblique.min(horizontal)),
        (true, true) => (Lobe::RightMiddle, oblique.min(-horizontal)),
    }
}

/// Where a lobe's artery and bronchus begin, where its vein ends, and how many tips the artery has.
const HILA: [(Lobe, [f32; 3], [f32; 3], usize); 5] = [
    (Lobe::RightUpper, [-34.0, 0.0, -104.0], [-26.0, -8.0, -126.0], 950),
    (Lobe::RightMiddle, [-42.0, 2.0, -134.0], [-28.0, -10.0, -134.0], 460),
    (Lobe::RightLower, [-42.0, 16.0, -138.0], [-26.0, 14.0, -144.0], 1150),
    (Lobe::LeftUpper, [37.0, 2.0, -108.0], [32.0, -10.0, -124.0], 1150),
    (Lobe::LeftLower, [42.0, 20.0, -134.0], [30.0, 14.0, -142.0], 1100),
];

/// Everything that branches.
pub(crate) struct LungTrees {
    pub(crate) vessels: Vec<Tube>,
    pub(crate) bronchi: Vec<Tube>,
}

/// Wall of a bronchus as a part of its radius.
const BRONCHUS_WALL: f32 = 0.22;

impl LungTrees {
    pub(crate) fn grown() -> Self {
        let mut trees = Self {
            vessels: Vec::new(),
            bronchi: Vec::new(),
        };
        for (number, (which, artery, vein, tips)) in HILA.iter().enumerate() {
            let seed = 100 + number as u32;
            let arteries = grow(*artery, places(*which, *tips, seed), 0.48, seed);
            let veins = grow(*vein, places(*which, tips * 6 / 10, seed + 50), 0.5, seed + 50);
            trees.bronchi.extend(arteries.iter().filter_map(bronchus));
            trees.vessels.extend(arteries.iter().chain(&veins).map(|b| b.tube));
        }
        let nodule = truth::NODULE_ANATOMY.map(|v| v as f32);
        let clear = |t: &Tube| t.distance(nodule) > truth::NODULE_NOW_MM as f32 / 2.0 + 3.0;
        trees.vessels.retain(clear);
        trees.bronchi.retain(clear);
        trees
    }
}

/// A bronchus runs beside its artery; the small ones are not seen.
fn bronchus(branch: &Branch) -> Option<Tube> {
    if branch.tips < 14 {
        return None;
    }
    let t = branch.tube;
    let aside = unit(cross(t.along, [0.3, 0.2, 0.9]));
    let radius = t.radius * 0.98;
    let gap = t.radius + radius + 0.2;
    let beside = |p: [f32; 3]| [0, 1, 2].map(|k| p[k] + aside[k] * gap);
    Some(Tube::new(beside(t.at(0.0)), beside(t.at(1.0)), radius, radius * 0.94))
}

/// Places evenly spread through a lobe, away from its surface.
fn places(which: Lobe, count: usize, seed: u32) -> Vec<[f32; 3]> {
    let mut found = Vec::with_capacity(count);
    for number in 0..60_000 {
        let random = |k| noise::even(noise::hash(number, k, 3, seed)) * 0.5 + 0.5;
        let x = 6.0 + 130.0 * random(0);
        let right = matches!(which, Lobe::RightUpper | Lobe::RightMiddle | Lobe::RightLower);
        let p = [
            if right { -x } else { x },
            -95.0 + 178.0 * random(1),
            -20.0 - 240.0 * random(2),
        ];
        let (own, from_fissure) = lobe(p);
        if own == which && from_fissure > 2.5 && distance_at(p) < -3.5 {
            found.push(p);
            if found.len() == count {
                break;
            }
        }
    }
    found
}

/// Paints the air of the lungs into the cavity; the trees come later, when the mediastinum is there.
pub(crate) fn paint(canvas: &mut Canvas, outlines: &Outlines) {
    let (z, soft) = (canvas.z, canvas.soft);
    if z > CAVITY_TOP {
        return;
    }
    let weave = [Sheet::new(0.22, z * 0.22, 31), Sheet::new(0.05, z * 0.05, 33)];
    let mut line = f32::NAN;
    let mut half_widths = [0.0; 2];
    canvas.each([-142.0, -98.0, 142.0, 84.0], |x, y, value| {
        if y != line {
            line = y;
            half_widths = mediastinum(y, z);
        }
        let wall = outlines.past_cavity(x, y);
        if wall > 0.0 {
            return;
        }
        let d = distance(x, wall, half_widths, diaphragm(x, y), z);
        let part = (0.5 - d / (2.0 * soft)).clamp(0.0, 1.0);
        if part > 0.0 {
            *value += (air(x, y, z, &weave) - *value) * part;
        }
    });
}

/// Lung tissue: denser where the patient lies on it, a thin line at the fissures.
fn air(x: f32, y: f32, z: f32, weave: &[Sheet; 2]) -> f32 {
    let mut hu = -868.0 + 0.32 * (y + 20.0) + 26.0 * weave[0].at(x, y) + 10.0 * weave[1].at(x, y);
    hu += 90.0 * hill((y - 74.0) / 16.0) * smooth(-60.0, -160.0, z);
    let [oblique, horizontal] = fissures(x, y, z);
    hu += 170.0 * hill(oblique / 1.1);
    if x < 0.0 && oblique > 0.0 {
        hu += 120.0 * hill(horizontal / 1.3);
    }
    hu
}

/// Paints vessels and bronchi.
pub(crate) fn paint_trees(canvas: &mut Canvas, trees: &LungTrees) {
    canvas.tubes(&trees.vessels, 150.0);
    let (z, soft) = (canvas.z, canvas.soft);
    canvas.tubes(&trees.bronchi, -60.0);
    for tube in &trees.bronchi {
        if let Some(bounds) = tube.bounds(z, soft) {
            let wall = 0.45 + tube.radius * BRONCHUS_WALL;
            canvas.fill(bounds, -975.0, |x, y| tube.distance([x, y, z]) + wall);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nodule_lies_in_the_right_upper_lobe_and_is_clear_of_vessels() {
        let at = truth::NODULE_ANATOMY.map(|v| v as f32);
        let (lobe, from_fissure) = lobe(at);
        assert_eq!(lobe, Lobe::RightUpper);
        assert!(
            from_fissure > 8.0 && distance_at(at) < -12.0,
            "{from_fissure} {}",
            distance_at(at)
        );
        let trees = LungTrees::grown();
        assert!(trees.vessels.iter().all(|t| t.distance(at) > 8.9));
    }

    #[test]
    fn trees_fill_the_lungs() {
        for (which, _, _, tips) in HILA {
            assert_eq!(places(which, tips, 1).len(), tips, "{which:?}");
        }
        let trees = LungTrees::grown();
        assert!(
            trees.vessels.len() > 10_000 && trees.bronchi.len() > 300,
            "{} {}",
            trees.vessels.len(),
            trees.bronchi.len()
        );
    }
}
