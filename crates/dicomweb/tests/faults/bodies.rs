//! Bodies that are cut, bent, slow, too long or something else.

use std::io::Write;
use std::time::Duration;

use dicomweb::{Client, Error, Part, Patience, SignIn, multipart::Writer};

use crate::server::{Faulty, Reply, Step, head};
use crate::{client, client_with, impatience, patience};

const PARTS: (&str, &str) = (
    "Content-Type",
    "multipart/related; type=\"application/dicom\"; boundary=BB",
);

/// Three files; the middle one holds bytes that look like delimiters.
fn files() -> Vec<Vec<u8>> {
    let file = |body: &[u8]| [&[0; 128][..], b"DICM", body].concat();
    vec![
        file(b"first"),
        file(b"--BB in a line\r\n--BBx\r\n--B\r\nx--BB\r\n--BB-\r\n\n--BB -more\r\n--B"),
        file(&(0..=255u8).cycle().take(400).collect::<Vec<_>>()),
    ]
}

fn body_of(files: &[Vec<u8>]) -> Vec<u8> {
    let mut writer = Writer::new("BB");
    let mut body = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let location = format!("studies/1/series/2/instances/3.{number}");
        body.extend(writer.head(&[("Content-Type", "application/dicom"), ("Content-Location", &location)]));
        body.extend(file);
    }
    body.extend(writer.end());
    body
}

/// All that one answer gives: the parts, and the error at its end.
async fn fetch(client: &Client) -> Result<(Vec<Part>, Option<Error>), Error> {
    let mut parts = client.instances("1", Some("2"), None).await?;
    let mut found = Vec::new();
    while let Some(part) = parts.next().await {
        match part {
            Ok(part) => found.push(part),
            Err(error) => {
                assert!(parts.next().await.is_none(), "nothing comes after an error");
                return Ok((found, Some(error)));
            }
        }
    }
    assert!(parts.next().await.is_none());
    Ok((found, None))
}

async fn fetch_from(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Result<(Vec<Part>, Option<Error>), Error> {
    fetch(&client(&Faulty::start(move |_| reply()).await)).await
}

fn bytes(parts: &[Part]) -> Vec<Vec<u8>> {
    parts.iter().map(|part| part.bytes.to_vec()).collect()
}

#[tokio::test]
async fn a_proper_answer_gives_its_parts_in_every_framing() {
    let body = body_of(&files());
    for size in [1, 2, 7, 100, body.len()] {
        let body = body.clone();
        let (parts, error) = fetch_from(move || Reply::chunked(200, &[PARTS], &body, size))
            .await
            .unwrap();
        assert_eq!((bytes(&parts), error), (files(), None), "chunks of {size}");
        assert!(
            parts
                .iter()
                .all(|part| part.whole && part.media.essence() == "application/dicom")
        );
        assert_eq!(parts[1].location.as_deref(), Some("studies/1/series/2/instances/3.1"));
    }
    let closing = body.clone();
    let (parts, error) = fetch_from(move || Reply::until_close(200, &[PARTS], &closing))
        .await
        .unwrap();
    assert_eq!((bytes(&parts), error), (files(), None));
    let lengths = body.clone();
    let (parts, error) = fetch_from(move || Reply::new(200, &[PARTS], &lengths)).await.unwrap();
    assert_eq!((bytes(&parts), error), (files(), None));
}

#[tokio::test]
async fn a_chunk_may_end_at_every_byte() {
    let files = vec![
        [&[0; 128][..], b"DICM", b"x\r\n--B\r\n--BB x"].concat(),
        [&[1; 128][..], b"DICM-"].concat(),
    ];
    let body = body_of(&files);
    let length = body.len();
    let server = Faulty::start(move |request| {
        let (first, second) = body.split_at(request.number + 1);
        let mut bytes = head(200, &[PARTS, ("Transfer-Encoding", "chunked")]);
        for chunk in [first, second] {
            bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            bytes.extend(chunk);
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"0\r\n\r\n");
        Reply(vec![Step::Send(bytes), Step::KeepAlive])
    })
    .await;
    let client = client(&server);
    for split in 1..length - 1 {
        let (parts, error) = fetch(&client).await.unwrap();
        assert_eq!((bytes(&parts), error), (files.clone(), None), "split at {split}");
        assert!(parts.iter().all(|part| part.whole));
    }
}

#[tokio::test]
async fn wherever_a_connection_ends_whole_parts_are_kept_and_the_loss_is_told() {
    let files = files();
    let body = body_of(&files);
    let length = body.len();
    let announced = body.clone();
    // Once with nothing that tells the length, once with a length that is not reached; cut further with each request.
    let silent = Faulty::start(move |request| Reply::until_close(200, &[PARTS], &body[..request.number])).await;
    let telling = Faulty::start(move |request| {
        let length = announced.len().to_string();
        let head = head(200, &[PARTS, ("Content-Length", &length)]);
        Reply(vec![Step::Send(
            [head.as_slice(), &announced[..request.number * 7]].concat(),
        )])
    })
    .await;
    let (silent, telling) = (client(&silent), client(&telling));
    let check = |cut: usize, parts: &[Part]| {
        for (index, part) in parts.iter().enumerate() {
            if part.whole {
                assert!(part.bytes == files[index], "cut at {cut}");
            } else {
                assert_eq!(index, parts.len() - 1, "cut at {cut}");
            }
        }
    };
    // From the last `--BB--` on everything was said.
    for cut in 0..length - 4 {
        let (parts, error) = fetch(&silent).await.unwrap();
        assert_eq!(error, Some(Error::CutShort), "cut at {cut}");
        check(cut, &parts);
    }
    for cut in (0..length).step_by(7) {
        let (parts, error) = fetch(&telling).await.unwrap();
        assert_eq!(error, Some(Error::BrokeOff), "cut at {cut}");
        check(cut, &parts);
    }
}

#[tokio::test]
async fn a_missing_or_open_closing_delimiter_loses_nothing() {
    let files = files();
    let body = body_of(&files);
    let without_line_end = body[..body.len() - 2].to_vec();
    let (parts, error) = fetch_from(move || Reply::until_close(200, &[PARTS], &without_line_end))
        .await
        .unwrap();
    assert_eq!((bytes(&parts), error), (files.clone(), None));
    assert!(parts.iter().all(|part| part.whole));

    let without_delimiter = body[..body.len() - "\r\n--BB--\r\n".len()].to_vec();
    let (parts, error) = fetch_from(move || Reply::new(200, &[PARTS], &without_delimiter))
        .await
        .unwrap();
    assert_eq!(
        (bytes(&parts), error),
        (files, None),
        "the length says that this is all"
    );
    assert_eq!(
        parts.iter().map(|part| part.whole).collect::<Vec<_>>(),
        [true, true, false]
    );
}

#[tokio::test]
async fn parts_are_found_under_odd_heads() {
    let file = files().remove(0);
    let lf_only = [&b"--BB\nContent-Type:application/dicom\n\n"[..], &file, b"\n--BB--\n"].concat();
    let no_type = [&b"--BB\r\n\r\n"[..], &file, b"\r\n--BB--\r\n"].concat();
    let crlf = body_of(std::slice::from_ref(&file));
    for (what, media, body) in [
        ("line feeds only", PARTS.1, lf_only),
        ("a part without a type", PARTS.1, no_type),
        (
            "no boundary",
            "multipart/related; type=\"application/dicom\"",
            crlf.clone(),
        ),
        (
            "another boundary",
            "multipart/related; type=\"application/dicom\"; boundary=CC",
            crlf.clone(),
        ),
        (
            "nothing quoted",
            "multipart/related; type=application/dicom; boundary=BB",
            crlf.clone(),
        ),
        (
            "quoted",
            "multipart/related; type=\"application/dicom\"; boundary=\"BB\"; start=1",
            crlf.clone(),
        ),
        ("text", "text/plain", crlf),
        ("one file", "application/dicom", file.clone()),
        ("one file said to be parts", PARTS.1, file.clone()),
        ("one file said to be a page", "text/html", file.clone()),
    ] {
        let media = media.to_owned();
        let (parts, error) = fetch_from(move || Reply::new(200, &[("Content-Type", &media)], &body))
            .await
            .unwrap();
        assert_eq!((bytes(&parts), error), (vec![file.clone()], None), "{what}");
        assert!(
            parts[0].whole && parts[0].media.essence() == "application/dicom",
            "{what}"
        );
    }
    let (parts, _) = fetch_from(move || Reply::new(200, &[], &file)).await.unwrap();
    assert!(parts.len() == 1 && parts[0].whole, "no type at all");
}

#[tokio::test]
async fn a_single_file_whose_end_nothing_tells_is_not_called_whole() {
    let file = files().remove(2);
    let sent = file.clone();
    let (parts, error) = fetch_from(move || Reply::until_close(200, &[("Content-Type", "application/dicom")], &sent))
        .await
        .unwrap();
    assert_eq!((bytes(&parts), error, parts[0].whole), (vec![file], None, false));
}

#[tokio::test]
async fn a_part_that_is_not_as_long_as_it_says_is_not_called_whole() {
    for (says, whole) in [(137, true), (136, false), (138, false)] {
        let head = format!("--BB\r\nContent-Type: application/dicom\r\nContent-Length: {says}\r\n\r\n");
        let body = [head.as_bytes(), &files()[0], b"\r\n--BB--\r\n"].concat();
        let (parts, _) = fetch_from(move || Reply::new(200, &[PARTS], &body)).await.unwrap();
        assert_eq!((parts.len(), parts[0].whole), (1, whole), "{says}");
    }
}

#[tokio::test]
async fn a_web_page_is_called_one() {
    let page = "<!doctype html><html><title>Sign in to the network</title></html>";
    for media in ["text/html; charset=utf-8", "application/dicom", PARTS.1] {
        let media = media.to_owned();
        let error = fetch_from(move || Reply::new(200, &[("Content-Type", &media)], page))
            .await
            .unwrap_err();
        assert_eq!(error, Error::WebPage);
        assert!(!error.to_string().contains("Sign in to"), "no word of it is repeated");
    }
    let error = fetch_from(|| Reply::new(200, &[("Content-Type", "application/json")], "{\"error\":\"no\"}")).await;
    assert_eq!(error.unwrap_err(), Error::NotDicom);
    let (parts, error) = fetch_from(|| Reply::new(200, &[PARTS], "")).await.unwrap();
    assert!(
        parts.is_empty() && error == Some(Error::CutShort),
        "an empty answer is no answer"
    );
    assert_eq!(
        fetch_from(|| Reply(vec![Step::Send(head(204, &[])), Step::KeepAlive]))
            .await
            .unwrap_err(),
        Error::Missing
    );
}

#[tokio::test]
async fn what_was_left_out_is_told() {
    let body = body_of(&files());
    let server = Faulty::start(move |_| Reply::new(206, &[PARTS], &body)).await;
    let parts = client(&server).instances("1", None, None).await.unwrap();
    assert!(parts.some_left_out());
}

#[tokio::test]
async fn a_stall_ends_and_keeps_what_came() {
    let body = body_of(&files());
    for came in [0, 10, body.len() - 60] {
        let body = body.clone();
        let server = Faulty::start(move |_| {
            let bytes = [
                head(200, &[PARTS, ("Content-Length", "100000")]).as_slice(),
                &body[..came],
            ]
            .concat();
            Reply(vec![Step::Send(bytes), Step::Stall])
        })
        .await;
        let (parts, error) = fetch(&client_with(&server, SignIn::None, impatience())).await.unwrap();
        assert_eq!(error, Some(Error::Silent(Duration::from_secs(1))));
        if came > 100 {
            assert_eq!(bytes(&parts)[..2], files()[..2]);
            assert!(!parts[2].whole);
        }
    }
}

#[tokio::test]
async fn a_drip_is_given_up() {
    let server = Faulty::start(|_| {
        Reply(vec![
            Step::Send(head(200, &[PARTS, ("Content-Length", "100000")])),
            Step::Drip,
        ])
    })
    .await;
    let patience = Patience {
        floor: 1_000_000,
        floor_over: Duration::from_millis(50),
        ..patience()
    };
    let (parts, error) = fetch(&client_with(&server, SignIn::None, patience)).await.unwrap();
    assert_eq!((parts.len(), error), (0, Some(Error::TooSlow)));
}

#[tokio::test]
async fn a_part_larger_than_allowed_is_stopped() {
    let body = body_of(&files());
    let server = Faulty::start(move |_| Reply::chunked(200, &[PARTS], &body, 64)).await;
    let patience = Patience {
        most_part: 400,
        ..patience()
    };
    let (parts, error) = fetch(&client_with(&server, SignIn::None, patience)).await.unwrap();
    assert_eq!(
        (bytes(&parts), error),
        (files()[..2].to_vec(), Some(Error::TooLarge { most: 400 }))
    );
}

#[tokio::test]
async fn a_part_that_announces_more_than_allowed_is_not_waited_for() {
    // What is announced never comes, nor does the end.
    let server = Faulty::start(move |_| {
        let mut bytes = head(200, &[PARTS]);
        bytes.extend(b"--BB\r\nContent-Type: application/dicom\r\nContent-Length: 2147483648\r\n\r\n");
        bytes.extend([b'x'; 600]);
        Reply(vec![Step::Send(bytes), Step::Stall])
    })
    .await;
    let (parts, error) = fetch(&client_with(&server, SignIn::None, patience())).await.unwrap();
    let most = patience().most_part;
    assert_eq!((parts.len(), error), (0, Some(Error::TooLarge { most })));
}

#[tokio::test]
async fn packed_answers_are_unpacked_within_bounds() {
    let pack = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let packed = pack(&body_of(&files()));
    let (all, cut) = (packed.clone(), packed[..packed.len() / 2].to_vec());
    let gzip = ("Content-Encoding", "gzip");
    let (parts, error) = fetch_from(move || Reply::chunked(200, &[PARTS, gzip], &all, 10))
        .await
        .unwrap();
    assert_eq!((bytes(&parts), error), (files(), None));
    let (_, error) = fetch_from(move || Reply::new(200, &[PARTS, gzip], &cut)).await.unwrap();
    assert_eq!(
        error,
        Some(Error::CutShort),
        "a packed body that is cut is noticed, whatever its length says"
    );

    // 16 MiB of zeros in 16 kB, of which one is allowed.
    let bomb = pack(&[&b"--BB\r\n\r\n"[..], &vec![0; 16 << 20]].concat());
    let sent = bomb.len() as u64;
    let server = Faulty::start(move |_| Reply::new(200, &[PARTS, gzip], &bomb)).await;
    let patience = Patience {
        most_part: 1 << 20,
        ..patience()
    };
    let client = client_with(&server, SignIn::None, patience);
    let (parts, error) = fetch(&client).await.unwrap();
    assert_eq!((parts.len(), error), (0, Some(Error::TooLarge { most: 1 << 20 })));
    assert!(
        client.traffic().received() <= sent,
        "bytes are counted as they come over the link"
    );

    let error = fetch_from(move || Reply::new(200, &[PARTS, ("Content-Encoding", "br")], b"?")).await;
    assert_eq!(error.unwrap_err(), Error::NotDicom, "a packing that was not asked for");
}

#[tokio::test]
async fn bytes_are_counted_while_a_part_is_under_way() {
    let body = body_of(&files());
    let half = body.len() / 2;
    let server = Faulty::start(move |_| {
        let bytes = [
            head(200, &[PARTS, ("Content-Length", "100000")]).as_slice(),
            &body[..half],
        ]
        .concat();
        Reply(vec![Step::Send(bytes), Step::Stall])
    })
    .await;
    let client = client(&server);
    let mut parts = client.instances("1", None, None).await.unwrap();
    for _ in 0..2 {
        assert!(parts.next().await.unwrap().unwrap().whole);
    }
    // The third part never comes; what came of it is counted.
    while client.traffic().received() < half as u64 {
        assert!(
            tokio::time::timeout(Duration::from_millis(1), parts.next())
                .await
                .is_err()
        );
    }
    assert_eq!(client.traffic().received(), half as u64);
    assert!(client.traffic().round_trip().is_some());
}
