//! Which mark the pointer is on.

use space::{ViewportFromImage, ViewportPoint};

use crate::document::{Mark, MarkId, MarkKind};

/// The part of a mark that is grabbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// One of its points.
    End(usize),
    /// All of it.
    Whole,
}

/// The mark under a point within `reach_px`; ends win over lines, later marks over earlier ones.
pub(crate) fn hit<'a>(
    marks: impl Iterator<Item = &'a Mark>,
    map: &ViewportFromImage,
    at: ViewportPoint,
    reach_px: f64,
) -> Option<(MarkId, Part)> {
    let mut best: Option<(f64, MarkId, Part)> = None;
    let mut offer = |distance: f64, id: MarkId, part: Part| {
        // Lines stand back behind ends that are in reach.
        let rank = distance + if part == Part::Whole { reach_px } else { 0.0 };
        if distance <= reach_px && best.is_none_or(|(least, ..)| rank <= least) {
            best = Some((rank, id, part));
        }
    };
    for mark in marks {
        match mark.kind {
            MarkKind::Length { ends } => {
                let [a, b] = ends.map(|end| map.apply(end));
                offer(to_line(at, a, b), mark.id, Part::Whole);
                offer(distance(at, a), mark.id, Part::End(0));
                offer(distance(at, b), mark.id, Part::End(1));
            }
            MarkKind::Probe { at: point } => offer(distance(at, map.apply(point)), mark.id, Part::End(0)),
        }
    }
    best.map(|(_, id, part)| (id, part))
}

fn distance(a: ViewportPoint, b: ViewportPoint) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// The distance from a point to the line between two others.
fn to_line(at: ViewportPoint, a: ViewportPoint, b: ViewportPoint) -> f64 {
    let (x, y) = (b.x - a.x, b.y - a.y);
    let square = x * x + y * y;
    let part = if square > 0.0 {
        (((at.x - a.x) * x + (at.y - a.y) * y) / square).clamp(0.0, 1.0)
    } else {
        0.0
    };
    distance(
        at,
        ViewportPoint {
            x: a.x + part * x,
            y: a.y + part * y,
        },
    )
}
