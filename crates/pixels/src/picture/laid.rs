//! What is laid over a drawn picture: pseudo-colours, shutters and overlays.

use space::ViewportFromImage;

use super::{Axis, Interpolation, Taps, axes};
use crate::cover::Cover;
use crate::pseudo_colour::ColourMap;

/// The least part of a screen pixel that an overlay's pixel must cover to be drawn there; the shader knows the same.
const LEAST_PART: f64 = 1e-3;

/// Grey levels as interleaved red, green and blue: grey, or the colours of a map.
pub fn coloured(levels: &[u8], map: Option<ColourMap>) -> Vec<u8> {
    match map.map(ColourMap::table) {
        Some(table) => levels.iter().flat_map(|level| table[usize::from(*level)]).collect(),
        None => levels.iter().flat_map(|level| [*level; 3]).collect(),
    }
}

/// Draws shutter and overlays over a picture of `width × height × 3` bytes; outside the image nothing lies.
///
/// Below 1:1 a screen pixel is drawn on when an overlay draws on any pixel that it covers, so that a thin line never vanishes;
/// the shutter, and overlays above 1:1, go by the nearest pixel.
pub fn lay_over(rgb: &mut [u8], cover: &Cover, map: &ViewportFromImage, (width, height): (u32, u32)) {
    let image = (cover.columns, cover.rows);
    let (x, y, swapped) = axes(map, image, (width, height), Interpolation::Nearest);
    let places = y
        .pixels
        .iter()
        .flat_map(|down| x.pixels.iter().map(move |across| (across, down)));
    for (shown, (across, down)) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(places) {
        if let Some(colour) = cover.colour(code(cover, swapped, (across, &x), (down, &y))) {
            *shown = colour;
        }
    }
}

fn code(cover: &Cover, swapped: bool, (across, x): (&Taps, &Axis), (down, y): (&Taps, &Axis)) -> u8 {
    if across.taps.is_empty() || down.taps.is_empty() {
        return 0;
    }
    let at = |i: usize, j: usize| {
        let (column, row) = if swapped { (j, i) } else { (i, j) };
        let index = row * cover.columns as usize + column;
        cover.codes.get(index).copied().unwrap_or(0)
    };
    let mut code = at(across.nearest, down.nearest);
    if x.mean || y.mean {
        for &(j, by_j) in down.taps.iter().filter(|tap| tap.1 > LEAST_PART) {
            for &(i, by_i) in &across.taps {
                if by_i > LEAST_PART && by_j > LEAST_PART {
                    code |= at(i, j) & Cover::DRAWN;
                }
            }
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cover::Layers;
    use crate::overlay::OverlayPlane;
    use crate::shutter::{Shutter, ShutterShape};

    fn map(scale: f64) -> ViewportFromImage {
        ViewportFromImage {
            a: scale,
            b: 0.0,
            c: scale / 2.0,
            d: 0.0,
            e: scale,
            f: scale / 2.0,
        }
    }

    /// An image of 8 × 8 whose overlay draws on one pixel, and whose shutter shows the left half.
    fn cover() -> Cover {
        let mut bits = [0u8; 8];
        bits[5] = 1 << 6;
        let plane = OverlayPlane {
            columns: 8,
            rows: 8,
            origin: (0, 0),
            bits: Arc::from(bits),
            first_bit: 0,
        };
        let shutter = Shutter {
            shapes: vec![ShutterShape::Rectangle {
                left: 1,
                right: 4,
                upper: 1,
                lower: 8,
            }],
            colour: [9; 3],
        };
        Layers {
            shutter: Some(shutter),
            planes: vec![plane],
        }
        .cover((8, 8))
    }

    fn drawn(scale: f64, size: u32) -> Vec<[u8; 3]> {
        let mut rgb = vec![200; size as usize * size as usize * 3];
        lay_over(&mut rgb, &cover(), &map(scale), (size, size));
        rgb.as_chunks::<3>().0.to_vec()
    }

    #[test]
    fn overlays_stand_above_shutters_and_nothing_lies_outside_the_image() {
        let shown = drawn(1.0, 10);
        let at = |column: usize, row: usize| shown[row * 10 + column];
        assert_eq!((at(3, 5), at(4, 5)), ([200; 3], [9; 3]));
        assert_eq!(at(6, 5), Cover::OVERLAY);
        assert_eq!((at(8, 5), at(6, 8)), ([200; 3], [200; 3]));
        assert_eq!(shown.iter().filter(|c| **c == Cover::OVERLAY).count(), 1);
    }

    #[test]
    fn a_drawn_pixel_never_vanishes() {
        for scale in [0.13f32, 0.25, 0.5, 0.77, 1.0] {
            let size = (8.0 * f64::from(scale)).ceil() as u32;
            assert!(drawn(f64::from(scale), size).contains(&Cover::OVERLAY), "×{scale}");
        }
        assert_eq!(drawn(3.0, 24).iter().filter(|c| **c == Cover::OVERLAY).count(), 9);
    }

    #[test]
    fn levels_become_the_colours_of_the_map() {
        assert_eq!(coloured(&[0, 7, 255], None), [0, 0, 0, 7, 7, 7, 255, 255, 255]);
        assert_eq!(coloured(&[0, 128], Some(ColourMap::HotIron)), [0, 0, 0, 255, 0, 0]);
    }
}
