//! Servers that describe what they list, that do not, and that do it wrongly.

use std::collections::BTreeMap;

use bytes::Bytes;
use retrieval::Event;
use study::{FrameRef, Object, SeriesUid, phantom};

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

/// A series' list as a server gives it that tells what orders the images; their places are wrong by so many millimetres.
fn telling(study: &phantom::PhantomStudy, series: &SeriesUid, wrong_by: f64) -> Reply {
    let (_, objects, _) = two_series();
    let rows = objects.iter().filter(|(frame, _)| frame.series == *series);
    let rows: Vec<_> = rows
        .map(|(frame, object)| {
            let object = Object::parse(object.clone()).unwrap();
            let own = object.instance().unwrap();
            let layout = own.layout.as_ref().unwrap();
            let geometry = own.frame_geometry(0).unwrap();
            let (plane, order) = (geometry.plane.as_ref().unwrap(), &geometry.order);
            let (o, r, c) = (plane.origin, plane.along_row, plane.along_column);
            let mut row = serde_json::json!({
                "0020000D": {"vr": "UI", "Value": [study.listing.study.as_str()]},
                "0020000E": {"vr": "UI", "Value": [series.as_str()]},
                "00080018": {"vr": "UI", "Value": [frame.instance.as_str()]},
                "00080008": {"vr": "CS", "Value": own.image_type},
                "00080060": {"vr": "CS", "Value": [own.text.modality]},
                "0008103E": {"vr": "LO", "Value": [own.text.series_description.to_reader()]},
                "00100020": {"vr": "LO", "Value": [own.patient.id.to_reader()]},
                "00200011": {"vr": "IS", "Value": [own.text.series_number]},
                "00200013": {"vr": "IS", "Value": [own.instance_number]},
                "00200032": {"vr": "DS", "Value": [o.x, o.y, o.z + wrong_by]},
                "00200037": {"vr": "DS", "Value": [r.x, r.y, r.z, c.x, c.y, c.z]},
                "00280010": {"vr": "US", "Value": [layout.rows]},
                "00280011": {"vr": "US", "Value": [layout.columns]},
                "00280030": {"vr": "DS", "Value": [plane.row_spacing, plane.column_spacing]},
                "00280100": {"vr": "US", "Value": [layout.bits_allocated]},
            });
            let mut add = |tag: &str, vr, value: serde_json::Value| {
                if !value.is_null() && value != "" {
                    row[tag] = serde_json::json!({"vr": vr, "Value": [value]});
                }
            };
            add("00180081", "DS", order.echo_ms.into());
            add("00200012", "IS", order.acquisition.into());
            add("00200100", "IS", order.temporal_position.into());
            add("00100021", "LO", own.patient.issuer.to_reader().into());
            if own.patient.identity_removed {
                add("00120062", "CS", "YES".into());
            }
            let frame_of_reference = object.dataset().element_by_name("FrameOfReferenceUID").unwrap();
            add(
                "00200052",
                "UI",
                frame_of_reference.to_str().unwrap().trim_matches('\0').into(),
            );
            row.to_string()
        })
        .collect();
    Reply::Json(format!("[{}]", rows.join(",")))
}

/// The most images that became known at once.
async fn known_at_once(wrong_by: f64) -> usize {
    let mut world = opened(|study, series, replies| {
        for series in series {
            instead(replies, &list_of(study, series, "metadata"), Reply::Never);
            instead(
                replies,
                &list_of(study, series, "instances"),
                telling(study, series, wrong_by),
            );
        }
    })
    .await;
    world.until_finished(&two_series().0.listing.study).await;
    let found = world.seen.iter().map(|event| match event {
        Event::InstancesFound { instances, .. } => instances.len(),
        _ => 0,
    });
    let most = found.max().unwrap();
    all_is_here(world).await;
    most
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_tells_the_place_of_every_slice_does_without_metadata() {
    // The second series has not come at all when its three images are known.
    assert!(known_at_once(0.0).await > 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_whose_places_are_not_the_images_own_is_not_believed() {
    // Each image becomes known when it comes, by its own header.
    assert_eq!(known_at_once(2.0).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_refuses_to_list_what_orders_images_is_asked_for_less() {
    let world = opened(|study, series, replies| {
        for series in series {
            let Reply::Json(rows) = telling(study, series, 0.0) else {
                unreachable!()
            };
            instead(replies, &list_of(study, series, "instances"), Reply::Strict(rows));
            instead(replies, &list_of(study, series, "metadata"), Reply::Busy);
        }
    })
    .await;
    all_is_here(world).await;
}
