//! From a data set to a presentation state.

use std::collections::HashMap;
use std::sync::Arc;

use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use space::Turn;

use super::annotation::{Room, annotation, lacks};
use super::{DisplayedArea, Images, PresentationLut, PresentationState, Scoped, SeriesImages, SizeMode, shade};
use crate::attribute::{exactly, has, integer, item, items, number, text, unsigned};
use crate::instance::{bitmap_group, modality_of, overlays_of_state, shutter, tables, voi_choices};
use crate::object::Oddities;
use crate::{InstanceUid, Oddity, Reader, SeriesUid};

/// Images that one state may name, everywhere in it together.
const MOST_REFERENCES: usize = 100_000;
/// Items of one of its sequences.
const MOST_ITEMS: usize = 10_000;
/// Corners of a displayed area lie no further from the image than this, pixels.
const FAR: f64 = 1e6;

/// Reads a presentation state; `None` for objects of other classes, and for one that names no image.
pub(crate) fn state(dataset: &InMemDicomObject, oddities: &mut Oddities) -> Option<PresentationState> {
    let class = text(dataset, tags::SOP_CLASS_UID);
    let colour = match class.as_str() {
        uids::GRAYSCALE_SOFTCOPY_PRESENTATION_STATE_STORAGE => false,
        uids::COLOR_SOFTCOPY_PRESENTATION_STATE_STORAGE => true,
        _ => return None,
    };
    let mut references = References {
        left: MOST_REFERENCES,
        oddities,
    };
    let series = references.series(dataset);
    if series.is_empty() {
        oddities.note("The presentation state names no image and cannot be shown.");
        return None;
    }
    let mut not_shown = Vec::new();
    unshown(dataset, colour, &mut not_shown);
    let (turn, flipped) = transformation(dataset, &mut not_shown);
    let windows = if colour { Vec::new() } else { windows(dataset, oddities) };
    let mut overlays = overlays_of_state(dataset, oddities);
    // The image's own pixels are not known here: a circle's aspect comes with the image.
    let shutter = shutter(dataset, 1.0, &overlays, 0, oddities);
    let bitmap = bitmap_group(dataset);
    overlays.retain(|overlay| bitmap != Some(overlay.group));
    Some(PresentationState {
        colour,
        label: Reader::new(text(dataset, tags::CONTENT_LABEL)),
        description: Reader::new(text(dataset, tags::CONTENT_DESCRIPTION)),
        creator: Reader::new(text(dataset, tags::CONTENT_CREATOR_NAME)),
        created: text(dataset, tags::PRESENTATION_CREATION_DATE),
        series,
        modality: modality_of(dataset, oddities),
        lut: lut(dataset, oddities),
        turn,
        flipped,
        windows,
        areas: areas(dataset, oddities),
        annotations: annotations(dataset, &mut not_shown, oddities),
        shutter,
        overlays,
        active_overlays: active_overlays(dataset),
        not_shown,
    })
}

/// References to images, so many of them together.
struct References<'a> {
    left: usize,
    oddities: &'a mut Oddities,
}

impl References<'_> {
    fn series(&mut self, dataset: &InMemDicomObject) -> Vec<SeriesImages> {
        items(dataset, tags::REFERENCED_SERIES_SEQUENCE)
            .iter()
            .take(MOST_ITEMS)
            .filter_map(|item| {
                Some(SeriesImages {
                    series: SeriesUid::new(&text(item, tags::SERIES_INSTANCE_UID))?,
                    images: self.images(item)?,
                })
            })
            .collect()
    }

    /// The images that an item names; `None` when it names some of which none can be read, for then it does not mean all.
    fn images(&mut self, item: &InMemDicomObject) -> Option<Images> {
        let named = items(item, tags::REFERENCED_IMAGE_SEQUENCE);
        let mut images: HashMap<InstanceUid, Vec<u32>> = HashMap::new();
        for reference in named {
            let Some(uid) = InstanceUid::new(&text(reference, tags::REFERENCED_SOP_INSTANCE_UID)) else {
                self.oddities
                    .note("The presentation state names an image by no usable UID.");
                continue;
            };
            let written = unsigned(reference, tags::REFERENCED_FRAME_NUMBER);
            let frames: Vec<u32> = written.iter().filter_map(|frame| frame.checked_sub(1)).collect();
            let Some(left) = self.left.checked_sub(frames.len() + 1) else {
                self.oddities
                    .note("The presentation state names more images than are believed; the last ones were left out.");
                break;
            };
            self.left = left;
            if frames.is_empty() && has(reference, tags::REFERENCED_FRAME_NUMBER) {
                // Frames that cannot be read are not all frames.
                continue;
            }
            match images.entry(uid) {
                std::collections::hash_map::Entry::Vacant(new) => {
                    new.insert(frames);
                }
                std::collections::hash_map::Entry::Occupied(mut known) => {
                    // Named once as a whole: all of it, whatever else is named.
                    if known.get().is_empty() || frames.is_empty() {
                        known.get_mut().clear();
                    } else {
                        known.get_mut().extend(frames);
                    }
                }
            }
        }
        (named.is_empty() || !images.is_empty()).then_some(Images(images))
    }
}

/// The items of a sequence that hold for some images, each with those.
fn scoped<T>(
    sequence: &[InMemDicomObject],
    oddities: &mut Oddities,
    mut read: impl FnMut(&InMemDicomObject, &mut Oddities) -> Option<T>,
) -> Vec<Scoped<T>> {
    let mut left = MOST_REFERENCES;
    sequence
        .iter()
        .take(MOST_ITEMS)
        .filter_map(|item| {
            let mut references = References { left, oddities };
            let images = references.images(item);
            left = references.left;
            Some(Scoped {
                images: images?,
                what: Arc::new(read(item, oddities)?),
            })
        })
        .collect()
}

/// Softcopy VOI LUT Sequence (PS3.3 C.11.8): of each item its first window or table.
fn windows(dataset: &InMemDicomObject, oddities: &mut Oddities) -> Vec<Scoped<pixels::display::Voi>> {
    let modality = modality_of(dataset, &mut Oddities::default());
    scoped(
        items(dataset, tags::SOFTCOPY_VOILUT_SEQUENCE),
        oddities,
        |item, oddities| {
            let first = voi_choices(item, &modality, oddities).into_iter().next();
            if first.is_none() {
                oddities.note("A window of the presentation state cannot be applied.");
            }
            first.map(|choice| choice.voi)
        },
    )
}

/// Presentation LUT Sequence or Shape (PS3.3 C.11.6).
fn lut(dataset: &InMemDicomObject, oddities: &mut Oddities) -> PresentationLut {
    if let Some(item) = item(dataset, tags::PRESENTATION_LUT_SEQUENCE) {
        // Its first input is always 0: the table covers the whole range of what comes in.
        let table = tables::table(item, (tags::LUT_DESCRIPTOR, tags::LUT_DATA), false, oddities);
        if let Some(mut table) = table {
            table.first = 0;
            return PresentationLut::Table(Arc::new(table));
        }
        oddities.note("The presentation look-up table cannot be used; IDENTITY was taken.");
        return PresentationLut::Identity;
    }
    match text(dataset, tags::PRESENTATION_LUT_SHAPE).as_str() {
        "INVERSE" => PresentationLut::Inverse,
        _ => PresentationLut::Identity,
    }
}

/// Image Rotation, then Image Horizontal Flip (PS3.3 C.10.6), in the order of this program: flip, then turn. A mirror turns a turn
/// round.
fn transformation(dataset: &InMemDicomObject, not_shown: &mut Vec<Oddity>) -> (Turn, bool) {
    let flipped = text(dataset, tags::IMAGE_HORIZONTAL_FLIP) == "Y";
    let degrees = if has(dataset, tags::IMAGE_ROTATION) {
        integer(dataset, tags::IMAGE_ROTATION)
    } else {
        Some(0)
    };
    let quarters = degrees.filter(|degrees| degrees % 90 == 0).map(|degrees| {
        let quarters = (degrees / 90).rem_euclid(4);
        if flipped { (4 - quarters) % 4 } else { quarters }
    });
    let turn = match quarters {
        Some(0) => Turn::None,
        Some(1) => Turn::Quarter,
        Some(2) => Turn::Half,
        Some(_) => Turn::ThreeQuarters,
        None => {
            lacks(
                not_shown,
                "The state turns the image by no whole quarter; it is not turned.",
            );
            Turn::None
        }
    };
    (turn, flipped)
}

/// Displayed Area Selection Sequence (PS3.3 C.10.4).
fn areas(dataset: &InMemDicomObject, oddities: &mut Oddities) -> Vec<Scoped<DisplayedArea>> {
    scoped(
        items(dataset, tags::DISPLAYED_AREA_SELECTION_SEQUENCE),
        oddities,
        |item, oddities| {
            let area = area(item, oddities);
            if area.is_none() {
                oddities.note("A displayed area of the presentation state makes no sense; the whole image is shown.");
            }
            area
        },
    )
}

fn area(item: &InMemDicomObject, oddities: &mut Oddities) -> Option<DisplayedArea> {
    // Column and row from 1; which corner is which depends on turn and flip, so that either may be the greater one.
    let a = exactly::<2>(item, tags::DISPLAYED_AREA_TOP_LEFT_HAND_CORNER)?;
    let b = exactly::<2>(item, tags::DISPLAYED_AREA_BOTTOM_RIGHT_HAND_CORNER)?;
    if a.iter().chain(&b).any(|at| at.abs() > FAR) {
        return None;
    }
    // A pixel's edges lie half a pixel from its centre, and the first centre is 0 here.
    let edges = |a: f64, b: f64| (a.min(b) - 1.5, a.max(b) - 0.5);
    let (left, right) = edges(a[0], b[0]);
    let (top, bottom) = edges(a[1], b[1]);
    let positive = |values: [f64; 2]| values.iter().all(|value| *value > 0.0).then_some(values);
    let spacing = exactly::<2>(item, tags::PRESENTATION_PIXEL_SPACING).and_then(positive);
    let ratio = exactly::<2>(item, tags::PRESENTATION_PIXEL_ASPECT_RATIO).and_then(positive);
    let size = match text(item, tags::PRESENTATION_SIZE_MODE).as_str() {
        "TRUE SIZE" => spacing.map(|[_, column_mm]| SizeMode::TrueSize { column_mm }),
        "MAGNIFY" => number(item, tags::PRESENTATION_PIXEL_MAGNIFICATION_RATIO)
            .filter(|ratio| (1e-3..=1e3).contains(ratio))
            .map(SizeMode::Magnify),
        "SCALE TO FIT" => Some(SizeMode::ScaleToFit),
        _ => None,
    };
    let size = size.unwrap_or_else(|| {
        oddities.note("The presentation state does not say how large the image is to be shown; it is fitted.");
        SizeMode::ScaleToFit
    });
    let aspect = spacing.or(ratio).map(|[row, column]| row / column);
    Some(DisplayedArea {
        left,
        top,
        right,
        bottom,
        aspect: aspect.filter(|aspect| (1e-3..=1e3).contains(aspect)),
        size,
    })
}

/// Graphic Annotation Sequence (PS3.3 C.10.5), each item with what its layer says (PS3.3 C.10.7).
fn annotations(
    dataset: &InMemDicomObject,
    not_shown: &mut Vec<Oddity>,
    oddities: &mut Oddities,
) -> Vec<Scoped<super::Annotation>> {
    let layers: HashMap<String, (i64, Option<[u8; 3]>)> = items(dataset, tags::GRAPHIC_LAYER_SEQUENCE)
        .iter()
        .take(MOST_ITEMS)
        .map(|layer| {
            let order = integer(layer, tags::GRAPHIC_LAYER_ORDER).unwrap_or_default();
            (text(layer, tags::GRAPHIC_LAYER), (order, shade::recommended(layer)))
        })
        .collect();
    let mut room = Room::default();
    scoped(
        items(dataset, tags::GRAPHIC_ANNOTATION_SEQUENCE),
        oddities,
        |item, oddities| {
            let layer = layers
                .get(&text(item, tags::GRAPHIC_LAYER))
                .copied()
                .unwrap_or_else(|| {
                    oddities.note("An annotation names a layer that the presentation state does not have.");
                    (i64::MAX, None)
                });
            annotation(item, layer, &mut room, not_shown, oddities)
        },
    )
}

/// The overlays that lie on a layer: only those are shown (Overlay Activation Layer (60xx,1001), PS3.3 C.11.7).
fn active_overlays(dataset: &InMemDicomObject) -> Vec<u16> {
    let groups = (0x6000..=0x601E).step_by(2);
    groups
        .filter(|group| has(dataset, dicom_core::Tag(*group, 0x1001)))
        .collect()
}

/// What of a state this program does not show.
fn unshown(dataset: &InMemDicomObject, colour: bool, not_shown: &mut Vec<Oddity>) {
    if dataset.get(tags::MASK_SUBTRACTION_SEQUENCE).is_some() {
        lacks(not_shown, "Its mask subtraction is not shown.");
    }
    if colour && has(dataset, tags::ICC_PROFILE) {
        lacks(
            not_shown,
            "Its colour profile is not applied; colours are shown as the image's own.",
        );
    }
}
