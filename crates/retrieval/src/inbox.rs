//! The end of the way of events, where the program takes them.

use tokio::sync::mpsc;

use crate::Event;
use crate::desk::Note;
use crate::outbox::Living;

/// The receiving end. Events wait here, within bounds, until they are taken.
#[derive(Debug)]
pub struct Inbox {
    notes: mpsc::Receiver<Note>,
    living: Living,
}

impl Inbox {
    pub(crate) fn new(notes: mpsc::Receiver<Note>, living: Living) -> Self {
        Self { notes, living }
    }

    /// The next event, if one is there; never waits. Events of a study that was closed meanwhile are passed over.
    pub fn try_next(&mut self) -> Option<Event> {
        loop {
            let note = self.notes.try_recv().ok()?;
            if let Some(event) = self.living.pass(note) {
                return Some(event);
            }
        }
    }
}
