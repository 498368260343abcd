//! From instances to series and stacks, while they are still being found.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use study::listing::StudyListing;
use study::order::Arrangement;
use study::patient::SamePerson;
use study::{FrameRef, Instance, StudyUid, order};

use super::identity::Persons;
use super::{Arrival, Identity, OpenSeries, OpenStack, OpenStudy, Progress, StackId};
use crate::worklist::SourceId;

/// So many frames of one object are taken in.
pub(crate) const MOST_FRAMES: u32 = 20_000;

impl OpenStudy {
    /// A study that was asked for and of which nothing is known but its row.
    pub(crate) fn asked(
        source: SourceId,
        uid: StudyUid,
        listing: Option<StudyListing>,
        relation: Option<SamePerson>,
    ) -> Self {
        Self {
            source,
            uid,
            progress: Progress {
                of: listing.as_ref().and_then(|l| l.instances).unwrap_or(0),
                ..Progress::default()
            },
            listing,
            relation,
            series: Vec::new(),
            complete: false,
            trouble: None,
            cached: HashSet::new(),
            identity: Identity::Unread,
            places: HashMap::new(),
            early: HashMap::new(),
            added: 0,
            sorted: 0,
            persons: Persons::default(),
        }
    }

    /// Takes in instances; those of another study are left out, and one that is known already is replaced.
    ///
    /// Stacks and places follow with `restack`, so that a thousand messages of one instance each do not sort a thousand times.
    pub(crate) fn add(&mut self, instances: Vec<Arc<Instance>>) {
        for instance in instances {
            if instance.study == self.uid {
                self.series_of(&instance).put(instance);
                self.added += 1;
            }
        }
    }

    /// Instances were added that stand in no stack yet.
    pub(crate) fn is_unsorted(&self) -> bool {
        self.added > 0
    }

    /// Whether so many were added that they are sorted in at once: a part of what is sorted already, so that the work for all of
    /// them grows little faster than their number.
    pub(crate) fn is_due(&self) -> bool {
        const SHARE: usize = 4;
        self.is_unsorted() && self.added * SHARE >= self.sorted
    }

    /// Sorts into stacks what was added.
    pub(crate) fn restack(&mut self) {
        if !self.is_unsorted() {
            return;
        }
        for series in self.series.iter_mut().filter(|series| series.changed) {
            series.stack_anew(&self.uid, &self.early);
        }
        self.series.sort_by(|a, b| {
            let number = |s: &OpenSeries| s.number.unwrap_or(i64::MAX);
            number(a).cmp(&number(b)).then_with(|| a.uid.cmp(&b.uid))
        });
        self.place_anew();
        self.early.clear();
        self.added = 0;
        self.sorted = self.series.iter().map(|series| series.instances.len()).sum();
    }

    /// How far a frame has come is changed here, also before it stands in a stack; nothing for a frame that is not known.
    pub(crate) fn arrival_mut(&mut self, frame: &FrameRef) -> Option<&mut Arrival> {
        if let Some((series, stack, place)) = self.places.get(frame) {
            let stack = self.series.get_mut(*series)?.stacks.get_mut(*stack)?;
            return stack.arrivals.get_mut(*place);
        }
        let series = self.series.iter().find(|s| s.uid == frame.series && s.changed)?;
        let instance = series.instances.get(*series.by_uid.get(&frame.instance)?)?;
        (frame.frame < instance.frames).then(|| self.early.entry(frame.clone()).or_default())
    }

    fn series_of(&mut self, instance: &Arc<Instance>) -> &mut OpenSeries {
        let at = match self.series.iter().position(|s| s.uid == instance.series) {
            Some(at) => at,
            None => {
                self.series.push(OpenSeries {
                    uid: instance.series.clone(),
                    modality: instance.text.modality.clone(),
                    title: title(instance),
                    number: instance.text.series_number,
                    instances: Vec::new(),
                    stacks: Vec::new(),
                    by_uid: HashMap::new(),
                    changed: false,
                    claimed: 0,
                });
                self.series.len() - 1
            }
        };
        &mut self.series[at]
    }

    fn place_anew(&mut self) {
        self.places.clear();
        for (s, series) in self.series.iter().enumerate() {
            for (k, stack) in series.stacks.iter().enumerate() {
                let frames = stack.refs.iter().enumerate();
                self.places
                    .extend(frames.map(|(place, frame)| (frame.clone(), (s, k, place))));
            }
        }
    }

    /// What was refused may be tried again.
    pub(crate) fn forget_refusals(&mut self) {
        let stacks = self.series.iter_mut().flat_map(|s| &mut s.stacks);
        let sorted = stacks.flat_map(|stack| &mut stack.arrivals);
        for arrival in sorted.chain(self.early.values_mut()) {
            if *arrival == Arrival::Refused {
                *arrival = Arrival::Awaited;
            }
        }
    }

    /// The stack that is hung first: of the first series with more than a few images, so that a localiser does not come first.
    pub(crate) fn main_stack(&self) -> Option<&OpenStack> {
        const FEW: usize = 4;
        let largest = |series: &'_ OpenSeries| series.stacks.iter().map(|s| s.refs.len()).max().unwrap_or(0);
        let first = self.series.iter().find(|s| largest(s) > 0)?;
        let chosen = if matches!(first.modality.as_str(), "CT" | "MR" | "PT") {
            self.series.iter().find(|s| largest(s) > FEW).unwrap_or(first)
        } else {
            first
        };
        chosen.stacks.iter().find(|stack| !stack.refs.is_empty())
    }
}

impl OpenSeries {
    fn put(&mut self, instance: Arc<Instance>) {
        self.changed = true;
        self.claimed = self.claimed.max(instance.frames);
        let instance = bounded(instance);
        match self.by_uid.entry(instance.uid.clone()) {
            Entry::Occupied(known) => {
                if let Some(known) = self.instances.get_mut(*known.get()) {
                    *known = instance;
                }
            }
            Entry::Vacant(new) => {
                new.insert(self.instances.len());
                self.instances.push(instance);
            }
        }
    }

    fn stack_anew(&mut self, study: &StudyUid, early: &HashMap<FrameRef, Arrival>) {
        self.changed = false;
        let mut known: HashMap<FrameRef, Arrival> = HashMap::new();
        for stack in self.stacks.drain(..) {
            known.extend(stack.refs.into_iter().zip(stack.arrivals));
        }
        let arrival = |f: &FrameRef| known.get(f).or_else(|| early.get(f)).copied().unwrap_or_default();
        self.stacks = order::stacks(&self.instances)
            .into_iter()
            .filter(|stack| !stack.frames.is_empty())
            .enumerate()
            .map(|(index, mut stack)| {
                if stack.arrangement == Arrangement::Position && falls(&stack.frames) {
                    stack.frames.reverse();
                }
                let refs: Vec<FrameRef> = stack.frames.iter().map(|(i, frame)| frame_ref(i, *frame)).collect();
                OpenStack {
                    id: StackId {
                        study: study.clone(),
                        series: self.uid.clone(),
                        index,
                    },
                    arrivals: refs.iter().map(arrival).collect(),
                    refs,
                    frames: stack.frames,
                    oddities: stack.oddities,
                }
            })
            .collect();
    }
}

/// An object that claims an absurd number of frames keeps as many as can be looked at: what a server only says must not make this
/// program name millions of images.
fn bounded(instance: Arc<Instance>) -> Arc<Instance> {
    if instance.frames <= MOST_FRAMES {
        return instance;
    }
    let mut bounded = Instance::clone(&instance);
    bounded.frames = MOST_FRAMES;
    Arc::new(bounded)
}

/// Whether Instance Numbers fall all the way: the stack is then shown from its other end, so that the number on the tile is the
/// one that reports name.
fn falls(frames: &[(Arc<Instance>, u32)]) -> bool {
    let numbers: Option<Vec<i64>> = frames.iter().map(|(instance, _)| instance.instance_number).collect();
    numbers.is_some_and(|n| n.len() > 1 && n.windows(2).all(|w| w[0] > w[1]))
}

fn frame_ref(instance: &Instance, frame: u32) -> FrameRef {
    FrameRef {
        study: instance.study.clone(),
        series: instance.series.clone(),
        instance: instance.uid.clone(),
        frame,
    }
}

/// "3 · Lung 1.0"; never empty.
fn title(instance: &Instance) -> String {
    let text = &instance.text;
    let description = text.series_description.to_reader().trim();
    let name = match (description.is_empty(), text.modality.is_empty()) {
        (false, _) => description,
        (true, false) => text.modality.as_str(),
        (true, true) => "Series",
    };
    match text.series_number {
        Some(number) => format!("{number} · {name}"),
        None => name.to_owned(),
    }
}
