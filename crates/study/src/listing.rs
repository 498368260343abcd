//! One study as a row of the worklist.

use std::sync::Arc;

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use crate::attribute::{integer, text, texts, whole_text};
use crate::{Instance, PatientIdentity, Reader, StudyUid};

/// What a list of studies tells about one of them, from a server's answer or from files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyListing {
    /// Study Instance UID (0020,000D).
    pub study: StudyUid,
    /// Who the patient is.
    pub patient: PatientIdentity,
    /// Study Date (0008,0020), `YYYYMMDD`; empty when absent.
    pub date: String,
    /// Study Time (0008,0030); empty when absent.
    pub time: String,
    /// Study Description (0008,1030).
    pub description: Reader,
    /// Accession Number (0008,0050).
    pub accession: Reader,
    /// Modalities in Study (0008,0061), sorted, each once.
    pub modalities: Vec<String>,
    /// Referring Physician's Name (0008,0090), as stored.
    pub referring: Reader,
    /// Number of Study Related Series (0020,1206); `None` when the server does not say.
    pub series: Option<u32>,
    /// Number of Study Related Instances (0020,1208); `None` when the server does not say.
    pub instances: Option<u32>,
}

impl StudyListing {
    /// Reads a study-level answer (PS3.18 10.6.3.3) or any object's header; `None` without a usable Study Instance UID.
    pub fn from_dataset(dataset: &InMemDicomObject) -> Option<Self> {
        let mut modalities = texts(dataset, tags::MODALITIES_IN_STUDY);
        if modalities.is_empty() {
            modalities = texts(dataset, tags::MODALITY);
        }
        let count = |tag| integer(dataset, tag).and_then(|n| u32::try_from(n).ok());
        Some(Self {
            study: StudyUid::new(&text(dataset, tags::STUDY_INSTANCE_UID))?,
            patient: PatientIdentity::from_dataset(dataset),
            date: text(dataset, tags::STUDY_DATE),
            time: text(dataset, tags::STUDY_TIME),
            description: Reader::new(whole_text(dataset, tags::STUDY_DESCRIPTION)),
            accession: Reader::new(text(dataset, tags::ACCESSION_NUMBER)),
            modalities: sorted_once(modalities),
            referring: Reader::new(text(dataset, tags::REFERRING_PHYSICIAN_NAME)),
            series: count(tags::NUMBER_OF_STUDY_RELATED_SERIES),
            instances: count(tags::NUMBER_OF_STUDY_RELATED_INSTANCES),
        })
    }

    /// Sums up the instances of one study that were found in files; `None` when there are none.
    ///
    /// Words come from the first instance that has them; instances of another study than the first are not counted.
    pub fn from_instances(instances: &[Arc<Instance>]) -> Option<Self> {
        let first = instances.first()?;
        let mine: Vec<&Instance> = instances
            .iter()
            .map(Arc::as_ref)
            .filter(|i| i.study == first.study)
            .collect();
        let word = |of: fn(&Instance) -> &str| {
            mine.iter()
                .map(|i| of(i))
                .find(|word| !word.is_empty())
                .unwrap_or_default()
                .to_owned()
        };
        let mut series: Vec<_> = mine.iter().map(|i| &i.series).collect();
        series.sort_unstable();
        series.dedup();
        Some(Self {
            study: first.study.clone(),
            patient: first.patient.clone(),
            date: word(|i| &i.text.study_date),
            time: word(|i| &i.text.study_time),
            description: Reader::new(word(|i| i.text.study_description.to_reader())),
            accession: Reader::new(word(|i| i.text.accession.to_reader())),
            modalities: sorted_once(mine.iter().map(|i| i.text.modality.clone()).collect()),
            referring: Reader::new(word(|i| i.text.referring.to_reader())),
            series: u32::try_from(series.len()).ok(),
            instances: u32::try_from(mine.len()).ok(),
        })
    }
}

fn sorted_once(mut words: Vec<String>) -> Vec<String> {
    words.retain(|word| !word.is_empty());
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, PrimitiveValue, Tag, VR};

    use super::*;
    use crate::TransferSyntax;

    fn set(attributes: &[(Tag, &str)]) -> InMemDicomObject {
        InMemDicomObject::from_element_iter(attributes.iter().map(|(tag, text)| {
            let values: Vec<String> = text.split('\\').map(str::to_owned).collect();
            DataElement::new(*tag, VR::LO, PrimitiveValue::Strs(values.into()))
        }))
    }

    #[test]
    fn a_servers_row_is_read() {
        let row = set(&[
            (tags::STUDY_INSTANCE_UID, "1.2"),
            (tags::PATIENT_NAME, "Phantom^One"),
            (tags::PATIENT_ID, "P1"),
            (tags::STUDY_DATE, "20261124"),
            (tags::MODALITIES_IN_STUDY, "PR\\CT\\PR\\"),
            (tags::NUMBER_OF_STUDY_RELATED_SERIES, "2"),
            (tags::NUMBER_OF_STUDY_RELATED_INSTANCES, "-5"),
        ]);
        let listing = StudyListing::from_dataset(&row).unwrap();
        assert_eq!(listing.study.as_str(), "1.2");
        assert_eq!(listing.patient.name.to_reader(), "Phantom^One");
        assert_eq!(listing.modalities, ["CT", "PR"]);
        assert_eq!((listing.series, listing.instances), (Some(2), None));
        assert_eq!(StudyListing::from_dataset(&set(&[(tags::PATIENT_ID, "P1")])), None);
        assert!(
            !format!("{listing:?}").contains("Phantom"),
            "nothing personal is printed"
        );
    }

    #[test]
    fn files_sum_up_to_their_study() {
        let instance = |series: &str, uid: &str, description: &str| {
            let dataset = set(&[
                (tags::STUDY_INSTANCE_UID, "1.2"),
                (tags::SERIES_INSTANCE_UID, series),
                (tags::SOP_INSTANCE_UID, uid),
                (tags::MODALITY, "CT"),
                (tags::STUDY_DESCRIPTION, description),
                (tags::REFERRING_PHYSICIAN_NAME, "Doctor^A"),
            ]);
            Arc::new(Instance::from_dataset(&dataset, TransferSyntax("1.2.840.10008.1.2.1".into())).unwrap())
        };
        let all = [
            instance("1.3", "1.3.1", ""),
            instance("1.3", "1.3.2", "Chest"),
            instance("1.4", "1.4.1", "Other"),
        ];
        let listing = StudyListing::from_instances(&all).unwrap();
        assert_eq!((listing.series, listing.instances), (Some(2), Some(3)));
        assert_eq!(
            (listing.description.to_reader(), listing.referring.to_reader()),
            ("Chest", "Doctor^A")
        );
        assert_eq!(listing.modalities, ["CT"]);
        assert_eq!(StudyListing::from_instances(&[]), None);
    }
}
