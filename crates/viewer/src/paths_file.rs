//! Files that the command line names: walked in order, read whole, within bounds.

use std::path::{Path, PathBuf};

use bytes::Bytes;

/// The largest file that is read into memory, bytes.
pub(crate) const LARGEST: u64 = 4 << 30;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The operating system refused.
    #[error("The file cannot be read ({0}).")]
    Io(#[from] std::io::Error),
    /// It is larger than [`LARGEST`].
    #[error("The file is larger than 4 GiB, the most that is read at once.")]
    TooLarge,
}

/// Every file that the paths name: files as they are given, folders by name within, links to folders not followed.
pub(crate) fn walk(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> = paths.iter().rev().cloned().collect();
    while let Some(path) = waiting.pop() {
        let given = paths.contains(&path);
        let is_link = path.symlink_metadata().is_ok_and(|m| m.file_type().is_symlink());
        if path.is_dir() && (given || !is_link) {
            let mut inside: Vec<PathBuf> = std::fs::read_dir(&path)
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.path())
                .collect();
            inside.sort_unstable_by(|a, b| b.cmp(a));
            waiting.extend(inside);
        } else {
            found.push(path);
        }
    }
    found
}

/// A file's bytes.
///
/// # Errors
/// When the operating system refuses, or the file is larger than [`LARGEST`].
pub(crate) fn read(path: &Path) -> Result<Bytes, ReadError> {
    if std::fs::metadata(path)?.len() > LARGEST {
        return Err(ReadError::TooLarge);
    }
    Ok(std::fs::read(path)?.into())
}
