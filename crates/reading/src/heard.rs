//! What the reading is told by the world: the events of retrieval, translated by the viewer.

use std::sync::Arc;

use study::listing::StudyListing;
use study::{FrameRef, Instance, InstanceUid, StudyUid};

use crate::worklist::{Condition, SourceId, SourceKind};
use crate::{Trouble, Verification};

/// One event from outside.
#[derive(Clone, Debug)]
pub enum Heard {
    /// A PACS or a set of files can be asked from now on.
    SourceAdded {
        /// How it is named between the crates.
        source: SourceId,
        /// Its name for the reader.
        name: String,
        /// What it is.
        kind: SourceKind,
    },
    /// A source is gone.
    SourceRemoved(SourceId),
    /// A source answers, or has fallen silent.
    SourceState {
        /// Which one.
        source: SourceId,
        /// Its condition.
        condition: Condition,
        /// Why it is silent.
        trouble: Option<Trouble>,
    },
    /// The answer to a search.
    StudiesFound {
        /// Which source answered.
        source: SourceId,
        /// The number of the request, from `Effect::Search`.
        request: u64,
        /// What was found.
        outcome: Result<StudiesFound, Trouble>,
    },
    /// A study was found among files.
    StudyListed {
        /// Which source it is in.
        source: SourceId,
        /// The study.
        listing: Box<StudyListing>,
    },
    /// Instances of an open study are known; may come in several parts.
    InstancesFound {
        /// The study as it was asked for.
        study: StudyUid,
        /// Their metadata.
        instances: Vec<Arc<Instance>>,
        /// No more will follow.
        complete: bool,
    },
    /// Objects of an open study were fetched in an earlier opening and are not asked for again; replaces what was said before.
    Cached {
        /// The study.
        study: StudyUid,
        /// All of them.
        instances: Vec<InstanceUid>,
    },
    /// A frame is in memory.
    FrameArrived(FrameRef),
    /// A frame will not come.
    FrameRefused {
        /// Which one.
        frame: FrameRef,
        /// Why.
        trouble: Trouble,
    },
    /// How far an open study has come.
    Progress {
        /// Which study.
        study: StudyUid,
        /// Instances that are here.
        stored: u32,
        /// Instances that the study has.
        of: u32,
        /// Bytes that came.
        bytes: u64,
        /// All of them are here.
        finished: bool,
    },
    /// An open study meets a failure; what is here stays usable.
    StudyTrouble {
        /// Which study.
        study: StudyUid,
        /// What happened.
        trouble: Trouble,
    },
    /// What draws the images was checked, or is to be checked anew.
    Drawing(Verification),
    /// The window is shown through a session on another machine, named for the reader; `None`: it is not.
    RemoteSession(Option<String>),
    /// Something failed that belongs to no study: a settings file, a path that was dropped on the window.
    Trouble(Trouble),
}

/// Studies that a search found.
#[derive(Clone, Debug, Default)]
pub struct StudiesFound {
    /// The studies.
    pub listings: Vec<StudyListing>,
    /// Every row could be read.
    pub whole: bool,
    /// The server has more than it gave.
    pub more: bool,
}
