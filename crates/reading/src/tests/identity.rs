//! An image of somebody else is not shown.

use super::*;
use crate::fake::{decoded, patient};
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
