//! The next frame to decode.

use study::FrameRef;

use crate::cache::Identity;
use crate::desk::{Desk, Entry, OpenStudy, Place};
use crate::memory::Memory;

/// One frame that is to be decoded now.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) generation: u64,
    pub(crate) identity: Identity,
    pub(crate) frame: u32,
    pub(crate) place: Place,
}

impl Job {
    pub(crate) fn frame_ref(&self) -> FrameRef {
        FrameRef {
            study: self.identity.study.clone(),
            series: self.identity.series.clone(),
            instance: self.identity.instance.clone(),
            frame: self.frame,
        }
    }
}

/// The next frame to decode, marked as being decoded: wanted ones in their order as far as memory reaches, then, while there is
/// room, frames that arrived and that nobody has asked for yet.
pub(crate) fn next_decode(desk: &mut Desk, memory: &Memory) -> Option<Job> {
    let job = wanted(desk, memory).or_else(|| rest(desk, memory))?;
    desk.decoding.insert(job.frame_ref());
    Some(job)
}

fn wanted(desk: &Desk, memory: &Memory) -> Option<Job> {
    let mut reach = 0;
    let visible = desk.wants.visible.len();
    for (rank, frame) in desk.wants.visible.iter().chain(&desk.wants.next).enumerate() {
        let Some((study, at)) = desk
            .locate(frame)
            .and_then(|(study, at)| Some((desk.studies.get(study)?, at)))
        else {
            continue;
        };
        let Some(entry) = study.entries.get(at) else { continue };
        reach += entry.frame_bytes();
        if rank >= visible && reach > memory.budget() {
            return None;
        }
        if can_decode(desk, study, at, frame) && !desk.turned_away.contains(frame) && !memory.holds(frame) {
            return entry.place().map(|place| job(study, entry, frame.frame, place));
        }
    }
    None
}

/// How far behind the front of the queue a frame is looked for while the front waits for its object.
const LOOK_AHEAD: usize = 64;

fn rest(desk: &mut Desk, memory: &Memory) -> Option<Job> {
    for index in 0..desk.studies.len() {
        let mut place_in_queue = 0;
        while place_in_queue < LOOK_AHEAD {
            let study = desk.studies.get(index)?;
            let Some((at, number)) = study.undecoded.get(place_in_queue).copied() else {
                break;
            };
            let entry = study.entries.get(at)?;
            let frame = Desk::frame(study, entry, number);
            let done = memory.holds(&frame)
                || desk.decoding.contains(&frame)
                || study.undecodable.contains(&(at, number))
                || entry.place().is_none();
            // What is being decoded will need its room too.
            let needed = entry.frame_bytes() * (desk.decoding.len() as u64 + 1);
            if !done && needed > memory.room() {
                break;
            }
            if !done && !can_decode(desk, study, at, &frame) {
                place_in_queue += 1;
                continue;
            }
            let job = entry.place().map(|place| job(study, entry, number, place));
            desk.studies.get_mut(index)?.undecoded.remove(place_in_queue);
            if !done {
                return job;
            }
        }
    }
    None
}

fn can_decode(desk: &Desk, study: &OpenStudy, at: usize, frame: &FrameRef) -> bool {
    !desk.decoding.contains(frame)
        && !study.undecodable.contains(&(at, frame.frame))
        && !desk
            .loading
            .iter()
            .any(|(uid, instance)| *instance == frame.instance && *uid == frame.study)
}

fn job(study: &OpenStudy, entry: &Entry, frame: u32, place: &Place) -> Job {
    Job {
        generation: study.generation,
        identity: Identity {
            source: study.source,
            study: study.uid.clone(),
            series: entry.series.clone(),
            instance: entry.uid.clone(),
        },
        frame,
        place: place.clone(),
    }
}
