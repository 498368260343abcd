//! The outlines of the trunk at each height: skin, muscle, rib cage and the cavity within.

use crate::phantom::canvas::Canvas;
use crate::phantom::exact::{hill, pow, smooth};
use crate::phantom::noise::Sheet;

/// Half width, reach to the front and to the back of an outline, at heights from head to feet (first number).
type Profile = [[f32; 4]];

const SKIN: &Profile = &[
    [75.0, 60.0, 62.0, 64.0],
    [45.0, 66.0, 66.0, 68.0],
    [22.0, 118.0, 74.0, 84.0],
    [0.0, 166.0, 84.0, 96.0],
    [-35.0, 176.0, 98.0, 104.0],
    [-85.0, 170.0, 109.0, 108.0],
    [-150.0, 163.0, 112.0, 107.0],
    [-220.0, 158.0, 112.0, 104.0],
    [-290.0, 156.0, 115.0, 100.0],
    [-380.0, 160.0, 118.0, 97.0],
    [-460.0, 168.0, 112.0, 100.0],
];

const CAVITY: &Profile = &[
    [-15.0, 40.0, 4.0, 34.0],
    [-22.0, 66.0, 22.0, 52.0],
    [-34.0, 88.0, 42.0, 62.0],
    [-54.0, 107.0, 58.0, 70.0],
    [-84.0, 123.0, 76.0, 76.0],
    [-124.0, 133.0, 87.0, 80.0],
    [-184.0, 137.0, 92.0, 80.0],
    [-244.0, 136.0, 93.0, 78.0],
    [-304.0, 131.0, 93.0, 74.0],
    [-380.0, 134.0, 96.0, 71.0],
    [-460.0, 142.0, 92.0, 74.0],
];

/// Height above which there is no cavity.
pub(crate) const CAVITY_TOP: f32 = -15.0;

/// Between the cavity and the outer surface of the rib cage.
const RIB_CAGE: f32 = 11.0;

/// Directions that an outline is stored for: a quarter of them between two axes.
const DIRECTIONS: usize = 512;

/// Smooth interpolation of a profile (Catmull and Rom's cubic with uneven steps).
fn profile(table: &Profile, z: f32) -> [f32; 3] {
    let last = table.len() - 1;
    let z = z.clamp(table[last][0], table[0][0]);
    let next = table.iter().position(|row| row[0] <= z).unwrap_or(last).max(1);
    let (a, b) = (table[next - 1], table[next]);
    let t = (z - a[0]) / (b[0] - a[0]);
    let slope = |i: usize, k: usize| {
        let (before, after) = (table[i.saturating_sub(1)], table[(i + 1).min(last)]);
        (after[k] - before[k]) / (after[0] - before[0])
    };
    let width = b[0] - a[0];
    [1, 2, 3].map(|k| {
        let (m, n) = (slope(next - 1, k) * width, slope(next, k) * width);
        let (t2, t3) = (t * t, t * t * t);
        (2.0 * t3 - 3.0 * t2 + 1.0) * a[k] + (t3 - 2.0 * t2 + t) * m + (3.0 * t2 - 2.0 * t3) * b[k] + (t3 - t2) * n
    })
}

/// Distance from the middle to an outline of rounded corners, in a unit direction.
fn reach(half: [f32; 3], direction: [f32; 2], corner: f64) -> f32 {
    let depth = if direction[1] < 0.0 { half[1] } else { half[2] };
    let (u, v) = (
        f64::from(direction[0] / half[0]).abs(),
        f64::from(direction[1] / depth).abs(),
    );
    pow(pow(u, corner) + pow(v, corner), -1.0 / corner) as f32
}

/// Distance from the middle of the body to its skin.
fn skin_reach(z: f32, half: [f32; 3], direction: [f32; 2]) -> f32 {
    let [u, v] = direction;
    let mut r = reach(half, direction, 2.45);
    if v > 0.0 {
        r -= 7.0 * hill(u / 0.22) * smooth(20.0, -40.0, z);
        r += 3.0 * hill((u.abs() - 0.42) / 0.3) * smooth(0.0, -60.0, z);
    } else {
        let chest = smooth(-10.0, -60.0, z) * smooth(-190.0, -120.0, z);
        r += 6.0 * hill((u.abs() - 0.55) / 0.4) * chest - 3.0 * hill(u / 0.2) * chest;
    }
    r
}

/// Distance from the middle to the wall of the cavity; 0 above it.
pub(crate) fn cavity_reach(z: f32, direction: [f32; 2]) -> f32 {
    if z > CAVITY_TOP {
        return 0.0;
    }
    reach(profile(CAVITY, z), direction, 2.35)
}

/// Reach of the cavity to the front, where the breastbone lies.
pub(crate) fn cavity_front(z: f32) -> f32 {
    profile(CAVITY, z.min(-30.0))[1]
}

/// The outlines of one slice, by direction.
pub(crate) struct Outlines {
    skin: Vec<f32>,
    muscle: Vec<f32>,
    cage: Vec<f32>,
    cavity: Vec<f32>,
}

/// Where a pixel lies among the outlines: distances outwards from each, mm.
#[derive(Clone, Copy)]
pub(crate) struct Among {
    pub(crate) skin: f32,
    pub(crate) muscle: f32,
    pub(crate) cage: f32,
    pub(crate) cavity: f32,
}

impl Outlines {
    pub(crate) fn at(z: f32) -> Self {
        let half = profile(SKIN, z);
        let mut outlines = Self {
            skin: Vec::new(),
            muscle: Vec::new(),
            cage: Vec::new(),
            cavity: Vec::new(),
        };
        let belly = smooth(-190.0, -290.0, z);
        for index in 0..=DIRECTIONS {
            let direction = direction(index);
            let [u, v] = direction;
            let skin = skin_reach(z, half, direction);
            let cavity = cavity_reach(z, direction);
            let front = hill((v + 1.0) / 1.1);
            let fat = 9.0 + 9.0 * belly * front + 5.0 * belly * hill((u.abs() - 1.0) / 0.6) - 2.0 * front;
            let muscle = (skin - fat).max(cavity + 6.0);
            outlines.skin.push(skin);
            outlines.muscle.push(muscle);
            outlines.cage.push((cavity + RIB_CAGE - 4.0 * belly).min(muscle));
            outlines.cavity.push(cavity);
        }
        outlines
    }

    pub(crate) fn among(&self, x: f32, y: f32) -> Among {
        let r = (x * x + y * y).sqrt();
        let place = diamond(x, y) * (DIRECTIONS as f32 / 4.0);
        let index = (place as usize).min(DIRECTIONS - 1);
        let part = place - index as f32;
        let read = |table: &[f32]| r - (table[index] + (table[index + 1] - table[index]) * part);
        Among {
            skin: read(&self.skin),
            muscle: read(&self.muscle),
            cage: read(&self.cage),
            cavity: read(&self.cavity),
        }
    }

    /// Distance outwards from the wall of the cavity.
    pub(crate) fn past_cavity(&self, x: f32, y: f32) -> f32 {
        self.among(x, y).cavity
    }
}

/// A number from 0 to 4 that grows with the angle (the angle of the unit diamond), without trigonometry.
fn diamond(x: f32, y: f32) -> f32 {
    let sum = x.abs() + y.abs();
    if sum < 1e-6 {
        return 0.0;
    }
    let t = y / sum;
    if x < 0.0 {
        2.0 - t
    } else if t < 0.0 {
        4.0 + t
    } else {
        t
    }
}

fn direction(index: usize) -> [f32; 2] {
    let t = index as f32 * 4.0 / DIRECTIONS as f32;
    let (x, y) = match t {
        t if t < 1.0 => (1.0 - t, t),
        t if t < 2.0 => (1.0 - t, 2.0 - t),
        t if t < 3.0 => (t - 3.0, 2.0 - t),
        t => (t - 3.0, t - 4.0),
    };
    let length = (x * x + y * y).sqrt();
    [x / length, y / length]
}

/// The noise that one slice of the trunk needs.
struct Weave {
    fat: Sheet,
    cavity: Sheet,
    wander: Sheet,
    open: Sheet,
    bellies: Sheet,
}

/// Air, skin, fat, muscle and the fat within the cavity: what everything else is painted on.
pub(crate) fn paint(canvas: &mut Canvas, outlines: &Outlines) {
    let (z, soft) = (canvas.z, canvas.soft);
    let cover = move |d: f32| (0.5 - d / (2.0 * soft)).clamp(0.0, 1.0);
    let weave = Weave {
        fat: Sheet::new(0.085, z * 0.043, 11),
        cavity: Sheet::new(0.06, z * 0.03, 13),
        wander: Sheet::new(0.024, z * 0.01, 17),
        open: Sheet::new(0.016, z * 0.012, 18),
        bellies: Sheet::new(0.04, z * 0.008, 19),
    };
    let everywhere = [f32::MIN, f32::MIN, f32::MAX, f32::MAX];
    canvas.each(everywhere, |x, y, value| {
        let at = outlines.among(x, y);
        let mut hu = -1000.0;
        if at.skin > soft {
            *value = hu;
            return;
        }
        hu += (20.0 + 1000.0) * cover(at.skin);
        if at.skin < soft - 1.8 && at.muscle > -soft {
            let fat = -106.0 + 60.0 * hill(weave.fat.at(x, y) / 0.035);
            hu += (fat - hu) * cover(at.skin + 1.8);
        }
        if at.muscle < soft && at.cavity > -1.0 - soft {
            hu += (muscle(x, y, &at, &weave) - hu) * cover(at.muscle);
        }
        if at.cavity < soft + 1.0 {
            let fat = -98.0 + 34.0 * hill(weave.cavity.at(x, y) / 0.05);
            hu += (fat - hu) * cover(at.cavity - 1.0);
        }
        *value = hu;
    });
}

/// Muscle with the planes of fat between its bellies.
fn muscle(x: f32, y: f32, at: &Among, weave: &Weave) -> f32 {
    let hu = 57.0;
    if at.cage <= 0.0 {
        return hu - 55.0 * hill((at.cage + 2.5) / 1.5);
    }
    // Two planes between three layers, wandering and here and there grown together.
    let thickness = at.cage - at.muscle;
    let wander = weave.wander.at(x, y);
    let open = smooth(-0.35, 0.15, weave.open.at(x, y)) * smooth(7.0, 12.0, thickness);
    let mut between = 95.0 * hill(weave.bellies.at(x, y) / 0.03);
    for part in [0.36, 0.7] {
        let from = at.cage - thickness * (part + 0.2 * wander);
        between += 125.0 * hill(from / (0.9 + 0.05 * thickness)) * open;
    }
    hu - between.min(160.0) - 90.0 * hill((at.cage - 1.0) / 1.6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_lie_within_each_other_at_every_height() {
        for step in 0..90 {
            let z = 20.0 - step as f32 * 5.0;
            let outlines = Outlines::at(z);
            for index in 0..DIRECTIONS {
                let (skin, muscle) = (outlines.skin[index], outlines.muscle[index]);
                let (cage, cavity) = (outlines.cage[index], outlines.cavity[index]);
                assert!(
                    skin > muscle + 1.0 && muscle >= cage && cage > cavity,
                    "{z} {index}: {skin} {muscle} {cage} {cavity}"
                );
            }
        }
    }

    #[test]
    fn a_direction_finds_its_own_place() {
        for index in 0..DIRECTIONS {
            let [x, y] = direction(index);
            let place = diamond(x * 30.0, y * 30.0) * DIRECTIONS as f32 / 4.0;
            assert!((place - index as f32).abs() < 1e-2, "{index}: {place}");
        }
    }
}
