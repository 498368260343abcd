//! Files that the command line names: walked in order, read whole, within bounds.

use std::path::{Path, PathBuf};

use bytes::Bytes;

/// The largest file that is read into memory, bytes.
pub(crate) const LARGEST: u64 = 4 << 30;
/// How many folders deep a walk goes.
const DEEPEST: usize = 64;
/// How many files a walk finds.
const MOST: usize = 1_000_000;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The operating system refused.
    #[error("The file cannot be read ({0}).")]
    Io(#[from] std::io::Error),
    /// It is a folder, a device or a pipe, which may never end.
    #[error("This is no ordinary file.")]
    NoFile,
    /// It is larger than [`LARGEST`].
    #[error("The file is larger than 4 GiB, the most that is read at once.")]
    TooLarge,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// The files in order.
    pub(crate) files: Vec<PathBuf>,
    /// A sentence when the walk's bounds left something out.
    pub(crate) left_out: Option<&'static str>,
}

/// Every file that the paths name: files as they are given, folders by name within. Links to folders are not followed, and what is
/// no ordinary file, such as a pipe, is passed over.
pub(crate) fn walk(paths: &[PathBuf]) -> Walk {
    bounded(paths, DEEPEST, MOST)
}

fn bounded(paths: &[PathBuf], deepest: usize, most: usize) -> Walk {
    let mut walk = Walk::default();
    let mut waiting: Vec<(PathBuf, usize)> = paths.iter().rev().map(|path| (path.clone(), 0)).collect();
    while let Some((path, depth)) = waiting.pop() {
        let given = depth == 0;
        let is_link = path.symlink_metadata().is_ok_and(|m| m.file_type().is_symlink());
        let facts = std::fs::metadata(&path);
        if facts.as_ref().is_ok_and(std::fs::Metadata::is_dir) {
            if is_link && !given {
                continue;
            }
            if depth >= deepest {
                walk.left_out = Some("Folders more than 64 deep were left out.");
                continue;
            }
            let mut inside: Vec<PathBuf> = std::fs::read_dir(&path)
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.path())
                .collect();
            inside.sort_unstable_by(|a, b| b.cmp(a));
            waiting.extend(inside.into_iter().map(|path| (path, depth + 1)));
        } else if given || facts.is_ok_and(|facts| facts.is_file()) {
            if walk.files.len() >= most {
                walk.left_out =
                    Some("There are more than a million files; the rest were left out. Name fewer folders.");
                break;
            }
            // What was given by name and is no file is told when it is read.
            walk.files.push(path);
        }
    }
    walk
}

/// A file's bytes.
///
/// # Errors
/// When the operating system refuses, or it is no ordinary file, or it is larger than [`LARGEST`].
pub(crate) fn read(path: &Path) -> Result<Bytes, ReadError> {
    // Asked before it is opened: opening a pipe waits for whoever writes into it.
    let facts = std::fs::metadata(path)?;
    if !facts.is_file() {
        return Err(ReadError::NoFile);
    }
    if facts.len() > LARGEST {
        return Err(ReadError::TooLarge);
    }
    Ok(std::fs::read(path)?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("b/c/d")).unwrap();
        for file in ["a", "b/1", "b/c/2", "b/c/d/3"] {
            std::fs::write(folder.path().join(file), "x").unwrap();
        }
        folder
    }

    #[test]
    fn a_walk_is_in_order_and_has_bounds_that_it_tells() {
        let folder = tree();
        let paths = [folder.path().to_owned()];
        let names = |walk: &Walk| -> Vec<String> {
            let short = |p: &PathBuf| {
                p.strip_prefix(folder.path())
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/")
            };
            walk.files.iter().map(short).collect()
        };
        let all = walk(&paths);
        assert_eq!(names(&all), ["a", "b/1", "b/c/2", "b/c/d/3"]);
        assert!(all.left_out.is_none());
        let shallow = bounded(&paths, 2, MOST);
        assert_eq!(names(&shallow), ["a", "b/1"]);
        assert!(shallow.left_out.is_some());
        let few = bounded(&paths, DEEPEST, 3);
        assert_eq!(names(&few), ["a", "b/1", "b/c/2"]);
        assert!(few.left_out.is_some());
    }

    #[test]
    fn a_pipe_is_passed_over_and_never_opened() {
        let folder = tree();
        let pipe = folder.path().join("pipe");
        // Where there is no mkfifo there are no such pipes.
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if !made.is_ok_and(|status| status.success()) {
            return testkit::skip("a pipe in a folder: there is no mkfifo");
        }
        assert!(!walk(&[folder.path().to_owned()]).files.contains(&pipe));
        assert!(matches!(read(&pipe), Err(ReadError::NoFile)));
        assert!(matches!(read(folder.path()), Err(ReadError::NoFile)));
    }
}
