//! A slice under the brush: organs are painted over one another, with soft edges.

use std::ops::Range;

use super::tube::Tube;

/// Values on a grid of places of one slice; the places are in the coordinates of the anatomy, mm.
pub(crate) struct Canvas {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    /// Place of the first pixel's centre.
    pub(crate) corner: [f32; 2],
    /// From pixel to pixel along x and y.
    pub(crate) step: [f32; 2],
    /// Height of the slice.
    pub(crate) z: f32,
    /// Half of the width over which an edge goes from one value to the other, mm.
    pub(crate) soft: f32,
    pub(crate) values: Vec<f32>,
}

/// A rectangle of places: least x, least y, greatest x, greatest y.
pub(crate) type Bounds = [f32; 4];

impl Canvas {
    pub(crate) fn new(size: (usize, usize), corner: [f32; 2], step: [f32; 2], z: f32, soft: f32) -> Self {
        Self {
            columns: size.0,
            rows: size.1,
            corner,
            step,
            z,
            soft,
            values: vec![0.0; size.0 * size.1],
        }
    }

    pub(crate) fn y(&self, row: usize) -> f32 {
        self.corner[1] + row as f32 * self.step[1]
    }

    fn range(&self, axis: usize, from: f32, to: f32, count: usize) -> Range<usize> {
        let index = |place: f32| (place - self.corner[axis]) / self.step[axis];
        let first = index(from - self.soft).ceil().max(0.0) as usize;
        let end = (index(to + self.soft).floor() + 1.0).max(0.0) as usize;
        first.min(count)..end.min(count)
    }

    /// Lets `paint` change each value within the bounds.
    pub(crate) fn each(&mut self, bounds: Bounds, mut paint: impl FnMut(f32, f32, &mut f32)) {
        let columns = self.range(0, bounds[0], bounds[2], self.columns);
        for row in self.range(1, bounds[1], bounds[3], self.rows) {
            let y = self.y(row);
            let (left, step) = (self.corner[0], self.step[0]);
            let line = &mut self.values[row * self.columns..(row + 1) * self.columns];
            for (column, value) in columns.clone().zip(&mut line[columns.clone()]) {
                paint(left + column as f32 * step, y, value);
            }
        }
    }

    /// Fills the inside of a surface with a value.
    pub(crate) fn fill(&mut self, bounds: Bounds, value: f32, distance: impl Fn(f32, f32) -> f32) {
        let scale = 0.5 / self.soft;
        self.each(bounds, |x, y, old| {
            let part = (0.5 - distance(x, y) * scale).clamp(0.0, 1.0);
            *old += (value - *old) * part;
        });
    }

    /// Fills a sphere, an ellipsoid or whatever knows its bounds.
    pub(crate) fn ellipsoid(&mut self, shape: &Ellipsoid, value: f32) {
        if let Some(bounds) = shape.bounds(self.z, self.soft) {
            let z = self.z;
            self.fill(bounds, value, |x, y| shape.distance([x, y, z]));
        }
    }

    /// Fills tubes.
    pub(crate) fn tubes<'a>(&mut self, tubes: impl IntoIterator<Item = &'a Tube>, value: f32) {
        self.shrunk_tubes(tubes, 0.0, value);
    }

    /// Fills what is left of tubes when their surface moves inwards.
    pub(crate) fn shrunk_tubes<'a>(&mut self, tubes: impl IntoIterator<Item = &'a Tube>, inwards: f32, value: f32) {
        let (z, soft) = (self.z, self.soft);
        for tube in tubes {
            if let Some(bounds) = tube.bounds(z, soft) {
                self.fill(bounds, value, |x, y| tube.distance([x, y, z]) + inwards);
            }
        }
    }

    /// Fills tubes of bone: a shell of compact bone around spongy bone.
    pub(crate) fn bones(&mut self, tubes: &[Tube], shell: f32, compact: f32, spongy: f32) {
        self.tubes(tubes, compact);
        self.shrunk_tubes(tubes, shell, spongy);
    }
}

/// An ellipsoid in any direction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ellipsoid {
    pub(crate) centre: [f32; 3],
    pub(crate) half: [f32; 3],
    /// Unit directions of the half axes.
    pub(crate) axes: [[f32; 3]; 3],
}

impl Ellipsoid {
    /// Along x, y and z.
    pub(crate) const fn upright(centre: [f32; 3], half: [f32; 3]) -> Self {
        Self {
            centre,
            half,
            axes: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        }
    }

    /// With the first axis along a direction and the second as near to `second` as it can be.
    pub(crate) fn along(centre: [f32; 3], half: [f32; 3], first: [f32; 3], second: [f32; 3]) -> Self {
        let u = unit(first);
        let w = unit(cross(u, second));
        Self {
            centre,
            half,
            axes: [u, cross(w, u), w],
        }
    }

    /// The same, smaller by a length along each axis.
    pub(crate) fn shrunk(&self, by: f32) -> Self {
        Self {
            half: self.half.map(|h| (h - by).max(0.1)),
            ..*self
        }
    }

    /// Nearly the distance from the surface, negative inside; exact on the surface.
    pub(crate) fn distance(&self, p: [f32; 3]) -> f32 {
        let from = [p[0] - self.centre[0], p[1] - self.centre[1], p[2] - self.centre[2]];
        let mut near = 0.0;
        let mut steep = 0.0;
        for (axis, half) in self.axes.iter().zip(self.half) {
            let part = dot(*axis, from) / half;
            near += part * part;
            steep += part * part / (half * half);
        }
        let near = near.sqrt();
        near * (near - 1.0) / steep.sqrt().max(1e-6)
    }

    /// The rectangle that holds its cut at a height; `None` when there is no cut.
    pub(crate) fn bounds(&self, z: f32, soft: f32) -> Option<Bounds> {
        let reach = |k: usize| {
            let sum: f32 = self
                .axes
                .iter()
                .zip(self.half)
                .map(|(a, h)| (a[k] * h) * (a[k] * h))
                .sum();
            sum.sqrt()
        };
        if (z - self.centre[2]).abs() > reach(2) + soft {
            return None;
        }
        let (x, y) = (reach(0), reach(1));
        let [cx, cy, _] = self.centre;
        Some([cx - x, cy - y, cx + x, cy + y])
    }
}

pub(crate) fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(crate) fn cross(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

pub(crate) fn unit(v: [f32; 3]) -> [f32; 3] {
    let length = dot(v, v).sqrt().max(1e-9);
    v.map(|c| c / length)
}
