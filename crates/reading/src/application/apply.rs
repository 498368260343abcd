//! What each command does.

use std::sync::Arc;

use pixels::pseudo_colour::ColourMap;
use study::Instance;

use super::{Pending, Place, Reading};
use crate::intended_use;
use crate::layout::Grid;
use crate::over::Over;
use crate::presets::{self, WindowChoice};
use crate::settings::Settings;
use crate::view::{Presentation, Zoom};
use crate::{AnnotateCommand, AppCommand, Command, Effect, LayoutCommand, Page, Step, Trouble, ViewCommand};

impl Reading {
    pub(super) fn dispatch(&mut self, command: Command, now_ms: u64, effects: &mut Vec<Effect>) {
        if matches!(command, Command::App(AppCommand::Escape)) && self.dragging() {
            self.cancel_gesture();
            return;
        }
        if !matches!(command, Command::Pointer(_)) {
            // A key in the middle of a drag ends the drag where it is.
            self.end_gesture();
        }
        match command {
            Command::App(command) => self.app(command, now_ms, effects),
            Command::Worklist(command) => self.list(command, now_ms, effects),
            Command::Study(command) => self.study(command, now_ms, effects),
            Command::Layout(command) => self.lay_out(command),
            Command::View(command) => self.view_command(command, now_ms, effects),
            Command::Annotate(command) => self.annotate(command),
            Command::Pointer(pointer) => self.pointer(pointer),
        }
    }

    fn app(&mut self, command: AppCommand, now_ms: u64, effects: &mut Vec<Effect>) {
        match command {
            AppCommand::ShowWorklist => self.place = Place::Worklist,
            AppCommand::ShowReading => {
                if self.studies.current().is_some() {
                    self.place = Place::Reading;
                }
            }
            AppCommand::Escape => self.escape(effects),
            AppCommand::ToggleFullScreen => effects.push(Effect::ToggleFullScreen),
            AppCommand::ToggleLeftPanel => self.change_settings(effects, |s| s.left_panel = !s.left_panel),
            AppCommand::ToggleRightPanel => self.change_settings(effects, |s| s.right_panel = !s.right_panel),
            AppCommand::ToggleImagesOnly => self.images_only = !self.images_only,
            AppCommand::ChooseFiles => effects.push(Effect::ChooseFiles),
            AppCommand::ChooseFolder => effects.push(Effect::ChooseFolder),
            AppCommand::OpenPaths(paths) => {
                if !paths.is_empty() {
                    self.opens_files = true;
                    effects.push(Effect::AddFiles(paths));
                }
            }
            AppCommand::ShowKeySheet => effects.push(Effect::Show(Page::KeySheet)),
            AppCommand::ShowAbout => effects.push(Effect::Show(Page::About)),
            AppCommand::ShowIntendedUse => effects.push(Effect::Show(Page::IntendedUse)),
            AppCommand::IntendedUseRead => self.intended_use_read(effects),
            AppCommand::ShowSettings => effects.push(Effect::Show(Page::Settings)),
            AppCommand::ShowAddPacs => effects.push(Effect::Show(Page::AddPacs)),
            AppCommand::CopyLogPath => effects.push(Effect::CopyLogPath),
            AppCommand::CopyForHelpdesk => {
                let sentences: Vec<String> = self.sentences().into_iter().map(Trouble::for_helpdesk).collect();
                if !sentences.is_empty() {
                    effects.push(Effect::CopyText(sentences.join("\n")));
                }
            }
            AppCommand::ChangeSettings(settings) => self.change_settings(effects, |s| *s = *settings),
            AppCommand::Answer { yes } => self.answer(yes, now_ms, effects),
            AppCommand::DismissNotice => self.notice = None,
            AppCommand::Quit => {
                if self.may_lose_marks("Quit", Pending::Quit) {
                    effects.push(Effect::Quit);
                }
            }
        }
    }

    fn answer(&mut self, yes: bool, now_ms: u64, effects: &mut Vec<Effect>) {
        let Some((_, pending)) = self.question.take() else {
            return;
        };
        if !yes {
            return;
        }
        match pending {
            Pending::Close => self.close_all(effects),
            Pending::CloseOne(study) => self.close_one(&study, effects),
            Pending::Open { source, study } => {
                self.close_all(effects);
                self.open(source, study, now_ms, effects);
            }
            Pending::Quit => effects.push(Effect::Quit),
        }
    }

    fn intended_use_read(&mut self, effects: &mut Vec<Effect>) {
        if self.intended_use_due() {
            effects.push(Effect::IntendedUseRead);
            self.change_settings(effects, |s| s.intended_use_read = intended_use::VERSION.to_owned());
        }
    }

    fn escape(&mut self, effects: &mut Vec<Effect>) {
        if self.question.take().is_some() {
            return;
        }
        if self.intended_use_due() {
            self.intended_use_read(effects);
            return;
        }
        if self.selected.take().is_some() {
            return;
        }
        if std::mem::take(&mut self.images_only) || std::mem::take(&mut self.view.maximised) {
            return;
        }
        self.place = Place::Worklist;
    }

    pub(super) fn change_settings(&mut self, effects: &mut Vec<Effect>, change: impl FnOnce(&mut Settings)) {
        let before = self.settings.clone();
        change(&mut self.settings);
        self.settings.chrome_brightness = self.settings.chrome_brightness.clamp(50, 100);
        if self.settings != before {
            effects.push(Effect::SaveSettings(Box::new(self.settings.clone())));
        }
    }

    pub(super) fn lay_out(&mut self, command: LayoutCommand) {
        match command {
            LayoutCommand::SetGrid(grid) => self.set_grid(grid),
            LayoutCommand::Activate(index) => {
                if self.view.shown().1.contains(&index) {
                    self.view.active = index;
                }
            }
            LayoutCommand::NextViewport => self.activate_by(1),
            LayoutCommand::PreviousViewport => self.activate_by(-1),
            LayoutCommand::ToggleMaximised => {
                self.view.maximised = !self.view.maximised && self.view.grid != Grid::ONE;
            }
            LayoutCommand::Clear(index) => {
                self.take_charge();
                self.take_down(index);
                self.kept.retain(|(_, tile)| *tile != index);
            }
        }
    }

    fn activate_by(&mut self, by: isize) {
        let tiles = self.view.grid.tiles() as isize;
        self.view.active = (self.view.active as isize + by).rem_euclid(tiles) as usize;
    }

    fn view_command(&mut self, command: ViewCommand, now_ms: u64, effects: &mut Vec<Effect>) {
        let active = self.view.active;
        match command {
            ViewCommand::Scroll(step) => self.scroll(active, step),
            ViewCommand::ScrollTile { viewport, step } => self.scroll(viewport, step),
            ViewCommand::Preset(key) => {
                if let Some(choice) = self.window_of_key(key) {
                    self.present(|p| p.window = choice);
                }
            }
            ViewCommand::Window(choice) => self.present(|p| p.window = choice),
            ViewCommand::ZoomBy(factor) => self.present(|p| {
                // About the tile's middle, which stays where it is.
                let times = match p.lie.zoom {
                    Zoom::OfFit(times) => Zoom::OfFit((times * factor).clamp(0.1, 100.0)),
                    Zoom::Exact(px) => Zoom::Exact((px * factor).clamp(0.01, 64.0)),
                    Zoom::Area(columns, rows) => {
                        let part = |extent: f64| (extent / factor).clamp(0.5, 1e6);
                        Zoom::Area(part(columns), part(rows))
                    }
                };
                if factor.is_finite() && factor > 0.0 {
                    p.lie.zoom = times;
                }
            }),
            ViewCommand::Fit => self.present(|p| p.lie.fit()),
            ViewCommand::OneToOne => self.present(|p| p.lie.zoom = Zoom::Exact(1.0)),
            ViewCommand::Invert => self.present(|p| p.inverted = !p.inverted),
            ViewCommand::Colours(chosen) => self.present(|p| p.colours = chosen),
            ViewCommand::NextColours => self.present(|p| p.colours = next_colours(p.colours)),
            ViewCommand::ToggleOverlay(group) => self.over(|over, instance| over.toggle(group, instance)),
            ViewCommand::ToggleOverlays => self.over(Over::toggle_all),
            ViewCommand::ToggleShutter => self.over(|over, _| over.shutter_lifted = !over.shutter_lifted),
            ViewCommand::RotateRight => self.present(|p| p.lie.turn_by(1)),
            ViewCommand::RotateLeft => self.present(|p| p.lie.turn_by(3)),
            ViewCommand::FlipHorizontal => self.present(|p| p.lie.flip_horizontal()),
            ViewCommand::FlipVertical => self.present(|p| p.lie.flip_vertical()),
            ViewCommand::Reset => self.present(|p| *p = Presentation::default()),
            ViewCommand::ShowState(state) => self.show_state(state.as_ref()),
            ViewCommand::NextState => self.next_state(),
            ViewCommand::ToggleCine => self.toggle_cine(now_ms),
            ViewCommand::CycleOverlay => self.change_settings(effects, |s| s.overlay = s.overlay.next()),
            ViewCommand::SetTool(tool) => self.view.tool = tool,
            ViewCommand::SetInterpolation(chosen) => self.change_settings(effects, |s| s.interpolation = chosen),
        }
    }

    /// Changes how the active tile shows its stack; nothing where none hangs.
    pub(super) fn present(&mut self, change: impl FnOnce(&mut Presentation)) {
        if let Some(viewport) = self.view.active_mut().filter(|v| v.stack.is_some()) {
            viewport.moved = true;
            change(&mut viewport.presentation);
        }
    }

    /// Changes what is seen of what lies over the image on the active tile.
    fn over(&mut self, change: impl FnOnce(&mut Over, &Instance)) {
        let glass = self.view.viewport(self.view.active).and_then(|v| v.glass.as_ref());
        if let Some(frame) = glass.map(|glass| Arc::clone(&glass.frame)) {
            self.present(|p| change(&mut p.over, &frame.instance));
        }
    }

    fn window_of_key(&self, key: u8) -> Option<WindowChoice> {
        let viewport = self.view.viewport(self.view.active)?;
        let stack = self.studies.stack(viewport.stack.as_ref()?)?;
        // The frame on the glass says which windows it has; before it came, its metadata does.
        let (instance, frame) = match &viewport.glass {
            Some(glass) => (&glass.frame.instance, glass.frame.index),
            None => stack.frames.get(viewport.index).map(|(i, frame)| (i, *frame))?,
        };
        let own = instance.frame_geometry(frame).map_or(&[][..], |g| &g.voi);
        presets::by_key(key, &instance.text.modality, own)
    }

    fn annotate(&mut self, command: AnnotateCommand) {
        match command {
            AnnotateCommand::Undo => {
                self.history.undo();
                self.drop_lost_selection();
            }
            AnnotateCommand::Redo => {
                self.history.redo();
                self.drop_lost_selection();
            }
            AnnotateCommand::DeleteSelected => {
                if let Some(id) = self.selected.take() {
                    self.history.step(|document| document.remove(id));
                }
            }
            AnnotateCommand::Select(None) => self.selected = None,
            AnnotateCommand::Select(Some(id)) => {
                let Some(frame) = self.history.now().mark(id).map(|mark| mark.frame.clone()) else {
                    return;
                };
                self.selected = Some(id);
                self.show_frame(&frame);
            }
        }
    }

    pub(super) fn drop_lost_selection(&mut self) {
        if let Some(id) = self.selected
            && self.history.now().mark(id).is_none()
        {
            self.selected = None;
        }
    }

    /// Scrolls a tile; playing stops.
    pub(super) fn scroll(&mut self, viewport: usize, step: Step) {
        let Some((count, at)) = self.count_and_index(viewport) else {
            return;
        };
        let last = count.saturating_sub(1);
        let to = match step {
            Step::By(by) => at.saturating_add_signed(by as isize).min(last),
            Step::First => 0,
            Step::Last => last,
            Step::To(to) => to.min(last),
        };
        if let Some(state) = self.view.viewports.get_mut(viewport) {
            state.cine = None;
            state.moved = true;
        }
        self.go_to(viewport, to);
    }

    /// How many images hang in a tile, and which is asked for.
    pub(super) fn count_and_index(&self, viewport: usize) -> Option<(usize, usize)> {
        let state = self.view.viewport(viewport)?;
        let stack = self.studies.stack(state.stack.as_ref()?)?;
        Some((stack.refs.len(), state.index))
    }

    /// Asks for an image of the stack that hangs in a tile.
    pub(super) fn go_to(&mut self, viewport: usize, index: usize) {
        let studies = &self.studies;
        let Some(state) = self.view.viewports.get_mut(viewport) else {
            return;
        };
        let Some(stack) = state.stack.as_ref().and_then(|id| studies.stack(id)) else {
            return;
        };
        let Some(frame) = stack.refs.get(index) else { return };
        if index != state.index {
            state.heading = if index > state.index { 1 } else { -1 };
            state.by_proportion = None;
        }
        state.index = index;
        state.wanted = Some(frame.clone());
    }
}

/// Grey, then each of the colours, then grey again.
fn next_colours(now: Option<ColourMap>) -> Option<ColourMap> {
    let mut all = ColourMap::ALL.into_iter();
    match now {
        None => all.next(),
        Some(now) => all.skip_while(|map| *map != now).nth(1),
    }
}
