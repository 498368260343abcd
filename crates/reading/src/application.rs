//! The reading as a whole: the one place where commands and events change it.

use study::FrameWants;

use crate::document::{Document, History, MarkId};
use crate::header::Header;
use crate::presets::WindowRow;
use crate::settings::Settings;
use crate::studies::Studies;
use crate::tile::{Corners, Tile, TileState};
use crate::view::View;
use crate::worklist::Worklist;
use crate::{Command, Effect, Frames, Heard, Trouble};

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
    question: Option<Question>,
    wants: FrameWants,
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
        let _ = (command, frames, now_ms);
        Vec::new()
    }

    /// Takes in one event.
    pub fn hear(&mut self, heard: Heard, frames: &dyn Frames, now_ms: u64) -> Vec<Effect> {
        let _ = (heard, frames, now_ms);
        Vec::new()
    }

    /// Lets time pass: playing, waiting, a search that follows typing. Call it once before each drawing.
    pub fn tick(&mut self, frames: &dyn Frames, now_ms: u64) -> Vec<Effect> {
        let _ = (frames, now_ms);
        Vec::new()
    }

    /// In how many milliseconds `tick` will have something to do; `None` when only commands and events change anything.
    pub fn next_tick_ms(&self, now_ms: u64) -> Option<u64> {
        let _ = now_ms;
        None
    }

    /// Describes a tile of `size_px` physical pixels at `scale` pixels per point; `pointer` is the pointer in the tile, physical
    /// pixels.
    pub fn tile(
        &self,
        viewport: usize,
        size_px: (u32, u32),
        scale: f64,
        pointer: Option<space::ViewportPoint>,
        now_ms: u64,
    ) -> Tile {
        let _ = (size_px, scale, pointer, now_ms);
        Tile {
            viewport,
            active: viewport == self.view.active(),
            state: TileState::Empty,
            picture: None,
            corners: Corners::default(),
            letters: None,
            scale_bar: None,
            marks: Vec::new(),
            track: None,
            identity_removed: false,
        }
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
    /// Whose images are shown.
    pub fn header(&self) -> Header {
        Header::default()
    }
    /// Everything but the images is hidden.
    pub fn images_only(&self) -> bool {
        self.images_only
    }
    /// The selected mark.
    pub fn selected_mark(&self) -> Option<MarkId> {
        self.selected
    }
    /// A sentence to be shown.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }
    /// A question to be answered.
    pub fn question(&self) -> Option<&Question> {
        self.question.as_ref()
    }
    /// The windows that the active tile's image can be shown with.
    pub fn windows(&self) -> Vec<WindowRow> {
        Vec::new()
    }
    /// Whether a mark can be taken back, and whether one can be made again.
    pub fn can_undo_redo(&self) -> (bool, bool) {
        (self.history.can_undo(), self.history.can_redo())
    }
    /// Whether an action can do something now; what cannot is shown faint in menus.
    pub fn enabled(&self, action: &crate::actions::Action) -> bool {
        let _ = action;
        true
    }
}
