//! What draws the window again when something has happened elsewhere.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use egui::Context;

/// Wakes whatever window there is: a window that is made anew has another context, and work that is under way must wake that one.
#[derive(Clone)]
pub(crate) struct Waking(Arc<Mutex<Context>>);

impl Waking {
    /// Wakes a window.
    pub(crate) fn new(ctx: &Context) -> Self {
        Self(Arc::new(Mutex::new(ctx.clone())))
    }

    /// From now on, wakes this one.
    pub(crate) fn moves_to(&self, ctx: &Context) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = ctx.clone();
    }

    /// The window is drawn again.
    pub(crate) fn now(&self) {
        self.ctx().request_repaint();
    }

    /// The window is drawn again after a while.
    pub(crate) fn after(&self, wait: Duration) {
        self.ctx().request_repaint_after(wait);
    }

    /// The context of the window that there is.
    pub(crate) fn ctx(&self) -> Context {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
