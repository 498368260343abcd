//! What each event changes.

use std::sync::Arc;

use study::{Instance, StudyUid};

use super::{Notice, Purpose, Reading};
use crate::studies::{Arrival, OpenStudy, Progress};
use crate::worklist::{Condition, Source, SourceId, SourceKind};
use crate::{Effect, Heard, StudiesFound, Trouble};

impl Reading {
    pub(super) fn take_in(&mut self, heard: Heard, now_ms: u64, effects: &mut Vec<Effect>) {
        match heard {
            Heard::SourceAdded { source, name, kind } => self.source_added(source, name, kind, effects),
            Heard::SourceRemoved(source) => self.source_removed(source, effects),
            Heard::SourceState {
                source,
                condition,
                trouble,
            } => {
                if let Some(known) = self.worklist.sources.iter_mut().find(|s| s.id == source) {
                    known.condition = condition;
                    known.trouble = trouble;
                }
            }
            Heard::StudiesFound {
                source,
                request,
                outcome,
            } => self.studies_found((source, request), outcome, now_ms, effects),
            Heard::StudyListed { source, listing } => {
                let study = listing.study.clone();
                let listing = *listing;
                self.worklist.append(source, vec![listing.clone()]);
                if self.opens_first_of == Some(source) {
                    self.opens_first_of = None;
                    let open = crate::StudyCommand::Open { source, study };
                    self.study(open, now_ms, effects);
                } else {
                    self.relate(source, vec![listing]);
                    self.hang_prior(effects);
                }
            }
            Heard::InstancesFound {
                study,
                instances,
                complete,
            } => self.instances_found(&study, (instances, complete), now_ms, effects),
            Heard::Cached { study, instances } => {
                if let Some(open) = self.studies.study_mut(&study) {
                    open.cached = instances.into_iter().collect();
                }
            }
            Heard::FrameArrived(frame) => {
                self.refusals.remove(&frame);
                if let Some(arrival) = self.studies.arrival_mut(&frame)
                    && *arrival != Arrival::Seen
                {
                    *arrival = Arrival::Here;
                }
            }
            Heard::FrameRefused { frame, trouble } => {
                // What is no longer open leaves nothing behind.
                if let Some(arrival) = self.studies.arrival_mut(&frame) {
                    *arrival = Arrival::Refused;
                    self.refusals.insert(frame, trouble);
                }
            }
            Heard::Progress {
                study,
                stored,
                of,
                bytes,
                finished,
            } => {
                if let Some(open) = self.studies.study_mut(&study) {
                    open.progress = Progress {
                        stored,
                        of: of.max(stored),
                        bytes,
                        finished,
                    };
                }
                if finished {
                    self.finished(&study, now_ms, effects);
                }
            }
            Heard::StudyTrouble { study, trouble } => {
                if let Some(open) = self.studies.study_mut(&study) {
                    open.trouble = Some(trouble);
                }
            }
            Heard::RemoteSession(session) => self.remote_session = session,
            Heard::Drawing(verification) => self.verification = verification,
            Heard::Trouble(trouble) => self.notice = Some(Notice { trouble }),
        }
    }

    fn source_added(&mut self, id: SourceId, name: String, kind: SourceKind, effects: &mut Vec<Effect>) {
        let source = Source {
            id,
            name,
            kind,
            condition: Condition::Well,
            trouble: None,
        };
        match self.worklist.sources.iter_mut().find(|s| s.id == id) {
            Some(known) => *known = source,
            None => self.worklist.sources.push(source),
        }
        let opened = kind == SourceKind::Files && std::mem::take(&mut self.opens_files);
        if opened {
            self.opens_first_of = Some(id);
        }
        if opened || self.worklist.source.is_none() {
            self.select_source(id, effects);
        }
    }

    fn source_removed(&mut self, id: SourceId, effects: &mut Vec<Effect>) {
        self.worklist.sources.retain(|s| s.id != id);
        self.worklist.all.retain(|row| row.source != id);
        if self.opens_first_of == Some(id) {
            self.opens_first_of = None;
        }
        if self.worklist.source == Some(id) {
            self.worklist.source = None;
            self.worklist.selected = None;
            self.worklist.searching = false;
            match self.worklist.sources.first().map(|s| s.id) {
                Some(first) => self.select_source(first, effects),
                None => self.worklist.arrange(),
            }
        } else {
            self.worklist.arrange();
        }
    }

    fn studies_found(
        &mut self,
        (source, request): (SourceId, u64),
        outcome: Result<StudiesFound, Trouble>,
        now_ms: u64,
        effects: &mut Vec<Effect>,
    ) {
        let Some(purpose) = self.requests.remove(&request) else {
            return;
        };
        match purpose {
            Purpose::Rows { more } => {
                self.worklist.searching = false;
                match outcome {
                    Ok(found) => {
                        self.worklist.failed = None;
                        self.worklist.more = found.more;
                        self.worklist.whole = found.whole;
                        if more {
                            self.worklist.append(source, found.listings);
                        } else {
                            self.worklist.replace(source, found.listings);
                        }
                    }
                    Err(trouble) => self.worklist.failed = Some(trouble),
                }
            }
            Purpose::Priors(study) => {
                let current = self.studies.current().map(|s| &s.uid);
                if current != Some(&study) {
                    return;
                }
                match outcome {
                    Ok(found) => {
                        self.relate(source, found.listings);
                        self.hang_prior(effects);
                        self.arrange(now_ms);
                    }
                    Err(mut trouble) => {
                        trouble.sentence = format!("Other studies of this patient are not known. {}", trouble.sentence);
                        self.notice = Some(Notice { trouble });
                    }
                }
            }
        }
    }

    fn instances_found(
        &mut self,
        study: &StudyUid,
        (instances, complete): (Vec<Arc<Instance>>, bool),
        now_ms: u64,
        effects: &mut Vec<Effect>,
    ) {
        let is_current = self.studies.current().is_some_and(|s| s.uid == *study);
        let unknown_before = is_current && self.studies.current().and_then(OpenStudy::patient).is_none();
        let Some(open) = self.studies.open.iter_mut().find(|s| s.uid == *study) else {
            return;
        };
        for instance in instances.iter().filter(|i| i.study == *study) {
            open.check_identity(&instance.patient);
        }
        open.add(instances);
        open.complete |= complete;
        let source = open.source;
        let due = complete || open.is_due();
        if unknown_before {
            // A study that no list named: its objects say whose priors belong to it.
            let rows = self.worklist.all.iter().filter(|row| row.source == source);
            let rows = rows.map(|row| row.listing.clone()).collect();
            self.relate(source, rows);
            self.search_priors(source, study, effects);
        }
        if due {
            self.restack(study, now_ms, effects);
        }
    }

    /// Everything of a study is here: what went wrong on the way is over, and only now it is known that there are no images.
    fn finished(&mut self, study: &StudyUid, now_ms: u64, effects: &mut Vec<Effect>) {
        self.restack_all(now_ms, effects);
        let Some(open) = self.studies.study_mut(study) else {
            return;
        };
        open.complete = true;
        if open.main_stack().is_some() {
            open.trouble = None;
            return;
        }
        let trouble = Trouble::no_images();
        if open
            .trouble
            .as_ref()
            .is_none_or(|known| known.sentence != trouble.sentence)
        {
            open.trouble = Some(trouble.clone());
            let study = study.clone();
            effects.push(Effect::StudyTrouble { study, trouble });
        }
    }

    /// Sorts into stacks what has been found of every study; between two of these, single events only collect.
    pub(super) fn restack_all(&mut self, now_ms: u64, effects: &mut Vec<Effect>) {
        let unsorted = self.studies.open.iter().filter(|study| study.is_unsorted());
        let unsorted: Vec<StudyUid> = unsorted.map(|study| study.uid.clone()).collect();
        for study in unsorted {
            self.restack(&study, now_ms, effects);
        }
    }

    fn restack(&mut self, study: &StudyUid, now_ms: u64, effects: &mut Vec<Effect>) {
        let Some(open) = self.studies.study_mut(study) else {
            return;
        };
        open.restack();
        self.stacks_revision += 1;
        self.follow_stacks(study, now_ms);
        self.follow_states(study);
        if self.studies.current().is_some_and(|s| s.uid == *study) {
            self.hang_prior(effects);
        }
        self.arrange(now_ms);
        self.hang_kept();
    }
}
