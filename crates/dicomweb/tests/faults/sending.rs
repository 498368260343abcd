//! Objects that are sent, and what servers say about them.

use bytes::Bytes;
use dicomweb::multipart::{Event, Reader};
use dicomweb::{Error, Fate, MediaType};

use crate::client;
use crate::server::{Faulty, Reply, Request};

/// The head of a file that names an instance.
fn file(instance: &str) -> Bytes {
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM");
    bytes.extend([2, 0, 3, 0]);
    bytes.extend(b"UI");
    bytes.extend((instance.len() as u16).to_le_bytes());
    bytes.extend(instance.as_bytes());
    bytes.into()
}

/// The objects in a request.
fn objects(request: &Request) -> Vec<Vec<u8>> {
    let media = MediaType::parse(request.header("content-type"));
    assert_eq!(media.of_parts().unwrap().essence(), "application/dicom");
    let mut reader = Reader::new(media.parameter("boundary"));
    reader.feed(&request.body);
    reader.finish();
    let mut found: Vec<Vec<u8>> = Vec::new();
    while let Some(event) = reader.next_event().unwrap() {
        match event {
            Event::Part(headers) => {
                assert_eq!(headers.get("content-type"), Some("application/dicom"));
                found.push(Vec::new());
            }
            Event::Body(bytes) => found.last_mut().unwrap().extend_from_slice(&bytes),
            Event::PartEnd => {}
            Event::End { closed } => assert!(closed),
        }
    }
    found
}

#[tokio::test]
async fn objects_arrive_as_they_are_and_each_has_its_fate() {
    let server = Faulty::start(|_| {
        Reply::new(
            202,
            &[("Content-Type", "application/dicom+json")],
            r#"{"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.1"]}},
                    {"00081155":{"vr":"UI","Value":["1.3"]},"00081196":{"vr":"US","Value":[45056]}}]},
                "00081198":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2"]},"00081197":{"vr":"US","Value":[290]}}]}}"#,
        )
    })
    .await;
    let files: Vec<Bytes> = ["1.1", "1.2", "1.3", "1.4"].map(file).to_vec();
    let client = client(&server);
    let stored = client.store(Some("9"), files.clone()).await.unwrap();
    let fates: Vec<Fate> = stored.outcomes.iter().map(|outcome| outcome.fate.clone()).collect();
    assert_eq!(
        fates,
        [
            Fate::Stored,
            Fate::Refused(Some(290)),
            Fate::StoredWithWarning(0xB000),
            Fate::Unmentioned
        ]
    );
    assert!(!stored.all_well());
    assert_eq!(
        stored.outcomes[1].fate.sentence(),
        "Not stored: the PACS does not take this kind of object."
    );
    let requests = server.requests();
    assert_eq!(
        (requests[0].method.as_str(), requests[0].target.as_str()),
        ("POST", "/dw/studies/9")
    );
    assert_eq!(objects(&requests[0]), files);
    assert_eq!(client.traffic().sent(), requests[0].body.len() as u64);
}

#[tokio::test]
async fn words_that_cannot_be_read_leave_the_status() {
    for (status, fate) in [
        (200, Fate::StoredUnread),
        (202, Fate::Unmentioned),
        (409, Fate::Refused(None)),
    ] {
        let server = Faulty::start(move |_| {
            Reply::new(
                status,
                &[("Content-Type", "application/dicom+xml")],
                "<NativeDicomModel/>",
            )
        })
        .await;
        let stored = client(&server).store(None, vec![file("1.1")]).await.unwrap();
        assert_eq!(stored.outcomes[0].fate, fate, "{status}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn too_much_at_once_goes_in_halves() {
    let server = Faulty::start(|request| match objects(request).len() {
        0 | 1 if request.body.len() < 1000 => Reply::json("{}"),
        _ => Reply::new(413, &[], ""),
    })
    .await;
    let mut files: Vec<Bytes> = ["1.1", "1.2", "1.3"].map(file).to_vec();
    files.push(Bytes::from(vec![0; 2000]));
    let stored = client(&server).store(None, files).await.unwrap();
    let fates: Vec<Fate> = stored.outcomes.iter().map(|outcome| outcome.fate.clone()).collect();
    let well = Fate::StoredUnread;
    assert_eq!(fates, [well.clone(), well.clone(), well, Fate::Failed(Error::TooMuch)]);
}

#[tokio::test]
async fn an_upload_is_repeated_only_when_it_was_turned_away() {
    let server = Faulty::start(|request| match request.number {
        0 => Reply::new(503, &[("Retry-After", "0")], ""),
        _ => Reply::json("{}"),
    })
    .await;
    let stored = client(&server).store(None, vec![file("1.1")]).await.unwrap();
    assert!(stored.all_well() && server.requests().len() == 2);

    // It may have been taken: the person is told, and it is not sent a second time.
    let server = Faulty::start(|_| Reply::hang_up()).await;
    let stored = client(&server).store(None, vec![file("1.1")]).await.unwrap();
    assert_eq!(
        (&stored.outcomes[0].fate, server.requests().len()),
        (&Fate::Failed(Error::BrokeOff), 1)
    );

    let server = Faulty::start(|_| Reply::new(401, &[], "")).await;
    assert_eq!(
        client(&server).store(None, vec![file("1.1")]).await.unwrap_err(),
        Error::SignIn
    );
}

#[tokio::test]
async fn after_a_failure_the_rest_is_not_sent_and_said_not_to_be() {
    let server = Faulty::start(|request| match request.number {
        0 => Reply::json("{}"),
        _ => Reply::new(403, &[], ""),
    })
    .await;
    // 450 objects go in three requests.
    let files: Vec<Bytes> = (0..450).map(|number| file(&format!("1.{number}"))).collect();
    let stored = client(&server).store(None, files).await.unwrap();
    let count = |fate: &Fate| stored.outcomes.iter().filter(|outcome| outcome.fate == *fate).count();
    assert_eq!(server.requests().len(), 2);
    assert_eq!(
        [
            count(&Fate::StoredUnread),
            count(&Fate::Failed(Error::Forbidden)),
            count(&Fate::NotSent(Error::Forbidden))
        ],
        [200, 200, 50]
    );
}
