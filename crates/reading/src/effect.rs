//! What the reading asks the world to do; the viewer does it.

use std::path::PathBuf;

use study::{FrameRef, FrameWants, StudyUid};

use crate::Trouble;
use crate::settings::Settings;
use crate::worklist::{Filter, SourceId};

/// One thing to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Search a source; the answer comes as `Heard::StudiesFound` with the same number.
    Search {
        /// Which source.
        source: SourceId,
        /// What for.
        filter: Filter,
        /// How many rows to pass over, for "more".
        offset: u32,
        /// The number of this request.
        request: u64,
    },
    /// Retrieve a study.
    OpenStudy {
        /// From where.
        source: SourceId,
        /// Which one.
        study: StudyUid,
    },
    /// Stop retrieving a study and forget its frames.
    CloseStudy(StudyUid),
    /// Publish the wants; the latest list replaces all earlier ones.
    Want(FrameWants),
    /// Try again what failed of a study.
    Retry(StudyUid),
    /// Add files, folders, a DICOMDIR or a zip as a source.
    AddFiles(Vec<PathBuf>),
    /// Write the settings.
    SaveSettings(Box<Settings>),
    /// Log that the statement of intended use of this version was read.
    IntendedUseRead,
    /// Put a text on the clipboard.
    CopyText(String),
    /// Put the path of the log on the clipboard.
    CopyLogPath,
    /// Toggle full screen.
    ToggleFullScreen,
    /// Ask for files to open.
    ChooseFiles,
    /// Ask for a folder to open.
    ChooseFolder,
    /// Put the keyboard into the worklist's search line.
    FocusSearch,
    /// Show a page over the window.
    Show(Page),
    /// Log that the reading itself refuses a frame; it is told again as `Heard::FrameRefused`, with its reference.
    FrameRefused {
        /// Which one.
        frame: FrameRef,
        /// Why, without a reference yet.
        trouble: Trouble,
    },
    /// Log a failure of a study that the reading itself found; it is told again as `Heard::StudyTrouble`, with its reference.
    StudyTrouble {
        /// Which study.
        study: StudyUid,
        /// What happened, without a reference yet.
        trouble: Trouble,
    },
    /// Close the window.
    Quit,
}

/// A page over the window; whether it is open is the window's own state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Every key and what it does.
    KeySheet,
    /// Version, adapter, licence.
    About,
    /// The statement of intended use.
    IntendedUse,
    /// The settings.
    Settings,
    /// "Add a PACS…".
    AddPacs,
}
