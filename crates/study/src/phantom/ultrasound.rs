//! Ultrasound clips in colour (PS3.3 A.7).

use dicom_core::{PrimitiveValue, VR};
use dicom_dictionary_std::{tags, uids};
use pixels::phantom::echo::{Echo, Rectangle};

use super::Wanted;
use super::elements::Elements;

/// Codes of PS3.3 C.8.5.5.1.15.
const CENTIMETRES: u16 = 3;
const SECONDS: u16 = 4;

impl Wanted<'_> {
    pub(crate) fn ultrasound(&self, e: &mut Elements, clips: &[Echo]) {
        let frames = clips.get(self.index as usize).map_or(1, |clip| clip.frames);
        let sector = region(
            Echo::SECTOR,
            (1, 1),
            (CENTIMETRES, CENTIMETRES),
            (Echo::SECTOR_CM, Echo::SECTOR_CM),
        );
        let trace = region(Echo::TRACE, (5, 10), (SECONDS, 0), (Echo::TRACE_S, 1.0));
        e.text(tags::SOP_CLASS_UID, VR::UI, uids::ULTRASOUND_MULTI_FRAME_IMAGE_STORAGE)
            .text(tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY")
            .text(tags::MANUFACTURER_MODEL_NAME, VR::LO, "Heart")
            .text(tags::PATIENT_ORIENTATION, VR::CS, "")
            .sequence(tags::SEQUENCE_OF_ULTRASOUND_REGIONS, vec![sector, trace])
            .integer(tags::NUMBER_OF_FRAMES, i64::from(frames))
            .value(
                tags::FRAME_INCREMENT_POINTER,
                VR::AT,
                PrimitiveValue::from(tags::FRAME_TIME),
            )
            .decimals(tags::FRAME_TIME, &[Echo::FRAME_MS])
            .integer(tags::CINE_RATE, (1000.0 / Echo::FRAME_MS) as i64)
            .integer(tags::RECOMMENDED_DISPLAY_FRAME_RATE, (1000.0 / Echo::FRAME_MS) as i64)
            .integer(
                tags::HEART_RATE,
                (60_000.0 / (Echo::FRAME_MS * f64::from(frames))) as i64,
            )
            .text(tags::LOSSY_IMAGE_COMPRESSION, VR::CS, "00")
            .text(tags::BURNED_IN_ANNOTATION, VR::CS, "NO")
            .short(tags::SAMPLES_PER_PIXEL, 3)
            .text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "RGB")
            .short(tags::PLANAR_CONFIGURATION, 0)
            .short(tags::ROWS, Echo::ROWS as u16)
            .short(tags::COLUMNS, Echo::COLUMNS as u16)
            .short(tags::BITS_ALLOCATED, 8)
            .short(tags::BITS_STORED, 8)
            .short(tags::HIGH_BIT, 7)
            .short(tags::PIXEL_REPRESENTATION, 0);
    }
}

/// One item of Sequence of Ultrasound Regions: spatial format and data type, units and steps along x and y.
fn region(at: Rectangle, kind: (u16, u16), units: (u16, u16), delta: (f64, f64)) -> Elements {
    let mut e = Elements::new();
    let edges = [
        tags::REGION_LOCATION_MIN_X0,
        tags::REGION_LOCATION_MIN_Y0,
        tags::REGION_LOCATION_MAX_X1,
        tags::REGION_LOCATION_MAX_Y1,
    ];
    for (tag, edge) in edges.into_iter().zip(at) {
        e.value(tag, VR::UL, PrimitiveValue::from(edge));
    }
    e.short(tags::REGION_SPATIAL_FORMAT, kind.0)
        .short(tags::REGION_DATA_TYPE, kind.1)
        .value(tags::REGION_FLAGS, VR::UL, PrimitiveValue::from(0u32))
        .short(tags::PHYSICAL_UNITS_X_DIRECTION, units.0)
        .short(tags::PHYSICAL_UNITS_Y_DIRECTION, units.1)
        .value(tags::PHYSICAL_DELTA_X, VR::FD, PrimitiveValue::from(delta.0))
        .value(tags::PHYSICAL_DELTA_Y, VR::FD, PrimitiveValue::from(delta.1));
    e
}
