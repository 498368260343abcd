//! `farsight pull`: retrieves a study or series as files.

use clap::Args;

use super::{Reach, VerbError};

/// What to retrieve, and where to.
#[derive(Args)]
pub struct What {
    /// Study Instance UID
    #[arg(long, value_name = "UID")]
    study: String,
}

/// Retrieves.
pub async fn run(reach: &Reach, what: What) -> Result<(), VerbError> {
    let _ = (reach, what.study);
    Err(VerbError::Failed("pull is being built".to_owned()))
}
