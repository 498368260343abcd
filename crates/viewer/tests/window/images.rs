//! Scrolling, windows, layouts, and what is left of a patient after the next one is opened.

use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;
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
