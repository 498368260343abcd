//! The picture that the GPU must equal: frame → screen pixels on the CPU, by a path that shares only the display table.
//!
//! Maps consist of quarter turns, flips, scales and translations, so each screen axis reads one image axis and every kernel is
//! separable. Stored values (modality values where the table counts those) are interpolated, then looked up. Along an axis
//! drawn below 1:1, each screen pixel is the mean of all values that it covers, whatever the interpolation.

mod axis;
mod colour;
mod grey;
mod laid;

pub use axis::{Axis, Taps, axes};
pub use colour::colour;
pub use grey::grey;
pub use laid::{coloured, lay_over};
/// The map that pictures are drawn by.
pub use space::ViewportFromImage;

/// How values between pixel centres are found when a frame is drawn above 1:1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// The nearest pixel.
    Nearest,
    /// Bilinear.
    #[default]
    Linear,
    /// Bicubic (Catmull-Rom), clamped to the values it is made of.
    Cubic,
}
