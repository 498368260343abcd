//! What a pixel measures, and what that number is worth (PS3.3 10.7.1, C.7.6.2, C.8.5.5; the clinical rule of the design).

use std::sync::Arc;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::geometry::Groups;
use super::{Spacing, UltrasoundRegion};
use crate::attribute::{exactly, integer, items, number, text, unsigned};
use crate::object::Oddities;

/// Images of slices and slides: Pixel Spacing is in the patient.
const TOMOGRAPHIC: [&str; 10] = ["CT", "MR", "PT", "NM", "OPT", "OCT", "IVOCT", "SM", "RTDOSE", "SEG"];
/// Shadows on a detector: what Pixel Spacing means must be found out.
const PROJECTION: [&str; 9] = ["CR", "DX", "MG", "IO", "PX", "RF", "XA", "RG", "RTIMAGE"];
/// Tomosynthesis slices, X-ray 3D angiographic and craniofacial volumes, whose modality is that of a projection.
const SLICES_OF_PROJECTIONS: [&str; 3] = [
    "1.2.840.10008.5.1.4.1.1.13.1.1",
    "1.2.840.10008.5.1.4.1.1.13.1.2",
    "1.2.840.10008.5.1.4.1.1.13.1.3",
];
/// Pixel Spacing and Imager Pixel Spacing that differ by more than this are not the same.
const SAME: f64 = 0.001;

/// Finds the spacing of one frame: the first rule that applies.
pub(super) fn spacing(groups: &Groups<'_>, has_plane: bool, oddities: &mut Oddities) -> Spacing {
    let modality = text(groups.top, tags::MODALITY);
    let class = text(groups.top, tags::SOP_CLASS_UID);
    let mut pair = |dataset: &InMemDicomObject, tag: Tag| -> Option<(f64, f64)> {
        let [row, column] = match exactly::<2>(dataset, tag) {
            Some(both) => both,
            None => {
                let one = number(dataset, tag)?;
                oddities.correct("A pixel spacing has not two values; the first was taken for rows and columns alike.");
                [one, one]
            }
        };
        if row > 0.0 && column > 0.0 {
            return Some((row, column));
        }
        oddities.note("A pixel spacing is not positive and was not used.");
        None
    };
    let pixel_spacing = pair(
        groups.holding(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING),
        tags::PIXEL_SPACING,
    );
    let aspect = || match exactly::<2>(groups.top, tags::PIXEL_ASPECT_RATIO) {
        Some([vertical, horizontal]) if vertical > 0.0 && horizontal > 0.0 => vertical / horizontal,
        _ => 1.0,
    };
    let calibrated = |(row, column): (f64, f64), how: &str| Spacing::Calibrated {
        row,
        column,
        how: Arc::from(how),
    };

    let regions = regions(groups.top);
    if !regions.is_empty() {
        return Spacing::Regions(regions);
    }
    let slices = SLICES_OF_PROJECTIONS.contains(&class.as_str())
        || TOMOGRAPHIC.contains(&modality.as_str())
        || has_plane && !PROJECTION.contains(&modality.as_str());
    if slices {
        return match pixel_spacing {
            Some((row, column)) => Spacing::Patient { row, column },
            None => Spacing::Unknown { aspect: aspect() },
        };
    }
    let properties = groups.holding(tags::FRAME_PIXEL_DATA_PROPERTIES_SEQUENCE, tags::IMAGER_PIXEL_SPACING);
    let imager =
        pair(properties, tags::IMAGER_PIXEL_SPACING).or_else(|| pair(groups.top, tags::IMAGE_PLANE_PIXEL_SPACING));
    let at_isocentre = pair(
        groups.holding(
            tags::FRAME_PIXEL_DATA_PROPERTIES_SEQUENCE,
            tags::OBJECT_PIXEL_SPACING_IN_CENTER_OF_BEAM,
        ),
        tags::OBJECT_PIXEL_SPACING_IN_CENTER_OF_BEAM,
    );
    let on_film = pair(groups.top, tags::NOMINAL_SCANNED_PIXEL_SPACING);
    let magnification = number(groups.top, tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR).filter(|m| *m > 1.0);
    let same = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs() <= SAME * b.0 && (a.1 - b.1).abs() <= SAME * b.1;

    match (pixel_spacing, imager) {
        (Some(spacing), _) if text(groups.top, tags::PIXEL_SPACING_CALIBRATION_TYPE) == "FIDUCIAL" => {
            calibrated(spacing, "fiducial")
        }
        (Some(spacing), _) if text(groups.top, tags::PIXEL_SPACING_CALIBRATION_TYPE) == "GEOMETRY" => {
            calibrated(spacing, "magnification-corrected")
        }
        (Some(spacing), Some(imager)) if !same(spacing, imager) => calibrated(spacing, "corrected, method not stated"),
        (_, Some(_)) if at_isocentre.is_some() => calibrated(at_isocentre.unwrap_or_default(), "at isocentre"),
        (_, Some((row, column))) => {
            let divided = magnification.unwrap_or(1.0);
            Spacing::Imager {
                row: row / divided,
                column: column / divided,
                magnification,
            }
        }
        (Some(spacing), None) if on_film.is_some_and(|film| same(spacing, film)) => calibrated(spacing, "on film"),
        (Some(spacing), None) => calibrated(spacing, "calibration unknown"),
        (None, None) => match (at_isocentre, on_film) {
            (Some(spacing), _) => calibrated(spacing, "at isocentre"),
            (None, Some(film)) => calibrated(film, "on film"),
            (None, None) => Spacing::Unknown { aspect: aspect() },
        },
    }
}

/// Sequence of Ultrasound Regions (0018,6011), without items that lack a place or a scale.
fn regions(dataset: &InMemDicomObject) -> Vec<UltrasoundRegion> {
    items(dataset, tags::SEQUENCE_OF_ULTRASOUND_REGIONS)
        .iter()
        .filter_map(|item| {
            let place = |tag| unsigned(item, tag).first().copied();
            let unit = |tag| integer(item, tag).and_then(|n| u16::try_from(n).ok()).unwrap_or(0);
            let region = UltrasoundRegion {
                left: place(tags::REGION_LOCATION_MIN_X0)?,
                top: place(tags::REGION_LOCATION_MIN_Y0)?,
                right: place(tags::REGION_LOCATION_MAX_X1)?,
                bottom: place(tags::REGION_LOCATION_MAX_Y1)?,
                units: (
                    unit(tags::PHYSICAL_UNITS_X_DIRECTION),
                    unit(tags::PHYSICAL_UNITS_Y_DIRECTION),
                ),
                delta: (
                    number(item, tags::PHYSICAL_DELTA_X)?,
                    number(item, tags::PHYSICAL_DELTA_Y)?,
                ),
                high_priority: integer(item, tags::REGION_FLAGS).is_some_and(|flags| flags & 1 == 0),
            };
            let sensible = region.left <= region.right
                && region.top <= region.bottom
                && region.delta.0 != 0.0
                && region.delta.1 != 0.0;
            sensible.then_some(region)
        })
        .collect()
}
