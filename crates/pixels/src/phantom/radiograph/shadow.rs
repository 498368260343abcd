//! The sharp shadows of ribs, collar bones and the vessels of the lungs.

use super::{Radiograph, View};
use crate::phantom::torso::{Anatomy, RIB_FLATNESS};
use crate::phantom::tube::Tube;

/// A kind of tube: its heights are multiplied by `flat`; densities against what surrounds it, HU ÷ 1000.
#[derive(Clone, Copy)]
struct Kind {
    flat: f32,
    shell: f32,
    outer: f32,
    inner: f32,
}

/// Adds the shadows to what has reached the plate.
pub(crate) fn cast(exposure: &Radiograph, plate: &mut [f32]) {
    let anatomy = Anatomy::standard();
    let rib = Kind {
        flat: RIB_FLATNESS,
        shell: 1.2,
        outer: 0.80,
        inner: 0.16,
    };
    let girdle = Kind { flat: 1.0, ..rib };
    let vessel = Kind {
        flat: 1.0,
        shell: 0.0,
        outer: 0.98,
        inner: 0.98,
    };
    let bronchus = Kind {
        flat: 1.0,
        shell: 1.2,
        outer: 0.6,
        inner: -0.12,
    };
    for tube in &anatomy.bones.ribs {
        shade(exposure, plate, tube, rib);
    }
    for tube in &anatomy.bones.shoulder {
        shade(exposure, plate, tube, girdle);
    }
    for tube in anatomy.trees.vessels.iter().filter(|t| t.radius > 0.52) {
        shade(exposure, plate, tube, vessel);
    }
    for tube in anatomy.trees.bronchi.iter().filter(|t| t.radius > 1.2) {
        shade(exposure, plate, tube, bronchus);
    }
}

/// One tube's shadow; `across`, `along` and `z` are the tube's coordinates across the plate, along the beam and in height.
fn shade(exposure: &Radiograph, plate: &mut [f32], tube: &Tube, kind: Kind) {
    let (across, along) = match exposure.view {
        View::Posteroanterior => (0, 1),
        View::LeftLateral => (1, 0),
    };
    let turn = |v: [f32; 3]| [v[across], v[along], v[2]];
    let (from, axis) = (turn(tube.from), turn(tube.along));
    let reach = tube.radius.max(tube.radius + tube.growth);
    let [left, top] = exposure.place(0.0, 0.0).map(|v| v as f32);
    let [right, bottom] = exposure.place(1.0, 1.0).map(|v| v as f32);
    let (wide, tall) = (right - left, (top - bottom) * kind.flat);
    let (least, most) = (
        from[0].min(from[0] + axis[0]) - reach,
        from[0].max(from[0] + axis[0]) + reach,
    );
    let (low, high) = (
        from[2].min(from[2] + axis[2]) - reach,
        from[2].max(from[2] + axis[2]) + reach,
    );
    let top = top * kind.flat;
    let columns = span((least - left) / wide, (most - left) / wide, Radiograph::COLUMNS);
    let rows = span((top - high) / tall, (top - low) / tall, Radiograph::ROWS);
    let square: f32 = axis.iter().map(|a| a * a).sum();
    if square <= 0.0 {
        return;
    }
    let beam = Beam {
        axis,
        square,
        // Distance of a line along the beam from the axis grows with what is across the beam only.
        open: square - axis[1] * axis[1],
    };
    let depth = exposure.depth() as f32;
    for row in rows {
        let z = top - row as f32 * tall - from[2];
        let line = &mut plate[row * Radiograph::COLUMNS as usize..][..Radiograph::COLUMNS as usize];
        for column in columns.clone() {
            let x = left + column as f32 * wide - from[0];
            let part = ((x * axis[0] + z * axis[2]) / beam.open.max(1e-6)).clamp(0.0, 1.0);
            let radius = tube.radius + tube.growth * part;
            let whole = beam.chord(x, z, radius);
            if whole > 0.0 {
                let inner = if kind.shell > 0.0 {
                    beam.chord(x, z, radius - kind.shell)
                } else {
                    whole
                };
                line[column] += ((whole - inner) * kind.outer + inner * kind.inner) * depth;
            }
        }
    }
}

fn span(from: f32, to: f32, count: u32) -> std::ops::Range<usize> {
    let first = (from.ceil().max(0.0) as usize).min(count as usize);
    let end = ((to.floor() + 1.0).max(0.0) as usize).min(count as usize);
    first..end.max(first)
}

/// Lines parallel to the beam against a tube that begins at the origin.
struct Beam {
    axis: [f32; 3],
    square: f32,
    open: f32,
}

impl Beam {
    /// How long a line at (x, z) runs inside the tube, cut square at its ends.
    fn chord(&self, x: f32, z: f32, radius: f32) -> f32 {
        if radius <= 0.0 {
            return 0.0;
        }
        let [ax, ay, az] = self.axis;
        let flat = x * ax + z * az;
        // Along the line (x, s, z): where it enters and leaves the endless cylinder.
        let (entry, exit) = if self.open > 1e-4 * self.square {
            // |p|² − (p·a)²/|a|² = r² as a quadratic in s.
            let a = self.open / self.square;
            let b = -flat * ay / self.square;
            let c = x * x + z * z - flat * flat / self.square - radius * radius;
            let under = b * b - a * c;
            if under <= 0.0 {
                return 0.0;
            }
            let root = under.sqrt();
            ((-b - root) / a, (-b + root) / a)
        } else if x * x + z * z < radius * radius {
            (f32::MIN, f32::MAX)
        } else {
            return 0.0;
        };
        // Between the end planes: 0 ≤ p·a ≤ |a|².
        let (start, end) = if ay.abs() > 1e-4 {
            let (p, q) = (-flat / ay, (self.square - flat) / ay);
            (p.min(q), p.max(q))
        } else if flat >= 0.0 && flat <= self.square {
            (f32::MIN, f32::MAX)
        } else {
            return 0.0;
        };
        (exit.min(end) - entry.max(start)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beam(axis: [f32; 3]) -> Beam {
        let square: f32 = axis.iter().map(|a| a * a).sum();
        Beam {
            axis,
            square,
            open: square - axis[1] * axis[1],
        }
    }

    #[test]
    fn chords_are_those_of_a_cylinder() {
        let across = beam([10.0, 0.0, 0.0]);
        assert!((across.chord(5.0, 0.0, 3.0) - 6.0).abs() < 1e-4);
        assert!((across.chord(5.0, 1.8, 3.0) - 4.8).abs() < 1e-4);
        assert_eq!(across.chord(-1.0, 0.0, 3.0), 0.0, "before its end");
        let along = beam([0.0, 10.0, 0.0]);
        assert!((along.chord(1.0, 1.0, 3.0) - 10.0).abs() < 1e-4);
        // Slanted by 45°: the middle line is √2 longer.
        let slanted = beam([10.0, 10.0, 0.0]);
        assert!((slanted.chord(5.0, 0.0, 1.0) - 2.0 * 2.0f32.sqrt()).abs() < 1e-3);
    }
}
