//! `farsight search`: asks a PACS for studies.

use clap::Args;

use super::{Reach, VerbError};

/// What to look for.
#[derive(Args)]
pub struct Filters {
    /// One JSON line for each study (docs/json.md describes it)
    #[arg(long)]
    json: bool,
}

/// Asks and prints.
pub async fn run(reach: &Reach, filters: Filters) -> Result<(), VerbError> {
    let _ = (reach, filters.json);
    Err(VerbError::Failed("search is being built".to_owned()))
}
