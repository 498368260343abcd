//! Everything that the reader can ask for, grouped by concern.

use std::path::PathBuf;

use pixels::pseudo_colour::ColourMap;
use space::ViewportPoint;
use study::{InstanceUid, StudyUid};

use crate::document::MarkId;
use crate::keys::Modifiers;
use crate::layout::Grid;
use crate::presets::WindowChoice;
use crate::settings::{Interpolation, Settings};
use crate::studies::StackId;
use crate::tool::Tool;
use crate::worklist::{Column, Filter, SourceId};

/// One thing that the reader asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// About the program as a whole.
    App(AppCommand),
    /// About the worklist.
    Worklist(WorklistCommand),
    /// About open studies and what hangs where.
    Study(StudyCommand),
    /// About the tiles' arrangement.
    Layout(LayoutCommand),
    /// About how the active tile shows its image; reset, never undone.
    View(ViewCommand),
    /// About marks; undoable.
    Annotate(AnnotateCommand),
    /// Pointer and wheel on a tile.
    Pointer(Pointer),
}

/// About the program as a whole.
#[derive(Clone, Debug, PartialEq)]
pub enum AppCommand {
    /// Back to the worklist; the open study stays open.
    ShowWorklist,
    /// Back to the open study.
    ShowReading,
    /// `Esc`, where the window has no page of its own to close: takes back a gesture, else a question, the statement of
    /// intended use, a selection, images-only,
    /// the maximised tile, else goes to the worklist.
    Escape,
    /// Full screen on or off.
    ToggleFullScreen,
    /// Studies and series on the left on or off.
    ToggleLeftPanel,
    /// Marks on the right on or off.
    ToggleRightPanel,
    /// Hides everything but the images, or shows it again.
    ToggleImagesOnly,
    /// Asks for files.
    ChooseFiles,
    /// Asks for a folder.
    ChooseFolder,
    /// Opens files, folders, a DICOMDIR or a zip.
    OpenPaths(Vec<PathBuf>),
    /// Shows every key.
    ShowKeySheet,
    /// Shows what this program is.
    ShowAbout,
    /// Shows the statement of intended use.
    ShowIntendedUse,
    /// The statement of intended use has been read; it does not come again by itself in this version.
    IntendedUseRead,
    /// Shows the settings.
    ShowSettings,
    /// Shows "Add a PACS…".
    ShowAddPacs,
    /// Copies the path of the log.
    CopyLogPath,
    /// Copies the failure sentence that is on the screen, with its reference.
    CopyForHelpdesk,
    /// Takes these settings and saves them.
    ChangeSettings(Box<Settings>),
    /// Answers the question that is open.
    Answer {
        /// Do what was asked for.
        yes: bool,
    },
    /// Takes the notice away.
    DismissNotice,
    /// Closes the window.
    Quit,
}

/// About the worklist.
#[derive(Clone, Debug, PartialEq)]
pub enum WorklistCommand {
    /// Shows another source.
    SelectSource(SourceId),
    /// Changes the filter; the search follows when typing pauses.
    SetFilter(Box<Filter>),
    /// Empties the filter and searches.
    ClearFilter,
    /// Searches now.
    Search,
    /// Asks for the rows after those that are shown.
    More,
    /// Sorts by a column; again: the other way round.
    SortBy(Column),
    /// Selects a row.
    Select {
        /// Where the study is.
        source: SourceId,
        /// Which one.
        study: StudyUid,
    },
    /// Selects the row `by` places further down (negative: up).
    SelectBy(i32),
    /// Opens the selected row.
    OpenSelected,
    /// Puts the keyboard into the search line.
    FocusSearch,
}

/// About open studies and what hangs where.
#[derive(Clone, Debug, PartialEq)]
pub enum StudyCommand {
    /// Opens a study in place of the open ones.
    Open {
        /// Where it is.
        source: SourceId,
        /// Which one.
        study: StudyUid,
    },
    /// Opens another study of the same patient beside the current one; one whose identity contradicts shows both identities.
    OpenPrior(StudyUid),
    /// Closes every open study and goes to the worklist.
    Close,
    /// Closes one study; with the current one, all.
    CloseStudy(StudyUid),
    /// Tries again what failed of a study.
    Retry(StudyUid),
    /// "Same person": the object's identity and the worklist's belong together.
    ConfirmSamePerson(StudyUid),
    /// Hangs a stack in a tile.
    Hang {
        /// Which tile.
        viewport: usize,
        /// Which stack.
        stack: StackId,
    },
    /// Hangs the next series of the same study in the active tile.
    NextSeries,
    /// Hangs the previous series of the same study in the active tile.
    PreviousSeries,
}

/// About the tiles' arrangement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutCommand {
    /// Arranges the tiles in rows and columns.
    SetGrid(Grid),
    /// Makes a tile the active one.
    Activate(usize),
    /// Makes the next tile the active one.
    NextViewport,
    /// Makes the previous tile the active one.
    PreviousViewport,
    /// Shows the active tile alone, or all again.
    ToggleMaximised,
    /// Empties a tile.
    Clear(usize),
}

/// How far to scroll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// By so many images; stops at the ends.
    By(i32),
    /// To the first image.
    First,
    /// To the last image.
    Last,
    /// To an image, from 0.
    To(usize),
}

/// About how the active tile shows its image.
#[derive(Clone, Debug, PartialEq)]
pub enum ViewCommand {
    /// Scrolls the active tile.
    Scroll(Step),
    /// Scrolls a tile by its slider.
    ScrollTile {
        /// Which tile.
        viewport: usize,
        /// Where to.
        step: Step,
    },
    /// The window preset of a number key: 0 is the file's own default.
    Preset(u8),
    /// Chooses a window.
    Window(WindowChoice),
    /// Zooms about the tile's middle.
    ZoomBy(f64),
    /// Shows the whole image in the middle.
    Fit,
    /// One image pixel per physical screen pixel.
    OneToOne,
    /// Inverts grey.
    Invert,
    /// Shows grey in colours, or as grey.
    Colours(Option<ColourMap>),
    /// The next of grey and the colours.
    NextColours,
    /// Draws an overlay, by its group, or does not.
    ToggleOverlay(u16),
    /// Draws every overlay, or none where one is drawn.
    ToggleOverlays,
    /// Lifts the shutter, or lays it again.
    ToggleShutter,
    /// Turns by a quarter, clockwise.
    RotateRight,
    /// Turns by a quarter, anticlockwise.
    RotateLeft,
    /// Mirrors left to right, as seen.
    FlipHorizontal,
    /// Mirrors top to bottom, as seen.
    FlipVertical,
    /// Window, zoom, pan, turn, flip and inversion as they were when the series was hung, without a presentation state.
    Reset,
    /// Shows the images by a presentation state, or as themselves.
    ShowState(Option<InstanceUid>),
    /// Shows the images by the next presentation state in the list; after the last one as themselves.
    NextState,
    /// Plays or stops.
    ToggleCine,
    /// Overlay text: full → short → none → full.
    CycleOverlay,
    /// What the left button does.
    SetTool(Tool),
    /// How values between pixels are found.
    SetInterpolation(Interpolation),
}

/// About marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnnotateCommand {
    /// Takes the last change of marks back.
    Undo,
    /// Makes it again.
    Redo,
    /// Deletes the selected mark.
    DeleteSelected,
    /// Selects a mark and shows its image, or selects none.
    Select(Option<MarkId>),
}

/// A tile as it stands on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Canvas {
    /// Which tile.
    pub viewport: usize,
    /// Its width and height, physical pixels.
    pub size_px: (u32, u32),
    /// Physical pixels per point.
    pub scale: f64,
}

/// A button of the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PointerButton {
    /// The left one.
    Primary,
    /// The wheel.
    Middle,
    /// The right one.
    Secondary,
}

/// Pointer and wheel on a tile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pointer {
    /// A button goes down.
    Pressed {
        /// On which tile.
        canvas: Canvas,
        /// Where, physical pixels of the tile.
        at: ViewportPoint,
        /// Which button.
        button: PointerButton,
        /// With which keys held.
        modifiers: Modifiers,
    },
    /// The pointer moves while a button is down; may leave the tile.
    Dragged {
        /// Where, physical pixels of the tile in which the button went down.
        at: ViewportPoint,
    },
    /// The button goes up.
    Released,
    /// The gesture ends without effect (`Esc`, the window lost the keyboard).
    Cancelled,
    /// Two clicks on a tile.
    DoubleClicked {
        /// On which tile.
        canvas: Canvas,
    },
    /// The wheel turns, or fingers move on a touchpad; downwards is positive.
    Wheel {
        /// On which tile.
        canvas: Canvas,
        /// Where, physical pixels of the tile.
        at: ViewportPoint,
        /// How far.
        turn: WheelTurn,
        /// With which keys held: Ctrl zooms.
        modifiers: Modifiers,
    },
    /// Two fingers move apart (factor > 1) or together.
    Pinched {
        /// On which tile.
        canvas: Canvas,
        /// Where, physical pixels of the tile.
        at: ViewportPoint,
        /// How much larger.
        factor: f64,
    },
}

/// How far a wheel turned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WheelTurn {
    /// By notches: one image each.
    Notches(f64),
    /// By a distance, points: images by accumulated distance.
    Points(f64),
}
