//! The client against Orthanc, where it is installed.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use bytes::Bytes;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use dicomweb::{Client, Error, Fate, Parts, Patience, Query, Rung, Server, SignIn};
use testkit::Orthanc;

const ROWS: u16 = 16;
const COLUMNS: u16 = 12;
const STUDY: &str = "2.25.1001";
const FRAMES: u32 = 4;

fn client(orthanc: &Orthanc) -> Client {
    let server = Server::new("Orthanc", &orthanc.base(), SignIn::None).unwrap();
    Client::new(server, Patience::default()).unwrap()
}

fn series(number: u32) -> String {
    format!("2.25.2000{number}")
}

fn instance(series: u32, number: u32) -> String {
    format!("2.25.3000{series}{number}")
}

/// Pixels of one frame: each differs from all others.
fn pixels(series: u32, number: u32, frame: u32) -> Vec<u8> {
    (0..u32::from(ROWS) * u32::from(COLUMNS))
        .flat_map(|pixel| ((pixel * 7 + series * 1000 + number * 100 + frame * 10) as u16).to_le_bytes())
        .collect()
}

/// A made-up image as a file. Series 2 holds one object with several frames.
fn file(series_number: u32, number: u32) -> Bytes {
    let multi = series_number == 2;
    let frames = if multi { FRAMES } else { 1 };
    let class = if multi {
        uids::MULTI_FRAME_GRAYSCALE_WORD_SECONDARY_CAPTURE_IMAGE_STORAGE
    } else {
        uids::CT_IMAGE_STORAGE
    };
    let uid = instance(series_number, number);
    let text = |tag, vr, value: &str| DataElement::new(tag, vr, PrimitiveValue::from(value));
    let short = |tag, value: u16| DataElement::new(tag, VR::US, PrimitiveValue::from(value));
    let mut object = InMemDicomObject::from_element_iter([
        text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
        text(tags::SOP_CLASS_UID, VR::UI, class),
        text(tags::SOP_INSTANCE_UID, VR::UI, &uid),
        text(tags::STUDY_DATE, VR::DA, "20260314"),
        text(tags::STUDY_TIME, VR::TM, "101500"),
        text(tags::ACCESSION_NUMBER, VR::SH, "A & B=1"),
        text(tags::MODALITY, VR::CS, if multi { "OT" } else { "CT" }),
        text(tags::STUDY_DESCRIPTION, VR::LO, "Made-up study"),
        text(tags::PATIENT_NAME, VR::PN, "Müller^Jörg"),
        text(tags::PATIENT_ID, VR::LO, "MADE-UP 1"),
        text(tags::STUDY_INSTANCE_UID, VR::UI, STUDY),
        text(tags::SERIES_INSTANCE_UID, VR::UI, &series(series_number)),
        text(tags::SERIES_NUMBER, VR::IS, &series_number.to_string()),
        text(tags::INSTANCE_NUMBER, VR::IS, &number.to_string()),
        short(tags::SAMPLES_PER_PIXEL, 1),
        text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        text(tags::NUMBER_OF_FRAMES, VR::IS, &frames.to_string()),
        short(tags::ROWS, ROWS),
        short(tags::COLUMNS, COLUMNS),
        short(tags::BITS_ALLOCATED, 16),
        short(tags::BITS_STORED, 16),
        short(tags::HIGH_BIT, 15),
        short(tags::PIXEL_REPRESENTATION, 0),
    ]);
    let all: Vec<u8> = (1..=frames)
        .flat_map(|frame| pixels(series_number, number, frame))
        .collect();
    let words: Vec<u16> = all
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    object.put(DataElement::new(
        tags::PIXEL_DATA,
        VR::OW,
        PrimitiveValue::U16(words.into()),
    ));
    let meta = FileMetaTableBuilder::new()
        .media_storage_sop_class_uid(class)
        .media_storage_sop_instance_uid(uid)
        .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN);
    let mut bytes = Vec::new();
    object.with_meta(meta).unwrap().write_all(&mut bytes).unwrap();
    bytes.into()
}

/// The data set of a file, and its identifier.
fn dataset(file: &[u8]) -> (String, InMemDicomObject) {
    let object = dicom_object::from_reader(file).unwrap();
    let uid = object
        .element(tags::SOP_INSTANCE_UID)
        .unwrap()
        .to_str()
        .unwrap()
        .into_owned();
    (uid, object.into_inner())
}

async fn all(mut parts: Parts) -> Vec<Bytes> {
    let mut found = Vec::new();
    while let Some(part) = parts.next().await {
        let part = part.unwrap();
        assert!(part.whole);
        found.push(part.bytes);
    }
    found
}

/// Compares files with those that were sent, in any order.
fn same(found: &[Bytes], expected: &[Bytes]) {
    let sorted = |files: &[Bytes]| {
        let mut sets: Vec<_> = files.iter().map(|file| dataset(file)).collect();
        sets.sort_by(|a, b| a.0.cmp(&b.0));
        sets
    };
    assert_eq!(sorted(found), sorted(expected));
}

#[tokio::test]
async fn what_is_stored_is_found_described_and_given_back_as_it_was() {
    let Some(orthanc) = Orthanc::start("dicomweb") else {
        return;
    };
    let client = client(&orthanc);
    let slices: Vec<Bytes> = (1..=5).map(|number| file(1, number)).collect();
    let multi = file(2, 1);
    let sent: Vec<Bytes> = slices.iter().cloned().chain([multi.clone()]).collect();

    let empty = client.try_server().await;
    assert!(empty.len() == 3 && empty.iter().all(|finding| finding.ok), "{empty:?}");
    let stored = client.store(None, sent.clone()).await.unwrap();
    assert!(
        stored.outcomes.iter().all(|outcome| outcome.fate == Fate::Stored),
        "{stored:?}"
    );
    let found = client.try_server().await;
    assert!(found.iter().all(|finding| finding.ok), "{found:?}");
    assert_eq!(found.last().unwrap().rung, Rung::Image);

    // Lists.
    for (key, value, rows) in [
        ("PatientID", "MADE-UP 1", 1),
        ("PatientName", "Müller*", 1),
        ("00080050", "A & B=1", 1),
        ("StudyDate", "20260301-20260331", 1),
        ("StudyDate", "20260401-", 0),
        ("PatientID", "nobody", 0),
    ] {
        let answer = client.query(&Query::studies().matching(key, value)).await.unwrap();
        assert_eq!((answer.rows.len(), answer.whole), (rows, true), "{key}={value}");
    }
    let answer = client
        .query(&Query::series_of(STUDY).including("SeriesDescription"))
        .await
        .unwrap();
    assert_eq!(answer.rows.len(), 2);
    let page = client
        .query(&Query::instances_of(STUDY, Some(&series(1))).limited(2))
        .await
        .unwrap();
    assert_eq!((page.rows.len(), page.more), (2, true));
    let pages = client
        .query_all(&Query::instances_of(STUDY, Some(&series(1))).limited(2), 100)
        .await
        .unwrap();
    assert_eq!((pages.rows.len(), pages.more), (5, false));

    // Metadata.
    let metadata = client.metadata(STUDY, Some(&series(1)), None).await.unwrap();
    assert_eq!((metadata.rows.len(), metadata.whole), (5, true));
    for row in &metadata.rows {
        assert!(row.oddities.is_empty(), "{:?}", row.oddities);
        assert_eq!(row.dataset.element(tags::ROWS).unwrap().to_int::<u16>().unwrap(), ROWS);
        assert_eq!(
            row.dataset.element(tags::PATIENT_NAME).unwrap().to_str().unwrap(),
            "Müller^Jörg"
        );
    }
    let one = client
        .metadata(STUDY, Some(&series(1)), Some(&instance(1, 1)))
        .await
        .unwrap();
    let bulk = one.rows[0]
        .bulk
        .iter()
        .find(|bulk| bulk.path == [tags::PIXEL_DATA])
        .unwrap();
    assert_eq!(client.bulk(&bulk.uri).await.unwrap().bytes, pixels(1, 1, 1));

    // Objects.
    let received = client.traffic().received();
    same(&all(client.instances(STUDY, None, None).await.unwrap()).await, &sent);
    same(
        &all(client.instances(STUDY, Some(&series(1)), None).await.unwrap()).await,
        &slices,
    );
    let bulk_lane = client.in_lane(dicomweb::Lane::Bulk);
    for (number, slice) in (1..).zip(&slices) {
        let parts = bulk_lane
            .instances(STUDY, Some(&series(1)), Some(&instance(1, number)))
            .await
            .unwrap();
        same(&all(parts).await, std::slice::from_ref(slice));
    }
    let bytes: usize = sent.iter().map(Bytes::len).sum();
    assert!(client.traffic().received() - received > bytes as u64);

    // Frames.
    let frames = all(client
        .frames(STUDY, &series(2), &instance(2, 1), &[1, 2, 3, 4])
        .await
        .unwrap())
    .await;
    let expected: Vec<Vec<u8>> = (1..=FRAMES).map(|frame| pixels(2, 1, frame)).collect();
    assert_eq!(frames, expected);
    let frames = all(client.frames(STUDY, &series(2), &instance(2, 1), &[3]).await.unwrap()).await;
    assert_eq!(frames, expected[2..3]);
    assert!(client.frames(STUDY, &series(2), &instance(2, 1), &[99]).await.is_err());

    // Pictures; this Orthanc may or may not make thumbnails.
    let picture = client
        .rendered(STUDY, &series(1), Some(&instance(1, 1)), None, Some((64, 64)))
        .await
        .unwrap();
    assert!(picture.media.essence().starts_with("image/") && !picture.bytes.is_empty());
    let thumbnail = client
        .thumbnail(STUDY, &series(1), Some(&instance(1, 1)), (32, 32))
        .await
        .unwrap();
    assert!(!thumbnail.bytes.is_empty());

    // What is not there.
    assert_eq!(
        client.metadata("2.25.404", None, None).await.unwrap_err(),
        Error::Missing
    );
    assert_eq!(
        client.instances("2.25.404", None, None).await.unwrap_err(),
        Error::Missing
    );
}
