//! Tubes: what vessels, bronchi, ribs and bowel are made of.

use super::canvas::Bounds;
use super::noise;

/// A straight tube with round ends, its radius changing evenly from one end to the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tube {
    pub(crate) from: [f32; 3],
    pub(crate) along: [f32; 3],
    pub(crate) radius: f32,
    /// How much the radius grows from end to end.
    pub(crate) growth: f32,
    inverse_square: f32,
}

impl Tube {
    pub(crate) fn new(from: [f32; 3], to: [f32; 3], radius: f32, end_radius: f32) -> Self {
        let along = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
        let square = along[0] * along[0] + along[1] * along[1] + along[2] * along[2];
        Self {
            from,
            along,
            radius,
            growth: end_radius - radius,
            inverse_square: if square > 0.0 { 1.0 / square } else { 0.0 },
        }
    }

    pub(crate) fn at(&self, part: f32) -> [f32; 3] {
        [
            self.from[0] + self.along[0] * part,
            self.from[1] + self.along[1] * part,
            self.from[2] + self.along[2] * part,
        ]
    }

    /// Distance from the surface, negative inside.
    pub(crate) fn distance(&self, p: [f32; 3]) -> f32 {
        let from = [p[0] - self.from[0], p[1] - self.from[1], p[2] - self.from[2]];
        let [ax, ay, az] = self.along;
        let part = ((from[0] * ax + from[1] * ay + from[2] * az) * self.inverse_square).clamp(0.0, 1.0);
        let (x, y, z) = (from[0] - ax * part, from[1] - ay * part, from[2] - az * part);
        (x * x + y * y + z * z).sqrt() - (self.radius + self.growth * part)
    }

    /// The rectangle that holds its cut at a height; `None` when there is none.
    pub(crate) fn bounds(&self, z: f32, soft: f32) -> Option<Bounds> {
        let reach = self.radius.max(self.radius + self.growth) + soft;
        let (rise, start) = (self.along[2], z - self.from[2]);
        if start < rise.min(0.0) - reach || start > rise.max(0.0) + reach {
            return None;
        }
        // Only the piece that comes within reach of the slice.
        let (first, last) = if rise.abs() < 1e-3 {
            (0.0, 1.0)
        } else {
            let (a, b) = ((start - reach) / rise, (start + reach) / rise);
            (a.min(b).clamp(0.0, 1.0), a.max(b).clamp(0.0, 1.0))
        };
        let (a, b) = (self.at(first), self.at(last));
        Some([
            a[0].min(b[0]) - reach,
            a[1].min(b[1]) - reach,
            a[0].max(b[0]) + reach,
            a[1].max(b[1]) + reach,
        ])
    }
}

/// Tubes from point to point, each point with its radius.
pub(crate) fn chain(points: &[[f32; 4]]) -> Vec<Tube> {
    points
        .windows(2)
        .map(|w| {
            Tube::new(
                [w[0][0], w[0][1], w[0][2]],
                [w[1][0], w[1][1], w[1][2]],
                w[0][3],
                w[1][3],
            )
        })
        .collect()
}

/// A tube of a tree, and how many tips it feeds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Branch {
    pub(crate) tube: Tube,
    pub(crate) tips: usize,
}

/// A tree that reaches each of the tips from its root, thicker towards the root so that each branching keeps the flow
/// (radius ∝ tips^(1/2.6), between Murray's cube and the square).
pub(crate) fn grow(root: [f32; 3], tips: Vec<[f32; 3]>, tip_radius: f32, seed: u32) -> Vec<Branch> {
    let mut branches = Vec::with_capacity(tips.len() * 4);
    let mut work = vec![(root, tips, f32::INFINITY)];
    while let Some((node, mut tips, thickest)) = work.pop() {
        let count = tips.len();
        if count < 2 {
            if let Some(tip) = tips.first() {
                bent(
                    &mut branches,
                    node,
                    *tip,
                    [tip_radius.min(thickest), tip_radius * 0.6],
                    1,
                    seed,
                );
            }
            continue;
        }
        let axis = widest(&tips);
        tips.sort_by(|a, b| a[axis].total_cmp(&b[axis]));
        let far = tips.split_off(count / 2);
        for side in [tips, far] {
            let centre = centroid(&side);
            let part = if side.len() > 3 { 0.42 } else { 0.55 };
            let next = [0, 1, 2].map(|k| node[k] + (centre[k] - node[k]) * part);
            let radius = tip_radius * super::exact::pow(side.len() as f64, 1.0 / 2.6) as f32;
            let radius = radius.min(thickest);
            bent(&mut branches, node, next, [radius, radius * 0.92], side.len(), seed);
            work.push((next, side, radius));
        }
    }
    branches
}

/// Two tubes with a slight bend between them, as vessels run.
fn bent(out: &mut Vec<Branch>, from: [f32; 3], to: [f32; 3], radii: [f32; 2], tips: usize, seed: u32) {
    let length = [0, 1, 2]
        .map(|k| (to[k] - from[k]) * (to[k] - from[k]))
        .iter()
        .sum::<f32>()
        .sqrt();
    let place = from.map(|v| (v * 16.0) as i32);
    let mut middle = [0.0; 3];
    for (k, middle) in middle.iter_mut().enumerate() {
        let push = noise::even(noise::hash(place[0], place[1], place[2], seed ^ (k as u32 + 77)));
        *middle = (from[k] + to[k]) / 2.0 + push * length * 0.13;
    }
    let between = (radii[0] + radii[1]) / 2.0;
    for (a, b, ra, rb) in [(from, middle, radii[0], between), (middle, to, between, radii[1])] {
        out.push(Branch {
            tube: Tube::new(a, b, ra, rb),
            tips,
        });
    }
}

fn widest(points: &[[f32; 3]]) -> usize {
    let extent = |k: usize| {
        let values = points.iter().map(|p| p[k]);
        values.clone().fold(f32::MIN, f32::max) - values.fold(f32::MAX, f32::min)
    };
    let (x, y, z) = (extent(0), extent(1), extent(2));
    if x >= y && x >= z {
        0
    } else if y >= z {
        1
    } else {
        2
    }
}

fn centroid(points: &[[f32; 3]]) -> [f32; 3] {
    let mut sum = [0.0f32; 3];
    for point in points {
        for (sum, value) in sum.iter_mut().zip(point) {
            *sum += value;
        }
    }
    sum.map(|v| v / points.len().max(1) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tube_knows_its_surface_and_its_bounds() {
        let tube = Tube::new([0.0, 0.0, 0.0], [0.0, 0.0, 10.0], 2.0, 2.0);
        assert_eq!(tube.distance([5.0, 0.0, 5.0]), 3.0);
        assert_eq!(tube.distance([0.0, 0.0, 14.0]), 2.0);
        assert_eq!(tube.bounds(5.0, 1.0), Some([-3.0, -3.0, 3.0, 3.0]));
        assert_eq!(tube.bounds(13.5, 1.0), None);
        let long = Tube::new([0.0, 0.0, 0.0], [100.0, 0.0, 100.0], 1.0, 1.0);
        let bounds = long.bounds(50.0, 0.0).unwrap();
        assert!(bounds[0] >= 48.0 - 1e-3 && bounds[2] <= 52.0 + 1e-3, "{bounds:?}");
    }

    #[test]
    fn a_tree_reaches_every_tip_and_thins_towards_them() {
        let tips: Vec<[f32; 3]> = (0..64)
            .map(|i| [0, 1, 2].map(|k| noise::even(noise::hash(i, k, 0, 9)) * 50.0))
            .collect();
        let tree = grow([0.0, 0.0, 80.0], tips.clone(), 0.5, 1);
        for tip in tips {
            let nearest = tree.iter().map(|b| b.tube.distance(tip)).fold(f32::MAX, f32::min);
            assert!(nearest <= 0.0, "{nearest}");
        }
        let thickest = tree.iter().map(|b| b.tube.radius).fold(0.0, f32::max);
        assert!((1.5..3.0).contains(&thickest), "{thickest}");
    }
}
