//! How bright each tissue is, by weighting.

use super::Weighting;

/// What a place consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tissue {
    Air,
    Bone,
    Marrow,
    Fat,
    Muscle,
    Skin,
    Dura,
    Water,
    Grey,
    White,
    DeepGrey,
    Blood,
    Focus,
    Pituitary,
}

/// Signal in arbitrary units; 12 bits hold the brightest with its noise.
pub(crate) fn signal(tissue: Tissue, weighting: Weighting) -> f32 {
    // T1, T2, FLAIR, diffusion without and with its gradient.
    let row: [f32; 5] = match tissue {
        Tissue::Air => [0.0, 0.0, 0.0, 0.0, 0.0],
        Tissue::Bone => [45.0, 35.0, 30.0, 20.0, 8.0],
        Tissue::Marrow => [820.0, 560.0, 420.0, 70.0, 25.0],
        Tissue::Fat => [1150.0, 980.0, 700.0, 90.0, 30.0],
        Tissue::Muscle => [400.0, 250.0, 250.0, 190.0, 60.0],
        Tissue::Skin => [520.0, 420.0, 330.0, 120.0, 40.0],
        Tissue::Dura => [240.0, 180.0, 190.0, 150.0, 60.0],
        Tissue::Water => [135.0, 1750.0, 70.0, 1750.0, 70.0],
        Tissue::Grey => [420.0, 880.0, 600.0, 860.0, 420.0],
        Tissue::White => [640.0, 620.0, 410.0, 660.0, 390.0],
        Tissue::DeepGrey => [500.0, 740.0, 520.0, 760.0, 410.0],
        Tissue::Blood => [60.0, 50.0, 60.0, 60.0, 30.0],
        Tissue::Focus => [430.0, 1250.0, 980.0, 1150.0, 900.0],
        Tissue::Pituitary => [620.0, 760.0, 560.0, 500.0, 250.0],
    };
    row[match weighting {
        Weighting::T1 => 0,
        Weighting::T2 => 1,
        Weighting::Flair => 2,
        Weighting::Diffusion(0) => 3,
        Weighting::Diffusion(_) => 4,
    }]
}

/// A signal that tissues are laid over.
pub(crate) struct Mix {
    weighting: Weighting,
    /// One over twice the half width of an edge, mm.
    sharp: f32,
    pub(crate) value: f32,
}

impl Mix {
    pub(crate) fn new(weighting: Weighting, soft: f32) -> Self {
        Self {
            weighting,
            sharp: 0.5 / soft,
            value: 0.0,
        }
    }

    /// Lays a tissue over what lies inside a surface (distance negative).
    pub(crate) fn lay(&mut self, tissue: Tissue, distance: f32) {
        let part = (0.5 - distance * self.sharp).clamp(0.0, 1.0);
        if part > 0.0 {
            self.blend(tissue, part);
        }
    }

    /// Lays a part of a tissue over everything.
    pub(crate) fn blend(&mut self, tissue: Tissue, part: f32) {
        self.value += (signal(tissue, self.weighting) - self.value) * part;
    }
}
