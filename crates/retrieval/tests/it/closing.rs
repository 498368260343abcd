//! After a study is closed, nothing of it is heard or held.

use pacs::{Options, Pacs, Store};
use retrieval::Event;
use study::{FrameWants, StudyUid};

use crate::world::{World, client, folder_of_objects, objects, small_pacs, small_study};

fn is_of(event: &Event, study: &StudyUid) -> bool {
    match event {
        Event::InstancesFound { study: of, .. }
        | Event::Progress { study: of, .. }
        | Event::Cached { study: of, .. }
        | Event::StudyTrouble { study: of, .. } => of == study,
        Event::FrameArrived(frame) | Event::FrameRefused { frame, .. } => frame.study == *study,
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_event_and_no_frame_of_a_closed_study() {
    let other = study::phantom::catalogue()
        .into_iter()
        .find(|other| {
            other.listing.patient.id != small_study().listing.patient.id && other.listing.instances > Some(10)
        })
        .unwrap();
    let folder = folder_of_objects();
    for index in 0..2 {
        let object = study::phantom::object(&other.listing.study, &other.series[0].uid, index).unwrap();
        std::fs::write(folder.path().join(format!("other{index}")), object).unwrap();
    }
    let pacs = Pacs::start(Store::folder(folder.path().to_owned()), Options::default())
        .await
        .unwrap();
    let study = small_study();
    let uid = study.listing.study.clone();
    let frames: Vec<_> = objects().keys().cloned().collect();
    let mut world = World::start();
    let source = world.retrieval.add_pacs(client(&pacs.base()));
    // Closed at every stage: at once, when listed, with frames under way, when everything is here and unheard events wait.
    for stage in 0..4_u64 {
        world.retrieval.open(source, uid.clone());
        world.retrieval.want(FrameWants {
            revision: stage,
            visible: frames[..2].to_vec(),
            next: frames[2..].to_vec(),
        });
        match stage {
            0 => {}
            1 => {
                world.until(|event| is_of(event, &uid)).await;
            }
            2 => {
                world.until(|event| matches!(event, Event::FrameArrived(_))).await;
            }
            _ => {
                world
                    .until(|event| matches!(event, Event::Progress { finished: true, .. }))
                    .await;
            }
        }
        world.retrieval.close(&uid);
        assert!(world.drain().iter().all(|event| !is_of(event, &uid)));
        assert!(frames.iter().all(|frame| world.retrieval.memory().get(frame).is_none()));
    }
    // Another study that is opened, listed, fetched and decoded meanwhile proves that the first one's work had its time.
    world.retrieval.open(source, other.listing.study.clone());
    let from = world.seen.len();
    world.until_finished(&other.listing.study).await;
    assert!(world.seen[from..].iter().all(|event| !is_of(event, &uid)));
    assert!(frames.iter().all(|frame| world.retrieval.memory().get(frame).is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_study_that_is_opened_again_comes_from_the_sealed_cache() {
    let (pacs, _folder) = small_pacs().await;
    let study = small_study();
    let uid = study.listing.study.clone();
    let objects = objects();
    let mut world = World::start();
    let source = world.retrieval.add_pacs(client(&pacs.base()));
    world.retrieval.open(source, uid.clone());
    world.until_finished(&uid).await;
    world.until_frames(objects.len()).await;
    assert!(
        !world.seen.iter().any(|event| matches!(event, Event::Cached { .. })),
        "what was fetched just now is not cached"
    );
    // Objects are handed to the decoders before they are sealed: wait for the last one's file.
    let sealed = || {
        std::fs::read_dir(&world.cache)
            .unwrap()
            .flatten()
            .filter(|entry| entry.path().is_dir())
            .flat_map(|entry| std::fs::read_dir(entry.path()).unwrap().flatten())
            .filter(|entry| entry.metadata().is_ok_and(|about| about.len() > 1000))
            .count()
    };
    while sealed() < objects.len() {
        tokio::task::yield_now().await;
    }
    world.retrieval.close(&uid);
    world.drain();
    world.seen.clear();
    let sent = pacs.tally().instances_sent;
    world.retrieval.open(source, uid.clone());
    world.until_finished(&uid).await;
    world.until_frames(objects.len()).await;
    let told = |event: &Event| match event {
        Event::Cached { study, instances } if *study == uid => Some(instances.len()),
        _ => None,
    };
    let first = world.seen.iter().position(|event| told(event).is_some()).unwrap();
    assert!(told(&world.seen[first]).unwrap() + 1 >= objects.len());
    let frame = world
        .seen
        .iter()
        .position(|event| matches!(event, Event::FrameArrived(_)));
    assert!(
        frame.is_some_and(|frame| first < frame),
        "a tile can say it from the first frame on"
    );
    // The last object's file may have been written and not yet noted when the study was closed.
    assert!(pacs.tally().instances_sent <= sent + 1);
    for (frame, object) in objects {
        crate::world::assert_same(&world, frame, object);
    }
}
