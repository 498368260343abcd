//! What the program holds: every call returns at once.

use std::path::PathBuf;
use std::sync::Arc;

use study::{FrameWants, StudyUid};
use tokio::runtime::Handle;

use crate::desk::Source;
use crate::engine::Shared;
use crate::{Inbox, LinkReading, Memory, Options, SourceId, StartError, StudyFilter};

/// Retrieval as the program holds it. Cloning is cheap; when the last clone is dropped, all work ends.
#[derive(Clone)]
pub struct Retrieval {
    owner: Arc<Owner>,
}

/// Tasks and threads hold what is shared, so only the program's own hold tells when the end has come.
struct Owner(Arc<Shared>);

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.stop();
    }
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
        let (shared, inbox) = Shared::start(handle, &options, wake)?;
        let owner = Arc::new(Owner(shared));
        Ok((Self { owner }, inbox))
    }

    /// Adds a PACS. Nothing is sent yet.
    pub fn add_pacs(&self, client: dicomweb::Client) -> SourceId {
        self.shared().desk().add_source(Source::new(Some(client)))
    }

    /// Adds files, folders, a DICOMDIR or a zip, and begins to look at them: [`Event::StudyListed`](crate::Event::StudyListed)
    /// tells what is there. They are read in place.
    pub fn add_files(&self, paths: Vec<PathBuf>) -> SourceId {
        self.shared().add_files(paths)
    }

    /// Searches a PACS; [`Event::StudiesFound`](crate::Event::StudiesFound) answers with the same number. Files answer with all
    /// their studies.
    pub fn search(&self, source: SourceId, filter: StudyFilter, request: u64) {
        self.shared().search(source, filter, request);
    }

    /// Opens a study: its instances are listed and, from a PACS, all fetched. Opening an open study changes nothing.
    pub fn open(&self, source: SourceId, study: StudyUid) {
        self.shared().open(source, study);
    }

    /// Closes a study: its frames leave memory, its requests end, and no event of it is given out any more.
    pub fn close(&self, study: &StudyUid) {
        self.shared().close(study);
    }

    /// Says what is wanted now; replaces what was wanted before, unless its revision is older.
    pub fn want(&self, wants: FrameWants) {
        self.shared().want(wants);
    }

    /// Tries again whatever failed of a study.
    pub fn retry(&self, study: &StudyUid) {
        self.shared().retry(study);
    }

    /// The decoded frames.
    pub fn memory(&self) -> &Memory {
        &self.shared().memory
    }

    /// What the link does now, over all servers.
    pub fn link(&self) -> LinkReading {
        self.shared().link()
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.owner.0
    }
}

impl std::fmt::Debug for Retrieval {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Retrieval").finish_non_exhaustive()
    }
}
