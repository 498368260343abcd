//! From instances to series and stacks, while they are still being found.

use std::collections::HashMap;
use std::sync::Arc;

use study::listing::StudyListing;
use study::order::Arrangement;
use study::patient::SamePerson;
use study::{FrameRef, Instance, SeriesUid, StudyUid, order};

use super::identity::Persons;
use super::{Arrival, Identity, OpenSeries, OpenStack, OpenStudy, Progress, StackId};
use crate::worklist::SourceId;

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
            identity: Identity::Unread,
            places: HashMap::new(),
            persons: Persons::default(),
        }
    }

    /// Takes in instances; those of another study are left out, and one that is known already is replaced.
    pub(crate) fn add(&mut self, instances: Vec<Arc<Instance>>) {
        let mut changed: Vec<SeriesUid> = Vec::new();
        for instance in instances {
            if instance.study != self.uid {
                continue;
            }
            if !changed.contains(&instance.series) {
                changed.push(instance.series.clone());
            }
            let series = self.series_of(&instance);
            match series.instances.iter_mut().find(|known| known.uid == instance.uid) {
                Some(known) => *known = instance,
                None => series.instances.push(instance),
            }
        }
        if changed.is_empty() {
            return;
        }
        for uid in &changed {
            if let Some(series) = self.series.iter_mut().find(|s| s.uid == *uid) {
                series.stack_anew(&self.uid);
            }
        }
        self.series.sort_by(|a, b| {
            let number = |s: &OpenSeries| s.number.unwrap_or(i64::MAX);
            number(a).cmp(&number(b)).then_with(|| a.uid.cmp(&b.uid))
        });
        self.place_anew();
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
        for arrival in stacks.flat_map(|stack| &mut stack.arrivals) {
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
    fn stack_anew(&mut self, study: &StudyUid) {
        let mut known: HashMap<FrameRef, Arrival> = HashMap::new();
        for stack in self.stacks.drain(..) {
            known.extend(stack.refs.into_iter().zip(stack.arrivals));
        }
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
                    arrivals: refs.iter().map(|f| known.get(f).copied().unwrap_or_default()).collect(),
                    refs,
                    frames: stack.frames,
                    oddities: stack.oddities,
                }
            })
            .collect();
    }
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
