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

/// How a frame is laid on a viewport: zoom, pan, turn and flip, in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// Physical screen pixels per image column, before turning; > 0.
    pub zoom: f64,
    /// How far the image's middle lies from the viewport's middle, physical pixels, x to the right and y down.
    pub pan: (f64, f64),
    /// Turned after flipping.
    pub turn: Turn,
    /// Mirrored left to right before turning.
    pub flipped: bool,
}

impl ViewportFromImage {
    /// Lays an image of `(columns, rows)` on a viewport of `(width, height)` physical pixels.
    ///
    /// `aspect` is the distance between rows divided by that between columns: a row is drawn `zoom × aspect` pixels high.
    pub fn placed(image: (u32, u32), size: (u32, u32), aspect: f64, placement: &Placement) -> Self {
        let (zoom_column, zoom_row) = (placement.zoom, placement.zoom * aspect);
        let mirror = if placement.flipped { -1.0 } else { 1.0 };
        // Column and row axes on the screen, clockwise by quarters.
        let (across, down) = match placement.turn {
            Turn::None => ((mirror, 0.0), (0.0, 1.0)),
            Turn::Quarter => ((0.0, mirror), (-1.0, 0.0)),
            Turn::Half => ((-mirror, 0.0), (0.0, -1.0)),
            Turn::ThreeQuarters => ((0.0, -mirror), (1.0, 0.0)),
        };
        let (a, d) = (across.0 * zoom_column, across.1 * zoom_column);
        let (b, e) = (down.0 * zoom_row, down.1 * zoom_row);
        let middle = ((f64::from(image.0) - 1.0) / 2.0, (f64::from(image.1) - 1.0) / 2.0);
        let (x, y) = (
            f64::from(size.0) / 2.0 + placement.pan.0,
            f64::from(size.1) / 2.0 + placement.pan.1,
        );
        Self {
            a,
            b,
            c: x - a * middle.0 - b * middle.1,
            d,
            e,
            f: y - d * middle.0 - e * middle.1,
        }
    }

    /// The greatest zoom at which an image fits into a viewport, by the pixels' aspect and the turn.
    pub fn fitting_zoom(image: (u32, u32), size: (u32, u32), aspect: f64, turn: Turn) -> f64 {
        let extent = (f64::from(image.0.max(1)), f64::from(image.1.max(1)));
        Self::fitting_zoom_of(extent, size, aspect, turn)
    }

    /// The greatest zoom at which so many columns and rows fit into a viewport.
    pub fn fitting_zoom_of(extent: (f64, f64), size: (u32, u32), aspect: f64, turn: Turn) -> f64 {
        let (wide, high) = (extent.0, extent.1 * aspect);
        let (wide, high) = match turn {
            Turn::None | Turn::Half => (wide, high),
            Turn::Quarter | Turn::ThreeQuarters => (high, wide),
        };
        (f64::from(size.0.max(1)) / wide).min(f64::from(size.1.max(1)) / high)
    }

    /// Fits an image into a viewport, in its middle, as stored.
    pub fn fit(image: (u32, u32), size: (u32, u32), aspect: f64) -> Self {
        let placement = Placement {
            zoom: Self::fitting_zoom(image, size, aspect, Turn::None),
            pan: (0.0, 0.0),
            turn: Turn::None,
            flipped: false,
        };
        Self::placed(image, size, aspect, &placement)
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_fits_in_the_middle_whatever_its_turn() {
        for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
            for flipped in [false, true] {
                let (image, size, aspect) = ((40, 20), (200, 300), 2.0);
                let zoom = ViewportFromImage::fitting_zoom(image, size, aspect, turn);
                assert_eq!(zoom, 5.0);
                let placement = Placement {
                    zoom,
                    pan: (0.0, 0.0),
                    turn,
                    flipped,
                };
                let map = ViewportFromImage::placed(image, size, aspect, &placement);
                let middle = map.apply(ImagePoint::new(19.5, 9.5));
                assert!((middle.x - 100.0).abs() < 1e-9 && (middle.y - 150.0).abs() < 1e-9);
                let back = map.image_at(map.apply(ImagePoint::new(3.0, 7.0))).unwrap();
                assert!((back.column - 3.0).abs() < 1e-9 && (back.row - 7.0).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_quarter_turn_is_clockwise() {
        let placement = Placement {
            zoom: 1.0,
            pan: (0.0, 0.0),
            turn: Turn::Quarter,
            flipped: false,
        };
        let map = ViewportFromImage::placed((2, 2), (2, 2), 1.0, &placement);
        // The image's top left pixel comes to the top right.
        assert_eq!(map.apply(ImagePoint::new(0.0, 0.0)), ViewportPoint { x: 1.5, y: 0.5 });
    }
}
