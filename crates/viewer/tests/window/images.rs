//! Scrolling, windows, layouts, and what is left of a patient after the next one is opened.

use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use reading::settings::Interpolation;

use crate::harness::{phantom, window};

#[test]
fn one_notch_is_one_image_in_the_same_pass() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 6);
    let shown = |w: &crate::harness::Window| w.tile(0).track.and_then(|t| t.shown);
    let before = shown(&window).unwrap();
    let middle = window.rect(0).center();
    let down = if before == 5 { -1.0 } else { 1.0 };
    window.wheel(middle, down);
    assert_eq!(shown(&window), Some(if before == 5 { 4 } else { before + 1 }));
    window.key(Key::End, Modifiers::NONE);
    assert_eq!(shown(&window), Some(5));
    window.key(Key::Home, Modifiers::NONE);
    assert_eq!(shown(&window), Some(0));
}

#[test]
fn a_window_drag_shows_the_new_window_with_one_move_and_one_pass_and_builds_one_table() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 2);
    let middle = window.rect(0).center();
    window.harness.hover_at(middle);
    window.harness.step();
    window.button(middle, true);
    let words = window.words(0);
    let tables = window.harness.state().tables_built();
    window.harness.hover_at(middle + vec2(60.0, 20.0));
    window.harness.step();
    assert_ne!(window.words(0), words);
    assert_eq!(window.harness.state().tables_built(), tables + 1);
    window.button(middle + vec2(60.0, 20.0), false);
    // A pass without a change builds nothing.
    let tables = window.harness.state().tables_built();
    window.harness.step();
    window.harness.step();
    assert_eq!(window.harness.state().tables_built(), tables);
}

#[test]
fn a_click_without_a_drag_changes_nothing_of_the_image() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 2);
    let words = window.words(0);
    let middle = window.rect(0).center();
    window.harness.hover_at(middle);
    window.harness.step();
    window.button(middle, true);
    window.button(middle, false);
    assert_eq!(window.words(0), words);
}

#[test]
fn number_keys_choose_windows_and_space_goes_back() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 2);
    let first = window.words(0);
    window.key(Key::Num2, Modifiers::NONE);
    assert!(window.words(0).contains("lung"), "{}", window.words(0));
    assert!(window.words(0).contains("1500"), "{}", window.words(0));
    window.key(Key::Space, Modifiers::NONE);
    assert_eq!(window.words(0), first);
}

#[test]
fn a_series_is_dragged_onto_a_tile() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("MR", 4, 3);
    window.key(Key::Num2, Modifiers::ALT);
    assert_eq!(window.harness.state().reading().view().shown().1.len(), 2);
    let titles: Vec<String> = window
        .harness
        .state()
        .reading()
        .studies()
        .current()
        .map(|study| study.series.iter().map(|series| series.title.clone()).collect())
        .unwrap();
    let from = window.harness.get_by_label(&titles[1]).rect().center();
    let to = window.rect(1).center();
    window.drag(from, to);
    let reading = window.harness.state().reading();
    let hung = reading.view().viewport(1).and_then(|v| v.stack().cloned());
    let expected = reading.studies().current().map(|study| study.series[1].uid.clone());
    assert_eq!(hung.map(|stack| stack.series), expected);
}

#[test]
fn overlay_words_go_but_who_it_is_stays() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 2);
    let person = study::words::short_person(phantom("CT").listing.patient.name.to_reader());
    let action = reading::actions::by_id("overlay").unwrap();
    let full = window.words(0);
    for _ in 0..2 {
        window.harness.state_mut().command((action.command)());
        window.harness.step();
    }
    let least = window.words(0);
    assert!(least.len() < full.len(), "{least}");
    assert!(least.contains(&person), "{least}");
}

#[test]
fn nothing_is_left_of_a_patient_after_the_next_is_opened() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 2);
    let first = window.harness.state().reading().header().person;
    assert!(!first.is_empty());
    let rect = window.rect(0);
    let lit = |w: &mut crate::harness::Window| {
        let picture = w.harness.render().unwrap();
        let middle = rect.shrink2(rect.size() * 0.3);
        let area = (
            middle.min.x as u32..middle.max.x as u32,
            middle.min.y as u32..middle.max.y as u32,
        );
        area.1
            .flat_map(|y| area.0.clone().map(move |x| (x, y)))
            .filter(|(x, y)| picture.get_pixel(*x, *y).0[..3].iter().any(|level| *level > 40))
            .count()
    };
    assert!(lit(&mut window) > 1000, "the first image is on the screen");
    let close = reading::actions::by_id("study.close").unwrap();
    window.harness.state_mut().command((close.command)());
    window.harness.step();
    assert!(window.harness.state().reading().header().person.is_empty());
    assert!(window.harness.state().reading().studies().open().is_empty());
    let show = reading::actions::by_id("worklist.back").unwrap();
    window.harness.state_mut().command((show.command)());
    window.harness.step();
    window.harness.step();
    if window.harness.query_by_label("Viewport 1").is_some() {
        assert_eq!(lit(&mut window), 0, "a pixel of the first patient is left");
    }
    let second = phantom("US");
    window.empty_folder();
    window.open_files(&second, 0, 1);
    window.harness.step();
    for _ in 0..500 {
        window.harness.step();
        let header = window.harness.state().reading().header().person;
        assert_ne!(
            header, first,
            "the first patient's name stands above the second's images"
        );
        if let Some(picture) = window.tile(0).picture {
            assert_eq!(picture.frame_ref.study, second.listing.study);
        }
        if !header.is_empty() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the second patient was not shown");
}

#[test]
fn a_study_of_another_person_shows_nothing_and_cannot_be_dragged_before_the_reader_has_said_so() {
    let mut window = window(1.0, Interpolation::Linear);
    let current = phantom("CT");
    let same = |study: &study::phantom::PhantomStudy| {
        study.listing.patient.id == current.listing.patient.id && study.listing.study != current.listing.study
    };
    let prior = study::phantom::catalogue().into_iter().find(same).unwrap();
    let put = |window: &crate::harness::Window, study: &study::phantom::PhantomStudy, birth: &[u8; 8]| {
        let bytes = study::phantom::object(&study.listing.study, &study.series[0].uid, 0).unwrap();
        let mut bytes = bytes.to_vec();
        let born = study.listing.patient.birth_date.to_reader().as_bytes();
        let at = bytes.windows(8).position(|part| part == born).unwrap();
        bytes[at..at + 8].copy_from_slice(birth);
        window.put(&format!("{}.dcm", study.listing.study.as_str()), &bytes);
    };
    put(&window, &current, b"19510203");
    put(&window, &prior, b"19770809");
    window.open_put();
    window.until("the first image is shown", |w| w.tile(0).picture.is_some());
    let reading = window.harness.state().reading();
    let open = reading.studies().current().unwrap().uid.clone();
    let other = [&current, &prior]
        .map(|study| study.listing.study.clone())
        .into_iter()
        .find(|uid| *uid != open)
        .unwrap();
    let beside = reading::StudyCommand::OpenPrior(other.clone());
    window.harness.state_mut().command(reading::Command::Study(beside));
    let questioned = |w: &crate::harness::Window| {
        let study = w.harness.state().reading().studies().study(&other);
        study.is_some_and(|s| {
            !s.series.is_empty() && matches!(s.identity, reading::studies::Identity::Questioned { .. })
        })
    };
    window.until("two identities stand beside each other", questioned);
    let studies = window.harness.state().reading().studies();
    let title = studies.study(&other).unwrap().series[0].title.clone();
    let cards: Vec<_> = window.harness.get_all_by_label(&title).collect();
    let waiting: Vec<egui::Rect> = cards
        .iter()
        .filter(|card| card.accesskit_node().is_disabled())
        .map(|card| card.rect())
        .collect();
    assert_eq!(waiting.len(), 1, "the series can be taken hold of");
    drop(cards);
    let to = window.rect(0).center();
    window.drag(waiting[0].center(), to);
    let hung = window.harness.state().reading().view().viewport(0);
    assert_eq!(
        hung.and_then(|v| v.stack()).map(|stack| stack.study.clone()),
        Some(open)
    );
}
