//! The pixels that the window shows are the reference's, one for one.

use egui::{Key, Modifiers};
use pixels::display::DisplayTable;
use pixels::picture::{self, Interpolation as Between};
use reading::settings::Interpolation;
use reading::tile::Shading;

use crate::harness::{Window, window};

/// Compares the middle of a tile, where no words stand, with the reference, physical pixel by physical pixel.
fn compare(window: &mut Window, one_to_one: bool) {
    let scale = window.harness.ctx.pixels_per_point();
    let rect = window.rect(0);
    let origin = ((rect.min.x * scale).round() as u32, (rect.min.y * scale).round() as u32);
    let tile = window.tile(0);
    let picture = tile.picture.unwrap();
    let size = (
        (rect.width() * scale).round() as u32,
        (rect.height() * scale).round() as u32,
    );
    let map = picture.viewport_from_image;
    if one_to_one {
        assert_eq!(
            (map.a.abs(), map.e.abs()),
            (1.0, 1.0),
            "one image pixel is one physical pixel"
        );
    }
    let Shading::Grey { parameters, .. } = &picture.shading else {
        panic!("a CT is grey");
    };
    let table = DisplayTable::build(parameters).unwrap();
    let stored = &picture.frame.decoded.frame;
    let expected = picture::grey(stored, &parameters.modality, &table, &map, size, Between::Nearest);
    let screen = window.harness.render().unwrap();
    let (left, right) = (size.0 * 3 / 10, size.0 * 7 / 10);
    let (top, bottom) = (size.1 * 3 / 10, size.1 * 7 / 10);
    let mut levels = std::collections::BTreeSet::new();
    for y in top..bottom {
        for x in left..right {
            let level = expected[(y * size.0 + x) as usize];
            let shown = screen.get_pixel(origin.0 + x, origin.1 + y).0;
            assert_eq!(shown[..3], [level; 3], "at {x}, {y} of the tile");
            levels.insert(level);
        }
    }
    assert!(levels.len() > 30, "the picture is a picture: {} levels", levels.len());
}

#[test]
fn one_to_one_is_one_physical_pixel_at_scale_one_and_two() {
    for scale in [1.0, 2.0] {
        let mut window = window(scale, Interpolation::Nearest);
        window.show_files("CT", 100, 1);
        window.key(Key::Num1, Modifiers::COMMAND);
        compare(&mut window, true);
    }
}

#[test]
fn turned_flipped_and_inverted_pixels_are_the_references() {
    let mut window = window(1.0, Interpolation::Nearest);
    window.show_files("CT", 100, 1);
    window.key(Key::Num1, Modifiers::COMMAND);
    window.key(Key::R, Modifiers::NONE);
    window.key(Key::H, Modifiers::NONE);
    window.key(Key::I, Modifiers::NONE);
    let map = window.tile(0).picture.unwrap().viewport_from_image;
    assert_eq!((map.b.abs(), map.d.abs()), (1.0, 1.0), "turned by a quarter");
    compare(&mut window, false);
}

#[test]
fn an_adapter_that_is_not_trusted_only_copies_what_the_cpu_draws() {
    let mut window = window(1.0, Interpolation::Nearest);
    window.show_files("CT", 100, 1);
    window.key(Key::Num1, Modifiers::COMMAND);
    compare(&mut window, true);
    let drawn = window.harness.render().unwrap();
    let ctx = window.harness.ctx.clone();
    let why = "The adapter is not trusted, for a test.".to_owned();
    window.harness.state_mut().distrust(&ctx, why);
    window.harness.step();
    window.harness.step();
    let verification = window.harness.state().reading().verification().clone();
    assert_eq!(verification.words(), "display unverified");
    let copied = window.harness.render().unwrap();
    // Words across the image may hide some of it; what they leave is the same, and it is a picture.
    let rect = window.rect(0).shrink2(egui::vec2(60.0, 120.0));
    let places = (rect.min.y as u32..rect.max.y as u32)
        .flat_map(|y| (rect.min.x as u32..rect.max.x as u32).map(move |x| (x, y)));
    let (mut same, mut other) = (0, 0);
    for (x, y) in places {
        let (before, after) = (drawn.get_pixel(x, y).0, copied.get_pixel(x, y).0);
        *if before == after { &mut same } else { &mut other } += 1;
    }
    assert!(other * 8 < same, "{other} of {} pixels differ", same + other);
}
