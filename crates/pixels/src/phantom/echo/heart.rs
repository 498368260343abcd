//! The four chambers as a probe at the apex sees them: places in centimetres, x to the right of the picture, y away from it.

use crate::phantom::exact::{hill, round_min, smooth};
use crate::phantom::noise;

/// The heart at one moment of its beat.
pub(crate) struct Heart {
    /// 0 relaxed … 1 contracted.
    squeeze: f32,
    /// 0 closed … 1 open.
    inflow: f32,
    /// 0 … 1: blood leaves the ventricle.
    outflow: f32,
}

/// Depth of the ring of the valves when the heart is relaxed.
const RING: f32 = 10.3;

fn oval(x: f32, y: f32, centre: [f32; 2], half: [f32; 2]) -> f32 {
    let (u, v) = ((x - centre[0]) / half[0], (y - centre[1]) / half[1]);
    let near = (u * u + v * v).sqrt();
    let steep = (u * u / (half[0] * half[0]) + v * v / (half[1] * half[1]))
        .sqrt()
        .max(1e-6);
    near * (near - 1.0) / steep
}

fn from_line(x: f32, y: f32, a: [f32; 2], b: [f32; 2]) -> f32 {
    let (ux, uy) = (b[0] - a[0], b[1] - a[1]);
    let part = (((x - a[0]) * ux + (y - a[1]) * uy) / (ux * ux + uy * uy)).clamp(0.0, 1.0);
    let (dx, dy) = (x - a[0] - ux * part, y - a[1] - uy * part);
    (dx * dx + dy * dy).sqrt()
}

impl Heart {
    /// At a part of the beat, 0 … 1; the ventricles contract first.
    pub(crate) fn at(beat: f32) -> Self {
        let squeeze = smooth(0.02, 0.3, beat) * smooth(0.58, 0.36, beat);
        let early = hill((beat - 0.58) / 0.13);
        let late = 0.7 * hill((beat - 0.9) / 0.09);
        Self {
            squeeze,
            inflow: early.max(late).max(0.25 * smooth(0.46, 0.54, beat)),
            outflow: hill((beat - 0.2) / 0.17),
        }
    }

    fn ring(&self) -> f32 {
        RING - 1.1 * self.squeeze
    }

    /// Distances from the four cavities together: ventricles, then atria.
    fn cavities(&self, x: f32, y: f32) -> [f32; 4] {
        let s = self.squeeze;
        let up = self.ring() - RING;
        [
            oval(x, y, [1.75, 6.5 + up * 0.4], [2.25 - 0.75 * s, 4.1 - 0.75 * s]),
            oval(x, y, [-2.15, 7.3 + up * 0.4], [1.5 - 0.45 * s, 3.25 - 0.6 * s]),
            oval(x, y, [1.8, 12.6 + up * 0.5], [2.0 + 0.2 * s, 2.1 + 0.35 * s]),
            oval(x, y, [-2.1, 12.5 + up * 0.5], [1.9 + 0.15 * s, 2.0 + 0.3 * s]),
        ]
    }

    /// Nearness to the four leaflets, cm.
    fn leaflets(&self, x: f32, y: f32) -> f32 {
        let ring = self.ring();
        let open = self.inflow;
        let mut least = f32::MAX;
        for (left, right) in [(0.15f32, 3.45f32), (-3.55, -0.65)] {
            let middle = (left + right) / 2.0;
            let reach = 0.35 + 1.35 * open;
            let tip = |edge: f32| [middle + (edge - middle) * 0.62 * open, ring - reach];
            least = least.min(from_line(x, y, [left, ring], tip(left)));
            least = least.min(from_line(x, y, [right, ring], tip(right)));
        }
        least
    }

    /// How strongly a place echoes, 0 … 1.
    pub(crate) fn echo(&self, x: f32, y: f32) -> f32 {
        let cavities = self.cavities(x, y);
        let outer = oval(x, y, [0.1, 8.4], [4.75, 7.0]);
        let lumps = noise::smooth([x * 0.9, y * 0.9, 3.5], 61);
        let mut strength = 0.05 + 0.035 * lumps + 0.04 * hill((y - 15.5) / 2.0);
        // Muscle, then the bright sac around it.
        strength += (0.22 + 0.05 * lumps - strength) * part(outer);
        strength = strength.max(0.85 * hill(outer / 0.13) * smooth(2.0, 6.0, y) * smooth(-1.0, 2.0, x));
        strength = strength.max(0.5 * hill(outer / 0.12));
        // The wall between the sides is brighter where the beam meets it squarely.
        let both = round_min(cavities[0], cavities[1], 0.3);
        strength += 0.10 * hill((both - 0.35) / 0.4) * part(outer);
        let blood = cavities.iter().copied().fold(f32::MAX, f32::min);
        strength = strength.max(0.55 * hill((blood - 0.06) / 0.12) * part(outer));
        strength += (0.012 - strength) * part(blood);
        // Gaps where the atria open into the ventricles.
        let ring = self.ring();
        for middle in [1.8, -2.1] {
            let gap = oval(x, y, [middle, ring], [1.45, 0.75]);
            strength += (0.012 - strength) * part(gap);
        }
        strength.max(0.9 * hill(self.leaflets(x, y) / 0.13))
    }

    /// Speed of the blood towards the probe, −1 … 1; 0 where there is none.
    pub(crate) fn flow(&self, x: f32, y: f32) -> f32 {
        let cavities = self.cavities(x, y);
        let blood = cavities[0]
            .min(cavities[2])
            .min(oval(x, y, [1.8, self.ring()], [1.45, 0.75]));
        if blood > 0.0 {
            return 0.0;
        }
        let ring = self.ring();
        let jet = hill((x - 1.8) / (0.75 + 0.09 * (ring - y).abs())) * hill((y - ring + 1.4) / 4.6);
        // Out along the wall between the ventricles; and a little back through the closed valve.
        let out = hill((x - 0.55) / 1.15) * hill((y - ring + 1.2) / 3.2) * smooth(ring + 0.6, ring - 0.4, y);
        let leak = 0.75
            * hill((x - 1.75) / (0.22 + 0.16 * (y - ring).max(0.0)))
            * smooth(ring - 0.2, ring + 0.2, y)
            * smooth(ring + 2.6, ring + 0.8, y);
        jet * self.inflow - (out * 0.9 + leak) * self.outflow
    }
}

/// 1 inside an edge, 0 outside, over a millimetre.
fn part(distance: f32) -> f32 {
    (0.5 - distance / 0.1).clamp(0.0, 1.0)
}
