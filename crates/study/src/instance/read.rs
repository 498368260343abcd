//! From a data set to typed metadata.

use std::sync::Arc;

use dicom_core::Tag;
use dicom_core::value::PrimitiveValue;
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use pixels::colour::{ColourState, Palette};
use pixels::display::{LookupTable, Padding};
use pixels::shutter::Shutter;

use super::geometry::{Groups, MOST_BYTES, geometry};
use super::lossy::lossy;
use super::overlay::overlays;
use super::shutter::{bitmap_group, shutter};
use super::suv::suv;
use super::tables::{palette, table};
use super::unit::unit;
use super::{DisplayWishes, FrameGeometry, Instance, NativePixels, SeriesText, cine, declared_frames, layout, view};
use crate::attribute::{has, integer, item, items, number, primitive, text, texts, whole_text};
use crate::object::{Declared, Oddities};
use crate::presentation;
use crate::{
    InstanceUid, Layout, ObjectError, Oddity, PatientIdentity, Photometric, Reader, SampleKind, SeriesUid, StudyUid,
    TransferSyntax,
};

/// So many frames are believed of metadata alone: what a server only says must not make this program allocate.
const MOST_ANNOUNCED: u32 = 100_000;

/// What an object knows of its pixels beyond its header.
pub(crate) struct PixelsFound {
    /// There is a pixel data element.
    pub(crate) present: bool,
    pub(crate) kind: SampleKind,
    /// The layout, corrected by the pixel data; `None` when it is unusable.
    pub(crate) layout: Option<Arc<Layout>>,
    /// Frames that are really there.
    pub(crate) frames: u32,
    /// The pixels themselves, where nothing encodes them.
    pub(crate) native: Option<NativePixels>,
    /// What was odd in the structure, and what of it tells of a correction.
    pub(crate) oddities: (Vec<Oddity>, Vec<Oddity>),
    /// Bytes of memory that the frames' descriptions may take.
    pub(crate) spare: u64,
}

impl Instance {
    /// Reads the typed metadata from a data set: an object's header, or DICOM JSON metadata without pixel data.
    ///
    /// Without pixel data, an image is known by its Rows (0028,0010), and Number of Frames (0028,0008) is believed
    /// up to 100 000.
    ///
    /// # Errors
    /// `Unusable` when a UID that identifies the object is missing or malformed, `Refused` when the descriptions of its frames
    /// are larger than any sensible object's.
    pub fn from_dataset(dataset: &InMemDicomObject, transfer_syntax: TransferSyntax) -> Result<Self, ObjectError> {
        let mut oddities = Oddities::default();
        let kind = announced_kind(dataset);
        // Spectra have rows too, but no pixels.
        let present = has(dataset, tags::ROWS) && text(dataset, tags::SOP_CLASS_UID) != uids::MR_SPECTROSCOPY_STORAGE;
        let layout = present
            .then(|| layout(dataset, kind, &mut oddities).ok())
            .flatten()
            .map(Arc::new);
        let frames = match declared_frames(dataset) {
            Declared::Frames(frames) if frames > MOST_ANNOUNCED => {
                oddities.note("The metadata claims more frames than are believed before the object itself is here.");
                MOST_ANNOUNCED
            }
            Declared::Frames(frames) => frames,
            Declared::Absent | Declared::Nonsense => 1,
        };
        let found = PixelsFound {
            present,
            kind,
            layout,
            frames,
            native: None,
            oddities: oddities.into_lists(),
            spare: MOST_BYTES,
        };
        Self::of_object(dataset, transfer_syntax, found)
    }

    /// Reads the typed metadata of an object whose pixel data was looked at.
    pub(crate) fn of_object(
        dataset: &InMemDicomObject,
        transfer_syntax: TransferSyntax,
        found: PixelsFound,
    ) -> Result<Self, ObjectError> {
        Self::named(Names::read(dataset)?, dataset, transfer_syntax, found)
    }

    /// The same of an object that does not say which one it is: it can be looked at, not opened.
    pub(crate) fn of_unnamed(
        dataset: &InMemDicomObject,
        transfer_syntax: TransferSyntax,
        found: PixelsFound,
    ) -> Result<Self, ObjectError> {
        Self::named(Names::none(), dataset, transfer_syntax, found)
    }

    fn named(
        Names { study, series, uid }: Names,
        dataset: &InMemDicomObject,
        transfer_syntax: TransferSyntax,
        found: PixelsFound,
    ) -> Result<Self, ObjectError> {
        let mut oddities = Oddities::default();
        oddities.take_in(found.oddities);
        // Pixels of which no frame can be cut are still an image, whose tile says why it is not shown.
        let frames = if found.present { found.frames.max(1) } else { 0 };
        let layout = found.layout;
        let geometry = geometry(dataset, frames, layout.as_deref(), found.spare, &mut oddities)?;
        let is_palette = layout
            .as_ref()
            .is_some_and(|l| l.photometric == Photometric::PaletteColor);
        let signed = layout.as_ref().is_some_and(|l| l.signed);
        let palette = is_palette.then(|| palette(dataset, signed, &mut oddities)).flatten();
        if is_palette && palette.is_none() {
            oddities.note("The image holds palette indices, but its palette is missing or cannot be used.");
        }
        let native = found.native.as_ref();
        let wishes = wishes(dataset, (layout.as_deref(), frames), &geometry, native, &mut oddities);
        let is_colour = is_palette || layout.as_ref().is_some_and(|l| l.samples_per_pixel == 3);
        let colours = if is_colour {
            colours(dataset, &mut oddities)
        } else {
            ColourState::Unstated
        };
        let shape_is_inverse = text(dataset, tags::PRESENTATION_LUT_SHAPE) == "INVERSE";
        let is_monochrome1 = layout
            .as_ref()
            .is_some_and(|l| l.photometric == Photometric::Monochrome1);
        let unit = unit(dataset, &geometry, found.kind);
        let suv = suv(dataset, &mut oddities);
        let padding = layout.as_deref().and_then(|l| padding(dataset, l, &mut oddities));
        let series_text = words(dataset, &mut oddities);
        let presentation = presentation::state(dataset, &mut oddities).map(Arc::new);
        let cine = cine::timing(dataset, frames, &mut oddities);
        let (oddities, corrections) = oddities.into_lists();
        Ok(Self {
            study,
            series,
            uid,
            sop_class: text(dataset, tags::SOP_CLASS_UID),
            lossy: lossy(dataset, &transfer_syntax),
            transfer_syntax,
            patient: PatientIdentity::from_dataset(dataset),
            text: series_text,
            instance_number: integer(dataset, tags::INSTANCE_NUMBER),
            image_type: texts(dataset, tags::IMAGE_TYPE),
            acquired: acquired(dataset),
            unit,
            suv,
            padding,
            layout,
            frames,
            geometry,
            // Both say the same, so that they do not cancel.
            inverse: is_monochrome1 || shape_is_inverse,
            palette: palette.map(Arc::new),
            colours,
            wishes,
            presentation,
            cine,
            oddities,
            corrections,
        })
    }
}

/// Frames with shutters of their own, at most: each is kept for as long as the object is open.
const MOST_SHUTTERS: u32 = 20_000;

/// What lies over the image: overlays, and the shutters of the frames.
fn wishes(
    dataset: &InMemDicomObject,
    (layout, frames): (Option<&Layout>, u32),
    geometry: &[FrameGeometry],
    native: Option<&NativePixels>,
    oddities: &mut Oddities,
) -> DisplayWishes {
    let Some(layout) = layout.filter(|_| frames > 0) else {
        return DisplayWishes::default();
    };
    let mut overlays = overlays(dataset, layout, frames, native, oddities);
    let own = items(dataset, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)
        .iter()
        .any(|groups| has(groups, tags::FRAME_DISPLAY_SHUTTER_SEQUENCE));
    let is_bitmap = bitmap_group(dataset).is_some();
    let mut described = if own || is_bitmap { frames } else { 1 };
    if described > MOST_SHUTTERS {
        oddities.note("The shutters of so many frames are not applied; all that they would hide is shown.");
        described = 0;
    }
    let mut shutters: Vec<Option<Shutter>> = (0..described)
        .map(|frame| {
            let groups = Groups::of(dataset, frame as usize);
            let holds = groups.group(tags::FRAME_DISPLAY_SHUTTER_SEQUENCE).unwrap_or(dataset);
            let aspect = geometry
                .get(frame as usize)
                .or(geometry.last())
                .map_or(1.0, |g| g.spacing.aspect());
            shutter(holds, aspect, &overlays, frame, oddities)
        })
        .collect();
    match shutters.first() {
        Some(first) if shutters.iter().all(|shutter| shutter == first) => {
            let keep = usize::from(first.is_some());
            shutters.truncate(keep);
        }
        _ => {}
    }
    overlays.retain(|overlay| bitmap_group(dataset) != Some(overlay.group));
    DisplayWishes {
        overlays,
        shutters,
        presentation_lut: presentation_lut(dataset, oddities),
        supplemental: supplemental(dataset, layout, oddities),
    }
}

/// The palette of a grey image that says of itself that a part of it is coloured (Pixel Presentation).
fn supplemental(dataset: &InMemDicomObject, layout: &Layout, oddities: &mut Oddities) -> Option<Arc<Palette>> {
    let coloured = ["COLOR", "MIXED"].contains(&text(dataset, tags::PIXEL_PRESENTATION).as_str());
    if !coloured || layout.photometric != Photometric::Monochrome2 || layout.kind != SampleKind::Integer {
        return None;
    }
    let palette = palette(dataset, layout.signed, oddities);
    if palette.is_none() {
        oddities.note("A part of the image is meant to be coloured, but its palette cannot be used; it is shown grey.");
    }
    palette.map(Arc::new)
}

/// Presentation LUT Sequence; its first input is always 0 (PS3.3 C.11.6.1.1).
fn presentation_lut(dataset: &InMemDicomObject, oddities: &mut Oddities) -> Option<Arc<LookupTable>> {
    let sequence = items(dataset, tags::PRESENTATION_LUT_SEQUENCE).first()?;
    let read = table(sequence, (tags::LUT_DESCRIPTOR, tags::LUT_DATA), false, oddities);
    if read.is_none() {
        oddities.note("The presentation look-up table cannot be used; the image is shown without it.");
    }
    Some(Arc::new(LookupTable { first: 0, ..read? }))
}

/// The embedded colour profile: the image's own (0028,2000), or that of a slide's first optical path (PS3.3 C.8.12.5).
fn colours(dataset: &InMemDicomObject, oddities: &mut Oddities) -> ColourState {
    let of = |dataset| match primitive(dataset, tags::ICC_PROFILE) {
        Some(PrimitiveValue::U8(icc)) => Some(ColourState::of_icc(icc)),
        _ => None,
    };
    let state = of(dataset)
        .or_else(|| of(item(dataset, tags::OPTICAL_PATH_SEQUENCE)?))
        .unwrap_or_default();
    if state == ColourState::Unusable {
        oddities.note("The image's colour profile cannot be used; its colours are shown as those of sRGB.");
    }
    state
}

/// The UIDs that identify an object.
struct Names {
    study: StudyUid,
    series: SeriesUid,
    uid: InstanceUid,
}

impl Names {
    fn read(dataset: &InMemDicomObject) -> Result<Self, ObjectError> {
        let unusable = |name: &str| ObjectError::Unusable(format!("its {name} is missing or malformed"));
        Ok(Self {
            study: StudyUid::new(&text(dataset, tags::STUDY_INSTANCE_UID))
                .ok_or_else(|| unusable("Study Instance UID"))?,
            series: SeriesUid::new(&text(dataset, tags::SERIES_INSTANCE_UID))
                .ok_or_else(|| unusable("Series Instance UID"))?,
            uid: InstanceUid::new(&text(dataset, tags::SOP_INSTANCE_UID))
                .ok_or_else(|| unusable("SOP Instance UID"))?,
        })
    }

    /// Those of no object.
    fn none() -> Self {
        Self {
            study: StudyUid::from_uuid(0),
            series: SeriesUid::from_uuid(0),
            uid: InstanceUid::from_uuid(0),
        }
    }
}

/// Which pixel data element metadata without values announces.
fn announced_kind(dataset: &InMemDicomObject) -> SampleKind {
    if dataset.get(tags::FLOAT_PIXEL_DATA).is_some() {
        SampleKind::Float
    } else if dataset.get(tags::DOUBLE_FLOAT_PIXEL_DATA).is_some() {
        SampleKind::Double
    } else {
        SampleKind::Integer
    }
}

fn words(dataset: &InMemDicomObject, oddities: &mut Oddities) -> SeriesText {
    SeriesText {
        modality: text(dataset, tags::MODALITY),
        study_description: Reader::new(whole_text(dataset, tags::STUDY_DESCRIPTION)),
        series_description: Reader::new(whole_text(dataset, tags::SERIES_DESCRIPTION)),
        series_number: integer(dataset, tags::SERIES_NUMBER),
        study_date: text(dataset, tags::STUDY_DATE),
        study_time: text(dataset, tags::STUDY_TIME),
        accession: Reader::new(text(dataset, tags::ACCESSION_NUMBER)),
        referring: Reader::new(text(dataset, tags::REFERRING_PHYSICIAN_NAME)),
        body_part: text(dataset, tags::BODY_PART_EXAMINED),
        laterality: view::laterality(dataset, oddities),
        view_position: view::view_position(dataset),
    }
}

/// When the image was acquired, as digits that sort.
fn acquired(dataset: &InMemDicomObject) -> String {
    let both = |date, time| {
        let date = text(dataset, date);
        if date.is_empty() {
            String::new()
        } else {
            date + &text(dataset, time)
        }
    };
    [
        text(dataset, tags::ACQUISITION_DATE_TIME),
        both(tags::ACQUISITION_DATE, tags::ACQUISITION_TIME),
        both(tags::CONTENT_DATE, tags::CONTENT_TIME),
    ]
    .into_iter()
    .map(|written| {
        // A zone at the end is no part of the time of day.
        let local = written.split(['+', '-']).next().unwrap_or_default();
        local.chars().filter(char::is_ascii_digit).collect::<String>()
    })
    .find(|digits| !digits.is_empty())
    .unwrap_or_default()
}

/// Pixel Padding Value and Range Limit (PS3.3 C.7.5.1.1.2), with the sign of the stored values.
fn padding(dataset: &InMemDicomObject, layout: &Layout, oddities: &mut Oddities) -> Option<Padding> {
    if layout.samples_per_pixel != 1 {
        return None;
    }
    let (value_tag, limit_tag): (Tag, Tag) = match layout.kind {
        SampleKind::Integer => (tags::PIXEL_PADDING_VALUE, tags::PIXEL_PADDING_RANGE_LIMIT),
        SampleKind::Float => (tags::FLOAT_PIXEL_PADDING_VALUE, tags::FLOAT_PIXEL_PADDING_RANGE_LIMIT),
        SampleKind::Double => (
            tags::DOUBLE_FLOAT_PIXEL_PADDING_VALUE,
            tags::DOUBLE_FLOAT_PIXEL_PADDING_RANGE_LIMIT,
        ),
    };
    let mut stored = |tag| {
        let value = number(dataset, tag)?;
        // The value representation may be the wrong one of US and SS: the bits count.
        Some(match layout.kind {
            SampleKind::Integer if layout.signed && value > 32_767.0 => {
                oddities.correct("The pixel padding value is written without its sign; it was taken with it.");
                value - 65_536.0
            }
            SampleKind::Integer if !layout.signed && value < 0.0 => {
                oddities.correct("The pixel padding value is written with a sign; it was taken without it.");
                value + 65_536.0
            }
            _ => value,
        })
    };
    let value = stored(value_tag)?;
    Some(Padding {
        value,
        limit: stored(limit_tag).unwrap_or(value),
    })
}
