//! Faults on request, so that what must survive them can be tried in a real window: `FARSIGHT_PROVOKE`.
//!
//! `unequal` lets the self-test of the graphics adapter fail; `lose-device:N` destroys the device at every Nth change of image, in
//! turn before the window is painted and in the midst of it. Anything else provokes nothing. Neither can show a wrong image.

use std::sync::atomic::{AtomicU64, Ordering};

/// The fault that was asked for.
#[derive(Debug, Default)]
pub(crate) struct Provoke {
    unequal: bool,
    every: Option<u64>,
    changes: AtomicU64,
    losses: AtomicU64,
}

impl Provoke {
    /// What the environment asks for.
    pub(crate) fn from_environment() -> Self {
        std::env::var("FARSIGHT_PROVOKE").map_or_else(|_| Self::default(), |words| Self::of(&words))
    }

    fn of(words: &str) -> Self {
        let every = words.strip_prefix("lose-device:").and_then(|n| n.parse().ok());
        Self {
            unequal: words == "unequal",
            every: every.filter(|n| *n > 0),
            ..Self::default()
        }
    }

    /// Why the self-test is to fail.
    pub(crate) fn unequal(&self) -> Option<&'static str> {
        self.unequal.then_some("FARSIGHT_PROVOKE asks for it")
    }

    /// An image takes another's place: whether the device goes now, while the window is painted.
    pub(crate) fn image_changed(&self) -> bool {
        let Some(every) = self.every else { return false };
        let changes = self.changes.fetch_add(1, Ordering::Relaxed) + 1;
        changes >= every && self.losses.load(Ordering::Relaxed) % 2 == 1 && self.goes()
    }

    /// The window is about to be drawn: whether the device goes now.
    pub(crate) fn before_pass(&self) -> bool {
        let Some(every) = self.every else { return false };
        self.changes.load(Ordering::Relaxed) >= every
            && self.losses.load(Ordering::Relaxed).is_multiple_of(2)
            && self.goes()
    }

    fn goes(&self) -> bool {
        self.changes.store(0, Ordering::Relaxed);
        self.losses.fetch_add(1, Ordering::Relaxed);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_come_only_when_they_are_asked_for_and_in_turn() {
        for words in ["", "lose-device:0", "lose-device:x", "something"] {
            let provoke = Provoke::of(words);
            assert!(provoke.unequal().is_none() && !provoke.image_changed() && !provoke.before_pass());
        }
        assert!(Provoke::of("unequal").unequal().is_some());
        let provoke = Provoke::of("lose-device:2");
        let mut losses = Vec::new();
        for change in 0..8 {
            if provoke.image_changed() {
                losses.push((change, "painting"));
            }
            if provoke.before_pass() {
                losses.push((change, "before"));
            }
        }
        assert_eq!(losses, [(1, "before"), (3, "painting"), (5, "before"), (7, "painting")]);
    }
}
