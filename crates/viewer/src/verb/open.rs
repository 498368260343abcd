//! `farsight`, `farsight demo`, `farsight open`: the verbs with a window.

use std::path::PathBuf;

use study::StudyUid;
use tokio::runtime::Handle;

use super::{Reach, VerbError};
use crate::launch::{self, Launch};
use crate::platform;

/// The worklist.
pub(super) fn worklist(reach: &Reach, runtime: Handle) -> Result<(), VerbError> {
    window(
        Launch::Worklist {
            reach: reach.clone(),
            study: None,
        },
        runtime,
    )
}

/// A study of a PACS.
pub(super) fn study(reach: &Reach, study: &str, runtime: Handle) -> Result<(), VerbError> {
    let Some(study) = StudyUid::new(study) else {
        return Err(VerbError::WrongCall(
            "--study takes a Study Instance UID: digits and dots, at most 64 characters.".to_owned(),
        ));
    };
    window(
        Launch::Worklist {
            reach: reach.clone(),
            study: Some(study),
        },
        runtime,
    )
}

/// The demonstration.
pub(super) fn demo(runtime: Handle) -> Result<(), VerbError> {
    window(Launch::Demo, runtime)
}

/// Local files.
pub(super) fn paths(paths: Vec<PathBuf>, runtime: Handle) -> Result<(), VerbError> {
    if let Some(absent) = paths.iter().find(|path| !path.exists()) {
        return Err(VerbError::Failed(format!(
            "There is no file or folder {}.",
            absent.display()
        )));
    }
    window(Launch::Files(paths), runtime)
}

fn window(launch: Launch, runtime: Handle) -> Result<(), VerbError> {
    if let Some(sentence) = platform::no_display() {
        return Err(VerbError::Failed(sentence.to_owned()));
    }
    launch::run(launch, runtime).map_err(VerbError::failed)
}
