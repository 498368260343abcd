//! What the program hears from retrieval: one closed list.

use std::sync::Arc;
use std::time::Instant;

use study::listing::StudyListing;
use study::{FrameRef, Instance, InstanceUid, StudyUid};

use crate::Failure;

/// A place that studies come from, for as long as the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub(crate) u32);

/// How a source does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceState {
    /// It answers.
    Well,
    /// It has not answered since then; it is asked again by itself, and what is here already can be read.
    Silent {
        /// When it was first found silent.
        since: Instant,
    },
}

/// The answer to a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The studies, as the source ordered them, each once.
    pub studies: Vec<StudyListing>,
    /// False when rows could not be read or a further page did not come: there may be studies that are not shown.
    pub whole: bool,
    /// The source says that it has more than it gave.
    pub more: bool,
}

/// What happened. No event of a study is given out after [`close`](crate::Retrieval::close) has returned.
#[derive(Clone, Debug)]
pub enum Event {
    /// A search was answered, or failed.
    StudiesFound {
        /// Who was asked.
        source: SourceId,
        /// The number that the search was asked with.
        request: u64,
        /// The studies, or why there are none.
        outcome: Result<Found, Failure>,
    },
    /// A study was found among files; the same study may come again with more images, and then replaces what was said before.
    StudyListed {
        /// The files.
        source: SourceId,
        /// What its headers say.
        listing: Box<StudyListing>,
        /// The name of the folder or file that it was found in, for the reader's screen only.
        path_hint: String,
    },
    /// Instances of an open study became known. One that comes again replaces what was said before: an object's own header is
    /// truer than a list.
    InstancesFound {
        /// Where they are.
        source: SourceId,
        /// Their study.
        study: StudyUid,
        /// The instances, in no particular order.
        instances: Vec<Arc<Instance>>,
        /// Every instance that the source knows of has now been said.
        complete: bool,
    },
    /// Instances of an open study that were fetched in an earlier opening of this run and are not asked for again; comes before
    /// their frames, and replaces what was said before.
    Cached {
        /// Their study.
        study: StudyUid,
        /// All of them.
        instances: Vec<InstanceUid>,
    },
    /// A frame is in [`Memory`](crate::Memory).
    FrameArrived(FrameRef),
    /// A frame cannot be shown, and why; it is not tried again before [`retry`](crate::Retrieval::retry).
    FrameRefused {
        /// The frame.
        frame: FrameRef,
        /// Why.
        failure: Failure,
    },
    /// How much of an open study is here.
    Progress {
        /// The study.
        study: StudyUid,
        /// Instances that are here, checked.
        stored: u32,
        /// Instances that are known of; grows while the study is being listed.
        of: u32,
        /// Bytes of the instances that are here.
        bytes: u64,
        /// Everything that the source lists is here.
        finished: bool,
    },
    /// Something of a study is missing or wrong; the rest stays usable.
    StudyTrouble {
        /// The study.
        study: StudyUid,
        /// What, and what to do.
        failure: Failure,
    },
    /// A source fell silent, or answers again.
    SourceState {
        /// The source.
        source: SourceId,
        /// How it does.
        state: SourceState,
        /// What went wrong, when it is silent.
        failure: Option<Failure>,
    },
    /// All files of a source were looked at.
    FilesRead {
        /// The files.
        source: SourceId,
        /// Studies found.
        studies: u32,
        /// Instances found.
        instances: u32,
        /// What could not be read, by number.
        failure: Option<Failure>,
    },
}
