//! Which stack hangs in which tile.

use study::patient::SamePerson;
use study::{FrameRef, StudyUid};

use super::Reading;
use crate::cine::Playing;
use crate::layout::Grid;
use crate::studies::{Moment, OpenStack, Place, StackId, same_place};
use crate::view::Viewport;

/// The modality whose studies hang beside their prior by themselves.
const COMPARED: &str = "CT";

impl Reading {
    /// Hangs a stack as it was shown last, else from its first image.
    pub(super) fn hang(&mut self, viewport: usize, id: &StackId) {
        let Some(stack) = self.studies.stack(id) else { return };
        let remembered = self.remembered.get(id);
        let presentation = remembered.map(|(p, _)| p.clone()).unwrap_or_default();
        let left_at = remembered.and_then(|(_, frame)| stack.refs.iter().position(|f| f == frame));
        let place = match left_at {
            Some(index) => Place {
                index,
                by_proportion: false,
            },
            None => self.first_place(viewport, stack),
        };
        let index = place.index;
        let wanted = stack.refs.get(index).cloned();
        let by_proportion = wanted.clone().filter(|_| place.by_proportion);
        self.take_down(viewport);
        self.kept.retain(|(_, tile)| *tile != viewport);
        if let Some(state) = self.view.viewports.get_mut(viewport) {
            *state = Viewport {
                stack: Some(id.clone()),
                index,
                wanted,
                by_proportion,
                presentation,
                heading: 1,
                moved: left_at.is_some(),
                ..Viewport::default()
            };
        }
    }

    /// Empties a tile; how its stack was shown is kept for when it hangs again.
    pub(super) fn take_down(&mut self, viewport: usize) {
        let Some(state) = self.view.viewports.get_mut(viewport) else {
            return;
        };
        let before = std::mem::take(state);
        if let (Some(id), Some(frame)) = (before.stack, before.wanted) {
            self.remembered.insert(id, (before.presentation, frame));
        }
    }

    /// Arranges the tiles; new ones take the stacks that hang nowhere yet.
    pub(super) fn set_grid(&mut self, grid: Grid) {
        self.take_charge();
        self.view.maximised = false;
        if self.view.active >= grid.tiles() {
            // What the reader looks at stays on the screen.
            self.view.viewports.swap(0, self.view.active);
            self.view.active = 0;
        }
        self.view.grid = grid;
        let hung = |reading: &Self, id: &StackId| {
            let tiles = reading.view.viewports.iter().take(grid.tiles());
            tiles.filter_map(Viewport::stack).any(|s| s == id)
        };
        let stacks = self.studies.open().iter().flat_map(|study| study.stacks());
        let stacks: Vec<StackId> = stacks.map(|stack| stack.id.clone()).collect();
        // What was promised a tile that has gone takes the first free one.
        for (study, tile) in std::mem::take(&mut self.kept) {
            let free = (0..grid.tiles()).find(|tile| self.is_free(*tile));
            let tile = if tile < grid.tiles() { Some(tile) } else { free };
            self.kept.extend(tile.map(|tile| (study, tile)));
        }
        for tile in 0..grid.tiles() {
            if self.is_free(tile)
                && let Some(id) = stacks.iter().find(|id| !hung(self, id))
            {
                self.hang(tile, id);
            }
        }
    }

    /// Hangs by itself what the reader has not arranged: the current study, and a CT's latest prior beside it.
    pub(super) fn arrange(&mut self, now_ms: u64) {
        if self.view.arranged {
            return;
        }
        let beside = self.studies.open().get(1).is_some();
        self.view.grid = if beside { Grid::new(1, 2) } else { Grid::ONE };
        let studies: Vec<StudyUid> = self.studies.open().iter().take(2).map(|s| s.uid.clone()).collect();
        for (tile, study) in studies.iter().enumerate() {
            self.hang_study(tile, study, now_ms);
        }
    }

    /// Hangs a study's main stack in a tile where nobody has looked yet.
    fn hang_study(&mut self, tile: usize, study: &StudyUid, now_ms: u64) {
        let main = self.studies.study(study).and_then(|s| s.main_stack());
        let Some(main) = main.map(|stack| stack.id.clone()) else {
            return;
        };
        let state = self.view.viewport(tile);
        if state.is_some_and(|v| v.is_fresh(now_ms) && v.stack.as_ref() != Some(&main)) {
            self.hang(tile, &main);
        }
    }

    /// From now on the reader arranges: nothing hangs by itself but what a tile was already promised to.
    pub(super) fn take_charge(&mut self) {
        if std::mem::replace(&mut self.view.arranged, true) {
            return;
        }
        let promised = self.studies.open().iter().take(2).enumerate();
        let promised = promised.filter(|(_, study)| study.main_stack().is_none());
        self.kept = promised.map(|(tile, study)| (study.uid.clone(), tile)).collect();
    }

    /// Keeps a tile for the study that was asked for beside the others: a free one, else a second one, else the one after the
    /// active one. A study that is on the screen already only becomes the active one.
    pub(super) fn keep_tile(&mut self, study: StudyUid) {
        if self.studies.study(&study).is_none() {
            return;
        }
        let shows = |tile: &&usize| {
            self.view
                .viewport(**tile)
                .and_then(Viewport::stack)
                .is_some_and(|s| s.study == study)
        };
        if let Some(tile) = self.view.shown().1.iter().find(shows) {
            self.view.active = *tile;
            return;
        }
        if self.view.grid == Grid::ONE {
            self.view.grid = Grid::new(1, 2);
            self.take_down(1);
        }
        self.view.maximised = false;
        let tiles = self.view.grid.tiles();
        let tile = (0..tiles)
            .find(|tile| self.is_free(*tile))
            .unwrap_or((self.view.active + 1) % tiles);
        self.take_down(tile);
        self.kept.retain(|(asked, kept)| *asked != study && *kept != tile);
        self.kept.push((study, tile));
    }

    /// Nothing hangs in a tile, and it is kept for nothing.
    fn is_free(&self, tile: usize) -> bool {
        self.view.viewport(tile).is_some_and(|v| v.stack.is_none()) && self.kept.iter().all(|(_, kept)| *kept != tile)
    }

    /// Hangs the studies for which tiles are kept, as soon as their images are known.
    pub(super) fn hang_kept(&mut self) {
        for (study, tile) in std::mem::take(&mut self.kept) {
            let main = self.studies.study(&study).and_then(|s| s.main_stack());
            match main.map(|stack| stack.id.clone()) {
                Some(main) => self.hang(tile, &main),
                None => self.kept.push((study, tile)),
            }
        }
    }

    /// Where a stack begins in a tile: at its first image; a prior where the current study's image lies.
    fn first_place(&self, tile: usize, to: &OpenStack) -> Place {
        let is_prior = self.studies.study(&to.id.study).is_some_and(|s| s.relation.is_some());
        let current = self.view.viewport(0).filter(|_| is_prior && tile > 0);
        let from = current.and_then(|v| Some((self.studies.stack(v.stack.as_ref()?)?, v.index)));
        match from {
            Some((from, index)) if from.id.study != to.id.study => same_place(from, index, to),
            _ => Place {
                index: 0,
                by_proportion: false,
            },
        }
    }

    /// The study that hangs beside a current CT: the latest earlier one of the same person with the same modality.
    pub(super) fn prior_to_hang(&self) -> Option<StudyUid> {
        let current = self.studies.current()?;
        if self.view.arranged || self.studies.open().len() > 1 || !current.has_modality(COMPARED) {
            return None;
        }
        let now = current.taken();
        let related = self.studies.related().iter();
        related
            .filter(|r| matches!(r.relation, SamePerson::Yes | SamePerson::OtherName))
            .filter(|r| r.listing.modalities.iter().any(|m| m == COMPARED))
            .map(|r| (Moment::new(&r.listing.date, &r.listing.time), r))
            .filter(|(taken, _)| taken.is_before(&now))
            .max_by(|(a, _), (b, _)| a.cmp(b))
            .map(|(_, r)| r.listing.study.clone())
    }

    /// Follows what is still being found: each tile keeps its image, wherever it stands in its stack now; where nobody has looked
    /// yet, the stack begins where it should.
    pub(super) fn follow_stacks(&mut self, study: &StudyUid, now_ms: u64) {
        for tile in 0..self.view.viewports.len() {
            let Some(state) = self.view.viewport(tile) else {
                continue;
            };
            if state.stack.as_ref().is_none_or(|id| id.study != *study) {
                continue;
            }
            let Some((stack, place)) = state.wanted.as_ref().and_then(|f| self.studies.place(f)) else {
                continue;
            };
            let anew = state.is_fresh(now_ms).then(|| self.first_place(tile, stack));
            let index = anew.map_or(place, |anew| anew.index);
            let (id, wanted) = (stack.id.clone(), stack.refs.get(index).cloned());
            let by_proportion = match anew {
                Some(anew) => wanted.clone().filter(|_| anew.by_proportion),
                None => state.by_proportion.clone(),
            };
            if let Some(state) = self.view.viewports.get_mut(tile) {
                state.stack = Some(id);
                state.index = index;
                state.wanted = wanted;
                state.by_proportion = by_proportion;
            }
        }
    }

    /// The next (1) or previous (−1) stack of the study in the active tile.
    pub(super) fn hang_by(&mut self, by: isize) {
        let active = self.view.active;
        let hung = self.view.viewport(active).and_then(Viewport::stack).cloned();
        let study = match &hung {
            Some(id) => self.studies.study(&id.study),
            None => self.studies.current(),
        };
        let Some(study) = study else { return };
        let stacks: Vec<StackId> = study.stacks().map(|s| s.id.clone()).collect();
        let next = match hung.and_then(|id| stacks.iter().position(|s| *s == id)) {
            Some(at) => at.checked_add_signed(by).and_then(|at| stacks.get(at)),
            None => stacks.first(),
        };
        if let Some(next) = next {
            self.take_charge();
            self.hang(active, next);
        }
    }

    /// Shows an image: in the tile where its stack hangs, else in the active one.
    pub(super) fn show_frame(&mut self, frame: &FrameRef) {
        let Some((id, place)) = self.studies.place(frame).map(|(s, place)| (s.id.clone(), place)) else {
            return;
        };
        let (_, shown) = self.view.shown();
        let hangs = |tile: &&usize| self.view.viewport(**tile).and_then(Viewport::stack) == Some(&id);
        let tile = match shown.iter().find(hangs) {
            Some(tile) => *tile,
            None => {
                self.take_charge();
                self.hang(self.view.active, &id);
                self.view.active
            }
        };
        self.view.active = tile;
        if let Some(state) = self.view.viewports.get_mut(tile) {
            state.moved = true;
            state.cine = None;
        }
        self.go_to(tile, place);
    }

    /// Plays the active tile, or stops it.
    pub(super) fn toggle_cine(&mut self, now_ms: u64) {
        let studies = &self.studies;
        let Some(state) = self.view.active_mut() else { return };
        if state.cine.take().is_some() {
            return;
        }
        let Some(stack) = state.stack.as_ref().and_then(|id| studies.stack(id)) else {
            return;
        };
        if stack.refs.len() < 2 {
            return;
        }
        let timing = stack
            .frames
            .get(state.index)
            .and_then(|(instance, _)| instance.cine.as_ref());
        state.cine = Some(Playing::begin(timing, stack.refs.len(), state.index, now_ms));
        state.moved = true;
        state.heading = 1;
    }
}
