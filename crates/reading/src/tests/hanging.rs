//! Layouts, priors, series, and closing without a trace.

use super::*;
use crate::document::MarkKind;
use crate::fake::patient;
use crate::layout::Grid;
use crate::tile::TileState;
use crate::tool::Tool;
use crate::{AppCommand, Place};

fn ann() -> study::PatientIdentity {
    patient("Miller^Ann", "4711")
}

fn current() -> FakeStudy {
    FakeStudy::ct(1, ann(), "20261101", 41)
}

fn prior() -> FakeStudy {
    FakeStudy::ct(2, ann(), "20260501", 21)
}

#[test]
fn a_ct_opens_beside_its_latest_prior() {
    let (now, before, long_ago) = (current(), prior(), FakeStudy::ct(3, ann(), "20200101", 9));
    let mut desk = Desk::with(&[&now, &before, &long_ago]);
    desk.open(&now);
    assert!(desk.effects.contains(&Effect::OpenStudy {
        source: SOURCE,
        study: before.uid()
    }));
    assert_eq!(desk.reading.view().grid(), Grid::new(1, 2));
    assert!(matches!(desk.tile(1).state, TileState::Waiting { .. }));
    desk.instances(&before);
    desk.arrive(&now);
    desk.arrive(&before);
    assert_eq!(desk.shown(0), Some(now.frame(0, 0)));
    assert_eq!(desk.shown(1), Some(before.frame(0, 0)));
    assert!(words(&desk.tile(1), Role::Description).contains(&"prior, 6 months".to_owned()));
    assert!(
        !words(&desk.tile(0), Role::Description)
            .iter()
            .any(|w| w.contains("prior"))
    );
    let related = desk.reading.studies().related();
    let listed: Vec<_> = related
        .iter()
        .map(|r| (r.listing.study.clone(), r.open, r.when.as_str()))
        .collect();
    assert_eq!(
        listed,
        [
            (before.uid(), true, "6 months earlier"),
            (long_ago.uid(), false, "6 years earlier")
        ]
    );
    assert!(!desk.reading.header().several);
}

/// A study of the same person that was taken at another time of the day.
fn taken_at(number: u32, time: &str) -> (study::listing::StudyListing, FakeStudy) {
    let study = FakeStudy::ct(number, ann(), "20261101", 9);
    let listing = study::listing::StudyListing {
        time: time.to_owned(),
        ..study.listing()
    };
    (listing, study)
}

#[test]
fn of_one_day_only_what_was_taken_earlier_hangs_as_the_prior() {
    let now = current();
    for (time, hangs) in [
        ("101459", true),
        ("09", true),
        ("101500", false),
        ("1830", false),
        ("", false),
    ] {
        let mut desk = Desk::with(&[&now]);
        desk.open(&now);
        let (listing, other) = taken_at(2, time);
        desk.hear(Heard::StudiesFound {
            source: SOURCE,
            request: desk.last_request(),
            outcome: Ok(StudiesFound {
                listings: vec![listing],
                whole: true,
                more: false,
            }),
        });
        assert_eq!(desk.reading.studies().related().len(), 1, "it is offered");
        assert_eq!(desk.reading.studies().study(&other.uid()).is_some(), hangs, "{time}");
    }
}

#[test]
fn the_words_of_a_prior_are_its_objects_own() {
    let now = current();
    // The row says May; the objects say the evening of the current study's own day, or nothing of the hour.
    for (time, words_of_it) in [
        ("183000", "later, same day"),
        ("090000", "prior, same day"),
        ("", "other study, same day"),
    ] {
        let before = prior();
        let mut desk = Desk::with(&[&now, &before]);
        desk.open(&now);
        let instances: Vec<_> = before
            .instances()
            .iter()
            .map(|instance| {
                let mut instance = (**instance).clone();
                instance.text.study_date = "20261101".to_owned();
                instance.text.study_time = time.to_owned();
                std::sync::Arc::new(instance)
            })
            .collect();
        instances.iter().for_each(|instance| desk.frames.put(instance));
        desk.hear(Heard::InstancesFound {
            study: before.uid(),
            instances,
            complete: true,
        });
        desk.arrive(&now);
        let said = words(&desk.tile(1), Role::Description);
        assert!(said.contains(&words_of_it.to_owned()), "{said:?}");
    }
    // The current study's row is wrong by years; its objects are not.
    let mut listed = current();
    listed.date = "20300101";
    let before = prior();
    let mut desk = Desk::with(&[&listed, &before]);
    desk.open(&now);
    desk.instances(&before);
    desk.arrive(&now);
    desk.arrive(&before);
    assert!(words(&desk.tile(1), Role::Description).contains(&"prior, 6 months".to_owned()));
}

#[test]
fn a_prior_whose_objects_contradict_the_current_study_waits_whatever_its_row_says() {
    let now = current();
    let mut before = prior();
    before.patient.birth_date = study::Reader::default();
    let mut desk = Desk::with(&[&now, &before]);
    desk.open(&now);
    before.patient.birth_date = study::Reader::new("19910101");
    desk.instances(&before);
    desk.arrive(&before);
    let state = desk.tile(1).state;
    assert!(
        matches!(
            &state,
            TileState::Identities {
                witness: crate::studies::Witness::CurrentStudy,
                ..
            }
        ),
        "{state:?}"
    );
}

#[test]
fn a_prior_that_only_a_search_knows_hangs_when_it_is_found() {
    let (now, before) = (current(), prior());
    let mut desk = Desk::with(&[&now]);
    desk.open(&now);
    assert_eq!(desk.reading.view().grid(), Grid::ONE);
    let Some(Effect::Search { filter, request, .. }) = desk
        .effects
        .iter()
        .rev()
        .find(|e| matches!(e, Effect::Search { .. }))
        .cloned()
    else {
        panic!("priors are searched");
    };
    assert_eq!(filter.patient_id, "4711");
    desk.found(request, &[&now, &before]);
    assert_eq!(desk.reading.view().grid(), Grid::new(1, 2));
    assert_eq!(desk.reading.worklist().len(), 1, "the worklist keeps its own rows");
}

#[test]
fn what_the_reader_arranged_is_left_alone() {
    let (now, before) = (current(), prior());
    let mut desk = Desk::with(&[&now]);
    desk.open(&now);
    let request = desk.last_request();
    desk.arrive(&now);
    desk.scroll(Step::By(3));
    desk.found(request, &[&now, &before]);
    assert_eq!(desk.reading.view().grid(), Grid::ONE);
    assert_eq!(desk.reading.studies().related().len(), 1, "the prior is offered");
    desk.apply(Command::Study(StudyCommand::OpenPrior(before.uid())));
    desk.instances(&before);
    desk.arrive(&before);
    assert_eq!(desk.reading.view().grid(), Grid::new(1, 2));
    // Image 3 of 41 lies where image 2 of 21 does (in another frame of reference: by the same part of the stack).
    assert_eq!(desk.shown(1), Some(before.frame(0, 2)));
    assert_eq!(desk.shown(0), Some(now.frame(0, 3)));
    let says_so =
        |desk: &Desk, tile: usize| words(&desk.tile(tile), Role::Number).contains(&"place by proportion".to_owned());
    assert!(says_so(&desk, 1) && !says_so(&desk, 0));
    desk.apply(Command::Layout(LayoutCommand::Activate(1)));
    desk.scroll(Step::By(1));
    assert!(!says_so(&desk, 1), "from here on the place is the reader's");
    desk.scroll(Step::By(-1));
    assert!(!says_so(&desk, 1));
}

#[test]
fn in_one_frame_of_reference_a_prior_hangs_at_the_same_place_unless_its_planes_stand_across() {
    for (across, place) in [(false, 10), (true, 5)] {
        let (now, before) = (current(), prior());
        let mut desk = Desk::with(&[&now, &before]);
        desk.frames.put_all(&now);
        desk.apply(Command::Study(StudyCommand::Open {
            source: SOURCE,
            study: now.uid(),
        }));
        desk.instances(&now);
        desk.scroll(Step::To(10));
        let instances: Vec<_> = before
            .instances()
            .iter()
            .map(|instance| {
                let mut instance = (**instance).clone();
                if let Some(plane) = &mut instance.geometry[0].plane {
                    plane.frame_of_reference = Some(space::FrameOfReference::new("1.9.1"));
                    if across {
                        std::mem::swap(&mut plane.origin.y, &mut plane.origin.z);
                        plane.along_column = space::PatientVector::new(0.0, 0.0, -1.0);
                    }
                }
                std::sync::Arc::new(instance)
            })
            .collect();
        instances.iter().for_each(|instance| desk.frames.put(instance));
        desk.hear(Heard::InstancesFound {
            study: before.uid(),
            instances,
            complete: true,
        });
        let shown = desk.tile(1).picture.unwrap().frame_ref;
        let hung = desk.reading.studies().place(&shown).unwrap().1;
        assert_eq!(hung, place);
        let says_so = words(&desk.tile(1), Role::Number).contains(&"place by proportion".to_owned());
        assert_eq!(says_so, across);
    }
}

#[test]
fn only_the_same_person_hangs_as_a_prior() {
    let now = current();
    let mut contradicted = patient("Miller^Ann", "4711");
    contradicted.birth_date = study::Reader::new("19910101");
    for (other, offered) in [
        (patient("Miller^Ann", "4712"), false),
        (patient("Smith^Ann", "4711"), true),
        (contradicted.clone(), true),
    ] {
        let before = FakeStudy::ct(2, other.clone(), "20260501", 9);
        let mut desk = Desk::with(&[&now, &before]);
        desk.open(&now);
        let hangs = other != contradicted && offered;
        assert_eq!(desk.reading.studies().open().len() == 2, hangs);
        assert_eq!(desk.reading.studies().related().len() == 1, offered);
    }
    // An ID that names nobody makes a study stand alone.
    let nobody = FakeStudy::ct(4, patient("Miller^Ann", "ANON"), "20261101", 5);
    let twin = FakeStudy::ct(5, patient("Miller^Ann", "ANON"), "20260501", 5);
    let mut desk = Desk::with(&[&nobody, &twin]);
    let searches = desk.effects.len();
    desk.open(&nobody);
    assert!(desk.reading.studies().related().is_empty());
    assert!(
        !desk.effects[searches..]
            .iter()
            .any(|e| matches!(e, Effect::Search { .. }))
    );
}

#[test]
fn another_name_is_said_on_the_prior() {
    let now = current();
    let before = FakeStudy::ct(2, patient("Smith^Ann", "4711"), "20260501", 9);
    let mut desk = Desk::with(&[&now, &before]);
    desk.open(&now);
    desk.instances(&before);
    desk.arrive(&now);
    desk.arrive(&before);
    let tile = desk.tile(1);
    assert_eq!(words(&tile, Role::Identity), ["Smith, A · 4711"]);
    assert_eq!(words(&tile, Role::Attention), ["name then: Smith, Ann"]);
    assert_eq!(desk.reading.header().person, "Miller, Ann");
}

#[test]
fn a_contradicted_prior_is_shown_on_request_and_behind_both_identities() {
    let now = current();
    let mut other = ann();
    other.sex = study::Reader::new("M");
    let before = FakeStudy::ct(2, other.clone(), "20260501", 9);
    let mut desk = Desk::with(&[&now, &before]);
    desk.open(&now);
    desk.arrive(&now);
    desk.apply(Command::Study(StudyCommand::OpenPrior(before.uid())));
    assert!(
        matches!(desk.tile(1).state, TileState::Identities { .. }),
        "before anything has come"
    );
    desk.instances(&before);
    desk.arrive(&before);
    let tile = desk.tile(1);
    assert!(tile.picture.is_none());
    assert_eq!(
        tile.state,
        TileState::Identities {
            study: before.uid(),
            witness: crate::studies::Witness::CurrentStudy,
            listed: Box::new(ann()),
            object: Box::new(other)
        }
    );
    desk.apply(Command::Study(StudyCommand::ConfirmSamePerson(before.uid())));
    assert_eq!(desk.shown(1), Some(before.frame(0, 0)));
    assert!(desk.reading.header().several, "every tile carries its own name");
    // Confirmed is this pair, and no third person.
    let mut third = before.instance(0, 5);
    third.patient.birth_date = study::Reader::new("19500505");
    desk.hear(Heard::InstancesFound {
        study: before.uid(),
        instances: vec![std::sync::Arc::new(third)],
        complete: true,
    });
    assert!(matches!(desk.tile(1).state, TileState::Identities { .. }));
    assert!(desk.tile(1).picture.is_none());
}

#[test]
fn a_prior_is_closed_alone_and_leaves_nothing() {
    let (now, before) = (current(), prior());
    let mut desk = Desk::with(&[&now, &before]);
    desk.open(&now);
    desk.instances(&before);
    desk.arrive(&now);
    desk.arrive(&before);
    desk.view(ViewCommand::SetTool(Tool::Probe));
    for tile in [0, 1] {
        desk.press(tile, (320.0, 240.0), PointerButton::Primary);
        desk.release();
    }
    let rows = desk.reading.mark_rows(&desk.frames);
    assert_eq!(rows.len(), 2);
    assert!(rows[0].words.ends_with("HU") && rows[0].image == "image 1");
    desk.apply(Command::Study(StudyCommand::CloseStudy(before.uid())));
    assert_eq!(desk.reading.question().unwrap().yes, "Close and lose 1 mark");
    desk.apply(Command::App(AppCommand::Answer { yes: true }));
    assert_eq!(desk.reading.studies().open().len(), 1);
    assert_eq!(desk.tile(1).state, TileState::Empty);
    assert_eq!(desk.shown(0), Some(now.frame(0, 0)));
    assert_eq!(desk.reading.document().marks().len(), 1);
    desk.apply(Command::Annotate(crate::AnnotateCommand::Undo));
    let marks = desk.reading.document().marks();
    assert!(
        marks.iter().all(|m| m.frame.study == now.uid()),
        "undo brings nothing of it back"
    );
    assert!(desk.effects.contains(&Effect::CloseStudy(before.uid())));
    desk.apply(Command::Study(StudyCommand::OpenPrior(before.uid())));
    assert_eq!(
        desk.tile(1).state,
        TileState::Waiting {
            sentence: "waiting for the first image".to_owned()
        }
    );
}

#[test]
fn what_was_promised_a_tile_hangs_there_even_when_the_reader_was_faster() {
    let (now, before) = (current(), prior());
    let mut desk = Desk::with(&[&now, &before]);
    desk.apply(Command::Study(StudyCommand::Open {
        source: SOURCE,
        study: now.uid(),
    }));
    desk.grid(2, 2);
    for tile in [0, 1] {
        assert!(matches!(desk.tile(tile).state, TileState::Waiting { .. }));
    }
    desk.instances(&before);
    desk.instances(&now);
    desk.arrive(&now);
    desk.arrive(&before);
    assert_eq!(desk.shown(0), Some(now.frame(0, 0)));
    assert_eq!(desk.shown(1), Some(before.frame(0, 0)));
    assert_eq!(desk.tile(2).state, TileState::Empty);
    // Asked for again, it is only made the active one.
    desk.apply(Command::Study(StudyCommand::OpenPrior(before.uid())));
    assert_eq!(desk.reading.view().active(), 1);
    assert_eq!(desk.tile(2).state, TileState::Empty);
}

#[test]
fn priors_that_could_not_be_searched_are_not_silently_absent() {
    let now = current();
    let mut desk = Desk::with(&[&now]);
    desk.open(&now);
    let request = desk.last_request();
    desk.hear(Heard::StudiesFound {
        source: SOURCE,
        request,
        outcome: Err(crate::Trouble {
            sentence: "Home did not answer.".to_owned(),
            ..Default::default()
        }),
    });
    let notice = desk.reading.notice().unwrap();
    assert_eq!(
        notice.trouble.sentence,
        "Other studies of this patient are not known. Home did not answer."
    );
}

#[test]
fn tiles_fill_with_series_and_shrinking_keeps_what_is_looked_at() {
    let study = FakeStudy {
        series: vec![("CT", 12), ("CT", 9), ("CT", 7)],
        ..current()
    };
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.arrive(&study);
    desk.grid(2, 2);
    for (tile, series) in [(0, 0), (1, 1), (2, 2)] {
        assert_eq!(desk.shown(tile), Some(study.frame(series, 0)));
    }
    assert_eq!(desk.tile(3).state, TileState::Empty);
    desk.apply(Command::Layout(LayoutCommand::Activate(2)));
    desk.scroll(Step::By(2));
    desk.grid(1, 1);
    assert_eq!(desk.shown(0), Some(study.frame(2, 2)));
    desk.apply(Command::Study(StudyCommand::PreviousSeries));
    assert_eq!(desk.shown(0), Some(study.frame(1, 0)));
    desk.apply(Command::Study(StudyCommand::NextSeries));
    assert_eq!(
        desk.shown(0),
        Some(study.frame(2, 2)),
        "a series comes back where it was left"
    );
    desk.apply(Command::Study(StudyCommand::NextSeries));
    assert_eq!(
        desk.shown(0),
        Some(study.frame(2, 2)),
        "there is no series after the last"
    );
}

#[test]
fn a_series_is_hung_by_drag_and_drop_with_its_own_window() {
    let study = FakeStudy {
        series: vec![("CT", 12), ("CT", 9)],
        ..current()
    };
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.arrive(&study);
    desk.view(ViewCommand::Preset(3));
    let second = desk.reading.studies().current().unwrap().series[1].stacks[0].id.clone();
    desk.apply(Command::Study(StudyCommand::Hang {
        viewport: 0,
        stack: second,
    }));
    assert!(
        words(&desk.tile(0), Role::Window)[0].contains("ABDOMEN"),
        "a window is never carried over to another series"
    );
}

#[test]
fn a_localiser_does_not_come_first() {
    let study = FakeStudy {
        series: vec![("CT", 2), ("CT", 30)],
        ..current()
    };
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.arrive(&study);
    assert_eq!(desk.shown(0), Some(study.frame(1, 0)));
}

fn found(desk: &mut Desk, study: &FakeStudy, part: std::ops::Range<usize>) {
    desk.hear(Heard::InstancesFound {
        study: study.uid(),
        instances: study.instances()[part].to_vec(),
        complete: false,
    });
}

#[test]
fn instances_that_come_in_any_order_never_move_the_image_that_is_looked_at() {
    let study = current();
    for looked_at_by in ["time", "hand"] {
        let mut desk = Desk::with(&[&study]);
        desk.frames.put_all(&study);
        desk.apply(Command::Study(StudyCommand::Open {
            source: SOURCE,
            study: study.uid(),
        }));
        found(&mut desk, &study, 20..30);
        if looked_at_by == "time" {
            desk.pass(1000);
        } else {
            desk.press(0, (300.0, 300.0), PointerButton::Primary);
            desk.release();
        }
        for part in [30..41, 0..20] {
            found(&mut desk, &study, part);
            assert_eq!(desk.shown(0), Some(study.frame(0, 20)), "{looked_at_by}");
        }
        assert_eq!(words(&desk.tile(0), Role::Number), ["21 / 41"]);
    }
}

#[test]
fn a_study_that_is_only_just_shown_still_opens_at_its_first_image() {
    let (now, before) = (current(), prior());
    let mut desk = Desk::with(&[&now, &before]);
    desk.frames.put_all(&now);
    desk.frames.put_all(&before);
    desk.apply(Command::Study(StudyCommand::Open {
        source: SOURCE,
        study: now.uid(),
    }));
    // A server may name any image first.
    found(&mut desk, &now, 40..41);
    found(&mut desk, &before, 20..21);
    assert_eq!(desk.shown(0), Some(now.frame(0, 40)), "something at once");
    desk.pass(200);
    found(&mut desk, &now, 0..41);
    found(&mut desk, &before, 0..21);
    assert_eq!(desk.shown(0), Some(now.frame(0, 0)));
    assert_eq!(desk.shown(1), Some(before.frame(0, 0)));
}

#[test]
fn the_number_on_the_tile_is_the_one_that_reports_name() {
    let study = current();
    let mut desk = Desk::with(&[&study]);
    desk.apply(Command::Study(StudyCommand::Open {
        source: SOURCE,
        study: study.uid(),
    }));
    // From head to feet, as most CTs are numbered: positions fall while Instance Numbers rise.
    let instances = study.instances().into_iter().map(|instance| {
        let mut instance = (*instance).clone();
        instance.instance_number = instance.instance_number.map(|n| 42 - n);
        std::sync::Arc::new(instance)
    });
    let instances: Vec<_> = instances.collect();
    instances.iter().for_each(|instance| desk.frames.put(instance));
    desk.hear(Heard::InstancesFound {
        study: study.uid(),
        instances,
        complete: true,
    });
    let picture = desk.tile(0).picture.unwrap();
    assert_eq!(picture.frame.instance.instance_number, Some(1));
    assert_eq!(words(&desk.tile(0), Role::Number), ["1 / 41"]);
    assert_eq!(words(&desk.tile(0), Role::Position)[0], "H 100.0\u{a0}mm");
}

#[test]
fn closing_leaves_nothing_of_the_patient() {
    let (now, before) = (current(), prior());
    let next = FakeStudy::ct(7, patient("Nowak^Jan", "8812"), "20261102", 5);
    let mut desk = Desk::with(&[&now, &before, &next]);
    desk.open(&now);
    desk.instances(&before);
    desk.arrive(&now);
    desk.arrive(&before);
    desk.view(ViewCommand::Preset(2));
    desk.view(ViewCommand::ToggleCine);
    desk.apply(Command::Study(StudyCommand::Close));
    assert_eq!(desk.reading.place(), Place::Worklist);
    for study in [&now, &before] {
        assert!(desk.effects.contains(&Effect::CloseStudy(study.uid())));
    }
    assert!(desk.reading.wants().visible.is_empty() && desk.reading.wants().next.is_empty());
    assert_eq!(desk.reading.header(), Default::default());
    for tile in 0..9 {
        assert_eq!(desk.tile(tile).state, TileState::Empty);
        assert!(desk.tile(tile).picture.is_none());
    }
    assert_eq!(desk.reading.next_tick_ms(desk.now_ms), None);
    // The next patient's tile is black until the next patient's own image comes, whatever still comes of the last.
    desk.open(&next);
    desk.arrive(&now);
    desk.instances(&now);
    desk.pass(10);
    assert!(desk.tile(0).picture.is_none());
    assert_eq!(desk.reading.header().person, "");
    desk.arrive(&next);
    assert_eq!(desk.shown(0), Some(next.frame(0, 0)));
    assert_eq!(desk.reading.header().person, "Nowak, Jan");
    assert!(words(&desk.tile(0), Role::Window)[0].contains("ABDOMEN"));
    let shown = format!("{:?}", desk.reading.studies());
    assert!(
        !shown.contains("Miller") && !shown.contains("Nowak"),
        "no name in debug output"
    );
}

#[test]
fn marks_hold_a_change_with_one_sentence() {
    let now = current();
    let next = FakeStudy::ct(7, patient("Nowak^Jan", "8812"), "20261102", 5);
    let mut desk = Desk::with(&[&now, &next]);
    desk.open(&now);
    desk.arrive(&now);
    desk.view(ViewCommand::SetTool(Tool::Probe));
    desk.press(0, (320.0, 240.0), PointerButton::Primary);
    desk.release();
    let mark = desk.reading.document().marks()[0].clone();
    assert!(matches!(mark.kind, MarkKind::Probe { .. }));
    let open = || {
        Command::Study(StudyCommand::Open {
            source: SOURCE,
            study: FakeStudy::ct(7, patient("Nowak^Jan", "8812"), "20261102", 5).uid(),
        })
    };
    desk.apply(open());
    assert_eq!(
        desk.reading.question().unwrap().yes,
        "Open the other study and lose 1 mark"
    );
    assert_eq!(desk.reading.studies().current().unwrap().uid, now.uid());
    desk.apply(Command::App(AppCommand::Answer { yes: false }));
    assert_eq!(desk.reading.document().marks(), [mark]);
    desk.apply(open());
    desk.apply(Command::App(AppCommand::Answer { yes: true }));
    assert_eq!(desk.reading.studies().current().unwrap().uid, next.uid());
    assert!(desk.reading.document().marks().is_empty());
    desk.apply(Command::Annotate(crate::AnnotateCommand::Undo));
    assert!(
        desk.reading.document().marks().is_empty(),
        "undo does not reach into the last patient"
    );
}

#[test]
fn files_open_by_themselves_when_they_are_listed() {
    let study = current();
    let mut desk = Desk::with(&[]);
    let files = SourceId(9);
    desk.apply(Command::App(AppCommand::OpenPaths(vec!["disc".into()])));
    assert_eq!(desk.effects.last(), Some(&Effect::AddFiles(vec!["disc".into()])));
    desk.hear(Heard::SourceAdded {
        source: files,
        name: "disc".to_owned(),
        kind: SourceKind::Files,
    });
    desk.hear(Heard::StudyListed {
        source: files,
        listing: Box::new(study.listing()),
    });
    assert_eq!(desk.reading.place(), Place::Reading);
    desk.instances(&study);
    desk.arrive(&study);
    assert_eq!(desk.shown(0), Some(study.frame(0, 0)));
    // A prior on the same disc hangs beside it.
    desk.hear(Heard::StudyListed {
        source: files,
        listing: Box::new(prior().listing()),
    });
    assert_eq!(desk.reading.studies().open().len(), 2);
}
