//! How studies hang and are shown: reset, never undone.

use pixels::pseudo_colour::ColourMap;
use study::FrameRef;

use crate::cine::Playing;
use crate::glass::Glass;
use crate::layout::Grid;
use crate::over::Over;
use crate::presets::WindowChoice;
use crate::states::ChosenState;
use crate::studies::StackId;
use crate::tool::Tool;

mod lie;

pub(crate) use lie::Sheet;
pub use lie::{Lie, Zoom};

/// An image that has stood so long is being looked at, ms.
const FRESH_MS: u64 = 1000;

/// How a stack is shown in a tile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Presentation {
    /// Zoom, pan, turn and flip.
    pub lie: Lie,
    /// Which values of interest.
    pub window: WindowChoice,
    /// Grey is inverted by the reader.
    pub inverted: bool,
    /// The colours that grey is shown in; `None` for grey.
    pub colours: Option<ColourMap>,
    /// What of overlays and shutter is seen.
    pub over: Over,
    /// The presentation state that the images are shown by.
    pub state: Option<ChosenState>,
    /// How that state laid the image that is shown; what differs from it the reader did.
    pub(crate) laid: Option<Lie>,
}

/// One tile's state.
#[derive(Clone, Debug, Default)]
pub struct Viewport {
    pub(crate) stack: Option<StackId>,
    /// Where `wanted` stands in its stack.
    pub(crate) index: usize,
    /// The image that is asked for.
    pub(crate) wanted: Option<FrameRef>,
    /// The image that hangs here because it lies at the same part of its stack's length as another study's image does of its
    /// own; until the reader goes elsewhere.
    pub(crate) by_proportion: Option<FrameRef>,
    pub(crate) presentation: Presentation,
    /// The image that is shown.
    pub(crate) glass: Option<Glass>,
    /// Since when `wanted` is not the image that is shown, ms.
    pub(crate) waiting_since: Option<u64>,
    /// The way the reader scrolled last: 1 or −1.
    pub(crate) heading: i32,
    /// The reader has done something here: the position does not follow what is still being found.
    pub(crate) moved: bool,
    /// Since when any image of this stack is shown here, ms.
    pub(crate) shown_since: Option<u64>,
    pub(crate) cine: Option<Playing>,
    /// What a touchpad has moved since the last image, points or notches.
    pub(crate) wheel: f64,
}

impl Viewport {
    /// The stack that hangs here.
    pub fn stack(&self) -> Option<&StackId> {
        self.stack.as_ref()
    }
    /// The image that is asked for, from 0; the one on the glass is the tile's.
    pub fn index(&self) -> usize {
        self.index
    }
    /// How it is shown.
    pub fn presentation(&self) -> &Presentation {
        &self.presentation
    }
    /// It is playing.
    pub fn playing(&self) -> bool {
        self.cine.is_some()
    }
    /// Nobody has looked yet: nothing is shown, or only just, and the reader has done nothing here.
    pub(crate) fn is_fresh(&self, now_ms: u64) -> bool {
        let just_shown = |since: u64| now_ms.saturating_sub(since) < FRESH_MS;
        !self.moved && self.cine.is_none() && self.shown_since.is_none_or(just_shown)
    }
    /// The image that is shown is the one that was asked for.
    pub(crate) fn is_current(&self) -> bool {
        match (&self.glass, &self.wanted) {
            (Some(glass), Some(wanted)) => glass.frame_ref == *wanted,
            _ => false,
        }
    }
}

/// Layout, tiles and the active tool.
#[derive(Clone, Debug)]
pub struct View {
    pub(crate) grid: Grid,
    pub(crate) maximised: bool,
    pub(crate) active: usize,
    pub(crate) tool: Tool,
    pub(crate) viewports: Vec<Viewport>,
    /// The reader chose the arrangement; nothing is hung by itself any more.
    pub(crate) arranged: bool,
}

impl Default for View {
    fn default() -> Self {
        Self {
            grid: Grid::ONE,
            maximised: false,
            active: 0,
            tool: Tool::default(),
            viewports: vec![Viewport::default(); (Grid::MOST as usize).pow(2)],
            arranged: false,
        }
    }
}

impl View {
    /// The arrangement that was chosen.
    pub fn grid(&self) -> Grid {
        self.grid
    }
    /// Only the active tile is shown.
    pub fn maximised(&self) -> bool {
        self.maximised
    }
    /// The tiles to be drawn, row by row, by rows and columns: the whole grid, or the active tile alone.
    pub fn shown(&self) -> (Grid, Vec<usize>) {
        if self.maximised {
            (Grid::ONE, vec![self.active])
        } else {
            (self.grid, (0..self.grid.tiles()).collect())
        }
    }
    /// The tile that keys act on.
    pub fn active(&self) -> usize {
        self.active
    }
    /// What the left button does.
    pub fn tool(&self) -> Tool {
        self.tool
    }
    /// A tile's state.
    pub fn viewport(&self, index: usize) -> Option<&Viewport> {
        self.viewports.get(index)
    }
    /// The active tile's state.
    pub(crate) fn active_mut(&mut self) -> Option<&mut Viewport> {
        self.viewports.get_mut(self.active)
    }
    /// The shown tiles in order of the reader's attention: the active one first.
    pub(crate) fn by_attention(&self) -> Vec<usize> {
        let (_, mut shown) = self.shown();
        shown.sort_by_key(|index| *index != self.active);
        shown
    }
}
