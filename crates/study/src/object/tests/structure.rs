//! The structural pass on whole, odd, broken and hostile files.

use bytes::Bytes;
use dicom_core::VR;
use dicom_dictionary_std::tags;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;

use super::*;
use crate::ObjectError;
use crate::attribute::{items, text};
use crate::guard::{Budget, DEEPEST, Encoding, walk};
use crate::object::Oddities;

fn deflated(body: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// A sequence (0008,1115) of one item that holds `content`.
fn sequence(content: &[u8], closed: bool) -> Vec<u8> {
    let mut value = item(0xE000, u32::MAX, content);
    if closed {
        value.extend(item(0xE00D, 0, &[]));
        value.extend(item(0xE0DD, 0, &[]));
    }
    element(EXPLICIT, (8, 0x1115), "SQ", &value, Some(u32::MAX))
}

fn nested(depth: usize, closed: bool) -> Vec<u8> {
    let open = sequence(&[], false);
    let mut bytes = open.repeat(depth);
    if closed {
        let close = [item(0xE00D, 0, &[]), item(0xE0DD, 0, &[])].concat();
        bytes.extend(close.repeat(depth));
    }
    bytes
}

#[test]
fn the_same_image_reads_in_every_encoding() {
    for syntax in [IMPLICIT, EXPLICIT, BIG_ENDIAN] {
        let image = Image {
            syntax,
            bits: 16,
            ..GREY
        };
        let pixels = u16s(syntax == BIG_ENDIAN, &[1, 2, 3, 4, 5, 6]);
        let object = parse(&image.native(&pixels));
        assert!(object.oddities().is_empty(), "{syntax}: {:?}", object.oddities());
        assert_eq!(object.transfer_syntax().0.as_ref(), syntax);
        assert_eq!(object.frames(), 1);
        assert_eq!(object.encoded_frame(0).unwrap().bytes, pixels);
        let instance = object.instance().unwrap();
        assert_eq!((instance.uid.as_str(), instance.frames), ("1.2.3.4", 1));
        let layout = instance.layout.unwrap();
        assert_eq!(
            (layout.rows, layout.columns, layout.bits_stored, layout.high_bit),
            (2, 3, 16, 15)
        );
    }
    let mut body = GREY.header();
    body.extend(el((0x7FE0, 0x10), "OW", &[1, 2, 3, 4, 5, 6]));
    let object = parse(&part10(DEFLATED, &deflated(&body)));
    assert_eq!(object.encoded_frame(0).unwrap().bytes.as_ref(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(object.transfer_syntax().0.as_ref(), DEFLATED);
    assert!(object.oddities().is_empty());
}

#[test]
fn a_file_without_its_outside_is_found_by_looking() {
    for syntax in [IMPLICIT, EXPLICIT, BIG_ENDIAN] {
        let image = Image { syntax, ..GREY };
        let whole = image.native(&[1, 2, 3, 4, 5, 6]);
        let bare = &whole[132 + meta(syntax).len()..];
        let object = parse(bare);
        assert_eq!(object.transfer_syntax().0.as_ref(), syntax);
        assert_eq!(object.frames(), 1, "{syntax}");
        let object = parse(&whole[132..]);
        assert_eq!(object.frames(), 1, "{syntax}");
        assert!(tells(&object, "preamble"));
        // Preamble, but no meta information.
        let mut headless = whole[..132].to_vec();
        headless.extend(bare);
        let object = parse(&headless);
        assert_eq!((object.frames(), object.transfer_syntax().0.as_ref()), (1, syntax));
        assert!(tells(&object, "lacks its meta information"));
        // The group length is missing, as in most files that dicom-rs refuses.
        let mut unmeasured = whole[..132].to_vec();
        unmeasured.extend(&whole[132 + 12..]);
        let object = parse(&unmeasured);
        assert_eq!(object.frames(), 1, "{syntax}");
        assert!(tells(&object, "does not say how long"));
    }
}

#[test]
fn a_data_set_that_is_encoded_otherwise_than_declared_is_read_as_it_is() {
    for (said, real) in [
        (EXPLICIT, IMPLICIT),
        (IMPLICIT, EXPLICIT),
        (EXPLICIT, BIG_ENDIAN),
        (BIG_ENDIAN, EXPLICIT),
    ] {
        let image = Image { syntax: real, ..GREY };
        let whole = image.native(&[1, 2, 3, 4, 5, 6]);
        let lying = part10(said, &whole[132 + meta(real).len()..]);
        let object = parse(&lying);
        assert_eq!(
            (object.frames(), object.transfer_syntax().0.as_ref()),
            (1, real),
            "{said}"
        );
        assert!(tells(&object, "another way"), "{said} {real}");
    }
}

#[test]
fn other_files_are_named() {
    for (bytes, kind) in [
        (&b""[..], "empty"),
        (b"\0", "does not begin"),
        (b"DICM", "does not begin"),
        (&[0; 131], "does not begin"),
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (b"PK\x03\x04........", "ZIP"),
        (b"  <!DOCTYPE html><html>", "web page"),
        (b"\x1f\x8b\x08.......", "gzip"),
        (b"%PDF-1.7", "PDF"),
    ] {
        match Object::parse(Bytes::copy_from_slice(bytes)) {
            Err(ObjectError::NotDicom(found)) => assert!(found.contains(kind), "{found}"),
            other => panic!("{kind}: {:?}", other.err()),
        }
    }
}

#[test]
fn noise_is_no_dicom_file() {
    let mut state = 7u64;
    let noise: Vec<u8> = (0..200_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .collect();
    for start in 0..2_000 {
        assert!(Object::parse(Bytes::copy_from_slice(&noise[start * 64..start * 64 + 4_096])).is_err());
    }
}

#[test]
fn a_cut_file_keeps_what_came_before_the_cut() {
    let sequence = sequence(&el((8, 0x1150), "UI", b"1.2.9\0"), true);
    let whole = [GREY.header(), sequence, el((0x7FE0, 0x10), "OW", &[1, 2, 3, 4, 5, 6])].concat();
    // The sequence's tag is below its neighbours': order is an oddity, not an error.
    let whole = part10(EXPLICIT, &whole);
    for end in 0..whole.len() {
        ask_everything(Bytes::copy_from_slice(&whole[..end]));
    }
    let object = parse(&whole[..whole.len() - 2]);
    assert_eq!(object.frames(), 1);
    assert_eq!(object.encoded_frame(0).unwrap().bytes.as_ref(), [1, 2, 3, 4]);
    assert!(tells(&object, "ends within an element") && tells(&object, "shorter"));
    assert_eq!(text(object.dataset(), tags::SOP_INSTANCE_UID), "1.2.3.4");
}

#[test]
fn no_single_byte_can_bring_it_down() {
    let jpeg = Image {
        syntax: JPEG,
        frames: Some("2 "),
        ..GREY
    };
    let encapsulated = encapsulated(&[0, 12], &[b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xd9"]);
    let files = [
        GREY.with(
            &[
                sequence(&el((8, 0x1150), "UI", b"1.2.9\0"), true),
                el((0x7FE0, 0x10), "OW", &[0; 6]),
            ]
            .concat(),
        ),
        jpeg.with(&encapsulated),
        Image {
            syntax: IMPLICIT,
            ..GREY
        }
        .native(&[0; 6]),
        Image {
            syntax: BIG_ENDIAN,
            bits: 16,
            ..GREY
        }
        .native(&[0; 12]),
        part10(DEFLATED, &deflated(&GREY.header())),
    ];
    for file in files {
        for at in 0..file.len() {
            for change in [0x01, 0x80, 0xFF, file[at], file[at] ^ 0x20] {
                let mut changed = file.clone();
                changed[at] ^= change;
                ask_everything(changed.into());
            }
        }
    }
}

#[test]
fn a_length_beyond_the_file_is_cut_and_takes_no_memory() {
    for vr in ["OB", "OW", "OF", "OD", "UN", "UT", "UC", "SQ", "??"] {
        for length in [0xFFFF_FFF0, 0x7FFF_FFFF, 4_000_000_000] {
            let tail = element(EXPLICIT, (0x5400, 0x1010), vr, b"12345678", Some(length));
            let object = parse(&GREY.with(&tail));
            assert_eq!(text(object.dataset(), tags::SOP_INSTANCE_UID), "1.2.3.4", "{vr}");
            assert!(!object.oddities().is_empty(), "{vr}");
            let kept = object.dataset().element(tags::WAVEFORM_DATA).unwrap().value();
            let size = kept
                .primitive()
                .map_or(0, dicom_core::PrimitiveValue::calculate_byte_len);
            assert!(size <= 16, "{vr}: {size}");
        }
    }
}

#[test]
fn sequences_nest_to_the_bound_and_no_further_on_a_small_stack() {
    let run = || {
        let deepest = parse(&part10(EXPLICIT, &nested(DEEPEST, true)));
        assert!(deepest.oddities().is_empty(), "{:?}", deepest.oddities());
        for (depth, closed) in [
            (DEEPEST + 1, true),
            (DEEPEST + 1, false),
            (2_000, true),
            (100_000, false),
        ] {
            let refused = Object::parse(part10(EXPLICIT, &nested(depth, closed)).into());
            assert!(matches!(refused, Err(ObjectError::Refused(_))), "{depth}");
        }
    };
    let small = std::thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap();
    small.join().unwrap();
}

#[test]
fn too_many_elements_items_fragments_or_values_are_refused() {
    let items = element(
        EXPLICIT,
        (0x0040, 0xA730),
        "SQ",
        &item(0xE000, 0, &[]).repeat(1_000),
        None,
    );
    let elements = el((0x28, 0x10), "US", &[]).repeat(1_000);
    let fragments = encapsulated(&[], &[&[0u8; 0][..]; 1_000]);
    for bytes in [items, elements, fragments] {
        let walked = |most| {
            walk(
                &bytes.clone().into(),
                Encoding::EXPLICIT,
                &mut Budget::of_elements(most),
                &mut Oddities::default(),
            )
        };
        assert!(walked(1_001).is_ok());
        assert!(matches!(walked(999), Err(ObjectError::Refused(_))));
    }
    let text = b"\\".repeat(1_000_001);
    let tail = element(EXPLICIT, (0x0040, 0xA160), "UC", &text, None);
    assert!(matches!(
        Object::parse(GREY.with(&tail).into()),
        Err(ObjectError::Refused(_))
    ));
}

#[test]
fn sequences_that_are_not_closed_as_they_should_keep_their_items() {
    let inner = el((8, 0x1150), "UI", b"1.2.9\0");
    let cases: [(&str, Vec<u8>); 6] = [
        ("defined", {
            let content = item(0xE000, inner.len() as u32, &inner);
            element(EXPLICIT, (8, 0x1115), "SQ", &content, None)
        }),
        ("never closed", sequence(&inner, false)),
        ("item never closed", {
            let mut content = item(0xE000, u32::MAX, &inner);
            content.extend(item(0xE0DD, 0, &[]));
            element(EXPLICIT, (8, 0x1115), "SQ", &content, Some(u32::MAX))
        }),
        ("item longer than its sequence", {
            let content = item(0xE000, 4_000, &inner);
            element(EXPLICIT, (8, 0x1115), "SQ", &content, None)
        }),
        ("stray delimiters", {
            let mut content = item(0xE00D, 0, &[]);
            content.extend(item(0xE000, inner.len() as u32, &inner));
            content.extend(item(0xE00D, 0, &[]));
            content.extend(item(0xE0DD, 0, &[]));
            element(EXPLICIT, (8, 0x1115), "SQ", &content, Some(u32::MAX))
        }),
        ("as UN, CP-246", {
            let implicit = element(IMPLICIT, (8, 0x1150), "UI", b"1.2.9\0", None);
            let mut content = item(0xE000, u32::MAX, &implicit);
            content.extend(item(0xE00D, 0, &[]));
            content.extend(item(0xE0DD, 0, &[]));
            element(EXPLICIT, (8, 0x1115), "UN", &content, Some(u32::MAX))
        }),
    ];
    for (case, bytes) in cases {
        let object = parse(&part10(EXPLICIT, &bytes));
        let found = items(object.dataset(), tags::REFERENCED_SERIES_SEQUENCE);
        assert_eq!(found.len(), 1, "{case}");
        assert_eq!(text(&found[0], tags::REFERENCED_SOP_CLASS_UID), "1.2.9", "{case}");
        let whole = ["defined", "as UN, CP-246"].contains(&case);
        assert_eq!(object.oddities().is_empty(), whole, "{case}: {:?}", object.oddities());
    }
}

#[test]
fn an_element_passed_on_as_unknown_is_understood() {
    // A defined-length UN of a known sequence, and of a known number.
    let inner = element(IMPLICIT, (8, 0x1150), "UI", b"1.2.9\0", None);
    let unknown = el((8, 0x1115), "UN", &item(0xE000, inner.len() as u32, &inner));
    let object = parse(&part10(EXPLICIT, &[unknown, el((0x28, 0x10), "UN", &[4, 0])].concat()));
    assert_eq!(
        text(
            &items(object.dataset(), tags::REFERENCED_SERIES_SEQUENCE)[0],
            tags::REFERENCED_SOP_CLASS_UID
        ),
        "1.2.9"
    );
    assert_eq!(object.dataset().element(tags::ROWS).unwrap().vr(), VR::US);
    assert_eq!(
        object.dataset().element(tags::ROWS).unwrap().to_int::<u16>().unwrap(),
        4
    );
}

#[test]
fn of_an_attribute_that_stands_twice_the_first_counts() {
    let twice = [el((8, 0x60), "CS", b"CT"), el((8, 0x60), "CS", b"MR")].concat();
    let object = parse(&part10(EXPLICIT, &twice));
    assert_eq!(text(object.dataset(), tags::MODALITY), "CT");
    assert!(tells(&object, "stands twice"));
}

#[test]
fn texts_become_utf_8_and_the_data_set_says_so() {
    let body = [
        el((8, 5), "CS", b"ISO_IR 100"),
        el((0x10, 0x10), "PN", b"M\xfcller^J\xf6rg "),
        el((0x10, 0x20), "LO", b"4711\\x"),
    ]
    .concat();
    let object = parse(&part10(EXPLICIT, &body));
    assert_eq!(text(object.dataset(), tags::PATIENT_NAME), "Müller^Jörg");
    assert_eq!(text(object.dataset(), tags::SPECIFIC_CHARACTER_SET), "ISO_IR 192");
    assert!(object.oddities().is_empty());
}

#[test]
fn a_damaged_deflated_data_set_keeps_what_can_be_inflated() {
    let body = GREY.native(&[1, 2, 3, 4, 5, 6])[132 + meta(EXPLICIT).len()..].to_vec();
    let plain = parse(&part10(DEFLATED, &body));
    assert_eq!(plain.frames(), 1);
    assert!(tells(&plain, "but it is not"));
    let small = deflated(&body);
    let object = parse(&part10(DEFLATED, &small[..small.len() - 9]));
    assert!(tells(&object, "cut short"));
    assert_eq!(text(object.dataset(), tags::SOP_CLASS_UID), "1.2.840.10008.5.1.4.1.1.7");
}

#[test]
fn trailing_bytes_do_no_harm() {
    let mut file = GREY.native(&[1, 2, 3, 4, 5, 6]);
    file.extend([0; 5]);
    let object = parse(&file);
    assert!(
        object.oddities().is_empty(),
        "zeros are padding: {:?}",
        object.oddities()
    );
    file.extend(b"garbage at the very end");
    assert_eq!(parse(&file).frames(), 1);
}

#[test]
fn an_object_is_cheap_to_clone_and_can_cross_threads() {
    fn crosses<T: Send + Sync + Clone>(_: &T) {}
    let object = parse(&GREY.native(&[1, 2, 3, 4, 5, 6]));
    crosses(&object);
    let frame = object.encoded_frame(0).unwrap();
    let within = object.source().as_ptr_range();
    assert!(
        within.contains(&frame.bytes.as_ptr()),
        "the frame is a slice of the input"
    );
}
