//! Whether the window is shown through a remote session: asked again now and then, for a session can move while it lasts.

use std::time::{Duration, Instant};

use crate::aside::{Aside, Done};

/// Between two questions.
const PAUSE: Duration = Duration::from_secs(5);

/// Asks for the kind of session and remembers what was last heard.
pub(crate) struct Remote {
    find: fn() -> Option<&'static str>,
    asked: Option<Instant>,
    known: Option<&'static str>,
}

impl Remote {
    /// Asks with this.
    pub(crate) fn new(find: fn() -> Option<&'static str>) -> Self {
        Self {
            find,
            asked: None,
            known: None,
        }
    }

    /// Asks beside the window, when the last time is long enough ago. Whoever moves a session makes the window draw itself anew.
    pub(crate) fn ask(&mut self, aside: &Aside) {
        if self.asked.is_some_and(|at| at.elapsed() < PAUSE) {
            return;
        }
        self.asked = Some(Instant::now());
        let find = self.find;
        aside.work(move || Done::RemoteSession(find()));
    }

    /// Whether an answer is another than the last one.
    pub(crate) fn is_news(&mut self, kind: Option<&'static str>) -> bool {
        std::mem::replace(&mut self.known, kind) != kind
    }
}
