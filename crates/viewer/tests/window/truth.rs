//! What the window tells of an image and of itself: badges, "NOT FOR DIAGNOSIS", the statement of intended use.

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use reading::diagnosis::NOT_FOR_DIAGNOSIS;
use reading::settings::{Interpolation, Settings};

use crate::harness::{Window, phantom, window, window_with};

const READ: &str = "I have read this";

/// An image of a series as bytes, with some of them replaced by as many others.
fn changed(modality: &str, changes: &[(&[u8], &[u8])]) -> Vec<u8> {
    let study = phantom(modality);
    let series = study.series.iter().find(|series| series.modality == modality).unwrap();
    let mut bytes = study::phantom::object(&study.listing.study, &series.uid, 0)
        .unwrap()
        .to_vec();
    for (from, to) in changes {
        assert_eq!(from.len(), to.len());
        let at = bytes.windows(from.len()).position(|window| window == *from).unwrap();
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

fn show(window: &mut Window, bytes: &[u8]) {
    window.put("one.dcm", bytes);
    window.open_put();
    window.until("the image is shown", |w| w.tile(0).picture.is_some());
    window.harness.run_steps(3);
}

/// The element Modality with this value.
fn modality(value: &[u8; 2]) -> Vec<u8> {
    [b"\x08\x00\x60\x00CS\x02\x00", &value[..]].concat()
}

/// The element Lossy Image Compression with this value.
fn lossy(value: &[u8; 2]) -> Vec<u8> {
    [b"\x28\x00\x10\x21CS\x02\x00", &value[..]].concat()
}

fn lossy_mammogram() -> Vec<u8> {
    changed(
        "DX",
        &[(&modality(b"DX"), &modality(b"MG")), (&lossy(b"00"), &lossy(b"01"))],
    )
}

#[test]
fn where_nothing_is_wrong_nothing_is_written() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 2);
    assert!(window.harness.get_by_label("full").rect().is_positive());
    assert!(window.harness.query_by_label_contains(NOT_FOR_DIAGNOSIS).is_none());
    assert!(window.harness.query_by_label(READ).is_none());
}

#[test]
fn a_badge_explains_itself_under_the_pointer() {
    let mut window = window(1.0, Interpolation::Linear);
    show(&mut window, &changed("DX", &[(&lossy(b"00"), &lossy(b"01"))]));
    let why = "The image says that it was compressed with loss";
    let at = window.harness.get_by_label("lossy").rect();
    assert!(window.rect(0).contains_rect(at), "{at:?} on {:?}", window.rect(0));
    assert!(window.harness.query_by_label_contains(why).is_none());
    window.harness.hover_at(at.center());
    // A tooltip waits until the pointer rests.
    window.until("the explanation comes", |w| {
        w.harness.query_by_label_contains(why).is_some()
    });
    assert!(
        window.harness.query_by_label_contains(NOT_FOR_DIAGNOSIS).is_none(),
        "a lossy radiograph is marked, not more"
    );
}

#[test]
fn badges_do_not_take_the_drag_from_the_image() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 2);
    let words = window.words(0);
    let from = window.harness.get_by_label("full").rect().center();
    window.drag(from, from - egui::vec2(60.0, 40.0));
    assert_ne!(window.words(0), words, "the window was dragged");
}

#[test]
fn a_lossy_mammogram_carries_it_across_its_tile_clear_of_the_patients_name() {
    let mut window = window(1.0, Interpolation::Linear);
    show(&mut window, &lossy_mammogram());
    let across = window.harness.get_by_label_contains(NOT_FOR_DIAGNOSIS).rect();
    let tile = window.rect(0);
    assert!(tile.contains_rect(across));
    assert!((across.center().x - tile.center().x).abs() < 2.0);
    assert!(across.top() > tile.top() + 100.0, "the words above stay readable");
    let told = "NOT FOR DIAGNOSIS: This mammogram was compressed with loss.";
    assert!(window.harness.query_by_label(told).is_some());
    // No key hides it.
    for _ in 0..2 {
        window.key(Key::I, Modifiers::SHIFT);
        assert!(window.harness.query_by_label(told).is_some());
        assert!(window.harness.query_by_label("lossy").is_some());
    }
}

#[test]
fn a_remote_session_stands_across_the_window_wherever_it_is() {
    let settings = Settings {
        intended_use_read: reading::intended_use::VERSION.to_owned(),
        ..Settings::default()
    };
    let mut window = window_with(1.0, settings, || Some("Windows Remote Desktop"));
    window.until("it is said", |w| w.harness.query_by_label(NOT_FOR_DIAGNOSIS).is_some());
    let why = |w: &Window| w.harness.query_by_label_contains("Windows Remote Desktop").is_some();
    assert!(why(&window), "at the worklist");
    window.show_files("CT", 100, 1);
    assert!(why(&window), "above the images");
    let strip = window.harness.get_by_label(NOT_FOR_DIAGNOSIS).rect();
    assert!(strip.bottom() <= window.rect(0).top(), "it covers no image");
    window.key(Key::Tab, Modifiers::NONE);
    assert!(window.harness.state().reading().images_only());
    assert!(why(&window), "with images only");
}

#[test]
fn the_statement_of_intended_use_is_a_strip_that_one_click_or_key_puts_away_for_this_version() {
    for by_key in [false, true] {
        let mut window = window_with(1.0, Settings::default(), || None);
        window.show_files("CT", 100, 1);
        let statement = reading::intended_use::statement();
        let strip = window.harness.get_by_label(&statement).rect();
        // Neither the patient's name nor an image lies under it, and nothing of it is cut away.
        let name = window.harness.state().reading().header().person;
        assert!(strip.top() > window.harness.get_by_label(&name).rect().bottom());
        assert!(strip.bottom() < window.rect(0).top());
        let button = window.harness.get_by_role_and_label(Role::Button, READ).rect();
        assert!(strip.right() < button.left(), "{strip:?} {button:?}");
        if by_key {
            window.key(Key::Escape, Modifiers::NONE);
        } else {
            window.harness.get_by_label(READ).click();
            window.harness.run_steps(3);
        }
        assert!(window.harness.query_by_label(READ).is_none());
        let settings = window.harness.state().reading().settings();
        assert_eq!(settings.intended_use_read, reading::intended_use::VERSION);
        assert_eq!(
            window.harness.state().reading().place(),
            reading::Place::Reading,
            "the images stay"
        );
    }
}

#[test]
fn the_statement_stays_in_help() {
    let mut window = window(1.0, Interpolation::Linear);
    let action = reading::actions::by_id("intended_use").unwrap();
    assert_eq!(action.group, reading::actions::Group::Help);
    window.harness.state_mut().command((action.command)());
    window.harness.run_steps(3);
    for sentence in reading::intended_use::STATEMENT {
        assert!(window.harness.query_by_label(sentence).is_some(), "{sentence}");
    }
}
