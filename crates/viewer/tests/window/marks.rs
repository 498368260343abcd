//! Lengths: measured, selected, deleted, undone.

use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;
use reading::settings::Interpolation;

use crate::harness::window;

#[test]
fn a_length_is_measured_deleted_and_brought_back() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 2);
    window.key(Key::D, Modifiers::NONE);
    let middle = window.rect(0).center();
    let (from, to) = (middle - vec2(60.0, 10.0), middle + vec2(60.0, 30.0));
    window.drag(from, to);
    let tile = window.tile(0);
    assert_eq!(tile.marks.len(), 1);
    // By hand: points moved on the screen, through the map of the tile, times the pixels' spacing.
    let picture = tile.picture.unwrap();
    let geometry = picture.frame.instance.frame_geometry(picture.frame.index).unwrap();
    let study::Spacing::Patient { row, column } = geometry.spacing else {
        panic!("a CT has patient spacing");
    };
    let map = picture.viewport_from_image;
    let (dx, dy) = (120.0 / map.a, 40.0 / map.e);
    let expected = (dx * column).hypot(dy * row);
    let label = &tile.marks[0].label;
    let number: f64 = label
        .split_whitespace()
        .find_map(|word| {
            word.trim_matches(|c: char| !c.is_ascii_digit() && c != '.')
                .parse()
                .ok()
        })
        .unwrap();
    assert!(label.contains("mm"), "{label}");
    assert!(
        (number - expected).abs() < 0.06 + expected * 0.005,
        "{label}, expected {expected}"
    );
    window.key(Key::Delete, Modifiers::NONE);
    assert!(window.tile(0).marks.is_empty());
    window.key(Key::Z, Modifiers::COMMAND);
    assert_eq!(window.tile(0).marks.len(), 1);
}

#[test]
fn a_length_stays_on_its_own_image() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 2);
    window.key(Key::Home, Modifiers::NONE);
    window.key(Key::D, Modifiers::NONE);
    let middle = window.rect(0).center();
    window.drag(middle, middle + vec2(80.0, 0.0));
    assert_eq!(window.tile(0).marks.len(), 1);
    window.key(Key::ArrowDown, Modifiers::NONE);
    assert!(window.tile(0).marks.is_empty());
    window.key(Key::ArrowUp, Modifiers::NONE);
    assert_eq!(window.tile(0).marks.len(), 1);
}

#[test]
fn a_mark_is_listed_with_its_value_and_a_click_goes_to_its_image() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 2);
    let panel = reading::actions::by_id("panel.right").unwrap();
    window.harness.state_mut().command((panel.command)());
    window.key(Key::Home, Modifiers::NONE);
    window.key(Key::D, Modifiers::NONE);
    let middle = window.rect(0).center();
    window.drag(middle, middle + vec2(80.0, 0.0));
    let label = window.tile(0).marks[0].label.clone();
    assert!(label.contains("mm"), "{label}");
    window.key(Key::ArrowDown, Modifiers::NONE);
    let row = format!("{label}, image 1");
    window.harness.get_by_label(&row).click();
    window.harness.step();
    window.harness.step();
    assert_eq!(window.tile(0).track.unwrap().shown, Some(0));
    assert!(window.harness.state().reading().selected_mark().is_some());
}

#[test]
fn closing_the_window_by_its_frame_asks_before_marks_are_lost() {
    let closes = |window: &mut crate::harness::Window| {
        let viewport = window.harness.input_mut().viewport_id;
        let info = window.harness.input_mut().viewports.entry(viewport).or_default();
        info.events.push(egui::ViewportEvent::Close);
        window.harness.step();
        let info = window.harness.input_mut().viewports.entry(viewport).or_default();
        info.events.clear();
        let kept = &egui::ViewportCommand::CancelClose;
        !window.harness.output().viewport_output[&viewport]
            .commands
            .contains(kept)
    };
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 1);
    window.key(Key::D, Modifiers::NONE);
    let middle = window.rect(0).center();
    window.drag(middle, middle + vec2(80.0, 0.0));
    assert!(!closes(&mut window), "marks are lost without a question");
    let question = window.harness.state().reading().question().cloned().unwrap();
    window.harness.step();
    window.harness.get_by_label(&question.no).click();
    window.harness.step();
    window.harness.step();
    assert!(window.harness.state().reading().question().is_none());
    window.key(Key::Z, Modifiers::COMMAND);
    assert!(closes(&mut window), "there is nothing to lose");
}
