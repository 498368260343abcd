//! Objects in a zip, unpacked into memory one at a time and within bounds.
//!
//! Nothing is written, so no name in a zip can lead anywhere; an entry that unpacks to far more than it takes is refused.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use bytes::Bytes;
use zip::ZipArchive;

use super::unreadable;
use crate::{Failure, FailureKind};

/// The largest entry that is unpacked, bytes.
const LARGEST: u64 = 2 << 30;

/// Entries that are looked at.
const MOST: usize = 100_000;

/// Deflate packs at most about 1030 to 1; what claims more is made to do harm.
const MOST_PACKED: u64 = 1_100;

/// Whether a file begins like a zip.
pub(crate) fn is_zip(start: &[u8]) -> bool {
    start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06")
}

/// The numbers of a zip's files, and whether there are more than are looked at.
pub(crate) fn entries(path: &Path) -> Result<(Vec<usize>, bool), Failure> {
    let mut zip = open(path)?;
    let count = zip.len();
    let files = (0..count.min(MOST))
        .filter(|number| zip.by_index_raw(*number).is_ok_and(|entry| entry.is_file()))
        .collect();
    Ok((files, count > MOST))
}

/// One entry's bytes.
pub(crate) fn bytes_in_zip(path: &Path, number: usize) -> Result<Bytes, Failure> {
    let mut zip = open(path)?;
    let entry = zip.by_index(number).map_err(|_| damaged())?;
    let (size, packed) = (entry.size(), entry.compressed_size());
    if size > LARGEST || size / MOST_PACKED > packed {
        return Err(Failure::lasting(
            FailureKind::Disk,
            "A file in the zip unpacks to more than is taken. It was left out.",
        ));
    }
    // The size that a zip tells need not be true.
    let mut bytes = Vec::new();
    entry
        .take(size.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|_| damaged())?;
    if bytes.len() as u64 != size {
        return Err(damaged());
    }
    Ok(bytes.into())
}

fn open(path: &Path) -> Result<ZipArchive<File>, Failure> {
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    ZipArchive::new(file).map_err(|_| damaged())
}

fn damaged() -> Failure {
    Failure::lasting(
        FailureKind::Disk,
        "The zip, or a file in it, is damaged or packed in a way that is not read. Ask for it again.",
    )
}
