//! `farsight send`: stores files on a PACS.

use std::path::PathBuf;

use super::{Reach, VerbError};

/// Sends.
pub async fn run(reach: &Reach, paths: Vec<PathBuf>, json: bool) -> Result<(), VerbError> {
    let _ = (reach, paths, json);
    Err(VerbError::Failed("send is being built".to_owned()))
}
