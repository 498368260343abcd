//! What the numbers of an image are called.

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use pixels::display::Modality;

use super::geometry::Groups;
use super::{FrameGeometry, Unit};
use crate::SampleKind;
use crate::attribute::{has, item, text, texts};

/// What the numbers of an image are called (PS3.3 C.11.1.1.2, C.8.9.1.1.3).
pub(super) fn unit(top: &InMemDicomObject, geometry: &[FrameGeometry], kind: SampleKind) -> Unit {
    let named = |word: &str| Unit::Named(word.into());
    let first = Groups::of(top, 0);
    let modality_word = text(top, tags::MODALITY);
    let rescaled = geometry.iter().any(|g| g.modality != Modality::Identity);
    let transformation = first.group(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE).unwrap_or(top);
    let rescale_type = match item(top, tags::MODALITY_LUT_SEQUENCE) {
        Some(table) => text(table, tags::MODALITY_LUT_TYPE),
        None => text(transformation, tags::RESCALE_TYPE),
    };
    if modality_word == "PT" {
        return match text(top, tags::UNITS).as_str() {
            "" => Unit::StoredValue,
            "BQML" => named("Bq/ml"),
            "CNTS" => named("counts"),
            "GML" => named("g/ml"),
            "CPS" => named("counts/s"),
            "PROPCNTS" => named("proportional to counts"),
            "CM2ML" => named("cm²/ml"),
            "PCNT" => named("%"),
            "MLMING" => named("ml/min/g"),
            other => named(other),
        };
    }
    let is_localizer = texts(top, tags::IMAGE_TYPE)
        .get(2)
        .is_some_and(|word| word == "LOCALIZER");
    // A CT without any rescale says nothing of its values.
    let has_rescale = rescaled || has(transformation, tags::RESCALE_INTERCEPT);
    match rescale_type.as_str() {
        "HU" => Unit::Hounsfield,
        "" if modality_word == "CT" && !is_localizer && has_rescale => Unit::Hounsfield,
        "" | "US" if rescaled => named("a.u."),
        "" | "US" if kind == SampleKind::Integer || !rescaled => Unit::StoredValue,
        "OD" => named("×10⁻³ OD"),
        "MGML" => named("mg/ml"),
        "PCT" => named("%"),
        "ED" => named("×10²³ electrons/ml"),
        "HU_MOD" => named("HU, modified"),
        other => named(other),
    }
}
