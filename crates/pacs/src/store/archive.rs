//! The store at work: filled at start, asked for bytes, bounded in what it does at once.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use bytes::Bytes;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use study::{InstanceUid, Object, SeriesUid, StudyUid, TransferSyntax, phantom};
use tokio::sync::Semaphore;

use super::index::{self, Index, Instance, Place};
use super::made::Made;
use super::{Source, Store, attributes, folder};
use crate::Decoder;
use crate::problem::Problem;

/// Bytes of phantoms that are kept after they were made.
const MADE_BYTES: usize = 192 << 20;
/// Bytes that may be stored where there is no folder.
const STORED_BYTES: usize = 1 << 30;

/// The store at work.
#[derive(Debug)]
pub(crate) struct Archive {
    index: RwLock<Index>,
    /// What decodes frames.
    pub(crate) decoder: Decoder,
    /// Where stored objects are written; without it they stay in memory.
    pub(super) folder: Option<PathBuf>,
    /// Bytes that may still be stored in memory.
    pub(super) room: Mutex<usize>,
    made: Mutex<Made>,
    /// Making, reading and decoding at once: the viewer beside us wants the processor as well.
    work: Semaphore,
}

impl Archive {
    /// Fills the index.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub(crate) async fn open(store: Store, decoder: Decoder) -> io::Result<Arc<Self>> {
        let filled = tokio::task::spawn_blocking(move || match store.source {
            Source::Phantoms => Ok((of_phantoms(), None)),
            Source::Folder(path) => of_folder(&path).map(|index| (index, Some(path))),
        });
        let (index, folder) = filled.await.map_err(io::Error::other)??;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Ok(Arc::new(Self {
            index: RwLock::new(index),
            decoder,
            folder,
            room: Mutex::new(STORED_BYTES),
            made: Mutex::new(Made::new(MADE_BYTES)),
            work: Semaphore::new((cores / 2).clamp(1, 8)),
        }))
    }

    /// The index as it is now; held for a moment only, never across a wait.
    pub(crate) fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters a new instance; false when its UID is taken.
    pub(super) fn enter(&self, instance: Instance, header: &InMemDicomObject) -> bool {
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        index.insert(instance, header)
    }

    /// The instances of a study, a series or one instance, in order.
    ///
    /// # Errors
    /// 404 when there is none.
    pub(crate) fn find(
        &self,
        study: &StudyUid,
        series: Option<&SeriesUid>,
        instance: Option<&InstanceUid>,
    ) -> Result<Vec<Arc<Instance>>, Problem> {
        let found = self.index().instances(study, series, instance);
        if found.is_empty() {
            let what = match (series, instance) {
                (_, Some(_)) => "instance",
                (Some(_), None) => "series",
                (None, None) => "study",
            };
            return Err(Problem::missing(format!("This server has no such {what}.")));
        }
        Ok(found)
    }

    /// Does heavy work off the runtime, a bounded number of things at once.
    ///
    /// # Errors
    /// What the work says; 500 when it broke down.
    pub(crate) async fn heavy<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let _permit = self.work.acquire().await.map_err(|_| broke_down())?;
        self.light(work).await
    }

    /// Does quick blocking work off the runtime.
    ///
    /// # Errors
    /// What the work says; 500 when it broke down.
    pub(crate) async fn light<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let this = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&this))
            .await
            .unwrap_or_else(|_| Err(broke_down()))
    }

    /// The whole Part 10 file of an instance.
    ///
    /// # Errors
    /// As [`Self::bytes`].
    pub(crate) async fn fetch(self: &Arc<Self>, instance: Arc<Instance>) -> Result<Bytes, Problem> {
        match instance.place {
            Place::Phantom(_) => self.heavy(move |archive| archive.bytes(&instance)).await,
            _ => self.light(move |archive| archive.bytes(&instance)).await,
        }
    }

    /// The whole Part 10 file of an instance; blocks.
    ///
    /// # Errors
    /// 410 when the file is no longer there, 500 when it cannot be read.
    pub(crate) fn bytes(&self, instance: &Instance) -> Result<Bytes, Problem> {
        match &instance.place {
            Place::Memory(bytes) => Ok(bytes.clone()),
            Place::File(path) => std::fs::read(path)
                .map(Bytes::from)
                .map_err(|error| match error.kind() {
                    io::ErrorKind::NotFound => Problem::new(
                        axum::http::StatusCode::GONE,
                        "The object's file is no longer in the server's folder.",
                    ),
                    _ => Problem::broken("The object's file cannot be read from the server's folder."),
                }),
            Place::Phantom(at) => {
                if let Some(bytes) = self.made().get(&instance.uid) {
                    return Ok(bytes);
                }
                let bytes = phantom::object(&instance.study, &instance.series, *at)
                    .ok_or_else(|| Problem::broken("The synthetic object cannot be made."))?;
                self.made().put(&instance.uid, &bytes);
                Ok(bytes)
            }
        }
    }

    /// An instance, parsed; blocks.
    ///
    /// # Errors
    /// As [`Self::bytes`]; 500 when the file has become unreadable as DICOM.
    pub(crate) fn object(&self, instance: &Instance) -> Result<Object, Problem> {
        Object::parse(self.bytes(instance)?).map_err(|error| Problem::broken(error.to_string()))
    }

    /// An instance's header and the number of its frames, without making a phantom's pixels; blocks.
    ///
    /// # Errors
    /// As [`Self::object`].
    pub(crate) fn header(&self, instance: &Instance) -> Result<(InMemDicomObject, u32), Problem> {
        if let Place::Phantom(at) = instance.place {
            let header = phantom::header(&instance.study, &instance.series, at)
                .ok_or_else(|| Problem::broken("The synthetic object cannot be made."))?;
            let frames = index::integer(&header, tags::NUMBER_OF_FRAMES).map_or(1, |n| u32::try_from(n).unwrap_or(1));
            return Ok((header, frames));
        }
        let object = self.object(instance)?;
        Ok((object.dataset().clone(), object.frames()))
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn broke_down() -> Problem {
    Problem::broken("The server's own work broke down. Ask again; if it happens again, report it.")
}

fn of_phantoms() -> Index {
    let mut index = Index::default();
    for study in phantom::catalogue() {
        for series in &study.series {
            let Some(header) = phantom::header(&study.listing.study, &series.uid, 0) else {
                continue;
            };
            for at in 0..series.instances {
                let instance = Instance {
                    study: study.listing.study.clone(),
                    series: series.uid.clone(),
                    uid: series.instance_uid(at),
                    sop_class: index::text(&header, tags::SOP_CLASS_UID).into(),
                    transfer_syntax: TransferSyntax(dicom_dictionary_std::uids::EXPLICIT_VR_LITTLE_ENDIAN.into()),
                    number: i64::from(at) + 1,
                    place: Place::Phantom(at),
                    attributes: None,
                };
                index.insert(instance, &header);
            }
        }
    }
    index
}

/// Reads the files with as many threads as there are cores; the order of the files decides which of two with one UID counts.
fn of_folder(root: &Path) -> io::Result<Index> {
    let files = folder::files(root)?;
    let cores = std::thread::available_parallelism().map_or(2, usize::from).min(8);
    let mut index = Index::default();
    // A batch at a time, so that memory holds few headers besides the index.
    for batch in files.chunks(64 * cores) {
        let read: Vec<Vec<(Instance, InMemDicomObject)>> = std::thread::scope(|scope| {
            let readers: Vec<_> = batch
                .chunks(batch.len().div_ceil(cores))
                .map(|part| scope.spawn(move || part.iter().filter_map(|path| entry(path)).collect()))
                .collect();
            readers
                .into_iter()
                .map(|reader| reader.join().unwrap_or_default())
                .collect()
        });
        for (instance, header) in read.into_iter().flatten() {
            index.insert(instance, &header);
        }
    }
    Ok(index)
}

fn entry(path: &Path) -> Option<(Instance, InMemDicomObject)> {
    let object = folder::object(path)?;
    let instance = instance(&object, Place::File(path.to_owned()))?;
    Some((instance, object.dataset().clone()))
}

/// What the index keeps of an object; `None` when a UID that identifies it is missing or malformed.
pub(super) fn instance(object: &Object, place: Place) -> Option<Instance> {
    let header = object.dataset();
    Some(Instance {
        study: StudyUid::new(&index::text(header, tags::STUDY_INSTANCE_UID))?,
        series: SeriesUid::new(&index::text(header, tags::SERIES_INSTANCE_UID))?,
        uid: InstanceUid::new(&index::text(header, tags::SOP_INSTANCE_UID))?,
        sop_class: index::text(header, tags::SOP_CLASS_UID).into(),
        transfer_syntax: object.transfer_syntax().clone(),
        number: index::integer(header, tags::INSTANCE_NUMBER).unwrap_or(i64::MAX),
        place,
        attributes: Some(attributes::select(attributes::Level::Instance, header)),
    })
}
