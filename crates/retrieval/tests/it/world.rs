//! A retrieval that runs, and its events as a test needs them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::Bytes;
use dicomweb::{Client, Patience, Server, SignIn};
use pacs::{Pacs, Store};
use retrieval::workers::WorkerProgram;
use retrieval::{Event, Inbox, Options, Retrieval};
use study::{FrameRef, Instance, InstanceUid, Object, StudyUid, phantom};
use tokio::sync::Notify;

/// After so long a test that hangs ends; nothing is measured by it.
const HANGS: Duration = Duration::from_secs(120);

pub(crate) struct World {
    pub(crate) retrieval: Retrieval,
    pub(crate) cache: PathBuf,
    pub(crate) seen: Vec<Event>,
    inbox: Inbox,
    woken: Arc<Notify>,
    _folder: tempfile::TempDir,
}

impl World {
    pub(crate) fn start() -> Self {
        Self::with(1 << 30, |folder| folder.join("cache"))
    }

    /// With a budget for memory, and the cache folder that a function makes within an empty one.
    pub(crate) fn with(memory_bytes: u64, cache: impl FnOnce(&Path) -> PathBuf) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path());
        let woken = Arc::new(Notify::new());
        let wake = Arc::clone(&woken);
        let (retrieval, inbox) = Retrieval::start(
            &tokio::runtime::Handle::current(),
            Options {
                memory_bytes,
                cache_folder: cache.clone(),
                cache_bytes: 1 << 30,
                workers: 2,
                worker_program: WorkerProgram {
                    program: env!("CARGO_BIN_EXE_misbehaving-worker").into(),
                    arguments: Vec::new(),
                },
            },
            Arc::new(move || wake.notify_one()),
        )
        .unwrap();
        Self {
            retrieval,
            cache,
            seen: Vec::new(),
            inbox,
            woken,
            _folder: folder,
        }
    }

    /// Hears events until one fits; all of them are kept.
    pub(crate) async fn until(&mut self, fits: impl Fn(&Event) -> bool) -> Event {
        let waiting = async {
            loop {
                while let Some(event) = self.inbox.try_next() {
                    self.seen.push(event.clone());
                    if fits(&event) {
                        return event;
                    }
                }
                self.woken.notified().await;
            }
        };
        match tokio::time::timeout(HANGS, waiting).await {
            Ok(event) => event,
            Err(_) => panic!("it never came; heard: {:#?}", self.seen),
        }
    }

    /// Hears what is there now.
    pub(crate) fn drain(&mut self) -> Vec<Event> {
        let mut drained = Vec::new();
        while let Some(event) = self.inbox.try_next() {
            drained.push(event);
        }
        self.seen.extend(drained.iter().cloned());
        drained
    }

    /// Hears until an event fits, unless one did already.
    pub(crate) async fn until_ever(&mut self, fits: impl Fn(&Event) -> bool) -> Event {
        match self.seen.iter().find(|event| fits(event)) {
            Some(event) => event.clone(),
            None => self.until(fits).await,
        }
    }

    pub(crate) async fn until_finished(&mut self, study: &StudyUid) {
        self.until_ever(|event| matches!(event, Event::Progress { study: of, finished: true, .. } if of == study))
            .await;
    }

    /// Hears until so many frames have come since the start.
    pub(crate) async fn until_frames(&mut self, count: usize) {
        while self.frames().len() < count {
            self.until(|event| matches!(event, Event::FrameArrived(_))).await;
        }
    }

    /// The frames that arrived so far.
    pub(crate) fn frames(&self) -> BTreeSet<FrameRef> {
        self.seen
            .iter()
            .filter_map(|event| match event {
                Event::FrameArrived(frame) => Some(frame.clone()),
                _ => None,
            })
            .collect()
    }

    /// The instances that were told so far, the last word on each.
    pub(crate) fn instances(&self) -> BTreeMap<InstanceUid, Arc<Instance>> {
        self.seen
            .iter()
            .filter_map(|event| match event {
                Event::InstancesFound { instances, .. } => Some(instances),
                _ => None,
            })
            .flatten()
            .map(|instance| (instance.uid.clone(), Arc::clone(instance)))
            .collect()
    }
}

pub(crate) fn client(base: &str) -> Client {
    let server = Server::new("test", base, SignIn::None).unwrap();
    let patience = Patience {
        tries: 1,
        ..Patience::default()
    };
    Client::new(server, patience).unwrap()
}

/// How many images the small study has: enough for every lane and for some to wait.
const IMAGES: u32 = 12;

/// The study of the tests: the first images of the smallest synthetic stack.
pub(crate) fn small_study() -> phantom::PhantomStudy {
    phantom::catalogue()
        .into_iter()
        .filter(|study| study.listing.instances > Some(IMAGES))
        .min_by_key(|study| study.listing.instances)
        .unwrap()
}

/// The objects of the small study, by their frame 0; drawn once.
pub(crate) fn objects() -> &'static BTreeMap<FrameRef, Bytes> {
    static OBJECTS: LazyLock<BTreeMap<FrameRef, Bytes>> = LazyLock::new(|| {
        let study = small_study();
        let uid = &study.listing.study;
        let series = study.series.iter().max_by_key(|series| series.instances).unwrap();
        let object = |index| {
            let frame = FrameRef {
                study: uid.clone(),
                series: series.uid.clone(),
                instance: series.instance_uid(index),
                frame: 0,
            };
            (frame, phantom::object(uid, &series.uid, index).unwrap())
        };
        (0..IMAGES.min(series.instances)).map(object).collect()
    });
    &OBJECTS
}

/// A folder that holds the small study as files.
pub(crate) fn folder_of_objects() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (number, object) in objects().values().enumerate() {
        std::fs::write(folder.path().join(format!("{number}.dcm")), object).unwrap();
    }
    folder
}

/// A PACS that holds the small study; it goes when both go.
pub(crate) async fn small_pacs() -> (Pacs, tempfile::TempDir) {
    let folder = folder_of_objects();
    let store = Store::folder(folder.path().to_owned());
    (Pacs::start(store, pacs::Options::default()).await.unwrap(), folder)
}

/// What memory holds of a frame equals the object decoded by hand.
pub(crate) fn assert_same(world: &World, frame: &FrameRef, object: &Bytes) {
    let held = world.retrieval.memory().get(frame).unwrap();
    let object = Object::parse(object.clone()).unwrap();
    let decoded = study::decode(&object.encoded_frame(frame.frame).unwrap()).unwrap();
    assert!(held.decoded == decoded, "another picture");
    assert_eq!(held.index, frame.frame);
    assert_eq!(*held.instance, object.instance().unwrap());
}
