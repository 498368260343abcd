//! Refusals, repeats, redirects and sign-ins.

use std::time::Duration;

use dicomweb::{Client, Error, ErrorKind, Lane, Patience, Query, Secret, Server, SignIn};

use crate::server::{Faulty, Reply, Step, head};
use crate::{client, client_with, impatience, patience};

const ONE: &str = r#"[{"0020000D":{"vr":"UI","Value":["1.2"]}}]"#;

fn basic() -> SignIn {
    SignIn::Basic {
        user: "jane".into(),
        password: Secret::new("hunter2"),
    }
}

#[tokio::test]
async fn each_refusal_is_told_and_only_passing_ones_are_repeated() {
    for (status, kind, requests) in [
        (401, ErrorKind::SignIn, 1),
        (403, ErrorKind::Forbidden, 1),
        (404, ErrorKind::Missing, 1),
        (413, ErrorKind::Refused, 1),
        (500, ErrorKind::Refused, 1),
        (408, ErrorKind::Busy, 4),
        (425, ErrorKind::Busy, 4),
        (429, ErrorKind::Busy, 4),
        (502, ErrorKind::Busy, 4),
        (503, ErrorKind::Busy, 4),
        (504, ErrorKind::Busy, 4),
    ] {
        let server = Faulty::start(move |_| Reply::new(status, &[], "no")).await;
        let error = client(&server).query(&Query::studies()).await.unwrap_err();
        assert_eq!((error.kind(), server.requests().len()), (kind, requests), "{status}");
    }
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says() {
    for header in ["0", "Sun, 06 Nov 1994 08:49:37 GMT"] {
        let server = Faulty::start(move |request| match request.number {
            0 => Reply::new(503, &[("Retry-After", header)], ""),
            _ => Reply::json(ONE),
        })
        .await;
        let answer = client(&server).query(&Query::studies()).await.unwrap();
        assert_eq!((answer.rows.len(), server.requests().len()), (1, 2), "{header}");
    }
    // So long a pause is for a person to decide on.
    let server = Faulty::start(|_| Reply::new(503, &[("Retry-After", "86400")], "")).await;
    let error = client(&server).query(&Query::studies()).await.unwrap_err();
    let day = Duration::from_secs(86_400);
    assert_eq!((error, server.requests().len()), (Error::Busy { after: Some(day) }, 1));
}

#[tokio::test]
async fn a_connection_that_is_closed_without_a_word_is_made_again() {
    let server = Faulty::start(|request| match request.number {
        0 | 1 => Reply::hang_up(),
        _ => Reply::json(ONE),
    })
    .await;
    assert_eq!(client(&server).query(&Query::studies()).await.unwrap().rows.len(), 1);
    let server = Faulty::start(|_| Reply::hang_up()).await;
    let error = client(&server).query(&Query::studies()).await.unwrap_err();
    assert_eq!((error, server.requests().len()), (Error::BrokeOff, 4));
}

#[tokio::test]
async fn where_nothing_listens_one_is_told_so() {
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let server = Server::new("Gone", &format!("http://{address}/dw"), basic()).unwrap();
    let error = Client::new(server, patience())
        .unwrap()
        .query(&Query::studies())
        .await
        .unwrap_err();
    assert_eq!(error, Error::ConnectionRefused);
    let server = Server::new("Nowhere", "http://nowhere.invalid/dw", SignIn::None).unwrap();
    let error = Client::new(server, patience())
        .unwrap()
        .query(&Query::studies())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert!(
        !format!("{error} {error:?}").contains("nowhere"),
        "no address in an error: {error:?}"
    );
}

#[tokio::test]
async fn silence_before_an_answer_ends() {
    for first in [Vec::new(), b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec()] {
        let server = Faulty::start(move |_| Reply(vec![Step::Send(first.clone()), Step::Stall])).await;
        let error = client_with(&server, SignIn::None, impatience())
            .query(&Query::studies())
            .await
            .unwrap_err();
        assert_eq!(error, Error::Silent(Duration::from_secs(1)));
    }
}

#[tokio::test]
async fn credentials_go_to_their_own_server_and_nowhere_else() {
    let other = Faulty::start(|_| Reply::json(ONE)).await;
    let elsewhere = format!("{}/studies", other.root());
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = elsewhere.clone();
        let server = Faulty::start(move |_| Reply::new(status, &[("Location", &elsewhere)], "")).await;
        for sign_in in [SignIn::None, basic(), SignIn::Bearer(Secret::new("tok3n"))] {
            let error = client_with(&server, sign_in, patience())
                .query(&Query::studies())
                .await
                .unwrap_err();
            assert_eq!(error, Error::Redirected, "{status}");
        }
        let sent: Vec<String> = server
            .requests()
            .iter()
            .map(|r| r.header("authorization").to_owned())
            .collect();
        assert_eq!(sent, ["", "Basic amFuZTpodW50ZXIy", "Bearer tok3n"]);
    }
    assert!(
        other.requests().is_empty(),
        "nobody was sent there, with or without a sign-in"
    );
    // Nor by a value that metadata names.
    let server = Faulty::start(|_| Reply::json(ONE)).await;
    let error = client_with(&server, basic(), patience())
        .bulk(&format!("{}/x", other.root()))
        .await
        .unwrap_err();
    assert_eq!(error, Error::ElsewhereNamed);
    assert!(other.requests().is_empty() && server.requests().is_empty());
}

#[tokio::test]
async fn redirects_on_the_same_server_are_followed_a_few_times_with_the_sign_in() {
    let server = Faulty::start(|request| match request.target.as_str() {
        "/dw/studies" => Reply::new(302, &[("Location", "/v2/studies"), ("Set-Cookie", "a=b")], ""),
        "/v2/studies" => Reply::json(ONE),
        _ => Reply::new(404, &[], ""),
    })
    .await;
    let client = client_with(&server, basic(), patience());
    assert_eq!(client.query(&Query::studies()).await.unwrap().rows.len(), 1);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(
        requests
            .iter()
            .all(|r| r.header("authorization") == "Basic amFuZTpodW50ZXIy")
    );
    assert!(
        requests
            .iter()
            .all(|r| r.header("cookie").is_empty() && r.header("referer").is_empty())
    );

    let endless = Faulty::start(|request| {
        let next = format!("/dw/studies?{}", request.number);
        Reply::new(302, &[("Location", &next)], "")
    })
    .await;
    let error = crate::client(&endless).query(&Query::studies()).await.unwrap_err();
    assert_eq!((error, endless.requests().len()), (Error::Redirected, 6));
}

#[tokio::test]
async fn a_renewed_sign_in_serves_every_clone() {
    let server = Faulty::start(|request| match request.header("authorization") {
        "Bearer fresh" => Reply::json(ONE),
        _ => Reply::new(401, &[], ""),
    })
    .await;
    let client = client_with(&server, SignIn::Bearer(Secret::new("stale")), patience());
    let clone = client.in_lane(Lane::Bulk);
    assert_eq!(clone.query(&Query::studies()).await.unwrap_err(), Error::SignIn);
    client.renew_sign_in(SignIn::Bearer(Secret::new("fresh")));
    assert!(clone.query(&Query::studies()).await.is_ok());
    client.renew_sign_in(SignIn::Bearer(Secret::new("fresh\r\nX-Evil: 1")));
    assert_eq!(
        clone.query(&Query::studies()).await.unwrap_err(),
        Error::SignIn,
        "no header is smuggled in"
    );
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn lanes_have_connections_of_their_own() {
    let server = Faulty::start(|request| match request.target.contains("series") {
        // Bulk requests that never end.
        true => Reply(vec![
            Step::Send([head(200, &[("Content-Type", "application/dicom")]), vec![0; 600]].concat()),
            Step::Stall,
        ]),
        false => Reply::json(ONE),
    })
    .await;
    let interactive = client(&server);
    let bulk = interactive.in_lane(Lane::Bulk);
    let mut under_way = Vec::new();
    for _ in 0..Lane::Bulk.requests_at_once() {
        under_way.push(bulk.instances("1", Some("2"), None).await.unwrap());
    }
    for _ in 0..3 {
        interactive.query(&Query::studies()).await.unwrap();
    }
    let connections: Vec<usize> = server.requests().iter().map(|request| request.connection).collect();
    let (bulk, interactive) = connections.split_at(under_way.len());
    assert_eq!(bulk, (0..under_way.len()).collect::<Vec<_>>(), "each has its own");
    assert!(
        interactive.iter().all(|connection| *connection == under_way.len()),
        "one warm connection serves all"
    );
}

#[tokio::test]
async fn the_stored_bytes_are_asked_for_first_and_what_works_is_remembered() {
    let file = [&[0; 128][..], b"DICM....."].concat();
    let server = Faulty::start(move |request| match request.header("accept") {
        "multipart/related; type=\"application/dicom\"" => {
            Reply::new(200, &[("Content-Type", "application/dicom")], &file)
        }
        accept if accept.contains("type=application") => Reply::new(400, &[], ""),
        _ => Reply::new(406, &[], ""),
    })
    .await;
    let client = client(&server);
    for _ in 0..2 {
        let mut parts = client.instances("1", Some("2"), Some("3")).await.unwrap();
        assert!(parts.next().await.unwrap().unwrap().whole);
    }
    let accepts: Vec<String> = server
        .requests()
        .iter()
        .map(|r| r.header("accept").to_owned())
        .collect();
    assert_eq!(
        accepts,
        [
            "multipart/related; type=\"application/dicom\"; transfer-syntax=*",
            "multipart/related; type=application/dicom; transfer-syntax=*",
            "multipart/related; type=\"application/dicom\"",
            "multipart/related; type=\"application/dicom\"",
        ]
    );
    assert_eq!(server.requests()[0].target, "/dw/studies/1/series/2/instances/3");
    let server = Faulty::start(|_| Reply::new(406, &[], "")).await;
    let error = crate::client(&server).frames("1", "2", "3", &[1, 3]).await.unwrap_err();
    assert_eq!(error, Error::Unsupported);
    assert!(server.requests().iter().all(|request| request.target
        == "/dw/studies/1/series/2/instances/3/frames/1%2C3"
        || request.target == "/dw/studies/1/series/2/instances/3/frames/1,3"));
}

#[tokio::test]
async fn an_identifier_cannot_change_the_path() {
    let server = Faulty::start(|_| Reply::json(ONE)).await;
    let client = client(&server);
    for bad in [
        "",
        ".",
        "..",
        "../..",
        "1/2",
        "1?x=y",
        "1%2F2",
        "1#2",
        "1 2",
        "1\r\n",
        &"1".repeat(200),
    ] {
        assert_eq!(client.metadata(bad, None, None).await.unwrap_err(), Error::Identifier);
        assert_eq!(
            client.instances("1", Some(bad), None).await.unwrap_err(),
            Error::Identifier
        );
        assert_eq!(
            client.query(&Query::series_of(bad)).await.unwrap_err(),
            Error::Identifier
        );
        assert_eq!(client.store(Some(bad), vec![]).await.unwrap_err(), Error::Identifier);
    }
    assert_eq!(client.frames("1", "2", "3", &[0]).await.unwrap_err(), Error::Identifier);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_thumbnail_is_drawn_where_the_server_has_none() {
    let server = Faulty::start(|request| match request.target.contains("/rendered?viewport=64,48") {
        true => Reply::new(200, &[("Content-Type", "image/jpeg")], b"\xff\xd8\xff\xe0"),
        false => Reply::new(404, &[], ""),
    })
    .await;
    let client = client(&server);
    for _ in 0..2 {
        let part = client.thumbnail("1", "2", Some("3"), (64, 48)).await.unwrap();
        assert_eq!((part.media.essence(), part.whole), ("image/jpeg", true));
    }
    let targets: Vec<String> = server.requests().iter().map(|request| request.target.clone()).collect();
    assert_eq!(
        targets,
        [
            "/dw/studies/1/series/2/instances/3/thumbnail?viewport=64,48",
            "/dw/studies/1/series/2/instances/3/rendered?viewport=64,48",
            "/dw/studies/1/series/2/instances/3/rendered?viewport=64,48",
        ]
    );
}

#[tokio::test]
async fn nothing_that_is_printed_holds_an_address_or_a_secret() {
    let file = [&[0; 128][..], b"DICM DOE^JANE"].concat();
    let body = [
        b"--BB\r\nContent-Location: studies/1.2.840\r\n\r\n",
        file.as_slice(),
        b"\r\n--BB--\r\n",
    ]
    .concat();
    let server = Faulty::start(move |request| match request.target.contains("series") {
        true => Reply::new(200, &[("Content-Type", "multipart/related; boundary=BB")], &body),
        false => Reply::json(
            r#"[{"0020000D":{"vr":"UI","Value":["1.2.840"]},"00100010":{"vr":"PN","Value":["DOE^JANE"]},
                "7FE00010":{"vr":"OW","BulkDataURI":"studies/1.2.840/bulk"}}]"#,
        ),
    })
    .await;
    let client = client_with(&server, basic(), Patience::default());
    let query = Query::studies().matching("PatientName", "DOE^JANE");
    let answer = client.query(&query).await.unwrap();
    let mut parts = client.instances("1.2.840", Some("3"), None).await.unwrap();
    let before = format!("{parts:?}");
    let part = parts.next().await.unwrap().unwrap();
    let mut reader = dicomweb::multipart::Reader::new(Some("BB"));
    reader.feed(b"--BB\r\nContent-Location: studies/1.2.840\r\n\r\nDOE^JANE\r\n--BB--\r\n");
    let fed = format!("{reader:?}");
    let events: Vec<_> = std::iter::from_fn(|| reader.next_event().unwrap()).collect();
    let printed = format!(
        "{client:?} {query:?} {:?} {:?} {answer:?} {before} {part:?} {fed} {events:?}",
        client.server(),
        client.traffic()
    );
    for secret in ["127.0.0.1", "jane", "hunter2", "DOE", "1.2.840", "68, 79, 69"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(answer.whole && part.whole && events.len() == 4);
}

#[tokio::test]
async fn what_is_no_http_is_told_at_once() {
    let flood: String = (0..10_000).map(|number| format!("X-{number}: y\r\n")).collect();
    for (what, head) in [
        ("another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n".to_owned()),
        ("no status", "HTTP/1.1 abc\r\n\r\n".to_owned()),
        ("ten thousand headers", format!("HTTP/1.1 200 OK\r\n{flood}\r\n")),
        (
            "a header of ten megabytes",
            format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "y".repeat(10 << 20)),
        ),
        (
            "a negative length",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n".to_owned(),
        ),
        (
            "two lengths",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n".to_owned(),
        ),
    ] {
        let server = Faulty::start(move |_| Reply(vec![Step::Send(head.clone().into_bytes())])).await;
        let error = client(&server).query(&Query::studies()).await.unwrap_err();
        assert_eq!((error, server.requests().len()), (Error::NotDicom, 1), "{what}");
    }
    // TLS to a server that does not speak it.
    let server = Faulty::start(|_| Reply::hang_up()).await;
    let address = server.root().replace("http:", "https:");
    let impatient = Patience {
        connect: Duration::from_millis(200),
        ..patience()
    };
    let Ok(client) = Client::new(Server::new("Plain", &address, basic()).unwrap(), impatient) else {
        testkit::skip("dicomweb: https towards a server without it (no certificates on this machine)");
        return;
    };
    let error = client.query(&Query::studies()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable, "nobody said anything: {error}");
}

#[tokio::test]
async fn broken_chunks_are_an_end() {
    let file = [&[0; 128][..], b"DICM....."].concat();
    for chunk in ["zz\r\n", "-5\r\n", "FFFFFFFFFFFFFFFFFF\r\n", "5\r\nab"] {
        let start = [
            head(
                200,
                &[("Content-Type", "application/dicom"), ("Transfer-Encoding", "chunked")],
            ),
            format!("{:x}\r\n", file.len()).into_bytes(),
            file.clone(),
            b"\r\n".to_vec(),
            chunk.as_bytes().to_vec(),
        ]
        .concat();
        let server = Faulty::start(move |_| Reply(vec![Step::Send(start.clone())])).await;
        let mut parts = client(&server).instances("1", None, None).await.unwrap();
        let part = parts.next().await.unwrap().unwrap();
        assert!(!part.whole && part.bytes.starts_with(&file), "{chunk}");
        assert_eq!(parts.next().await, Some(Err(Error::BrokeOff)), "{chunk}");
    }
}
