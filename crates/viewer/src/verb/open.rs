//! `farsight`, `farsight demo`, `farsight open`: the verbs with a window.

use std::path::PathBuf;

use tokio::runtime::Handle;

use super::{Reach, VerbError};
use crate::launch::{self, Launch};

/// The worklist.
pub fn worklist(reach: &Reach, runtime: Handle) -> Result<(), VerbError> {
    let server = reach.server.clone();
    launch::run(Launch::Worklist { server }, runtime).map_err(VerbError::failed)
}

/// The demonstration.
pub fn demo(runtime: Handle) -> Result<(), VerbError> {
    launch::run(Launch::Demo, runtime).map_err(VerbError::failed)
}

/// Local files.
pub fn paths(paths: Vec<PathBuf>, runtime: Handle) -> Result<(), VerbError> {
    launch::run(Launch::Files(paths), runtime).map_err(VerbError::failed)
}
