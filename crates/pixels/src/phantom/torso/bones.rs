//! Ribs, spine, breastbone, collar bones and shoulder blades.

use super::body::{cavity_front, cavity_reach};
use super::truth::{FIRST_VERTEBRA_Z, VERTEBRA_PITCH};
use crate::phantom::canvas::{Canvas, Ellipsoid};
use crate::phantom::exact::{cos, hill, sin, smooth};
use crate::phantom::noise;
use crate::phantom::tube::{Tube, chain};

/// Ribs are taller than thick: they are round when heights are multiplied by this.
pub(crate) const RIB_FLATNESS: f32 = 0.55;

const RIB_RADIUS: f32 = 4.3;

/// Tubes of bone and of cartilage; those of ribs with heights already flattened.
pub(crate) struct Bones {
    pub(crate) ribs: Vec<Tube>,
    pub(crate) cartilage: Vec<Tube>,
    processes: Vec<Tube>,
    pub(crate) shoulder: Vec<Tube>,
}

/// How far a rib falls from its head to its front end, and how far around the chest it goes (degrees from the back).
const RIBS: [(f32, f64); 12] = [
    (36.0, 150.0),
    (60.0, 152.0),
    (78.0, 152.0),
    (92.0, 150.0),
    (100.0, 148.0),
    (106.0, 146.0),
    (108.0, 142.0),
    (106.0, 136.0),
    (98.0, 128.0),
    (84.0, 118.0),
    (60.0, 88.0),
    (40.0, 62.0),
];

/// Middle of a vertebral body; 0 is the first thoracic one.
pub(crate) fn vertebra(level: i32) -> [f32; 3] {
    let z = FIRST_VERTEBRA_Z as f32 - level as f32 * VERTEBRA_PITCH as f32;
    [0.0, column_y(z), z]
}

/// Depth of the middle of the spine at a height: bent backwards in the chest.
pub(crate) fn column_y(z: f32) -> f32 {
    let from = z + 140.0;
    47.0 - 0.0004 * from * from
}

impl Bones {
    pub(crate) fn grown() -> Self {
        let mut bones = Self {
            ribs: Vec::new(),
            cartilage: Vec::new(),
            processes: Vec::new(),
            shoulder: Vec::new(),
        };
        for side in [-1.0, 1.0] {
            bones.rib_cage(side);
            bones.shoulder_girdle(side);
        }
        for level in -3..16 {
            bones.arch(level);
        }
        bones
    }

    fn rib_cage(&mut self, side: f32) {
        let mut before: Option<[f32; 4]> = None;
        for (number, (fall, degrees)) in RIBS.iter().enumerate() {
            let [_, y, z] = vertebra(number as i32);
            let head = z + 8.0;
            let mut path = vec![
                [side * 17.0, y + 6.0, head, RIB_RADIUS],
                [side * 34.0, y + 24.0, head + 1.0, RIB_RADIUS],
            ];
            let first = 34.0;
            for step in 0..=30 {
                let part = f64::from(step) / 30.0;
                let angle = (first + (degrees - first) * part).to_radians();
                let t = part as f32;
                let place = head - fall * t * (0.6 + 0.4 * t);
                let direction = [side * sin(angle) as f32, cos(angle) as f32];
                let r = cavity_reach(place.min(-18.0), direction).max(34.0) + 5.0;
                path.push([
                    direction[0] * r,
                    direction[1] * r,
                    place,
                    RIB_RADIUS - 0.8 * hill(t - 1.0),
                ]);
            }
            let end = path[path.len() - 1];
            let flattened: Vec<[f32; 4]> = path.iter().map(|p| [p[0], p[1], p[2] * RIB_FLATNESS, p[3]]).collect();
            self.ribs.extend(chain(&flattened));
            let flat = |p: [f32; 4]| [p[0], p[1], p[2] * RIB_FLATNESS, p[3]];
            if number < 7 {
                let join = end[2] + [4.0, 12.0, 20.0, 32.0, 42.0, 52.0, 62.0][number];
                let breastbone = [side * 16.0, -cavity_front(join) - 6.0, join, 4.0];
                let middle = [
                    (end[0] + breastbone[0]) / 2.0,
                    (end[1] + breastbone[1]) / 2.0 - 5.0,
                    end[2] * 0.7 + join * 0.3,
                    4.4,
                ];
                self.cartilage
                    .extend(chain(&[flat(end), flat(middle), flat(breastbone)]));
            } else if let (Some(above), true) = (before, number < 10) {
                self.cartilage.extend(chain(&[flat(end), flat(above)]));
            }
            before = Some(end);
        }
    }

    fn shoulder_girdle(&mut self, side: f32) {
        let at = |x: f32, y: f32, z: f32, r: f32| [side * x, y, z, r];
        // Collar bone.
        self.shoulder.extend(chain(&[
            at(14.0, -66.0, -30.0, 8.0),
            at(45.0, -66.0, -22.0, 6.0),
            at(85.0, -46.0, -8.0, 5.5),
            at(122.0, -14.0, 8.0, 6.5),
        ]));
        // Spine of the shoulder blade, its outer border, its socket.
        self.shoulder.extend(chain(&[
            at(70.0, 88.0, -38.0, 3.0),
            at(110.0, 84.0, -20.0, 4.5),
            at(142.0, 58.0, -4.0, 6.0),
            at(150.0, 28.0, 8.0, 6.5),
        ]));
        self.shoulder.extend(chain(&[
            at(134.0, 32.0, -22.0, 8.5),
            at(128.0, 48.0, -52.0, 5.0),
            at(116.0, 62.0, -95.0, 4.0),
            at(106.0, 70.0, -138.0, 4.5),
        ]));
    }

    /// The arch of a vertebra: pedicles, laminae, and the processes to the sides, up and down, and backwards.
    fn arch(&mut self, level: i32) {
        let [_, y, z] = vertebra(level);
        let depth = body_half(level)[1];
        let back = y + depth;
        for side in [-1.0f32, 1.0] {
            self.processes.extend(chain(&[
                [side * 11.5, back - 3.0, z + 4.5, 4.4],
                [side * 12.5, back + 10.0, z + 3.0, 4.2],
            ]));
            self.processes.extend(chain(&[
                [side * 12.5, back + 10.0, z + 3.0, 4.4],
                [side * 33.0, back + 17.0, z + 5.0, 3.8],
            ]));
            self.processes.extend(chain(&[
                [side * 14.0, back + 11.0, z + 10.0, 4.6],
                [side * 14.0, back + 12.0, z - 11.0, 4.6],
            ]));
            self.processes.extend(chain(&[
                [side * 12.5, back + 12.0, z, 3.4],
                [0.0, back + 20.0, z - 5.0, 3.6],
            ]));
        }
        self.processes.extend(chain(&[
            [0.0, back + 19.0, z - 4.0, 3.0],
            [0.0, back + 27.0, z - 11.0, 2.6],
            [0.0, back + 34.0, z - 19.0, 3.6],
        ]));
    }
}

/// Half width, half depth and half height of a vertebral body; lower ones are larger.
fn body_half(level: i32) -> [f32; 3] {
    let grown = level as f32 / 12.0;
    [14.0 + 5.0 * grown, 12.0 + 3.0 * grown, 9.0]
}

/// The bones that a radiograph takes from slices: spine, breastbone, blades.
pub(crate) fn paint_broad(canvas: &mut Canvas, bones: &Bones) {
    spine(canvas, bones);
    breastbone(canvas);
    for side in [-1.0, 1.0] {
        shoulder_blade(canvas, side);
        upper_arm(canvas, side);
    }
}

pub(crate) fn paint(canvas: &mut Canvas, bones: &Bones) {
    spine(canvas, bones);
    let height = canvas.z;
    canvas.z = height * RIB_FLATNESS;
    canvas.tubes(&bones.cartilage, 92.0);
    canvas.bones(&bones.ribs, 1.4, 780.0, 170.0);
    canvas.z = height;
    breastbone(canvas);
    canvas.bones(&bones.shoulder, 1.5, 800.0, 230.0);
    for side in [-1.0, 1.0] {
        shoulder_blade(canvas, side);
        upper_arm(canvas, side);
    }
}

fn upper_arm(canvas: &mut Canvas, side: f32) {
    let head = Ellipsoid::upright([side * 156.0, 14.0, 18.0], [23.0, 23.0, 24.0]);
    canvas.ellipsoid(&head, 700.0);
    canvas.ellipsoid(&head.shrunk(1.6), 260.0);
}

/// The blade: a thin plate between its borders.
fn shoulder_blade(canvas: &mut Canvas, side: f32) {
    // Corners: inner upper, lower tip, socket.
    let (a, b, c) = (
        [64.0f32, 84.0, -30.0],
        [106.0f32, 70.0, -138.0],
        [134.0f32, 34.0, -22.0],
    );
    let (ab, ac) = (
        [b[0] - a[0], b[1] - a[1], b[2] - a[2]],
        [c[0] - a[0], c[1] - a[1], c[2] - a[2]],
    );
    let normal = crate::phantom::canvas::unit(crate::phantom::canvas::cross(ab, ac));
    let z = canvas.z;
    if !(-140.0..-16.0).contains(&z) {
        return;
    }
    let (x0, x1) = if side < 0.0 { (-142.0, -56.0) } else { (56.0, 142.0) };
    canvas.fill([x0, 26.0, x1, 96.0], 640.0, |x, y| {
        let p = [x * side - a[0], y - a[1], z - a[2]];
        let dot = crate::phantom::canvas::dot;
        let (d00, d01, d11) = (dot(ab, ab), dot(ab, ac), dot(ac, ac));
        let (d20, d21) = (dot(p, ab), dot(p, ac));
        let scale = 1.0 / (d00 * d11 - d01 * d01);
        let (v, w) = ((d11 * d20 - d01 * d21) * scale, (d00 * d21 - d01 * d20) * scale);
        // Bent backwards in its middle, so that it lies along the chest.
        let inside = v.min(w).min(1.0 - v - w);
        let across = dot(p, normal).abs();
        let bend = 5.0 * inside.clamp(0.0, 0.33) * 3.0;
        let signed = dot(p, normal) + if normal[1] > 0.0 { -bend } else { bend };
        let thickness = 1.1 + 1.2 * hill(inside / 0.1);
        (signed.abs().min(across + 90.0) - thickness).max(-inside * 60.0)
    });
}

fn breastbone(canvas: &mut Canvas) {
    let z = canvas.z;
    if !(-212.0..=-28.0).contains(&z) {
        return;
    }
    let handle = smooth(-75.0, -45.0, z);
    let tip = smooth(-182.0, -192.0, z);
    let half_width = 15.0 + 13.0 * handle - 11.0 * tip;
    let half_depth = 5.6 - 3.0 * tip;
    let y0 = -cavity_front(z) - 7.0;
    let ends = (z + 30.0).max(-210.0 - z);
    let joint = 1.0 - hill((z + 76.0) / 3.5);
    let distance = |x: f32, y: f32| {
        let (u, v) = (x.abs() - half_width + 4.0, (y - y0).abs() - half_depth + 4.0);
        let outside = (u.max(0.0) * u.max(0.0) + v.max(0.0) * v.max(0.0)).sqrt();
        (outside + u.max(v).min(0.0) - 4.0).max(ends)
    };
    let bounds = [-half_width, y0 - half_depth, half_width, y0 + half_depth];
    canvas.fill(bounds, 520.0 * joint + 80.0, distance);
    canvas.fill(bounds, 165.0 * joint + 60.0, |x, y| distance(x, y) + 1.5);
}

fn spine(canvas: &mut Canvas, bones: &Bones) {
    let z = canvas.z;
    let level = ((FIRST_VERTEBRA_Z as f32 - z) / VERTEBRA_PITCH as f32).round() as i32;
    let [_, _, middle] = vertebra(level);
    let half = body_half(level);
    let y0 = column_y(z);
    let off = z - middle;
    // Bodies are waisted; discs bulge a little.
    let waist = 1.0 - 0.1 * hill(off / half[2]);
    let (a, b) = (half[0] * waist, half[1] * waist);
    let outline = move |x: f32, y: f32| {
        let v = (y - y0) / b;
        // The back of a body is flat.
        let v = if v > 0.0 { v * (1.0 + 0.12 * v) } else { v };
        let r = (x / a * (x / a) + v * v).sqrt();
        (r - 1.0) * b
    };
    let bounds = [-a - 1.0, y0 - b - 1.0, a + 1.0, y0 + b + 1.0];
    canvas.fill(bounds, 85.0, outline);
    let from_plate = off.abs() - half[2];
    let soft = canvas.soft;
    let body = move |x: f32, y: f32| outline(x, y).max(from_plate);
    canvas.fill(bounds, 620.0, body);
    let inner = 0.5 - (from_plate + 1.4) / (2.0 * soft);
    if inner > 0.0 {
        canvas.each(bounds, |x, y, value| {
            let part = (0.5 - (outline(x, y) + 1.5).max(from_plate + 1.4) / (2.0 * soft)).clamp(0.0, 1.0);
            let spongy = super::truth::SPONGY_HU as f32 + 46.0 * noise::rough([x * 0.6, y * 0.6, z * 0.28], 23);
            *value += (spongy - *value) * part;
        });
    }
    // The veins that leave the back of a body in its middle.
    canvas.tubes(
        &chain(&[[0.0, y0 + 2.0, middle, 1.2], [0.0, y0 + half[1] + 1.0, middle, 2.0]]),
        60.0,
    );
    canvas.bones(&bones.processes, 1.3, 760.0, 230.0);
    let canal = Ellipsoid::upright([0.0, y0 + half[1] + 8.5, z], [9.6, 8.0, 40.0]);
    canvas.ellipsoid(&canal, -20.0);
    canvas.ellipsoid(&canal.shrunk(1.6), 12.0);
    let cord = if level < 12 { 5.2 } else { 2.6 };
    canvas.ellipsoid(
        &Ellipsoid::upright([0.0, y0 + half[1] + 8.2, z], [cord, cord * 0.78, 40.0]),
        42.0,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_twelve_pairs_of_ribs_that_lie_outside_the_cavity() {
        let bones = Bones::grown();
        assert_eq!(bones.ribs.len(), 24 * 32);
        for rib in &bones.ribs {
            for part in [0.0, 0.5, 1.0] {
                let [x, y, z] = rib.at(part);
                let z = z / RIB_FLATNESS;
                let r = (x * x + y * y).sqrt();
                if z < -30.0 && x.abs() > 50.0 {
                    assert!(r > cavity_reach(z, [x / r, y / r]), "{x} {y} {z}");
                }
            }
        }
    }

    #[test]
    fn vertebrae_have_one_pitch() {
        for level in 0..12 {
            assert!((vertebra(level)[2] - vertebra(level + 1)[2] - VERTEBRA_PITCH as f32).abs() < 1e-4);
        }
    }
}
