//! What surrounds the brain: scalp, skull, face, eyes and neck.

use super::brain::VAULT;
use super::signal::{Mix, Tissue};
use crate::phantom::canvas::Ellipsoid;
use crate::phantom::exact::{hill, round_max, round_min, smooth};
use crate::phantom::noise;
use crate::phantom::tube::{Tube, chain};

const JAW: Ellipsoid = Ellipsoid::upright([0.0, -40.0, -62.0], [54.0, 54.0, 66.0]);
const BASE: Ellipsoid = Ellipsoid::upright([0.0, 12.0, -26.0], [64.0, 72.0, 44.0]);

/// Tubes of the face and neck.
pub(crate) struct Face {
    nose: Tube,
    airway: Vec<Tube>,
    clivus: Tube,
    nerves: Vec<Tube>,
}

impl Face {
    pub(crate) fn grown() -> Self {
        let nerve = |side: f32| Tube::new([side * 31.0, -62.0, -13.0], [side * 8.0, -22.0, -12.0], 2.2, 2.2);
        Self {
            nose: Tube::new([0.0, -88.0, -12.0], [0.0, -108.0, -42.0], 6.0, 10.0),
            airway: chain(&[
                [0.0, -60.0, -44.0, 9.0],
                [0.0, -26.0, -46.0, 9.0],
                [0.0, -8.0, -62.0, 8.0],
                [0.0, -4.0, -95.0, 7.0],
                [0.0, -8.0, -160.0, 9.0],
            ]),
            clivus: Tube::new([0.0, -12.0, -28.0], [0.0, 8.0, -58.0], 7.0, 4.5),
            nerves: vec![nerve(-1.0), nerve(1.0)],
        }
    }

    /// Distance from the skin.
    fn skin(&self, p: [f32; 3]) -> f32 {
        let [x, y, z] = p;
        let scalp = VAULT.distance(p) - 14.5;
        let lower = BASE.distance(p) - 10.0;
        let neck = {
            let (u, v) = (x / 60.0, (y - 16.0 + 0.12 * (z + 100.0)) / 56.0);
            ((u * u + v * v).sqrt() - 1.0) * 56.0
        };
        let neck = neck.max(z + 60.0);
        let head = round_min(
            round_min(scalp, lower, 14.0),
            round_min(JAW.distance(p), neck, 24.0),
            18.0,
        );
        let nose = self.nose.distance(p).max(x.abs() - 13.0);
        let ear = Ellipsoid::upright([x.signum() * 80.0, 16.0, -18.0], [8.0, 16.0, 28.0]).distance(p);
        round_min(round_min(head, nose, 8.0), ear, 3.0)
    }

    /// Lays everything outside the skull's cavity (`room` is the distance from it); `false` in the air around the head.
    pub(crate) fn lay(&self, mix: &mut Mix, p: [f32; 3], room: f32) -> bool {
        let [x, y, z] = p;
        let skin = self.skin(p);
        if skin > 2.0 {
            return false;
        }
        mix.lay(Tissue::Skin, skin);
        mix.lay(Tissue::Fat, skin + 2.0);
        // The skull is thinner below.
        let skull = room - 7.5 + 2.5 * smooth(0.0, -30.0, z);
        if z < 6.0 {
            self.soft_parts(mix, p, skin, skull);
        }
        // Temples are covered by muscle.
        let temple = skull
            .min(skin + 3.5)
            .max(2.0 - skull)
            .max((y + 26.0).abs() - 34.0)
            .max((z + 2.0).abs() - 38.0);
        mix.lay(Tissue::Muscle, if x.abs() > 50.0 { temple } else { 9.0 });
        let skull = skull.max(-54.0 - z);
        mix.lay(Tissue::Bone, skull);
        let spongy = round_max((skull + 3.7).abs() - 1.7, -34.0 - z, 3.0);
        let holes = noise::smooth([x * 0.16, y * 0.16, z * 0.16], 71);
        mix.lay(Tissue::Marrow, spongy + 0.7 * holes);
        if z < 22.0 {
            self.hollows(mix, p);
        }
        true
    }

    fn soft_parts(&self, mix: &mut Mix, p: [f32; 3], skin: f32, skull: f32) {
        let [x, y, z] = p;
        // Muscle beneath the fat, in bellies parted by fat.
        let parting = noise::smooth([x * 0.055, y * 0.055, z * 0.03], 73);
        let belly = (skin + 8.0 + 3.0 * noise::smooth([x * 0.04, y * 0.04, z * 0.04], 75)).max(2.0 - skull);
        mix.lay(Tissue::Muscle, belly.max(1.2 - parting.abs() * 16.0));
        let tongue = Ellipsoid::upright([0.0, -46.0, -76.0], [22.0, 32.0, 18.0]).distance(p);
        mix.lay(Tissue::Muscle, tongue);
        // Jaw with its marrow, teeth without signal.
        let arch = ((x / 42.0) * (x / 42.0) + ((y + 30.0) / 54.0) * ((y + 30.0) / 54.0)).sqrt();
        let arch = ((arch - 1.0) * 44.0).abs();
        let jaw = round_max(arch - 6.0, (z + 98.0).abs() - 12.0, 4.0).max(y + 14.0);
        mix.lay(Tissue::Bone, jaw);
        mix.lay(Tissue::Marrow, jaw + 2.4);
        let teeth = round_max(arch - 4.0, (z + 76.0).abs() - 10.0, 2.0).max(y + 34.0);
        mix.lay(Tissue::Bone, teeth);
        for tube in &self.airway {
            mix.lay(Tissue::Muscle, tube.distance(p) - 4.0);
        }
        for tube in &self.airway {
            mix.lay(Tissue::Air, tube.distance(p).max(x.abs() - 11.0));
        }
        self.neck_spine(mix, p);
    }

    fn neck_spine(&self, mix: &mut Mix, p: [f32; 3]) {
        let [x, y, z] = p;
        if z > -60.0 {
            return;
        }
        // Vertebrae every 17 mm with discs between, and their spines behind the cord.
        let place = (-66.0 - z) / 17.0;
        let off = (place - place.floor() - 0.5).abs() * 17.0;
        let middle = 19.0 + 0.09 * (-66.0 - z);
        let body = ((x / 11.0) * (x / 11.0) + ((y - middle) / 8.5) * ((y - middle) / 8.5)).sqrt() * 9.0 - 9.0;
        mix.lay(Tissue::DeepGrey, body);
        mix.lay(Tissue::Bone, body.max(off - 6.9));
        mix.lay(Tissue::Marrow, (body + 1.4).max(off - 5.6));
        let back = (x.abs() - 3.5).max((y - middle - 34.0).abs() - 10.0).max(off - 3.6);
        mix.lay(Tissue::Bone, back);
        mix.lay(Tissue::Marrow, back + 1.2);
    }

    fn hollows(&self, mix: &mut Mix, p: [f32; 3]) {
        let [x, y, z] = p;
        let side = [x.abs(), y, z];
        // Orbits: fat, muscles as a cone, the eye with its lens.
        let orbit = Ellipsoid::along(
            [29.0, -58.0, -13.0],
            [27.0, 18.5, 17.5],
            [0.35, -1.0, 0.0],
            [0.0, 0.0, 1.0],
        )
        .distance(side);
        mix.lay(Tissue::Bone, orbit - 2.0);
        mix.lay(Tissue::Fat, orbit);
        let cone = 4.0 + 8.0 * smooth(-36.0, -64.0, y);
        let axis = 16.0 + 0.41 * (-30.0 - y);
        let ring = (((side[0] - axis) * (side[0] - axis) + (z + 13.0) * (z + 13.0)).sqrt() - cone).abs();
        let gaps = 1.0 - hill(((side[0] - axis).abs() - (z + 13.0).abs()) / 5.0);
        mix.lay(Tissue::Muscle, (ring - 1.6 * gaps).max(orbit + 1.0).max(y + 62.0));
        for nerve in &self.nerves {
            mix.lay(Tissue::Water, nerve.distance(p) - 1.0);
            mix.lay(Tissue::White, nerve.distance(p));
        }
        let eye = Ellipsoid::upright([32.0, -75.0, -13.0], [12.2, 12.2, 12.2]).distance(side);
        mix.lay(Tissue::Dura, eye);
        mix.lay(Tissue::Water, eye + 1.1);
        mix.lay(
            Tissue::Muscle,
            Ellipsoid::upright([32.5, -83.5, -13.0], [4.6, 2.1, 4.6]).distance(side),
        );
        // Air: maxillary, sphenoid, ethmoid and frontal sinuses, the nose.
        let maxillary = Ellipsoid::upright([27.0, -60.0, -46.0], [13.0, 15.0, 14.0]).distance(side);
        mix.lay(Tissue::Bone, maxillary - 1.2);
        mix.lay(Tissue::Air, maxillary);
        let sphenoid = Ellipsoid::upright([7.0, -28.0, -26.0], [6.5, 11.0, 7.5]).distance(side);
        mix.lay(Tissue::Air, sphenoid);
        let cells = (side[0] - 10.0)
            .max((y + 60.0).abs() - 20.0)
            .max((z + 18.0).abs() - 11.0);
        mix.lay(Tissue::Skin, cells);
        let walls = noise::smooth([x * 0.17, y * 0.17, z * 0.17], 77).abs();
        mix.lay(Tissue::Air, (cells + 1.0).max(0.8 - walls * 7.0));
        let nose = (side[0] - 12.0)
            .max((y + 64.0).abs() - 28.0)
            .max((z + 42.0).abs() - 14.0);
        mix.lay(Tissue::Skin, nose);
        let conchae = noise::smooth([x * 0.19, y * 0.04, z * 0.13], 79).abs();
        mix.lay(Tissue::Air, (nose + 1.5).max(1.0 - conchae * 8.0).max(1.0 - side[0]));
        mix.lay(
            Tissue::Air,
            Ellipsoid::upright([9.0, -84.0, 4.0], [8.0, 4.5, 9.0]).distance(side),
        );
        // The clivus, full of fatty marrow; air cells behind the ears.
        mix.lay(Tissue::Bone, self.clivus.distance(p));
        mix.lay(Tissue::Marrow, self.clivus.distance(p) + 1.6);
        let mastoid = Ellipsoid::upright([54.0, 26.0, -34.0], [11.0, 14.0, 15.0]).distance(side);
        mix.lay(Tissue::Bone, mastoid);
        mix.lay(Tissue::Air, (mastoid + 1.5).max(0.6 - walls * 6.0));
    }
}
