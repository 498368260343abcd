use super::*;

#[tokio::test]
async fn hostile_addresses_get_a_plain_sentence() {
    let (_folder, path) = folder(&["native-u8"]);
    let server = Server::new(Store::folder(path)).await;
    let row = server.get("/instances", "*/*").await.rows().remove(0);
    let object = address(&row);
    let long = "1".repeat(65);
    for (path, status) in [
        ("/studies/..%2f..%2fetc%2fpasswd/metadata".to_owned(), 400),
        ("/studies/1..2".to_owned(), 400),
        ("/studies/%00".to_owned(), 400),
        ("/studies/%ff".to_owned(), 400),
        (format!("/studies/{long}/series"), 400),
        ("/studies/1.2.3".to_owned(), 404),
        ("/studies/1.2.3/series/1.2.4/instances/1.2.5/frames/1".to_owned(), 404),
        ("/studies/1.2.3/rendered".to_owned(), 404),
        (format!("{object}/bulkdata/../../../x"), 400),
        (format!("{object}/bulkdata/00100010/9/00100010"), 404),
        (format!("{object}/bulkdata/00990010"), 404),
        (format!("{object}/frames/{}", "1,".repeat(30_000)), 400),
        (format!("{object}/frames/99999999999999999999"), 400),
        (format!("{object}/rendered?viewport=4000000000,4000000000"), 400),
        (format!("{object}/rendered?viewport=8192,8192,0,0,65536,1"), 200),
        (format!("/studies?{}", "PatientID=x&".repeat(300)), 400),
        ("/studies?limit=-1".to_owned(), 400),
        ("/studies?offset=1e9".to_owned(), 400),
        ("/studies?StudyDate=%27;DROP".to_owned(), 400),
        (format!("/studies?PatientName={}", "*a".repeat(2000)), 200),
        ("/studies?PatientName=%ff%fe&%zz=1&=&&".to_owned(), 200),
        ("/studies/1.2.3/nothing".to_owned(), 404),
    ] {
        let answer = server.get(&path, "*/*").await;
        assert_eq!(
            answer.status,
            status,
            "{path:.80}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        if status != 200 {
            let sentence = answer.sentence();
            assert!(!sentence.contains(text(&row, "0020000D")), "no UID in {sentence}");
        }
    }
    // The server is still well.
    assert_eq!(server.get(&object, STORED).await.status, StatusCode::OK);
}

#[tokio::test]
async fn hostile_headers_get_a_plain_sentence() {
    let (_folder, path) = folder(&["native-u8"]);
    let server = Server::new(Store::folder(path)).await;
    let object = address(&server.get("/instances", "*/*").await.rows()[0]);
    for accept in [
        "",
        ";",
        "a/b",
        "multipart/related; type=",
        "\"",
        ",,,;;;===",
        "*/*;q=2",
        "application/dicom;q=NaN",
    ] {
        let answer = server.get(&object, accept).await;
        assert!(
            answer.status == StatusCode::OK || answer.status == StatusCode::NOT_ACCEPTABLE,
            "{accept}: {}",
            answer.status
        );
    }
    let foreign = Request::get("/dicom-web/studies")
        .header("host", "evil.example:80")
        .body(Body::empty())
        .unwrap();
    let answer = server.send(foreign).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
    answer.sentence();
    for method in ["DELETE", "PUT", "PATCH", "OPTIONS", "BREW"] {
        let request = Request::builder()
            .method(method)
            .uri("/dicom-web/studies")
            .body(Body::empty())
            .unwrap();
        let answer = server.send(request).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        answer.sentence();
    }
}
