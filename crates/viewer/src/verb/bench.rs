//! `farsight bench`: the project's own measurements, as JSON.

use clap::Subcommand;
use tokio::runtime::Handle;

use super::{Reach, VerbError};

/// What to measure.
#[derive(Subcommand)]
pub enum What {
    /// From click to first image and to the whole series
    Open,
}

/// Measures.
pub fn run(reach: &Reach, what: What, runtime: Handle) -> Result<(), VerbError> {
    let (_, What::Open, _) = (reach, what, runtime);
    Err(VerbError::Failed("bench is being built".to_owned()))
}
