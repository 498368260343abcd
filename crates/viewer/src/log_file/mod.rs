//! The log: what happened, without anything about patients; one file a day, kept for seven days.
//!
//! Only the events of [`Entry`] can be written, and none of them holds free text: identifiers go through [`Hashed`], failures are
//! written by their kind. A failure's short reference stands in the log and beside its sentence on the screen.

mod entry;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Instant;

pub(crate) use entry::{Entry, Hashed, Reference};

/// Lines that may wait for the disk; more are dropped and counted, for a slow disk must not hold the window.
const MOST_WAITING: usize = 256;

/// A handle on the log; cheap to clone, never waits, never fails.
#[derive(Clone, Debug)]
pub struct Log {
    sender: Option<SyncSender<String>>,
    /// Entries that found no room and have not been written down as lost yet.
    dropped: Arc<AtomicU64>,
    folder: Arc<PathBuf>,
    salt: u64,
    opened: Instant,
}

impl Log {
    /// Opens the log in a folder, removes what is older than seven days, and writes from a thread of its own.
    ///
    /// Where the folder cannot be written the program goes on without a log.
    pub fn open(folder: &Path) -> Self {
        let (sender, lines) = sync_channel(MOST_WAITING);
        let writer = writer::Writer::new(folder.to_owned());
        let started = std::thread::Builder::new()
            .name("farsight-log".to_owned())
            .spawn(move || writer.run(&lines));
        Self {
            sender: started.is_ok().then_some(sender),
            dropped: Arc::default(),
            folder: Arc::new(folder.to_owned()),
            salt: entry::random(),
            opened: Instant::now(),
        }
    }

    /// A log that goes nowhere.
    pub fn none() -> Self {
        Self {
            sender: None,
            dropped: Arc::default(),
            folder: Arc::new(PathBuf::new()),
            salt: entry::random(),
            opened: Instant::now(),
        }
    }

    /// When the log was opened.
    pub(crate) fn opened(&self) -> Instant {
        self.opened
    }

    /// The folder that the log files are in, for the Help menu.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// An identifier as the log may hold it: equal within one run of the program, meaningless outside it.
    pub(crate) fn hashed(&self, identifier: &str) -> Hashed {
        Hashed::new(self.salt, identifier)
    }

    /// Writes one event.
    pub(crate) fn note(&self, entry: &Entry) {
        let Some(sender) = &self.sender else { return };
        let now = chrono::Utc::now();
        let entries = self.dropped.swap(0, Ordering::Relaxed);
        if entries > 0 && sender.try_send(Entry::Dropped { entries }.line(&now)).is_err() {
            // There is still no room: this entry is lost with the others.
            self.dropped.fetch_add(entries + 1, Ordering::Relaxed);
        } else if sender.try_send(entry.line(&now)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes a failure by its kind and what it was about, and gives the reference that goes beside its sentence.
    pub(crate) fn failure(&self, kind: &'static str, about: Option<Hashed>) -> Reference {
        let reference = Reference::new();
        self.note(&Entry::Failed {
            kind,
            about,
            reference: reference.clone(),
        });
        reference
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_that_found_no_room_are_counted_and_written_down() {
        let (sender, lines) = sync_channel(2);
        let log = Log {
            sender: Some(sender),
            ..Log::none()
        };
        for _ in 0..5 {
            log.note(&Entry::Closed);
        }
        assert_eq!(lines.try_iter().count(), 2);
        log.note(&Entry::Closed);
        let after: Vec<String> = lines.try_iter().collect();
        assert_eq!(after.len(), 2);
        assert!(after[0].contains("dropped entries=3"), "{after:?}");
        assert!(after[1].contains("closed"), "{after:?}");
    }

    #[test]
    fn a_failures_reference_is_in_the_log_and_nothing_about_the_patient() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::open(folder.path());
        let about = log.hashed("1.2.840.99.DOE^JANE");
        let reference = log.failure("unreachable", Some(about));
        log.note(&Entry::Closed);
        drop(log);
        // The thread ends when the last handle has gone; the limit only ends a hang.
        let written = (0..500)
            .map(|_| {
                std::thread::sleep(std::time::Duration::from_millis(10));
                std::fs::read_dir(folder.path())
                    .unwrap()
                    .map(|f| std::fs::read_to_string(f.unwrap().path()).unwrap())
                    .collect::<String>()
            })
            .find(|text| text.contains("closed"))
            .unwrap();
        assert!(written.contains(&reference.to_string()), "{written}");
        assert!(written.contains("unreachable"));
        assert!(!written.contains("DOE") && !written.contains("1.2.840"), "{written}");
    }
}
