//! The reading as a whole: the one place where commands and events change it.

use std::collections::{BTreeMap, HashMap};

use pixels::pseudo_colour::ColourMap;
use study::{FrameRef, FrameWants, StudyUid};

use crate::actions::Action;
use crate::diagnosis;
use crate::document::{Document, History, MarkId};
use crate::glass::{Glass, Ledger};
use crate::intended_use;
use crate::presets::{self, WindowRow};
use crate::settings::Settings;
use crate::studies::{Progress, StackId, Studies};
use crate::tool::Gesture;
use crate::view::{Presentation, View, Viewport};
use crate::worklist::{SourceId, Worklist};
use crate::{Command, Effect, Frames, Heard, OverlayRow, Trouble, Verification};

mod apply;
mod describe;
mod hang;
mod hear;
mod list;
mod open;
mod pointer;
mod settle;
mod states;

/// Which of the window's places is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The list of studies.
    #[default]
    Worklist,
    /// The images.
    Reading,
}

/// A sentence that stands above the images until it is dismissed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What happened, to what, what to do.
    pub trouble: Trouble,
}

/// A question that must be answered before something is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question, in one sentence.
    pub sentence: String,
    /// What the button says that does it: "Close and lose 2 marks".
    pub yes: String,
    /// What the button says that does not: "Stay".
    pub no: String,
}

/// What waits for the answer to a question.
#[derive(Clone, Debug, PartialEq)]
enum Pending {
    Close,
    CloseOne(StudyUid),
    Open { source: SourceId, study: StudyUid },
    Quit,
}

/// Why a search was sent.
#[derive(Clone, Debug, PartialEq)]
enum Purpose {
    /// To fill the worklist; `more` adds to it.
    Rows { more: bool },
    /// To find other studies of the patient of this one.
    Priors(StudyUid),
}

/// The application without a screen.
#[derive(Debug, Default)]
pub struct Reading {
    settings: Settings,
    place: Place,
    worklist: Worklist,
    studies: Studies,
    view: View,
    history: History,
    selected: Option<MarkId>,
    images_only: bool,
    notice: Option<Notice>,
    question: Option<(Question, Pending)>,
    verification: Verification,
    remote_session: Option<String>,

    gesture: Option<Gesture>,
    ledger: Ledger,
    refusals: HashMap<FrameRef, Trouble>,
    /// How stacks were shown that hang no longer, for when they hang again.
    remembered: BTreeMap<StackId, (Presentation, FrameRef)>,

    /// Studies whose images are not known yet, and the tiles that are kept for them.
    kept: Vec<(StudyUid, usize)>,

    /// The number of the last search.
    request: u64,
    requests: BTreeMap<u64, Purpose>,
    /// When a search that follows typing is due, ms.
    search_due: Option<u64>,
    /// The next files that are added are opened.
    opens_files: bool,
    /// The first study of this source is opened when it is listed.
    opens_first_of: Option<SourceId>,

    wants: FrameWants,
    /// What the wants were gathered for.
    gathered: Option<settle::Signature>,
    /// Grows when a study gains or loses frames.
    stacks_revision: u64,
}

impl Reading {
    /// Begins with these settings and nothing open.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// Applies one command; the effects are to be carried out in their order. `now_ms` counts from any fixed moment.
    pub fn apply(&mut self, command: Command, frames: &dyn Frames, now_ms: u64) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.restack_all(now_ms, &mut effects);
        self.dispatch(command, now_ms, &mut effects);
        self.settle(frames, now_ms, &mut effects);
        effects
    }

    /// Takes in one event. Instances that come one by one are collected, and sorted in with the next command or tick.
    pub fn hear(&mut self, heard: Heard, frames: &dyn Frames, now_ms: u64) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.take_in(heard, now_ms, &mut effects);
        self.settle(frames, now_ms, &mut effects);
        effects
    }

    /// Lets time pass: playing, waiting, a search that follows typing. Call it once before each drawing.
    pub fn tick(&mut self, frames: &dyn Frames, now_ms: u64) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.restack_all(now_ms, &mut effects);
        if self.search_due.is_some_and(|due| now_ms >= due) {
            self.search(false, &mut effects);
        }
        self.play(frames, now_ms);
        self.settle(frames, now_ms, &mut effects);
        effects
    }

    /// How often stacks were made anew.
    #[cfg(test)]
    pub(crate) fn restacks(&self) -> u64 {
        self.stacks_revision
    }

    /// The latest wants.
    pub fn wants(&self) -> &FrameWants {
        &self.wants
    }
    /// Which place is shown.
    pub fn place(&self) -> Place {
        self.place
    }
    /// The worklist.
    pub fn worklist(&self) -> &Worklist {
        &self.worklist
    }
    /// The open studies.
    pub fn studies(&self) -> &Studies {
        &self.studies
    }
    /// Layout, tiles and tool.
    pub fn view(&self) -> &View {
        &self.view
    }
    /// The marks.
    pub fn document(&self) -> &Document {
        self.history.now()
    }
    /// The settings in use.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
    /// Everything but the images is hidden.
    pub fn images_only(&self) -> bool {
        self.images_only
    }
    /// The selected mark.
    pub fn selected_mark(&self) -> Option<MarkId> {
        self.selected
    }
    /// A button is held on an image: descriptive words may fade meanwhile.
    pub fn dragging(&self) -> bool {
        self.gesture.as_ref().is_some_and(|g| !matches!(g, Gesture::Idle))
    }
    /// Why "NOT FOR DIAGNOSIS" stands across the window, each reason in one sentence; empty where nothing is wrong.
    pub fn reasons_against(&self) -> Vec<String> {
        self.remote_session
            .iter()
            .map(|session| diagnosis::remote(session))
            .collect()
    }
    /// Whether the statement of intended use of this version is still to be read.
    pub fn intended_use_due(&self) -> bool {
        intended_use::is_due(&self.settings)
    }
    /// Whether what draws the images was found to draw them exactly.
    pub fn verification(&self) -> &Verification {
        &self.verification
    }
    /// A sentence to be shown.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }
    /// A question to be answered.
    pub fn question(&self) -> Option<&Question> {
        self.question.as_ref().map(|(question, _)| question)
    }
    /// Whether a mark can be taken back, and whether one can be made again.
    pub fn can_undo_redo(&self) -> (bool, bool) {
        (self.history.can_undo(), self.history.can_redo())
    }

    /// How far all open studies together have come.
    pub fn progress(&self) -> Progress {
        let open = self.studies.open();
        open.iter().fold(
            Progress {
                finished: !open.is_empty(),
                ..Progress::default()
            },
            |sum, study| Progress {
                stored: sum.stored + study.progress.stored,
                of: sum.of + study.progress.of,
                bytes: sum.bytes + study.progress.bytes,
                finished: sum.finished && study.progress.finished,
            },
        )
    }

    /// The windows that the active tile's image can be shown with; empty for colour and where nothing is shown.
    pub fn windows(&self) -> Vec<WindowRow> {
        let Some(viewport) = self.view.viewport(self.view.active) else {
            return Vec::new();
        };
        let Some(glass) = &viewport.glass else {
            return Vec::new();
        };
        if glass.frame.decoded.colour_space().is_some() {
            return Vec::new();
        }
        let instance = &glass.frame.instance;
        let own = instance.frame_geometry(glass.frame.index).map_or(&[][..], |g| &g.voi);
        let state = viewport
            .presentation
            .state
            .as_ref()
            .filter(|_| glass.on_state.is_some());
        let mut rows = presets::rows(&instance.text.modality, own, &viewport.presentation.window);
        if let (Some(first), Some(_)) = (rows.first_mut(), state) {
            first.name = "as the presentation state says".to_owned();
        }
        rows
    }

    /// The overlays of the active tile's image, and whether they are drawn.
    pub fn overlays(&self) -> Vec<OverlayRow> {
        self.on_active_glass().map_or_else(Vec::new, |(viewport, glass)| {
            viewport.presentation.over.rows(&glass.frame.instance)
        })
    }

    /// Whether the active tile's image has a shutter, and whether it is laid.
    pub fn shutter(&self) -> Option<bool> {
        let (viewport, glass) = self.on_active_glass()?;
        let own = || glass.frame.instance.wishes.shutter(glass.frame.index);
        match &glass.on_state {
            Some(on) => on.shutter.as_ref()?,
            None => own()?,
        };
        Some(!viewport.presentation.over.shutter_lifted)
    }

    /// The colours of the active tile's grey image, grey among them, and whether each is shown; empty for colour images.
    pub fn colours(&self) -> Vec<(Option<ColourMap>, bool)> {
        let Some((viewport, glass)) = self.on_active_glass() else {
            return Vec::new();
        };
        if glass.frame.decoded.colour_space().is_some() {
            return Vec::new();
        }
        let all = [None].into_iter().chain(ColourMap::ALL.map(Some));
        all.map(|map| (map, map == viewport.presentation.colours)).collect()
    }

    fn on_active_glass(&self) -> Option<(&Viewport, &Glass)> {
        let viewport = self.view.viewport(self.view.active)?;
        Some((viewport, viewport.glass.as_ref()?))
    }

    /// Whether an action can do something now; what cannot is left out of menus or shown faint.
    pub fn enabled(&self, action: &Action) -> bool {
        let viewport = self.view.viewport(self.view.active);
        let hangs = viewport.is_some_and(|v| v.stack.is_some());
        let several = viewport
            .and_then(|v| self.studies.stack(v.stack.as_ref()?))
            .is_some_and(|stack| stack.refs.len() > 1);
        match action.id {
            "undo" => self.history.can_undo(),
            "redo" => self.history.can_redo(),
            "mark.delete" => self.selected.is_some(),
            "worklist.back" | "study.close" => self.studies.current().is_some(),
            "worklist.open" => self.worklist.selected().is_some(),
            "worklist.more" => self.worklist.more(),
            "worklist.search" | "worklist.clear" => self.worklist.source().is_some(),
            "helpdesk" => !self.sentences().is_empty(),
            "cine" => several,
            "overlays" => !self.overlays().is_empty(),
            "shutter" => self.shutter().is_some(),
            "colours" => !self.colours().is_empty(),
            "state.next" => self.has_states(),
            "state.none" => viewport.is_some_and(|v| v.presentation.state.is_some()),
            id if id.starts_with("image.") => several,
            id if id.starts_with("window.") || id.starts_with("rotate.") || id.starts_with("flip.") => hangs,
            "invert" | "fit" | "one_to_one" | "zoom.in" | "zoom.out" | "reset" => hangs,
            _ => action.scope.counts_in(self.place),
        }
    }

    /// Every failure sentence that is on the screen.
    fn sentences(&self) -> Vec<&Trouble> {
        let (_, shown) = self.view.shown();
        let of_tiles = shown.into_iter().filter_map(|index| {
            let wanted = self.view.viewport(index)?.wanted.as_ref()?;
            self.refusals.get(wanted)
        });
        self.notice
            .iter()
            .map(|notice| &notice.trouble)
            .chain(self.worklist.failed())
            .chain(self.studies.open().iter().filter_map(|s| s.trouble.as_ref()))
            .chain(of_tiles)
            .collect()
    }
}
