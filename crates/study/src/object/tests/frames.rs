//! Frames: native, encapsulated, with true tables, lying ones and none.

use super::*;
use crate::{ObjectError, Photometric, SampleKind};

const SOI: [u8; 4] = [0xFF, 0xD8, 0xFF, 0xE0];

/// A fragment that begins a JPEG stream, of 8 bytes.
fn start(mark: u8) -> Vec<u8> {
    [&SOI[..], &[mark; 4]].concat()
}
/// A fragment that goes on with one, of 8 bytes.
fn more(mark: u8) -> Vec<u8> {
    vec![mark; 8]
}

fn jpeg(frames: Option<&'static str>) -> Image {
    Image {
        syntax: JPEG,
        frames,
        ..GREY
    }
}

/// The frames' bytes, joined per frame.
fn all(object: &Object) -> Vec<Vec<u8>> {
    (0..object.frames())
        .map(|index| object.encoded_frame(index).unwrap().bytes.to_vec())
        .collect()
}

#[test]
fn native_frames_follow_one_another() {
    let image = Image {
        frames: Some("2 "),
        ..GREY
    };
    let object = parse(&image.native(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
    assert_eq!(all(&object), [[1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]]);
    assert_eq!(
        object.encoded_frame(2).unwrap_err(),
        ObjectError::NoSuchFrame { frame: 3, held: 2 }
    );
    assert!(object.oddities().is_empty());
}

#[test]
fn frames_of_single_bits_begin_within_a_byte() {
    let image = Image {
        rows: 5,
        columns: 7,
        bits: 1,
        frames: Some("3 "),
        ..GREY
    };
    // 105 bits.
    let object = parse(&image.native(&(0..14).collect::<Vec<u8>>()));
    let places: Vec<(u8, Vec<u8>)> = (0..3)
        .map(|index| object.encoded_frame(index).unwrap())
        .map(|frame| (frame.bit_offset, frame.bytes.to_vec()))
        .collect();
    assert_eq!(places[0], (0, vec![0, 1, 2, 3, 4]));
    assert_eq!(places[1], (3, vec![4, 5, 6, 7, 8]));
    assert_eq!(places[2], (6, vec![8, 9, 10, 11, 12, 13]));
    assert!(object.oddities().is_empty(), "{:?}", object.oddities());
}

#[test]
fn halved_chrominance_takes_two_bytes_for_a_pixel() {
    let image = Image {
        samples: 3,
        columns: 4,
        photometric: "YBR_FULL_422",
        frames: Some("2 "),
        ..GREY
    };
    let object = parse(&image.native(&[7; 32]));
    assert_eq!(all(&object), [vec![7; 16], vec![7; 16]]);
    // Full size under that name: nothing was halved.
    let object = parse(&image.native(&[7; 48]));
    assert_eq!(all(&object), [vec![7; 24], vec![7; 24]]);
    assert_eq!(
        object.encoded_frame(0).unwrap().layout.photometric,
        Photometric::YbrFull
    );
    assert!(tells(&object, "not halved"));
    assert_eq!(
        object.instance().unwrap().layout.unwrap().photometric,
        Photometric::YbrFull
    );
}

#[test]
fn the_real_number_of_frames_is_what_is_there() {
    for (said, length, held, odd) in [
        (None, 6, 1, ""),
        (None, 12, 1, "longer"),
        (Some("3 "), 12, 2, "shorter"),
        (Some("3 "), 14, 3, "shorter"),
        (Some("3 "), 13, 2, "shorter"),
        (Some("1000000000"), 12, 2, "shorter"),
        (Some("0 "), 12, 2, "no number of frames"),
        (Some("-1"), 12, 2, "no number of frames"),
        (Some("abc "), 18, 3, "no number of frames"),
        (Some("2 "), 0, 0, "shorter"),
    ] {
        let image = Image { frames: said, ..GREY };
        let object = parse(&image.native(&vec![1; length]));
        assert_eq!(object.frames(), held, "{said:?} {length}");
        assert!(
            odd.is_empty() && object.oddities().is_empty() || tells(&object, odd),
            "{said:?} {length}"
        );
        assert_eq!(object.instance().unwrap().frames, held.max(1));
    }
}

#[test]
fn a_layout_without_sense_is_refused_with_its_reason() {
    for image in [
        Image { rows: 0, ..GREY },
        Image {
            bits: 8,
            samples: 0,
            ..GREY
        },
    ] {
        let object = parse(&image.native(&[0; 6]));
        assert_eq!(object.frames(), 0);
        assert!(matches!(object.encoded_frame(0), Err(ObjectError::Unusable(_))));
        // Still an image, whose tile can say why it is dark.
        assert_eq!(object.instance().unwrap().frames, 1);
    }
    let huge = Image {
        rows: 65_535,
        columns: 65_535,
        samples: 65_535,
        bits: 65_535,
        frames: Some("2147483647"),
        ..GREY
    };
    let object = parse(&huge.native(&[0; 6]));
    let _ = object.encoded_frame(0);
    assert!(object.frames() <= 1);
}

#[test]
fn bytes_in_big_endian_words_are_put_in_order() {
    let image = Image {
        syntax: BIG_ENDIAN,
        ..GREY
    };
    let object = parse(&image.native(&[2, 1, 4, 3, 6, 5]));
    assert_eq!(all(&object), [[1, 2, 3, 4, 5, 6]]);
}

#[test]
fn one_fragment_is_one_frame_with_or_without_a_table() {
    let (a, b) = (start(1), start(2));
    for table in [&[][..], &[0, 16]] {
        let object = parse(&jpeg(Some("2 ")).with(&encapsulated(table, &[&a, &b])));
        assert_eq!(all(&object), [a.clone(), b.clone()]);
        assert!(object.oddities().is_empty(), "{:?}", object.oddities());
    }
}

#[test]
fn fragments_of_a_frame_are_joined_by_the_table_or_by_where_streams_begin() {
    let parts = [start(1), more(2), start(3), more(4), more(5)];
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let expected = [parts[..2].concat(), parts[2..].concat()];
    for table in [&[][..], &[0, 32]] {
        let object = parse(&jpeg(Some("2 ")).with(&encapsulated(table, &parts)));
        assert_eq!(all(&object), expected, "{table:?}");
        assert!(object.oddities().is_empty(), "{:?}", object.oddities());
    }
    // One frame is all fragments.
    for frames in [None, Some("1 ")] {
        let object = parse(&jpeg(frames).with(&encapsulated(&[], &parts[2..])));
        assert_eq!(all(&object), [parts[2..].concat()]);
    }
}

#[test]
fn a_table_that_lies_is_not_believed() {
    let parts = [start(1), more(2), start(3), more(4)];
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let expected = [parts[..2].concat(), parts[2..].concat()];
    for table in [
        // Between fragments, beyond the data, backwards, not from the first, at a fragment that begins no stream.
        &[0, 5][..],
        &[0, 4_000_000_000],
        &[32, 0],
        &[16, 32],
        &[0, 16],
    ] {
        let object = parse(&jpeg(Some("2 ")).with(&encapsulated(table, &parts)));
        assert_eq!(all(&object), expected, "{table:?}");
        assert!(tells(&object, "does not fit"), "{table:?}");
    }
}

#[test]
fn the_extended_table_is_used_and_takes_the_padding_away() {
    let u64s = |values: &[u64]| -> Vec<u8> { values.iter().flat_map(|v| v.to_le_bytes()).collect() };
    let parts = [start(1), more(2), start(3)];
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    let tables = |offsets: &[u64], lengths: &[u64]| {
        let mut bytes = el((0x7FE0, 1), "OV", &u64s(offsets));
        bytes.extend(el((0x7FE0, 2), "OV", &u64s(lengths)));
        bytes.extend(encapsulated(&[], &parts));
        parse(&jpeg(Some("2 ")).with(&bytes))
    };
    let object = tables(&[0, 32], &[16, 7]);
    assert_eq!(all(&object), [parts[..2].concat(), parts[2][..7].to_vec()]);
    assert!(object.oddities().is_empty());
    let object = tables(&[0, u64::MAX], &[16, 8]);
    assert_eq!(all(&object), [parts[..2].concat(), parts[2].to_vec()]);
    assert!(tells(&object, "does not fit"));
}

#[test]
fn a_wrong_number_of_frames_yields_to_the_streams() {
    let (a, b, c) = (start(1), start(2), start(3));
    for said in [Some("1000000 "), Some("0 "), None] {
        let object = parse(&jpeg(said).with(&encapsulated(&[], &[&a, &b, &c])));
        assert_eq!(all(&object), [a.clone(), b.clone(), c.clone()], "{said:?}");
        assert!(!object.oddities().is_empty(), "{said:?}");
    }
    // Fewer frames than fragments and nothing that tells them apart: refused, not guessed.
    let object = parse(&jpeg(Some("2 ")).with(&encapsulated(&[], &[&more(1), &more(2), &more(3)])));
    assert!(matches!(object.encoded_frame(0), Err(ObjectError::Unusable(_))));
}

#[test]
fn a_wrong_transfer_syntax_is_corrected_and_told() {
    // Said to be JPEG, but native.
    let native = el((0x7FE0, 0x10), "OW", &[1, 2, 3, 4, 5, 6]);
    let object = parse(&jpeg(None).with(&native));
    assert_eq!(all(&object), [[1, 2, 3, 4, 5, 6]]);
    assert_eq!(object.transfer_syntax().0.as_ref(), EXPLICIT);
    assert!(tells(&object, "but they are not"));
    // Said to be native, but RLE in fragments.
    let mut header = [0; 64];
    header[0] = 1;
    header[4] = 64;
    let stream = [&header[..], &[5, 1, 2, 3, 4, 5, 6, 0]].concat();
    let object = parse(&GREY.with(&encapsulated(&[], &[&stream])));
    assert_eq!(object.transfer_syntax().0.as_ref(), RLE);
    assert_eq!(all(&object), [stream]);
    // A JPEG stream without fragments.
    let stream = [&SOI[..], &[0, 2, 0xFF, 0xD9]].concat();
    let object = parse(&jpeg(None).with(&el((0x7FE0, 0x10), "OB", &stream)));
    assert_eq!(all(&object), [stream]);
    assert_eq!(object.transfer_syntax().0.as_ref(), JPEG);
}

#[test]
fn fragments_that_end_early_keep_what_is_there() {
    let whole = jpeg(Some("2 ")).with(&encapsulated(&[], &[&start(1), &start(2)]));
    let object = parse(&whole[..whole.len() - 8 - 3]);
    assert_eq!(all(&object), [start(1), start(2)[..5].to_vec()]);
    assert!(tells(&object, "incomplete"));
    let object = parse(&jpeg(Some("2 ")).with(&encapsulated(&[], &[])));
    assert_eq!((object.frames(), object.instance().unwrap().frames), (0, 1));
}

#[test]
fn an_object_without_pixels_says_so() {
    let object = parse(&GREY.with(&[]));
    assert_eq!(object.frames(), 0);
    assert_eq!(object.encoded_frame(0).unwrap_err(), ObjectError::NoPixels);
    let instance = object.instance().unwrap();
    assert_eq!(
        (instance.frames, instance.layout, instance.geometry.len()),
        (0, None, 0)
    );
}

#[test]
fn an_icon_is_not_the_image() {
    let icon = [el((0x28, 0x10), "US", &[1, 0]), el((0x7FE0, 0x10), "OW", &[9, 9])].concat();
    let sequence = el((0x88, 0x200), "SQ", &item(0xE000, icon.len() as u32, &icon));
    let object = parse(&GREY.with(&[sequence, el((0x7FE0, 0x10), "OW", &[1, 2, 3, 4, 5, 6])].concat()));
    assert_eq!(all(&object), [[1, 2, 3, 4, 5, 6]]);
    assert_eq!(object.encoded_frame(0).unwrap().layout.rows, 2);
}

#[test]
fn floating_point_pixels_stand_in_their_own_elements() {
    for (element, vr, kind, bits) in [(8, "OF", SampleKind::Float, 32), (9, "OD", SampleKind::Double, 64)] {
        let bytes: Vec<u8> = (0..6 * (bits / 8) as u8).collect();
        let image = Image { bits, ..GREY };
        let object = parse(&image.with(&el((0x7FE0, element), vr, &bytes)));
        let frame = object.encoded_frame(0).unwrap();
        assert_eq!(
            (frame.layout.kind, frame.layout.bits_allocated, frame.bytes.as_ref()),
            (kind, bits, &bytes[..])
        );
        assert_eq!(object.instance().unwrap().layout.unwrap().kind, kind);
    }
}

#[test]
fn a_film_is_one_stream_and_not_a_wrong_number_of_frames() {
    for syntax in ["1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.102.1"] {
        let film = Image {
            syntax,
            frames: Some("300 "),
            ..GREY
        };
        let object = parse(&film.with(&encapsulated(&[], &[&more(1), &more(2)])));
        assert_eq!((object.frames(), object.oddities().len()), (1, 0));
        assert_eq!(object.transfer_syntax().0.as_ref(), syntax);
    }
}
