//! Every word on a tile comes from the frame on the glass, never from the request.

use super::*;
use crate::Trouble;
use crate::fake::patient;
use crate::studies::Arrival;
use crate::tile::TileState;

fn ct() -> FakeStudy {
    FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", 20)
}

#[test]
fn the_first_image_is_shown_as_soon_as_it_comes() {
    let study = ct();
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    assert!(matches!(desk.tile(0).state, TileState::Waiting { .. }));
    assert!(desk.tile(0).picture.is_none());
    assert_eq!(desk.reading.header().person, "", "no name before an image of that name");
    desk.frames.put(&study.instances()[0]);
    desk.hear(Heard::FrameArrived(study.frame(0, 0)));
    let tile = desk.tile(0);
    assert_eq!(tile.state, TileState::Shown);
    assert_eq!(words(&tile, Role::Number), ["1 / 20"]);
    assert_eq!(words(&tile, Role::Identity), ["Miller, A · 4711"]);
    assert_eq!(desk.reading.header().person, "Miller, Ann");
    assert_eq!(
        desk.reading.header().details,
        ["F", "54 y", "12 Mar 1972", "MRN 4711", "ACC A1"]
    );
}

#[test]
fn an_image_that_is_late_leaves_the_old_one_with_its_own_words() {
    let study = ct();
    let mut desk = Desk::with(&[&study]);
    desk.frames.put(&study.instances()[0]);
    desk.open(&study);
    assert_eq!(desk.shown(0), Some(study.frame(0, 0)));
    desk.scroll(Step::To(12));
    for (pass, late) in [(0, false), (99, false), (1, true), (800, true)] {
        desk.pass(pass);
        let tile = desk.tile(0);
        assert_eq!(desk.shown(0), Some(study.frame(0, 0)));
        assert_eq!(
            words(&tile, Role::Number),
            ["1 / 20"],
            "the old picture keeps its number"
        );
        let sentence = "waiting for 13".to_owned();
        if late {
            assert_eq!(tile.state, TileState::Late { sentence });
        } else {
            assert_eq!(tile.state, TileState::Shown);
        }
        let track = tile.track.unwrap();
        assert_eq!((track.shown, track.wanted), (Some(0), 12));
    }
    desk.pass(100);
    let tile = desk.tile(0);
    assert_eq!(
        tile.state,
        TileState::Waiting {
            sentence: "waiting for 13".to_owned()
        }
    );
    assert!(tile.picture.is_none() && tile.corners == Default::default() && tile.letters.is_none());
    assert_eq!(desk.reading.header().person, "");
    desk.frames.put(&study.instances()[12]);
    desk.hear(Heard::FrameArrived(study.frame(0, 12)));
    assert_eq!(words(&desk.tile(0), Role::Number), ["13 / 20"]);
}

#[test]
fn time_is_asked_for_only_while_something_waits() {
    let study = ct();
    let mut desk = Desk::with(&[&study]);
    desk.frames.put(&study.instances()[0]);
    desk.open(&study);
    assert_eq!(desk.reading.next_tick_ms(desk.now_ms), None);
    desk.scroll(Step::Last);
    assert_eq!(desk.reading.next_tick_ms(desk.now_ms), Some(100));
    desk.pass(100);
    assert_eq!(desk.reading.next_tick_ms(desk.now_ms), Some(900));
    desk.pass(900);
    assert_eq!(
        desk.reading.next_tick_ms(desk.now_ms),
        None,
        "a black tile waits for an event"
    );
}

#[test]
fn scrolling_on_does_not_keep_an_old_picture_alive() {
    let study = ct();
    let mut desk = Desk::with(&[&study]);
    desk.frames.put(&study.instances()[0]);
    desk.open(&study);
    for _ in 0..12 {
        desk.scroll(Step::By(1));
        desk.pass(90);
    }
    assert!(desk.tile(0).picture.is_none());
}

#[test]
fn an_image_stays_on_the_glass_when_the_memory_drops_it() {
    let study = ct();
    let mut desk = Desk::with(&[&study]);
    desk.frames.put_all(&study);
    desk.open(&study);
    desk.frames.clear();
    desk.pass(5000);
    assert_eq!(desk.shown(0), Some(study.frame(0, 0)));
    assert_eq!(desk.tile(0).state, TileState::Shown);
}

#[test]
fn an_image_that_is_shown_stays_when_it_cannot_be_had_again() {
    let study = ct();
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.arrive(&study);
    desk.frames.clear();
    desk.hear(Heard::FrameRefused {
        frame: study.frame(0, 0),
        trouble: Trouble::default(),
    });
    assert_eq!(desk.tile(0).state, TileState::Shown);
    desk.scroll(Step::By(1));
    desk.scroll(Step::By(-1));
    assert_eq!(desk.tile(0).state, TileState::Shown, "it never left the glass");
    desk.scroll(Step::By(1));
    desk.pass(1000);
    desk.scroll(Step::By(-1));
    assert!(matches!(desk.tile(0).state, TileState::Refused { .. }));
}

#[test]
fn a_refused_image_says_why_and_the_rest_stays_usable() {
    let study = ct();
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.arrive(&study);
    let trouble = Trouble {
        sentence: "This image cannot be shown: 12-bit arithmetic JPEG.".to_owned(),
        reference: "K7P".to_owned(),
        retryable: true,
    };
    desk.hear(Heard::FrameRefused {
        frame: study.frame(0, 1),
        trouble: trouble.clone(),
    });
    desk.scroll(Step::By(1));
    let tile = desk.tile(0);
    assert_eq!(
        tile.state,
        TileState::Refused {
            trouble: trouble.clone()
        }
    );
    assert!(tile.picture.is_none());
    assert_eq!(tile.track.unwrap().arrivals[1], Arrival::Refused);
    desk.apply(Command::App(crate::AppCommand::CopyForHelpdesk));
    assert_eq!(
        desk.effects.last(),
        Some(&Effect::CopyText(format!("{} [K7P]", trouble.sentence)))
    );
    desk.scroll(Step::By(1));
    assert_eq!(desk.tile(0).state, TileState::Shown);
    // "Retry" forgets the refusal, and the frame is asked for again under a new number.
    let revision = desk.reading.wants().revision;
    desk.apply(Command::Study(StudyCommand::Retry(study.uid())));
    assert!(desk.effects.contains(&Effect::Retry(study.uid())));
    assert!(desk.reading.wants().revision > revision);
    desk.scroll(Step::By(-1));
    assert_eq!(desk.tile(0).state, TileState::Shown);
}

#[test]
fn a_study_that_cannot_be_had_says_so_on_its_tile() {
    let study = ct();
    let mut desk = Desk::with(&[&study]);
    desk.apply(Command::Study(StudyCommand::Open {
        source: SOURCE,
        study: study.uid(),
    }));
    let trouble = Trouble {
        sentence: "Home did not answer for 30 s. Try again.".to_owned(),
        retryable: true,
        ..Trouble::default()
    };
    desk.hear(Heard::StudyTrouble {
        study: study.uid(),
        trouble: trouble.clone(),
    });
    assert_eq!(desk.tile(0).state, TileState::Failed { trouble });
    desk.arrive(&study);
    desk.instances(&study);
    assert_eq!(desk.tile(0).state, TileState::Shown, "what comes is shown all the same");
    // One image came before the failure and has left the memory since, another never came.
    desk.hear(Heard::FrameArrived(study.frame(0, 7)));
    desk.frames.clear();
    for (index, failed) in [(7, false), (8, true)] {
        desk.scroll(Step::To(index));
        desk.pass(1000);
        assert_eq!(
            matches!(desk.tile(0).state, TileState::Failed { .. }),
            failed,
            "{index}"
        );
    }
    desk.hear(Heard::Progress {
        study: study.uid(),
        stored: 20,
        of: 20,
        bytes: 1,
        finished: true,
    });
    let current = desk.reading.studies().current().unwrap();
    assert_eq!(current.trouble, None, "everything is here: what went wrong is over");
}

#[test]
fn what_cannot_be_shown_is_counted_on_every_image_of_its_stack() {
    let study = ct();
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.arrive(&study);
    assert!(words(&desk.tile(0), Role::Attention).is_empty());
    for index in [4, 9, 17] {
        desk.hear(Heard::FrameRefused {
            frame: study.frame(0, index),
            trouble: Trouble::default(),
        });
    }
    assert_eq!(words(&desk.tile(0), Role::Attention), ["3 of 20 cannot be shown"]);
    desk.hear(Heard::FrameArrived(study.frame(0, 9)));
    assert_eq!(words(&desk.tile(0), Role::Attention), ["2 of 20 cannot be shown"]);
}

#[test]
fn the_wants_begin_with_what_is_on_the_screen_and_grow_only_when_they_change() {
    let study = FakeStudy {
        series: vec![("CT", 40), ("CT", 7)],
        ..ct()
    };
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    let wants = desk.reading.wants().clone();
    assert_eq!(wants.visible, [study.frame(0, 0)]);
    assert_eq!(wants.next[..2], [study.frame(0, 1), study.frame(0, 2)]);
    let thumbnails = [study.frame(0, 20), study.frame(1, 3)];
    assert_eq!(wants.next[8..10], thumbnails, "thumbnails come after what is near");
    assert_eq!(wants.next.len(), 40, "the whole stack, and the other series' thumbnail");
    desk.pass(10);
    desk.arrive(&study);
    assert_eq!(desk.reading.wants().revision, wants.revision);
    desk.scroll(Step::By(1));
    assert_eq!(desk.reading.wants().revision, wants.revision + 1);
    assert_eq!(desk.reading.wants().visible, [study.frame(0, 1)]);
    let sent = desk.effects.iter().rev().find_map(|e| match e {
        Effect::Want(wants) => Some(wants),
        _ => None,
    });
    assert_eq!(sent, Some(desk.reading.wants()));
}
