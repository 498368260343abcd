//! What the server holds: an index in memory, and the bytes wherever they are.

mod archive;
mod attributes;
mod deposit;
mod folder;
mod index;
mod made;

use std::path::PathBuf;

pub(crate) use archive::Archive;
pub(crate) use attributes::{Level, OF_IMAGES, always, known};
pub(crate) use deposit::{Deposit, Refusal};
pub(crate) use index::{Index, Instance, Place, Series, Study, integer, text};

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
    /// The synthetic studies of `study::phantom`, made when they are wanted; what is stored besides is kept in memory, up to
    /// 1 GiB.
    pub fn phantoms() -> Self {
        Self {
            source: Source::Phantoms,
        }
    }

    /// The DICOM files (Part 10) under a folder, at any depth; other files are passed over. The folder is read when the server
    /// starts; what is stored is written into it as plain files.
    pub fn folder(path: PathBuf) -> Self {
        Self {
            source: Source::Folder(path),
        }
    }
}
