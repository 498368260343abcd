//! An image of somebody else is not shown.

use super::*;
use crate::fake::{decoded, patient};
use crate::studies::{Identity, Witness};
use crate::tile::TileState;

#[test]
fn an_object_of_another_person_waits_behind_both_identities() {
    let mut study = FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", 5);
    let listed = study.patient.clone();
    let mut desk = Desk::with(&[&study]);
    study.patient = patient("Miller^Ann", "0815");
    desk.open(&study);
    desk.arrive(&study);
    let tile = desk.tile(0);
    assert_eq!(
        tile.state,
        TileState::Identities {
            study: study.uid(),
            witness: Witness::Worklist,
            listed: Box::new(listed),
            object: Box::new(study.patient.clone())
        }
    );
    assert!(tile.picture.is_none());
    assert_eq!(desk.reading.header(), Default::default());
    desk.apply(Command::Study(StudyCommand::ConfirmSamePerson(study.uid())));
    let tile = desk.tile(0);
    assert_eq!(tile.state, TileState::Shown);
    assert_eq!(
        words(&tile, Role::Identity),
        ["Miller, A · 0815"],
        "the object's own identity"
    );
}

#[test]
fn the_objects_own_header_has_the_last_word() {
    let study = FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", 5);
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    let mut instance = study.instance(0, 0);
    instance.patient = patient("Nowak^Jan", "8812");
    desk.frames.put(&std::sync::Arc::new(instance));
    desk.hear(Heard::FrameArrived(study.frame(0, 0)));
    assert!(matches!(desk.tile(0).state, TileState::Identities { .. }));
    assert!(desk.tile(0).picture.is_none());
}

#[test]
fn a_frame_under_another_name_is_refused() {
    let study = FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", 5);
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    let other = std::sync::Arc::new(study.instance(0, 3));
    desk.frames.put_as(study.frame(0, 0), decoded(other, 0));
    desk.hear(Heard::FrameArrived(study.frame(0, 0)));
    assert!(matches!(desk.tile(0).state, TileState::Refused { .. }));
    assert!(desk.tile(0).picture.is_none());
    // It is logged once, and comes back with its reference.
    let refused = |effect: &&Effect| matches!(effect, Effect::FrameRefused { .. });
    assert_eq!(desk.effects.iter().filter(refused).count(), 1);
    let Some(Effect::FrameRefused { frame, mut trouble }) = desk.effects.iter().find(refused).cloned() else {
        panic!("it is to be logged");
    };
    trouble.reference = "F-7".to_owned();
    desk.hear(Heard::FrameRefused { frame, trouble });
    let TileState::Refused { trouble } = desk.tile(0).state else {
        panic!("it stays refused");
    };
    assert_eq!(trouble.reference, "F-7");
    assert_eq!(desk.effects.iter().filter(refused).count(), 1);
}

#[test]
fn instances_of_another_study_are_left_out() {
    let study = FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", 5);
    let other = FakeStudy::ct(2, patient("Nowak^Jan", "8812"), "20261101", 5);
    let mut desk = Desk::with(&[&study]);
    desk.apply(Command::Study(StudyCommand::Open {
        source: SOURCE,
        study: study.uid(),
    }));
    desk.hear(Heard::InstancesFound {
        study: study.uid(),
        instances: other.instances(),
        complete: false,
    });
    assert!(desk.reading.studies().current().unwrap().series.is_empty());
    assert!(matches!(desk.tile(0).state, TileState::Waiting { .. }));
}

#[test]
fn studies_without_identity_are_marked() {
    let mut study = FakeStudy::ct(1, patient("", ""), "20261101", 5);
    study.patient.identity_removed = true;
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.arrive(&study);
    assert!(desk.tile(0).identity_removed && desk.reading.header().identity_removed);
    assert_eq!(words(&desk.tile(0), Role::Identity), ["no name · no ID"]);
    assert_eq!(desk.reading.header().person, "no name");
}

/// Opens the study as its row says, then tells of one object after the other; whether a question stands at the end.
fn is_questioned(listed: Option<study::PatientIdentity>, objects: &[study::PatientIdentity]) -> bool {
    let mut study = FakeStudy::ct(1, listed.clone().unwrap_or_default(), "20261101", 5);
    let mut desk = match listed {
        Some(_) => Desk::with(&[&study]),
        None => Desk::with(&[]),
    };
    desk.apply(Command::Study(StudyCommand::Open {
        source: SOURCE,
        study: study.uid(),
    }));
    for (index, patient) in objects.iter().enumerate() {
        study.patient = patient.clone();
        let instance = std::sync::Arc::new(study.instance(0, index as u32));
        desk.frames.put(&instance);
        desk.hear(Heard::InstancesFound {
            study: study.uid(),
            instances: vec![instance],
            complete: false,
        });
    }
    let questioned = matches!(desk.tile(0).state, TileState::Identities { .. });
    assert_ne!(questioned, desk.tile(0).picture.is_some());
    questioned
}

#[test]
fn same_person_is_said_of_two_and_holds_for_no_third() {
    let mut study = FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", 5);
    let mut desk = Desk::with(&[&study]);
    study.patient = patient("Miller^Ann", "0815");
    desk.open(&study);
    desk.arrive(&study);
    desk.apply(Command::Study(StudyCommand::ConfirmSamePerson(study.uid())));
    assert_eq!(desk.tile(0).state, TileState::Shown);
    let tell = |desk: &mut Desk, patient: study::PatientIdentity| {
        let mut instance = study.instance(0, 4);
        instance.patient = patient;
        desk.hear(Heard::InstancesFound {
            study: study.uid(),
            instances: vec![std::sync::Arc::new(instance)],
            complete: true,
        });
    };
    tell(&mut desk, patient("Miller^Ann", "4711"));
    assert_eq!(desk.tile(0).state, TileState::Shown, "the other of the two");
    let third = patient("Nowak^Jan", "8812");
    tell(&mut desk, third.clone());
    let TileState::Identities { object, .. } = desk.tile(0).state else {
        panic!("a third person is asked about");
    };
    assert_eq!(*object, third);
    assert!(desk.tile(0).picture.is_none());
}

#[test]
fn what_came_while_the_question_stood_is_compared_when_it_is_answered() {
    let mut study = FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", 5);
    let mut desk = Desk::with(&[&study]);
    study.patient = patient("Miller^Ann", "0815");
    desk.open(&study);
    let mut third = study.instance(0, 3);
    third.patient = patient("Nowak^Jan", "8812");
    desk.hear(Heard::InstancesFound {
        study: study.uid(),
        instances: vec![std::sync::Arc::new(third)],
        complete: true,
    });
    desk.arrive(&study);
    for _ in 0..2 {
        assert!(matches!(desk.tile(0).state, TileState::Identities { .. }));
        desk.apply(Command::Study(StudyCommand::ConfirmSamePerson(study.uid())));
    }
    assert_eq!(desk.tile(0).state, TileState::Shown);
    let open = desk.reading.studies().current().unwrap();
    assert_eq!(open.identity, Identity::Confirmed);
}

#[test]
fn without_a_row_the_objects_are_compared_with_each_other() {
    let (ann, jan) = (patient("Miller^Ann", "4711"), patient("Nowak^Jan", "8812"));
    assert!(!is_questioned(None, &[ann.clone(), ann.clone(), ann.clone()]));
    assert!(is_questioned(None, &[ann.clone(), ann.clone(), jan.clone()]));
    assert!(is_questioned(Some(patient("", "")), &[ann, jan]));
}

#[test]
fn where_ids_say_nothing_name_and_birth_date_decide() {
    let named = |name: &str, id: &str, born: &str| {
        let mut who = patient(name, id);
        who.birth_date = study::Reader::new(born);
        who
    };
    let ann = |id: &str| named("Miller^Ann", id, "19720312");
    for (listed, object, questioned) in [
        (ann(""), ann("4711"), false),
        (ann(""), named("MILLER^ANN", "4711", ""), false),
        (ann(""), named("Nowak^Jan", "8812", "19720312"), true),
        (ann(""), named("Miller^Ann", "4711", "19910101"), true),
        (ann("ANON"), ann("ANON"), false),
        (ann("ANON"), named("Nowak^Jan", "ANON", "19720312"), true),
        (ann("ANON"), named("Miller^Ann", "ANON", "19910101"), true),
        (named("", "", ""), named("", "", ""), false),
    ] {
        assert_eq!(
            is_questioned(Some(listed.clone()), std::slice::from_ref(&object)),
            questioned
        );
        let both = [listed, object];
        assert_eq!(is_questioned(None, &both), questioned, "without a row");
    }
}

#[test]
fn a_row_that_is_found_later_is_compared_too() {
    let mut study = FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", 5);
    let mut desk = Desk::with(&[]);
    desk.open(&study);
    desk.arrive(&study);
    assert_eq!(desk.tile(0).state, TileState::Shown);
    study.patient.birth_date = study::Reader::new("19910101");
    let request = desk.last_request();
    desk.found(request, &[&study]);
    assert!(matches!(
        desk.tile(0).state,
        TileState::Identities {
            witness: Witness::Worklist,
            ..
        }
    ));
    assert!(desk.tile(0).picture.is_none());
}
