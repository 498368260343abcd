//! What is known and under way: sources, open studies, wants. Plain data; every decision over it is in `schedule`.

mod entry;
mod open_study;
mod source;

use std::collections::BTreeSet;
use std::time::Instant;

use study::{FrameRef, FrameWants, InstanceUid, SeriesUid, StudyUid};

pub(crate) use self::entry::{Entry, Place, State};
pub(crate) use self::open_study::{Listing, OpenStudy};
pub(crate) use self::source::{Class, Source, Trouble, UnderWay};
use crate::cache::Identity;
use crate::{Event, Failure, SourceId};

/// An event and, when it is a study's, the opening that it belongs to: it is given out only while that one lasts.
#[derive(Debug)]
pub(crate) struct Note {
    pub(crate) of: Option<(StudyUid, u64)>,
    pub(crate) event: Event,
}

impl From<Event> for Note {
    fn from(event: Event) -> Self {
        Self { of: None, event }
    }
}

/// One instance that is to be fetched now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fetch {
    pub(crate) ticket: u64,
    pub(crate) generation: u64,
    pub(crate) identity: Identity,
    pub(crate) lane: dicomweb::Lane,
}

/// Everything that is known and under way.
#[derive(Default)]
pub(crate) struct Desk {
    /// By number: a [`SourceId`] is an index.
    pub(crate) sources: Vec<Source>,
    /// In the order in which they were opened.
    pub(crate) studies: Vec<OpenStudy>,
    pub(crate) wants: FrameWants,
    /// Frames that a worker has in its hands.
    pub(crate) decoding: BTreeSet<FrameRef>,
    /// Objects that a worker reads from the disk; their other frames wait for it.
    pub(crate) loading: BTreeSet<(StudyUid, InstanceUid)>,
    /// Wanted frames that memory had no room for, until something else is wanted.
    pub(crate) turned_away: BTreeSet<FrameRef>,
    count: u64,
}

impl Desk {
    /// A number that was not given before.
    pub(crate) fn count(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    pub(crate) fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0 as usize)
    }

    pub(crate) fn source_mut(&mut self, id: SourceId) -> Option<&mut Source> {
        self.sources.get_mut(id.0 as usize)
    }

    pub(crate) fn add_source(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(source);
        id
    }

    pub(crate) fn study(&self, uid: &StudyUid) -> Option<&OpenStudy> {
        self.studies.iter().find(|study| study.uid == *uid)
    }

    /// An open study, if it is still the same opening.
    pub(crate) fn study_mut(&mut self, uid: &StudyUid, generation: u64) -> Option<&mut OpenStudy> {
        self.studies
            .iter_mut()
            .find(|study| study.uid == *uid && study.generation == generation)
    }

    /// Opens a study; `None` when it is open already.
    pub(crate) fn open(&mut self, source: SourceId, uid: &StudyUid) -> Option<u64> {
        if self.source(source).is_none() || self.study(uid).is_some() {
            return None;
        }
        let generation = self.count();
        self.studies.push(OpenStudy::new(uid.clone(), source, generation));
        Some(generation)
    }

    /// Closes a study and gives its source and the requests that are to be given up.
    pub(crate) fn close(&mut self, uid: &StudyUid) -> Option<(SourceId, Vec<UnderWay>)> {
        let at = self.studies.iter().position(|study| study.uid == *uid)?;
        let study = self.studies.remove(at);
        self.decoding.retain(|frame| frame.study != *uid);
        self.turned_away.retain(|frame| frame.study != *uid);
        self.wants.visible.retain(|frame| frame.study != *uid);
        self.wants.next.retain(|frame| frame.study != *uid);
        let given_up = self
            .source_mut(study.source)
            .map(|source| source.give_up(study.generation))
            .unwrap_or_default();
        Some((study.source, given_up))
    }

    /// Takes newer wants; false when they are older than what is known.
    pub(crate) fn want(&mut self, wants: FrameWants) -> bool {
        if wants.revision < self.wants.revision {
            return false;
        }
        for study in &mut self.studies {
            // The last visible frame stays the place around which the rest is fetched.
            if let Some(frame) = wants.visible.iter().find(|frame| frame.study == study.uid) {
                study.anchor = study.find(&frame.instance).or(study.anchor);
            }
        }
        self.turned_away.clear();
        self.wants = wants;
        true
    }

    /// Takes an instance out of the missing ones and gives it a ticket.
    pub(crate) fn begin(&mut self, study: usize, entry: usize, lane: dicomweb::Lane) -> Option<Fetch> {
        let ticket = self.count();
        let study = self.studies.get_mut(study)?;
        let (generation, source) = (study.generation, study.source);
        let entry = study.entries.get_mut(entry)?;
        entry.state = State::UnderWay(ticket);
        let identity = Identity {
            source,
            study: study.uid.clone(),
            series: entry.series.clone(),
            instance: entry.uid.clone(),
        };
        self.source_mut(source)?.begin(ticket, generation, lane);
        Some(Fetch {
            ticket,
            generation,
            identity,
            lane,
        })
    }

    /// Takes a failed fetch back: the instance is tried again later, or refused.
    pub(crate) fn failed(&mut self, fetch: &Fetch, trouble: Trouble, now: Instant) -> Vec<Note> {
        let mut notes = Vec::new();
        let Some(source) = self.source_mut(fetch.identity.source) else {
            return notes;
        };
        source.end(fetch.ticket);
        let answers = source.answers;
        // A refusal of a sign-in that was renewed meanwhile.
        let stale = trouble.class == Class::Blocked && fetch.ticket < source.acted;
        let blocked = trouble.class == Class::Blocked && !stale;
        if !stale {
            notes.extend(source.suffer(fetch.identity.source, &trouble, now));
        }
        let failure = trouble.failure.clone();
        if let Some(study) = self.study_mut(&fetch.identity.study, fetch.generation) {
            notes.extend(study.failed(fetch, trouble, answers));
        }
        if blocked {
            notes.extend(self.tell_all(fetch.identity.source, &failure));
        }
        notes
    }

    /// Says a source's trouble once to each of its open studies.
    pub(crate) fn tell_all(&mut self, source: SourceId, failure: &Failure) -> Vec<Note> {
        self.studies
            .iter_mut()
            .filter(|study| study.source == source)
            .flat_map(|study| study.trouble(failure.clone()))
            .collect()
    }

    /// The source answered.
    pub(crate) fn well(&mut self, id: SourceId) -> Option<Note> {
        self.source_mut(id)?.recover(id)
    }

    /// Where a frame's object is: the study's and the entry's index.
    pub(crate) fn locate(&self, frame: &FrameRef) -> Option<(usize, usize)> {
        let study = self.studies.iter().position(|study| study.uid == frame.study)?;
        Some((study, self.studies.get(study)?.find(&frame.instance)?))
    }

    /// The frame of an entry.
    pub(crate) fn frame(study: &OpenStudy, entry: &Entry, frame: u32) -> FrameRef {
        FrameRef {
            study: study.uid.clone(),
            series: entry.series.clone(),
            instance: entry.uid.clone(),
            frame,
        }
    }
}

/// An instance that a list names before anything else is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(crate) series: SeriesUid,
    pub(crate) instance: InstanceUid,
    pub(crate) number: Option<i64>,
    /// Where it lies along its normal, mm.
    pub(crate) place: Option<f64>,
}
