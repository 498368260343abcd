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

fn instance(study: &PhantomStudy, series: &PhantomSeries, index: u32) -> crate::Instance {
    let header = header(&study.listing.study, &series.uid, index).unwrap();
    let syntax = crate::TransferSyntax(dicom_dictionary_std::uids::EXPLICIT_VR_LITTLE_ENDIAN.into());
    crate::Instance::from_dataset(&header, syntax).unwrap()
}

#[test]
fn every_header_is_an_instance_without_an_oddity() {
    for study in catalogue() {
        let mut found = Vec::new();
        for series in &study.series {
            for index in 0..series.instances {
                let instance = instance(&study, series, index);
                assert_eq!(instance.oddities, [], "{} {index}", series.description);
                assert_eq!(instance.patient, study.listing.patient);
                assert_eq!(instance.uid, series.instance_uid(index));
                let geometry = instance.frame_geometry(0).unwrap();
                match series.plan.recipe {
                    Recipe::Torso(scan) => check_torso(&instance, geometry, &scan, index),
                    Recipe::Head(_) | Recipe::Knee(_) => {
                        assert!(geometry.plane.is_some() && geometry.voi.len() == 1);
                        assert!(matches!(geometry.spacing, crate::Spacing::Patient { .. }));
                    }
                    Recipe::Chest(_) => check_chest(&instance, geometry),
                    Recipe::Heart(clips) => check_heart(&instance, geometry, clips[index as usize].frames),
                }
                found.push(std::sync::Arc::new(instance));
            }
        }
        let listing = StudyListing::from_instances(&found).unwrap();
        assert_eq!(listing, study.listing, "the worklist says what the objects say");
    }
}

fn check_torso(
    instance: &crate::Instance,
    geometry: &crate::FrameGeometry,
    scan: &pixels::phantom::torso::Scan,
    index: u32,
) {
    let (plane, expected) = (geometry.plane.as_ref().unwrap(), scan.plane(index));
    assert!(plane.frame_of_reference.is_some());
    assert!(plane.origin.minus(expected.origin).length() < 1e-6);
    assert!((plane.column_spacing - scan.spacing).abs() < 1e-9);
    assert_eq!(geometry.thickness, Some(scan.increment));
    let padding = instance.padding.unwrap();
    assert!((padding.value + 2000.0).abs() < 1e-9);
    assert_eq!(instance.unit, crate::Unit::Hounsfield);
    assert!(geometry.voi.len() >= 3 && geometry.voi.iter().all(|voi| !voi.name.is_empty()));
    let layout = instance.layout.as_ref().unwrap();
    assert!(layout.signed && layout.bits_stored == 16);
}

fn check_chest(instance: &crate::Instance, geometry: &crate::FrameGeometry) {
    use pixels::phantom::radiograph::{IMAGER_SPACING, MAGNIFICATION};
    assert!(instance.inverse, "MONOCHROME1");
    let crate::Spacing::Imager { row, magnification, .. } = &geometry.spacing else {
        panic!("{:?}", geometry.spacing);
    };
    assert!((row - IMAGER_SPACING / MAGNIFICATION).abs() < 1e-9 && magnification.is_some());
    let tables = geometry
        .voi
        .iter()
        .filter(|v| matches!(v.voi, pixels::display::Voi::Table(_)))
        .count();
    assert_eq!((tables, geometry.voi.len()), (3, 4));
    assert!(geometry.patient_orientation.is_some());
}

fn check_heart(instance: &crate::Instance, geometry: &crate::FrameGeometry, frames: u32) {
    use pixels::phantom::echo::Echo;
    assert_eq!(instance.frames, frames);
    assert!((instance.cine.as_ref().unwrap().frame_ms - Echo::FRAME_MS).abs() < 1e-9);
    let crate::Spacing::Regions(regions) = &geometry.spacing else {
        panic!("{:?}", geometry.spacing);
    };
    let sector = regions.iter().find(|r| r.units == (3, 3)).unwrap();
    assert!((sector.delta.0 - Echo::SECTOR_CM).abs() < 1e-12);
    assert_eq!([sector.left, sector.top, sector.right, sector.bottom], Echo::SECTOR);
}

/// The whole way: a file is parsed, its frame cut and decoded, and holds what the generator drew.
#[test]
fn objects_decode_to_what_was_drawn() {
    let mut kinds = BTreeSet::new();
    for study in catalogue() {
        for series in &study.series {
            if !kinds.insert((series.modality, series.plan.body_part)) {
                continue;
            }
            let index = series.instances / 2;
            let file = object(&study.listing.study, &series.uid, index).unwrap();
            let parsed = crate::Object::parse(file).unwrap();
            assert_eq!(parsed.oddities(), []);
            let wanted = Wanted {
                study: &study,
                series,
                index,
            };
            let drawn = wanted.pixels();
            assert_eq!(parsed.frames() as usize, drawn.len());
            let last = drawn.len() - 1;
            let decoded = crate::decode(&parsed.encoded_frame(last as u32).unwrap()).unwrap();
            assert_eq!(decoded.frame, drawn[last]);
        }
    }
}

/// Digests of stored values: a change of the pictures must be meant, and they are the same on every machine.
#[test]
fn pictures_stay_as_they_are() {
    let digest = |study: usize, series: usize, index: u32| {
        let study = &catalogue()[study];
        let wanted = Wanted {
            study,
            series: &study.series[series],
            index,
        };
        let frame = wanted.frame(0).unwrap();
        let size = frame.samples.bytes();
        let file = file::write(wanted.header(), &[frame]).unwrap();
        let hash = <sha2::Sha256 as sha2::Digest>::digest(&file[file.len() - size..]);
        hash.iter().take(6).map(|b| format!("{b:02x}")).collect::<String>()
    };
    let found = [
        digest(0, 0, 56),
        digest(1, 0, 120),
        digest(2, 0, 0),
        digest(3, 1, 14),
        digest(5, 0, 0),
        digest(7, 0, 10),
    ];
    assert_eq!(
        found,
        [
            "074b5beb68ab",
            "3537443e82f5",
            "47d46145cd32",
            "0bbac2383c40",
            "f600ce7b0134",
            "dfc0af12b4ad"
        ]
    );
}
