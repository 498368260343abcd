//! Group A, files that are made to take memory: counts, values, bombs; and the largest that a megabyte of structure can do.

use std::io::Write;

use testkit::dicom::*;

use super::case::{Case, Outcome};
use super::structure::{image_with, noise};
use Outcome::{Ends, Refused, ShownOdd, Told};

/// A little less than a megabyte.
const MEGABYTE: usize = 1_000_000;

fn repeated(piece: Vec<u8>) -> impl Fn() -> Vec<u8> {
    move || piece.repeat(MEGABYTE / piece.len())
}

fn sequence_of(items: &[u8]) -> Vec<u8> {
    element(EXPLICIT, (0x0040, 0xA730), "SQ", items, None)
}

fn deflated(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// An image whose pixels are so many zeros, deflated. The zeros stand in one piece that is repeated, each time flushed to a byte.
fn bomb(zeros: usize) -> Vec<u8> {
    const PIECE: usize = 1 << 20;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&GREY.header()).unwrap();
    let pixels = element(EXPLICIT, (0x7FE0, 0x10), "OW", &[], Some(0xFFFF_FFF0));
    encoder.write_all(&pixels).unwrap();
    encoder.write_all(&vec![0; PIECE]).unwrap();
    encoder.flush().unwrap();
    let start = encoder.get_ref().len();
    encoder.write_all(&vec![0; PIECE]).unwrap();
    encoder.flush().unwrap();
    let all = encoder.get_ref().clone();
    let piece = &all[start..];
    part10(DEFLATED, &[&all[..start], &piece.repeat(zeros / PIECE - 1)].concat())
}

pub(crate) fn cases() -> Vec<Case> {
    let case = |name: &str, outcome, make: Box<dyn Fn() -> Vec<u8>>| Case::new(name, outcome, make);
    let structure = |name: &str, piece: fn() -> Vec<u8>| {
        let content = repeated(piece());
        case(name, Ends, Box::new(move || image_with(&sequence_of(&content()))))
    };
    let in_elements = |name: &str, piece: fn() -> Vec<u8>| {
        let content = repeated(piece());
        case(name, Ends, Box::new(move || image_with(&content())))
    };
    vec![
        Case::large(
            "A6 five million empty items",
            Refused("more elements"),
            40_000_000,
            || image_with(&sequence_of(&item(0xE000, 0, &[]).repeat(5_000_000))),
        ),
        Case::large("A6 a million elements", Ends, 8_000_000, || {
            image_with(&el((0x29, 0x1010), "LO", &[]).repeat(1_000_000))
        }),
        Case::large(
            "A6 twenty million values in one text",
            Refused("million values"),
            20_000_000,
            || {
                image_with(&element(
                    EXPLICIT,
                    (0x40, 0xA160),
                    "UC",
                    &b"\\".repeat(20_000_000),
                    None,
                ))
            },
        ),
        structure("A6 a megabyte of empty items", || item(0xE000, 0, &[])),
        structure("A6 a megabyte of items that hold an element", || {
            let inner = el((8, 0x60), "CS", &[]);
            item(0xE000, inner.len() as u32, &inner)
        }),
        structure("A6 a megabyte of items that hold a sequence that holds an item", || {
            let deepest = item(0xE000, 8, &el((8, 0x60), "CS", &[]));
            let inner = element(EXPLICIT, (8, 0x1140), "SQ", &deepest, None);
            item(0xE000, inner.len() as u32, &inner)
        }),
        in_elements("A6 a megabyte of elements of no length", || {
            el((0x29, 0x1010), "LO", &[])
        }),
        in_elements("A6 a megabyte of empty sequences", || {
            element(EXPLICIT, (8, 0x1140), "SQ", &[], None)
        }),
        case(
            "A6 a megabyte of elements with tags of their own",
            Ends,
            Box::new(|| {
                let tags = (0x0031u16..0x0fff)
                    .step_by(2)
                    .flat_map(|group| (0x1000u16..0x1040).map(move |e| (group, e)));
                let elements: Vec<u8> = tags.take(MEGABYTE / 10).flat_map(|tag| el(tag, "LO", b"ab")).collect();
                image_with(&elements)
            }),
        ),
        case(
            "A6 a megabyte of separators in one text",
            Ends,
            Box::new(|| {
                image_with(&element(
                    EXPLICIT,
                    (0x40, 0xA160),
                    "UC",
                    &b"\\".repeat(MEGABYTE - 2),
                    None,
                ))
            }),
        ),
        case(
            "A6 a megabyte of separators in texts of many elements",
            Ends,
            Box::new(|| {
                let tags = (0x0031u16..).step_by(2).map(|group| (group, 0x1010));
                let value = b"\\".repeat(60_000);
                image_with(&tags.take(16).flat_map(|tag| el(tag, "LO", &value)).collect::<Vec<u8>>())
            }),
        ),
        case(
            "A6 a megabyte of windows",
            Ends,
            Box::new(|| {
                let numbers = |tag| element(EXPLICIT, tag, "UC", &b"1\\".repeat(MEGABYTE / 4), None);
                image_with(&[numbers((0x28, 0x1050)), numbers((0x28, 0x1051))].concat())
            }),
        ),
        case(
            "A6 a megabyte of fragments",
            Told,
            Box::new(|| {
                let image = Image {
                    syntax: JPEG,
                    frames: Some("1000000 "),
                    ..GREY
                };
                image.with(&encapsulated(&[], &vec![&[][..]; MEGABYTE / 8]))
            }),
        ),
        case(
            "A6 a megabyte of one-bit frames",
            Ends,
            Box::new(|| {
                let image = Image {
                    rows: 1,
                    columns: 1,
                    bits: 1,
                    frames: Some("2147483647"),
                    ..GREY
                };
                image.native(&noise(MEGABYTE))
            }),
        ),
        case(
            "A6 frames that each repeat a megabyte of windows",
            Ends,
            Box::new(frames_with_shared_windows),
        ),
        case(
            "A7 a data set that inflates to a gigabyte",
            Refused("grows beyond"),
            Box::new(|| bomb(1 << 30)),
        ),
        case(
            "A7 a data set that inflates to 150 megabytes",
            Ends,
            Box::new(|| bomb(150 << 20)),
        ),
        case(
            "A7 a deflated data set cut short",
            ShownOdd("cut short"),
            Box::new(|| {
                let small = deflated(&GREY.native(&[1, 2, 3, 4, 5, 6])[132 + meta(EXPLICIT).len()..]);
                let whole = [small, vec![]].concat();
                part10(DEFLATED, &[&whole[..whole.len() - 1], &[]].concat())
            }),
        ),
        case(
            "A7 a data set that only says that it is deflated",
            ShownOdd("but it is not"),
            Box::new(|| {
                part10(
                    DEFLATED,
                    &GREY.native(&[1, 2, 3, 4, 5, 6])[132 + meta(EXPLICIT).len()..],
                )
            }),
        ),
    ]
}

/// Windows at the top level, and per-frame groups that differ: each frame's description would hold all windows.
fn frames_with_shared_windows() -> Vec<u8> {
    let numbers = |tag| element(EXPLICIT, tag, "UC", &b"1\\".repeat(100_000), None);
    let frame = |n: usize| {
        let place = el((0x20, 0x9057), "UL", &u32s(false, &[n as u32]));
        let content = element(
            EXPLICIT,
            (0x20, 0x9111),
            "SQ",
            &item(0xE000, place.len() as u32, &place),
            None,
        );
        item(0xE000, content.len() as u32, &content)
    };
    let frames: Vec<u8> = (0..8_000).flat_map(frame).collect();
    let image = Image {
        rows: 1,
        columns: 1,
        frames: Some("8000"),
        ..GREY
    };
    let groups = element(EXPLICIT, (0x5200, 0x9230), "SQ", &frames, None);
    let pixels = el((0x7FE0, 0x10), "OW", &[0; 8_000]);
    image.with(&[numbers((0x28, 0x1050)), numbers((0x28, 0x1051)), groups, pixels].concat())
}
