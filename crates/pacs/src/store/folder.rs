//! A folder of files: reading what is there, and writing what is stored.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use study::Object;

/// Folders within folders that are followed.
const DEEPEST: usize = 32;

/// Every regular file under a folder, in order of its name; folders that may not be opened are passed over, links to folders
/// are not followed.
///
/// # Errors
/// The folder itself cannot be read.
pub(crate) fn files(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![(fs::read_dir(root)?, 0)];
    while let Some((mut entries, depth)) = open.pop() {
        while let Some(entry) = entries.next() {
            let Ok(entry) = entry else { continue };
            let Ok(kind) = entry.file_type() else { continue };
            // Unfinished files of ours and the shadows that other systems leave beside theirs.
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() && depth < DEEPEST {
                if let Ok(inner) = fs::read_dir(entry.path()) {
                    open.push((entries, depth));
                    open.push((inner, depth + 1));
                    break;
                }
            } else if kind.is_file() || (kind.is_symlink() && entry.path().is_file()) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a file begins as Part 10 says (PS3.10 7.1); without looking at more than its beginning.
fn looks_like_part10(path: &Path) -> bool {
    let mut beginning = [0; 132];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut beginning))
        .is_ok()
        && is_part10(&beginning)
}

/// 128 bytes of preamble, then `DICM`.
pub(crate) fn is_part10(bytes: &[u8]) -> bool {
    bytes.get(128..132) == Some(b"DICM")
}

/// Reads one file as an object; `None` for anything that is not one.
pub(crate) fn object(path: &Path) -> Option<Object> {
    if !looks_like_part10(path) {
        return None;
    }
    Object::parse(Bytes::from(fs::read(path).ok()?)).ok()
}

/// Writes an object under a folder: `study/series/instance.dcm`, whole or not at all.
///
/// # Errors
/// What the system says.
pub(crate) fn write(root: &Path, [study, series, instance]: [&str; 3], bytes: &[u8]) -> io::Result<PathBuf> {
    static UNFINISHED: AtomicU64 = AtomicU64::new(0);
    let folder = root.join(study).join(series);
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{instance}.dcm"));
    let number = UNFINISHED.fetch_add(1, Ordering::Relaxed);
    let unfinished = folder.join(format!(".{}-{number}.part", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&unfinished)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::hard_link(&unfinished, &path).or_else(|e| without_links(e, &unfinished, &path)));
    drop(file);
    let _ = fs::remove_file(&unfinished);
    written.map(|()| path)
}

/// A file system without hard links: renaming does as well, but must not replace what is there.
fn without_links(error: io::Error, from: &Path, to: &Path) -> io::Result<()> {
    if error.kind() == io::ErrorKind::AlreadyExists || to.exists() {
        return Err(error);
    }
    fs::rename(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_at_any_depth_and_links_in_a_circle_do_no_harm() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("a/b")).unwrap();
        for name in ["z", "a/b/y", "a/x"] {
            fs::write(root.path().join(name), b"no image").unwrap();
        }
        let found = files(root.path()).unwrap();
        let names: Vec<_> = found.iter().map(|p| p.strip_prefix(root.path()).unwrap()).collect();
        assert_eq!(names, [Path::new("a/b/y"), Path::new("a/x"), Path::new("z")]);
        assert!(found.iter().all(|path| object(path).is_none()));
        assert!(files(&root.path().join("z")).is_err(), "a file is no folder");
    }

    #[test]
    fn what_is_there_is_never_replaced() {
        let root = tempfile::tempdir().unwrap();
        let path = write(root.path(), ["1.2", "1.3", "1.4"], b"first").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert!(write(root.path(), ["1.2", "1.3", "1.4"], b"second").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(files(root.path()).unwrap(), [path], "nothing unfinished is left");
    }
}
