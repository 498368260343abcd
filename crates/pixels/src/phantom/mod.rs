//! Test patterns and synthetic patients as pure functions of a seed: voxels only, the same on every machine.
//!
//! Anatomy is suggestive, not true; what is exact is written down beside each generator (`torso::truth` and the like), so that
//! tests can measure it. Coordinates are LPS millimetres (+x left, +y back, +z head).

mod canvas;
mod exact;
mod noise;
mod tube;

pub mod echo;
pub mod head;
pub mod knee;
pub mod pattern;
pub mod radiograph;
pub mod torso;
