//! Against the embedded PACS.

use std::time::Duration;

use pacs::{Faults, Instead, Options, Pacs, Store};
use retrieval::{Event, FailureKind, SourceState, StudyFilter};
use study::{FrameRef, FrameWants, InstanceUid, SeriesUid, StudyUid, phantom};

use crate::made;
use crate::world::{World, assert_same, client, objects, small_pacs, small_study};

#[tokio::test(flavor = "multi_thread")]
async fn a_study_arrives_whole_and_every_frame_equals_its_object() {
    let ((pacs, _folder), study) = (small_pacs().await, small_study());
    let mut world = World::start();
    let source = world.retrieval.add_pacs(client(&pacs.base()));
    let uid = study.listing.study.clone();
    let objects = objects();
    world.retrieval.open(source, uid.clone());
    world.until_finished(&uid).await;
    world.until_frames(objects.len()).await;
    assert!(
        world
            .seen
            .iter()
            .any(|event| matches!(event, Event::InstancesFound { complete: true, .. }))
    );
    assert_eq!(world.instances().len(), objects.len());
    for (frame, object) in objects {
        assert_same(&world, frame, object);
    }
    let Some(Event::Progress { stored, of, bytes, .. }) =
        world.seen.iter().rfind(|e| matches!(e, Event::Progress { .. }))
    else {
        panic!("no progress");
    };
    let total: usize = objects.values().map(bytes::Bytes::len).sum();
    assert_eq!(
        (*stored as usize, *of as usize, *bytes),
        (objects.len(), objects.len(), total as u64)
    );
    assert_eq!(
        pacs.tally().instances_sent,
        objects.len() as u64,
        "each is fetched once"
    );
    assert!(world.retrieval.link().bytes >= total as u64);
    assert!(world.retrieval.link().round_trip_ms.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_keeps_its_budget_and_frames_come_again_from_the_sealed_cache() {
    let ((pacs, _folder), study) = (small_pacs().await, small_study());
    let objects = objects();
    let frames: Vec<_> = objects.keys().cloned().collect();
    let one = objects.values().next().unwrap();
    let one = study::Object::parse(one.clone()).unwrap().encoded_frame(0).unwrap();
    // Room for three frames.
    let mut world = World::with(one.bytes.len() as u64 * 3, |folder| folder.join("cache"));
    let source = world.retrieval.add_pacs(client(&pacs.base()));
    world.retrieval.open(source, study.listing.study.clone());
    world.until_finished(&study.listing.study).await;
    let sent = pacs.tally().instances_sent;
    for (revision, frame) in frames.iter().enumerate() {
        world.retrieval.want(FrameWants {
            revision: revision as u64 + 1,
            visible: vec![frame.clone()],
            next: Vec::new(),
        });
        while world.retrieval.memory().get(frame).is_none() {
            world.until(|event| matches!(event, Event::FrameArrived(_))).await;
        }
        assert_same(&world, frame, &objects[frame]);
        let held = frames
            .iter()
            .filter(|f| world.retrieval.memory().get(f).is_some())
            .count();
        assert!(held <= 3, "{held} frames are held");
    }
    assert_eq!(pacs.tally().instances_sent, sent, "nothing is fetched twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_in_the_middle_and_returns_completes_the_study() {
    let ((pacs, folder), study) = (small_pacs().await, small_study());
    let mut world = World::start();
    let source = world.retrieval.add_pacs(client(&pacs.base()));
    let uid = study.listing.study.clone();
    let first = objects().keys().next().unwrap().clone();
    world.retrieval.open(source, uid.clone());
    world.retrieval.want(FrameWants {
        revision: 1,
        visible: vec![first],
        next: Vec::new(),
    });
    world.until(|event| matches!(event, Event::FrameArrived(_))).await;
    let port = pacs.address().port();
    drop(pacs);
    // Nothing listens any more, so what was not under way can only fail; a study that was faster is whole already.
    let silent = world
        .until_ever(|event| {
            matches!(
                event,
                Event::SourceState {
                    state: SourceState::Silent { .. },
                    ..
                } | Event::Progress { finished: true, .. }
            )
        })
        .await;
    if let Event::SourceState { failure, .. } = silent {
        assert_eq!(failure.unwrap().kind, FailureKind::Unreachable);
        assert!(!world.frames().is_empty(), "what is here stays");
        let _back = Pacs::start(
            Store::folder(folder.path().to_owned()),
            Options {
                port,
                ..Options::default()
            },
        )
        .await
        .unwrap();
        world.until_finished(&uid).await;
        assert!(world.seen.iter().any(|event| matches!(
            event,
            Event::SourceState {
                state: SourceState::Well,
                ..
            }
        )));
    }
    world.until_frames(objects().len()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_a_patient_and_a_web_page_is_named_as_one() {
    let pacs = Pacs::start(Store::phantoms(), Options::default()).await.unwrap();
    let study = small_study();
    let mut world = World::start();
    let source = world.retrieval.add_pacs(client(&pacs.base()));
    let filter = StudyFilter {
        patient_id: study.listing.patient.id.to_reader().to_owned(),
        ..StudyFilter::default()
    };
    world.retrieval.search(source, filter, 7);
    let Event::StudiesFound {
        request: 7,
        outcome: Ok(found),
        ..
    } = world.until(|event| matches!(event, Event::StudiesFound { .. })).await
    else {
        panic!("no answer");
    };
    assert!(found.whole && !found.more);
    let listed = &study.listing;
    let row = found.studies.iter().find(|row| row.study == listed.study).unwrap();
    assert_eq!(
        (&row.patient.name, &row.patient.id),
        (&listed.patient.name, &listed.patient.id)
    );
    assert_eq!(
        (&row.date, &row.description, &row.modalities),
        (&listed.date, &listed.description, &listed.modalities)
    );
    assert_eq!((row.series, row.instances), (listed.series, listed.instances));
    let mine = phantom::catalogue()
        .iter()
        .filter(|other| other.listing.patient.id == study.listing.patient.id)
        .count();
    assert_eq!(found.studies.len(), mine);

    pacs.set_faults(Faults {
        instead: Some(Instead::HtmlPage),
        ..Faults::default()
    });
    world.retrieval.search(source, StudyFilter::default(), 8);
    let Event::StudiesFound {
        request: 8,
        outcome: Err(failure),
        ..
    } = world.until(|event| matches!(event, Event::StudiesFound { .. })).await
    else {
        panic!("a page was taken for an answer");
    };
    assert_eq!(failure.kind, FailureKind::NotDicom);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sign_in_is_said_and_another_try_completes_the_study() {
    let ((pacs, _folder), study) = (small_pacs().await, small_study());
    pacs.set_faults(Faults {
        instead: Some(Instead::SignInNeeded),
        only: Some("/instances/".to_owned()),
        ..Faults::default()
    });
    let mut world = World::start();
    let source = world.retrieval.add_pacs(client(&pacs.base()));
    let uid = study.listing.study.clone();
    world.retrieval.open(source, uid.clone());
    let Event::StudyTrouble { failure, .. } = world.until(|event| matches!(event, Event::StudyTrouble { .. })).await
    else {
        panic!("no trouble");
    };
    assert_eq!(failure.kind, FailureKind::SignIn);
    world
        .until_ever(|event| matches!(event, Event::InstancesFound { complete: true, .. }))
        .await;
    pacs.set_faults(Faults::default());
    world.retrieval.retry(&uid);
    world.until_finished(&uid).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_break_off_are_asked_for_again() {
    let ((pacs, _folder), study) = (small_pacs().await, small_study());
    pacs.set_faults(Faults {
        close_after: Some(1000),
        times: Some(1),
        only: Some("/instances/".to_owned()),
        ..Faults::default()
    });
    let mut world = World::start();
    let source = world.retrieval.add_pacs(client(&pacs.base()));
    let uid = study.listing.study.clone();
    world.retrieval.open(source, uid.clone());
    world.until_finished(&uid).await;
    let objects = objects();
    world.until_frames(objects.len()).await;
    for (frame, object) in objects {
        assert_same(&world, frame, object);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_frame_of_a_clip_arrives_from_its_one_object() {
    const FRAMES: u8 = 40;
    let object = bytes::Bytes::from(made::clip(FRAMES));
    let study = StudyUid::new(made::CLIP[0]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("clip"), &object).unwrap();
    let pacs = Pacs::start(Store::folder(folder.path().to_owned()), Options::default())
        .await
        .unwrap();
    let mut world = World::start();
    let source = world.retrieval.add_pacs(client(&pacs.base()));
    world.retrieval.open(source, study.clone());
    world.until_frames(usize::from(FRAMES)).await;
    assert_eq!(pacs.tally().instances_sent, 1, "the object comes once");
    for frame in 0..u32::from(FRAMES) {
        let frame = FrameRef {
            study: study.clone(),
            series: SeriesUid::new(made::CLIP[1]).unwrap(),
            instance: InstanceUid::new(made::CLIP[2]).unwrap(),
            frame,
        };
        assert_same(&world, &frame, &object);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_that_never_comes_keeps_no_image_waiting() {
    let ((pacs, _folder), study) = (small_pacs().await, small_study());
    pacs.set_faults(Faults {
        delay: Duration::from_secs(3600),
        only: Some("/metadata".to_owned()),
        ..Faults::default()
    });
    let mut world = World::start();
    let source = world.retrieval.add_pacs(client(&pacs.base()));
    world.retrieval.open(source, study.listing.study.clone());
    let objects = objects();
    world.until_frames(objects.len()).await;
    // What each tile shows is known from the objects' own headers.
    assert_eq!(world.instances().len(), objects.len());
    for (frame, object) in objects {
        assert_same(&world, frame, object);
    }
    world.until_finished(&study.listing.study).await;
}
