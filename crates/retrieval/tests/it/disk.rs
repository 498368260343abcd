//! What lies on the disk, and what happens when it takes nothing.

use std::path::Path;

use retrieval::{Event, FailureKind};

use crate::world::{World, client, objects, small_pacs, small_study};

fn all_bytes(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        bytes.extend(path.file_name().unwrap().to_string_lossy().into_owned().into_bytes());
        if path.is_dir() {
            bytes.extend(all_bytes(&path));
        } else {
            bytes.extend(std::fs::read(path).unwrap());
        }
    }
    bytes
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_a_study_is_readable_on_the_disk_and_nothing_is_left() {
    let (pacs, _folder) = small_pacs().await;
    let study = small_study();
    let uid = study.listing.study.clone();
    let mut world = World::start();
    let source = world.retrieval.add_pacs(client(&pacs.base()));
    world.retrieval.open(source, uid.clone());
    world.until_finished(&uid).await;
    let total: usize = objects().values().map(bytes::Bytes::len).sum();
    let mut written = all_bytes(&world.cache);
    while written.len() < total {
        tokio::task::yield_now().await;
        written = all_bytes(&world.cache);
    }
    let name = study.listing.patient.name.to_reader();
    let family = name.split(['^', '=']).next().unwrap();
    for canary in [
        uid.as_str(),
        family,
        study.listing.patient.id.to_reader(),
        study.series[0].uid.as_str(),
        "1.2.840.10008",
    ] {
        assert!(!holds(&written, canary), "readable on the disk");
    }
    let cache = world.cache.clone();
    drop(world);
    let left = std::fs::read_dir(cache)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .count();
    assert_eq!(left, 0, "the folder of the run goes with it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_nothing_is_said_once_and_reading_goes_on_from_memory() {
    let (pacs, _folder) = small_pacs().await;
    let study = small_study();
    let uid = study.listing.study.clone();
    let mut world = World::with(1 << 30, |folder| {
        let in_the_way = folder.join("file");
        std::fs::write(&in_the_way, b"in the way").unwrap();
        in_the_way
    });
    let source = world.retrieval.add_pacs(client(&pacs.base()));
    world.retrieval.open(source, uid.clone());
    world.until_finished(&uid).await;
    world.until_frames(objects().len()).await;
    let troubles: Vec<_> = world
        .seen
        .iter()
        .filter_map(|event| match event {
            Event::StudyTrouble { failure, .. } => Some(failure.kind),
            _ => None,
        })
        .collect();
    assert!(troubles.len() <= 1);
    if troubles.is_empty() {
        world
            .until(|event| matches!(event, Event::StudyTrouble { failure, .. } if failure.kind == FailureKind::Disk))
            .await;
    } else {
        assert_eq!(troubles, [FailureKind::Disk]);
    }
}
