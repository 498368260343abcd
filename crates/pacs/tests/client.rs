//! The server over a socket, asked by our own client, also when it is told to misbehave.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use dicomweb::{Client, Error, Patience, Query, Server, SignIn};
use pacs::{Faults, Instead, Options, Pacs, Store};
use study::{Object, phantom};

async fn start() -> (Pacs, Client) {
    let pacs = Pacs::start(Store::phantoms(), Options::default()).await.unwrap();
    let server = Server::new("test", &pacs.base(), SignIn::None).unwrap();
    let client = Client::new(server, Patience::default()).unwrap();
    (pacs, client)
}

/// The instance of the catalogue that is quickest to make.
fn small() -> (String, String, String) {
    let study = phantom::catalogue()
        .into_iter()
        .find(|s| s.series[0].modality == "MR")
        .unwrap();
    let series = &study.series[0];
    (
        study.listing.study.as_str().to_owned(),
        series.uid.as_str().to_owned(),
        series.instance_uid(0).as_str().to_owned(),
    )
}

#[tokio::test]
async fn our_own_client_searches_retrieves_and_stores() {
    let (pacs, client) = start().await;
    assert!(pacs.address().ip().is_loopback());
    let answer = client.query(&Query::studies()).await.unwrap();
    assert!(answer.whole && !answer.more);
    assert_eq!(answer.rows.len(), phantom::catalogue().len());
    assert!(answer.rows.iter().all(|row| row.oddities.is_empty()));

    let (study, series, instance) = small();
    let metadata = client.metadata(&study, Some(&series), Some(&instance)).await.unwrap();
    assert_eq!(metadata.rows.len(), 1);
    let mut parts = client.instances(&study, Some(&series), Some(&instance)).await.unwrap();
    let part = parts.next().await.unwrap().unwrap();
    assert!(part.whole && parts.next().await.is_none());
    let object = Object::parse(part.bytes.clone()).unwrap();
    assert_eq!(object.instance().unwrap().uid.as_str(), instance);

    let mut frames = client.frames(&study, &series, &instance, &[1]).await.unwrap();
    let frame = frames.next().await.unwrap().unwrap();
    assert_eq!(frame.bytes, object.encoded_frame(0).unwrap().bytes);
    let bulk = client.bulk(&metadata.rows[0].bulk[0].uri).await.unwrap();
    assert_eq!(bulk.bytes, frame.bytes);
    let picture = client
        .thumbnail(&study, &series, Some(&instance), (64, 64))
        .await
        .unwrap();
    assert!(picture.bytes.starts_with(&[0xff, 0xd8]), "a JPEG");

    let stored = client.store(Some(&study), vec![part.bytes]).await.unwrap();
    assert!(stored.all_well(), "the same object again is welcome: {stored:?}");
    assert_eq!(pacs.tally().instances_stored, 0, "and not stored twice");
}

#[tokio::test]
async fn faults_come_when_they_are_asked_for_and_go_again() {
    let (pacs, client) = start().await;
    let (study, series, instance) = small();
    let whole = async || {
        let mut parts = client.instances(&study, Some(&series), Some(&instance)).await?;
        match parts.next().await {
            Some(part) => part.map(|part| part.whole),
            None => Ok(false),
        }
    };
    assert!(whole().await.unwrap());
    for instead in [Instead::HtmlPage, Instead::SignInNeeded, Instead::Missing] {
        pacs.set_faults(Faults {
            instead: Some(instead),
            ..Faults::default()
        });
        let failed: Result<_, Error> = client.query(&Query::studies()).await;
        assert!(failed.is_err(), "{instead:?}");
    }
    pacs.set_faults(Faults {
        close_after: Some(10_000),
        only: Some("/instances/".to_owned()),
        ..Faults::default()
    });
    assert!(!whole().await.unwrap_or(false), "what was cut is not taken for whole");
    assert!(
        client.query(&Query::studies()).await.is_ok(),
        "only what was named is struck"
    );
    pacs.set_faults(Faults::default());
    assert!(whole().await.unwrap());
}

#[tokio::test]
async fn a_slow_link_is_as_slow_as_it_is_told() {
    let (pacs, client) = start().await;
    let (study, series, instance) = small();
    pacs.set_faults(Faults {
        delay: Duration::from_millis(50),
        bytes_per_second: Some(1_000_000),
        ..Faults::default()
    });
    let begun = tokio::time::Instant::now();
    let mut parts = client.instances(&study, Some(&series), Some(&instance)).await.unwrap();
    let bytes = parts.next().await.unwrap().unwrap().bytes.len();
    let least = Duration::from_millis(50) + Duration::from_secs_f64(bytes as f64 / 1e6);
    assert!(begun.elapsed() >= least, "{bytes} bytes in {:?}", begun.elapsed());
}

#[tokio::test]
async fn a_dropped_server_is_gone_also_for_answers_under_way() {
    let (pacs, client) = start().await;
    let (study, series, instance) = small();
    pacs.set_faults(Faults {
        bytes_per_second: Some(1000),
        ..Faults::default()
    });
    let mut parts = client.instances(&study, Some(&series), Some(&instance)).await.unwrap();
    drop(pacs);
    let ended = tokio::time::timeout(Duration::from_secs(20), parts.next())
        .await
        .unwrap();
    assert!(ended.is_none_or(|part| part.is_err() || part.is_ok_and(|part| !part.whole)));
    assert!(client.query(&Query::studies()).await.is_err());
}

#[tokio::test]
async fn what_cannot_be_started_says_why() {
    let missing = Store::folder("/nowhere/at/all".into());
    let error = Pacs::start(missing, Options::default()).await.unwrap_err().to_string();
    assert!(error.starts_with("The folder cannot be read"), "{error}");
    let (first, _) = start().await;
    let options = Options {
        port: first.address().port(),
        ..Options::default()
    };
    let error = Pacs::start(Store::phantoms(), options).await.unwrap_err().to_string();
    assert!(error.contains("Choose another port"), "{error}");
}
