//! Viewport space: the physical pixels of one tile on the screen.

use crate::ImagePoint;

/// A point of a viewport in physical screen pixels; (0, 0) is the top left corner of its top left pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ViewportPoint {
    /// Pixels from the left edge.
    pub x: f64,
    /// Pixels from the top edge.
    pub y: f64,
}

/// A quarter turn of the picture, clockwise as the reader sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Turn {
    /// As stored.
    #[default]
    None,
    /// 90° clockwise.
    Quarter,
    /// 180°.
    Half,
    /// 270° clockwise.
    ThreeQuarters,
}

/// The affine map that lays a frame on a viewport: x = a·column + b·row + c, y = d·column + e·row + f, physical pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ViewportFromImage {
    /// x per column.
    pub a: f64,
    /// x per row.
    pub b: f64,
    /// x of image point (0, 0).
    pub c: f64,
    /// y per column.
    pub d: f64,
    /// y per row.
    pub e: f64,
    /// y of image point (0, 0).
    pub f: f64,
}

impl ViewportFromImage {
    /// The viewport point of an image point.
    pub fn apply(&self, point: ImagePoint) -> ViewportPoint {
        ViewportPoint {
            x: self.a * point.column + self.b * point.row + self.c,
            y: self.d * point.column + self.e * point.row + self.f,
        }
    }
    /// The image point under a viewport point; `None` when the map is singular.
    pub fn image_at(&self, point: ViewportPoint) -> Option<ImagePoint> {
        let det = self.a * self.e - self.b * self.d;
        if !det.is_finite() || det.abs() < 1e-12 {
            return None;
        }
        let (x, y) = (point.x - self.c, point.y - self.f);
        Some(ImagePoint::new(
            (self.e * x - self.b * y) / det,
            (self.a * y - self.d * x) / det,
        ))
    }
}
