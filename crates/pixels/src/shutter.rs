//! Display shutters: what of an image is not to be seen (PS3.3 C.7.6.11, C.7.6.15, C.11.12).

use crate::overlay::OverlayPlane;

/// One outline of what stays visible; rows and columns count from 1, as in the standard.
#[derive(Clone, Debug, PartialEq)]
pub enum ShutterShape {
    /// The pixels between two columns and two rows, these included.
    Rectangle {
        /// Shutter Left Vertical Edge.
        left: i32,
        /// Shutter Right Vertical Edge.
        right: i32,
        /// Shutter Upper Horizontal Edge.
        upper: i32,
        /// Shutter Lower Horizontal Edge.
        lower: i32,
    },
    /// The pixels whose centre is no further than a radius from a point.
    Circle {
        /// Row of the centre.
        row: f64,
        /// Column of the centre.
        column: f64,
        /// Radius in pixels along a row.
        radius: f64,
        /// Row distance ÷ column distance of the pixels, so that the circle is one in the patient.
        aspect: f64,
    },
    /// The pixels whose centre lies within or on a polygon of `(row, column)` corners that closes itself.
    Polygon(Vec<(f64, f64)>),
    /// The pixels whose bit is not set.
    Bitmap(OverlayPlane),
}

impl ShutterShape {
    /// Whether a pixel (from 0) stays visible.
    pub fn shows(&self, column: u32, row: u32) -> bool {
        let (x, y) = (f64::from(column) + 1.0, f64::from(row) + 1.0);
        match self {
            Self::Rectangle {
                left,
                right,
                upper,
                lower,
            } => {
                let within = |at: f64, a: i32, b: i32| at >= f64::from(a.min(b)) && at <= f64::from(a.max(b));
                within(x, *left, *right) && within(y, *upper, *lower)
            }
            Self::Circle {
                row,
                column,
                radius,
                aspect,
            } => {
                let (across, down) = (x - column, (y - row) * aspect);
                across * across + down * down <= radius * radius
            }
            Self::Polygon(corners) => is_within(corners, x, y),
            Self::Bitmap(plane) => !plane.is_set(column, row),
        }
    }
}

/// Whether a point lies within a polygon (by the parity of crossings) or on its edge.
fn is_within(corners: &[(f64, f64)], x: f64, y: f64) -> bool {
    let mut inside = false;
    let ends = corners.iter().skip(1).chain(corners.first());
    for (&(ay, ax), &(by, bx)) in corners.iter().zip(ends) {
        let across = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
        let between = x >= ax.min(bx) && x <= ax.max(bx) && y >= ay.min(by) && y <= ay.max(by);
        if across == 0.0 && between {
            return true;
        }
        if (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
            inside = !inside;
        }
    }
    inside
}

/// The shutters of an image together: where several overlap, the least of the image remains visible.
#[derive(Clone, Debug, PartialEq)]
pub struct Shutter {
    /// The outlines; a pixel is visible where all of them show it.
    pub shapes: Vec<ShutterShape>,
    /// What is drawn in place of the image: red, green and blue.
    pub colour: [u8; 3],
}

impl Shutter {
    /// Whether a pixel (from 0) stays visible.
    pub fn shows(&self, column: u32, row: u32) -> bool {
        self.shapes.iter().all(|shape| shape.shows(column, row))
    }

    /// The grey of a Shutter Presentation Value (0018,1622), a P-value of 16 bits whatever the depth of the image.
    pub fn grey(presentation_value: u16) -> [u8; 3] {
        [((f64::from(presentation_value) / 257.0) + 0.5).floor() as u8; 3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visible(shapes: Vec<ShutterShape>) -> Vec<(u32, u32)> {
        let shutter = Shutter { shapes, colour: [0; 3] };
        (0..6)
            .flat_map(|row| (0..6).map(move |column| (column, row)))
            .filter(|(column, row)| shutter.shows(*column, *row))
            .collect()
    }

    fn rectangle(left: i32, right: i32, upper: i32, lower: i32) -> ShutterShape {
        ShutterShape::Rectangle {
            left,
            right,
            upper,
            lower,
        }
    }

    #[test]
    fn the_first_pixel_is_one_one_and_edges_belong_to_the_image() {
        assert_eq!(visible(vec![rectangle(1, 2, 1, 1)]), [(0, 0), (1, 0)]);
        assert_eq!(
            visible(vec![rectangle(2, 1, 1, 1)]),
            [(0, 0), (1, 0)],
            "edges in any order"
        );
        let circle = |aspect| ShutterShape::Circle {
            row: 2.0,
            column: 2.0,
            radius: 1.0,
            aspect,
        };
        assert_eq!(visible(vec![circle(1.0)]), [(1, 0), (0, 1), (1, 1), (2, 1), (1, 2)]);
        assert_eq!(
            visible(vec![circle(2.0)]),
            [(0, 1), (1, 1), (2, 1)],
            "tall pixels: the radius is along the row"
        );
    }

    #[test]
    fn polygons_close_themselves_and_hold_their_edges() {
        let triangle = ShutterShape::Polygon(vec![(1.0, 1.0), (1.0, 3.0), (3.0, 1.0)]);
        assert_eq!(
            visible(vec![triangle]),
            [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (0, 2)]
        );
    }

    #[test]
    fn of_several_shutters_the_least_image_remains() {
        assert_eq!(
            visible(vec![rectangle(1, 3, 1, 2), rectangle(3, 6, 2, 6)]),
            [(2, 1)],
            "only where both show it"
        );
        let plane = OverlayPlane {
            columns: 6,
            rows: 6,
            origin: (0, 0),
            bits: [0xfe, 0xff, 0xff, 0xff, 0xff].as_slice().into(),
            first_bit: 0,
        };
        assert_eq!(visible(vec![ShutterShape::Bitmap(plane)]), [(0, 0)], "a set bit covers");
    }

    #[test]
    fn the_presentation_value_is_a_sixteenth_bit_scale() {
        assert_eq!([0, 0x8000, 0xffff].map(|v| Shutter::grey(v)[0]), [0, 128, 255]);
    }
}
