//! The files of a retrieval: written beside their name and renamed when they are whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use study::InstanceUid;

use crate::cache::Identity;
use crate::identity::{nothing_lacks, open_checked};
use crate::{Failure, FailureKind, files};

/// What a file that is being written ends in.
const UNFINISHED: &str = ".part";

/// Where an object's file is.
fn path_of(folder: &Path, instance: &InstanceUid) -> PathBuf {
    // A UID holds digits and dots only, so it cannot lead anywhere.
    folder.join(format!("{}.dcm", instance.as_str()))
}

/// Makes the folder and removes what an earlier run left unfinished.
pub(super) fn prepare(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| refused(&error))?;
    for entry in fs::read_dir(folder).map_err(|error| refused(&error))?.flatten() {
        let name = entry.file_name();
        let ours = name
            .to_str()
            .and_then(|name| name.strip_suffix(UNFINISHED)?.strip_suffix(".dcm"))
            .is_some_and(|uid| InstanceUid::new(uid).is_some());
        if ours {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// Whether an object's file is there, whole and right.
pub(super) fn is_whole(folder: &Path, identity: &Identity) -> bool {
    let path = path_of(folder, &identity.instance);
    path.is_file()
        && files::bytes(&path)
            .and_then(|bytes| open_checked(bytes, identity))
            // A report or a presentation state has no frames to count; it was renamed when it was whole.
            .is_ok_and(|opened| opened.instance.frames == 0 || nothing_lacks(&opened))
}

/// Writes an object's file and gives its length.
pub(super) fn write(folder: &Path, instance: &InstanceUid, bytes: &Bytes) -> Result<u64, Failure> {
    if bytes.get(128..132) != Some(b"DICM".as_slice()) {
        return Err(Failure::lasting(
            FailureKind::NotDicom,
            "The PACS sent the object without the head of a DICOM file, so it makes no file. Ask the PACS's administrators.",
        ));
    }
    let path = path_of(folder, instance);
    let unfinished = folder.join(format!("{}.dcm{UNFINISHED}", instance.as_str()));
    let written = File::create(&unfinished).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(error) = written.and_then(|()| fs::rename(&unfinished, &path)) {
        let _ = fs::remove_file(&unfinished);
        return Err(refused(&error));
    }
    Ok(bytes.len() as u64)
}

fn refused(error: &io::Error) -> Failure {
    Failure::lasting(
        FailureKind::Disk,
        format!("The folder takes no files ({error}). Check its rights and make room on the disk."),
    )
}
