//! What the program holds: every call returns at once.

use std::path::PathBuf;
use std::sync::Arc;

use study::{FrameWants, StudyUid};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::{Event, Inbox, LinkReading, Memory, Options, SourceId, StartError, StudyFilter};

/// Retrieval as the program holds it. Cloning is cheap; when the last clone is dropped, all work ends.
#[derive(Clone)]
pub struct Retrieval {
    shared: Arc<Shared>,
}

struct Shared {
    memory: Memory,
    _events: mpsc::Sender<Event>,
}

impl Retrieval {
    /// Starts on a runtime. `wake` is called after each event, from any thread; it must return at once.
    ///
    /// # Errors
    /// No threads, no random numbers. A cache folder that cannot be used is no error: reading goes on from memory.
    pub fn start(
        handle: &Handle,
        options: Options,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Result<(Self, Inbox), StartError> {
        let _ = (handle, options, wake);
        let (events, received) = mpsc::channel(1024);
        let shared = Shared {
            memory: Memory::default(),
            _events: events,
        };
        Ok((
            Self {
                shared: Arc::new(shared),
            },
            Inbox::new(received),
        ))
    }

    /// Adds a PACS. Nothing is sent yet.
    pub fn add_pacs(&self, client: dicomweb::Client) -> SourceId {
        let _ = client;
        SourceId(0)
    }

    /// Adds files, folders, a DICOMDIR or a zip, and begins to look at them: [`Event::StudyListed`] tells what is there. They
    /// are read in place.
    pub fn add_files(&self, paths: Vec<PathBuf>) -> SourceId {
        let _ = paths;
        SourceId(0)
    }

    /// Searches a PACS; [`Event::StudiesFound`] answers with the same number.
    pub fn search(&self, source: SourceId, filter: StudyFilter, request: u64) {
        let _ = (source, filter, request);
    }

    /// Opens a study: its instances are listed and, from a PACS, all fetched. Opening an open study changes nothing.
    pub fn open(&self, source: SourceId, study: StudyUid) {
        let _ = (source, study);
    }

    /// Closes a study: its frames leave memory, its requests end, and no event of it is given out any more.
    pub fn close(&self, study: &StudyUid) {
        let _ = study;
    }

    /// Says what is wanted now; replaces what was wanted before, unless its revision is older.
    pub fn want(&self, wants: FrameWants) {
        let _ = wants;
    }

    /// Tries again whatever failed of a study.
    pub fn retry(&self, study: &StudyUid) {
        let _ = study;
    }

    /// The decoded frames.
    pub fn memory(&self) -> &Memory {
        &self.shared.memory
    }

    /// What the link does now.
    pub fn link(&self) -> LinkReading {
        LinkReading::default()
    }
}

impl std::fmt::Debug for Retrieval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Retrieval").finish_non_exhaustive()
    }
}
