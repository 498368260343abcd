//! A known distance at the tile's edge.

use space::{ImagePoint, ViewportFromImage, ViewportPoint};
use study::DecodedFrame;

use super::ScaleBar;
use crate::figures::{fixed, with_unit};
use crate::measure;

/// The bar is at most this part of the tile's width.
const MOST_OF_WIDTH: f64 = 0.25;
/// A bar that is shorter says nothing, physical pixels.
const SHORTEST_PX: f64 = 24.0;

/// The bar for the image at the tile's middle; `None` where no distance is known.
pub(super) fn scale_bar(frame: &DecodedFrame, map: &ViewportFromImage, size_px: (u32, u32)) -> Option<ScaleBar> {
    let centre = ViewportPoint {
        x: f64::from(size_px.0) / 2.0,
        y: f64::from(size_px.1) / 2.0,
    };
    let beside = ViewportPoint {
        x: centre.x + 1.0,
        ..centre
    };
    let (from, to) = (map.image_at(centre)?, map.image_at(beside)?);
    let ruler = measure::ruler(&frame.instance, frame.index, [from, ImagePoint { ..from }]);
    ruler.column_mm?;
    let mm_per_px = ruler.length(to.column - from.column, to.row - from.row);
    let most_mm = mm_per_px * MOST_OF_WIDTH * f64::from(size_px.0);
    let mm = round_down(most_mm)?;
    let length_px = mm / mm_per_px;
    if length_px < SHORTEST_PX {
        return None;
    }
    let label = if mm >= 10.0 {
        with_unit(&fixed(mm / 10.0, 0), "cm")
    } else if mm >= 1.0 {
        with_unit(&fixed(mm, 0), "mm")
    } else {
        with_unit(&fixed(mm, (-mm.log10()).ceil().clamp(0.0, 6.0) as usize), "mm")
    };
    let label = if ruler.approximate {
        format!("≈ {label}")
    } else {
        label
    };
    let label = if ruler.words.is_empty() {
        label
    } else {
        format!("{label} {}", ruler.words)
    };
    Some(ScaleBar { length_px, label })
}

/// The greatest of 1, 2, 5 times a power of ten that is not above `most`.
fn round_down(most: f64) -> Option<f64> {
    if !(most.is_finite() && most > 0.0) {
        return None;
    }
    let power = 10f64.powf(most.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|n| n * power).find(|mm| *mm <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_a_round_number() {
        for (most, mm) in [
            (73.0, 50.0),
            (50.0, 50.0),
            (49.0, 20.0),
            (1.5, 1.0),
            (0.7, 0.5),
            (0.03, 0.02),
        ] {
            assert!((round_down(most).unwrap() - mm).abs() < 1e-12);
        }
        assert_eq!(round_down(0.0), None);
        assert_eq!(round_down(f64::INFINITY), None);
    }
}
