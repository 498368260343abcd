//! How much retrieval may use.

use std::path::PathBuf;

use crate::workers::WorkerProgram;

/// How much retrieval may use, and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bytes of decoded frames that are kept; what is on the screen is kept beyond it.
    pub memory_bytes: u64,
    /// Where sealed objects lie while the program runs; made when it is not there.
    pub cache_folder: PathBuf,
    /// Bytes of sealed objects that are kept on the disk.
    pub cache_bytes: u64,
    /// Threads that decode; at least one is started.
    pub workers: usize,
    /// What each of them starts for codecs that are not to run in this process.
    pub worker_program: WorkerProgram,
}

/// Why retrieval could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The operating system gives no threads.
    #[error("The threads that decode images could not be started ({0}). Close other programs and try again.")]
    Threads(std::io::Error),
    /// The operating system gives no random numbers, without which nothing can be sealed.
    #[error(
        "The system gives no random numbers, so nothing can be kept safely on the disk. Ask the system's administrators."
    )]
    Random,
}
