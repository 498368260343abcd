//! What differs between operating systems: the only place that may ask which one this is.

mod confine;
mod remote;

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use confine::confine;

pub(crate) use remote::remote_session;

/// Why no window can be opened here, when that is already certain; `None` when it is worth trying.
pub(crate) fn no_display() -> Option<&'static str> {
    #[cfg(target_os = "linux")]
    {
        let named = |variable| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
        if !named("DISPLAY") && !named("WAYLAND_DISPLAY") {
            return Some(
                "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so the window cannot open; \
                 search, pull, send, inspect, render, serve and bench work without one.",
            );
        }
    }
    None
}

/// The operating system in a word, for the log.
pub(crate) fn system() -> &'static str {
    std::env::consts::OS
}

/// This very program, to be started once more; empty where the operating system does not say, and then nothing can be started.
pub(crate) fn own_program() -> PathBuf {
    // On Linux through the running program itself: the file of that name may have been replaced by an update meanwhile.
    let running = Path::new("/proc/self/exe");
    if cfg!(target_os = "linux") && running.exists() {
        return running.to_owned();
    }
    std::env::current_exe().unwrap_or_default()
}

/// Opens a file for writing that only this user may read: made when absent, appended to or emptied as asked.
///
/// # Errors
/// Those of the operating system.
pub(crate) fn private_file(path: &Path, append: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).append(append).truncate(!append);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    // On Windows a user's own folders are closed to others by their inherited access list; macOS is a Unix.
    options.open(path)
}

/// What installs the graphics driver that is missing, in one sentence.
pub(crate) fn graphics_advice() -> &'static str {
    if cfg!(target_os = "linux") {
        "Install a Vulkan driver (Debian and Ubuntu: apt install mesa-vulkan-drivers) and start again."
    } else if cfg!(target_os = "windows") {
        "Install the graphics card's current driver from its maker and start again."
    } else {
        "Update the operating system, which brings the graphics driver, and start again."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_file_is_appended_to_or_emptied() {
        use std::io::Write;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write!(private_file(&path, true).unwrap(), "a").unwrap();
        write!(private_file(&path, true).unwrap(), "b").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "ab");
        write!(private_file(&path, false).unwrap(), "c").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "c");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
