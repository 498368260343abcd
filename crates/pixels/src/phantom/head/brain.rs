//! The brain: hemispheres with folds, ventricles, deep grey matter, brain stem and cerebellum.

use super::signal::{Mix, Tissue};
use crate::phantom::canvas::Ellipsoid;
use crate::phantom::exact::{hill, round_max, round_min, smooth, wave};
use crate::phantom::noise;
use crate::phantom::tube::{Tube, chain};

/// The inner surface of the skull over the hemispheres.
pub(crate) const VAULT: Ellipsoid = Ellipsoid::upright([0.0, 2.0, 16.0], [68.5, 87.0, 72.0]);

/// How thick the cortex is, mm.
const CORTEX: f32 = 2.9;

/// Period of the folds' pattern on the vault; clefts lie about half of it apart.
const FOLD_MM: f32 = 30.0;

/// What has to be built once.
pub(crate) struct Brain {
    ventricles: Vec<Tube>,
    callosum: Vec<Tube>,
    stem: Vec<Tube>,
    arteries: Vec<Tube>,
    seed: u32,
}

impl Brain {
    pub(crate) fn grown(seed: u32) -> Self {
        let mut ventricles = Vec::new();
        for side in [-1.0f32, 1.0] {
            ventricles.extend(chain(&[
                [side * 7.0, -31.0, 13.0, 5.0],
                [side * 9.0, -14.0, 23.0, 6.0],
                [side * 13.0, 8.0, 26.0, 5.5],
                [side * 20.0, 27.0, 20.0, 7.0],
                [side * 25.0, 36.0, 9.0, 7.5],
                [side * 31.0, 24.0, -4.0, 4.0],
                [side * 33.0, 6.0, -14.0, 3.0],
                [side * 32.0, -6.0, -17.0, 2.5],
            ]));
            ventricles.extend(chain(&[[side * 25.0, 36.0, 9.0, 6.0], [side * 23.0, 56.0, 7.0, 2.5]]));
        }
        // The channel between the third and the fourth ventricle.
        ventricles.extend(chain(&[
            [0.0, 15.0, 2.0, 1.8],
            [0.0, 24.0, -14.0, 1.1],
            [0.0, 31.0, -28.0, 2.0],
        ]));
        Self {
            ventricles,
            callosum: chain(&[
                [0.0, -28.0, 7.0, 2.6],
                [0.0, -38.0, 14.0, 5.2],
                [0.0, -32.0, 25.0, 4.4],
                [0.0, -12.0, 33.0, 3.6],
                [0.0, 12.0, 35.0, 3.4],
                [0.0, 31.0, 28.0, 4.6],
                [0.0, 36.0, 19.0, 6.0],
            ]),
            stem: chain(&[
                [0.0, 9.0, 2.0, 15.0],
                [0.0, 14.0, -14.0, 14.0],
                [0.0, 20.0, -30.0, 12.5],
                [0.0, 27.0, -52.0, 9.0],
                [0.0, 34.0, -78.0, 6.5],
                [0.0, 40.0, -160.0, 5.8],
            ]),
            arteries: arteries(),
            seed,
        }
    }

    /// Distance from the inner surface of the skull and of the canal below it, negative inside.
    pub(crate) fn room(p: [f32; 3]) -> f32 {
        let [x, y, z] = p;
        let upper = round_max(VAULT.distance(p), (floor(x, y) - 3.0 - z) * 0.9, 8.0);
        let front = Ellipsoid::upright([0.0, 15.0, -31.0], [23.0, 17.0, 24.0]).distance(p);
        let canal = Tube::new([0.0, 30.0, -54.0], [0.0, 41.0, -170.0], 11.0, 9.5).distance(p);
        round_min(
            upper,
            round_min(round_min(hindbrain(p) - 3.2, front, 6.0), canal, 5.0),
            5.0,
        )
    }

    /// Lays everything inside the skull; `room` is the distance from its inner surface.
    pub(crate) fn lay(&self, mix: &mut Mix, p: [f32; 3], room: f32) {
        let [x, y, z] = p;
        if room > 2.0 {
            return;
        }
        mix.lay(Tissue::Dura, room - 0.6);
        mix.lay(Tissue::Water, room);
        let vault = VAULT.distance(p);
        self.hemispheres(mix, p, vault);
        if z < 20.0 {
            self.cerebellum(mix, p);
            self.brain_stem(mix, p);
        }
        // Tent and sickle: thin sheets of dura, with the great vein where they meet the skull.
        let wide = 15.0 + 0.9 * (y - 24.0);
        let sheet = ((z - tent(x, y)).abs() * 0.9 - 0.5)
            .max(vault + 2.0)
            .max(22.0 - y)
            .max(wide.min(16.0) - x.abs());
        mix.lay(Tissue::Dura, sheet);
        let sickle = (x.abs() - 0.6)
            .max(vault)
            .max(38.0 - z - 24.0 * hill((y + 70.0) / 60.0) - 20.0 * hill((y - 70.0) / 50.0));
        mix.lay(Tissue::Dura, sickle);
        if z > -12.0 && y > -70.0 {
            let deep = vault + 2.6;
            mix.lay(Tissue::Blood, (x * x + deep * deep).sqrt() - 3.0);
        }
        if z < 10.0 {
            for tube in &self.arteries {
                mix.lay(Tissue::Blood, tube.distance(p));
            }
        }
    }

    fn hemispheres(&self, mix: &mut Mix, p: [f32; 3], vault: f32) {
        let [x, y, z] = p;
        let lower = (floor(x, y) - z) * 0.9;
        // The two halves touch but for a slit, which is wider at its ends.
        let slit = 1.1 + 0.7 * smooth(30.0, 70.0, y.abs()) - x.abs();
        let convex = round_max(vault + 3.0, lower, 9.0);
        let outer = round_max(convex, slit, 4.0);
        if outer > 2.0 {
            return;
        }
        let cortex = CORTEX + 0.6 * noise::smooth([x * 0.09, y * 0.09, z * 0.09], self.seed ^ 5);
        let mut cleft = self.fold(p, -(vault + 3.0));
        if x.abs() < 24.0 {
            let callosum = self
                .callosum
                .iter()
                .map(|t| t.distance([0.0, y, z]))
                .fold(f32::MAX, f32::min);
            // A fold of the inner face runs around the bridge between the halves.
            let bent = 3.5 * noise::smooth([x * 0.08, y * 0.06, z * 0.06], self.seed ^ 7) + 0.25 * x.abs();
            let around = (callosum - 10.5 - bent).abs();
            let reach = 8.0 + 3.0 * noise::smooth([y * 0.05, z * 0.05, 9.5], self.seed ^ 11);
            let inner = round_max(around - 0.7, x.abs() - reach, 2.0).max(-6.0 - z + 0.4 * y);
            cleft = cleft.min(inner);
            let surface = outer.max(-cleft);
            mix.lay(Tissue::Grey, surface);
            mix.lay(Tissue::White, surface + cortex);
            mix.lay(Tissue::White, callosum.max(x.abs() - 15.0));
        } else {
            let surface = outer.max(-cleft);
            mix.lay(Tissue::Grey, surface);
            mix.lay(Tissue::White, surface + cortex);
        }
        self.deep(mix, p);
    }

    /// Distance from the nearest fold's cleft (negative inside the cleft), by the depth below the outer surface.
    fn fold(&self, p: [f32; 3], depth: f32) -> f32 {
        let [x, y, z] = p;
        // The great fold at the side.
        let wander = noise::smooth([y * 0.06, z * 0.06, 1.5], self.seed ^ 6);
        let side = z - 2.0 + 0.32 * (y + 6.0) + 3.0 * wander;
        let great = round_max(side.abs() - 1.4, 37.0 - x.abs() - 0.1 * y.abs(), 5.0)
            .max(y - 34.0)
            .max(-40.0 - y);
        if depth > 27.0 {
            return great;
        }
        // Folds stand upright on the surface: a meandering pattern is laid out on the vault and leans a little with depth.
        let from = [x - VAULT.centre[0], y - VAULT.centre[1], z - VAULT.centre[2]];
        let out = (from[0] * from[0] + from[1] * from[1] + from[2] * from[2])
            .sqrt()
            .max(1.0);
        let scale = 78.0 / out;
        let on = from.map(|v| v * scale);
        let bend = |k: u32| {
            let broad = noise::smooth(on.map(|v| v * 0.045 + 2.0), self.seed ^ (20 + k)) * 9.0;
            broad + noise::smooth(p.map(|v| v * 0.085), self.seed ^ (30 + k)) * (2.0 + 0.3 * depth.clamp(0.0, 14.0))
        };
        let [a, b, c] = [on[0] + bend(0), on[1] + bend(1), on[2] + bend(2)].map(|v| v / FOLD_MM);
        let quarter = 0.25;
        let sheet = wave(a) * wave(b + quarter) + wave(b) * wave(c + quarter) + wave(c) * wave(a + quarter);
        // The pattern's slope is about 1.2 a radian.
        let away = sheet.abs() * FOLD_MM / (1.25 * std::f32::consts::TAU) / scale;
        let deepest = 15.0 + 8.0 * noise::smooth(on.map(|v| v * 0.05 + 5.0), self.seed ^ 4);
        let width = 0.6 * smooth(deepest, deepest * 0.2, depth) + 0.6 * smooth(6.0, 0.0, depth);
        let fold = away - width + 6.0 * smooth(deepest - 2.0, deepest + 3.0, depth);
        fold.min(great)
    }

    fn deep(&self, mix: &mut Mix, p: [f32; 3]) {
        let [x, y, z] = p;
        if x.abs() > 46.0 || !(-64.0..=70.0).contains(&y) || !(-34.0..=46.0).contains(&z) {
            return;
        }
        let side = [x.abs(), y, z];
        for (centre, half) in [
            ([14.0, -20.0, 16.0], [5.5, 13.0, 9.0]),
            ([25.5, -3.0, 6.0], [6.5, 18.0, 10.5]),
            ([10.5, 12.0, 11.0], [9.5, 15.0, 9.5]),
            ([27.0, -4.0, -22.0], [8.0, 8.0, 7.0]),
        ] {
            mix.lay(Tissue::DeepGrey, Ellipsoid::upright(centre, half).distance(side));
        }
        let ventricle = self.ventricles.iter().map(|t| t.distance(p)).fold(f32::MAX, f32::min);
        mix.lay(Tissue::Water, ventricle);
        let third = (x.abs() - 2.2).max((y - 4.0).abs() - 15.0).max((z - 4.0).abs() - 11.0);
        mix.lay(Tissue::Water, third);
        // The wall between the frontal horns.
        mix.lay(
            Tissue::White,
            (x.abs() - 0.8).max((y + 10.0).abs() - 20.0).max((z - 22.0).abs() - 8.0),
        );
    }

    fn cerebellum(&self, mix: &mut Mix, p: [f32; 3]) {
        let [x, y, z] = p;
        let outer = hindbrain(p);
        if outer > 2.0 {
            return;
        }
        // Leaves lie one behind another.
        let wander = noise::smooth([x * 0.06, y * 0.06, z * 0.06], self.seed ^ 8);
        let layer = (y * 0.62 - z * 0.55 + x * x * 0.006) / 4.4 + 0.5 * wander;
        let cleft = (layer - layer.floor() - 0.5).abs() * 4.4 - 0.1 + smooth(1.0, 9.0, -outer) * 3.2;
        let surface = outer.max(0.35 - cleft);
        mix.lay(Tissue::Grey, surface);
        mix.lay(
            Tissue::White,
            (outer + 4.5).max(1.5 - cleft + smooth(9.0, 16.0, -outer) * -3.0),
        );
        mix.lay(
            Tissue::DeepGrey,
            Ellipsoid::upright([x.signum() * 15.0, 44.0, -33.0], [7.0, 5.0, 5.0]).distance(p),
        );
        mix.lay(
            Tissue::Water,
            Ellipsoid::upright([0.0, 34.5, -34.0], [8.0, 5.5, 11.0]).distance(p),
        );
    }

    fn brain_stem(&self, mix: &mut Mix, p: [f32; 3]) {
        let [x, y, z] = p;
        let stem = self.stem.iter().map(|t| t.distance(p)).fold(f32::MAX, f32::min);
        let pons = Ellipsoid::upright([0.0, 12.0, -32.0], [17.0, 12.0, 14.0]).distance(p);
        let stem = round_min(stem, pons, 4.0);
        // Open behind, where the fourth ventricle and the channel lie.
        let fourth = Ellipsoid::upright([0.0, 35.0, -34.0], [9.0, 6.0, 12.0]).distance(p);
        mix.lay(Tissue::White, stem.max(z - 4.0).max(-fourth));
        mix.lay(Tissue::DeepGrey, stem.max(z - 4.0).max(-fourth) + 4.5);
        mix.lay(
            Tissue::Pituitary,
            Ellipsoid::upright([0.0, -14.0, -19.0], [6.5, 5.0, 3.8]).distance(p),
        );
        let channel = Tube::new([0.0, 20.0, -4.0], [0.0, 30.0, -26.0], 1.2, 1.4);
        mix.lay(Tissue::Water, channel.distance([x, y, z]));
    }
}

/// Height of the tent over the cerebellum: highest in the middle, falling to the sides and backwards.
fn tent(x: f32, y: f32) -> f32 {
    4.0 - 0.0075 * x * x - 0.36 * (y - 30.0)
}

/// Height of the floor of the hemispheres: high under the forehead, low under the temples, on the tent behind.
fn floor(x: f32, y: f32) -> f32 {
    let temple = hill((y + 6.0) / 50.0) * smooth(10.0, 32.0, x.abs());
    let before = -6.0 - 27.0 * temple;
    let behind = tent(x, y) + 1.5;
    before + (behind - before) * smooth(16.0, 38.0, y)
}

/// Distance from the surface of the cerebellum.
fn hindbrain(p: [f32; 3]) -> f32 {
    let [x, y, z] = p;
    let halves = Ellipsoid::upright([x.signum() * 22.0, 50.0, -33.0], [30.0, 30.0, 24.0]).distance(p);
    let worm = Ellipsoid::upright([0.0, 50.0, -28.0], [14.0, 25.0, 22.0]).distance(p);
    round_max(round_min(halves, worm, 7.0), z - tent(x, y) + 2.0, 4.0)
}

fn arteries() -> Vec<Tube> {
    let mut tubes = chain(&[[0.0, 3.0, -52.0, 1.9], [0.0, -2.0, -34.0, 1.9], [0.0, 1.0, -19.0, 1.8]]);
    for side in [-1.0f32, 1.0] {
        tubes.extend(chain(&[
            [side * 13.0, -8.0, -40.0, 2.4],
            [side * 11.0, -14.0, -22.0, 2.3],
            [side * 14.0, -14.0, -13.0, 1.9],
            [side * 30.0, -12.0, -11.0, 1.7],
            [side * 40.0, -8.0, -4.0, 1.4],
        ]));
        tubes.extend(chain(&[
            [side * 12.0, -16.0, -12.0, 1.5],
            [side * 3.0, -24.0, -8.0, 1.3],
            [side * 2.0, -40.0, 6.0, 1.2],
        ]));
        tubes.extend(chain(&[
            [0.0, 1.0, -19.0, 1.5],
            [side * 14.0, 10.0, -17.0, 1.4],
            [side * 20.0, 26.0, -12.0, 1.2],
        ]));
    }
    tubes
}
