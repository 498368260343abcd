//! The modules that every phantom has: patient, study, series, equipment, SOP common (PS3.3 C.7, C.12.1).

use dicom_core::VR;
use dicom_dictionary_std::tags;
use space::PatientFromImage;

use super::Wanted;
use super::elements::Elements;

/// Issuer of Patient ID.
pub(crate) const ISSUER: &str = "FARSIGHT DEMO";

/// Patient's Age (PS3.5 6.2, AS) on a date: years, under two years months, under two months days.
pub(crate) fn age(birth: &str, on: &str) -> String {
    let part = |date: &str, range: std::ops::Range<usize>| date.get(range).and_then(|p| p.parse::<i32>().ok());
    let split = |date: &str| Some((part(date, 0..4)?, part(date, 4..6)?, part(date, 6..8)?));
    let (Some((y, m, d)), Some((to_y, to_m, to_d))) = (split(birth), split(on)) else {
        return String::new();
    };
    let months = (to_y - y) * 12 + to_m - m - i32::from(to_d < d);
    if months >= 24 {
        format!("{:03}Y", months / 12)
    } else if months >= 2 {
        format!("{months:03}M")
    } else {
        format!("{:03}D", (months * 30 + (to_d - d).rem_euclid(30)).max(0))
    }
}

/// A time of day (`HHMMSS`) some seconds later, kept within the day.
pub(crate) fn later(time: &str, seconds: u32) -> String {
    let part = |range: std::ops::Range<usize>| time.get(range).and_then(|p| p.parse::<u32>().ok()).unwrap_or(0);
    let all = (part(0..2) * 3600 + part(2..4) * 60 + part(4..6) + seconds).min(86_399);
    format!("{:02}{:02}{:02}", all / 3600, all / 60 % 60, all % 60)
}

impl Wanted<'_> {
    pub(crate) fn general(&self, e: &mut Elements) {
        let (plan, series, person) = (self.study.plan, self.plan(), self.study.plan.person);
        let started = later(plan.time, 60 * (series.number % 100) + series.number);
        e.text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192")
            .text(tags::INSTANCE_CREATION_DATE, VR::DA, plan.date)
            .text(tags::INSTANCE_CREATION_TIME, VR::TM, &later(&started, 90))
            .text(tags::SOP_INSTANCE_UID, VR::UI, self.instance_uid().as_str())
            .text(tags::STUDY_DATE, VR::DA, plan.date)
            .text(tags::SERIES_DATE, VR::DA, plan.date)
            .text(tags::ACQUISITION_DATE, VR::DA, plan.date)
            .text(tags::CONTENT_DATE, VR::DA, plan.date)
            .text(tags::STUDY_TIME, VR::TM, plan.time)
            .text(tags::SERIES_TIME, VR::TM, &started)
            .text(tags::ACQUISITION_TIME, VR::TM, &started)
            .text(tags::CONTENT_TIME, VR::TM, &later(&started, 1 + self.index / 20))
            .text(tags::ACCESSION_NUMBER, VR::SH, plan.accession)
            .text(tags::MODALITY, VR::CS, self.series.modality)
            .text(tags::MANUFACTURER, VR::LO, "Farsight phantom")
            .text(tags::INSTITUTION_NAME, VR::LO, "Farsight Demonstration Hospital")
            .text(tags::REFERRING_PHYSICIAN_NAME, VR::PN, plan.referring)
            .text(tags::STUDY_DESCRIPTION, VR::LO, plan.description)
            .text(tags::SERIES_DESCRIPTION, VR::LO, series.description)
            .text(tags::PATIENT_NAME, VR::PN, person.name)
            .text(tags::PATIENT_ID, VR::LO, person.id)
            .text(tags::ISSUER_OF_PATIENT_ID, VR::LO, ISSUER)
            .text(tags::PATIENT_BIRTH_DATE, VR::DA, person.birth)
            .text(tags::PATIENT_SEX, VR::CS, person.sex)
            .text(tags::PATIENT_AGE, VR::AS, &age(person.birth, plan.date))
            .decimals(tags::PATIENT_SIZE, &[person.size])
            .decimals(tags::PATIENT_WEIGHT, &[person.weight])
            .text(tags::BODY_PART_EXAMINED, VR::CS, series.body_part)
            .text(tags::SOFTWARE_VERSIONS, VR::LO, "1")
            .text(tags::STUDY_INSTANCE_UID, VR::UI, self.study.listing.study.as_str())
            .text(tags::SERIES_INSTANCE_UID, VR::UI, self.series.uid.as_str())
            .text(tags::STUDY_ID, VR::SH, plan.accession.get(1..).unwrap_or_default())
            .integer(tags::SERIES_NUMBER, i64::from(series.number))
            .integer(tags::ACQUISITION_NUMBER, 1)
            .integer(tags::INSTANCE_NUMBER, i64::from(self.index) + 1);
    }

    /// Frame of Reference and Image Plane (PS3.3 C.7.4.1, C.7.6.2).
    pub(crate) fn plane(&self, e: &mut Elements, plane: &PatientFromImage, thickness: f64, increment: f64) {
        let (origin, row, column) = (plane.origin, plane.along_row, plane.along_column);
        e.text(tags::PATIENT_POSITION, VR::CS, "HFS")
            .text(
                tags::FRAME_OF_REFERENCE_UID,
                VR::UI,
                &self.shared_uid("frame of reference"),
            )
            .text(tags::POSITION_REFERENCE_INDICATOR, VR::LO, "")
            .decimals(tags::IMAGE_POSITION_PATIENT, &[origin.x, origin.y, origin.z])
            .decimals(
                tags::IMAGE_ORIENTATION_PATIENT,
                &[row.x, row.y, row.z, column.x, column.y, column.z],
            )
            .decimals(tags::SLICE_LOCATION, &[plane.position_along(plane.normal())])
            .decimals(tags::SLICE_THICKNESS, &[thickness])
            .decimals(tags::SPACING_BETWEEN_SLICES, &[increment])
            .decimals(tags::PIXEL_SPACING, &[plane.row_spacing, plane.column_spacing]);
    }
}

/// Image Pixel (PS3.3 C.7.6.3) of grey values.
pub(crate) fn grey(e: &mut Elements, size: (u32, u32), photometric: &str, bits: (u16, u16), signed: bool) {
    e.short(tags::SAMPLES_PER_PIXEL, 1)
        .text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, photometric)
        .short(tags::ROWS, size.1 as u16)
        .short(tags::COLUMNS, size.0 as u16)
        .short(tags::BITS_ALLOCATED, bits.0)
        .short(tags::BITS_STORED, bits.1)
        .short(tags::HIGH_BIT, bits.1 - 1)
        .short(tags::PIXEL_REPRESENTATION, u16::from(signed));
}
