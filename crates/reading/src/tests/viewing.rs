//! Windows, zoom, pan, turn, flip, wheel, cine and words.

use pixels::display::Voi;
use study::CineTiming;

use super::*;
use crate::fake::patient;
use crate::keys::Modifiers;
use crate::presets::WindowChoice;
use crate::settings::Overlay;
use crate::tile::Shading;
use crate::tool::Tool;
use crate::{AppCommand, WheelTurn};

fn ct() -> FakeStudy {
    FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", 30)
}

fn opened() -> Desk {
    let study = ct();
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.arrive(&study);
    desk
}

fn window(desk: &Desk) -> (f64, f64) {
    let Shading::Grey { parameters, .. } = desk.tile(0).picture.unwrap().shading else {
        panic!("a grey image");
    };
    match parameters.voi {
        Voi::Window { centre, width, .. } => (centre, width),
        Voi::Table(_) => panic!("a window"),
    }
}

fn revision(desk: &Desk) -> u64 {
    match desk.tile(0).picture.unwrap().shading {
        Shading::Grey { revision, .. } => revision,
        Shading::Colour { .. } => panic!("a grey image"),
    }
}

#[test]
fn a_window_drag_is_seen_at_once_right_is_wider_down_is_a_higher_centre() {
    let mut desk = opened();
    assert_eq!(window(&desk), (40.0, 400.0));
    assert_eq!(words(&desk.tile(0), Role::Window), ["WL 40 / 400 · ABDOMEN · ×10.00"]);
    desk.press(0, (100.0, 100.0), PointerButton::Primary);
    desk.move_to((120.0, 130.0));
    assert_eq!(window(&desk), (70.0, 420.0));
    assert!(desk.reading.dragging());
    desk.release();
    assert!(!desk.reading.dragging());
    assert_eq!(words(&desk.tile(0), Role::Window), ["WL 70 / 420 · ×10.00"]);
    desk.drag(0, (300.0, 100.0), (-9000.0, 100.0), PointerButton::Primary);
    assert_eq!(window(&desk).1, 1.0, "a window is never narrower than 1");
}

#[test]
fn who_wants_it_brightens_by_dragging_down() {
    let mut desk = opened();
    let mut settings = desk.reading.settings().clone();
    settings.mouse.level_down_is_brighter = true;
    desk.apply(Command::App(AppCommand::ChangeSettings(Box::new(settings.clone()))));
    assert_eq!(desk.effects.last(), Some(&Effect::SaveSettings(Box::new(settings))));
    desk.drag(0, (100.0, 100.0), (100.0, 130.0), PointerButton::Primary);
    assert_eq!(window(&desk), (10.0, 400.0));
}

#[test]
fn number_keys_choose_presets_by_name_and_0_the_files_own() {
    let mut desk = opened();
    for (key, expected, name) in [
        (2, (-500.0, 1500.0), "lung"),
        (3, (300.0, 1500.0), "bone"),
        (4, (40.0, 80.0), "brain"),
        (1, (40.0, 400.0), "soft tissue"),
        (0, (40.0, 400.0), "ABDOMEN"),
    ] {
        desk.view(ViewCommand::Preset(key));
        assert_eq!(window(&desk), expected);
        assert!(words(&desk.tile(0), Role::Window)[0].contains(name));
    }
    desk.view(ViewCommand::Preset(9));
    assert_eq!(window(&desk), (40.0, 400.0), "a key without a preset changes nothing");
    let rows = desk.reading.windows();
    assert!(
        rows.iter()
            .any(|r| r.choice == WindowChoice::Own(1) && r.name == "window 2")
    );
    desk.view(ViewCommand::Window(WindowChoice::Own(1)));
    assert_eq!(window(&desk), (-500.0, 1500.0));
    assert_eq!(desk.reading.windows().iter().filter(|r| r.chosen).count(), 1);
}

#[test]
fn the_number_keys_of_other_modalities_are_the_files_own_windows() {
    let study = FakeStudy {
        series: vec![("MR", 5)],
        ..ct()
    };
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.arrive(&study);
    desk.view(ViewCommand::Preset(2));
    assert_eq!(window(&desk), (-500.0, 1500.0));
    desk.view(ViewCommand::Preset(1));
    assert_eq!(window(&desk), (40.0, 400.0));
}

#[test]
fn a_file_without_a_window_is_shown_by_its_own_values_and_says_so() {
    let study = ct();
    let mut instance = study.instance(0, 0);
    instance.geometry[0].voi.clear();
    let instance = std::sync::Arc::new(instance);
    let mut desk = Desk::with(&[&study]);
    desk.apply(Command::Study(StudyCommand::Open {
        source: SOURCE,
        study: study.uid(),
    }));
    desk.frames.put(&instance);
    desk.hear(Heard::InstancesFound {
        study: study.uid(),
        instances: vec![instance],
        complete: true,
    });
    let (centre, width) = window(&desk);
    assert!(
        width > 1000.0 && (0.0..4096.0).contains(&(centre + 1024.0)),
        "{centre} {width}"
    );
    assert!(words(&desk.tile(0), Role::Window)[0].contains("auto"));
}

#[test]
fn a_table_is_built_anew_only_when_something_changed() {
    let mut desk = opened();
    let first = revision(&desk);
    desk.scroll(Step::By(1));
    desk.view(ViewCommand::RotateRight);
    desk.view(ViewCommand::ZoomBy(2.0));
    assert_eq!(
        revision(&desk),
        first,
        "neither scrolling nor zooming makes another table"
    );
    desk.view(ViewCommand::Invert);
    let inverted = revision(&desk);
    assert_ne!(inverted, first);
    desk.view(ViewCommand::Invert);
    assert_ne!(revision(&desk), inverted, "a number is never given to other parameters");
}

#[test]
fn keys_of_frames_are_never_shared() {
    let mut desk = opened();
    let key = |desk: &Desk| desk.tile(0).picture.unwrap().key;
    let mut keys = std::collections::BTreeSet::new();
    for index in 0..30 {
        desk.scroll(Step::To(index));
        assert!(keys.insert(key(&desk)));
    }
    desk.scroll(Step::To(3));
    assert!(!keys.insert(key(&desk)), "the same frame keeps its key");
}

#[test]
fn one_to_one_is_one_image_pixel_on_one_screen_pixel_at_any_scale() {
    let mut desk = opened();
    desk.view(ViewCommand::OneToOne);
    for scale in [1.0, 1.5, 2.0] {
        let tile = desk.reading.tile(0, SIZE_PX, scale, None, desk.now_ms);
        let map = tile.picture.unwrap().viewport_from_image;
        assert_eq!((map.a, map.b, map.d), (1.0, 0.0, 0.0));
        assert_eq!(map.e, 1.6, "rows are 0.8 mm, columns 0.5 mm apart");
    }
}

#[test]
fn zoom_keeps_the_point_under_the_pointer_and_reset_takes_all_back() {
    let mut desk = opened();
    let before = desk.tile(0).picture.unwrap().viewport_from_image;
    let at = point((200.0, 150.0));
    let held = before.image_at(at).unwrap();
    desk.drag(0, (200.0, 150.0), (200.0, 190.0), PointerButton::Secondary);
    let after = desk.tile(0).picture.unwrap().viewport_from_image;
    assert!(after.a > before.a, "down is larger");
    let there = after.apply(held);
    assert!((there.x - at.x).abs() < 1e-6 && (there.y - at.y).abs() < 1e-6);
    desk.drag(0, (300.0, 300.0), (340.0, 310.0), PointerButton::Middle);
    let panned = desk.tile(0).picture.unwrap().viewport_from_image;
    assert!((panned.c - after.c - 40.0).abs() < 1e-6 && (panned.f - after.f - 10.0).abs() < 1e-6);
    for command in [
        ViewCommand::RotateLeft,
        ViewCommand::FlipVertical,
        ViewCommand::Invert,
        ViewCommand::Preset(2),
    ] {
        desk.view(command);
    }
    desk.view(ViewCommand::Reset);
    assert_eq!(desk.tile(0).picture.unwrap().viewport_from_image, before);
    assert_eq!(window(&desk), (40.0, 400.0));
}

#[test]
fn the_wheel_passes_one_image_a_notch_and_a_touchpad_by_distance() {
    let mut desk = opened();
    let mut wheel = |turn, modifiers| {
        desk.apply(Command::Pointer(Pointer::Wheel {
            canvas: canvas(0),
            at: point((100.0, 100.0)),
            turn,
            modifiers,
        }));
        (
            words(&desk.tile(0), Role::Number)[0].clone(),
            desk.tile(0).picture.unwrap().viewport_from_image.a,
        )
    };
    let plain = Modifiers::default();
    assert_eq!(wheel(WheelTurn::Notches(1.0), plain).0, "2 / 30");
    assert_eq!(wheel(WheelTurn::Notches(3.0), plain).0, "5 / 30");
    assert_eq!(wheel(WheelTurn::Notches(-1.0), plain).0, "4 / 30");
    assert_eq!(wheel(WheelTurn::Points(13.0), plain).0, "4 / 30");
    assert_eq!(wheel(WheelTurn::Points(13.0), plain).0, "5 / 30");
    assert_eq!(wheel(WheelTurn::Notches(-99.0), plain).0, "1 / 30");
    let ctrl = Modifiers {
        ctrl: true,
        ..Modifiers::default()
    };
    let (number, zoom) = wheel(WheelTurn::Notches(-1.0), ctrl);
    assert_eq!(number, "1 / 30", "Ctrl and wheel zooms");
    assert!(zoom > 10.0);
}

#[test]
fn the_value_under_the_pointer_has_its_unit() {
    let desk = opened();
    let map = desk.tile(0).picture.unwrap().viewport_from_image;
    let at = map.apply(space::ImagePoint::new(7.0, 3.0));
    // Stored 1000 + 7 + 300, rescaled by −1024.
    assert_eq!(words(&desk.tile_under(0, at), Role::Value), ["283\u{a0}HU"]);
    let outside = point((-5.0, 10.0));
    assert!(words(&desk.tile_under(0, outside), Role::Value).is_empty());
}

#[test]
fn the_overlay_walks_from_full_to_none_and_who_and_state_stay() {
    let mut desk = opened();
    let at = point((320.0, 240.0));
    for (overlay, roles) in [
        (
            Overlay::Full,
            vec![
                Role::Identity,
                Role::Description,
                Role::Number,
                Role::Position,
                Role::Window,
                Role::Value,
            ],
        ),
        (Overlay::Short, vec![Role::Identity, Role::Number, Role::Window]),
        (Overlay::None, vec![Role::Identity]),
        (Overlay::Full, vec![Role::Value]),
    ] {
        assert_eq!(desk.reading.settings().overlay, overlay);
        let tile = desk.tile_under(0, at);
        for role in &roles {
            assert!(!words(&tile, *role).is_empty(), "{role:?} at {overlay:?}");
        }
        if overlay == Overlay::None {
            assert!(words(&tile, Role::Number).is_empty() && words(&tile, Role::Window).is_empty());
        }
        assert!(tile.letters.is_some(), "orientation is never hidden");
        assert_eq!(tile.badges[0].word, "full", "the state is never hidden");
        desk.view(ViewCommand::CycleOverlay);
    }
    let saved = desk.effects.iter().filter(|e| matches!(e, Effect::SaveSettings(_)));
    assert_eq!(saved.count(), 4);
}

#[test]
fn position_and_thickness_are_those_of_the_slice() {
    let mut desk = opened();
    desk.scroll(Step::To(4));
    assert_eq!(
        words(&desk.tile(0), Role::Position),
        ["H 10.0\u{a0}mm", "slice 1.25\u{a0}mm"]
    );
}

#[test]
fn the_scale_bar_is_as_long_as_it_says() {
    let desk = opened();
    let bar = desk.tile(0).scale_bar.unwrap();
    // 10 screen pixels a column of 0.5 mm: 20 px/mm; a quarter of the tile holds 8 mm, so 5 mm.
    assert_eq!(bar.label, "5\u{a0}mm");
    assert!((bar.length_px - 100.0).abs() < 1e-6);
}

#[test]
fn a_multi_frame_plays_at_its_own_rate_and_every_word_is_its_own() {
    let study = FakeStudy {
        series: vec![("US", 1)],
        ..ct()
    };
    let mut instance = study.instance(0, 0);
    instance.frames = 10;
    instance.cine = Some(CineTiming {
        starts_ms: Vec::new(),
        frame_ms: 50.0,
    });
    let instance = std::sync::Arc::new(instance);
    let mut desk = Desk::with(&[&study]);
    desk.apply(Command::Study(StudyCommand::Open {
        source: SOURCE,
        study: study.uid(),
    }));
    desk.frames.put(&instance);
    desk.hear(Heard::InstancesFound {
        study: study.uid(),
        instances: vec![instance],
        complete: true,
    });
    desk.view(ViewCommand::ToggleCine);
    assert_eq!(desk.reading.next_tick_ms(desk.now_ms), Some(50));
    for (pass, number, time) in [
        (49, "1 / 10", "0.00\u{a0}s"),
        (1, "2 / 10", "0.05\u{a0}s"),
        (100, "4 / 10", "0.15\u{a0}s"),
        (350, "1 / 10", "0.00\u{a0}s"),
    ] {
        desk.pass(pass);
        let tile = desk.tile(0);
        assert_eq!(words(&tile, Role::Number), [number]);
        assert!(words(&tile, Role::Position).contains(&time.to_owned()));
    }
    desk.scroll(Step::By(1));
    assert!(
        !desk.reading.view().viewport(0).unwrap().playing(),
        "scrolling by hand stops it"
    );
}

#[test]
fn tools_change_what_the_left_button_does() {
    let mut desk = opened();
    desk.view(ViewCommand::SetTool(Tool::Scroll));
    desk.press(0, (100.0, 100.0), PointerButton::Primary);
    desk.move_to((100.0, 100.0 + 5.0 * 24.0));
    assert_eq!(words(&desk.tile(0), Role::Number), ["6 / 30"]);
    desk.release();
    desk.view(ViewCommand::SetTool(Tool::Pan));
    let before = desk.tile(0).picture.unwrap().viewport_from_image;
    desk.drag(0, (100.0, 100.0), (110.0, 100.0), PointerButton::Primary);
    let after = desk.tile(0).picture.unwrap().viewport_from_image;
    assert!((after.c - before.c - 10.0).abs() < 1e-6);
    assert_eq!(window(&desk), (40.0, 400.0));
}

#[test]
fn escape_ends_what_is_under_way_before_it_leaves() {
    let mut desk = opened();
    let escape = || Command::App(AppCommand::Escape);
    desk.apply(Command::App(AppCommand::ToggleImagesOnly));
    desk.press(0, (100.0, 100.0), PointerButton::Primary);
    desk.apply(escape());
    assert!(!desk.reading.dragging() && desk.reading.images_only());
    desk.apply(escape());
    assert!(!desk.reading.images_only());
    assert_eq!(desk.reading.place(), crate::Place::Reading);
    desk.apply(escape());
    assert_eq!(desk.reading.place(), crate::Place::Worklist);
    assert!(desk.reading.studies().current().is_some(), "the study stays open");
}
