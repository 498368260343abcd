//! What the server holds.

use std::path::PathBuf;

/// Where the server's studies come from.
#[derive(Clone, Debug)]
pub struct Store {
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Phantoms,
    Folder(PathBuf),
}

impl Store {
    /// The synthetic studies of `study::phantom`, made when they are wanted; what is stored besides is kept in memory, within
    /// a bound.
    pub fn phantoms() -> Self {
        Self {
            source: Source::Phantoms,
        }
    }

    /// The DICOM files under a folder, at any depth; other files are passed over. The folder is read when the server starts;
    /// what is stored is written into it as plain Part 10 files.
    pub fn folder(path: PathBuf) -> Self {
        Self {
            source: Source::Folder(path),
        }
    }
}
