//! Against Orthanc, where it is installed.

use std::collections::BTreeMap;

use retrieval::pull::{Wanted, pull};
use study::{FrameRef, phantom};

use crate::world::{World, assert_same, client};

/// The CT of the demonstration: 240 slices in one series.
fn ct() -> (study::StudyUid, study::SeriesUid, BTreeMap<FrameRef, bytes::Bytes>) {
    let study = &phantom::catalogue()[0];
    let series = study.series.iter().max_by_key(|series| series.instances).unwrap();
    let objects = (0..series.instances)
        .map(|index| {
            let frame = FrameRef {
                study: study.listing.study.clone(),
                series: series.uid.clone(),
                instance: series.instance_uid(index),
                frame: 0,
            };
            (
                frame,
                phantom::object(&study.listing.study, &series.uid, index).unwrap(),
            )
        })
        .collect();
    (study.listing.study.clone(), series.uid.clone(), objects)
}

/// What follows the file's head, which a server may write anew (PS3.10 7.1).
fn dataset(file: &[u8]) -> &[u8] {
    assert_eq!(&file[128..132], b"DICM");
    let length = u32::from_le_bytes(file[140..144].try_into().unwrap()) as usize;
    &file[144 + length..]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_of_240_slices_is_pulled_and_opened_as_it_was_stored() {
    let Some(orthanc) = testkit::Orthanc::start("retrieval") else {
        return;
    };
    let client = client(&orthanc.base());
    let (study, series, objects) = ct();
    assert_eq!(objects.len(), 240);
    for batch in objects.values().cloned().collect::<Vec<_>>().chunks(60) {
        assert!(client.store(None, batch.to_vec()).await.unwrap().all_well());
    }

    let folder = tempfile::tempdir().unwrap();
    let wanted = Wanted {
        study: study.clone(),
        series: Some(series),
    };
    let report = pull(&client, &wanted, folder.path(), |_| {}).await.unwrap();
    assert!(report.complete());
    assert_eq!(report.stored, 240);
    for (frame, object) in &objects {
        let file = std::fs::read(folder.path().join(format!("{}.dcm", frame.instance.as_str()))).unwrap();
        assert!(dataset(&file) == dataset(object), "the data set changed on its way");
    }
    let again = pull(&client, &wanted, folder.path(), |_| {}).await.unwrap();
    assert_eq!((again.stored, again.already_there, again.bytes), (0, 240, 0));

    let mut world = World::start();
    let source = world.retrieval.add_pacs(client);
    world.retrieval.open(source, study.clone());
    world.until_finished(&study).await;
    world.until_frames(240).await;
    for (frame, object) in &objects {
        assert_same(&world, frame, object);
    }
}
