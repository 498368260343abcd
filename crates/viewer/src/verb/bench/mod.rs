//! `farsight bench`: the project's own measurements, as JSON.

mod decode;
mod open;

use clap::Subcommand;
use tokio::runtime::Handle;

use super::{Reach, VerbError};
use crate::platform;

/// What to measure.
#[derive(Subcommand)]
pub(super) enum What {
    /// From click to first image and to the whole series
    Open(open::Open),
    /// Frames and megabytes a second of each encoding, on one thread and on two
    Decode(decode::Decode),
}

/// Measures.
pub(super) fn run(reach: &Reach, what: What, runtime: Handle) -> Result<(), VerbError> {
    match what {
        What::Open(what) => open::run(reach, what, runtime),
        What::Decode(what) => decode::run(&what),
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The machine in words, as every measurement names it.
fn machine() -> String {
    format!("{}, {} cores", platform::system(), cores())
}
