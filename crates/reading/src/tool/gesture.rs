//! A gesture from press to release.

use space::{ImagePoint, ViewportPoint};
use study::FrameRef;

use super::{Part, WindowDrag};
use crate::command::Canvas;
use crate::document::{Document, MarkId, MarkKind};
use crate::view::Lie;

/// What the pressed button is doing.
#[derive(Clone, Debug)]
pub(crate) enum Gesture {
    /// Changes the window.
    Window {
        canvas: Canvas,
        from: ViewportPoint,
        drag: WindowDrag,
    },
    /// Zooms about the point where it began.
    Zoom {
        canvas: Canvas,
        from: ViewportPoint,
        lie: Lie,
    },
    /// Moves the image.
    Pan {
        canvas: Canvas,
        from: ViewportPoint,
        lie: Lie,
    },
    /// Scrolls.
    Scroll {
        canvas: Canvas,
        from: ViewportPoint,
        index: usize,
    },
    /// Makes a length; the mark is made when the pointer has moved.
    NewLength {
        canvas: Canvas,
        frame: FrameRef,
        from: ViewportPoint,
        first: ImagePoint,
        mark: Option<MarkId>,
        before: Document,
    },
    /// Moves a mark or one of its points.
    Move {
        canvas: Canvas,
        frame: FrameRef,
        mark: MarkId,
        part: Part,
        grabbed: ImagePoint,
        kind: MarkKind,
        before: Document,
    },
    /// Nothing: the press did what it does.
    Idle,
}

impl Gesture {
    /// The document before a gesture that changes marks.
    pub(crate) fn document_before(self) -> Option<Document> {
        match self {
            Gesture::NewLength { before, .. } | Gesture::Move { before, .. } => Some(before),
            Gesture::Window { .. }
            | Gesture::Zoom { .. }
            | Gesture::Pan { .. }
            | Gesture::Scroll { .. }
            | Gesture::Idle => None,
        }
    }

    /// The image whose marks it changes.
    pub(crate) fn image(&self) -> Option<(&Canvas, &FrameRef)> {
        match self {
            Gesture::NewLength { canvas, frame, .. } | Gesture::Move { canvas, frame, .. } => Some((canvas, frame)),
            _ => None,
        }
    }
}
