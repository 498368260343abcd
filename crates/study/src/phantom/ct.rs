//! Computed tomography (PS3.3 A.3).

use dicom_core::{PrimitiveValue, VR};
use dicom_dictionary_std::{tags, uids};
use pixels::phantom::torso::{self, Scan};

use super::elements::Elements;
use super::{Wanted, general};

/// Windows as the scanner offers them: centre, width, explanation.
const CHEST_WINDOWS: [(f64, f64, &str); 4] = [
    (40.0, 400.0, "SOFT TISSUE"),
    (-600.0, 1500.0, "LUNG"),
    (400.0, 1800.0, "BONE"),
    (80.0, 600.0, "ANGIO"),
];

const ABDOMEN_WINDOWS: [(f64, f64, &str); 3] = [
    (60.0, 360.0, "ABDOMEN"),
    (90.0, 160.0, "LIVER"),
    (400.0, 1800.0, "BONE"),
];

impl Wanted<'_> {
    pub(crate) fn ct(&self, e: &mut Elements, scan: &Scan) {
        let windows: &[(f64, f64, &str)] = if self.plan().body_part == "ABDOMEN" {
            &ABDOMEN_WINDOWS
        } else {
            &CHEST_WINDOWS
        };
        let centres: Vec<f64> = windows.iter().map(|w| w.0).collect();
        let widths: Vec<f64> = windows.iter().map(|w| w.1).collect();
        let names: Vec<&str> = windows.iter().map(|w| w.2).collect();
        e.text(tags::SOP_CLASS_UID, VR::UI, uids::CT_IMAGE_STORAGE)
            .text(tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\AXIAL")
            .text(tags::MANUFACTURER_MODEL_NAME, VR::LO, "Torso")
            .text(tags::CONTRAST_BOLUS_AGENT, VR::LO, "Iodine, simulated")
            .text(tags::SCAN_OPTIONS, VR::CS, "HELICAL MODE")
            .decimals(tags::KVP, &[120.0])
            .decimals(tags::RECONSTRUCTION_DIAMETER, &[f64::from(scan.matrix) * scan.spacing])
            .decimals(tags::GANTRY_DETECTOR_TILT, &[0.0])
            .integer(tags::EXPOSURE_TIME, 500)
            .integer(tags::X_RAY_TUBE_CURRENT, 240)
            .integer(tags::EXPOSURE, 120)
            .text(tags::CONVOLUTION_KERNEL, VR::SH, "STANDARD");
        self.plane(e, &scan.plane(self.index), scan.increment, scan.increment);
        general::grey(e, (scan.matrix, scan.matrix), "MONOCHROME2", (16, 16), true);
        e.value(tags::PIXEL_PADDING_VALUE, VR::SS, PrimitiveValue::from(torso::PADDING))
            .decimals(tags::WINDOW_CENTER, &centres)
            .decimals(tags::WINDOW_WIDTH, &widths)
            .decimals(tags::RESCALE_INTERCEPT, &[f64::from(torso::INTERCEPT)])
            .decimals(tags::RESCALE_SLOPE, &[1.0])
            .text(tags::RESCALE_TYPE, VR::LO, "HU")
            .text(tags::WINDOW_CENTER_WIDTH_EXPLANATION, VR::LO, &names.join("\\"));
    }
}
