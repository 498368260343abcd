//! The threads that decode: each takes the most urgent frame at the moment when it has nothing to do.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use study::{DecodedFrame, Quality};

use crate::desk::{Place, State};
use crate::engine::Shared;
use crate::schedule::{Job, next_decode};
use crate::shelf::Opened;
use crate::workers::{Worker, Workers};
use crate::{Event, Failure, FailureKind, StartError, files, identity};

/// The most threads that are started, whatever the options say.
const MOST: usize = 64;

/// Starts the threads; they end when everything is stopped.
pub(crate) fn start(shared: &Arc<Shared>, threads: usize, workers: Workers) -> Result<(), StartError> {
    let workers = Arc::new(workers);
    for number in 0..threads.clamp(1, MOST) {
        let (theirs, workers) = (Arc::clone(shared), Arc::clone(&workers));
        std::thread::Builder::new()
            .name(format!("farsight-decode-{number}"))
            .spawn(move || work(&theirs, &mut workers.worker()))
            .map_err(|error| {
                shared.stop();
                StartError::Threads(error)
            })?;
    }
    Ok(())
}

fn work(shared: &Shared, worker: &mut Worker) {
    while let Some(job) = next(shared) {
        let outcome = catch_unwind(AssertUnwindSafe(|| decoded(shared, &job, worker))).unwrap_or_else(|_| {
            Err(Lost::Refused(Failure::lasting(
                FailureKind::Undecodable,
                "The image could not be decoded: its decoder broke off.",
            )))
        });
        settle(shared, &job, outcome);
    }
}

/// Waits for a job; `None` at the end.
fn next(shared: &Shared) -> Option<Job> {
    let mut desk = shared.desk();
    loop {
        if shared.stopped() {
            return None;
        }
        if let Some(job) = next_decode(&mut desk, &shared.memory) {
            if shared.shelf.get(&job.identity.study, &job.identity.instance).is_none() {
                desk.loading
                    .insert((job.identity.study.clone(), job.identity.instance.clone()));
            }
            return Some(job);
        }
        desk = shared.wait(desk);
    }
}

/// Why a frame was not decoded.
enum Lost {
    /// Its bytes are not here any more: they are to be fetched again, if anybody wants them.
    Gone,
    /// The sealed object does not open: it is to be fetched again.
    Broken,
    /// It cannot be decoded, or its file not be read.
    Refused(Failure),
}

fn decoded(shared: &Shared, job: &Job, worker: &mut Worker) -> Result<DecodedFrame, Lost> {
    let opened = opened(shared, job)?;
    let undecodable = |words: String| Lost::Refused(Failure::lasting(FailureKind::Undecodable, words));
    let encoded = opened
        .object
        .encoded_frame(job.frame)
        .map_err(|error| undecodable(error.to_string()))?;
    let decoded = worker
        .decode(&encoded)
        .map_err(|error| undecodable(error.to_string()))?;
    Ok(DecodedFrame {
        instance: opened.instance,
        index: job.frame,
        decoded,
        quality: Quality::Full,
    })
}

/// The object, from memory, the sealed cache or its file.
fn opened(shared: &Shared, job: &Job) -> Result<Opened, Lost> {
    let who = &job.identity;
    if let Some(opened) = shared.shelf.get(&who.study, &who.instance) {
        return Ok(opened);
    }
    let bytes = match &job.place {
        Place::Held => return Err(Lost::Gone),
        Place::Sealed(blob) => shared.cache.get(who, blob).map_err(|_| Lost::Broken)?,
        Place::File(path) => files::bytes(path).map_err(Lost::Refused)?,
        Place::Zipped(path, number) => files::bytes_in_zip(path, *number).map_err(Lost::Refused)?,
    };
    // A file may have been replaced since it was looked at.
    let opened = identity::open_checked(bytes, who).map_err(Lost::Refused)?;
    let mut desk = shared.desk();
    let note = desk.study_mut(&who.study, job.generation).and_then(|study| {
        shared.shelf.put(opened.clone());
        study.read_again(&opened.instance)
    });
    drop(desk);
    if let Some(note) = note {
        shared.outbox.send_blocking(note, || !shared.stopped());
    }
    Ok(opened)
}

fn settle(shared: &Shared, job: &Job, outcome: Result<DecodedFrame, Lost>) {
    let frame = job.frame_ref();
    let who = &job.identity;
    let note = {
        let mut desk = shared.desk();
        desk.decoding.remove(&frame);
        desk.loading.remove(&(who.study.clone(), who.instance.clone()));
        let Some(study) = desk.study_mut(&who.study, job.generation) else {
            return;
        };
        let at = study.find(&who.instance);
        match outcome {
            Ok(decoded) => {
                let note = study.note(Event::FrameArrived(frame.clone()));
                // Under the desk's lock: what is closed now is forgotten afterwards.
                if shared.memory.insert(frame.clone(), Arc::new(decoded)) {
                    Some(note)
                } else {
                    desk.turned_away.insert(frame);
                    None
                }
            }
            Err(Lost::Refused(failure)) => at.and_then(|at| {
                study.undecodable.insert((at, job.frame));
                study.refusal(at, job.frame, &failure)
            }),
            Err(lost @ (Lost::Gone | Lost::Broken)) => {
                if let Some(entry) = at.and_then(|at| study.entries.get_mut(at)) {
                    entry.state = match lost {
                        Lost::Broken => State::Missing,
                        _ => State::LetGo,
                    };
                }
                None
            }
        }
    };
    if let Some(note) = note {
        shared.outbox.send_blocking(note, || !shared.stopped());
    }
    // What waited for this object or for its room, and what is to be fetched again.
    shared.work_is_there();
    shared.bell.notify_one();
}
