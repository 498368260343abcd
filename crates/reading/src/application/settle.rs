//! After every change: which image is on each tile's glass, and which frames are wanted.

use std::sync::Arc;

use study::{DecodedFrame, FrameRef, Instance};

use super::Reading;
use crate::states;
use crate::studies::{Arrival, Identity, OpenStudy, StackId};
use crate::{Effect, Frames, Trouble, wants};

/// So long an old picture stands with its old words, ms.
const SILENT_MS: u64 = 100;
/// After this an old picture is taken away, ms.
const BLACK_MS: u64 = 1000;

/// What the wants depend on: the stacks that are shown, where, and in which direction; and which stacks there are.
pub(super) type Signature = (Vec<(Option<StackId>, usize, i32)>, u64);

impl Reading {
    /// Puts frames that have come on the glass, takes away what stood too long, and publishes the wants when they changed.
    pub(super) fn settle(&mut self, frames: &dyn Frames, now_ms: u64, effects: &mut Vec<Effect>) {
        for index in self.view.by_attention() {
            self.settle_tile(index, frames, now_ms, effects);
            self.lay_by_state(index);
        }
        self.publish(effects);
    }

    fn settle_tile(&mut self, index: usize, frames: &dyn Frames, now_ms: u64, effects: &mut Vec<Effect>) {
        let Some(state) = self.view.viewports.get_mut(index) else {
            return;
        };
        let study = state.wanted.as_ref().and_then(|f| self.studies.study(&f.study));
        let (Some(wanted), Some(study)) = (state.wanted.clone(), study) else {
            state.glass = None;
            state.waiting_since = None;
            return;
        };
        let waits_for_reader = matches!(study.identity, Identity::Questioned { .. });
        // What is on the glass already stays when its frame is refused later: its pixels are whole.
        let is_current = state.is_current();
        if waits_for_reader || (!is_current && self.refusals.contains_key(&wanted)) {
            state.glass = None;
            state.waiting_since = None;
            state.cine = None;
            return;
        }
        if is_current {
            state.waiting_since = None;
            if let Some(glass) = &mut state.glass {
                self.ledger.shade_again(glass, &state.presentation);
            }
            return;
        }
        let Some(frame) = frames.get(&wanted) else {
            let since = *state.waiting_since.get_or_insert(now_ms);
            if now_ms.saturating_sub(since) >= BLACK_MS {
                state.glass = None;
            } else if let Some(glass) = &mut state.glass {
                self.ledger.shade_again(glass, &state.presentation);
            }
            return;
        };
        state.waiting_since = None;
        if !is_named(&frame, &wanted) {
            state.glass = None;
            self.refuse(
                wanted,
                "This image names another object than the one that was asked for. It is not shown.",
                effects,
            );
            return;
        }
        state.shown_since.get_or_insert(now_ms);
        let before = state.glass.take();
        state.glass = Some(
            self.ledger
                .lay(&wanted, Arc::clone(&frame), &state.presentation, before.as_ref()),
        );
        self.check_again(index, &wanted, &frame.instance);
        if let Some(arrival) = self.studies.arrival_mut(&wanted) {
            *arrival = Arrival::Seen;
        }
    }

    /// Lays the image on the glass as its presentation state says, when that differs from how the last one was laid; what the
    /// reader moved stays moved from image to image of one lie.
    fn lay_by_state(&mut self, index: usize) {
        let screen_pixel_mm = self.settings.usable_screen_pixel_mm();
        let Some(state) = self.view.viewports.get_mut(index) else {
            return;
        };
        let Some(glass) = &state.glass else { return };
        let presentation = &mut state.presentation;
        let wanted = presentation
            .state
            .as_ref()
            .zip(glass.on_state.as_ref())
            .map(|(chosen, on)| {
                let stored = &glass.frame.decoded.frame;
                states::lie(&chosen.state, on, (stored.columns, stored.rows), screen_pixel_mm)
            });
        if presentation.laid != wanted {
            presentation.lie = wanted.unwrap_or_default();
            presentation.laid = wanted;
        }
    }

    /// The object's own header has the last word on whose it is.
    fn check_again(&mut self, index: usize, wanted: &FrameRef, object: &Instance) {
        let Some(open) = self.studies.study_mut(&wanted.study) else {
            return;
        };
        open.check_identity(&object.patient);
        if matches!(open.identity, Identity::Questioned { .. })
            && let Some(state) = self.view.viewports.get_mut(index)
        {
            state.glass = None;
        }
    }

    fn refuse(&mut self, frame: FrameRef, sentence: &str, effects: &mut Vec<Effect>) {
        if let Some(arrival) = self.studies.arrival_mut(&frame) {
            *arrival = Arrival::Refused;
        }
        let trouble = Trouble {
            sentence: sentence.to_owned(),
            ..Trouble::default()
        };
        // It counts at once; its reference comes from the log.
        self.refusals.insert(frame.clone(), trouble.clone());
        effects.push(Effect::FrameRefused { frame, trouble });
    }

    fn publish(&mut self, effects: &mut Vec<Effect>) {
        let tiles = self.view.by_attention().into_iter();
        let signature: Signature = (
            tiles
                .filter_map(|index| self.view.viewports.get(index))
                .map(|v| (v.stack.clone(), v.index, v.heading))
                .collect(),
            self.stacks_revision,
        );
        if self.gathered.as_ref() == Some(&signature) {
            return;
        }
        // After "retry" the same list goes out again, under a new number.
        let again = self.gathered.is_none();
        self.gathered = Some(signature);
        let mut wants = wants::gather(&self.view, &self.studies);
        let same = wants.visible == self.wants.visible && wants.next == self.wants.next;
        if same && (!again || wants.visible.is_empty()) {
            return;
        }
        wants.revision = self.wants.revision + 1;
        self.wants = wants.clone();
        effects.push(Effect::Want(wants));
    }

    /// Lets the playing tiles go on.
    pub(super) fn play(&mut self, frames: &dyn Frames, now_ms: u64) {
        for index in self.view.by_attention() {
            let studies = &self.studies;
            let Some(state) = self.view.viewports.get_mut(index) else {
                continue;
            };
            let Some(stack) = state.stack.as_ref().and_then(|id| studies.stack(id)) else {
                continue;
            };
            let Some(playing) = &mut state.cine else { continue };
            let there = |at: usize| stack.refs.get(at).is_some_and(|frame| frames.get(frame).is_some());
            let at = playing.advance(state.index, stack.refs.len(), now_ms, there);
            if at != state.index {
                state.index = at;
                state.wanted = stack.refs.get(at).cloned();
            }
        }
    }

    /// In how many milliseconds `tick` will have something to do; `None` when only commands and events change anything.
    pub fn next_tick_ms(&self, now_ms: u64) -> Option<u64> {
        let (_, shown) = self.view.shown();
        let tiles = shown.into_iter().filter_map(|index| self.view.viewport(index));
        let of_tiles = tiles.flat_map(|state| {
            let age = state.waiting_since.map(|since| now_ms.saturating_sub(since));
            let waiting = age.filter(|_| state.glass.is_some()).map(|age| {
                let next = if age < SILENT_MS { SILENT_MS } else { BLACK_MS };
                next.saturating_sub(age)
            });
            [waiting, state.cine.as_ref().map(|cine| cine.due_in(now_ms))]
        });
        let search = self.search_due.map(|due| due.saturating_sub(now_ms));
        let unsorted = self.studies.open().iter().any(OpenStudy::is_unsorted).then_some(0);
        of_tiles.chain([search, unsorted]).flatten().min()
    }

    /// Whether a tile's old picture has stood so long that the reader is told.
    pub(super) fn is_late(&self, waiting_since: Option<u64>, now_ms: u64) -> bool {
        waiting_since.is_some_and(|since| now_ms.saturating_sub(since) >= SILENT_MS)
    }
}

fn is_named(frame: &DecodedFrame, wanted: &FrameRef) -> bool {
    let instance = &frame.instance;
    instance.study == wanted.study
        && instance.series == wanted.series
        && instance.uid == wanted.instance
        && frame.index == wanted.frame
}
