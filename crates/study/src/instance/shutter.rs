//! Display shutters of an image (PS3.3 C.7.6.11, C.7.6.15) and of its frames (C.7.6.16.2.16).

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use pixels::shutter::{Shutter, ShutterShape};

use super::Overlay;
use crate::attribute::{exactly, has, integer, multiplicity, number, numbers, texts};
use crate::object::Oddities;

/// Shapes of one shutter, at most.
const MOST_SHAPES: usize = 8;

/// Reads the shutter that a data set or functional group describes; `None` without one.
///
/// `aspect` is the pixels' row distance ÷ column distance; `overlays` are the image's own, among which a bitmap shutter finds
/// its bits for `frame` (from 0).
pub(crate) fn shutter(
    dataset: &InMemDicomObject,
    aspect: f64,
    overlays: &[Overlay],
    frame: u32,
    oddities: &mut Oddities,
) -> Option<Shutter> {
    // The standard knows four shapes; more of them would be work at every pixel.
    if multiplicity(dataset, tags::SHUTTER_SHAPE) > MOST_SHAPES {
        oddities.note("A shutter of the image cannot be applied; all that it would hide is shown.");
        return None;
    }
    let shapes: Vec<ShutterShape> = texts(dataset, tags::SHUTTER_SHAPE)
        .iter()
        .filter_map(|word| {
            let shape = match word.as_str() {
                "RECTANGULAR" => rectangle(dataset),
                "CIRCULAR" => circle(dataset, aspect),
                "POLYGONAL" => polygon(dataset),
                "BITMAP" => bitmap(dataset, overlays, frame),
                _ => None,
            };
            if shape.is_none() {
                oddities.note("A shutter of the image cannot be applied; all that it would hide is shown.");
            }
            shape
        })
        .collect();
    (!shapes.is_empty()).then(|| Shutter {
        shapes,
        colour: colour(dataset),
    })
}

/// The group of the overlay that is a bitmap shutter and therefore no drawing.
pub(crate) fn bitmap_group(dataset: &InMemDicomObject) -> Option<u16> {
    if !texts(dataset, tags::SHUTTER_SHAPE).iter().any(|word| word == "BITMAP") {
        return None;
    }
    u16::try_from(integer(dataset, tags::SHUTTER_OVERLAY_GROUP)?).ok()
}

fn rectangle(dataset: &InMemDicomObject) -> Option<ShutterShape> {
    let edge = |tag: Tag| integer(dataset, tag).and_then(|edge| i32::try_from(edge).ok());
    Some(ShutterShape::Rectangle {
        left: edge(tags::SHUTTER_LEFT_VERTICAL_EDGE)?,
        right: edge(tags::SHUTTER_RIGHT_VERTICAL_EDGE)?,
        upper: edge(tags::SHUTTER_UPPER_HORIZONTAL_EDGE)?,
        lower: edge(tags::SHUTTER_LOWER_HORIZONTAL_EDGE)?,
    })
}

fn circle(dataset: &InMemDicomObject, aspect: f64) -> Option<ShutterShape> {
    let [row, column] = exactly::<2>(dataset, tags::CENTER_OF_CIRCULAR_SHUTTER)?;
    let radius = number(dataset, tags::RADIUS_OF_CIRCULAR_SHUTTER).filter(|radius| *radius >= 0.0)?;
    Some(ShutterShape::Circle {
        row,
        column,
        radius,
        aspect,
    })
}

/// So many corners are believed: each of them costs time at every pixel.
const MOST_CORNERS: usize = 1000;

fn polygon(dataset: &InMemDicomObject) -> Option<ShutterShape> {
    if multiplicity(dataset, tags::VERTICES_OF_THE_POLYGONAL_SHUTTER) > 2 * MOST_CORNERS {
        return None;
    }
    let corners = numbers(dataset, tags::VERTICES_OF_THE_POLYGONAL_SHUTTER);
    let (pairs, rest) = corners.as_chunks::<2>();
    let sensible = rest.is_empty() && (3..=MOST_CORNERS).contains(&pairs.len());
    (sensible && corners.iter().all(|x| x.is_finite()))
        .then(|| ShutterShape::Polygon(pairs.iter().map(|[row, column]| (*row, *column)).collect()))
}

fn bitmap(dataset: &InMemDicomObject, overlays: &[Overlay], frame: u32) -> Option<ShutterShape> {
    let group = bitmap_group(dataset)?;
    let overlay = overlays.iter().find(|overlay| overlay.group == group)?;
    Some(ShutterShape::Bitmap(overlay.plane(frame)?))
}

/// The colour of what is hidden: black where the object says none, which the standard leaves open.
fn colour(dataset: &InMemDicomObject) -> [u8; 3] {
    if has(dataset, tags::SHUTTER_PRESENTATION_COLOR_CIE_LAB_VALUE)
        && let Some(lab) = exactly::<3>(dataset, tags::SHUTTER_PRESENTATION_COLOR_CIE_LAB_VALUE)
    {
        return pixels::lab::rgb_of_pcs_lab(lab.map(|value| value.clamp(0.0, 65_535.0) as u16));
    }
    let grey = integer(dataset, tags::SHUTTER_PRESENTATION_VALUE).and_then(|value| u16::try_from(value).ok());
    Shutter::grey(grey.unwrap_or(0))
}
