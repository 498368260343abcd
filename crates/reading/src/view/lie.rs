//! How an image lies on its tile, independent of the tile's size.

use space::{ImagePoint, Placement, Turn, ViewportFromImage, ViewportPoint};

/// How large an image is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Zoom {
    /// So many times as large as it fits; 1 is fit.
    OfFit(f64),
    /// So many physical screen pixels per image column, whatever the tile's size.
    Exact(f64),
    /// As large as so many columns and rows fit.
    Area(f64, f64),
}

/// How an image lies on its tile: it stays the same when the tile changes its size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lie {
    /// How large.
    pub zoom: Zoom,
    /// Which point of the image stands in the tile's middle: parts of its columns and rows, (0.5, 0.5) is its own middle.
    pub middle: (f64, f64),
    /// Turned after flipping.
    pub turn: Turn,
    /// Mirrored left to right before turning.
    pub flipped: bool,
}

impl Default for Lie {
    fn default() -> Self {
        Self {
            zoom: Zoom::OfFit(1.0),
            middle: (0.5, 0.5),
            turn: Turn::None,
            flipped: false,
        }
    }
}

/// An image on a tile, as far as its size goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sheet {
    /// Columns and rows.
    pub(crate) image: (u32, u32),
    /// Row distance ÷ column distance.
    pub(crate) aspect: f64,
    /// The tile's width and height, physical pixels.
    pub(crate) size_px: (u32, u32),
}

/// The smallest image, as part of fit.
const LEAST_OF_FIT: f64 = 0.1;
/// The largest image, physical pixels per column.
const MOST_PX_PER_COLUMN: f64 = 64.0;

impl Lie {
    /// Physical screen pixels per image column.
    pub(crate) fn px_per_column(&self, sheet: Sheet) -> f64 {
        let fit = ViewportFromImage::fitting_zoom(sheet.image, sheet.size_px, sheet.aspect, self.turn);
        match self.zoom {
            Zoom::OfFit(times) => fit * times,
            Zoom::Exact(px) => px,
            Zoom::Area(columns, rows) => {
                ViewportFromImage::fitting_zoom_of((columns, rows), sheet.size_px, sheet.aspect, self.turn)
            }
        }
    }

    /// The map that draws it.
    pub(crate) fn viewport_from_image(&self, sheet: Sheet) -> ViewportFromImage {
        let placement = Placement {
            zoom: self.px_per_column(sheet),
            pan: (0.0, 0.0),
            turn: self.turn,
            flipped: self.flipped,
        };
        let centred = ViewportFromImage::placed(sheet.image, sheet.size_px, sheet.aspect, &placement);
        let at = centred.apply(self.middle_point(sheet));
        let mut map = ViewportFromImage {
            c: centred.c + f64::from(sheet.size_px.0) / 2.0 - at.x,
            f: centred.f + f64::from(sheet.size_px.1) / 2.0 - at.y,
            ..centred
        };
        if let Zoom::Exact(_) = self.zoom {
            // An image pixel's edge falls on a screen pixel's edge, so that 1:1 is exact and not a blend of neighbours.
            let edge = map.apply(ImagePoint::new(-0.5, -0.5));
            map.c += edge.x.round() - edge.x;
            map.f += edge.y.round() - edge.y;
        }
        map
    }

    fn middle_point(&self, sheet: Sheet) -> ImagePoint {
        ImagePoint::new(
            self.middle.0 * f64::from(sheet.image.0) - 0.5,
            self.middle.1 * f64::from(sheet.image.1) - 0.5,
        )
    }

    fn set_middle(&mut self, sheet: Sheet, point: ImagePoint) {
        let part = |at: f64, of: u32| ((at + 0.5) / f64::from(of.max(1))).clamp(0.0, 1.0);
        let middle = (part(point.column, sheet.image.0), part(point.row, sheet.image.1));
        if middle.0.is_finite() && middle.1.is_finite() {
            self.middle = middle;
        }
    }

    /// Zooms so that the image point under `at` stays there, as far as the limits allow.
    pub(crate) fn zoom_about(&mut self, sheet: Sheet, at: ViewportPoint, factor: f64) {
        if !(factor.is_finite() && factor > 0.0) {
            return;
        }
        let before = self.viewport_from_image(sheet);
        let fit = ViewportFromImage::fitting_zoom(sheet.image, sheet.size_px, sheet.aspect, self.turn);
        let old = self.px_per_column(sheet) / fit;
        let most = (MOST_PX_PER_COLUMN / fit).max(1.0);
        let new = (old * factor).clamp(LEAST_OF_FIT, most);
        if !new.is_finite() {
            return;
        }
        let centre = ViewportPoint {
            x: f64::from(sheet.size_px.0) / 2.0,
            y: f64::from(sheet.size_px.1) / 2.0,
        };
        let (Some(held), Some(middle)) = (before.image_at(at), before.image_at(centre)) else {
            return;
        };
        let nearer = old / new;
        self.zoom = Zoom::OfFit(new);
        self.set_middle(
            sheet,
            ImagePoint::new(
                held.column + (middle.column - held.column) * nearer,
                held.row + (middle.row - held.row) * nearer,
            ),
        );
    }

    /// Moves the image by physical pixels; its own edge never passes the tile's middle.
    pub(crate) fn pan_by(&mut self, sheet: Sheet, by: (f64, f64)) {
        let map = self.viewport_from_image(sheet);
        let back = ViewportPoint {
            x: f64::from(sheet.size_px.0) / 2.0 - by.0,
            y: f64::from(sheet.size_px.1) / 2.0 - by.1,
        };
        if let Some(point) = map.image_at(back) {
            self.set_middle(sheet, point);
        }
    }

    /// Shows the whole image, turned and flipped as it is.
    pub(crate) fn fit(&mut self) {
        self.zoom = Zoom::OfFit(1.0);
        self.middle = (0.5, 0.5);
    }

    /// Turns by quarters, clockwise.
    pub(crate) fn turn_by(&mut self, quarters: u8) {
        self.turn = quarter(number(self.turn) + quarters);
    }

    /// Mirrors left to right as seen: the mirror of a turn is the turn the other way round.
    pub(crate) fn flip_horizontal(&mut self) {
        self.turn = quarter(4 - number(self.turn));
        self.flipped = !self.flipped;
    }

    /// Mirrors top to bottom as seen: left to right, and half a turn.
    pub(crate) fn flip_vertical(&mut self) {
        self.flip_horizontal();
        self.turn_by(2);
    }
}

fn number(turn: Turn) -> u8 {
    match turn {
        Turn::None => 0,
        Turn::Quarter => 1,
        Turn::Half => 2,
        Turn::ThreeQuarters => 3,
    }
}

fn quarter(number: u8) -> Turn {
    match number % 4 {
        0 => Turn::None,
        1 => Turn::Quarter,
        2 => Turn::Half,
        _ => Turn::ThreeQuarters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: Sheet = Sheet {
        image: (512, 400),
        aspect: 1.25,
        size_px: (901, 700),
    };

    fn close(a: ViewportPoint, b: ViewportPoint) -> bool {
        (a.x - b.x).abs() < 1e-6 && (a.y - b.y).abs() < 1e-6
    }

    #[test]
    fn zooming_leaves_the_point_under_the_pointer_where_it_is() {
        for quarters in 0..4 {
            let mut lie = Lie::default();
            lie.turn_by(quarters);
            lie.flip_horizontal();
            let at = ViewportPoint { x: 400.0, y: 300.0 };
            let under = lie.viewport_from_image(SHEET).image_at(at).unwrap();
            lie.zoom_about(SHEET, at, 1.7);
            assert!(close(lie.viewport_from_image(SHEET).apply(under), at));
            lie.zoom_about(SHEET, at, 1.0 / 1.7);
            assert!(close(lie.viewport_from_image(SHEET).apply(under), at));
        }
    }

    #[test]
    fn panning_moves_the_image_with_the_pointer_and_never_loses_it() {
        let mut lie = Lie::default();
        lie.turn_by(1);
        let before = lie.viewport_from_image(SHEET).apply(ImagePoint::new(10.0, 20.0));
        lie.pan_by(SHEET, (30.0, -12.0));
        let after = lie.viewport_from_image(SHEET).apply(ImagePoint::new(10.0, 20.0));
        assert!(close(
            after,
            ViewportPoint {
                x: before.x + 30.0,
                y: before.y - 12.0
            }
        ));
        lie.pan_by(SHEET, (1e9, 1e9));
        assert!((0.0..=1.0).contains(&lie.middle.0) && (0.0..=1.0).contains(&lie.middle.1));
    }

    #[test]
    fn one_to_one_falls_on_the_screens_own_pixels() {
        for size_px in [(901, 700), (900, 701), (333, 777)] {
            let sheet = Sheet {
                aspect: 1.0,
                size_px,
                ..SHEET
            };
            let lie = Lie {
                zoom: Zoom::Exact(1.0),
                middle: (0.41, 0.77),
                ..Lie::default()
            };
            let map = lie.viewport_from_image(sheet);
            let first = map.apply(ImagePoint::new(0.0, 0.0));
            assert_eq!((first.x.fract().abs(), first.y.fract().abs()), (0.5, 0.5));
            assert_eq!((map.a, map.e), (1.0, 1.0));
        }
    }

    #[test]
    fn a_flip_is_seen_as_a_flip_whatever_the_turn() {
        let (wide, high) = (f64::from(SHEET.size_px.0), f64::from(SHEET.size_px.1));
        let point = ImagePoint::new(100.0, 30.0);
        for quarters in 0..4 {
            for flipped in [false, true] {
                let mut lie = Lie {
                    flipped,
                    ..Lie::default()
                };
                lie.turn_by(quarters);
                let before = lie.viewport_from_image(SHEET).apply(point);
                let mut mirrored = lie;
                mirrored.flip_horizontal();
                let seen = mirrored.viewport_from_image(SHEET).apply(point);
                assert!(close(
                    seen,
                    ViewportPoint {
                        x: wide - before.x,
                        y: before.y
                    }
                ));
                let mut mirrored = lie;
                mirrored.flip_vertical();
                let seen = mirrored.viewport_from_image(SHEET).apply(point);
                assert!(close(
                    seen,
                    ViewportPoint {
                        x: before.x,
                        y: high - before.y
                    }
                ));
            }
        }
    }

    #[test]
    fn zoom_keeps_to_its_limits() {
        let mut lie = Lie::default();
        let at = ViewportPoint { x: 1.0, y: 1.0 };
        lie.zoom_about(SHEET, at, 1e12);
        assert!((lie.px_per_column(SHEET) - MOST_PX_PER_COLUMN).abs() < 1e-6);
        lie.zoom_about(SHEET, at, 1e-12);
        assert_eq!(lie.zoom, Zoom::OfFit(LEAST_OF_FIT));
        for senseless in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let before = lie;
            lie.zoom_about(SHEET, at, senseless);
            assert_eq!(lie, before);
        }
    }
}
