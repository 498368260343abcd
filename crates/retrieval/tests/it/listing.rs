//! Servers that do not describe what they list.

use std::collections::BTreeMap;

use bytes::Bytes;
use study::{FrameRef, SeriesUid, phantom};

use crate::scripted::{Reply, Scripted, instead, study_of};
use crate::world::{World, assert_same, client};

/// A study of two series with three images each, and the series that is read first and last.
fn two_series() -> (phantom::PhantomStudy, BTreeMap<FrameRef, Bytes>, [SeriesUid; 2]) {
    let mut study = phantom::catalogue()
        .into_iter()
        .filter(|study| study.series.iter().filter(|series| series.instances > 2).count() > 1)
        .min_by_key(|study| study.listing.instances)
        .unwrap();
    study.series.retain(|series| series.instances > 2);
    study.series.truncate(2);
    let uid = study.listing.study.clone();
    let mut objects = BTreeMap::new();
    for series in &study.series {
        for index in 0..3 {
            let frame = FrameRef {
                study: uid.clone(),
                series: series.uid.clone(),
                instance: series.instance_uid(index),
                frame: 0,
            };
            objects.insert(frame, phantom::object(&uid, &series.uid, index).unwrap());
        }
    }
    // The lists tell no numbers: the series are in the order of their identifiers.
    let mut order = [study.series[0].uid.clone(), study.series[1].uid.clone()];
    order.sort();
    (study, objects, order)
}

fn list_of(study: &phantom::PhantomStudy, series: &SeriesUid, list: &str) -> String {
    format!(
        "studies/{}/series/{}/{list}",
        study.listing.study.as_str(),
        series.as_str()
    )
}

/// Opens the study of two series at a server that answers some lists otherwise, and gives the world.
async fn opened(change: impl FnOnce(&phantom::PhantomStudy, &[SeriesUid; 2], &mut Vec<(String, Reply)>)) -> World {
    let (study, objects, order) = two_series();
    let mut replies = study_of(&study, &objects);
    change(&study, &order, &mut replies);
    let server = Scripted::start(replies).await;
    let world = World::start();
    let source = world.retrieval.add_pacs(client(&server.base));
    world.retrieval.open(source, study.listing.study.clone());
    world
}

async fn all_is_here(mut world: World) {
    let (study, objects, _) = two_series();
    world.until_finished(&study.listing.study).await;
    world.until_frames(objects.len()).await;
    for (frame, object) in &objects {
        assert_same(&world, frame, object);
    }
    assert_eq!(world.instances().len(), objects.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_that_never_comes_keeps_no_image_of_any_series_away() {
    let world = opened(|study, [main, _], replies| {
        instead(replies, &list_of(study, main, "metadata"), Reply::Never);
    })
    .await;
    all_is_here(world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_that_a_server_is_always_too_busy_for_is_done_without() {
    let world = opened(|study, series, replies| {
        for series in series {
            instead(replies, &list_of(study, series, "metadata"), Reply::Busy);
        }
    })
    .await;
    all_is_here(world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_that_is_never_listed_keeps_no_other_away() {
    let mut world = opened(|study, [main, _], replies| {
        for list in ["metadata", "instances"] {
            instead(replies, &list_of(study, main, list), Reply::Never);
        }
    })
    .await;
    let (_, objects, [_, other]) = two_series();
    world.until_frames(3).await;
    let others = objects.iter().filter(|(frame, _)| frame.series == other);
    for (frame, object) in others {
        assert_same(&world, frame, object);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn first_images_of_the_whole_study_are_taken_for_their_own_series_only() {
    let world = opened(|study, _, replies| {
        // A server that knows neither matches nor limits answers with every image of every series.
        let rows: Vec<_> = two_series()
            .1
            .keys()
            .map(|frame| {
                format!(
                    r#"{{"0020000E":{{"vr":"UI","Value":["{}"]}},"00080018":{{"vr":"UI","Value":["{}"]}},"00200013":{{"vr":"IS","Value":[1]}}}}"#,
                    frame.series.as_str(),
                    frame.instance.as_str()
                )
            })
            .collect();
        let path = format!("studies/{}/instances", study.listing.study.as_str());
        instead(replies, &path, Reply::Json(format!("[{}]", rows.join(","))));
    })
    .await;
    all_is_here(world).await;
}
