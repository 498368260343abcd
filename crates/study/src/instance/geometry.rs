//! What differs from frame to frame: plane, spacing, values and order, from functional groups or from the top level (PS3.3 C.7.6.16).

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use pixels::display::{LookupTable, Modality, Voi};
use space::{FrameOfReference, PatientFromImage, PatientPoint, PatientVector};

use super::spacing::spacing;
use super::tables::table;
use super::voi::choices;
use super::{FrameGeometry, FrameOrder, Spacing, UltrasoundRegion, VoiChoice};
use crate::attribute::{exactly, has, integer, item, items, multiplicity, number, numbers, text, texts, unsigned};
use crate::object::Oddities;
use crate::{Layout, ObjectError};

/// Directions that are further than this from unit length or a right angle make no plane.
const DIRECTION_TOLERANCE: f64 = 0.01;

/// Where a frame's attributes stand: its own item, the shared one, the top level.
#[derive(Clone, Copy)]
pub(super) struct Groups<'a> {
    pub(super) top: &'a InMemDicomObject,
    shared: Option<&'a InMemDicomObject>,
    own: Option<&'a InMemDicomObject>,
}

impl<'a> Groups<'a> {
    /// The groups of a frame (from 0).
    pub(super) fn of(top: &'a InMemDicomObject, frame: usize) -> Self {
        Self {
            top,
            shared: item(top, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE),
            own: items(top, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).get(frame),
        }
    }
    /// A macro's item: the frame's own before the shared one.
    pub(super) fn group(&self, sequence: Tag) -> Option<&'a InMemDicomObject> {
        let within = |groups: Option<&'a InMemDicomObject>| item(groups?, sequence);
        within(self.own).or_else(|| within(self.shared))
    }
    /// The data set that holds an attribute of a macro: the macro's item, or the top level.
    pub(super) fn holding(&self, sequence: Tag, tag: Tag) -> &'a InMemDicomObject {
        self.group(sequence).filter(|group| has(group, tag)).unwrap_or(self.top)
    }
}

/// What all frames' items may take together where only metadata is known: a few kilobytes of it could otherwise repeat its tables
/// without measure.
pub(super) const MOST_BYTES: u64 = 512 << 20;

/// Reads every frame's geometry within so many bytes: one item when all agree; else the last one is that of all frames behind it.
///
/// # Errors
/// `Refused` when the frames' descriptions together are larger than any sensible object's.
pub(super) fn geometry(
    top: &InMemDicomObject,
    frames: u32,
    layout: Option<&Layout>,
    most_bytes: u64,
    oddities: &mut Oddities,
) -> Result<Vec<FrameGeometry>, ObjectError> {
    if frames == 0 {
        return Ok(Vec::new());
    }
    let own = items(top, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).len();
    if own > 0 && own != frames as usize {
        oddities.note("The per-frame functional groups are not as many as the frames.");
    }
    let offsets = PlaneOffsets::read(top, frames);
    // A frame beyond the groups must not borrow the first one's place, so that one item stands for those; without groups there is
    // nothing that could differ.
    let described = frames.min(
        u32::try_from(own.max(offsets.0.len()))
            .unwrap_or(u32::MAX)
            .saturating_add(1),
    );
    let mut all: Vec<FrameGeometry> = Vec::new();
    let mut bytes = 0u64;
    for frame in 0..described as usize {
        let mut one = frame_geometry(&Groups::of(top, frame), layout, oddities);
        offsets.apply(frame, &mut one);
        bytes = bytes.saturating_add(weight(&one) as u64);
        if bytes > most_bytes {
            return Err(ObjectError::Refused(
                "the descriptions of its frames are larger than any sensible object's".to_owned(),
            ));
        }
        match all.as_slice() {
            // As long as all agree, one stands for all.
            [first] if *first == one => {}
            [first] => {
                let same = first.clone();
                all.resize(frame, same);
                all.push(one);
            }
            _ => all.push(one),
        }
    }
    Ok(all)
}

/// Bytes that one frame's description takes.
fn weight(geometry: &FrameGeometry) -> usize {
    let table = |table: &LookupTable| table.entries.len() * size_of::<u16>();
    let choices = geometry.voi.iter().map(|choice| {
        let entries = match &choice.voi {
            Voi::Table(entries) => table(entries),
            Voi::Window { .. } => 0,
        };
        size_of::<VoiChoice>() + choice.name.len() + entries
    });
    let modality = match &geometry.modality {
        Modality::Table(entries) => table(entries),
        _ => 0,
    };
    let regions = match &geometry.spacing {
        Spacing::Regions(regions) => regions.len() * size_of::<UltrasoundRegion>(),
        _ => 0,
    };
    let words = geometry
        .patient_orientation
        .as_ref()
        .map_or(0, |(a, b)| a.len() + b.len());
    let order = geometry.order.stack.len() + geometry.order.dimension_index.len() * size_of::<u32>();
    size_of::<FrameGeometry>() + choices.sum::<usize>() + modality + regions + words + order
}

fn frame_geometry(groups: &Groups<'_>, layout: Option<&Layout>, oddities: &mut Oddities) -> FrameGeometry {
    let modality_word = text(groups.top, tags::MODALITY);
    let mut orientation_refused = false;
    let plane = plane(groups, &mut orientation_refused, oddities);
    let patient_orientation = patient_orientation(groups, &mut orientation_refused, oddities);
    let modality = modality(groups, layout, oddities);
    let windows = groups
        .group(tags::FRAME_VOILUT_SEQUENCE)
        .filter(|group| has(group, tags::WINDOW_CENTER) || has(group, tags::VOILUT_SEQUENCE))
        .unwrap_or(groups.top);
    FrameGeometry {
        spacing: spacing(groups, plane.is_some(), oddities),
        plane,
        voi: choices(windows, &modality_word, &modality, layout, oddities),
        modality,
        thickness: number(
            groups.holding(tags::PIXEL_MEASURES_SEQUENCE, tags::SLICE_THICKNESS),
            tags::SLICE_THICKNESS,
        ),
        order: order(groups),
        orientation_refused,
        patient_orientation,
    }
}

/// Patient Orientation (PS3.3 C.7.6.1.1.1) as written; refused where rows and columns run along one and the same axis.
fn patient_orientation(groups: &Groups<'_>, refused: &mut bool, oddities: &mut Oddities) -> Option<(String, String)> {
    // Two values or nonsense, which is not read for each frame again.
    if multiplicity(groups.top, tags::PATIENT_ORIENTATION) > 2 {
        return None;
    }
    let written = texts(groups.top, tags::PATIENT_ORIENTATION);
    let [row, column] = written.as_slice() else { return None };
    if row.is_empty() || column.is_empty() {
        return None;
    }
    let is_animal = text(groups.top, tags::ANATOMICAL_ORIENTATION_TYPE) == "QUADRUPED";
    // Animals' letters mean other axes.
    let axis = |word: &str| match word.chars().next() {
        Some('L' | 'R') if !is_animal => Some(0),
        Some('A' | 'P') if !is_animal => Some(1),
        Some('H' | 'F') if !is_animal => Some(2),
        _ => None,
    };
    if axis(row).is_some() && axis(row) == axis(column) {
        oddities.note("The patient's directions along rows and columns contradict each other and were not used.");
        *refused = true;
        return None;
    }
    Some((row.clone(), column.clone()))
}

/// The frame's plane (PS3.3 C.7.6.2.1.1); `None` when an attribute is missing, and `refused` too when they make no plane.
fn plane(groups: &Groups<'_>, refused: &mut bool, oddities: &mut Oddities) -> Option<PatientFromImage> {
    // NM keeps both in its detector's item (PS3.3 C.8.4.11).
    let detector = item(groups.top, tags::DETECTOR_INFORMATION_SEQUENCE);
    let find = |sequence, tag| {
        let usual = groups.holding(sequence, tag);
        detector.filter(|d| !has(usual, tag) && has(d, tag)).unwrap_or(usual)
    };
    let position = find(tags::PLANE_POSITION_SEQUENCE, tags::IMAGE_POSITION_PATIENT);
    let orientation = find(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT);
    let measures = groups.holding(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING);
    if !has(position, tags::IMAGE_POSITION_PATIENT) || !has(orientation, tags::IMAGE_ORIENTATION_PATIENT) {
        return None;
    }
    let usable = (|| {
        let [x, y, z] = exactly::<3>(position, tags::IMAGE_POSITION_PATIENT)?;
        let [rx, ry, rz, cx, cy, cz] = exactly::<6>(orientation, tags::IMAGE_ORIENTATION_PATIENT)?;
        let along_row = PatientVector::new(rx, ry, rz);
        let along_column = PatientVector::new(cx, cy, cz);
        let is_unit = |v: PatientVector| (v.length() - 1.0).abs() <= DIRECTION_TOLERANCE;
        if !is_unit(along_row) || !is_unit(along_column) || along_row.dot(along_column).abs() > DIRECTION_TOLERANCE {
            return None;
        }
        Some((PatientPoint::new(x, y, z), along_row.unit()?, along_column.unit()?))
    })();
    let Some((origin, along_row, along_column)) = usable else {
        oddities.note("Position or orientation in the patient makes no plane and was not used.");
        *refused = true;
        return None;
    };
    let [row_spacing, column_spacing] =
        exactly::<2>(measures, tags::PIXEL_SPACING).filter(|s| s.iter().all(|x| *x > 0.0))?;
    let frame_of_reference = text(groups.top, tags::FRAME_OF_REFERENCE_UID);
    Some(PatientFromImage {
        frame_of_reference: (!frame_of_reference.is_empty()).then(|| FrameOfReference::new(&frame_of_reference)),
        origin,
        along_row,
        along_column,
        column_spacing,
        row_spacing,
    })
}

/// Distances of frames from the first one's plane, for objects that keep them in one attribute.
struct PlaneOffsets(Vec<f64>);

impl PlaneOffsets {
    fn read(top: &InMemDicomObject, frames: u32) -> Self {
        let frames = frames as usize;
        // RT Dose: relative to the first frame, or absolute along z (PS3.3 C.8.8.3.2).
        let grid = numbers(top, tags::GRID_FRAME_OFFSET_VECTOR);
        if grid.len() == frames && frames > 1 && grid.iter().all(|x| x.is_finite()) {
            let first = grid.first().copied().unwrap_or(0.0);
            return Self(grid.iter().map(|x| x - first).collect());
        }
        // Reconstructed NM: slices follow one another at their spacing (PS3.3 C.8.4.15).
        let slices = unsigned(top, tags::SLICE_VECTOR);
        let between = number(top, tags::SPACING_BETWEEN_SLICES);
        match between {
            Some(between) if slices.len() == frames && text(top, tags::MODALITY) == "NM" => Self(
                slices
                    .iter()
                    .map(|&slice| f64::from(slice.saturating_sub(1)) * between)
                    .collect(),
            ),
            _ => Self(Vec::new()),
        }
    }

    fn apply(&self, frame: usize, geometry: &mut FrameGeometry) {
        if let (Some(plane), Some(&offset)) = (&mut geometry.plane, self.0.get(frame)) {
            plane.origin = plane.origin.plus(plane.normal().scaled(offset));
        }
    }
}

/// The modality stage that a data set without images describes at its top level.
pub(crate) fn modality_of(dataset: &InMemDicomObject, oddities: &mut Oddities) -> Modality {
    modality(&Groups::of(dataset, 0), None, oddities)
}

/// Stored value → modality value (PS3.3 C.11.1, C.7.6.16.2.9).
fn modality(groups: &Groups<'_>, layout: Option<&Layout>, oddities: &mut Oddities) -> Modality {
    let transformation = groups.group(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE);
    if transformation.is_none()
        && let Some(sequence) = item(groups.top, tags::MODALITY_LUT_SEQUENCE)
    {
        let signed = layout.is_some_and(|l| l.signed);
        match table(sequence, (tags::LUT_DESCRIPTOR, tags::LUT_DATA), signed, oddities) {
            Some(table) => return Modality::Table(table),
            None => oddities.correct("The modality look-up table cannot be used; values are shown as stored."),
        }
    }
    let rescale = transformation.unwrap_or(groups.top);
    match (has(rescale, tags::RESCALE_SLOPE), has(rescale, tags::RESCALE_INTERCEPT)) {
        (true, true) => {}
        (false, false) => return Modality::Identity,
        _ => {
            oddities.correct("Of rescale slope and intercept one is missing; values are shown as stored.");
            return Modality::Identity;
        }
    }
    let slope = number(rescale, tags::RESCALE_SLOPE);
    let intercept = number(rescale, tags::RESCALE_INTERCEPT);
    // Values of 64 bits at most: beyond this the product is no number any more.
    let sensible = |x: &f64| x.abs() < 1e200;
    match (slope.filter(|s| *s != 0.0).filter(sensible), intercept.filter(sensible)) {
        (Some(slope), Some(intercept)) if slope == 1.0 && intercept == 0.0 => Modality::Identity,
        (Some(slope), Some(intercept)) => Modality::Rescale { slope, intercept },
        _ => {
            oddities.correct("Rescale slope or intercept cannot be used; values are shown as stored.");
            Modality::Identity
        }
    }
}

/// What orders frames at the same place.
fn order(groups: &Groups<'_>) -> FrameOrder {
    let in_group = |sequence, tag| groups.group(sequence).and_then(|group| number(group, tag));
    let content = groups.group(tags::FRAME_CONTENT_SEQUENCE);
    let whole = |tag| content.and_then(|c| integer(c, tag));
    FrameOrder {
        stack: content.map(|c| text(c, tags::STACK_ID)).unwrap_or_default(),
        in_stack: whole(tags::IN_STACK_POSITION_NUMBER).and_then(|n| u32::try_from(n).ok()),
        dimension_index: content
            .map(|c| unsigned(c, tags::DIMENSION_INDEX_VALUES))
            .unwrap_or_default(),
        temporal_position: whole(tags::TEMPORAL_POSITION_INDEX)
            .or_else(|| integer(groups.top, tags::TEMPORAL_POSITION_IDENTIFIER)),
        trigger_ms: in_group(
            tags::CARDIAC_SYNCHRONIZATION_SEQUENCE,
            tags::NOMINAL_CARDIAC_TRIGGER_DELAY_TIME,
        )
        .or_else(|| number(groups.top, tags::TRIGGER_TIME)),
        echo_ms: in_group(tags::MR_ECHO_SEQUENCE, tags::EFFECTIVE_ECHO_TIME)
            .or_else(|| number(groups.top, tags::ECHO_TIME)),
        b_value: in_group(tags::MR_DIFFUSION_SEQUENCE, tags::DIFFUSION_B_VALUE)
            .or_else(|| number(groups.top, tags::DIFFUSION_B_VALUE))
            .or_else(|| private_b_value(groups.top)),
        acquisition: whole(tags::FRAME_ACQUISITION_NUMBER).or_else(|| integer(groups.top, tags::ACQUISITION_NUMBER)),
    }
}

/// The b-value where older machines of two makers keep it.
fn private_b_value(top: &InMemDicomObject) -> Option<f64> {
    let private = |creator: &str, group, element| {
        let element = top.private_element(group, creator, element).ok()?;
        let whole = match element.value().primitive()? {
            // Implicit files and archives that do not know the element keep its bytes.
            dicom_core::PrimitiveValue::U8(bytes) => String::from_utf8(bytes.to_vec()).ok()?,
            value => value.to_str().into_owned(),
        };
        let first = whole.split('\\').next()?.trim_matches([' ', '\0']).to_owned();
        first.parse::<f64>().ok().filter(|b| b.is_finite() && *b >= 0.0)
    };
    private("SIEMENS MR HEADER", 0x0019, 0x0C)
        // GE adds 10⁹ to say that other directions were averaged.
        .or_else(|| private("GEMS_PARM_01", 0x0043, 0x39).map(|b| b % 1e9))
}
