//! The way of events from every task and thread to the inbox: bounded, and silent about closed studies.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use study::StudyUid;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use crate::desk::Note;
use crate::{Event, Inbox};

/// Events that wait at most; whoever has more to say waits until the program has listened.
const WAITING: usize = 4096;

/// Which opening of which study events are given out of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Living(Arc<Mutex<BTreeMap<StudyUid, u64>>>);

impl Living {
    pub(crate) fn open(&self, study: StudyUid, generation: u64) {
        self.with(|living| living.insert(study, generation));
    }

    pub(crate) fn close(&self, study: &StudyUid) {
        self.with(|living| living.remove(study));
    }

    /// The event, unless it is of a study that is closed.
    pub(crate) fn pass(&self, note: Note) -> Option<Event> {
        match &note.of {
            Some((study, generation)) => {
                let lives = self.with(|living| living.get(study) == Some(generation));
                lives.then_some(note.event)
            }
            None => Some(note.event),
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<StudyUid, u64>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The sending end.
pub(crate) struct Outbox {
    notes: mpsc::Sender<Note>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Outbox {
    pub(crate) fn new(wake: Arc<dyn Fn() + Send + Sync>, living: Living) -> (Self, Inbox) {
        let (notes, received) = mpsc::channel(WAITING);
        (Self { notes, wake }, Inbox::new(received, living))
    }

    /// Sends from a task, waiting for room.
    pub(crate) async fn send(&self, notes: impl IntoIterator<Item = Note, IntoIter: Send>) {
        for note in notes {
            if self.notes.send(note).await.is_ok() {
                (self.wake)();
            }
        }
    }

    /// Sends from a thread, waiting for room while `go_on` says so.
    pub(crate) fn send_blocking(&self, note: Note, go_on: impl Fn() -> bool) {
        let mut note = note;
        loop {
            match self.notes.try_send(note) {
                Ok(()) => return (self.wake)(),
                Err(TrySendError::Closed(_)) => return,
                Err(TrySendError::Full(back)) if go_on() => {
                    note = back;
                    (self.wake)();
                    std::thread::sleep(Duration::from_millis(2));
                }
                Err(TrySendError::Full(_)) => return,
            }
        }
    }
}
