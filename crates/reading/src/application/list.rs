//! What the reader does in the worklist.

use super::{Purpose, Reading};
use crate::worklist::{Column, Filter, Row, SourceId, SourceKind};
use crate::{Effect, StudyCommand, WorklistCommand};

/// A search follows typing after this pause, ms.
const TYPING_PAUSE_MS: u64 = 300;

impl Reading {
    pub(super) fn list(&mut self, command: WorklistCommand, now_ms: u64, effects: &mut Vec<Effect>) {
        match command {
            WorklistCommand::SelectSource(source) => {
                if self.worklist.kind(source).is_some() {
                    self.select_source(source, effects);
                }
            }
            WorklistCommand::SetFilter(filter) => {
                if *filter != self.worklist.filter {
                    self.worklist.filter = *filter;
                    self.search_due = Some(now_ms + TYPING_PAUSE_MS);
                }
            }
            WorklistCommand::ClearFilter => {
                self.worklist.filter = Filter::default();
                self.search(false, effects);
            }
            WorklistCommand::Search => self.search(false, effects),
            WorklistCommand::More => {
                if self.worklist.more && !self.worklist.searching {
                    self.search(true, effects);
                }
            }
            WorklistCommand::SortBy(column) => {
                if self.worklist.column == column {
                    self.worklist.descending = !self.worklist.descending;
                } else {
                    self.worklist.column = column;
                    self.worklist.descending = matches!(column, Column::Date | Column::Images);
                }
                self.worklist.arrange();
            }
            WorklistCommand::Select { source, study } => self.worklist.selected = Some((source, study)),
            WorklistCommand::SelectBy(by) => self.select_by(by),
            WorklistCommand::OpenSelected => {
                let row = self.worklist.selected();
                if let Some((source, study)) = row.map(|row| (row.source, row.listing.study.clone())) {
                    self.study(StudyCommand::Open { source, study }, now_ms, effects);
                }
            }
            WorklistCommand::FocusSearch => effects.push(Effect::FocusSearch),
        }
    }

    pub(super) fn select_source(&mut self, source: SourceId, effects: &mut Vec<Effect>) {
        self.worklist.source = Some(source);
        self.worklist.selected = None;
        self.worklist.failed = None;
        self.worklist.more = false;
        self.worklist.whole = true;
        self.worklist.arrange();
        self.search(false, effects);
    }

    /// Searches the shown source; files are listed already and are only filtered. An answer to an earlier search counts no more.
    pub(super) fn search(&mut self, more: bool, effects: &mut Vec<Effect>) {
        self.search_due = None;
        self.requests
            .retain(|_, purpose| !matches!(purpose, Purpose::Rows { .. }));
        self.worklist.searching = false;
        let Some((source, kind)) = self.worklist.source().map(|s| (s.id, s.kind)) else {
            return;
        };
        if kind == SourceKind::Files {
            self.worklist.arrange();
            return;
        }
        let listed = self.worklist.all.iter().filter(|row| row.source == source).count();
        self.request += 1;
        self.requests.insert(self.request, Purpose::Rows { more });
        self.worklist.searching = true;
        effects.push(Effect::Search {
            source,
            filter: self.worklist.filter.clone(),
            offset: if more {
                u32::try_from(listed).unwrap_or(u32::MAX)
            } else {
                0
            },
            request: self.request,
        });
    }

    fn select_by(&mut self, by: i32) {
        let last = match self.worklist.len() {
            0 => return,
            n => n - 1,
        };
        let is_selected = |row: &Row| {
            let selected = self.worklist.selected.as_ref();
            selected.is_some_and(|(source, study)| row.source == *source && row.listing.study == *study)
        };
        let at = self.worklist.rows().position(is_selected);
        let to = match at {
            Some(at) => at.saturating_add_signed(by as isize).min(last),
            None if by < 0 => last,
            None => 0,
        };
        let row = self.worklist.row(to);
        self.worklist.selected = row.map(|row| (row.source, row.listing.study.clone()));
    }
}
