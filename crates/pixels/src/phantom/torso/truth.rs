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
/// Distance between the middles of neighbouring vertebral bodies, along z.
pub const VERTEBRA_PITCH: f64 = 22.0;
/// Height of the middle of the first thoracic vertebra in the anatomy's own coordinates (0 is just above the lungs).
pub const FIRST_VERTEBRA_Z: f64 = -11.0;
/// Spongy bone of the vertebral bodies.
pub const SPONGY_HU: f64 = 190.0;
/// Blood in the aorta.
pub const AORTA_HU: f64 = 205.0;
/// Diameter of the descending aorta.
pub const DESCENDING_AORTA_MM: f64 = 24.0;
/// Liver between its vessels.
pub const LIVER_HU: f64 = 105.0;
/// Spleen.
pub const SPLEEN_HU: f64 = 118.0;
/// Air in the windpipe.
pub const WINDPIPE_HU: f64 = -990.0;
/// Diameter of the windpipe's lumen.
pub const WINDPIPE_MM: f64 = 17.0;
/// Angle between the main bronchi, degrees.
pub const BIFURCATION_DEGREES: f64 = 70.0;
/// Where the windpipe's axis divides, in the anatomy's own coordinates.
pub const BIFURCATION: [f64; 3] = [0.0, 6.0, -92.0];
/// Where the nodule lies in the anatomy's own coordinates (its place in a scan is this plus the scan's shift).
pub const NODULE_ANATOMY: [f64; 3] = [-72.0, -22.0, -70.0];
