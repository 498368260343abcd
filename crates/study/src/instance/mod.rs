//! One instance's metadata, typed: what a tile, a stack and a measurement need to know.

mod cine;
mod geometry;
mod layout;
mod lossy;
mod overlay;
mod read;
mod shutter;
mod spacing;
mod suv;
pub(crate) mod tables;
mod unit;
mod view;
mod voi;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use pixels::colour::{self, ColourError, ColourState, Palette};
use pixels::display::{LookupTable, Modality, Padding, Voi};
use pixels::shutter::Shutter;
use space::PatientFromImage;

pub(crate) use geometry::modality_of;
pub(crate) use layout::{declared_frames, layout};
pub(crate) use overlay::NativePixels;
pub use overlay::Overlay;
pub(crate) use overlay::of_state as overlays_of_state;
pub(crate) use read::PixelsFound;
pub(crate) use shutter::{bitmap_group, shutter};
pub use suv::Suv;
pub(crate) use voi::voi_choices;

use crate::presentation::PresentationState;
use crate::{Decoded, InstanceUid, Layout, PatientIdentity, Reader, SeriesUid, StudyUid, TransferSyntax};

/// Something in an object that is missing, odd or was corrected, in one sentence without patient data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Oddity(pub String);

/// What a modality value is measured in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Hounsfield units.
    Hounsfield,
    /// The object's own word for it (Rescale Type, PET Units), short.
    Named(Arc<str>),
    /// Nothing is known: the number is the stored value.
    StoredValue,
}

/// How far apart pixels are and what the number is worth (clinical rule: PS3.3 10.7.1, C.7.6.2, C.8.5.5).
#[derive(Clone, Debug, PartialEq)]
pub enum Spacing {
    /// Millimetres in the patient (tomographic images).
    Patient {
        /// Distance between rows, mm.
        row: f64,
        /// Distance between columns, mm.
        column: f64,
    },
    /// Millimetres at the detector, or divided by a magnification factor.
    Imager {
        /// Distance between rows, mm, after division by `magnification`.
        row: f64,
        /// Distance between columns, mm, after division by `magnification`.
        column: f64,
        /// Estimated Radiographic Magnification Factor that was divided out; `None` means "at the detector".
        magnification: Option<f64>,
    },
    /// Millimetres that the object calls corrected or calibrated; `how` is the word shown beside the number.
    Calibrated {
        /// Distance between rows, mm.
        row: f64,
        /// Distance between columns, mm.
        column: f64,
        /// "fiducial", "magnification-corrected", "corrected, method not stated", "calibration unknown" or "on film".
        how: Arc<str>,
    },
    /// Ultrasound regions carry their own calibration.
    Regions(Vec<UltrasoundRegion>),
    /// Nothing is known: lengths are in pixels. `aspect` is row distance ÷ column distance (Pixel Aspect Ratio), 1 when absent.
    Unknown {
        /// Row distance ÷ column distance.
        aspect: f64,
    },
}

impl Spacing {
    /// Row distance ÷ column distance, by which a pixel is drawn taller than wide; 1 where nothing is known.
    ///
    /// Of ultrasound regions the largest one counts whose both axes are lengths.
    pub fn aspect(&self) -> f64 {
        let aspect = match self {
            Self::Patient { row, column } | Self::Imager { row, column, .. } | Self::Calibrated { row, column, .. } => {
                row / column
            }
            Self::Regions(regions) => of_regions(regions),
            Self::Unknown { aspect } => *aspect,
        };
        if aspect.is_finite() && aspect > 0.0 {
            aspect
        } else {
            1.0
        }
    }
}

/// The aspect of the largest region that measures length both ways.
fn of_regions(regions: &[UltrasoundRegion]) -> f64 {
    // Code 3 is centimetres (PS3.3 C.8.5.5.1.15).
    let spatial = regions.iter().filter(|region| region.units == (3, 3));
    let area = |region: &&UltrasoundRegion| {
        let side = |from: u32, to: u32| u64::from(to.saturating_sub(from));
        side(region.left, region.right) * side(region.top, region.bottom)
    };
    spatial
        .max_by_key(area)
        .map_or(1.0, |region| (region.delta.1 / region.delta.0).abs())
}

/// One calibrated rectangle of an ultrasound frame (PS3.3 C.8.5.5); both axes in centimetres when `spatial`.
#[derive(Clone, Debug, PartialEq)]
pub struct UltrasoundRegion {
    /// First column, from 0, inclusive.
    pub left: u32,
    /// First row, from 0, inclusive.
    pub top: u32,
    /// Last column, inclusive.
    pub right: u32,
    /// Last row, inclusive.
    pub bottom: u32,
    /// Physical units of x and y (codes of PS3.3 C.8.5.5.1.15: 3 is cm).
    pub units: (u16, u16),
    /// Physical units per pixel along x and y (sign allowed).
    pub delta: (f64, f64),
    /// Region Flags bit 0 is 0: this region has the higher priority where regions overlap.
    pub high_priority: bool,
}

/// One way of showing values that the object itself offers, with its explanation.
#[derive(Clone, Debug, PartialEq)]
pub struct VoiChoice {
    /// Window Centre & Width Explanation or LUT Explanation; empty when absent.
    pub name: String,
    /// The window or table.
    pub voi: Voi,
}

/// What orders frames besides their position: stack, dimensions, time, echo, weighting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrameOrder {
    /// Stack ID (0020,9056); empty when absent.
    pub stack: String,
    /// In-Stack Position Number (0020,9057).
    pub in_stack: Option<u32>,
    /// Dimension Index Values (0020,9157).
    pub dimension_index: Vec<u32>,
    /// Temporal Position Index or Identifier (0020,9128), (0020,0100).
    pub temporal_position: Option<i64>,
    /// Trigger Time (0018,1060) or Nominal Cardiac Trigger Delay Time (0020,9153), ms.
    pub trigger_ms: Option<f64>,
    /// Echo Time (0018,0081) or Effective Echo Time (0018,9082), ms.
    pub echo_ms: Option<f64>,
    /// Diffusion b-value (0018,9087), s/mm².
    pub b_value: Option<f64>,
    /// Acquisition Number (0020,0012).
    pub acquisition: Option<i64>,
}

/// What differs from frame to frame.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameGeometry {
    /// Where the frame lies in the patient; `None` when position or orientation is missing or unusable.
    pub plane: Option<PatientFromImage>,
    /// What its pixels measure.
    pub spacing: Spacing,
    /// Stored → modality for this frame.
    pub modality: Modality,
    /// The object's own windows and tables for this frame, first is default.
    pub voi: Vec<VoiChoice>,
    /// Slice Thickness, mm.
    pub thickness: Option<f64>,
    /// What orders frames that lie at the same place.
    pub order: FrameOrder,
    /// The object says where its image lies in the patient, but what it says makes no sense and is not used.
    pub orientation_refused: bool,
    /// Projection images: the patient directions of the row's right end and the column's lower end (0020,0020), as stored.
    pub patient_orientation: Option<(String, String)>,
}

/// Whether irreversible compression ever touched the pixels (PS3.3 C.7.6.1.1.5), how and by how much.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LossyState {
    /// Lossy Image Compression (0028,2110) is 01, or the transfer syntax is lossy.
    pub lossy: bool,
    /// Lossy Image Compression Ratio, the last one given.
    pub ratio: Option<f64>,
    /// What Lossy Image Compression says: lossy or not; `None` when it is absent or says neither.
    pub said: Option<bool>,
    /// Each lossy compression that the object tells of, in the order in which they were done.
    pub steps: Vec<LossyStep>,
    /// What the transfer syntax means for it.
    pub encoding: LossyEncoding,
}

/// One lossy compression that an object tells of (0028,2112), (0028,2114).
#[derive(Clone, Debug, PartialEq)]
pub struct LossyStep {
    /// The method's name, "JPEG"; a code that the standard does not know stays as written; `None` when absent.
    pub method: Option<Arc<str>>,
    /// How many times smaller it made the image; `None` when absent.
    pub ratio: Option<f64>,
}

/// What a transfer syntax means for the pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LossyEncoding {
    /// It loses nothing.
    #[default]
    Lossless,
    /// It always loses; its name.
    Always(&'static str),
    /// It can lose and need not; its name.
    Possible(&'static str),
}

/// How a multi-frame object plays (PS3.3 C.7.6.5).
#[derive(Clone, Debug, PartialEq)]
pub struct CineTiming {
    /// Start of each frame, ms from the first; empty when every frame takes `frame_ms`.
    pub starts_ms: Vec<f64>,
    /// Duration of one frame, ms.
    pub frame_ms: f64,
}

/// Words about study and series for headings and lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SeriesText {
    /// Modality (0008,0060).
    pub modality: String,
    /// Study Description (0008,1030).
    pub study_description: Reader,
    /// Series Description (0008,103E).
    pub series_description: Reader,
    /// Series Number (0020,0011).
    pub series_number: Option<i64>,
    /// Study Date (0008,0020), `YYYYMMDD`.
    pub study_date: String,
    /// Study Time (0008,0030).
    pub study_time: String,
    /// Accession Number (0008,0050).
    pub accession: Reader,
    /// Referring Physician's Name (0008,0090), as stored.
    pub referring: Reader,
    /// Body Part Examined (0018,0015).
    pub body_part: String,
    /// Laterality by the priority Frame Laterality → Image Laterality → Laterality; empty when unknown.
    pub laterality: String,
    /// View Position (0018,5101).
    pub view_position: String,
}

/// What an image asks for beyond its window: what lies over it, and tables of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DisplayWishes {
    /// Overlays, in order of their groups; a bitmap shutter is none of them.
    pub overlays: Vec<Overlay>,
    /// The shutter of each frame; a single item when all agree, empty without any.
    pub shutters: Vec<Option<Shutter>>,
    /// Presentation LUT Sequence (PS3.3 C.11.6), from values of interest to P-values.
    pub presentation_lut: Option<Arc<LookupTable>>,
    /// Supplemental palette: the colours of stored values from its first one on, in an image that is grey below (PS3.3 C.7.9).
    pub supplemental: Option<Arc<Palette>>,
}

impl DisplayWishes {
    /// The shutter of a frame (from 0).
    pub fn shutter(&self, frame: u32) -> Option<&Shutter> {
        self.shutters
            .get(frame as usize)
            .or_else(|| self.shutters.first().filter(|_| self.shutters.len() == 1))?
            .as_ref()
    }
}

/// One instance: identity, text, layout and geometry. Cheap to share (`Arc<Instance>`), never changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// Study Instance UID.
    pub study: StudyUid,
    /// Series Instance UID.
    pub series: SeriesUid,
    /// SOP Instance UID.
    pub uid: InstanceUid,
    /// SOP Class UID, as written.
    pub sop_class: String,
    /// How the pixels are encoded.
    pub transfer_syntax: TransferSyntax,
    /// Who the patient is, as this object says.
    pub patient: PatientIdentity,
    /// Words for headings.
    pub text: SeriesText,
    /// Instance Number (0020,0013).
    pub instance_number: Option<i64>,
    /// Image Type (0008,0008): ORIGINAL or DERIVED, PRIMARY or SECONDARY, then what the modality says (LOCALIZER, MPR, …).
    pub image_type: Vec<String>,
    /// Acquisition Date and Time, else Content Date and Time, digits only, so that they sort as text; empty when absent.
    pub acquired: String,
    /// How the samples are laid out; `None` for an object without pixels (report, presentation state).
    pub layout: Option<Arc<Layout>>,
    /// Number of frames, at least 1 where there are pixels, else 0.
    pub frames: u32,
    /// Per frame, one item each; the last one stands for all frames behind it, a single one for all.
    pub geometry: Vec<FrameGeometry>,
    /// Padding, tested on stored values.
    pub padding: Option<Padding>,
    /// MONOCHROME1, or Presentation LUT Shape INVERSE on MONOCHROME2.
    pub inverse: bool,
    /// The tables of PALETTE COLOR.
    pub palette: Option<Arc<Palette>>,
    /// What its red, green and blue mean, of a colour image.
    pub colours: ColourState,
    /// What lies over the image, and tables of its own.
    pub wishes: DisplayWishes,
    /// What a modality value is measured in.
    pub unit: Unit,
    /// What makes it a standardised uptake value; `None` where that cannot be known.
    pub suv: Option<Suv>,
    /// Lossy history.
    pub lossy: LossyState,
    /// How it plays; `None` for single frames and untimed objects.
    pub cine: Option<CineTiming>,
    /// How other images are to be shown, where the object is a softcopy presentation state.
    pub presentation: Option<Arc<PresentationState>>,
    /// What was missing, odd or corrected.
    pub oddities: Vec<Oddity>,
    /// Of these, what shows the image otherwise than the object says: something missing was assumed, something wrong replaced.
    pub corrections: Vec<Oddity>,
}

impl Instance {
    /// What differs for a frame (from 0); the shared item when all frames agree, `None` without pixels.
    pub fn frame_geometry(&self, frame: u32) -> Option<&FrameGeometry> {
        self.geometry.get(frame as usize).or_else(|| self.geometry.last())
    }

    /// A colour frame of this object as interleaved red, green and blue of sRGB, 8 bits each: palette, colour space and embedded
    /// profile applied; `None` for a grey one.
    pub fn rgb8(&self, decoded: &Decoded) -> Option<Result<Vec<u8>, ColourError>> {
        let space = decoded.colour_space()?;
        let bits = self.layout.as_ref().map_or(8, |layout| layout.bits_stored);
        let rgb = colour::rgb8(&decoded.frame, space, bits, self.palette.as_deref());
        Some(rgb.map(|rgb| self.colours.apply(rgb)))
    }

    /// The least and the greatest stored value that Bits Stored and Pixel Representation allow (PS3.3 C.7.6.3.1). Float values
    /// have no range of their own; for them the widest is given, and a display table spans the window.
    pub fn stored_range(&self) -> (i64, i64) {
        let layout = self.layout.as_ref();
        layout.map_or((i64::MIN, i64::MAX), |layout| layout.stored_range())
    }
}
