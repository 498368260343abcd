//! Group B and F, what the header says of the pixels: bits, palettes, windows, places, overlays; and sizes beyond any texture.

use testkit::dicom::*;

use super::case::{Case, Outcome};
use super::pixel_data::set;
use Outcome::{Ends, Refused, Shown, Told};

pub(crate) fn cases() -> Vec<Case> {
    [bits(), palettes(), windows(), places(), overlays(), large()]
        .into_iter()
        .flatten()
        .collect()
}

/// B4: the bits of a sample.
fn bits() -> Vec<Case> {
    let with = |name: &str, outcome, bits: u16, edits: &'static [((u16, u16), u16)]| {
        Case::new(format!("B4 {name}"), outcome, move || {
            let mut file = Image { bits, ..GREY }.native(&[1; 48]);
            for &(tag, value) in edits {
                set(&mut file, tag, value);
            }
            file
        })
    };
    const ALLOCATED: (u16, u16) = (0x28, 0x100);
    const STORED: (u16, u16) = (0x28, 0x101);
    const HIGH: (u16, u16) = (0x28, 0x102);
    const SIGN: (u16, u16) = (0x28, 0x103);
    vec![
        with("no bits allocated", Refused(""), 8, &[(ALLOCATED, 0)]),
        with("7 bits allocated", Refused("7 bits"), 8, &[(ALLOCATED, 7)]),
        with("12 bits allocated", Refused("12 bits"), 8, &[(ALLOCATED, 12)]),
        with("24 bits allocated", Refused("24 bits"), 8, &[(ALLOCATED, 24)]),
        with("64 bits allocated", Refused("64 bits"), 8, &[(ALLOCATED, 64)]),
        with("65535 bits allocated", Refused(""), 8, &[(ALLOCATED, 65_535)]),
        with("32 bits allocated", Ends, 32, &[]),
        with("one bit allocated", Ends, 1, &[]),
        with("no bits stored", Refused("0 bits are stored"), 8, &[(STORED, 0)]),
        with(
            "more bits stored than allocated",
            Refused("are stored"),
            8,
            &[(STORED, 9)],
        ),
        with("a high bit beyond", Refused("high bit"), 8, &[(HIGH, 8)]),
        with("a high bit too low", Told, 8, &[(HIGH, 3)]),
        with("a high bit of 65535", Refused(""), 8, &[(HIGH, 65_535)]),
        with(
            "a sign that is neither",
            Refused("Pixel Representation"),
            8,
            &[(SIGN, 2)],
        ),
        with("no samples", Refused(""), 8, &[((0x28, 2), 0)]),
        with("two samples", Refused("samples"), 8, &[((0x28, 2), 2)]),
        with("four samples", Ends, 8, &[((0x28, 2), 4)]),
    ]
}

/// B11: palettes.
fn palettes() -> Vec<Case> {
    const INDICES: Image = Image {
        photometric: "PALETTE COLOR ",
        ..GREY
    };
    let with = |name: &str, outcome, descriptor: [u16; 3], data: Vec<u8>| {
        Case::new(format!("B11 {name}"), outcome, move || {
            let mut body = Vec::new();
            for colour in 0..3u16 {
                body.extend(el((0x28, 0x1101 + colour), "US", &u16s(false, &descriptor)));
            }
            for colour in 0..3u16 {
                body.extend(el((0x28, 0x1201 + colour), "OW", &data));
            }
            body.extend(el((0x7FE0, 0x10), "OW", &[0, 1, 2, 3, 200, 255]));
            INDICES.with(&body)
        })
    };
    let ramp = || u16s(false, &(0..256).map(|i| i * 257).collect::<Vec<u16>>());
    vec![
        Case::new("B11 no palette", Told, || INDICES.native(&[0, 1, 2, 3, 4, 5])),
        with("a palette as it should be", Shown, [256, 0, 16], ramp()),
        with(
            "indices outside the palette",
            Shown,
            [2, 1, 16],
            u16s(false, &[0, 65_535]),
        ),
        with(
            "65536 entries written as 0",
            Shown,
            [0, 0, 16],
            vec![7; 131_072 - 2].into_iter().chain([7, 7]).collect(),
        ),
        with("8 bits in words", Ends, [256, 0, 8], (0..=255).collect()),
        with(
            "a palette shorter than it says",
            Told,
            [256, 0, 16],
            u16s(false, &[1, 2, 3]),
        ),
        with("a palette of no data", Told, [256, 0, 16], Vec::new()),
        with("a palette of 99 bits", Told, [256, 0, 99], ramp()),
        Case::new("B11 segments that point at themselves", Told, || {
            let codes = u16s(false, &[2, 60_000, 0, 0]);
            let mut body = Vec::new();
            for colour in 0..3u16 {
                body.extend(el((0x28, 0x1101 + colour), "US", &u16s(false, &[0, 0, 16])));
            }
            for colour in 0..3u16 {
                body.extend(el((0x28, 0x1221 + colour), "OW", &codes));
            }
            body.extend(el((0x7FE0, 0x10), "OW", &[0; 6]));
            INDICES.with(&body)
        }),
    ]
}

/// B12: windows, rescaling and tables without sense.
fn windows() -> Vec<Case> {
    let with = |name: &str, elements: Vec<u8>| {
        Case::new(format!("B12 {name}"), Ends, move || {
            GREY.with(&[elements.clone(), el((0x7FE0, 0x10), "OW", &[1, 2, 3, 4, 5, 6])].concat())
        })
    };
    let text = |tag: (u16, u16), value: &str| el(tag, "DS", value.as_bytes());
    let window = |centre: &str, width: &str| [text((0x28, 0x1050), centre), text((0x28, 0x1051), width)].concat();
    let rescale =
        |intercept: &str, slope: &str| [text((0x28, 0x1052), intercept), text((0x28, 0x1053), slope)].concat();
    let table = |descriptor: [u16; 3], data: &[u16]| {
        let inner = [
            el((0x28, 0x3002), "US", &u16s(false, &descriptor)),
            el((0x28, 0x3006), "OW", &u16s(false, data)),
        ]
        .concat();
        let content = item(0xE000, inner.len() as u32, &inner);
        element(EXPLICIT, (0x28, 0x3010), "SQ", &content, None)
    };
    vec![
        with("a window of no width", window("3 ", "0 ")),
        with("a window of negative width", window("3 ", "-5")),
        with("a window that is no number", window("NaN ", "NaN ")),
        with("a window of endless width", window("inf ", "inf ")),
        with("a window as wide as numbers go", window("1e308 ", "1e308 ")),
        with("a window of a width of almost nothing", window("3 ", "1e-320")),
        with("more centres than widths", window("1\\2\\3 ", "1 ")),
        with(
            "a centre of a hundred digits",
            window(&"9".repeat(100), &"9".repeat(100)),
        ),
        with("a slope of nothing", rescale("0 ", "0 ")),
        with("a slope that is no number", rescale("0 ", "NaN ")),
        with("a slope as great as numbers go", rescale("0 ", "1e308 ")),
        with("an intercept and slope that overflow", rescale("1e308 ", "-1e308")),
        with("a table that says it is longer", table([60_000, 0, 16], &[1, 2])),
        with("a table of no entries", table([0, 0, 16], &[])),
        with("a table of no bits", table([2, 0, 0], &[1, 2])),
        with("a table of 65535 bits", table([2, 0, 65_535], &[1, 2])),
        with("a table that begins far away", table([2, 65_535, 16], &[1, 2])),
    ]
}

/// B13: places in the patient without sense.
fn places() -> Vec<Case> {
    let with = |name: &str, spacing: &'static str, position: &'static str, orientation: &'static str| {
        Case::new(format!("B13 {name}"), Ends, move || {
            let place = [
                el((0x20, 0x32), "DS", position.as_bytes()),
                el((0x20, 0x37), "DS", orientation.as_bytes()),
                el((0x28, 0x30), "DS", spacing.as_bytes()),
            ];
            GREY.with(&[place.concat(), el((0x7FE0, 0x10), "OW", &[1, 2, 3, 4, 5, 6])].concat())
        })
    };
    const UPRIGHT: &str = "1\\0\\0\\0\\1\\0 ";
    vec![
        with("a spacing of zero", "0\\0 ", "0\\0\\0 ", UPRIGHT),
        with("a negative spacing", "-1\\-1 ", "0\\0\\0 ", UPRIGHT),
        with("a spacing that is no number", "NaN\\NaN ", "0\\0\\0 ", UPRIGHT),
        with("a spacing of almost nothing", "1e-320\\1 ", "0\\0\\0 ", UPRIGHT),
        with("a spacing as great as numbers go", "1e308\\1e308 ", "0\\0\\0 ", UPRIGHT),
        with("half a position", "1\\1 ", "0 ", UPRIGHT),
        with("a position that is no number", "1\\1 ", "NaN\\inf\\0 ", UPRIGHT),
        with(
            "directions that are not at right angles",
            "1\\1 ",
            "0\\0\\0 ",
            "1\\0\\0\\1\\0\\0 ",
        ),
        with("directions of no length", "1\\1 ", "0\\0\\0 ", "0\\0\\0\\0\\0\\0 "),
        with("an aspect ratio of a million", "1000000\\1 ", "0\\0\\0 ", UPRIGHT),
    ]
}

/// B15: overlays.
fn overlays() -> Vec<Case> {
    let with = |name: &str, rows: u16, columns: u16, bit: u16, data: Vec<u8>| {
        Case::new(format!("B15 {name}"), Ends, move || {
            let overlay = [
                el((0x6000, 0x10), "US", &u16s(false, &[rows])),
                el((0x6000, 0x11), "US", &u16s(false, &[columns])),
                el((0x6000, 0x40), "CS", b"G "),
                el((0x6000, 0x50), "SS", &u16s(false, &[1, 1])),
                el((0x6000, 0x100), "US", &u16s(false, &[1])),
                el((0x6000, 0x102), "US", &u16s(false, &[bit])),
                el((0x6000, 0x3000), "OW", &data),
            ];
            GREY.with(&[overlay.concat(), el((0x7FE0, 0x10), "OW", &[1, 2, 3, 4, 5, 6])].concat())
        })
    };
    vec![
        with("an overlay of another size", 100, 100, 0, vec![0xff; 2]),
        with("an overlay of no size", 0, 0, 0, vec![0xff; 2]),
        with("an overlay of 65535 x 65535", 65_535, 65_535, 0, vec![0xff; 2]),
        with("an overlay in a bit that is not there", 2, 3, 99, Vec::new()),
        with("an overlay without data", 2, 3, 0, Vec::new()),
    ]
}

/// F4: frames larger than any texture; the file holds them, so they are shown.
fn large() -> Vec<Case> {
    let of = |name: &str, rows: u16, columns: u16| {
        let pixels = usize::from(rows) * usize::from(columns);
        Case::new(format!("F4 {name}"), Shown, move || {
            let mut file = Image { rows, columns, ..GREY }.with(&[]);
            file.extend(el((0x7FE0, 0x10), "OB", &vec![9; pixels]));
            file
        })
        .of_frame(8 * pixels as u64)
        .with_range(9.0, 9.0)
    };
    vec![
        of("one row of 65535 columns", 1, 65_535),
        of("65535 rows of one column", 65_535, 1),
        of("40000 x 20", 40_000, 20),
    ]
}
