//! `farsight serve`: the embedded DICOMweb server over a folder.

use std::path::PathBuf;

use clap::Args;

use super::VerbError;

/// What to serve, and where.
#[derive(Args)]
pub struct What {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Serves until it is stopped.
pub async fn run(what: What) -> Result<(), VerbError> {
    let _ = what.folder;
    Err(VerbError::Failed("serve is being built".to_owned()))
}
