//! Opening and closing studies.

use study::StudyUid;
use study::listing::StudyListing;
use study::patient::{SamePerson, same_person};
use study::words;

use super::{Pending, Place, Purpose, Question, Reading};
use crate::document::History;
use crate::studies::{OpenStudy, RelatedStudy, Studies};
use crate::view::{View, Viewport};
use crate::worklist::{Filter, SourceId, SourceKind};
use crate::{Effect, StudyCommand};

impl Reading {
    pub(super) fn study(&mut self, command: StudyCommand, now_ms: u64, effects: &mut Vec<Effect>) {
        match command {
            StudyCommand::Open { source, study } => {
                let current = self.studies.current();
                if current.is_some_and(|s| s.uid == study && s.source == source) {
                    self.place = Place::Reading;
                } else if self.may_lose_marks(
                    "Open the other study",
                    Pending::Open {
                        source,
                        study: study.clone(),
                    },
                ) {
                    self.close_all(effects);
                    self.open(source, study, now_ms, effects);
                }
            }
            StudyCommand::OpenPrior(study) => {
                self.take_charge();
                self.open_beside(&study, effects);
                self.keep_tile(study);
                self.hang_kept();
            }
            StudyCommand::Close => {
                if self.may_lose_marks("Close", Pending::Close) {
                    self.close_all(effects);
                }
            }
            StudyCommand::CloseStudy(study) => {
                if self.studies.current().is_some_and(|s| s.uid == study) {
                    self.study(StudyCommand::Close, now_ms, effects);
                } else if self.may_lose_marks_of(Some(&study), "Close", Pending::CloseOne(study.clone())) {
                    self.close_one(&study, effects);
                }
            }
            StudyCommand::Retry(study) => {
                self.refusals.retain(|frame, _| frame.study != study);
                if let Some(open) = self.studies.study_mut(&study) {
                    open.trouble = None;
                    // Where nothing is to be seen it is not known yet whether there is nothing.
                    open.complete &= open.main_stack().is_some();
                    open.forget_refusals();
                    effects.push(Effect::Retry(study));
                    self.gathered = None;
                }
            }
            StudyCommand::ConfirmSamePerson(study) => {
                if let Some(open) = self.studies.study_mut(&study) {
                    open.confirm_same_person();
                }
            }
            StudyCommand::Hang { viewport, stack } => {
                if self.view.shown().1.contains(&viewport) {
                    self.take_charge();
                    self.hang(viewport, &stack);
                    self.view.active = viewport;
                }
            }
            StudyCommand::NextSeries => self.hang_by(1),
            StudyCommand::PreviousSeries => self.hang_by(-1),
        }
    }

    /// Whether marks may be lost now: yes when there are none; else the question is put, and what waits for it is kept.
    pub(super) fn may_lose_marks(&mut self, verb: &str, pending: Pending) -> bool {
        self.may_lose_marks_of(None, verb, pending)
    }

    /// The same for the marks of one study, or of all.
    fn may_lose_marks_of(&mut self, study: Option<&StudyUid>, verb: &str, pending: Pending) -> bool {
        let all = self.history.now().marks().iter();
        let marks = all
            .filter(|m| study.is_none_or(|study| m.frame.study == *study))
            .count();
        if marks == 0 {
            return true;
        }
        let (count, them) = match marks {
            1 => ("1 mark".to_owned(), "it"),
            n => (format!("{n} marks"), "them"),
        };
        self.question = Some((
            Question {
                sentence: format!("{count} would be lost: this version cannot save {them} yet."),
                yes: format!("{verb} and lose {count}"),
                no: "Stay".to_owned(),
            },
            pending,
        ));
        false
    }

    /// Opens a study where none is open.
    pub(super) fn open(&mut self, source: SourceId, study: StudyUid, now_ms: u64, effects: &mut Vec<Effect>) {
        let rows = &self.worklist.all;
        let row = rows
            .iter()
            .find(|row| row.source == source && row.listing.study == study);
        let listing = row.map(|row| row.listing.clone());
        self.studies
            .open
            .push(OpenStudy::asked(source, study.clone(), listing, None));
        self.worklist.selected = Some((source, study.clone()));
        self.place = Place::Reading;
        effects.push(Effect::OpenStudy {
            source,
            study: study.clone(),
        });
        let rows: Vec<StudyListing> = self.listings_of(source);
        self.relate(source, rows);
        self.search_priors(source, &study, effects);
        self.hang_prior(effects);
        self.arrange(now_ms);
    }

    /// Forgets every trace of the open studies.
    pub(super) fn close_all(&mut self, effects: &mut Vec<Effect>) {
        for study in std::mem::take(&mut self.studies).open {
            self.ledger.forget(&study.uid);
            effects.push(Effect::CloseStudy(study.uid));
        }
        let tool = self.view.tool;
        self.studies = Studies::default();
        self.view = View {
            tool,
            ..View::default()
        };
        self.history = History::default();
        self.selected = None;
        self.gesture = None;
        self.question = None;
        self.notice = None;
        self.refusals.clear();
        self.remembered.clear();
        self.kept.clear();
        self.requests
            .retain(|_, purpose| !matches!(purpose, Purpose::Priors(_)));
        self.stacks_revision += 1;
        self.place = Place::Worklist;
    }

    /// Forgets every trace of a study that hangs beside the current one.
    pub(super) fn close_one(&mut self, study: &StudyUid, effects: &mut Vec<Effect>) {
        let Some(at) = self
            .studies
            .open
            .iter()
            .position(|s| s.uid == *study)
            .filter(|at| *at > 0)
        else {
            return;
        };
        self.studies.open.remove(at);
        self.take_charge();
        for state in &mut self.view.viewports {
            if state.stack.as_ref().is_some_and(|id| id.study == *study) {
                *state = Viewport::default();
            }
        }
        self.ledger.forget(study);
        self.refusals.retain(|frame, _| frame.study != *study);
        self.remembered.retain(|id, _| id.study != *study);
        self.kept.retain(|(asked, _)| asked != study);
        self.history.forget(study);
        self.drop_lost_selection();
        self.stacks_revision += 1;
        self.mark_open();
        effects.push(Effect::CloseStudy(study.clone()));
    }

    fn listings_of(&self, source: SourceId) -> Vec<StudyListing> {
        let rows = self.worklist.all.iter().filter(|row| row.source == source);
        rows.map(|row| row.listing.clone()).collect()
    }

    /// Finds among rows those of the current study's patient. An issuer that is absent means the same source, so others are not asked.
    pub(super) fn relate(&mut self, source: SourceId, rows: Vec<StudyListing>) {
        let Some(current) = self.studies.open.first_mut().filter(|s| s.source == source) else {
            return;
        };
        rows.iter().for_each(|row| current.is_listed(row));
        let (uid, date) = (current.uid.clone(), current.date().to_owned());
        let Some(patient) = current.patient().cloned() else {
            return;
        };
        for listing in rows {
            let relation = same_person(&patient, &listing.patient);
            let shown = matches!(
                relation,
                SamePerson::Yes | SamePerson::OtherName | SamePerson::Contradicted
            );
            let related = &mut self.studies.related;
            if !shown || listing.study == uid || related.iter().any(|r| r.listing.study == listing.study) {
                continue;
            }
            related.push(RelatedStudy {
                source,
                when: when(&listing.date, &date),
                relation,
                open: false,
                listing,
            });
        }
        let newest_first = |r: &RelatedStudy| (r.listing.date.clone(), r.listing.time.clone());
        self.studies.related.sort_by_key(|r| std::cmp::Reverse(newest_first(r)));
        self.mark_open();
    }

    fn mark_open(&mut self) {
        let open: Vec<StudyUid> = self.studies.open.iter().map(|s| s.uid.clone()).collect();
        for related in &mut self.studies.related {
            related.open = open.contains(&related.listing.study);
        }
    }

    /// Asks a PACS for other studies of the patient; files are all listed already.
    pub(super) fn search_priors(&mut self, source: SourceId, study: &StudyUid, effects: &mut Vec<Effect>) {
        if self.worklist.kind(source) == Some(SourceKind::Files)
            || self
                .requests
                .values()
                .any(|purpose| matches!(purpose, Purpose::Priors(_)))
        {
            return;
        }
        let Some(patient) = self.studies.current().and_then(OpenStudy::patient) else {
            return;
        };
        // An ID that equals nothing finds nobody.
        if same_person(patient, patient) != SamePerson::Yes {
            return;
        }
        self.request += 1;
        self.requests.insert(self.request, Purpose::Priors(study.clone()));
        effects.push(Effect::Search {
            source,
            filter: Filter {
                patient_id: patient.id.to_reader().trim().to_owned(),
                ..Filter::default()
            },
            offset: 0,
            request: self.request,
        });
    }

    /// Opens the prior that hangs by itself, when there is one.
    pub(super) fn hang_prior(&mut self, effects: &mut Vec<Effect>) {
        let untouched = self.view.viewport(0).is_some_and(|v| !v.moved);
        if untouched && let Some(prior) = self.prior_to_hang() {
            self.open_beside(&prior, effects);
        }
    }

    /// Opens a related study beside the current one, and hangs it in the first tile that is free when it comes.
    fn open_beside(&mut self, study: &StudyUid, effects: &mut Vec<Effect>) {
        let Some(related) = self.studies.related.iter().find(|r| r.listing.study == *study) else {
            return;
        };
        if self.studies.study(study).is_some() {
            return;
        }
        let (source, relation, listing) = (related.source, related.relation, related.listing.clone());
        let patient = self.studies.current().and_then(OpenStudy::patient).cloned();
        let mut open = OpenStudy::asked(source, study.clone(), Some(listing), Some(relation));
        // What contradicts is shown on request only, and behind both identities.
        open.hangs_beside(patient, relation == SamePerson::Contradicted);
        self.studies.open.push(open);
        self.mark_open();
        effects.push(Effect::OpenStudy {
            source,
            study: study.clone(),
        });
    }
}

/// "6 months earlier"; empty when a date is missing.
fn when(date: &str, current: &str) -> String {
    let between = words::between(date, current);
    if between.is_empty() || date == current {
        return between;
    }
    let side = if date < current { "earlier" } else { "later" };
    format!("{between} {side}")
}
