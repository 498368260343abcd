//! Presentation states: which ones are offered for the active tile, and how one is taken.

use std::sync::Arc;

use study::presentation::PresentationState;
use study::{Instance, InstanceUid, StudyUid};

use super::Reading;
use crate::presets::WindowChoice;
use crate::states::{self, ChosenState, StateRow};
use crate::studies::OpenStack;
use crate::view::{Lie, Viewport};

impl Reading {
    /// The presentation states of the active tile's images, the image as itself first; empty where there is none.
    pub fn states(&self) -> Vec<StateRow> {
        let Some((viewport, stack)) = self.active_stack() else {
            return Vec::new();
        };
        let chosen = viewport.presentation.state.as_ref();
        let offered: Vec<StateRow> = self
            .states_of(stack)
            .into_iter()
            .map(|(instance, state)| {
                let is_chosen = chosen.is_some_and(|chosen| chosen.uid == instance.uid);
                states::row(&instance.uid, state, is_chosen)
            })
            .collect();
        if offered.is_empty() {
            return offered;
        }
        let none = StateRow {
            name: "none: the image as itself".to_owned(),
            hint: String::new(),
            state: None,
            chosen: chosen.is_none(),
        };
        std::iter::once(none).chain(offered).collect()
    }

    /// Whether any presentation state is for the series of the active tile.
    pub fn has_states(&self) -> bool {
        self.active_stack().is_some_and(|(_, stack)| {
            let study = self.studies.study(&stack.id.study);
            let mut instances = study.into_iter().flat_map(|s| &s.series).flat_map(|s| &s.instances);
            instances.any(|instance| {
                let state = instance.presentation.as_ref();
                state.is_some_and(|state| state.is_for_series(&stack.id.series))
            })
        })
    }

    fn active_stack(&self) -> Option<(&Viewport, &OpenStack)> {
        let viewport = self.view.viewport(self.view.active)?;
        let stack = self.studies.stack(viewport.stack.as_ref()?)?;
        Some((viewport, stack))
    }

    /// The states of the stack's own study that are for any of its images, in the order of their series and numbers: a state never
    /// reaches into another study, whatever it names.
    fn states_of(&self, stack: &OpenStack) -> Vec<(&Arc<Instance>, &Arc<PresentationState>)> {
        let study = self.studies.study(&stack.id.study);
        let mut found = Vec::new();
        for series in study.into_iter().flat_map(|study| &study.series) {
            let mut of_series: Vec<_> = series
                .instances
                .iter()
                .filter_map(|instance| Some((instance, instance.presentation.as_ref()?)))
                .filter(|(_, state)| state.is_for_series(&stack.id.series))
                .filter(|(_, state)| stack.frames.iter().any(|(image, frame)| state.is_for(image, *frame)))
                .take(states::MOST - found.len())
                .collect();
            of_series.sort_by_key(|(instance, _)| (instance.instance_number, &instance.uid));
            found.extend(of_series);
        }
        found
    }

    /// Shows the active tile's images by a state, or as themselves.
    pub(super) fn show_state(&mut self, uid: Option<&InstanceUid>) {
        let Some((viewport, stack)) = self.active_stack() else {
            return;
        };
        let chosen = uid.and_then(|uid| {
            let mut offered = self.states_of(stack).into_iter();
            let (_, state) = offered.find(|(instance, _)| instance.uid == *uid)?;
            Some(ChosenState {
                uid: uid.clone(),
                state: Arc::clone(state),
            })
        });
        if uid.is_some() && chosen.is_none() {
            return;
        }
        // Where the state is not for the image that is shown, its first image is.
        let to = chosen.as_ref().and_then(|chosen| {
            let is_for = |(image, frame): &(Arc<Instance>, u32)| chosen.state.is_for(image, *frame);
            let here = stack.frames.get(viewport.index).is_some_and(is_for);
            (!here).then(|| stack.frames.iter().position(is_for)).flatten()
        });
        let active = self.view.active;
        self.present(|presentation| {
            presentation.state = chosen;
            presentation.window = WindowChoice::Default;
            presentation.inverted = false;
            // Laid again from the start, also where the reader had moved the image.
            presentation.laid = None;
            presentation.lie = Lie::default();
        });
        if let Some(to) = to {
            self.go_to(active, to);
        }
    }

    /// The next state in the list; after the last one the image as itself.
    pub(super) fn next_state(&mut self) {
        let rows = self.states();
        let at = rows.iter().position(|row| row.chosen).unwrap_or_default();
        let next = rows.get((at + 1) % rows.len().max(1)).map(|row| row.state.clone());
        if let Some(next) = next {
            self.show_state(next.as_ref());
        }
    }

    /// Takes a state's own object in place of what a list had said of it, wherever it is in use.
    pub(super) fn follow_states(&mut self, study: &StudyUid) {
        let Some(study) = self.studies.study(study) else { return };
        let known = |uid: &InstanceUid| {
            let mut instances = study.series.iter().flat_map(|series| &series.instances);
            instances.find(|instance| instance.uid == *uid)?.presentation.clone()
        };
        for viewport in &mut self.view.viewports {
            let of_study = viewport.stack.as_ref().is_some_and(|id| id.study == study.uid);
            let Some(chosen) = viewport.presentation.state.as_mut().filter(|_| of_study) else {
                continue;
            };
            if let Some(state) = known(&chosen.uid) {
                chosen.state = state;
            }
        }
    }
}
