//! How studies hang and are shown: reset, never undone.

use space::Turn;

use crate::layout::Grid;
use crate::presets::WindowChoice;
use crate::studies::StackId;
use crate::tool::Tool;

/// How large an image is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Zoom {
    /// So many times as large as it fits; 1 is fit.
    OfFit(f64),
    /// So many physical screen pixels per image column, whatever the tile's size.
    Exact(f64),
}

/// How an image lies on its tile, independent of the tile's size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lie {
    /// How large.
    pub zoom: Zoom,
    /// Which point of the image stands in the tile's middle: parts of its columns and rows, (0.5, 0.5) is its own middle.
    pub middle: (f64, f64),
    /// Turned after flipping.
    pub turn: Turn,
    /// Mirrored left to right before turning.
    pub flipped: bool,
}

impl Default for Lie {
    fn default() -> Self {
        Self {
            zoom: Zoom::OfFit(1.0),
            middle: (0.5, 0.5),
            turn: Turn::None,
            flipped: false,
        }
    }
}

/// How a stack is shown in a tile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Presentation {
    /// Zoom, pan, turn and flip.
    pub lie: Lie,
    /// Which values of interest.
    pub window: WindowChoice,
    /// Grey is inverted by the reader.
    pub inverted: bool,
}

/// One tile's state.
#[derive(Clone, Debug, Default)]
pub struct Viewport {
    pub(crate) stack: Option<StackId>,
    pub(crate) index: usize,
    pub(crate) presentation: Presentation,
    pub(crate) playing: bool,
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
        self.playing
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
}

impl Default for View {
    fn default() -> Self {
        Self {
            grid: Grid::ONE,
            maximised: false,
            active: 0,
            tool: Tool::default(),
            viewports: vec![Viewport::default(); (Grid::MOST as usize).pow(2)],
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
}
