//! What lies over an image, pixel by pixel: shutters and overlay planes as the CPU and the GPU draw them.

use crate::overlay::OverlayPlane;
use crate::shutter::Shutter;

/// What is to lie over an image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layers {
    /// Hides a part of the image.
    pub shutter: Option<Shutter>,
    /// Drawn on the image, above the shutter.
    pub planes: Vec<OverlayPlane>,
}

impl Layers {
    /// Lays them over an image of `(columns, rows)`.
    pub fn cover(&self, (columns, rows): (u32, u32)) -> Cover {
        let code = |column: u32, row: u32| {
            let shuttered = self.shutter.as_ref().is_some_and(|s| !s.shows(column, row));
            let drawn = self.planes.iter().any(|plane| plane.is_set(column, row));
            (u8::from(shuttered) * Cover::SHUTTERED) | (u8::from(drawn) * Cover::DRAWN)
        };
        Cover {
            columns,
            rows,
            codes: (0..rows)
                .flat_map(|row| (0..columns).map(move |column| (column, row)))
                .map(|(column, row)| code(column, row))
                .collect(),
            shutter: self.shutter.as_ref().map_or([0; 3], |s| s.colour),
            overlay: Cover::OVERLAY,
        }
    }
}

/// What lies over each pixel of an image; drawn after its values became shades, overlays above shutters (PS3.4 N.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Pixels in a row.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
    /// For each pixel [`Cover::SHUTTERED`] and [`Cover::DRAWN`], or 0.
    pub codes: Vec<u8>,
    /// What is drawn where the shutter is: red, green and blue.
    pub shutter: [u8; 3],
    /// What is drawn where an overlay is: red, green and blue.
    pub overlay: [u8; 3],
}

impl Cover {
    /// The code of a pixel that a shutter covers.
    pub const SHUTTERED: u8 = 1;
    /// The code of a pixel that an overlay draws on.
    pub const DRAWN: u8 = 2;
    /// The colour of overlays: one that no grey picture holds.
    pub const OVERLAY: [u8; 3] = [255, 214, 102];

    /// The colour that takes the place of the image where a code lies; `None` where the image is seen.
    pub fn colour(&self, code: u8) -> Option<[u8; 3]> {
        if code & Self::DRAWN != 0 {
            Some(self.overlay)
        } else if code & Self::SHUTTERED != 0 {
            Some(self.shutter)
        } else {
            None
        }
    }
}
