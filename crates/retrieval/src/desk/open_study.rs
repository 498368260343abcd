//! One open study: its instances in order, and what became of them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use study::{Instance, InstanceUid, SeriesUid, StudyUid};

use super::{Class, Entry, Expected, Fetch, Note, Place, State, Trouble};
use crate::shelf::Opened;
use crate::{Event, Failure, FailureKind, SourceId};

/// After so many vain tries an instance is given up, when the source gave others meanwhile.
const TRIES: u32 = 4;

/// After so many it is given up in any case.
const MOST_TRIES: u32 = 8;

/// Frames of one refused object that are each named; a longer one is refused as a whole by the study's trouble.
const MOST_REFUSALS: u32 = 1024;

/// How far a study's list of instances has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// Being listed.
    Running,
    /// Every instance is known.
    Done,
    /// Not all of it could be listed.
    Failed(Failure),
}

/// One open study.
pub(crate) struct OpenStudy {
    pub(crate) uid: StudyUid,
    pub(crate) source: SourceId,
    /// Which opening this is: what belongs to an earlier one is thrown away.
    pub(crate) generation: u64,
    pub(crate) entries: Vec<Entry>,
    /// Series in order, each with its entries in order.
    pub(crate) series: Vec<(SeriesUid, Vec<usize>)>,
    pub(crate) listing: Listing,
    /// The entry that was last on the screen.
    pub(crate) anchor: Option<usize>,
    /// Frames that are here and that nobody has asked for yet: decoded while there is room.
    pub(crate) undecoded: VecDeque<(usize, u32)>,
    /// Frames that cannot be decoded.
    pub(crate) undecodable: BTreeSet<(usize, u32)>,
    index: BTreeMap<InstanceUid, usize>,
    /// The order of the series, as the source's list has it.
    ranks: BTreeMap<SeriesUid, u32>,
    /// Troubles that were said already.
    said: Vec<Failure>,
    finished: bool,
}

impl OpenStudy {
    pub(crate) fn new(uid: StudyUid, source: SourceId, generation: u64) -> Self {
        Self {
            uid,
            source,
            generation,
            entries: Vec::new(),
            series: Vec::new(),
            listing: Listing::Running,
            anchor: None,
            undecoded: VecDeque::new(),
            undecodable: BTreeSet::new(),
            index: BTreeMap::new(),
            ranks: BTreeMap::new(),
            said: Vec::new(),
            finished: false,
        }
    }

    pub(crate) fn note(&self, event: Event) -> Note {
        Note {
            of: Some((self.uid.clone(), self.generation)),
            event,
        }
    }

    pub(crate) fn find(&self, instance: &InstanceUid) -> Option<usize> {
        self.index.get(instance).copied()
    }

    /// Takes the order of the series.
    pub(crate) fn rank<'a>(&mut self, series: impl Iterator<Item = &'a SeriesUid>) {
        for uid in series {
            let next = u32::try_from(self.ranks.len()).unwrap_or(u32::MAX);
            self.ranks.entry(uid.clone()).or_insert(next);
        }
    }

    /// Takes instances that a list names, before more is known of them.
    pub(crate) fn expect(&mut self, expected: Vec<Expected>) {
        for Expected {
            series,
            instance,
            number,
            place,
        } in expected
        {
            let at = self.entry(series, instance, number);
            if let Some(entry) = self.entries.get_mut(at)
                && entry.instance.is_none()
            {
                entry.along = place;
            }
        }
        self.arrange();
    }

    /// Takes instances as the source's metadata has them and gives those that were news; an object's own header is truer.
    pub(crate) fn listed(&mut self, instances: Vec<Arc<Instance>>) -> Vec<Arc<Instance>> {
        let mut news = Vec::new();
        for instance in instances {
            let at = self.entry(instance.series.clone(), instance.uid.clone(), instance.instance_number);
            if let Some(entry) = self.entries.get_mut(at)
                && !entry.own
            {
                entry.describe(&instance);
                if entry.place().is_some() {
                    self.undecoded.extend((0..instance.frames).map(|frame| (at, frame)));
                }
                news.push(instance);
            }
        }
        self.arrange();
        news
    }

    /// An image's own header, once the image is here.
    pub(crate) fn own(&self, instance: &InstanceUid) -> Option<Arc<Instance>> {
        let entry = self.entries.get(self.find(instance)?)?;
        entry.instance.clone().filter(|_| entry.own)
    }

    /// Images that are known and still to be asked for.
    pub(crate) fn missing(&self) -> usize {
        let missing = |entry: &&Entry| matches!(entry.state, State::Missing);
        self.entries.iter().filter(missing).count()
    }

    /// Something of a series, or of the whole study, is known by a bare list only.
    pub(crate) fn lacks_headers(&self, series: Option<&SeriesUid>) -> bool {
        let mut listed = self
            .entries
            .iter()
            .filter(|entry| series.is_none_or(|series| entry.series == *series));
        listed.any(|entry| entry.instance.is_none())
    }

    /// The list has come to its end. What lies sealed from an earlier opening and was not described is fetched again.
    pub(crate) fn concluded(&mut self, listing: Listing) {
        self.listing = listing;
        for entry in &mut self.entries {
            if entry.instance.is_none() && entry.arrived() {
                entry.state = State::Missing;
                entry.bytes = 0;
            }
        }
    }

    /// Takes instances that are here already, with their own headers: files, or the cache of an earlier opening.
    pub(crate) fn here(&mut self, instances: Vec<(Arc<Instance>, Place, u64)>) -> Vec<Arc<Instance>> {
        let mut news = Vec::new();
        for (instance, place, bytes) in instances {
            let at = self.entry(instance.series.clone(), instance.uid.clone(), instance.instance_number);
            let frames = instance.frames;
            if let Some(entry) = self.entries.get_mut(at)
                && entry.place().is_none()
            {
                entry.state = State::Here(place);
                entry.own = true;
                entry.bytes = bytes;
                entry.describe(&instance);
                self.undecoded.extend((0..frames).map(|frame| (at, frame)));
                news.push(instance);
            }
        }
        self.arrange();
        news
    }

    /// Says that an instance is sealed on the disk from an earlier opening; its header is still to be read.
    pub(crate) fn sealed(&mut self, instance: InstanceUid, series: SeriesUid, place: Place, bytes: u64) {
        let at = self.entry(series, instance, None);
        if let Some(entry) = self.entries.get_mut(at) {
            entry.state = State::Here(place);
            entry.cached = true;
            entry.bytes = bytes;
        }
    }

    /// Which instances were fetched in an earlier opening and have not been asked for since.
    pub(crate) fn cached(&self) -> Note {
        let cached = self.entries.iter().filter(|entry| entry.cached);
        self.note(Event::Cached {
            study: self.uid.clone(),
            instances: cached.map(|entry| entry.uid.clone()).collect(),
        })
    }

    /// Takes an object that came and whose identity was checked, and says what is to be said.
    pub(crate) fn arrived(&mut self, fetch: &Fetch, opened: &Opened) -> Vec<Note> {
        let Some(at) = self.find(&fetch.identity.instance) else {
            return Vec::new();
        };
        let Some(entry) = self.entries.get_mut(at) else {
            return Vec::new();
        };
        if !matches!(entry.state, State::UnderWay(ticket) if ticket == fetch.ticket) {
            return Vec::new();
        }
        entry.state = State::Here(Place::Held);
        entry.bytes = opened.object.source().len() as u64;
        let was_cached = std::mem::take(&mut entry.cached);
        let mut notes: Vec<Note> = self.own_header(at, &opened.instance).into_iter().collect();
        if was_cached {
            notes.push(self.cached());
        }
        self.undecoded
            .extend((0..opened.instance.frames).map(|frame| (at, frame)));
        notes.extend(self.progress());
        notes
    }

    /// Takes the header of an object that was sealed in an earlier opening and was read again now.
    pub(crate) fn read_again(&mut self, own: &Arc<Instance>) -> Option<Note> {
        let at = self.find(&own.uid)?;
        let entry = self.entries.get(at).filter(|entry| !entry.own)?;
        let known = entry.frames();
        let note = self.own_header(at, own);
        self.undecoded.extend((known..own.frames).map(|frame| (at, frame)));
        note
    }

    /// Takes an object's own header, and says so when it shows the object otherwise than what was known of it.
    fn own_header(&mut self, at: usize, own: &Arc<Instance>) -> Option<Note> {
        let entry = self.entries.get_mut(at)?;
        entry.own = true;
        let truer = entry.instance.as_ref().is_none_or(|listed| changes_layout(listed, own));
        let before = (entry.number, entry.along);
        entry.describe(own);
        if before != (entry.number, entry.along) {
            self.arrange();
        }
        truer.then(|| self.found(vec![Arc::clone(own)]))
    }

    /// Takes a failed fetch: the instance is tried again, or refused.
    pub(crate) fn failed(&mut self, fetch: &Fetch, trouble: Trouble, answers: u64) -> Vec<Note> {
        let Some(entry) = self
            .find(&fetch.identity.instance)
            .and_then(|at| self.entries.get_mut(at))
        else {
            return Vec::new();
        };
        if !matches!(entry.state, State::UnderWay(ticket) if ticket == fetch.ticket) {
            return Vec::new();
        }
        if trouble.class != Class::Blocked {
            if entry.tries == 0 {
                entry.failed_at = answers;
            }
            entry.tries += 1;
        }
        let given_up = match trouble.class {
            Class::Lasting => true,
            // An outage is the source's: it is waited out, however long it lasts.
            Class::Outage | Class::Blocked => false,
            Class::Broken | Class::Busy(_) => {
                entry.tries >= MOST_TRIES || (entry.tries >= TRIES && answers > entry.failed_at)
            }
        };
        if !given_up {
            entry.state = State::Missing;
            return Vec::new();
        }
        entry.state = State::Refused(trouble.failure.clone());
        let frames = entry.frames().clamp(1, MOST_REFUSALS);
        let mut notes: Vec<Note> = Vec::new();
        if let Some(at) = self.find(&fetch.identity.instance) {
            notes.extend((0..frames).filter_map(|frame| self.refusal(at, frame, &trouble.failure)));
        }
        if trouble.failure.kind == FailureKind::WrongIdentity {
            notes.extend(self.trouble(trouble.failure));
        }
        notes.extend(self.progress());
        notes
    }

    /// The event that refuses a frame.
    pub(crate) fn refusal(&self, at: usize, frame: u32, failure: &Failure) -> Option<Note> {
        let entry = self.entries.get(at)?;
        Some(self.note(Event::FrameRefused {
            frame: super::Desk::frame(self, entry, frame),
            failure: failure.clone(),
        }))
    }

    /// Says a trouble, once.
    pub(crate) fn trouble(&mut self, failure: Failure) -> Option<Note> {
        if self.said.contains(&failure) {
            return None;
        }
        self.said.push(failure.clone());
        Some(self.note(Event::StudyTrouble {
            study: self.uid.clone(),
            failure,
        }))
    }

    /// Instances that became known.
    pub(crate) fn found(&self, instances: Vec<Arc<Instance>>) -> Note {
        self.note(Event::InstancesFound {
            source: self.source,
            study: self.uid.clone(),
            instances,
            complete: self.listing != Listing::Running,
        })
    }

    /// How much is here; when all that can be had is here, also whether something lacks.
    pub(crate) fn progress(&mut self) -> Vec<Note> {
        let stored = self.entries.iter().filter(|entry| entry.arrived()).count();
        let lacks = self
            .entries
            .iter()
            .filter(|entry| matches!(entry.state, State::Refused(_)))
            .count();
        let settled = self.listing != Listing::Running && stored + lacks == self.entries.len();
        let finished = settled && lacks == 0 && self.listing == Listing::Done;
        if finished && self.finished {
            return Vec::new();
        }
        self.finished = finished;
        let mut notes = vec![self.note(Event::Progress {
            study: self.uid.clone(),
            stored: u32::try_from(stored).unwrap_or(u32::MAX),
            of: u32::try_from(self.entries.len()).unwrap_or(u32::MAX),
            bytes: self.entries.iter().map(|entry| entry.bytes).sum(),
            finished,
        })];
        if settled && lacks > 0 {
            let why = self
                .entries
                .iter()
                .find_map(|entry| match &entry.state {
                    State::Refused(failure) => Some(failure.sentence.as_str()),
                    _ => None,
                })
                .unwrap_or_default();
            let failure = Failure::passing(
                FailureKind::Incomplete,
                format!(
                    "{lacks} of {} images of this study are not here. {why}",
                    self.entries.len()
                ),
            );
            notes.extend(self.trouble(failure));
        }
        notes
    }

    /// Tries again whatever failed; true when the study is to be listed again.
    pub(crate) fn retry(&mut self) -> bool {
        for entry in &mut self.entries {
            if matches!(entry.state, State::Refused(_)) {
                entry.state = State::Missing;
            }
            entry.tries = 0;
        }
        self.undecodable.clear();
        self.said.clear();
        let again = matches!(self.listing, Listing::Failed(_));
        if again {
            self.listing = Listing::Running;
        }
        again
    }

    fn entry(&mut self, series: SeriesUid, uid: InstanceUid, number: Option<i64>) -> usize {
        if let Some(at) = self.index.get(&uid) {
            return *at;
        }
        let at = self.entries.len();
        self.index.insert(uid.clone(), at);
        self.entries.push(Entry::new(series, uid, number));
        at
    }

    /// Puts series and their entries in order.
    fn arrange(&mut self) {
        let mut series: BTreeMap<SeriesUid, Vec<usize>> = BTreeMap::new();
        for (at, entry) in self.entries.iter().enumerate() {
            series.entry(entry.series.clone()).or_default().push(at);
        }
        let entries = &self.entries;
        let number = |at: &usize| {
            entries
                .get(*at)
                .map(|entry| (entry.number.unwrap_or(i64::MAX), &entry.uid))
        };
        let along = |at: &usize| entries.get(*at).and_then(|entry| entry.along);
        for order in series.values_mut() {
            order.sort_by_key(|at| number(at));
            // As the stack is sorted that the reader scrolls through.
            if order.iter().all(|at| along(at).is_some()) {
                order.sort_by(|a, b| along(a).unwrap_or_default().total_cmp(&along(b).unwrap_or_default()));
            }
        }
        self.series = series.into_iter().collect();
        let rank = |uid: &SeriesUid| self.ranks.get(uid).copied().unwrap_or(u32::MAX);
        let number = |order: &[usize]| {
            order
                .first()
                .and_then(|at| entries.get(*at)?.instance.as_ref()?.text.series_number)
                .unwrap_or(i64::MAX)
        };
        self.series.sort_by(|(a, in_a), (b, in_b)| {
            rank(a)
                .cmp(&rank(b))
                .then_with(|| number(in_a).cmp(&number(in_b)))
                .then(Ordering::Equal)
        });
    }
}

/// Whether an object's own header shows it elsewhere, with other frames, or wants other images shown otherwise than its metadata did:
/// a list leaves the tables of a presentation state out.
fn changes_layout(listed: &Instance, own: &Instance) -> bool {
    listed.frames != own.frames
        || listed.layout != own.layout
        || listed.geometry != own.geometry
        || listed.presentation != own.presentation
        || listed.instance_number != own.instance_number
        || listed.text.series_number != own.text.series_number
}
