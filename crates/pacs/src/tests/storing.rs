use std::sync::atomic::Ordering;

use study::Object;

use super::*;

#[tokio::test]
async fn what_is_sent_is_found_and_comes_back_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for store in [Store::folder(folder.path().to_owned()), Store::phantoms()] {
        let server = Server::new(store).await;
        let (one, other) = (case("jpegls-s16"), case("native-bigendian-s16"));
        let answer = server.post("/studies", MULTIPART, body(&[&one, &other])).await;
        assert_eq!(answer.status, StatusCode::OK, "{:?}", answer.warnings());
        let report = answer.json();
        assert_eq!(report["00081199"]["Value"].as_array().unwrap().len(), 2);
        assert!(report.get("00081198").is_none() && report.get("0008119A").is_none());
        for (at, sent) in [one, other].iter().enumerate() {
            let item = &report["00081199"]["Value"][at];
            let place = text(item, "00081190")
                .strip_prefix("http://127.0.0.1:4242/dicom-web")
                .unwrap()
                .to_owned();
            let back = server.get(&place, "application/dicom; transfer-syntax=*").await;
            assert_eq!(back.body, *sent);
            let uid = text(item, "00081155");
            let found = server
                .get(&format!("/instances?SOPInstanceUID={uid}"), "*/*")
                .await
                .rows();
            assert_eq!(address(&found[0]), place);
        }
        assert_eq!(server.service.counters.instances_stored.load(Ordering::Relaxed), 2);
    }
    let again = Server::new(Store::folder(folder.path().to_owned())).await;
    assert_eq!(
        again.get("/instances", "*/*").await.rows().len(),
        2,
        "they are plain files in the folder"
    );
}

#[tokio::test]
async fn each_object_has_its_own_outcome() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(Store::folder(folder.path().to_owned())).await;
    let good = case("native-u8");
    let bare = &good[132..];
    let answer = server
        .post("/studies", MULTIPART, body(&[&good, b"no image", bare]))
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let report = answer.json();
    assert_eq!(report["00081199"]["Value"].as_array().unwrap().len(), 1);
    let failures = report["0008119A"]["Value"].as_array().unwrap();
    assert!(failures.len() == 2 && failures.iter().all(|item| value(item, "00081197") == 0xC000));
    assert!(answer.warnings()[0].contains("no preamble"));

    // The same again is well; another object under the same UID is not, and changes nothing.
    let again = server.post("/studies", MULTIPART, body(&[&good])).await;
    assert_eq!(again.status, StatusCode::OK);
    let mut changed = good.clone();
    *changed.last_mut().unwrap() ^= 1;
    let refused = server.post("/studies", MULTIPART, body(&[&changed])).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let failed = &refused.json()["00081198"]["Value"][0];
    assert_eq!(value(failed, "00081197"), 0x0111);
    let row = server.get("/instances", "*/*").await.rows().remove(0);
    assert_eq!(text(failed, "00081155"), text(&row, "00080018"));
    assert_eq!(
        server
            .get(&address(&row), "application/dicom; transfer-syntax=*")
            .await
            .body,
        good
    );
}

#[tokio::test]
async fn an_object_goes_into_no_other_study_than_the_address_names() {
    let server = Server::new(Store::phantoms()).await;
    let good = case("native-u8");
    let answer = server.post("/studies/1.2.3", MULTIPART, body(&[&good])).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(value(&answer.json()["00081198"]["Value"][0], "00081197"), 0xA900);
    let header = Object::parse(good.clone().into()).unwrap();
    let study = header
        .dataset()
        .element(dicom_dictionary_std::tags::STUDY_INSTANCE_UID)
        .unwrap();
    let path = format!("/studies/{}", study.to_str().unwrap().trim_end_matches('\0'));
    assert_eq!(
        server.post(&path, MULTIPART, body(&[&good])).await.status,
        StatusCode::OK
    );
    let plain = server.post("/studies", "application/dicom", case("native-s8")).await;
    assert_eq!(plain.status, StatusCode::OK, "one object without an envelope");
}

#[tokio::test]
async fn a_request_that_breaks_off_stores_what_was_whole() {
    let server = Server::new(Store::phantoms()).await;
    let (one, other) = (case("native-u8"), case("native-s8"));
    let mut cut = body(&[&one, &other]);
    cut.truncate(cut.len() - 500);
    let answer = server.post("/studies", MULTIPART, cut).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let report = answer.json();
    assert_eq!(report["00081199"]["Value"].as_array().unwrap().len(), 1);
    assert_eq!(value(&report["0008119A"]["Value"][0], "00081197"), 0x0110);
}

#[tokio::test]
async fn what_is_no_multipart_of_objects_is_refused_in_words() {
    let server = Server::new(Store::phantoms()).await;
    let good = body(&[&case("native-u8")]);
    for (content_type, sent, status) in [
        ("multipart/related; type=\"application/dicom\"", good.clone(), 400),
        (
            "multipart/related; type=\"application/dicom\"; boundary=OTHER",
            good.clone(),
            400,
        ),
        (
            "multipart/related; type=\"application/dicom+json\"; boundary=XYZ",
            good.clone(),
            415,
        ),
        ("application/json", good.clone(), 415),
        ("nonsense", good, 415),
        (MULTIPART, Vec::new(), 400),
        (MULTIPART, b"--XYZ--\r\n".to_vec(), 400),
    ] {
        let answer = server.post("/studies", content_type, sent).await;
        assert_eq!(answer.status, status, "{content_type}");
        answer.sentence();
    }
}
