//! How the pictures of each kind of series are made.

use pixels::phantom::echo::Echo;
use pixels::phantom::head::{Focus, HeadScan, Slicing, Weighting};
use pixels::phantom::knee::KneeScan;
use pixels::phantom::radiograph::Radiograph;
use pixels::phantom::torso::{Lesion, Scan, truth};

/// How the pixels of a series are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Recipe {
    /// Computed tomography.
    Torso(Scan),
    /// Magnetic resonance of the head; several weightings lie at the same positions, one after the other.
    Head(&'static [HeadScan]),
    /// Magnetic resonance of the knee.
    Knee(KneeScan),
    /// Radiographs.
    Chest(&'static [Radiograph]),
    /// Ultrasound clips.
    Heart(&'static [Echo]),
}

pub(crate) const STANDARD: [f64; 3] = [1.0, 1.0, 1.0];

pub(crate) const CHEST: Scan = Scan {
    matrix: 512,
    spacing: 0.742,
    slices: 240,
    increment: 1.25,
    top: 0.0,
    shift: [0.0, 0.0, -820.0],
    stretch: STANDARD,
    noise: 11.0,
    seed: 20_261_116,
    lesions: &[
        Lesion {
            centre: truth::NODULE_NOW,
            diameter: truth::NODULE_NOW_MM,
            hounsfield: truth::NODULE_HU,
        },
        Lesion {
            centre: truth::CYST,
            diameter: truth::CYST_MM,
            hounsfield: truth::CYST_HU,
        },
    ],
};

pub(crate) const CHEST_BEFORE: Scan = Scan {
    shift: truth::PRIOR_SHIFT,
    seed: 20_260_514,
    noise: 12.0,
    lesions: &[
        Lesion {
            centre: truth::NODULE_BEFORE,
            diameter: truth::NODULE_BEFORE_MM,
            hounsfield: truth::NODULE_HU,
        },
        Lesion {
            centre: truth::CYST_BEFORE,
            diameter: truth::CYST_MM,
            hounsfield: truth::CYST_HU,
        },
    ],
    ..CHEST
};

pub(crate) const THICK: Scan = Scan {
    slices: 60,
    increment: 5.0,
    noise: 8.0,
    lesions: &[],
    ..CHEST
};

pub(crate) const ABDOMEN: Scan = Scan {
    slices: 64,
    increment: 2.5,
    top: -190.0,
    shift: [-2.0, 3.0, -640.0],
    noise: 10.0,
    lesions: &[],
    ..CHEST
};

pub(crate) const AXIAL: HeadScan = HeadScan {
    weighting: Weighting::T2,
    slicing: Slicing::Axial { tilt: 12.0 },
    matrix: 320,
    spacing: 0.71875,
    slices: 28,
    increment: 5.0,
    seed: 2,
    visit: 1,
    foci: &[],
};

pub(crate) const SAGITTAL: HeadScan = HeadScan {
    weighting: Weighting::T1,
    slicing: Slicing::Sagittal,
    matrix: 256,
    spacing: 0.9375,
    slices: 26,
    increment: 5.5,
    seed: 2,
    visit: 1,
    foci: &[],
};

pub(crate) const DIFFUSION: HeadScan = HeadScan {
    weighting: Weighting::Diffusion(0),
    matrix: 192,
    spacing: 1.197_916_667,
    ..AXIAL
};

pub(crate) const KNEE: KneeScan = KneeScan {
    matrix: 320,
    spacing: 0.5,
    slices: 24,
    increment: 3.5,
    fat_suppressed: true,
    seed: 6,
};

const fn focus(centre: [f64; 3], diameter: f64) -> Focus {
    Focus { centre, diameter }
}

/// White-matter spots of the woman whose head is followed up: one more, and one larger, than the first time.
pub(crate) const FOCI_BEFORE: &[Focus] = &[focus([26.0, 30.0, 36.0], 6.0), focus([-24.0, -18.0, 38.0], 5.0)];
pub(crate) const FOCI_NOW: &[Focus] = &[
    focus([26.0, 30.0, 36.0], 8.0),
    focus([-24.0, -18.0, 38.0], 5.0),
    focus([-30.0, 20.0, 32.0], 6.0),
];
/// A fresh infarct, bright where diffusion is hindered.
pub(crate) const INFARCT: &[Focus] = &[focus([32.0, -8.0, 30.0], 16.0)];
