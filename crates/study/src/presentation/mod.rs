//! Softcopy presentation states: how somebody wanted images to be shown (PS3.3 A.33, C.10, C.11).
//!
//! A state is an object of its own that names images of its study. What is read here is plain data; whether a state is shown is
//! the reader's choice, and what of it cannot be shown is told in a sentence.

mod annotation;
mod read;
mod shade;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use pixels::display::{LookupTable, Modality, Voi};
use pixels::overlay::OverlayPlane;
use pixels::shutter::{Shutter, ShutterShape};
use space::Turn;

use crate::{Instance, InstanceUid, Oddity, Overlay, Reader, SeriesUid};

pub(crate) use read::state;

/// A grayscale or colour softcopy presentation state.
#[derive(Clone, Debug, PartialEq)]
pub struct PresentationState {
    /// For colour images (PS3.3 A.33.2), whose values have no modality or VOI stage.
    pub colour: bool,
    /// Content Label (0070,0080), by which people know it; empty when absent.
    pub label: Reader,
    /// Content Description (0070,0081).
    pub description: Reader,
    /// Content Creator's Name (0070,0084), as stored.
    pub creator: Reader,
    /// Presentation Creation Date (0070,0082), `YYYYMMDD`; empty when absent.
    pub created: String,
    /// The images that it is for, by series.
    pub series: Vec<SeriesImages>,
    /// Stored → modality: under a state the image's own stage does not count, and none means identity (PS3.4 N.2.1.1).
    pub modality: Modality,
    /// Values of interest → P-values (PS3.3 C.11.6).
    pub lut: PresentationLut,
    /// Turned after flipping, as [`space::Placement`] turns.
    pub turn: Turn,
    /// Mirrored left to right before turning.
    pub flipped: bool,
    /// What hides parts of the images in place of their own shutters (PS3.3 C.11.12); `None` hides nothing.
    pub shutter: Option<Shutter>,
    /// Overlays that it brings itself, in place of the images' own of the same groups.
    pub overlays: Vec<Overlay>,
    /// The groups of the overlays that are shown, its own or the images' (PS3.3 C.11.7): 0x6000 to 0x601E.
    pub active_overlays: Vec<u16>,
    /// What of it cannot be shown, one sentence each.
    pub not_shown: Vec<Oddity>,
    /// Modality → values of interest.
    pub windows: Vec<Scoped<Voi>>,
    /// Which part is shown.
    pub areas: Vec<Scoped<DisplayedArea>>,
    /// What is drawn over the images.
    pub annotations: Vec<Scoped<Annotation>>,
}

/// Images of one series that a state is for.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesImages {
    /// The series.
    pub series: SeriesUid,
    /// Its images; none named means all of them.
    pub images: Images,
}

/// Which images something holds for: objects, and of each its frames from 0, where none means all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images(HashMap<InstanceUid, Vec<u32>>);

impl Images {
    /// Objects with their frames from 0; no frames mean all of an object.
    pub fn named(images: impl IntoIterator<Item = (InstanceUid, Vec<u32>)>) -> Self {
        Self(images.into_iter().collect())
    }

    /// Whether a frame (from 0) is among them; all frames are where none is named.
    pub fn hold(&self, instance: &InstanceUid, frame: u32) -> bool {
        self.0.is_empty()
            || self
                .0
                .get(instance)
                .is_some_and(|frames| frames.is_empty() || frames.contains(&frame))
    }
}

/// Something with the images that it holds for.
#[derive(Clone, Debug, PartialEq)]
pub struct Scoped<T> {
    /// The images; no image named means all of the state's.
    pub images: Images,
    /// What holds for them.
    pub what: Arc<T>,
}

/// Presentation LUT (PS3.3 C.11.6).
#[derive(Clone, Debug, Default, PartialEq)]
pub enum PresentationLut {
    /// IDENTITY: low values black.
    #[default]
    Identity,
    /// INVERSE: low values white.
    Inverse,
    /// A table over the whole range of the values of interest.
    Table(Arc<LookupTable>),
}

/// The part of an image that is to be shown, and how large (PS3.3 C.10.4).
#[derive(Clone, Debug, PartialEq)]
pub struct DisplayedArea {
    /// Its left edge in image space, columns: half a column left of the first column's centre.
    pub left: f64,
    /// Its upper edge, rows.
    pub top: f64,
    /// Its right edge, columns; right of `left`.
    pub right: f64,
    /// Its lower edge, rows; below `top`.
    pub bottom: f64,
    /// Row distance ÷ column distance that it is to be shown with; `None` when the state does not say.
    pub aspect: Option<f64>,
    /// How large.
    pub size: SizeMode,
}

/// Presentation Size Mode (0070,0100).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SizeMode {
    /// As large as it fits.
    ScaleToFit,
    /// An image column is so many millimetres wide on the screen.
    TrueSize {
        /// Presentation Pixel Spacing (0070,0101), its second value, mm.
        column_mm: f64,
    },
    /// An image column is so many screen pixels wide.
    Magnify(f64),
}

/// Graphics and texts of one layer (PS3.3 C.10.5).
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// Graphic Layer Order (0070,0062): higher ones are drawn later.
    pub order: i64,
    /// The layer's recommended shade as sRGB; `None` when it recommends none.
    pub shade: Option<[u8; 3]>,
    /// Its graphics.
    pub graphics: Vec<Graphic>,
    /// Its texts.
    pub texts: Vec<Text>,
}

/// What coordinates of annotations count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    /// PIXEL: columns and rows, the upper left corner of the first pixel is 0\0.
    Pixel,
    /// DISPLAY: parts of the displayed area as it is shown, 0\0 its upper left corner, 1\1 its lower right one.
    Display,
}

/// A point of an annotation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
    /// What it counts.
    pub units: Units,
}

/// A drawing (PS3.3 C.10.5.1.2).
#[derive(Clone, Debug, PartialEq)]
pub struct Graphic {
    /// What is drawn.
    pub shape: Shape,
    /// Graphic Filled (0070,0024).
    pub filled: bool,
}

/// Graphic Type (0070,0023), with its points.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// One point.
    Point(Spot),
    /// Points joined by straight lines; closed when the last is the first.
    Polyline(Vec<Spot>),
    /// Points through which a smooth curve is laid; closed when the last is the first.
    Interpolated(Vec<Spot>),
    /// A circle.
    Circle {
        /// Its centre.
        centre: Spot,
        /// A point on it.
        on: Spot,
    },
    /// An ellipse by the ends of its axes.
    Ellipse {
        /// The ends of its major axis.
        major: [Spot; 2],
        /// The ends of its minor axis.
        minor: [Spot; 2],
    },
}

/// A text (PS3.3 C.10.5.1.1).
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Unformatted Text Value (0070,0006), its lines separated by `\n`.
    pub words: Reader,
    /// Where it is to stand; at least one of box and anchor is there.
    pub bounds: Option<TextBox>,
    /// Anchor Point (0070,0014): what it is about.
    pub anchor: Option<Spot>,
    /// Anchor Point Visibility (0070,0015): a line leads from the text to the anchor.
    pub tied: bool,
}

/// A text's bounding box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextBox {
    /// Where the text begins.
    pub top_left: Spot,
    /// Towards where it runs.
    pub bottom_right: Spot,
    /// Which of its sides the lines keep to.
    pub justification: Justification,
}

/// Bounding Box Text Horizontal Justification (0070,0012).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Justification {
    /// LEFT.
    #[default]
    Left,
    /// CENTER.
    Centre,
    /// RIGHT.
    Right,
}

/// What a state says of one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OnFrame {
    /// Modality → values of interest; `None` means the whole range of the modality values (PS3.4 N.2.1.2).
    pub voi: Option<Voi>,
    /// The part that is shown; `None` means the whole image, fitted.
    pub area: Option<Arc<DisplayedArea>>,
    /// What is drawn over it, the lowest layer first.
    pub annotations: Vec<Arc<Annotation>>,
    /// What hides parts of it.
    pub shutter: Option<Shutter>,
    /// Overlay planes that lie over it, with their groups.
    pub planes: Vec<(u16, OverlayPlane)>,
}

impl PresentationState {
    /// Whether it is for images of a series.
    pub fn is_for_series(&self, series: &SeriesUid) -> bool {
        self.series.iter().any(|of| of.series == *series)
    }

    /// Whether it is for a frame (from 0) of an object.
    pub fn is_for(&self, instance: &Instance, frame: u32) -> bool {
        let of_series = self.series.iter().filter(|of| of.series == instance.series);
        of_series.into_iter().any(|of| of.images.hold(&instance.uid, frame))
    }

    /// What it says of a frame (from 0); `None` for a frame that it is not for.
    pub fn on(&self, instance: &Instance, frame: u32) -> Option<OnFrame> {
        if !self.is_for(instance, frame) {
            return None;
        }
        let here = |images: &Images| images.hold(&instance.uid, frame);
        let mut annotations: Vec<Arc<Annotation>> = self
            .annotations
            .iter()
            .filter(|scoped| here(&scoped.images))
            .map(|scoped| Arc::clone(&scoped.what))
            .collect();
        annotations.sort_by_key(|annotation| annotation.order);
        let voi = self.windows.iter().find(|scoped| here(&scoped.images));
        let area = self.areas.iter().find(|scoped| here(&scoped.images));
        let signed = instance.layout.as_ref().is_some_and(|layout| layout.signed);
        Some(OnFrame {
            voi: voi.map(|scoped| with_sign(&scoped.what, signed, &self.modality)),
            area: area.map(|scoped| Arc::clone(&scoped.what)),
            annotations,
            shutter: self.shutter_on(instance, frame),
            planes: self.planes_on(instance, frame),
        })
    }

    /// Its shutter on a frame: circles are round by the frame's own pixels.
    fn shutter_on(&self, instance: &Instance, frame: u32) -> Option<Shutter> {
        let mut shutter = self.shutter.clone()?;
        let of_image = instance.frame_geometry(frame).map_or(1.0, |g| g.spacing.aspect());
        for shape in &mut shutter.shapes {
            if let ShutterShape::Circle { aspect, .. } = shape {
                *aspect = of_image;
            }
        }
        Some(shutter)
    }

    /// The planes of the overlays that are shown on a frame; its own stand in for the image's of the same group.
    fn planes_on(&self, instance: &Instance, frame: u32) -> Vec<(u16, OverlayPlane)> {
        let of_group = |group: &u16| {
            let own = self.overlays.iter().find(|overlay| overlay.group == *group);
            let found = own.or_else(|| instance.wishes.overlays.iter().find(|overlay| overlay.group == *group));
            Some((*group, found?.plane(frame)?))
        };
        self.active_overlays.iter().filter_map(of_group).collect()
    }

    /// Its modality stage on an image, whose sign decides that of a table's first input (PS3.3 C.11.1.1.1).
    pub fn modality_on(&self, instance: &Instance) -> Modality {
        match &self.modality {
            Modality::Table(table) if instance.layout.as_ref().is_some_and(|layout| layout.signed) => {
                Modality::Table(first_signed(table))
            }
            other => other.clone(),
        }
    }

    /// The name by which it is offered: label and description, else what it is; never empty.
    pub fn name(&self) -> String {
        let words = [self.label.to_reader().trim(), self.description.to_reader().trim()];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            "presentation state".to_owned()
        } else {
            words.join(" – ")
        }
    }
}

/// A VOI table's first input counts from below zero where stored values do and no modality stage has lifted them
/// (PS3.3 C.11.2.1.1); the state alone does not know whether they do.
fn with_sign(voi: &Voi, signed: bool, modality: &Modality) -> Voi {
    match voi {
        Voi::Table(table) if signed && !matches!(modality, Modality::Table(_)) => Voi::Table(first_signed(table)),
        other => other.clone(),
    }
}

/// The table with its first input read as a signed word.
fn first_signed(table: &LookupTable) -> LookupTable {
    let mut table = table.clone();
    if (0x8000..=0xFFFF).contains(&table.first) {
        table.first -= 0x1_0000;
    }
    table
}
