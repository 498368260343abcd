//! Marks in the tile's pixels.

use space::{ImagePoint, ViewportFromImage, ViewportPoint};
use study::DecodedFrame;

use super::{MarkShape, value_words};
use crate::document::{Mark, MarkKind};
use crate::measure;

/// Between a mark and its words, points.
const LABEL_GAP: f64 = 8.0;
/// Half the arm of a probe's cross, points.
const CROSS: f64 = 5.0;

/// A mark as it is drawn on its own image.
pub(crate) fn shape(
    mark: &Mark,
    frame: &DecodedFrame,
    map: &ViewportFromImage,
    scale: f64,
    selected: bool,
) -> MarkShape {
    let (lines, handles, label) = match mark.kind {
        MarkKind::Length { ends } => {
            let on_tile = ends.map(|end| map.apply(end));
            let label = measure::length_words(&frame.instance, frame.index, ends);
            (vec![on_tile], on_tile.to_vec(), label)
        }
        MarkKind::Probe { at } => {
            let here = map.apply(at);
            let label = value_words(frame, at).unwrap_or_default();
            (cross(here, CROSS * scale), vec![here], label)
        }
    };
    let rightmost = handles
        .iter()
        .copied()
        .max_by(|a, b| a.x.total_cmp(&b.x))
        .unwrap_or_else(|| map.apply(ImagePoint::new(0.0, 0.0)));
    MarkShape {
        id: mark.id,
        selected,
        lines,
        handles,
        label,
        label_at: ViewportPoint {
            x: rightmost.x + LABEL_GAP * scale,
            ..rightmost
        },
    }
}

fn cross(at: ViewportPoint, arm: f64) -> Vec<[ViewportPoint; 2]> {
    let by = |x: f64, y: f64| ViewportPoint {
        x: at.x + x,
        y: at.y + y,
    };
    vec![[by(-arm, 0.0), by(arm, 0.0)], [by(0.0, -arm), by(0.0, arm)]]
}
