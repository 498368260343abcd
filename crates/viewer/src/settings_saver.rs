//! Saving the settings beside the window: one writer at a time, and of what waits only the latest.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reading::settings::Settings;

use crate::aside::{Aside, Done};
use crate::settings_file;

/// How long the end of the program waits for the disk.
const LAST_WAIT: Duration = Duration::from_secs(3);

/// Where settings are saved; without a path they are kept for this run only.
pub(crate) struct Saver {
    path: Option<Arc<PathBuf>>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    idle: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Option<Settings>,
    writing: bool,
    /// The last save failed and this has been said.
    failed: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes until nothing waits; a sentence when the last one failed and the one before had not.
    fn write(&self, save: impl Fn(&Settings) -> Option<String>) -> Option<String> {
        let mut sentence = None;
        loop {
            let mut state = self.state();
            let Some(settings) = state.waiting.take() else {
                state.writing = false;
                let said = std::mem::replace(&mut state.failed, sentence.is_some());
                self.idle.notify_all();
                return sentence.filter(|_| !said);
            };
            drop(state);
            sentence = save(&settings);
        }
    }
}

impl Saver {
    /// A saver for a file.
    pub(crate) fn new(path: Option<PathBuf>) -> Self {
        Self {
            path: path.map(Arc::new),
            shared: Arc::default(),
        }
    }

    /// Saves soon; what has not been begun yet is replaced.
    pub(crate) fn save(&self, settings: Settings, aside: &Aside) {
        let Some(path) = &self.path else { return };
        let mut state = self.shared.state();
        state.waiting = Some(settings);
        if std::mem::replace(&mut state.writing, true) {
            return;
        }
        let (path, shared) = (Arc::clone(path), Arc::clone(&self.shared));
        aside.work(move || {
            let save = |settings: &Settings| settings_file::save(&path, settings).err().map(|e| e.to_string());
            Done::Saved(shared.write(save))
        });
    }

    /// Waits until what was to be saved is on the disk, within a bound.
    pub(crate) fn finish(&self) {
        let idle = &self.shared.idle;
        let _ = idle.wait_timeout_while(self.shared.state(), LAST_WAIT, |state| state.writing);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn brightness(chrome_brightness: u8) -> Settings {
        Settings {
            chrome_brightness,
            ..Settings::default()
        }
    }

    #[test]
    fn of_what_comes_while_one_is_written_only_the_latest_is_written_and_last() {
        let shared = Shared::default();
        shared.state().waiting = Some(brightness(50));
        let written = RefCell::new(Vec::new());
        let failed = shared.write(|settings| {
            written.borrow_mut().push(settings.chrome_brightness);
            if settings.chrome_brightness == 50 {
                // Two steps of a slider while the disk is slow.
                shared.state().waiting = Some(brightness(60));
                shared.state().waiting = Some(brightness(70));
            }
            None
        });
        assert_eq!(failed, None);
        assert_eq!(written.into_inner(), [50, 70]);
        assert!(!shared.state().writing);
    }

    #[test]
    fn a_disk_that_refuses_is_told_once_until_it_takes_something_again() {
        let shared = Shared::default();
        let mut tell = |refuses: bool| {
            shared.state().waiting = Some(Settings::default());
            shared
                .write(|_| refuses.then(|| "The disk is full.".to_owned()))
                .is_some()
        };
        assert_eq!([true, true, false, true].map(&mut tell), [true, false, false, true]);
    }

    #[test]
    fn what_was_saved_is_on_the_disk_when_the_program_ends() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        let saver = Saver::new(Some(path.clone()));
        let aside = Aside::new(runtime.handle().clone(), Arc::new(|| {}));
        for percent in 50..=90 {
            saver.save(brightness(percent), &aside);
        }
        saver.finish();
        assert_eq!(settings_file::load::<Settings>(&path).0, brightness(90));
    }
}
