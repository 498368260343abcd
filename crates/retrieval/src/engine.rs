//! What all tasks and threads share, and the task that starts fetches.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use study::StudyUid;
use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore};

use crate::cache::Cache;
use crate::desk::{Desk, Fetch, Listing, Place};
use crate::link::{LinkReading, Meter};
use crate::memory::Memory;
use crate::outbox::{Living, Outbox};
use crate::room::Room;
use crate::schedule::{bulk_requests, next_fetch};
use crate::shelf::Shelf;
use crate::workers::Workers;
use crate::{Inbox, Options, SourceId, StartError, StudyFilter, files, pacs, work};

/// Objects that may wait for the disk at once.
const SEALING: usize = 8;

/// The least that encoded objects may take in memory, bytes.
const SHELF: u64 = 64 << 20;

/// The one encoded object that may take more is at most as large as what a PACS is let send.
const LARGEST: u64 = 1 << 30;

/// What all tasks and threads share.
pub(crate) struct Shared {
    pub(crate) runtime: Handle,
    pub(crate) memory: Memory,
    pub(crate) shelf: Shelf,
    pub(crate) cache: Arc<Cache>,
    pub(crate) outbox: Outbox,
    pub(crate) sealing: Semaphore,
    pub(crate) room: Room,
    /// Rings when something was fetched, wanted or opened.
    pub(crate) bell: Notify,
    /// Rings when the reader wants another try.
    pub(crate) again: Notify,
    /// Rings when an object came, and when a study was closed.
    pub(crate) arrival: Notify,
    desk: Mutex<Desk>,
    work: Condvar,
    living: Living,
    meter: Meter,
    stopped: AtomicBool,
}

impl Shared {
    pub(crate) fn start(
        runtime: &Handle,
        options: &Options,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Result<(Arc<Self>, Inbox), StartError> {
        let living = Living::default();
        let (outbox, inbox) = Outbox::new(wake, living.clone());
        let shared = Arc::new(Self {
            runtime: runtime.clone(),
            memory: Memory::new(options.memory_bytes),
            shelf: Shelf::new(SHELF.max(options.memory_bytes / 8), LARGEST),
            cache: Arc::new(Cache::start(&options.cache_folder, options.cache_bytes)?),
            outbox,
            sealing: Semaphore::new(SEALING),
            room: Room::default(),
            bell: Notify::new(),
            again: Notify::new(),
            arrival: Notify::new(),
            desk: Mutex::default(),
            work: Condvar::new(),
            living,
            meter: Meter::default(),
            stopped: AtomicBool::new(false),
        });
        let workers = Workers::start(options.worker_program.clone()).map_err(StartError::Threads)?;
        work::start(&shared, options.workers, workers)?;
        // On a thread that nothing waits for, not even the end; without one, the next run removes what was left.
        let cache = Arc::clone(&shared.cache);
        let _ = std::thread::Builder::new()
            .name("farsight-sweep".to_owned())
            .spawn(move || cache.sweep());
        runtime.spawn(dispatch(Arc::clone(&shared)));
        Ok((shared, inbox))
    }

    /// Ends all work.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        for source in &mut self.desk().sources {
            for under_way in source.under_way.drain(..) {
                if let Some(abort) = under_way.abort {
                    abort.abort();
                }
            }
        }
        self.work.notify_all();
        self.bell.notify_one();
        self.cache.remove();
    }

    pub(crate) fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    pub(crate) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, with the desk, until there may be work.
    pub(crate) fn wait<'a>(&self, desk: MutexGuard<'a, Desk>) -> MutexGuard<'a, Desk> {
        self.work.wait(desk).unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn work_is_there(&self) {
        self.work.notify_all();
    }

    /// A ticket is used up.
    pub(crate) fn end(&self, fetch: &Fetch) {
        if let Some(source) = self.desk().source_mut(fetch.identity.source) {
            source.end(fetch.ticket);
        }
        self.bell.notify_one();
    }

    pub(crate) fn search(self: &Arc<Self>, source: SourceId, filter: StudyFilter, request: u64) {
        let client = self.desk().source(source).and_then(|source| source.client.clone());
        match client {
            Some(client) => {
                self.runtime
                    .spawn(pacs::search::run(Arc::clone(self), client, source, filter, request));
            }
            None => {
                self.runtime
                    .spawn(files::answer_search(Arc::clone(self), source, request));
            }
        }
    }

    pub(crate) fn add_files(self: &Arc<Self>, paths: Vec<PathBuf>) -> SourceId {
        let source = self.desk().add_source(crate::desk::Source::new(None));
        let shared = Arc::clone(self);
        self.runtime.spawn_blocking(move || files::read(&shared, source, paths));
        source
    }

    pub(crate) fn open(self: &Arc<Self>, id: SourceId, uid: StudyUid) {
        let (generation, client, first) = {
            let mut desk = self.desk();
            let Some(generation) = desk.open(id, &uid) else { return };
            self.living.open(uid.clone(), generation);
            let Some(source) = desk.source(id) else { return };
            let client = source.client.clone();
            let files = source.files.get(&uid);
            let known = files.map(|files| files.values().cloned().collect()).unwrap_or_default();
            let done = source.files_read;
            let Some(study) = desk.study_mut(&uid, generation) else {
                return;
            };
            let mut notes = Vec::new();
            if client.is_some() {
                let sealed = self.cache.set_open(id, &uid, true);
                let any = !sealed.is_empty();
                for (instance, blob) in sealed {
                    let (series, bytes) = (blob.series.clone(), blob.bytes);
                    study.sealed(instance, series, Place::Sealed(blob), bytes);
                }
                if any {
                    notes.push(study.cached());
                }
            } else {
                if done {
                    study.listing = Listing::Done;
                }
                let news = study.here(known);
                notes.push(study.found(news));
                notes.extend(study.progress());
            }
            (generation, client, notes)
        };
        let shared = Arc::clone(self);
        self.runtime.spawn(async move {
            shared.outbox.send(first).await;
            shared.work_is_there();
            if let Some(client) = client {
                pacs::list::run(shared, client, id, uid, generation).await;
            }
        });
    }

    pub(crate) fn close(&self, uid: &StudyUid) {
        let mut desk = self.desk();
        self.living.close(uid);
        let Some((source, given_up)) = desk.close(uid) else {
            return;
        };
        for abort in given_up.into_iter().filter_map(|under_way| under_way.abort) {
            abort.abort();
        }
        // Under the desk's lock, so that no worker puts a frame back.
        self.memory.forget(uid);
        self.shelf.forget(uid);
        self.cache.set_open(source, uid, false);
        drop(desk);
        self.bell.notify_one();
        self.arrival.notify_waiters();
    }

    pub(crate) fn want(&self, wants: study::FrameWants) {
        let mut desk = self.desk();
        let ranks = wants.clone();
        if desk.want(wants) {
            self.memory.want(&ranks);
            drop(desk);
            self.bell.notify_one();
            self.work_is_there();
        }
    }

    pub(crate) fn retry(self: &Arc<Self>, uid: &StudyUid) {
        let relist = {
            let mut desk = self.desk();
            let Some(study) = desk.studies.iter_mut().find(|study| study.uid == *uid) else {
                return;
            };
            let (id, generation, relist) = (study.source, study.generation, study.retry());
            let acted = desk.count();
            let Some(source) = desk.source_mut(id) else { return };
            source.take_heart(acted);
            relist
                .then(|| source.client.clone())
                .flatten()
                .map(|client| (client, id, generation))
        };
        if let Some((client, id, generation)) = relist {
            self.runtime
                .spawn(pacs::list::run(Arc::clone(self), client, id, uid.clone(), generation));
        }
        self.again.notify_waiters();
        self.bell.notify_one();
        self.work_is_there();
    }

    pub(crate) fn link(&self) -> LinkReading {
        let traffic: Vec<_> = self
            .desk()
            .sources
            .iter()
            .filter_map(|source| source.client.as_ref())
            .map(dicomweb::Client::traffic)
            .collect();
        let bytes = traffic.iter().map(|traffic| traffic.received()).sum();
        let trips = traffic.iter().filter_map(|traffic| traffic.round_trip());
        LinkReading {
            bytes,
            bits_per_second: self.meter.rate(Instant::now(), bytes),
            round_trip_ms: trips.map(|trip| trip.as_secs_f64() * 1e3).reduce(f64::max),
        }
    }

    /// Takes every fetch that is to be started now, and when a paused source may be asked again.
    fn due(&self, now: Instant) -> (Vec<(Fetch, dicomweb::Client)>, Option<Instant>) {
        let bits_per_second = self.link().bits_per_second;
        let mut desk = self.desk();
        let mut due = Vec::new();
        let mut again = None;
        for index in 0..desk.sources.len() {
            let id = SourceId(u32::try_from(index).unwrap_or(u32::MAX));
            let Some(source) = desk.source_mut(id) else { continue };
            let Some(client) = source.client.clone() else { continue };
            let trip = client.traffic().round_trip().unwrap_or(Duration::ZERO);
            source.bulk_limit = bulk_requests(
                bits_per_second,
                trip,
                source.bytes.checked_div(source.answers).unwrap_or(0),
            );
            while let Some((study, entry, lane)) = next_fetch(&desk, id, now) {
                let Some(fetch) = desk.begin(study, entry, lane) else {
                    break;
                };
                due.push((fetch, client.clone()));
            }
            let paused = desk.source(id).and_then(|source| source.pause_until);
            again = [again, paused.filter(|until| *until > now)].into_iter().flatten().min();
        }
        (due, again)
    }
}

/// Starts fetches until the end.
async fn dispatch(shared: Arc<Shared>) {
    while !shared.stopped() {
        let (due, again) = shared.due(Instant::now());
        for (fetch, client) in due {
            let (source, ticket) = (fetch.identity.source, fetch.ticket);
            let task = shared
                .runtime
                .spawn(pacs::fetch::run(Arc::clone(&shared), client, fetch));
            if let Some(source) = shared.desk().source_mut(source) {
                source.can_abort(ticket, task.abort_handle());
            }
        }
        match again {
            Some(at) => {
                let _ = tokio::time::timeout_at(at.into(), shared.bell.notified()).await;
            }
            None => shared.bell.notified().await,
        }
    }
}
