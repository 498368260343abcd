//! Studies that are open, and others of the same patient.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use study::listing::StudyListing;
use study::patient::SamePerson;
use study::{FrameRef, Instance, InstanceUid, Oddity, PatientIdentity, SeriesUid, StudyUid};

use crate::Trouble;
use crate::worklist::SourceId;

mod compare;
mod gather;
mod identity;
mod moment;

pub(crate) use compare::{Place, same_place, several};
pub(crate) use gather::MOST_FRAMES;
pub(crate) use moment::Moment;

/// A stack of one series.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StackId {
    /// The study.
    pub study: StudyUid,
    /// The series.
    pub series: SeriesUid,
    /// Which stack of the series, from 0.
    pub index: usize,
}

/// How far a frame has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrival {
    /// Not decoded yet.
    #[default]
    Awaited,
    /// Decoded.
    Here,
    /// Shown at full quality.
    Seen,
    /// It cannot be shown.
    Refused,
}

/// Frames that are scrolled through together.
#[derive(Clone, Debug)]
pub struct OpenStack {
    /// Its name.
    pub id: StackId,
    /// Its frames in order, with the metadata they were listed with.
    pub frames: Vec<(Arc<Instance>, u32)>,
    /// The same frames by name.
    pub refs: Vec<FrameRef>,
    /// The same frames, how far each has come.
    pub arrivals: Vec<Arrival>,
    /// What is odd about it: gaps, duplicates, tilt.
    pub oddities: Vec<Oddity>,
}

impl OpenStack {
    /// The frame of the thumbnail: the middle one.
    pub fn thumbnail(&self) -> Option<&FrameRef> {
        self.refs.get(self.refs.len() / 2)
    }
}

/// A series of an open study.
#[derive(Clone, Debug)]
pub struct OpenSeries {
    /// Series Instance UID.
    pub uid: SeriesUid,
    /// Modality (0008,0060).
    pub modality: String,
    /// "3 · Lung 1.0": number and description as far as they are known; never empty.
    pub title: String,
    /// Series Number (0020,0011).
    pub number: Option<i64>,
    /// Its instances.
    pub instances: Vec<Arc<Instance>>,
    /// Its stacks; empty when it has no images.
    pub stacks: Vec<OpenStack>,
    /// The most frames that one of its objects claims, also where fewer are taken in.
    pub claimed: u32,
    /// Where each instance stands in `instances`.
    by_uid: HashMap<InstanceUid, usize>,
    /// Its stacks do not hold all its instances as they are now.
    changed: bool,
}

/// How far retrieval of a study has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Instances that are here.
    pub stored: u32,
    /// Instances that the study has, as far as is known.
    pub of: u32,
    /// Bytes that came.
    pub bytes: u64,
    /// All of them are here.
    pub finished: bool,
}

/// Who says whose a study is, before an object does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// The study's row of the worklist.
    Worklist,
    /// The current study, beside which it hangs.
    CurrentStudy,
    /// The study's own first object.
    FirstObject,
}

/// Whether the worklist and the objects speak of the same person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Identity {
    /// No object has been read yet.
    #[default]
    Unread,
    /// They agree, or nothing can be compared.
    Agreed,
    /// They contradict each other: the pixels wait until the reader says "Same person".
    Questioned {
        /// Who names the first of the two.
        witness: Witness,
        /// As the witness says.
        listed: Box<PatientIdentity>,
        /// As the object says.
        object: Box<PatientIdentity>,
    },
    /// The reader said "Same person" of all that the objects name.
    Confirmed,
}

/// A study that is being read.
#[derive(Clone, Debug)]
pub struct OpenStudy {
    /// Where it is.
    pub source: SourceId,
    /// Study Instance UID.
    pub uid: StudyUid,
    /// Its row, when it came from a list.
    pub listing: Option<StudyListing>,
    /// How its patient relates to the current study's; `None` for the current study itself.
    pub relation: Option<SamePerson>,
    /// Its series in the order of their numbers.
    pub series: Vec<OpenSeries>,
    /// Every series is known.
    pub complete: bool,
    /// How far retrieval has come.
    pub progress: Progress,
    /// What went wrong; what is here stays usable.
    pub trouble: Option<Trouble>,
    /// Whether worklist and objects agree.
    pub identity: Identity,
    /// Objects that were fetched in an earlier opening, and not asked for again.
    pub cached: HashSet<InstanceUid>,
    /// Where each frame stands: series, stack, place.
    places: HashMap<FrameRef, (usize, usize, usize)>,
    /// How far frames have come that stand in no stack yet.
    early: HashMap<FrameRef, Arrival>,
    /// Instances that came since the stacks were made, and those that the stacks were made of.
    added: usize,
    sorted: usize,
    /// Whom it may show.
    persons: identity::Persons,
}

impl OpenStudy {
    /// A stack by its name.
    pub fn stack(&self, id: &StackId) -> Option<&OpenStack> {
        let series = self.series.iter().find(|s| s.uid == id.series)?;
        series.stacks.get(id.index).filter(|stack| stack.id == *id)
    }
    /// Its stacks, in the order of the series.
    pub fn stacks(&self) -> impl Iterator<Item = &OpenStack> {
        self.series.iter().flat_map(|series| &series.stacks)
    }
    /// Study Date (0008,0020) of its row, else of its first object; empty when unknown.
    pub fn date(&self) -> &str {
        match &self.listing {
            Some(listing) => &listing.date,
            None => self.first_instance().map_or("", |i| &i.text.study_date),
        }
    }
    /// When it was taken: as its first object says, else as its row says.
    pub(crate) fn taken(&self) -> Moment {
        let of_object = self
            .first_instance()
            .map(|i| Moment::new(&i.text.study_date, &i.text.study_time));
        let of_row = || self.listing.as_ref().map(|l| Moment::new(&l.date, &l.time));
        let known = of_object.filter(|taken| !taken.date().is_empty());
        known.or_else(of_row).unwrap_or_default()
    }
    /// Whether it holds images of a modality, as far as is known.
    pub fn has_modality(&self, modality: &str) -> bool {
        self.series.iter().any(|s| s.modality == modality)
            || self
                .listing
                .as_ref()
                .is_some_and(|l| l.modalities.iter().any(|m| m == modality))
    }
    /// Who its patient is: as its objects say, else as its row says.
    pub fn patient(&self) -> Option<&PatientIdentity> {
        let of_object = self.first_instance().map(|i| &i.patient);
        of_object.or(self.listing.as_ref().map(|l| &l.patient))
    }
    fn first_instance(&self) -> Option<&Arc<Instance>> {
        self.series.iter().find_map(|s| s.instances.first())
    }
}

/// Another study of the same patient, open or not.
#[derive(Clone, Debug, PartialEq)]
pub struct RelatedStudy {
    /// Where it is.
    pub source: SourceId,
    /// The study.
    pub listing: StudyListing,
    /// How its patient relates to the current study's: `Yes`, `OtherName` or `Contradicted`.
    pub relation: SamePerson,
    /// How long before (or after) the current study: "6 months earlier"; empty when a date is missing.
    pub when: String,
    /// It is open.
    pub open: bool,
}

/// The studies that are open.
#[derive(Clone, Debug, Default)]
pub struct Studies {
    pub(crate) open: Vec<OpenStudy>,
    pub(crate) related: Vec<RelatedStudy>,
}

impl Studies {
    /// The study that was opened.
    pub fn current(&self) -> Option<&OpenStudy> {
        self.open.first()
    }
    /// Every open study, the current one first.
    pub fn open(&self) -> &[OpenStudy] {
        &self.open
    }
    /// Other studies of the same patient, newest first.
    pub fn related(&self) -> &[RelatedStudy] {
        &self.related
    }
    /// An open study.
    pub fn study(&self, uid: &StudyUid) -> Option<&OpenStudy> {
        self.open.iter().find(|s| s.uid == *uid)
    }
    /// The stack that a frame stands in, and its place there.
    pub(crate) fn place(&self, frame: &FrameRef) -> Option<(&OpenStack, usize)> {
        let study = self.study(&frame.study)?;
        let (series, stack, place) = *study.places.get(frame)?;
        Some((study.series.get(series)?.stacks.get(stack)?, place))
    }
    /// How far a frame has come is changed here; nothing for a frame that is not known.
    pub(crate) fn arrival_mut(&mut self, frame: &FrameRef) -> Option<&mut Arrival> {
        self.study_mut(&frame.study)?.arrival_mut(frame)
    }
    pub(crate) fn study_mut(&mut self, uid: &StudyUid) -> Option<&mut OpenStudy> {
        self.open.iter_mut().find(|s| s.uid == *uid)
    }
    /// A stack of any open study.
    pub fn stack(&self, id: &StackId) -> Option<&OpenStack> {
        self.study(&id.study)?.stack(id)
    }
}
