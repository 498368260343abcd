//! Which attributes a search answers with and matches on, level by level (PS3.18 10.6.3.3, PS3.4 C.6).

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

/// A level of the hierarchy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Study,
    Series,
    Instance,
}

/// Attributes of a level that every answer holds, empty where the objects lack them.
pub(crate) fn always(level: Level) -> &'static [Tag] {
    match level {
        Level::Study => &[
            tags::STUDY_DATE,
            tags::STUDY_TIME,
            tags::ACCESSION_NUMBER,
            tags::INSTANCE_AVAILABILITY,
            tags::MODALITIES_IN_STUDY,
            tags::REFERRING_PHYSICIAN_NAME,
            tags::STUDY_DESCRIPTION,
            tags::RETRIEVE_URL,
            tags::PATIENT_NAME,
            tags::PATIENT_ID,
            tags::PATIENT_BIRTH_DATE,
            tags::PATIENT_SEX,
            tags::STUDY_INSTANCE_UID,
            tags::STUDY_ID,
            tags::NUMBER_OF_STUDY_RELATED_SERIES,
            tags::NUMBER_OF_STUDY_RELATED_INSTANCES,
        ],
        Level::Series => &[
            tags::MODALITY,
            tags::RETRIEVE_URL,
            tags::SERIES_DESCRIPTION,
            tags::SERIES_INSTANCE_UID,
            tags::SERIES_NUMBER,
            tags::NUMBER_OF_SERIES_RELATED_INSTANCES,
            tags::PERFORMED_PROCEDURE_STEP_START_DATE,
            tags::PERFORMED_PROCEDURE_STEP_START_TIME,
        ],
        Level::Instance => &[
            tags::SOP_CLASS_UID,
            tags::SOP_INSTANCE_UID,
            tags::INSTANCE_AVAILABILITY,
            tags::RETRIEVE_URL,
            tags::INSTANCE_NUMBER,
            tags::AVAILABLE_TRANSFER_SYNTAX_UID,
        ],
    }
}

/// Further attributes of a level: answered where an object has them and they were asked for (`includefield`, or a match key).
pub(crate) fn asked(level: Level) -> &'static [Tag] {
    match level {
        Level::Study => &[
            tags::TIMEZONE_OFFSET_FROM_UTC,
            tags::INSTITUTION_NAME,
            tags::ISSUER_OF_ACCESSION_NUMBER_SEQUENCE,
            tags::PROCEDURE_CODE_SEQUENCE,
            tags::NAME_OF_PHYSICIANS_READING_STUDY,
            tags::ADMITTING_DIAGNOSES_DESCRIPTION,
            tags::SOP_CLASSES_IN_STUDY,
            tags::ISSUER_OF_PATIENT_ID,
            tags::PATIENT_BIRTH_TIME,
            tags::OTHER_PATIENT_I_DS_SEQUENCE,
            tags::OTHER_PATIENT_NAMES,
            tags::PATIENT_AGE,
            tags::PATIENT_SIZE,
            tags::PATIENT_WEIGHT,
            tags::OCCUPATION,
            tags::ADDITIONAL_PATIENT_HISTORY,
            tags::PATIENT_COMMENTS,
            tags::PATIENT_IDENTITY_REMOVED,
        ],
        Level::Series => &[
            tags::SERIES_DATE,
            tags::SERIES_TIME,
            tags::MANUFACTURER,
            tags::STATION_NAME,
            tags::INSTITUTIONAL_DEPARTMENT_NAME,
            tags::PERFORMING_PHYSICIAN_NAME,
            tags::OPERATORS_NAME,
            tags::MANUFACTURER_MODEL_NAME,
            tags::BODY_PART_EXAMINED,
            tags::PROTOCOL_NAME,
            tags::PATIENT_POSITION,
            tags::LATERALITY,
            tags::FRAME_OF_REFERENCE_UID,
            tags::REQUEST_ATTRIBUTES_SEQUENCE,
        ],
        Level::Instance => &[
            tags::IMAGE_TYPE,
            tags::ACQUISITION_DATE,
            tags::CONTENT_DATE,
            tags::ACQUISITION_TIME,
            tags::CONTENT_TIME,
            tags::ACQUISITION_NUMBER,
            tags::CONCEPT_NAME_CODE_SEQUENCE,
            tags::CONTENT_LABEL,
            tags::CONTENT_DESCRIPTION,
            tags::COMPLETION_FLAG,
            tags::VERIFICATION_FLAG,
            tags::VIEW_POSITION,
            tags::IMAGE_LATERALITY,
        ],
    }
}

/// Pixel attributes, answered for every image without asking (PS3.18 10.6.3.3.3).
pub(crate) const OF_IMAGES: &[Tag] = &[tags::NUMBER_OF_FRAMES, tags::ROWS, tags::COLUMNS, tags::BITS_ALLOCATED];

/// Every attribute that a level knows.
pub(crate) fn known(level: Level) -> impl Iterator<Item = Tag> {
    let images = if level == Level::Instance { OF_IMAGES } else { &[] };
    always(level).iter().chain(asked(level)).chain(images).copied()
}

/// The attributes of a level out of a header: what the index keeps.
pub(crate) fn select(level: Level, header: &InMemDicomObject) -> InMemDicomObject {
    InMemDicomObject::from_element_iter(known(level).filter_map(|tag| header.get(tag).cloned()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_attribute_stands_at_two_levels_but_those_about_the_answer() {
        let shared = BTreeSet::from([tags::RETRIEVE_URL, tags::INSTANCE_AVAILABILITY]);
        let mut seen = BTreeSet::new();
        for level in [Level::Study, Level::Series, Level::Instance] {
            for tag in known(level).filter(|tag| !shared.contains(tag)) {
                assert!(seen.insert(tag), "{tag} stands twice");
            }
        }
    }
}
