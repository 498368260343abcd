//! The thread that ends children that are late.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::child::Process;

/// Who is being waited for, and until when.
#[derive(Debug, Default)]
pub(super) struct Watch {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Debug, Default)]
struct State {
    armed: Vec<Armed>,
    last: u64,
    /// When the thread looks again by itself; `None` when only the bell wakes it.
    looks_at: Option<Instant>,
    ended: bool,
}

#[derive(Debug)]
struct Armed {
    number: u64,
    until: Instant,
    process: Arc<Process>,
}

/// One wait that is being watched.
#[derive(Debug)]
pub(super) struct Ticket(u64);

impl Watch {
    pub(super) fn start() -> io::Result<Arc<Self>> {
        let watch = Arc::new(Self::default());
        let its = Arc::clone(&watch);
        std::thread::Builder::new()
            .name("farsight-watch".to_owned())
            .spawn(move || its.run())?;
        Ok(watch)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the thread. Who is still being waited for is not watched any more.
    pub(super) fn end(&self) {
        self.state().ended = true;
        self.bell.notify_all();
    }

    /// Begins to watch: the process is ended when the ticket is not given back in time.
    pub(super) fn arm(&self, process: &Arc<Process>, limit: Duration) -> Ticket {
        let until = Instant::now() + limit;
        let mut state = self.state();
        state.last += 1;
        let number = state.last;
        state.armed.push(Armed {
            number,
            until,
            process: Arc::clone(process),
        });
        // The thread sleeps through most frames: it is woken only for a limit that ends before it would look anyway.
        let wake = state.looks_at.is_none_or(|looks_at| until < looks_at);
        drop(state);
        if wake {
            self.bell.notify_all();
        }
        Ticket(number)
    }

    /// Ends the watch over one wait and says whether the process was ended for being late.
    pub(super) fn disarm(&self, ticket: Ticket) -> bool {
        let armed = &mut self.state().armed;
        match armed.iter().position(|armed| armed.number == ticket.0) {
            Some(at) => {
                armed.swap_remove(at);
                false
            }
            None => true,
        }
    }

    fn run(&self) {
        let mut state = self.state();
        while !state.ended {
            let now = Instant::now();
            state.armed.retain(|armed| {
                let late = armed.until <= now;
                if late {
                    armed.process.kill();
                }
                !late
            });
            state.looks_at = state.armed.iter().map(|armed| armed.until).min();
            state = match state.looks_at {
                Some(until) => {
                    let left = until.saturating_duration_since(now);
                    self.bell
                        .wait_timeout(state, left)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
                None => self.bell.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}
