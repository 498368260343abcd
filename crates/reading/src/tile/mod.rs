//! What one tile shows, described from the frame on the glass.

use std::sync::Arc;

use pixels::colour::{ColourSpace, Palette};
use pixels::cover::Layers;
use pixels::display::Parameters;
use pixels::picture::Interpolation;
use pixels::pseudo_colour::ColourMap;
use space::{ViewportFromImage, ViewportPoint};
use study::{DecodedFrame, FrameRef, PatientIdentity, StudyUid};

use crate::document::MarkId;
use crate::studies::{Arrival, Witness};
use crate::{Trouble, Verification};

mod annotations;
mod badge;
mod corners;
mod letters;
mod marks;
mod scale_bar;
mod value;

pub(crate) use annotations::drawings;
pub use annotations::{Drawing, DrawnText};
pub(crate) use badge::Facts;
pub(crate) use corners::Words;
pub(crate) use marks::shape;
pub(crate) use value::{pixel_at, value_words};

/// A tile, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Tile {
    /// Which tile.
    pub viewport: usize,
    /// Keys act on it.
    pub active: bool,
    /// What its face is.
    pub state: TileState,
    /// The image to be drawn; `None` on a black tile, which has no other words than its state's.
    pub picture: Option<Picture>,
    /// The words in the four corners.
    pub corners: Corners,
    /// What must be known of the image, small, in the lower right corner; no key hides it. Empty on a black tile.
    pub badges: Vec<Badge>,
    /// Why "NOT FOR DIAGNOSIS" stands across the tile, each reason in one sentence; empty where nothing is wrong.
    pub reasons_against: Vec<String>,
    /// The letters at the four edges.
    pub letters: Option<EdgeLetters>,
    /// The scale bar; `None` where nothing is known about distances.
    pub scale_bar: Option<ScaleBar>,
    /// The marks of this image.
    pub marks: Vec<MarkShape>,
    /// What the presentation state draws over it, the lowest layer first.
    pub drawings: Vec<Drawing>,
    /// What has arrived and where we are; `None` for a single image.
    pub track: Option<Track>,
    /// Patient Identity Removed is YES: a border and "ANONYMISED – TRAINING".
    pub identity_removed: bool,
}

/// A tile's face.
#[derive(Clone, Debug, PartialEq)]
pub enum TileState {
    /// Nothing hangs here.
    Empty,
    /// The picture is the one that was asked for.
    Shown,
    /// Another image was asked for more than 100 ms ago and is not there: the old picture, the old words, and this sentence.
    Late {
        /// "waiting for 132".
        sentence: String,
    },
    /// Nothing is shown because the image is not there yet; black.
    Waiting {
        /// "waiting for the first image", "waiting for 132".
        sentence: String,
    },
    /// This image cannot be shown.
    Refused {
        /// Why, and what to do.
        trouble: Trouble,
    },
    /// The study cannot be had.
    Failed {
        /// Why, and what to do.
        trouble: Trouble,
    },
    /// Two identities contradict each other: the pixels wait for "Same person" or "Close".
    Identities {
        /// The study whose pixels wait.
        study: StudyUid,
        /// Who names the first of the two.
        witness: Witness,
        /// As the witness says.
        listed: Box<PatientIdentity>,
        /// As the object says.
        object: Box<PatientIdentity>,
    },
}

/// An image and all that decides how it is drawn.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The frame's name.
    pub frame_ref: FrameRef,
    /// The frame's name for `render`: the same number for the same frame as long as its study is open, never used for another.
    pub key: u64,
    /// The values.
    pub frame: Arc<DecodedFrame>,
    /// Where it lies on the tile, physical pixels.
    pub viewport_from_image: ViewportFromImage,
    /// How values become shades.
    pub shading: Shading,
    /// The colours that shades are shown in; `None` for grey.
    pub colours: Option<ColourMap>,
    /// What lies over the image: the same pointer as long as it stays the same.
    pub layers: Option<Arc<Layers>>,
    /// How values between pixels are found.
    pub interpolation: Interpolation,
}

/// How values become shades.
#[derive(Clone, Debug)]
pub enum Shading {
    /// By a display table.
    Grey {
        /// What the table is built from.
        parameters: Arc<Parameters>,
        /// The same number as long as the parameters are equal, never used for others.
        revision: u64,
        /// The colours of stored values from the palette's first one on; the picture's `key` is then another for each revision.
        supplemental: Option<Arc<Palette>>,
    },
    /// As colour, without a table.
    Colour {
        /// How the samples are read.
        space: ColourSpace,
        /// The tables of PALETTE COLOR.
        palette: Option<Arc<Palette>>,
    },
}

/// What a line of text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Who the patient is: no key hides it.
    Identity,
    /// Series, date, prior.
    Description,
    /// Image n / N.
    Number,
    /// Slice position, frame time.
    Position,
    /// Window and zoom.
    Window,
    /// The value under the pointer.
    Value,
    /// Something that the reader must notice: waiting, missing, another name; never hidden.
    Attention,
}

/// One line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub role: Role,
    /// The words.
    pub text: String,
}

/// The words in the four corners, outermost line first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corners {
    /// Identity, series, date.
    pub top_left: Vec<Line>,
    /// Number, position.
    pub top_right: Vec<Line>,
    /// Window, zoom, value.
    pub bottom_left: Vec<Line>,
    /// What the reader must notice; it stands above the badges.
    pub bottom_right: Vec<Line>,
}

/// A small word about the image, with what explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// What it is about.
    pub kind: BadgeKind,
    /// How it sounds.
    pub tone: Tone,
    /// The word: "lossy 12 : 1".
    pub word: String,
    /// What it means for this image: one sentence or several, each on a line of its own where they are a list.
    pub why: String,
}

/// What a badge is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BadgeKind {
    /// Full or preview.
    Quality,
    /// The pixels went through lossy compression.
    Lossy,
    /// What draws the image is not known to draw exactly.
    Display,
    /// The image is shown otherwise than its object says.
    Corrected,
    /// Its distances are not those in the patient, or not known.
    Spacing,
    /// Its pixels are not square.
    Shape,
    /// How it lies in the patient is not known, or was refused.
    Orientation,
    /// How fast it plays is not known.
    Rate,
    /// Something was odd while it was read.
    Odd,
    /// It was not asked for anew.
    Cached,
    /// Images of its study are not here.
    Partial,
}

/// How a badge sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// It can be known and need not be noticed.
    Quiet,
    /// These are not the diagnostic pixels.
    Lossy,
    /// It must be noticed.
    Attention,
}

/// Patient directions at the tile's edges: the first letter large, the others small.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EdgeLetters {
    /// At the left edge.
    pub left: String,
    /// At the right edge.
    pub right: String,
    /// At the upper edge.
    pub top: String,
    /// At the lower edge.
    pub bottom: String,
}

/// A known distance, drawn horizontally.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleBar {
    /// Its length, physical pixels.
    pub length_px: f64,
    /// Its words: "5 cm", "≈ 5 cm at detector".
    pub label: String,
}

/// A mark in the tile's pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkShape {
    /// Which mark.
    pub id: MarkId,
    /// It is selected.
    pub selected: bool,
    /// Lines to be drawn, physical pixels.
    pub lines: Vec<[ViewportPoint; 2]>,
    /// Points that can be dragged.
    pub handles: Vec<ViewportPoint>,
    /// Its words.
    pub label: String,
    /// Where the words begin (their left middle).
    pub label_at: ViewportPoint,
}

/// The scroll track at the right edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// How far each image has come.
    pub arrivals: Vec<Arrival>,
    /// The image on the glass, from 0; `None` while the tile is black.
    pub shown: Option<usize>,
    /// The image that was asked for, from 0.
    pub wanted: usize,
}

/// What must be known of an image that stands alone, outside any study: the badges that a tile would show of it.
pub fn badges(frame: &DecodedFrame, verification: &Verification) -> Vec<Badge> {
    let map = ViewportFromImage::fit((1, 1), (1, 1), 1.0);
    let (letters, _) = edges(frame, &map, (1, 1));
    let facts = Facts {
        frame,
        study: None,
        stack: None,
        has_letters: letters.is_some(),
        verification,
    };
    facts.badges()
}

/// All that follows from an image and where it lies: letters and scale bar.
pub(crate) fn edges(
    frame: &DecodedFrame,
    map: &ViewportFromImage,
    size_px: (u32, u32),
) -> (Option<EdgeLetters>, Option<ScaleBar>) {
    let geometry = frame.instance.frame_geometry(frame.index);
    (
        geometry.and_then(|g| letters::letters(g, map)),
        scale_bar::scale_bar(frame, map, size_px),
    )
}
