//! The standard torso: what is grown once, and the order in which a slice of it is painted.

use std::sync::LazyLock;

use super::abdomen::{self, Abdomen};
use super::body::{self, Outlines};
use super::bones::{self, Bones};
use super::lungs::{self, LungTrees};
use super::mediastinum::{self, Mediastinum};
use crate::phantom::canvas::Canvas;

/// Everything that has to be grown before a slice can be painted; the same for every patient.
pub(crate) struct Anatomy {
    pub(crate) bones: Bones,
    pub(crate) trees: LungTrees,
    chest: Mediastinum,
    abdomen: Abdomen,
}

static STANDARD: LazyLock<Anatomy> = LazyLock::new(|| Anatomy {
    bones: Bones::grown(),
    trees: LungTrees::grown(),
    chest: Mediastinum::grown(),
    abdomen: Abdomen::grown(),
});

/// What is left out of a slice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layers {
    /// Nothing.
    All,
    /// Ribs, collar bones and the trees of the lungs, which a radiograph adds with sharper edges.
    Broad,
}

impl Anatomy {
    pub(crate) fn standard() -> &'static Self {
        &STANDARD
    }

    /// Paints densities in Hounsfield units at the canvas's height.
    pub(crate) fn paint(&self, canvas: &mut Canvas, layers: Layers) {
        let outlines = Outlines::at(canvas.z);
        body::paint(canvas, &outlines);
        lungs::paint(canvas, &outlines);
        abdomen::paint(canvas, &outlines, &self.abdomen);
        if layers == Layers::All {
            lungs::paint_trees(canvas, &self.trees);
        }
        mediastinum::paint(canvas, &self.chest);
        match layers {
            Layers::All => bones::paint(canvas, &self.bones),
            Layers::Broad => bones::paint_broad(canvas, &self.bones),
        }
    }
}
