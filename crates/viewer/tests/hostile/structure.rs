//! Group A, small files: what is no DICOM, lengths that lie, nesting, missing parts, other encodings, odd texts.

use testkit::dicom::*;

use super::case::{Case, Outcome};
use Outcome::{Ends, NoPixels, Refused, Shown, ShownOdd, Told};

/// Six pixels that the image of [`GREY`] holds.
const PIXELS: [u8; 6] = [1, 2, 3, 4, 5, 6];

fn pixels() -> Vec<u8> {
    el((0x7FE0, 0x10), "OW", &PIXELS)
}

/// The image of six pixels, with these elements behind its header and before its pixels.
pub(crate) fn image_with(elements: &[u8]) -> Vec<u8> {
    GREY.with(&[elements, &pixels()].concat())
}

/// A sequence (0008,1140) of one item.
fn sequence(content: &[u8], closed: bool) -> Vec<u8> {
    let mut value = item(0xE000, u32::MAX, content);
    if closed {
        value.extend(item(0xE00D, 0, &[]));
        value.extend(item(0xE0DD, 0, &[]));
    }
    element(EXPLICIT, (8, 0x1140), "SQ", &value, Some(u32::MAX))
}

/// Sequences within each other, an image behind them.
fn nested(depth: usize, closed: bool) -> Vec<u8> {
    let mut bytes = sequence(&[], false).repeat(depth);
    if closed {
        bytes.extend([item(0xE00D, 0, &[]), item(0xE0DD, 0, &[])].concat().repeat(depth));
    }
    let body = [bytes, GREY.header(), pixels()].concat();
    part10(EXPLICIT, &body)
}

/// A whole image whose header holds a sequence.
pub(crate) fn with_a_sequence() -> Vec<u8> {
    let inner = [el((8, 0x1150), "UI", b"1.2.9\0"), el((8, 0x1155), "UI", b"1.2.9.1\0")].concat();
    image_with(&sequence(&inner, true))
}

fn file(name: &str, outcome: Outcome, bytes: impl Fn() -> Vec<u8> + 'static) -> Case {
    Case::new(name, outcome, bytes)
}

pub(crate) fn cases() -> Vec<Case> {
    [
        foreign(),
        lengths(),
        representations(),
        nesting(),
        outsides(),
        texts(),
        names(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A1: no DICOM at all.
fn foreign() -> Vec<Case> {
    let of = |name: &str, words, start: &'static [u8]| {
        file(&format!("A1 {name}"), Refused(words), move || {
            let mut bytes = start.to_vec();
            bytes.resize(start.len() + 300, b' ');
            bytes
        })
    };
    vec![
        file("A1 empty", Refused("empty"), Vec::new),
        file("A1 one byte", Refused("not a DICOM file"), || vec![0]),
        file("A1 131 bytes", Refused("not a DICOM file"), || vec![0; 131]),
        file("A1 only DICM", Refused("not a DICOM file"), || b"DICM".to_vec()),
        file("A1 preamble and DICM", Told, || [&[0; 128][..], b"DICM"].concat()),
        file("A1 noise", Refused("not a DICOM file"), || noise(1 << 20)),
        of(
            "a web page",
            "web page",
            b"<!DOCTYPE html><html><body>Sign in</body></html>",
        ),
        of("an archive", "ZIP", b"PK\x03\x04"),
        of("a picture", "PNG", b"\x89PNG\r\n\x1a\n"),
        of("a gzip stream", "gzip", b"\x1f\x8b\x08"),
        of("a document", "PDF", b"%PDF-1.7"),
        of("metadata as text", "JSON", b"[{\"00080018\":"),
    ]
}

/// The same noise on every run.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = 2_463_534_242u32;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state >> 24) as u8
        })
        .collect()
}

/// A2: each value representation with a length beyond the file, behind the pixels and before them.
fn lengths() -> Vec<Case> {
    const ALL: [&str; 34] = [
        "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "OB", "OD", "OF", "OL", "OV", "OW",
        "PN", "SH", "SL", "SQ", "SS", "ST", "SV", "TM", "UC", "UI", "UL", "UN", "UR", "US", "UT", "UV",
    ];
    let mut cases = Vec::new();
    for vr in ALL {
        let lying = move |tag| element(EXPLICIT, tag, vr, b"12345678", Some(0xFFFF_FFF0));
        cases.push(file(
            &format!("A2 {vr} beyond the file, behind the pixels"),
            ShownOdd("The file ends"),
            move || GREY.with(&[pixels(), lying((0x7FE1, 0x1010))].concat()),
        ));
        cases.push(file(
            &format!("A2 {vr} beyond the file, before the pixels"),
            Ends,
            move || image_with(&lying((0x0029, 0x1010))),
        ));
    }
    cases
}

/// A3: value representations that nobody knows.
fn representations() -> Vec<Case> {
    [
        ("question marks", *b"??"),
        ("lower case", *b"lo"),
        ("zeros", [0, 0]),
        ("ones", [255, 255]),
        ("later", *b"ZZ"),
    ]
    .into_iter()
    .map(|(name, letters)| {
        file(&format!("A3 {name}"), ShownOdd(""), move || {
            let mut odd = el((0x0029, 0x1010), "LO", b"1234");
            odd[4..6].copy_from_slice(&letters);
            image_with(&odd)
        })
    })
    .collect()
}

/// A4, A5: nesting, and sequences that are not closed as they should.
fn nesting() -> Vec<Case> {
    let mut cases: Vec<Case> = [
        (64, true),
        (65, true),
        (65, false),
        (2_000, true),
        (2_000, false),
        (40_000, false),
    ]
    .into_iter()
    .map(|(depth, closed)| {
        let outcome = if depth <= 64 {
            ShownOdd("order")
        } else {
            Refused("nested")
        };
        let name = format!("A4 nested {depth} deep{}", if closed { "" } else { ", not closed" });
        file(&name, outcome, move || nested(depth, closed))
    })
    .collect();
    let inner = || el((8, 0x1150), "UI", b"1.2.9\0");
    cases.extend([
        file("A5 a sequence that is never closed", Told, move || {
            image_with(&sequence(&inner(), false))
        }),
        file(
            "A5 an item that is never closed",
            ShownOdd("An item is not closed"),
            move || {
                let mut content = item(0xE000, u32::MAX, &inner());
                content.extend(item(0xE0DD, 0, &[]));
                image_with(&element(EXPLICIT, (8, 0x1140), "SQ", &content, Some(u32::MAX)))
            },
        ),
        file("A5 a delimiter without an item", ShownOdd("delimiter"), || {
            image_with(&item(0xE00D, 0, &[]))
        }),
        file(
            "A5 an item longer than its sequence",
            ShownOdd("reaches beyond"),
            move || {
                image_with(&element(
                    EXPLICIT,
                    (8, 0x1140),
                    "SQ",
                    &item(0xE000, 4_000, &inner()),
                    None,
                ))
            },
        ),
        file("A5 items of length zero for ever", Ends, || {
            image_with(&element(
                EXPLICIT,
                (8, 0x1140),
                "SQ",
                &item(0xE000, 0, &[]).repeat(4_000),
                Some(u32::MAX),
            ))
        }),
        file("A5 elements of length zero", Ends, || {
            part10(EXPLICIT, &el((8, 0x60), "CS", &[]).repeat(4_000))
        }),
        file("A9 a sequence as UN of undefined length", Shown, || {
            let implicit = element(IMPLICIT, (8, 0x1150), "UI", b"1.2.9\0", None);
            let mut content = item(0xE000, u32::MAX, &implicit);
            content.extend(item(0xE00D, 0, &[]));
            content.extend(item(0xE0DD, 0, &[]));
            let sequence = element(EXPLICIT, (8, 0x1140), "UN", &content, Some(u32::MAX));
            let body = [el((8, 0x16), "UI", b"1.2.840.10008.5.1.4.1.1.7\0"), sequence].concat();
            // In its place among the header's elements, so that nothing else is odd.
            let header = GREY.header();
            let from = header.windows(4).position(|w| w == [8, 0, 0x18, 0]).unwrap();
            let name = header.windows(4).position(|w| w == [0x10, 0, 0x10, 0]).unwrap();
            let first = &header[from..name];
            let class = &body[..34];
            part10(
                EXPLICIT,
                &[class, first, &body[34..], &header[name..], &pixels()].concat(),
            )
        }),
        file("A9 sequences as UN within each other", Ends, || {
            let opening = [
                element(IMPLICIT, (8, 0x1140), "SQ", &[], Some(u32::MAX)),
                item(0xE000, u32::MAX, &[]),
            ]
            .concat();
            let unknown = element(
                EXPLICIT,
                (8, 0x1140),
                "UN",
                &item(0xE000, u32::MAX, &[]),
                Some(u32::MAX),
            );
            image_with(&[unknown, opening.repeat(60)].concat())
        }),
    ]);
    cases
}

/// A8, A10, A15: files whose outside is odd, missing or lies.
fn outsides() -> Vec<Case> {
    let body_of = |syntax: &'static str| Image { syntax, ..GREY }.native(&PIXELS)[132 + meta(syntax).len()..].to_vec();
    let mut cases = Vec::new();
    for syntax in [IMPLICIT, EXPLICIT, BIG_ENDIAN] {
        cases.extend([
            file(
                &format!("A8 {syntax} without a group length"),
                ShownOdd("does not say how long"),
                move || {
                    let whole = Image { syntax, ..GREY }.native(&PIXELS);
                    [&whole[..132], &whole[144..]].concat()
                },
            ),
            file(
                &format!("A8 {syntax} without a preamble"),
                ShownOdd("preamble"),
                move || Image { syntax, ..GREY }.native(&PIXELS)[132..].to_vec(),
            ),
            file(&format!("A8 {syntax} without meta information"), Shown, move || {
                body_of(syntax)
            }),
        ]);
        for said in [IMPLICIT, EXPLICIT, BIG_ENDIAN] {
            if said != syntax {
                let name = format!("A10 {syntax} that says {said}");
                cases.push(file(&name, ShownOdd("another way"), move || {
                    part10(said, &body_of(syntax))
                }));
            }
        }
    }
    for (name, start) in [
        ("a Windows program", &b"MZ"[..]),
        ("a Linux program", b"\x7fELF"),
        ("a script", b"#!/bin/sh\nexit 1\n"),
        ("a TIFF picture", b"II*\0"),
    ] {
        cases.push(file(&format!("A15 a preamble of {name}"), Shown, move || {
            let mut whole = GREY.native(&PIXELS);
            whole[..start.len()].copy_from_slice(start);
            whole
        }));
    }
    cases.extend([
        file("A8 a transfer syntax that does not exist", Told, move || {
            part10("1.2.3.4.5", &body_of(EXPLICIT))
        }),
        file("A8 meta information cut short", Told, || {
            GREY.native(&PIXELS)[..150].to_vec()
        }),
        file("A8 no data set", Told, || part10(EXPLICIT, &[])),
        file("A8 a header without pixels", NoPixels, || GREY.with(&[])),
    ]);
    cases
}

/// A12, A13: texts and attributes that stand twice.
fn texts() -> Vec<Case> {
    let named = |charset: &'static [u8], name: Vec<u8>| {
        move || {
            let header = GREY.header();
            let at = header.windows(4).position(|w| w == [0x10, 0, 0x10, 0]).unwrap();
            let rest = at + 20;
            let mut name = name.clone();
            if name.len() % 2 == 1 {
                name.push(b' ');
            }
            let texts = [el((0x10, 0x10), "PN", &name), header[rest..].to_vec(), pixels()].concat();
            part10(EXPLICIT, &[&el((8, 5), "CS", charset), &header[..at], &texts].concat())
        }
    };
    vec![
        file(
            "A12 an unknown charset",
            ShownOdd("haracter"),
            named(b"ISO_IR 999", b"M\xfcller^A".to_vec()),
        ),
        file(
            "A12 a broken escape",
            Ends,
            named(b"\\ISO 2022 IR 87 ", b"A^B=\x1b$".to_vec()),
        ),
        file(
            "A12 a mixed charset",
            Ends,
            named(b"ISO_IR 192\\ISO 2022 IR 149 ", b"\xff\xfe\x1b$)C\xb1".to_vec()),
        ),
        file("A12 a name of 64 kB", Ends, named(b"ISO_IR 192", vec![b'A'; 65_000])),
        file(
            "A12 controls and directions in a name",
            Ends,
            named(b"ISO_IR 192", "A\0B\u{1b}[2J\u{202e}C\nD^E".as_bytes().to_vec()),
        ),
        file("A13 an attribute twice", ShownOdd("twice"), || {
            image_with(&el((0x28, 0x10), "US", &[9, 0]))
        }),
        file("A13 two SOP Instance UIDs", ShownOdd("twice"), || {
            image_with(&el((8, 0x18), "UI", b"1.2.3.5\0"))
        }),
        file("A13 pixels twice", ShownOdd("more than once"), || image_with(&pixels())),
    ]
}

/// A14: UIDs that would name something else. `inspect` looks at such an object and says so; nobody opens it.
fn names() -> Vec<Case> {
    [
        ("a path", &b"../../../etc/evil."[..]),
        ("slashes", b"1.2/3.4/"),
        ("letters", b"ABC.1.2 "),
        (
            "65 characters",
            b"1.234567890123456789012345678901234567890123456789012345678901234 ",
        ),
        ("nothing", b""),
    ]
    .into_iter()
    .map(|(name, uid)| {
        file(&format!("A14 a UID of {name}"), Ends, move || {
            let header = GREY.header();
            let at = header.windows(4).position(|w| w == [8, 0, 0x18, 0]).unwrap();
            let body = [&header[..at], &el((8, 0x18), "UI", uid), &header[at + 16..], &pixels()].concat();
            part10(EXPLICIT, &body)
        })
    })
    .collect()
}
