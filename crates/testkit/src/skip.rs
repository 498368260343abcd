//! Saying what was not tested.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Says loudly that a test could not run and why: on standard error and, under `./test`, in the summary at its end.
pub fn skip(what: &str) {
    eprintln!("SKIPPED: {what}");
    if let Some(file) = std::env::var_os("FARSIGHT_SKIPPED")
        && let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(file)
    {
        let _ = writeln!(file, "{what}");
    }
}

/// The folder of real DICOM files beside the checkout (`../shared/data`, or `FARSIGHT_DATA`); `None`, said loudly, when absent.
pub fn shared_data(what: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("FARSIGHT_DATA") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    if folder.join("reference.jsonl").is_file() {
        return Some(folder);
    }
    skip(&format!(
        "{what}: the shared DICOM files are not beside the checkout (FARSIGHT_DATA names another place)"
    ));
    None
}
