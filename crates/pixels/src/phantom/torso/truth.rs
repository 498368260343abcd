//! What is exactly known about the torso and its lesions: positions in LPS mm, lengths in mm, densities in Hounsfield units.

/// The nodule of the right upper lobe: its centre in the newer scan's frame of reference.
pub const NODULE_NOW: [f64; 3] = [-72.0, -22.0, -890.0];
/// Its diameter in the newer scan.
pub const NODULE_NOW_MM: f64 = 12.0;
/// The same nodule six months before, in that scan's own frame of reference.
pub const NODULE_BEFORE: [f64; 3] = [-69.0, -24.5, -867.0];
/// Its diameter then.
pub const NODULE_BEFORE_MM: f64 = 8.0;
/// Its density.
pub const NODULE_HU: f64 = 40.0;
/// Where the prior's patient lay: the middle of the anatomy in its frame of reference.
pub const PRIOR_SHIFT: [f64; 3] = [3.0, -2.5, -797.0];
/// A cyst in the right lobe of the liver: its centre in the newer scan's frame of reference.
pub const CYST: [f64; 3] = [-92.0, 12.0, -1075.0];
/// The same cyst in the prior.
pub const CYST_BEFORE: [f64; 3] = [-89.0, 9.5, -1052.0];
/// Its diameter, the same in both.
pub const CYST_MM: f64 = 20.0;
/// Its density.
pub const CYST_HU: f64 = 8.0;
