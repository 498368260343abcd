//! Objects that are not the one that was asked for, that are damaged, or that never come whole.

use retrieval::{Event, FailureKind};
use study::FrameRef;

use crate::scripted::{Reply, Scripted, instead, path_of, study_of};
use crate::world::{World, assert_same, client, objects, small_study};

/// Opens a study of which one object is answered otherwise; gives the world when everything else is here.
async fn with_one_wrong(reply: impl FnOnce(&FrameRef, &[bytes::Bytes]) -> Option<Reply>) -> (World, FrameRef) {
    let study = small_study();
    let objects = objects();
    let all: Vec<_> = objects.values().cloned().collect();
    let victim = objects.keys().nth(4).unwrap().clone();
    let mut replies = study_of(&study, objects);
    match reply(&victim, &all) {
        Some(reply) => instead(&mut replies, &path_of(&victim), reply),
        None => replies.retain(|(path, _)| *path != path_of(&victim)),
    }
    let server = Scripted::start(replies).await;
    let mut world = World::start();
    let source = world.retrieval.add_pacs(client(&server.base));
    world.retrieval.open(source, study.listing.study.clone());
    world.until_frames(objects.len() - 1).await;
    for (frame, object) in objects.iter().filter(|(frame, _)| **frame != victim) {
        assert_same(&world, frame, object);
    }
    assert!(
        world.retrieval.memory().get(&victim).is_none(),
        "nothing is shown in its place"
    );
    (world, victim)
}

/// The refusal of a frame, heard already or to come.
async fn refusal(world: &mut World, victim: &FrameRef) -> FailureKind {
    let is_it = |event: &Event| matches!(event, Event::FrameRefused { frame, .. } if frame == victim);
    match world.until_ever(is_it).await {
        Event::FrameRefused { failure, .. } => {
            assert!(failure.sentence.ends_with('.') && !failure.sentence.contains(victim.instance.as_str()));
            failure.kind
        }
        _ => unreachable!("only refusals fit"),
    }
}

/// The study's trouble of a kind, heard already or to come.
async fn trouble(world: &mut World, kind: FailureKind) {
    let is_it = |event: &Event| matches!(event, Event::StudyTrouble { failure, .. } if failure.kind == kind);
    world.until_ever(is_it).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_object_than_asked_for_is_never_shown_and_always_said() {
    let (mut world, victim) = with_one_wrong(|_, all| Some(Reply::Instance(all[7].clone()))).await;
    assert_eq!(refusal(&mut world, &victim).await, FailureKind::WrongIdentity);
    trouble(&mut world, FailureKind::WrongIdentity).await;
    trouble(&mut world, FailureKind::Incomplete).await;
    assert!(
        !world
            .seen
            .iter()
            .any(|event| matches!(event, Event::Progress { finished: true, .. }))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_of_another_patient_is_never_shown() {
    let other = study::phantom::catalogue()
        .into_iter()
        .find(|other| {
            other.listing.patient.id != small_study().listing.patient.id && other.listing.instances > Some(10)
        })
        .unwrap();
    let series = &other.series[0];
    let foreign = study::phantom::object(&other.listing.study, &series.uid, 0).unwrap();
    let (mut world, victim) = with_one_wrong(|_, _| Some(Reply::Instance(foreign))).await;
    assert_eq!(refusal(&mut world, &victim).await, FailureKind::WrongIdentity);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_was_stored_in_half_is_refused_and_the_rest_arrives() {
    let (mut world, victim) =
        with_one_wrong(|_, all| Some(Reply::Instance(all[4].slice(..all[4].len() * 3 / 4)))).await;
    assert_eq!(refusal(&mut world, &victim).await, FailureKind::Undecodable);
    // All the server has is here: what it has is damaged.
    world
        .until_ever(|event| matches!(event, Event::Progress { finished: true, .. }))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_the_server_does_not_have_is_missing_and_the_rest_arrives() {
    let (mut world, victim) = with_one_wrong(|_, _| None).await;
    assert_eq!(refusal(&mut world, &victim).await, FailureKind::Missing);
    trouble(&mut world, FailureKind::Incomplete).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn something_that_is_no_dicom_is_refused_and_the_rest_arrives() {
    let page = bytes::Bytes::from_static(b"<html>Please sign in</html>");
    let (mut world, victim) = with_one_wrong(|_, _| Some(Reply::Instance(page))).await;
    assert_eq!(refusal(&mut world, &victim).await, FailureKind::NotDicom);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_always_cut_is_given_up_and_the_rest_arrives() {
    let (mut world, victim) = with_one_wrong(|_, all| Some(Reply::CutAfter(all[4].clone(), 3000))).await;
    assert!(matches!(
        refusal(&mut world, &victim).await,
        FailureKind::Unreachable | FailureKind::Incomplete
    ));
    trouble(&mut world, FailureKind::Incomplete).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_larger_than_can_be_held_is_refused_at_once_and_the_rest_arrives() {
    let (mut world, victim) = with_one_wrong(|_, _| Some(Reply::Announced(3 << 30))).await;
    assert_eq!(refusal(&mut world, &victim).await, FailureKind::Refused);
    trouble(&mut world, FailureKind::Incomplete).await;
}
