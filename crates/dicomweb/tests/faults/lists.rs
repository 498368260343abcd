//! Lists and metadata from servers that bend them.

use std::io::Write;

use dicom_dictionary_std::tags;
use dicomweb::{Answer, Error, Patience, Query, SignIn};

use crate::server::{Faulty, Reply, Step, head};
use crate::{client, client_with, impatience, patience};

const JSON: (&str, &str) = ("Content-Type", "application/dicom+json");

fn rows(numbers: std::ops::Range<usize>) -> String {
    let rows: Vec<String> = numbers
        .map(|n| format!(r#"{{"0020000D":{{"vr":"UI","Value":["1.{n}"]}}}}"#))
        .collect();
    format!("[{}]", rows.join(","))
}

fn studies(answer: &Answer) -> Vec<String> {
    let text = |row: &dicomweb::Row| {
        row.dataset
            .element(tags::STUDY_INSTANCE_UID)
            .unwrap()
            .to_str()
            .unwrap()
            .into_owned()
    };
    answer.rows.iter().map(text).collect()
}

async fn ask(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Result<Answer, Error> {
    let server = Faulty::start(move |_| reply()).await;
    client(&server).query(&Query::studies()).await
}

#[tokio::test]
async fn one_bad_element_or_row_costs_nothing_else() {
    let answer = ask(|| {
        Reply::json(
            r#"[{"0020000D":{"vr":"UI","Value":["1.1"]},"00201206":{"vr":"IS","Value":["many"]},"00280010":{"vr":"US","Value":["x"]}},
                {"0020000D":{"vr":"UI" "Value":["1.2"]}}, {"0020000D":{"vr":"UI","Value":["1.3"]},"00100010":{"vr":"PN","Value":[null]}}]"#,
        )
    })
    .await
    .unwrap();
    assert_eq!(answer.rows.len(), 3);
    assert!(!answer.whole, "a row could not be read");
    assert_eq!(
        answer.rows.iter().map(|row| row.oddities.len()).collect::<Vec<_>>(),
        [1, 1, 0]
    );
}

#[tokio::test]
async fn nothing_in_every_form_is_an_empty_list() {
    for reply in [
        || Reply(vec![Step::Send(head(204, &[])), Step::KeepAlive]),
        || Reply::json("[]"),
        || Reply::json(""),
        || Reply::json("null"),
        || Reply::new(200, &[], "[ ]"),
    ] {
        let answer = ask(reply).await.unwrap();
        assert!(answer.rows.is_empty() && answer.whole && !answer.more);
    }
}

#[tokio::test]
async fn what_is_no_list_is_told() {
    for (body, expected) in [
        ("<html><body>Sign in</body></html>", Error::WebPage),
        ("  <!DOCTYPE html>", Error::WebPage),
        ("<NativeDicomModel/>", Error::NotDicom),
        ("internal error", Error::NotDicom),
        (r#"{"error":"no such patient DOE"}"#, Error::NotDicom),
    ] {
        assert_eq!(ask(move || Reply::json(body)).await.unwrap_err(), expected, "{body}");
    }
    let page = || Reply::new(200, &[("Content-Type", "text/html")], "hello");
    assert_eq!(ask(page).await.unwrap_err(), Error::WebPage);
}

#[tokio::test]
async fn a_list_that_breaks_off_is_asked_for_again_and_then_given_as_far_as_it_came() {
    let cut = format!("{},{{\"0020", rows(0..3).trim_end_matches(']'));
    let once = cut.clone();
    let server = Faulty::start(move |request| match request.number {
        0 => Reply::until_close(200, &[JSON], &once),
        _ => Reply::json(&rows(0..5)),
    })
    .await;
    let answer = client(&server).query(&Query::studies()).await.unwrap();
    assert!(answer.whole && answer.rows.len() == 5);

    let always = cut.clone();
    let answer = ask(move || Reply::until_close(200, &[JSON], &always)).await.unwrap();
    assert!(!answer.whole && answer.rows.len() == 3);

    let server = Faulty::start(move |_| {
        let bytes = [
            head(200, &[JSON, ("Content-Length", "9999")]).as_slice(),
            cut.as_bytes(),
        ]
        .concat();
        Reply(vec![Step::Send(bytes), Step::Stall])
    })
    .await;
    let answer = client_with(&server, SignIn::None, impatience())
        .query(&Query::studies())
        .await
        .unwrap();
    assert!(!answer.whole && answer.rows.len() == 3);
    let nothing = ask(|| Reply::until_close(200, &[JSON], "[")).await;
    assert_eq!(nothing.unwrap_err(), Error::CutShort);
}

#[tokio::test]
async fn a_packed_list_is_counted_as_it_came_and_a_bomb_is_stopped() {
    let pack = |text: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    };
    let packed = pack(rows(0..1000).as_bytes());
    let length = packed.len() as u64;
    let server = Faulty::start(move |request| {
        assert_eq!(request.header("accept-encoding"), "gzip");
        Reply::new(200, &[JSON, ("Content-Encoding", "gzip")], &packed)
    })
    .await;
    let client = client(&server);
    let answer = client.query(&Query::studies()).await.unwrap();
    assert_eq!((answer.rows.len(), answer.whole), (1000, true));
    assert_eq!(client.traffic().received(), length);

    let bomb = pack(&[&b"["[..], &vec![b' '; 16 << 20]].concat());
    let server = Faulty::start(move |_| Reply::new(200, &[JSON, ("Content-Encoding", "gzip")], &bomb)).await;
    let patience = Patience {
        most_json: 1 << 20,
        ..patience()
    };
    let error = client_with(&server, SignIn::None, patience)
        .query(&Query::studies())
        .await
        .unwrap_err();
    assert_eq!(error, Error::TooLarge { most: 1 << 20 });
}

#[tokio::test]
async fn more_is_what_a_warning_or_a_full_page_says() {
    let warning = (
        "Warning",
        "299 pacs: \"There are 7 additional results that can be requested\"",
    );
    let answer = ask(move || Reply::new(200, &[JSON, warning], rows(0..2)))
        .await
        .unwrap();
    assert!(answer.more);
    let server = Faulty::start(|_| Reply::json(&rows(0..5))).await;
    let client = client(&server);
    for (limit, more) in [(4, false), (5, true), (6, false)] {
        assert_eq!(
            client.query(&Query::studies().limited(limit)).await.unwrap().more,
            more,
            "{limit} of 5"
        );
    }
}

/// A server with 25 studies that pages in some manner.
async fn paging(manner: fn(offset: usize, limit: usize) -> String) -> Faulty {
    Faulty::start(move |request| {
        let number = |key: &str, otherwise| {
            let at = request.target.find(&format!("{key}="));
            at.map_or(otherwise, |at| {
                let digits: String = request.target[at + key.len() + 1..]
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .collect();
                digits.parse().unwrap()
            })
        };
        Reply::json(&manner(number("offset", 0), number("limit", 1000)))
    })
    .await
}

#[tokio::test]
async fn all_pages_come_from_servers_that_page_well_badly_or_not_at_all() {
    type Manner = fn(usize, usize) -> String;
    let whole: Vec<String> = (0..25).map(|n| format!("1.{n}")).collect();
    let manners: [(&str, Manner, usize, bool); 5] = [
        (
            "well",
            |offset, limit| rows(offset.min(25)..(offset + limit).min(25)),
            25,
            false,
        ),
        ("no limit, no offset", |_, _| rows(0..25), 25, false),
        (
            "a silent cap of 4",
            |offset, limit| rows(offset.min(25)..(offset + limit.min(4)).min(25)),
            25,
            false,
        ),
        (
            "overlapping pages",
            |offset, limit| rows(offset.saturating_sub(2).min(25)..(offset + limit).min(25)),
            25,
            false,
        ),
        ("no offset", |_, limit| rows(0..limit.min(25)), 10, true),
    ];
    for (what, manner, expected, more) in manners {
        let server = paging(manner).await;
        let answer = client(&server)
            .query_all(&Query::studies().limited(10), 1000)
            .await
            .unwrap();
        assert_eq!(studies(&answer), whole[..expected], "{what}");
        assert_eq!((answer.more, answer.whole), (more, true), "{what}");
    }
    let server = paging(|offset, limit| rows(offset..offset + limit)).await;
    let answer = client(&server)
        .query_all(&Query::studies().limited(10), 35)
        .await
        .unwrap();
    assert_eq!((answer.rows.len(), answer.more), (35, true), "endless pages end");
    let server = paging(|_, _| "[{},{}]".to_owned()).await;
    let answer = client(&server).query_all(&Query::studies(), 35).await.unwrap();
    assert_eq!(answer.rows.len(), 2, "rows without a name are no progress");
}

#[tokio::test]
async fn metadata_names_its_values_absolutely_and_they_are_fetched_from_here() {
    let server = Faulty::start(|request| match request.target.as_str() {
        "/dw/studies/1/series/2/metadata" => Reply::json(
            r#"[{"00080018":{"vr":"UI","Value":["3"]},"7FE00010":{"vr":"OW","BulkDataURI":"instances/3/bulk"},
                "00420011":{"vr":"OB","BulkDataURI":"http://inner:8042/orthanc/studies/1/pdf"}}]"#,
        ),
        "/dw/studies/1/series/2/instances/3/bulk" => {
            Reply::new(200, &[("Content-Type", "application/octet-stream")], "pixels")
        }
        "/dw/studies/1/pdf" => Reply::new(
            200,
            &[(
                "Content-Type",
                "multipart/related; type=\"application/octet-stream\"; boundary=b",
            )],
            "--b\r\n\r\nreport\r\n--b--",
        ),
        _ => Reply::new(404, &[], ""),
    })
    .await;
    let client = client(&server);
    let answer = client.metadata("1", Some("2"), None).await.unwrap();
    let bulk = &answer.rows[0].bulk;
    assert!(bulk[0].uri.starts_with("http://127.0.0.1"));
    for (reference, expected) in bulk.iter().zip(["pixels", "report"]) {
        let part = client.bulk(&reference.uri).await.unwrap();
        assert!(part.whole);
        assert_eq!(part.bytes, expected.as_bytes());
    }
}

#[tokio::test]
async fn a_server_that_knows_only_the_general_type_is_understood() {
    let server = Faulty::start(|request| match request.header("accept") {
        "application/json" => Reply::json(&rows(0..1)),
        _ => Reply::new(406, &[], ""),
    })
    .await;
    assert_eq!(client(&server).query(&Query::studies()).await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn a_server_that_does_not_decode_its_parameters_is_found_out() {
    let server = Faulty::start(|request| match request.target.contains('%') {
        true => Reply::json("[]"),
        false => Reply::json(
            r#"[{"0020000D":{"vr":"UI","Value":["1.1"]},"00080050":{"vr":"SH","Value":["A 1"]}},
                {"0020000D":{"vr":"UI","Value":["1.2"]},"00080050":{"vr":"SH","Value":["AX1"]}}]"#,
        ),
    })
    .await;
    let client = client(&server);
    for _ in 0..2 {
        let answer = client
            .query(&Query::studies().matching("AccessionNumber", "a 1"))
            .await
            .unwrap();
        assert_eq!(studies(&answer), ["1.1"], "and only what was asked for");
    }
    let targets: Vec<String> = server.requests().into_iter().map(|request| request.target).collect();
    let (strict, loose) = ("/dw/studies?AccessionNumber=a%201", "/dw/studies?AccessionNumber=a?1");
    assert_eq!(targets, [strict, loose, loose], "the second time it is known");
}
