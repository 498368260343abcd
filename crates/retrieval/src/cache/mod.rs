//! Fetched objects on the disk, sealed: nothing readable is left after exit or theft, and nothing is kept between runs.
//!
//! Each object is one file under a random name, sealed with XChaCha20-Poly1305 under a key that lives in this process's memory
//! only; its identity is bound into the seal, so that a file put in another's place does not open. The list of what is where is
//! in memory too: with the process the files lose all meaning, and the next start removes them.

mod folder;
mod seal;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use study::{InstanceUid, SeriesUid, StudyUid};

use self::folder::RunFolder;
use self::seal::Seal;
use crate::{SourceId, StartError};

/// Who an object is: bound into its seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) source: SourceId,
    pub(crate) study: StudyUid,
    pub(crate) series: SeriesUid,
    pub(crate) instance: InstanceUid,
}

/// A sealed object on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blob {
    name: String,
    /// Bytes of the object itself.
    pub(crate) bytes: u64,
    pub(crate) series: SeriesUid,
}

/// Why an object was not kept or not found.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CacheError {
    /// The budget is used up by open studies.
    #[error(
        "The disk space that may be used for images is used up; images further away are fetched again when they are wanted."
    )]
    NoRoom,
    /// The disk refused.
    #[error("The disk takes no more images ({0}); reading goes on from memory. Make room on the disk.")]
    Disk(#[from] std::io::Error),
    /// There is no folder to write to.
    #[error(
        "The folder for fetched images cannot be used; reading goes on from memory. Check the folder's rights and the disk."
    )]
    NoFolder,
    /// The file is not what was written.
    #[error("A fetched image was changed on the disk; it was thrown away and is fetched again.")]
    Broken,
}

/// The sealed objects of this run.
pub(crate) struct Cache {
    folder: Option<RunFolder>,
    /// Folders of runs that are no more.
    dead: Mutex<Vec<PathBuf>>,
    seal: Seal,
    budget: u64,
    index: Mutex<Index>,
}

#[derive(Default)]
struct Index {
    studies: BTreeMap<(SourceId, StudyUid), Kept>,
    bytes: u64,
    clock: u64,
}

#[derive(Default)]
struct Kept {
    open: bool,
    used: u64,
    blobs: BTreeMap<InstanceUid, Blob>,
}

impl Cache {
    /// A folder of its own for this run; [`sweep`](Self::sweep) removes those of runs that are no more.
    pub(crate) fn start(folder: &Path, budget: u64) -> Result<Self, StartError> {
        let (folder, dead) = RunFolder::make(folder, &seal::random_name()?).ok().unzip();
        Ok(Self {
            folder,
            dead: Mutex::new(dead.unwrap_or_default()),
            seal: Seal::new()?,
            budget,
            index: Mutex::default(),
        })
    }

    /// Removes the folders of runs that are no more, which may be gigabytes: blocks on the disk for long.
    pub(crate) fn sweep(&self) {
        let dead = std::mem::take(&mut *self.dead.lock().unwrap_or_else(PoisonError::into_inner));
        for folder in dead {
            // What stays is found again by the next run.
            let _ = std::fs::remove_dir_all(folder);
        }
    }

    /// Marks a study as open (never evicted) or closed, and gives what is here of it.
    pub(crate) fn set_open(&self, source: SourceId, study: &StudyUid, open: bool) -> Vec<(InstanceUid, Blob)> {
        let mut index = self.index();
        index.clock += 1;
        let now = index.clock;
        let kept = index.studies.entry((source, study.clone())).or_default();
        kept.open = open;
        kept.used = now;
        let here = kept
            .blobs
            .iter()
            .map(|(uid, blob)| (uid.clone(), blob.clone()))
            .collect();
        if !open && kept.blobs.is_empty() {
            index.studies.remove(&(source, study.clone()));
        }
        here
    }

    /// Seals an object and writes it. Blocks on the disk.
    pub(crate) fn put(&self, identity: &Identity, object: &Bytes) -> Result<Blob, CacheError> {
        let folder = self.folder.as_ref().ok_or(CacheError::NoFolder)?;
        let blob = Blob {
            name: seal::random_name().map_err(|_| CacheError::NoFolder)?,
            bytes: object.len() as u64,
            series: identity.series.clone(),
        };
        for gone in self.reserve(blob.bytes)? {
            folder.remove(&gone.name);
        }
        let written = self
            .seal
            .close(&binding(identity, &blob.name), object)
            .map_err(|_| CacheError::NoFolder)
            .and_then(|sealed| Ok(folder.write(&blob.name, &sealed)?));
        let mut index = self.index();
        if let Err(error) = written {
            index.bytes -= blob.bytes;
            return Err(error);
        }
        index.clock += 1;
        let now = index.clock;
        let kept = index
            .studies
            .entry((identity.source, identity.study.clone()))
            .or_default();
        kept.used = now;
        if let Some(old) = kept.blobs.insert(identity.instance.clone(), blob.clone()) {
            index.bytes -= old.bytes;
            folder.remove(&old.name);
        }
        Ok(blob)
    }

    /// Reads and unseals an object. Blocks on the disk.
    pub(crate) fn get(&self, identity: &Identity, blob: &Blob) -> Result<Bytes, CacheError> {
        let folder = self.folder.as_ref().ok_or(CacheError::NoFolder)?;
        let opened = folder.read(&blob.name).map_err(CacheError::Disk).and_then(|sealed| {
            self.seal
                .open(&binding(identity, &blob.name), sealed)
                .ok_or(CacheError::Broken)
        });
        if opened.is_err() {
            self.drop_blob(identity, folder);
        }
        opened
    }

    /// Removes this run's folder.
    pub(crate) fn remove(&self) {
        if let Some(folder) = &self.folder {
            folder.remove_all();
        }
    }

    /// Makes room for bytes by giving up whole closed studies, the longest unused first; open ones stay.
    fn reserve(&self, bytes: u64) -> Result<Vec<Blob>, CacheError> {
        let mut index = self.index();
        let mut gone = Vec::new();
        while index.bytes + bytes > self.budget {
            let oldest = index
                .studies
                .iter()
                .filter(|(_, kept)| !kept.open)
                .min_by_key(|(_, kept)| kept.used)
                .map(|(key, _)| key.clone());
            let Some(kept) = oldest.and_then(|key| index.studies.remove(&key)) else {
                // What was given up stays given up: its files must go.
                if let Some(folder) = &self.folder {
                    gone.iter().for_each(|blob: &Blob| folder.remove(&blob.name));
                }
                return Err(CacheError::NoRoom);
            };
            for blob in kept.blobs.into_values() {
                index.bytes -= blob.bytes;
                gone.push(blob);
            }
        }
        index.bytes += bytes;
        Ok(gone)
    }

    fn drop_blob(&self, identity: &Identity, folder: &RunFolder) {
        let mut index = self.index();
        let key = (identity.source, identity.study.clone());
        if let Some(blob) = index
            .studies
            .get_mut(&key)
            .and_then(|kept| kept.blobs.remove(&identity.instance))
        {
            index.bytes -= blob.bytes;
            folder.remove(&blob.name);
        }
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        self.remove();
    }
}

/// What is bound into a seal: which object this is, and under which name it lies.
fn binding(identity: &Identity, name: &str) -> String {
    format!(
        "farsight sealed object 1|{}|{}|{}|{}|{name}",
        identity.source.0,
        identity.study.as_str(),
        identity.series.as_str(),
        identity.instance.as_str()
    )
}

#[cfg(test)]
mod tests;
