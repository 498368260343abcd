//! The catalogue, its headers and its objects agree.

use std::collections::BTreeSet;

use dicom_core::header::Header;
use dicom_dictionary_std::tags;

use super::*;

fn text(dataset: &InMemDicomObject, tag: dicom_core::Tag) -> String {
    dataset
        .element(tag)
        .map(|e| e.to_str().unwrap().trim_end_matches(['\0', ' ']).to_owned())
        .unwrap_or_default()
}

#[test]
fn the_worklist_holds_many_invented_people() {
    let catalogue = catalogue();
    let people: BTreeSet<_> = catalogue
        .iter()
        .map(|s| s.listing.patient.id.to_reader().to_owned())
        .collect();
    assert!(people.len() >= 12 && people.iter().all(|id| id.starts_with("DEMO-")));
    let studies: BTreeSet<_> = catalogue.iter().map(|s| s.listing.study.clone()).collect();
    assert_eq!(studies.len(), catalogue.len(), "each study has its own UID");
    for study in &catalogue {
        for group in study.plan.person.name.split('=').chain(study.plan.referring.split('=')) {
            assert!(group.chars().count() <= 64, "PS3.5 6.2 allows 64 characters a group");
        }
        assert!(study.plan.description.chars().count() <= 64 && study.plan.accession.len() <= 16);
        assert!(study.plan.series.iter().all(|s| s.body_part.len() <= 16));
    }
    assert_eq!(catalogue[0].listing.study, demo_study());
    assert_eq!(
        catalogue[1].listing.patient.id, catalogue[0].listing.patient.id,
        "the prior"
    );
    assert!(catalogue[1].listing.date < catalogue[0].listing.date);
}

#[test]
fn headers_say_what_the_catalogue_says() {
    for study in catalogue() {
        let mut seen = BTreeSet::new();
        for series in &study.series {
            for index in [0, series.instances - 1] {
                let header = header(&study.listing.study, &series.uid, index).unwrap();
                assert_eq!(text(&header, tags::STUDY_INSTANCE_UID), study.listing.study.as_str());
                assert_eq!(text(&header, tags::SERIES_INSTANCE_UID), series.uid.as_str());
                assert_eq!(
                    text(&header, tags::SOP_INSTANCE_UID),
                    series.instance_uid(index).as_str()
                );
                assert_eq!(
                    text(&header, tags::PATIENT_NAME),
                    study.listing.patient.name.to_reader()
                );
                assert_eq!(text(&header, tags::MODALITY), series.modality);
                assert_eq!(text(&header, tags::PATIENT_IDENTITY_REMOVED), "");
                assert!(header.element(tags::PIXEL_DATA).is_err(), "a header carries no pixels");
                seen.insert(series.instance_uid(index));
            }
            assert!(header(&study.listing.study, &series.uid, series.instances).is_none());
        }
        let expected: usize = study.series.iter().map(|s| s.instances.min(2) as usize).sum();
        assert_eq!(seen.len(), expected, "each instance has its own UID");
    }
}

/// A file that dicom-object reads back: the header unchanged, the pixels of the size that it promises.
#[test]
fn one_object_of_each_series_reads_back() {
    let mut kinds = BTreeSet::new();
    for study in catalogue() {
        for series in &study.series {
            if !kinds.insert((series.modality, series.plan.body_part)) {
                continue;
            }
            let bytes = object(&study.listing.study, &series.uid, 0).unwrap();
            let mut read = dicom_object::from_reader(&bytes[..]).unwrap();
            assert_eq!(
                read.meta().transfer_syntax(),
                dicom_dictionary_std::uids::EXPLICIT_VR_LITTLE_ENDIAN
            );
            assert_eq!(
                read.meta().media_storage_sop_instance_uid(),
                series.instance_uid(0).as_str()
            );
            let number = |tag| read.element(tag).map(|e| e.to_int::<usize>().unwrap()).unwrap_or(1);
            let expected = number(tags::ROWS)
                * number(tags::COLUMNS)
                * number(tags::SAMPLES_PER_PIXEL)
                * number(tags::NUMBER_OF_FRAMES)
                * number(tags::BITS_ALLOCATED)
                / 8;
            let pixels = read.take_element(tags::PIXEL_DATA).unwrap();
            assert_eq!(pixels.to_bytes().unwrap().len(), expected);
            let header = header(&study.listing.study, &series.uid, 0).unwrap();
            for element in header.iter().filter(|e| e.vr() != dicom_core::VR::SQ) {
                let found = read.element(element.tag()).unwrap();
                assert_eq!(
                    found
                        .to_multi_str()
                        .unwrap()
                        .iter()
                        .map(|s| s.trim_end().to_owned())
                        .collect::<Vec<_>>(),
                    element
                        .to_multi_str()
                        .unwrap()
                        .iter()
                        .map(|s| s.trim_end().to_owned())
                        .collect::<Vec<_>>()
                );
            }
        }
    }
    assert!(kinds.len() >= 6);
}
