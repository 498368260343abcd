//! Digital radiographs for presentation (PS3.3 A.26).

use dicom_core::value::C;
use dicom_core::{PrimitiveValue, VR};
use dicom_dictionary_std::{tags, uids};
use pixels::phantom::radiograph::{IMAGER_SPACING, MAGNIFICATION, Radiograph, View};

use super::elements::Elements;
use super::{Wanted, general};

/// Tables that the detector's maker offers: explanation, middle of the curve in stored values, its steepness.
const CURVES: [(&str, f64, f64); 3] = [
    ("NORMAL", 2050.0, 620.0),
    ("HARDER", 2050.0, 430.0),
    ("SOFTER", 2050.0, 850.0),
];

/// An S-shaped table from 12 bits to 12 bits: the logistic curve, stretched so that both ends are reached.
fn curve(middle: f64, steepness: f64) -> Vec<u16> {
    let part = |x: f64| 1.0 / (1.0 + exp((middle - x) / steepness));
    let (least, most) = (part(0.0), part(4095.0));
    (0..4096)
        .map(|x| ((part(f64::from(x)) - least) / (most - least) * 4095.0).round() as u16)
        .collect()
}

/// e to the x by halving and squaring: the platform's own differs in the last bit from machine to machine.
fn exp(x: f64) -> f64 {
    let small = x / 1024.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1..12 {
        term *= small / f64::from(n);
        sum += term;
    }
    for _ in 0..10 {
        sum *= sum;
    }
    sum
}

impl Wanted<'_> {
    pub(crate) fn radiograph(&self, e: &mut Elements, exposures: &[Radiograph]) {
        let frontal = exposures
            .get(self.index as usize)
            .is_none_or(|x| x.view == View::Posteroanterior);
        let (view, meaning) = if frontal {
            ("272479007", "postero-anterior")
        } else {
            ("399173006", "left lateral")
        };
        let tables = CURVES
            .iter()
            .map(|(name, middle, steepness)| {
                let mut item = Elements::new();
                item.value(
                    tags::LUT_DESCRIPTOR,
                    VR::US,
                    PrimitiveValue::U16(C::from_slice(&[4096, 0, 12])),
                )
                .text(tags::LUT_EXPLANATION, VR::LO, name)
                .value(
                    tags::LUT_DATA,
                    VR::OW,
                    PrimitiveValue::U16(C::from_vec(curve(*middle, *steepness))),
                );
                item
            })
            .collect();
        e.text(
            tags::SOP_CLASS_UID,
            VR::UI,
            uids::DIGITAL_X_RAY_IMAGE_STORAGE_FOR_PRESENTATION,
        )
        .text(tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\")
        .text(tags::PRESENTATION_INTENT_TYPE, VR::CS, "FOR PRESENTATION")
        .text(tags::MANUFACTURER_MODEL_NAME, VR::LO, "Chest")
        .code(tags::ANATOMIC_REGION_SEQUENCE, "51185008", "SCT", "Chest")
        .text(tags::IMAGE_LATERALITY, VR::CS, "U")
        .text(tags::VIEW_POSITION, VR::CS, if frontal { "PA" } else { "LL" })
        .text(tags::PATIENT_ORIENTATION, VR::CS, if frontal { "L\\F" } else { "P\\F" })
        .text(tags::POSITIONER_TYPE, VR::CS, "COLUMN")
        .code(tags::VIEW_CODE_SEQUENCE, view, "SCT", meaning)
        .decimals(tags::KVP, &[125.0])
        .decimals(tags::DISTANCE_SOURCE_TO_DETECTOR, &[1804.0])
        .decimals(tags::DISTANCE_SOURCE_TO_PATIENT, &[1640.0])
        .decimals(tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR, &[MAGNIFICATION])
        .decimals(tags::IMAGER_PIXEL_SPACING, &[IMAGER_SPACING, IMAGER_SPACING])
        .text(tags::DETECTOR_TYPE, VR::CS, "SCINTILLATOR")
        .sequence(tags::ACQUISITION_CONTEXT_SEQUENCE, Vec::new())
        .text(tags::BURNED_IN_ANNOTATION, VR::CS, "NO")
        .text(tags::PIXEL_INTENSITY_RELATIONSHIP, VR::CS, "LOG")
        .value(
            tags::PIXEL_INTENSITY_RELATIONSHIP_SIGN,
            VR::SS,
            PrimitiveValue::from(1i16),
        )
        .decimals(tags::WINDOW_CENTER, &[2048.0])
        .decimals(tags::WINDOW_WIDTH, &[3600.0])
        .text(tags::WINDOW_CENTER_WIDTH_EXPLANATION, VR::LO, "LINEAR")
        .decimals(tags::RESCALE_INTERCEPT, &[0.0])
        .decimals(tags::RESCALE_SLOPE, &[1.0])
        .text(tags::RESCALE_TYPE, VR::LO, "US")
        .text(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "00")
        .sequence(tags::VOILUT_SEQUENCE, tables)
        .text(tags::PRESENTATION_LUT_SHAPE, VR::CS, "INVERSE");
        general::grey(
            e,
            (Radiograph::COLUMNS, Radiograph::ROWS),
            "MONOCHROME1",
            (16, 12),
            false,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_rises_from_end_to_end() {
        let table = curve(2050.0, 620.0);
        assert_eq!((table[0], table[4095]), (0, 4095));
        assert!(table.windows(2).all(|w| w[0] <= w[1]));
        assert!((exp(1.0) - std::f64::consts::E).abs() < 1e-12 && (exp(-6.0) - (-6.0f64).exp()).abs() < 1e-14);
    }
}
