//! Marks: the part of the reading that can be undone and that will become a report.

use space::ImagePoint;
use study::{FrameRef, StudyUid};

/// One mark, as long as the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MarkId(pub(crate) u64);

/// What a mark is; points lie in the pixels of its own frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MarkKind {
    /// A distance between two points.
    Length {
        /// Its ends.
        ends: [ImagePoint; 2],
    },
    /// The value of one pixel.
    Probe {
        /// The point; the pixel is the one whose centre is nearest.
        at: ImagePoint,
    },
}

/// A mark on one image.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Its name.
    pub id: MarkId,
    /// The image that it belongs to; it is shown on no other.
    pub frame: FrameRef,
    /// What it is.
    pub kind: MarkKind,
}

/// A mark as a line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkRow {
    /// Which mark.
    pub id: MarkId,
    /// What it says: "12.4 mm", "−35 HU"; empty while its image is not in memory and the words depend on it.
    pub words: String,
    /// Where it is: "image 132".
    pub image: String,
}

/// All marks of the open studies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    marks: Vec<Mark>,
    given: u64,
}

impl Document {
    /// The marks, in the order in which they were made.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }
    /// A mark by its name.
    pub fn mark(&self, id: MarkId) -> Option<&Mark> {
        self.marks.iter().find(|m| m.id == id)
    }
    /// The marks of one image.
    pub fn on<'a>(&'a self, frame: &'a FrameRef) -> impl Iterator<Item = &'a Mark> {
        self.marks.iter().filter(move |m| m.frame == *frame)
    }
    /// Adds a mark.
    pub(crate) fn add(&mut self, frame: FrameRef, kind: MarkKind) -> MarkId {
        self.given += 1;
        let id = MarkId(self.given);
        self.marks.push(Mark { id, frame, kind });
        id
    }
    /// Changes what a mark is; nothing when it is not there.
    pub(crate) fn change(&mut self, id: MarkId, kind: MarkKind) {
        if let Some(mark) = self.marks.iter_mut().find(|m| m.id == id) {
            mark.kind = kind;
        }
    }
    /// Removes every mark of a study.
    pub(crate) fn remove_of(&mut self, study: &StudyUid) {
        self.marks.retain(|m| m.frame.study != *study);
    }
    /// Removes a mark.
    pub(crate) fn remove(&mut self, id: MarkId) {
        self.marks.retain(|m| m.id != id);
    }
}

/// The document with its earlier and its undone states.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    now: Document,
    earlier: Vec<Document>,
    undone: Vec<Document>,
}

/// How many steps can be undone.
const MOST_STEPS: usize = 200;

impl History {
    pub(crate) fn now(&self) -> &Document {
        &self.now
    }
    /// Changes the document without a step of its own: within a gesture, which ends with `close`.
    pub(crate) fn within(&mut self) -> &mut Document {
        &mut self.now
    }
    /// Ends a gesture that began with `before`: one step, when something changed.
    pub(crate) fn close(&mut self, before: Document) {
        if before.marks != self.now.marks {
            self.earlier.push(before);
            if self.earlier.len() > MOST_STEPS {
                self.earlier.remove(0);
            }
            self.undone.clear();
        }
    }
    /// Takes a gesture back that began with `before`.
    pub(crate) fn abandon(&mut self, before: Document) {
        self.now = before;
    }
    /// One change, one step.
    pub(crate) fn step(&mut self, change: impl FnOnce(&mut Document)) {
        let before = self.now.clone();
        change(&mut self.now);
        self.close(before);
    }
    /// Forgets a study's marks in the past and in the future too; there is nothing to undo.
    pub(crate) fn forget(&mut self, study: &StudyUid) {
        let states = self.earlier.iter_mut().chain(&mut self.undone);
        states
            .chain([&mut self.now])
            .for_each(|document| document.remove_of(study));
    }
    pub(crate) fn undo(&mut self) -> bool {
        let Some(before) = self.earlier.pop() else { return false };
        self.undone.push(std::mem::replace(&mut self.now, before));
        true
    }
    pub(crate) fn redo(&mut self) -> bool {
        let Some(after) = self.undone.pop() else { return false };
        self.earlier.push(std::mem::replace(&mut self.now, after));
        true
    }
    pub(crate) fn can_undo(&self) -> bool {
        !self.earlier.is_empty()
    }
    pub(crate) fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }
}
