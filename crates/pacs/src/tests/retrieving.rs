use std::sync::atomic::Ordering;

use dicom_core::Tag;
use futures_util::StreamExt;
use study::{Object, phantom};

use super::*;

const SOME: &[&str] = &[
    "jpegls-s16",
    "native-implicit-u12",
    "native-rgb-planar-1",
    "rle-frames-with-table",
];

#[tokio::test]
async fn what_is_stored_comes_back_byte_for_byte() {
    let (_folder, path) = folder(SOME);
    let server = Server::new(Store::folder(path)).await;
    let rows = server.get("/instances", "*/*").await.rows();
    assert_eq!(rows.len(), SOME.len(), "junk is passed over");
    let mut files: Vec<Vec<u8>> = SOME.iter().map(|name| case(name)).collect();
    for row in &rows {
        let single = server.get(&address(row), "application/dicom; transfer-syntax=*").await;
        assert_eq!(single.status, StatusCode::OK);
        let at = files
            .iter()
            .position(|file| *file == single.body)
            .expect("one of the files");
        files.swap_remove(at);
        let enveloped = server.get(&address(row), STORED).await.parts();
        assert_eq!(enveloped.len(), 1);
        assert_eq!(enveloped[0].1, single.body);
        let syntax = text(row, "00083002");
        assert_eq!(
            enveloped[0].0.get("content-type"),
            Some(format!("application/dicom; transfer-syntax={syntax}").as_str())
        );
    }
    assert!(files.is_empty());
}

#[tokio::test]
async fn a_series_comes_in_order_and_is_never_held_whole() {
    let server = Server::new(Store::phantoms()).await;
    let study = phantom::demo_study();
    let series = phantom::catalogue()
        .into_iter()
        .find(|s| s.listing.study == study)
        .unwrap()
        .series
        .remove(0);
    let path = format!("/dicom-web/studies/{}/series/{}", study.as_str(), series.uid.as_str());
    let request = Request::get(path).header("accept", STORED).body(Body::empty()).unwrap();
    let response = server.router.clone().oneshot(request).await.unwrap();
    let mut body = response.into_body().into_data_stream();
    let head = body.next().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&head).contains("application/dicom; transfer-syntax=1.2.840.10008.1.2.1"));
    let first = body.next().await.unwrap().unwrap();
    assert_eq!(first, phantom::object(&study, &series.uid, 0).unwrap());
    body.next().await.unwrap().unwrap();
    let second = body.next().await.unwrap().unwrap();
    assert_eq!(second, phantom::object(&study, &series.uid, 1).unwrap());
    let made = server.service.counters.instances_sent.load(Ordering::Relaxed);
    assert!(
        made <= 5,
        "{made} objects were made for a reader that took two of {}",
        series.instances
    );
}

#[tokio::test]
async fn objects_are_decoded_for_those_who_ask_for_no_transfer_syntax() {
    let (_folder, path) = folder(SOME);
    let server = Server::new(Store::folder(path)).await;
    for row in server.get("/instances", "*/*").await.rows() {
        let stored = server
            .get(&address(&row), "application/dicom; transfer-syntax=*")
            .await
            .body;
        let stored = Object::parse(stored).unwrap();
        let plain = Object::parse(server.get(&address(&row), "application/dicom").await.body).unwrap();
        assert_eq!(&*plain.transfer_syntax().0, "1.2.840.10008.1.2.1");
        assert_eq!(plain.frames(), stored.frames());
        for index in 0..stored.frames() {
            let [a, b] = [&stored, &plain].map(|object| study::decode(&object.encoded_frame(index).unwrap()).unwrap());
            assert_eq!(a.frame, b.frame);
        }
        let named = format!("application/dicom; transfer-syntax={}", text(&row, "00083002"));
        assert_eq!(server.get(&address(&row), &named).await.status, StatusCode::OK);
        let other = server
            .get(
                &address(&row),
                "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.90",
            )
            .await;
        assert_eq!(other.status, StatusCode::NOT_ACCEPTABLE);
        assert!(other.sentence().contains("transfer-syntax=*"));
    }
}

#[tokio::test]
async fn metadata_is_the_header() {
    let (_folder, path) = folder(SOME);
    let server = Server::new(Store::folder(path)).await;
    for row in server.get("/instances", "*/*").await.rows() {
        let stored = server
            .get(&address(&row), "application/dicom; transfer-syntax=*")
            .await
            .body;
        let header = Object::parse(stored).unwrap();
        let answer = server
            .get(&format!("{}/metadata", address(&row)), "application/dicom+json")
            .await;
        let (rows, whole) = dicomweb::rows(&answer.body);
        assert!(whole && rows.len() == 1);
        assert!(rows[0].oddities.is_empty(), "{:?}", rows[0].oddities);
        for element in header.dataset() {
            let tag = element.header().tag;
            let told = rows[0].dataset.get(tag).unwrap_or_else(|| panic!("{tag} is missing"));
            assert_eq!(told.header().vr, element.header().vr, "{tag}");
            if let (Some(told), Some(stored)) = (told.value().primitive(), element.value().primitive()) {
                let trimmed = |value: &dicom_core::PrimitiveValue| value.to_str().trim().to_owned();
                match stored.to_multi_float64() {
                    Ok(numbers) => assert_eq!(told.to_multi_float64().unwrap(), numbers, "{tag}"),
                    Err(_) => assert_eq!(trimmed(told), trimmed(stored), "{tag}"),
                }
            }
        }
        let pixels = &rows[0].bulk[0];
        assert_eq!(pixels.path, [Tag(0x7fe0, 0x0010)]);
        let place = pixels.uri.strip_prefix("http://127.0.0.1:4242/dicom-web").unwrap();
        let bulk = server.get(place, "*/*").await;
        assert_eq!(bulk.parts().len(), header.frames() as usize);
        let first = header.encoded_frame(0).unwrap().bytes;
        assert_eq!(bulk.parts()[0].1, first);
    }
}

#[tokio::test]
async fn a_phantom_is_described_without_being_made_and_as_it_will_be() {
    let server = Server::new(Store::phantoms()).await;
    for series in server.get("/series?limit=100", "*/*").await.rows() {
        let one = &server
            .get(&format!("{}/instances?limit=1", address(&series)), "*/*")
            .await
            .rows()[0];
        let metadata = server.get(&format!("{}/metadata", address(one)), "*/*").await;
        let row = metadata.rows().remove(0);
        assert_eq!(text(&row, "00080018"), text(one, "00080018"));
        assert!(row["7FE00010"]["BulkDataURI"].is_string());
    }
    assert_eq!(server.service.counters.instances_sent.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn frames_come_in_the_form_that_is_asked_for() {
    let (_folder, path) = folder(&["rle-frames-with-table"]);
    let server = Server::new(Store::folder(path)).await;
    let row = server.get("/instances", "*/*").await.rows().remove(0);
    let object = Object::parse(case("rle-frames-with-table").into()).unwrap();
    assert!(object.frames() >= 2);
    let frames = format!("{}/frames", address(&row));
    let stored = server
        .get(
            &format!("{frames}/2,1"),
            "multipart/related; type=\"application/octet-stream\"; transfer-syntax=*",
        )
        .await
        .parts();
    for ((headers, bytes), index) in stored.iter().zip([1, 0]) {
        assert_eq!(
            headers.get("content-type"),
            Some("image/dicom-rle; transfer-syntax=1.2.840.10008.1.2.5")
        );
        let place = headers.get("content-location").unwrap();
        assert!(place.ends_with(&format!("/frames/{}", index + 1)), "{place}");
        assert_eq!(*bytes, object.encoded_frame(index).unwrap().bytes);
    }
    let octets = server.get(&format!("{frames}/1"), "application/octet-stream").await;
    assert_eq!(
        octets.header("content-type"),
        "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1"
    );
    let decoded = study::decode(&object.encoded_frame(0).unwrap()).unwrap().frame;
    assert_eq!(octets.body.len(), decoded.samples.len() * 2);
    let first = u16::from_le_bytes([octets.body[0], octets.body[1]]);
    assert_eq!(Some(f64::from(first)), decoded.samples.get(0));
    for (path, accept, status) in [
        ("1,99", "*/*", 404),
        ("0", "*/*", 400),
        ("x", "*/*", 400),
        ("1", "image/jls", 406),
        ("1,2", "application/octet-stream", 406),
    ] {
        let answer = server.get(&format!("{frames}/{path}"), accept).await;
        assert_eq!(answer.status, status, "{path} {accept}");
        answer.sentence();
    }
}

#[tokio::test]
async fn pictures_are_drawn_as_large_and_as_windowed_as_asked() {
    let (_folder, path) = folder(&["native-explicit-s16", "native-rgb-planar-1"]);
    let server = Server::new(Store::folder(path)).await;
    for row in server.get("/instances", "*/*").await.rows() {
        let (rows, columns) = (value(&row, "00280010"), value(&row, "00280011"));
        let object = address(&row);
        let draw = async |path: String, accept: &str| {
            let answer = server.get(&path, accept).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            image::load_from_memory(&answer.body).unwrap().into_rgb8()
        };
        let whole = draw(format!("{object}/rendered"), "image/png").await;
        assert_eq!(
            (whole.width(), whole.height()),
            (columns.as_u64().unwrap() as u32, rows.as_u64().unwrap() as u32)
        );
        let small = draw(format!("{object}/frames/1/rendered?viewport=20,20"), "image/png").await;
        assert_eq!(small.width().max(small.height()), 20);
        let thumbnail = draw(format!("{object}/thumbnail"), "*/*").await;
        assert_eq!(thumbnail.width().max(thumbnail.height()), 128);
        let of_study = draw(
            format!("/studies/{}/thumbnail?viewport=16,16", text(&row, "0020000D")),
            "image/jpeg",
        )
        .await;
        assert!(of_study.width() <= 16 && of_study.height() <= 16);
        // A window far above all values shows none of them.
        let dark = draw(format!("{object}/rendered?window=1000000,10,linear"), "image/png").await;
        let grey = value(&row, "00280010") != &Value::Null && dark.pixels().all(|p| p.0 == [0; 3]);
        let colour = whole.pixels().any(|p| p.0[0] != p.0[1]);
        assert_ne!(grey, colour, "a window is for grey images only");
    }
    for wrong in ["viewport=0,1", "window=1", "quality=0"] {
        let row = server.get("/instances?limit=1", "*/*").await.rows().remove(0);
        let answer = server.get(&format!("{}/rendered?{wrong}", address(&row)), "*/*").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        answer.sentence();
    }
}

#[tokio::test]
async fn a_file_that_has_gone_is_said_and_the_rest_comes() {
    let (folder, path) = folder(&["native-explicit-s16", "native-u8"]);
    let server = Server::new(Store::folder(path)).await;
    let rows = server.get("/instances", "*/*").await.rows();
    std::fs::remove_file(folder.path().join("native-u8.img")).unwrap();
    let mut statuses = Vec::new();
    for row in &rows {
        let answer = server.get(&address(row), STORED).await;
        if answer.status != StatusCode::OK {
            answer.sentence();
        }
        statuses.push(answer.status);
    }
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::GONE]);
}
