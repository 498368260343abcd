//! The pixels that the window shows are the reference's, one for one.

use egui::{Key, Modifiers};
use pixels::display::DisplayTable;
use pixels::picture::{self, Interpolation as Between};
use reading::settings::Interpolation;
use reading::tile::Shading;

use crate::harness::{Window, phantom, window};

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

/// An element as Explicit VR Little Endian writes it.
fn element(group: u16, element: u16, vr: &[u8; 2], value: &[u8]) -> Vec<u8> {
    let mut bytes = [group.to_le_bytes(), element.to_le_bytes()].concat();
    bytes.extend(vr);
    if vr == b"OW" {
        bytes.extend([0, 0]);
        bytes.extend((value.len() as u32).to_le_bytes());
    } else {
        bytes.extend((value.len() as u16).to_le_bytes());
    }
    bytes.extend(value);
    bytes
}

/// A slice of the phantom with a shutter of 300 × 300 pixels in its middle and stripes over all of it.
fn with_overlay_and_shutter() -> Vec<u8> {
    let study = phantom("CT");
    let bytes = study::phantom::object(&study.listing.study, &study.series[0].uid, 100).unwrap();
    let pixels = bytes.windows(6).position(|w| w == b"\xE0\x7F\x10\x00OW").unwrap();
    let side = 512u16.to_le_bytes();
    let mut more = Vec::new();
    for (number, text) in [(0x1602, "107 "), (0x1604, "406 "), (0x1606, "107 "), (0x1608, "406 ")] {
        more.extend(element(0x0018, number, b"IS", text.as_bytes()));
    }
    more.extend(element(0x0018, 0x1600, b"CS", b"RECTANGULAR "));
    more.extend(element(0x6000, 0x0010, b"US", &side));
    more.extend(element(0x6000, 0x0011, b"US", &side));
    more.extend(element(0x6000, 0x0040, b"CS", b"G "));
    more.extend(element(0x6000, 0x0050, b"SS", &[1, 0, 1, 0]));
    more.extend(element(0x6000, 0x3000, b"OW", &[0x10; 512 * 512 / 8]));
    [&bytes[..pixels], &more, &bytes[pixels..]].concat()
}

/// The colours on the screen where a tile stands, and the reference's, with what lies over the image.
fn colours_of(window: &mut Window) -> (Vec<[u8; 3]>, Vec<[u8; 3]>) {
    let rect = window.rect(0);
    let origin = (rect.min.x.round() as u32, rect.min.y.round() as u32);
    let size = (rect.width().round() as u32, rect.height().round() as u32);
    let picture = window.tile(0).picture.unwrap();
    let Shading::Grey { parameters, .. } = &picture.shading else {
        panic!("a CT is grey");
    };
    let table = DisplayTable::build(parameters).unwrap();
    let stored = &picture.frame.decoded.frame;
    let map = picture.viewport_from_image;
    let levels = picture::grey(stored, &parameters.modality, &table, &map, size, Between::Nearest);
    let mut expected = picture::coloured(&levels, picture.colours);
    if let Some(layers) = &picture.layers {
        picture::lay_over(&mut expected, &layers.cover((stored.columns, stored.rows)), &map, size);
    }
    let screen = window.harness.render().unwrap();
    let (mut shown, mut wanted) = (Vec::new(), Vec::new());
    for y in size.1 * 3 / 10..size.1 * 7 / 10 {
        for x in size.0 * 3 / 10..size.0 * 7 / 10 {
            let [r, g, b, _] = screen.get_pixel(origin.0 + x, origin.1 + y).0;
            let at = (y * size.0 + x) as usize * 3;
            shown.push([r, g, b]);
            wanted.push([expected[at], expected[at + 1], expected[at + 2]]);
        }
    }
    (shown, wanted)
}

#[test]
fn overlays_shutter_and_colours_are_the_references_and_each_has_its_key() {
    let mut window = window(1.0, Interpolation::Nearest);
    window.put("slice.dcm", &with_overlay_and_shutter());
    window.open_put();
    window.until("the image is shown", |w| w.tile(0).picture.is_some());
    window.key(Key::Num1, Modifiers::COMMAND);
    let overlay = pixels::cover::Cover::OVERLAY;
    let count = |colours: &[[u8; 3]]| colours.iter().filter(|c| **c == overlay).count();
    let (shown, wanted) = colours_of(&mut window);
    assert!(shown == wanted && count(&shown) > 1000, "stripes: {}", count(&shown));
    window.key(Key::K, Modifiers::NONE);
    let (shown, wanted) = colours_of(&mut window);
    assert!(shown == wanted, "hot iron beneath the stripes");
    window.key(Key::O, Modifiers::NONE);
    let (shown, wanted) = colours_of(&mut window);
    assert!(shown == wanted && count(&shown) == 0, "without stripes");
    assert!(window.words(0).contains("overlay off"), "{}", window.words(0));
    window.key(Key::U, Modifiers::NONE);
    assert!(window.words(0).contains("shutter lifted"), "{}", window.words(0));
    assert!(window.tile(0).picture.unwrap().layers.is_none());
}
