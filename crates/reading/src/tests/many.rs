//! Thousands of single events, and objects that claim more than can be.

use std::sync::Arc;

use super::*;
use crate::fake::patient;
use crate::studies::Arrival;
use crate::tile::TileState;

fn study(images: u32) -> FakeStudy {
    FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", images)
}

fn tell(desk: &mut Desk, study: &FakeStudy, instance: Arc<study::Instance>, complete: bool) {
    desk.hear(Heard::InstancesFound {
        study: study.uid(),
        instances: vec![instance],
        complete,
    });
}

fn asked_for(study: &FakeStudy) -> Desk {
    let mut desk = Desk::with(&[study]);
    desk.apply(Command::Study(StudyCommand::Open {
        source: SOURCE,
        study: study.uid(),
    }));
    desk
}

#[test]
fn instances_that_come_one_by_one_are_sorted_few_times_and_none_is_lost() {
    let study = study(3000);
    let mut desk = asked_for(&study);
    let before = desk.reading.restacks();
    for instance in study.instances() {
        tell(&mut desk, &study, instance, false);
    }
    let restacks = desk.reading.restacks() - before;
    assert!(restacks <= 60, "{restacks} times for 3000 instances");
    assert_eq!(
        desk.reading.next_tick_ms(desk.now_ms),
        Some(0),
        "the rest waits for the next tick"
    );
    desk.pass(1);
    assert_eq!(desk.reading.restacks() - before, restacks + 1);
    let open = desk.reading.studies().current().unwrap();
    assert_eq!(open.series[0].instances.len(), 3000);
    assert_eq!(open.series[0].stacks[0].refs.len(), 3000);
    // Told again, each stands once.
    for instance in study.instances().into_iter().take(500) {
        tell(&mut desk, &study, instance, false);
    }
    desk.pass(1);
    let open = desk.reading.studies().current().unwrap();
    assert_eq!(open.series[0].instances.len(), 3000);
}

#[test]
fn a_frame_that_comes_before_its_instance_is_sorted_in_is_not_forgotten() {
    let study = study(20);
    let mut desk = asked_for(&study);
    let instances = study.instances();
    desk.hear(Heard::InstancesFound {
        study: study.uid(),
        instances: instances[..18].to_vec(),
        complete: false,
    });
    let sorted = desk.reading.restacks();
    tell(&mut desk, &study, Arc::clone(&instances[18]), false);
    tell(&mut desk, &study, Arc::clone(&instances[19]), false);
    assert_eq!(desk.reading.restacks(), sorted);
    desk.frames.put(&instances[18]);
    desk.hear(Heard::FrameArrived(study.frame(0, 18)));
    desk.hear(Heard::FrameRefused {
        frame: study.frame(0, 19),
        trouble: crate::Trouble {
            sentence: "It cannot be decoded.".to_owned(),
            ..Default::default()
        },
    });
    desk.hear(Heard::FrameArrived(FrameRef {
        frame: 7,
        ..study.frame(0, 18)
    }));
    desk.pass(1);
    let stack = &desk.reading.studies().current().unwrap().series[0].stacks[0];
    assert_eq!(
        stack.arrivals[17..],
        [Arrival::Awaited, Arrival::Here, Arrival::Refused]
    );
    desk.scroll(Step::Last);
    assert!(matches!(desk.tile(0).state, TileState::Refused { .. }));
}

#[test]
fn an_object_that_claims_an_absurd_number_of_frames_is_bounded_and_says_so() {
    let study = study(1);
    let mut desk = asked_for(&study);
    let mut instance = study.instance(0, 0);
    instance.frames = 2_000_000;
    let claims = Arc::new(instance.clone());
    instance.frames = 1;
    desk.frames.put(&Arc::new(instance));
    tell(&mut desk, &study, claims, true);
    let stacks = &desk.reading.studies().current().unwrap().series[0].stacks;
    assert_eq!(stacks.iter().map(|s| s.refs.len()).sum::<usize>(), 20_000);
    assert_eq!(
        words(&desk.tile(0), Role::Attention),
        ["an object claims 2000000 frames; 20000 can be looked at"]
    );
}

#[test]
fn a_study_without_images_says_so_with_the_logs_reference() {
    let study = study(1);
    let mut desk = asked_for(&study);
    // A list that failed ends in the same way; its failure follows.
    let listed = Heard::InstancesFound {
        study: study.uid(),
        instances: Vec::new(),
        complete: true,
    };
    let reported = |desk: &Desk| {
        let reports = desk.effects.iter();
        reports.filter(|e| matches!(e, Effect::StudyTrouble { .. })).count()
    };
    desk.hear(listed.clone());
    assert_eq!(reported(&desk), 0);
    desk.apply(Command::Study(StudyCommand::Retry(study.uid())));
    assert!(
        matches!(desk.tile(0).state, TileState::Waiting { .. }),
        "it is not known again"
    );
    let finished = Heard::Progress {
        study: study.uid(),
        stored: 0,
        of: 0,
        bytes: 0,
        finished: true,
    };
    desk.hear(listed);
    desk.hear(finished.clone());
    let Some(Effect::StudyTrouble { study: of, mut trouble }) = desk.effects.last().cloned() else {
        panic!("it is to be logged");
    };
    assert_eq!(
        (of, trouble.sentence.as_str()),
        (study.uid(), "This study holds no images.")
    );
    trouble.reference = "F-8".to_owned();
    desk.hear(Heard::StudyTrouble {
        study: study.uid(),
        trouble: trouble.clone(),
    });
    desk.hear(finished);
    assert_eq!(desk.tile(0).state, TileState::Failed { trouble });
    assert_eq!(reported(&desk), 1);
}
