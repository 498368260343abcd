//! Overlays and shutters (PS3.3 C.9.2, C.7.6.11; clinical.md 5.3).

use bytes::Bytes;
use pixels::shutter::Shutter;

use super::*;
use crate::instance::overlay::{NativePixels, overlays};
use crate::object::Oddities;
use crate::{Layout, Photometric, SampleKind};

fn overlay_element(dataset: &mut InMemDicomObject, group: u16, element: u16, vr: VR, value: PrimitiveValue) {
    dataset.put(DataElement::new(Tag(group, element), vr, value));
}

/// An overlay of 4 × 5 bits whose only set bit is the first one.
fn with_overlay(dataset: &mut InMemDicomObject, group: u16, origin: [i16; 2], data: &[u8]) {
    overlay_element(dataset, group, 0x0010, VR::US, 4u16.into());
    overlay_element(dataset, group, 0x0011, VR::US, 5u16.into());
    overlay_element(dataset, group, 0x0040, VR::CS, "G".into());
    overlay_element(dataset, group, 0x0050, VR::SS, PrimitiveValue::I16(origin[..].into()));
    overlay_element(dataset, group, 0x3000, VR::OW, PrimitiveValue::U8(data.into()));
}

fn drawn(instance: &Instance, overlay: usize, frame: u32) -> Vec<(u32, u32)> {
    let Some(plane) = instance.wishes.overlays[overlay].plane(frame) else {
        return Vec::new();
    };
    (0..4)
        .flat_map(|row| (0..5).map(move |column| (column, row)))
        .filter(|(column, row)| plane.is_set(*column, *row))
        .collect()
}

#[test]
fn overlays_are_read_with_their_names_and_origins() {
    let mut dataset = image(&[]);
    with_overlay(&mut dataset, 0x6000, [1, 1], &[1, 0, 0, 0]);
    with_overlay(&mut dataset, 0x601E, [2, 3], &[1, 0, 0, 0]);
    with_overlay(&mut dataset, 0x6004, [-1, 0], &[0, 0x20, 0, 0]);
    overlay_element(&mut dataset, 0x6004, 0x1500, VR::LO, "Marks".into());
    overlay_element(&mut dataset, 0x6004, 0x0040, VR::CS, "R".into());
    let instance = read(&dataset);
    let groups: Vec<u16> = instance.wishes.overlays.iter().map(|o| o.group).collect();
    assert_eq!(groups, [0x6000, 0x6004, 0x601E]);
    assert_eq!(drawn(&instance, 0, 0), [(0, 0)]);
    assert_eq!(drawn(&instance, 2, 0), [(2, 1)], "row and column, from 1");
    // Bit 13 is row 2, column 3; the origin shifts it up by two rows and left by one column.
    assert_eq!(drawn(&instance, 1, 0), [(2, 0)], "an origin may lie outside");
    assert!(instance.wishes.overlays[1].is_region && instance.wishes.overlays[1].name == "Marks");
    assert!(!instance.wishes.overlays[0].is_region);
}

#[test]
fn a_multi_frame_overlay_lies_over_its_own_frames() {
    let mut dataset = image(&[(tags::NUMBER_OF_FRAMES, "4")]);
    // Two planes of 20 bits: the first bit of the first, the second bit of the second.
    with_overlay(&mut dataset, 0x6000, [1, 1], &[1, 0, 0x20, 0, 0]);
    assert_eq!(
        drawn(&read(&dataset), 0, 3),
        [(0, 0)],
        "one plane belongs to every frame"
    );
    overlay_element(&mut dataset, 0x6000, 0x0015, VR::IS, "2".into());
    overlay_element(&mut dataset, 0x6000, 0x0051, VR::US, 2u16.into());
    let instance = read(&dataset);
    assert_eq!(
        (0..4).map(|f| drawn(&instance, 0, f)).collect::<Vec<_>>(),
        [vec![], vec![(0, 0)], vec![(1, 0)], vec![]]
    );
}

#[test]
fn short_overlay_data_is_told_and_never_read_beyond() {
    let mut dataset = image(&[]);
    with_overlay(&mut dataset, 0x6000, [1, 1], &[1]);
    let instance = read(&dataset);
    assert_eq!(drawn(&instance, 0, 0), [(0, 0)]);
    assert!(instance.oddities.iter().any(|o| o.0.contains("shorter than it says")));
}

fn twelve_bits() -> Layout {
    Layout {
        rows: 1,
        columns: 4,
        samples_per_pixel: 1,
        planar: false,
        bits_allocated: 16,
        bits_stored: 12,
        high_bit: 11,
        signed: false,
        photometric: Photometric::Monochrome2,
        kind: SampleKind::Integer,
    }
}

#[test]
fn an_overlay_in_unused_bits_of_the_pixels_is_read_in_both_byte_orders() {
    let mut dataset = set(&[]);
    overlay_element(&mut dataset, 0x6002, 0x0100, VR::US, 16u16.into());
    overlay_element(&mut dataset, 0x6002, 0x0102, VR::US, 13u16.into());
    let values = [0x2000u16, 0x0fff, 0x3001, 0xdfff];
    for big_endian in [false, true] {
        let bytes: Vec<u8> = values
            .iter()
            .chain(&values[1..])
            .flat_map(|v| if big_endian { v.to_be_bytes() } else { v.to_le_bytes() })
            .collect();
        let native = NativePixels {
            data: Bytes::from(bytes),
            big_endian,
        };
        let read = overlays(&dataset, &twelve_bits(), 2, Some(&native), &mut Oddities::default());
        let set = |frame| -> Vec<bool> {
            let plane = read[0].plane(frame).unwrap();
            (0..4).map(|column| plane.is_set(column, 0)).collect()
        };
        assert_eq!(set(0), [true, false, true, false]);
        assert_eq!(set(1), [false, true, false, false], "the last sample is missing");
        assert!(read[0].plane(2).is_none());
    }
}

#[test]
fn a_bit_of_the_values_is_no_overlay() {
    let mut dataset = set(&[]);
    overlay_element(&mut dataset, 0x6000, 0x0102, VR::US, 3u16.into());
    let native = NativePixels {
        data: Bytes::from_static(&[0; 8]),
        big_endian: false,
    };
    let mut oddities = Oddities::default();
    assert!(overlays(&dataset, &twelve_bits(), 1, Some(&native), &mut oddities).is_empty());
    assert_eq!(oddities.into_list().len(), 1);
}

fn shows(shutter: &Shutter) -> Vec<(u32, u32)> {
    (0..4)
        .flat_map(|row| (0..5).map(move |column| (column, row)))
        .filter(|(column, row)| shutter.shows(*column, *row))
        .collect()
}

#[test]
fn shutters_of_several_shapes_leave_what_all_of_them_show() {
    let shutter = |more: &[(Tag, &str)]| read(&image(more)).wishes.shutter(0).cloned();
    let rectangle = [
        (tags::SHUTTER_LEFT_VERTICAL_EDGE, "2"),
        (tags::SHUTTER_RIGHT_VERTICAL_EDGE, "4"),
        (tags::SHUTTER_UPPER_HORIZONTAL_EDGE, "1"),
        (tags::SHUTTER_LOWER_HORIZONTAL_EDGE, "2"),
    ];
    let alone = shutter(&[&[(tags::SHUTTER_SHAPE, "RECTANGULAR")], &rectangle[..]].concat()).unwrap();
    assert_eq!(shows(&alone), [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (3, 1)]);
    assert_eq!(alone.colour, [0; 3], "black where the object says nothing");
    let both = shutter(
        &[
            &[
                (tags::SHUTTER_SHAPE, "RECTANGULAR\\CIRCULAR"),
                (tags::CENTER_OF_CIRCULAR_SHUTTER, "1\\2"),
                (tags::RADIUS_OF_CIRCULAR_SHUTTER, "1"),
                (tags::SHUTTER_PRESENTATION_VALUE, "32768"),
            ],
            &rectangle[..],
        ]
        .concat(),
    )
    .unwrap();
    assert_eq!(shows(&both), [(1, 0), (2, 0), (1, 1)]);
    assert_eq!(both.colour, [128; 3], "a P-value of 16 bits whatever the image's depth");
    let polygon = shutter(&[
        (tags::SHUTTER_SHAPE, "POLYGONAL"),
        (tags::VERTICES_OF_THE_POLYGONAL_SHUTTER, "1\\1\\1\\2\\4\\2\\4\\1"),
    ])
    .unwrap();
    assert_eq!(shows(&polygon).len(), 8);
    assert_eq!(
        shutter(&[(tags::SHUTTER_SHAPE, "POLYGONAL")]),
        None,
        "nothing is hidden by guess"
    );
}

#[test]
fn a_bitmap_shutter_takes_its_overlay_out_of_the_drawings() {
    let mut dataset = image(&[(tags::SHUTTER_SHAPE, "BITMAP"), (tags::SHUTTER_OVERLAY_GROUP, "24578")]);
    with_overlay(&mut dataset, 0x6000, [1, 1], &[1, 0, 0, 0]);
    with_overlay(&mut dataset, 0x6002, [1, 1], &[0xfe, 0xff, 0xff, 0]);
    let instance = read(&dataset);
    assert_eq!(instance.wishes.overlays.len(), 1);
    assert_eq!(shows(instance.wishes.shutter(0).unwrap()), [(0, 0)]);
}

#[test]
fn frames_have_their_own_shutters() {
    let mut dataset = image(&[(tags::NUMBER_OF_FRAMES, "2")]);
    let groups = |right: &str| {
        let mut groups = set(&[]);
        let shutter = set(&[
            (tags::SHUTTER_SHAPE, "RECTANGULAR"),
            (tags::SHUTTER_LEFT_VERTICAL_EDGE, "1"),
            (tags::SHUTTER_RIGHT_VERTICAL_EDGE, right),
            (tags::SHUTTER_UPPER_HORIZONTAL_EDGE, "1"),
            (tags::SHUTTER_LOWER_HORIZONTAL_EDGE, "1"),
        ]);
        put_items(&mut groups, tags::FRAME_DISPLAY_SHUTTER_SEQUENCE, vec![shutter]);
        groups
    };
    put_items(
        &mut dataset,
        tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
        vec![groups("1"), groups("2")],
    );
    let wishes = read(&dataset).wishes;
    assert_eq!(shows(wishes.shutter(0).unwrap()).len(), 1);
    assert_eq!(shows(wishes.shutter(1).unwrap()).len(), 2);
    assert_eq!(wishes.shutter(2), None);
}
