//! Against Orthanc, where it is installed.

use std::collections::BTreeMap;

use bytes::Bytes;
use retrieval::pull::{Wanted, pull};
use study::{FrameRef, Instance, InstanceUid, Object, TransferSyntax, phantom};

use crate::world::{World, assert_same, client};

/// A series of 240 slices, each drawn from one slice of the demonstration's CT: another SOP Instance UID, another last pixel.
fn ct() -> (study::StudyUid, study::SeriesUid, BTreeMap<FrameRef, Bytes>) {
    let study = &phantom::catalogue()[0];
    let series = study.series.iter().max_by_key(|series| series.instances).unwrap();
    let (study, uid) = (study.listing.study.clone(), series.instance_uid(0));
    let slice = phantom::object(&study, &series.uid, 0).unwrap();
    let stem = &uid.as_str()[..uid.as_str().len() - 3];
    let objects = (0..240_u16)
        .map(|number| {
            let own = format!("{stem}{number:03}");
            let mut object = replaced(&slice, uid.as_str().as_bytes(), own.as_bytes());
            let end = object.len();
            object[end - 2..].copy_from_slice(&number.to_le_bytes());
            let frame = FrameRef {
                study: study.clone(),
                series: series.uid.clone(),
                instance: InstanceUid::new(&own).unwrap(),
                frame: 0,
            };
            (frame, object.into())
        })
        .collect();
    (study, series.uid.clone(), objects)
}

/// Bytes with every occurrence of a text exchanged for another of the same length.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let mut replaced = bytes.to_vec();
    let mut count = 0;
    for at in 0..bytes.len() - old.len() {
        if bytes[at..].starts_with(old) {
            replaced[at..at + new.len()].copy_from_slice(new);
            count += 1;
        }
    }
    assert_eq!(count, 2, "in the file's head and in its data set");
    replaced
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

    // Metadata that says the same as the objects: nothing is said anew when they come, and no stack is sorted again.
    let answer = client
        .metadata(study.as_str(), wanted.series.as_ref().map(|s| s.as_str()), None)
        .await
        .unwrap();
    assert_eq!(answer.rows.len(), 240);
    for row in &answer.rows {
        let listed = Instance::from_dataset(&row.dataset, TransferSyntax("1.2.840.10008.1.2.1".into())).unwrap();
        let object = objects
            .iter()
            .find(|(frame, _)| frame.instance == listed.uid)
            .unwrap()
            .1;
        let own = Object::parse(object.clone()).unwrap().instance().unwrap();
        assert_eq!((&listed.layout, listed.frames), (&own.layout, own.frames));
        assert_eq!(
            (&listed.geometry, listed.instance_number),
            (&own.geometry, own.instance_number)
        );
    }

    let mut world = World::start();
    let source = world.retrieval.add_pacs(client);
    world.retrieval.open(source, study.clone());
    world.until_finished(&study).await;
    world.until_frames(240).await;
    for (frame, object) in &objects {
        assert_same(&world, frame, object);
    }
}
