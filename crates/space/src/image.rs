//! Image space: one frame's own grid of pixels.

/// A point of a frame, in pixels: the centre of the first pixel is (0, 0), of its right neighbour (1, 0) (PS3.3 C.7.6.2.1.1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImagePoint {
    /// Pixels to the right of the first column's centre.
    pub column: f64,
    /// Pixels below the first row's centre.
    pub row: f64,
}

impl ImagePoint {
    /// Names a point by column and row.
    pub fn new(column: f64, row: f64) -> Self {
        Self { column, row }
    }
}
