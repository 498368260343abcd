//! The way of events from retrieval's threads to the one that draws.

use tokio::sync::mpsc;

use crate::Event;

/// The receiving end. Events wait here, within bounds, until they are taken.
#[derive(Debug)]
pub struct Inbox {
    events: mpsc::Receiver<Event>,
}

impl Inbox {
    pub(crate) fn new(events: mpsc::Receiver<Event>) -> Self {
        Self { events }
    }

    /// The next event, if one is there; never waits.
    pub fn try_next(&mut self) -> Option<Event> {
        self.events.try_recv().ok()
    }
}
