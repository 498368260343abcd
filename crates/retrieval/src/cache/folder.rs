//! The folder of one run, and the removal of folders whose run is no more.
//!
//! A run holds a lock on a file in its folder for as long as it lives; the operating system lets go of the lock however the
//! process ends. A folder whose lock can be taken belongs to nobody.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file that a living run keeps locked.
const ALIVE: &str = "alive";

/// The file that is locked while folders are made and removed, so that no run takes a half-made folder for a dead one.
const START: &str = "start";

/// The folder of this run.
pub(crate) struct RunFolder {
    path: PathBuf,
    _alive: File,
}

impl RunFolder {
    /// Makes the folder of this run and tells those of dead runs, which are to be removed: that may take long.
    pub(crate) fn make(above: &Path, name: &str) -> io::Result<(Self, Vec<PathBuf>)> {
        fs::create_dir_all(above)?;
        let start = open(&above.join(START))?;
        let alone = start.lock().is_ok();
        let path = above.join(format!("run-{name}"));
        fs::create_dir(&path)?;
        let alive = open(&path.join(ALIVE))?;
        // Where a file system has no locks, nothing can be known to be dead, and nothing of others is removed.
        let dead = if alive.try_lock().is_ok() && alone {
            dead_of(above, &path)
        } else {
            Vec::new()
        };
        Ok((Self { path, _alive: alive }, dead))
    }

    /// Writes a whole file or none.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path.join(name);
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .and_then(|mut file| file.write_all(bytes));
        if written.is_err() {
            let _ = fs::remove_file(&path);
        }
        written
    }

    /// Where a file lies.
    #[cfg(test)]
    pub(crate) fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Reads a whole file.
    pub(crate) fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path.join(name))
    }

    /// Removes a file; one that is gone already is as good.
    pub(crate) fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.path.join(name));
    }

    /// Removes the folder with all that is in it.
    pub(crate) fn remove_all(&self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).open(path)
}

/// Folders that look like a run's and whose lock nobody holds: names are never given twice, so that they stay dead. Anything
/// else is not ours and stays.
fn dead_of(above: &Path, own: &Path) -> Vec<PathBuf> {
    let mut dead = Vec::new();
    for entry in fs::read_dir(above).into_iter().flatten().flatten() {
        let path = entry.path();
        let ours = entry
            .file_name()
            .to_str()
            .and_then(|name| name.strip_prefix("run-"))
            .is_some_and(|name| name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit()));
        // A link is not followed.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !ours || !is_folder || path == own {
            continue;
        }
        let lives = match OpenOptions::new().write(true).open(path.join(ALIVE)) {
            Ok(alive) => !matches!(alive.try_lock(), Ok(())),
            // Cut off before the file was made, or half removed: nobody holds it.
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        };
        if !lives {
            dead.push(path);
        }
    }
    dead
}
