//! The faults that were found in dicom-pixeldata 0.10.1 and in the codecs behind it (docs/decisions/0007): one test each, which
//! names it. Where a case folder holds the object, its values are those that were encoded (test-data/make_cases.py).
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dicom_core::value::{DataSetSequence, Value as Content};
use dicom_core::{DataElement, Length, PrimitiveValue, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use pixels::Samples;
use pixels::colour::ColourSpace;
use pixels::display::Voi;
use serde_json::Value;
use study::inspect::{FrameSelection, records};
use study::{Decoded, EncodedFrame, Instance, Layout, Object, Photometric, SampleKind, TransferSyntax, decode};

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../test-data/cases")
        .join(name)
}

fn object(name: &str) -> Object {
    Object::parse(std::fs::read(case(name).join("object.dcm")).unwrap().into()).unwrap()
}

fn first(name: &str) -> Decoded {
    decode(&object(name).encoded_frame(0).unwrap()).unwrap()
}

/// Every frame of a lossless case has the values that were encoded.
fn exact(name: &str) {
    let expected: Value = serde_json::from_slice(&std::fs::read(case(name).join("expected.json")).unwrap()).unwrap();
    let expected = expected["frames"].as_array().unwrap();
    let bytes = std::fs::read(case(name).join("object.dcm")).unwrap();
    let found = records(bytes.into(), name, &FrameSelection::All, &mut decode);
    assert_eq!(found.len(), expected.len(), "{name}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(expected["sha_stored"].is_string(), "{name} is a lossless case");
        assert_eq!(found["sha_stored"], expected["sha_stored"], "{name}: {found}");
    }
}

#[test]
fn big_endian_values_of_32_bits_came_out_wrong() {
    exact("native-s32-bigendian");
}

#[test]
fn rgb_in_jpeg_without_a_marker_was_taken_for_luminance_and_chrominance() {
    let decoded = first("jpeg-rgb-without-marker");
    assert_eq!(decoded.photometric, Photometric::Rgb);
    // The case's red grows with the column, its green with the row: rows 22 and 23 of 45, columns 26 and 27 of 53.
    let at = |channel: usize| decoded.frame.samples.get((22 * 53 + 26) * 3 + channel).unwrap();
    for (channel, expected) in [118.0, 117.0, 142.0].into_iter().enumerate() {
        assert!(
            (at(channel) - expected).abs() <= 4.0,
            "colour {channel}: {}",
            at(channel)
        );
    }
}

#[test]
fn jpeg_of_12_bits_failed() {
    for name in ["jpeg-12-bit-grey", "jpeg-12-bit-retired-55", "jpeg-12-bit-ybr-420"] {
        let Samples::U16(values) = first(name).frame.samples else {
            panic!("{name}")
        };
        assert!(
            values.iter().any(|&v| v > 3000) && values.iter().all(|&v| v < 4096),
            "{name}"
        );
    }
}

#[test]
fn jpeg_ls_by_planes_was_called_interleaved() {
    exact("jpegls-rgb-planes");
    exact("jpegls-rgb-lines");
    exact("jpegls-rgb");
}

#[test]
fn the_sign_of_jpeg_2000_was_the_data_sets_without_its_bits() {
    exact("j2k-sign-contradiction");
    exact("j2k-sign-contradiction-13");
}

#[test]
fn rle_of_32_bits_failed() {
    exact("rle-u32");
}

#[test]
fn ybr_full_in_rle_was_labelled_rgb() {
    exact("rle-ybr-full");
    assert_eq!(first("rle-ybr-full").colour_space(), Some(ColourSpace::YbrFull));
}

#[test]
fn every_encapsulated_colour_image_was_called_rgb() {
    assert_eq!(first("jpeg-12-bit-ybr-444").photometric, Photometric::YbrFull);
    assert_eq!(
        first("j2k-rgb").photometric,
        Photometric::Rgb,
        "the component transform is undone"
    );
}

#[test]
fn jpeg_xl_of_12_bits_was_stretched_to_16() {
    exact("jpegxl-u12");
    exact("jpegxl-u16");
    exact("jpegxl-rgb");
}

#[test]
fn frames_of_single_bits_were_wrong_unless_they_filled_bytes() {
    exact("native-1-bit-frames");
}

#[test]
fn native_4_2_2_was_out_of_range() {
    exact("native-ybr-full-422");
}

#[test]
fn planes_were_refused() {
    exact("native-rgb-planar-1");
}

#[test]
fn integers_of_32_bits_and_floats_were_refused() {
    for name in ["native-u32", "native-float", "native-double"] {
        exact(name);
    }
}

#[test]
fn a_multi_frame_without_an_offset_table_had_one_frame() {
    exact("jpegls-fragments-no-table");
    exact("rle-frames-without-table");
}

#[test]
fn the_extended_offset_table_was_not_looked_at() {
    exact("rle-frames-extended-table");
}

fn layout(rows: u32, columns: u32, bits: u16, photometric: Photometric) -> Layout {
    Layout {
        rows,
        columns,
        samples_per_pixel: 1,
        planar: false,
        bits_allocated: bits,
        bits_stored: bits,
        high_bit: bits - 1,
        signed: false,
        photometric,
        kind: SampleKind::Integer,
    }
}

fn frame(layout: Layout, syntax: &str, bytes: Vec<u8>) -> EncodedFrame {
    EncodedFrame {
        layout: Arc::new(layout),
        transfer_syntax: TransferSyntax(syntax.into()),
        bytes: bytes.into(),
        bit_offset: 0,
    }
}

#[test]
fn palette_indices_were_shown_as_grey() {
    let indices = frame(
        layout(1, 4, 8, Photometric::PaletteColor),
        "1.2.840.10008.1.2.1",
        vec![0, 1, 2, 3],
    );
    let decoded = decode(&indices).unwrap();
    assert_eq!(decoded.colour_space(), Some(ColourSpace::Palette));
    let without = pixels::colour::rgb8(&decoded.frame, ColourSpace::Palette, 8, None);
    assert!(without.is_err(), "without a palette nothing is shown");
}

#[test]
fn large_blank_frames_were_refused_as_dangerous() {
    exact("j2k-blank-large");
    // 4096 × 4096 zeros of 16 bits: two segments of runs of 128.
    let segment = [0x81u8, 0].repeat(4096 * 4096 / 128);
    let mut bytes: Vec<u8> = [2u32, 64, 64 + segment.len() as u32]
        .iter()
        .flat_map(|w| w.to_le_bytes())
        .collect();
    bytes.resize(64, 0);
    bytes.extend_from_slice(&segment);
    bytes.extend_from_slice(&segment);
    let blank = frame(
        layout(4096, 4096, 16, Photometric::Monochrome2),
        "1.2.840.10008.1.2.5",
        bytes,
    );
    let Samples::U16(values) = decode(&blank).unwrap().frame.samples else {
        panic!("16 bits")
    };
    assert_eq!(values.len(), 4096 * 4096);
    assert!(values.iter().all(|&v| v == 0));
}

/// An image of some frames, each with the windows that are given for it.
fn windows(frames: &[&[(&str, &str)]]) -> Instance {
    let text = |tag, vr, text: &str| DataElement::new(tag, vr, PrimitiveValue::from(text));
    let number = |tag, number: u16| DataElement::new(tag, VR::US, PrimitiveValue::from(number));
    let sequence = |tag, items: Vec<InMemDicomObject>| {
        DataElement::new(
            tag,
            VR::SQ,
            Content::Sequence(DataSetSequence::new(items, Length::UNDEFINED)),
        )
    };
    let groups = frames.iter().map(|windows| {
        if windows.is_empty() {
            return InMemDicomObject::new_empty();
        }
        let all = |which: fn(&(&str, &str)) -> String| windows.iter().map(which).collect::<Vec<_>>().join("\\");
        let item = InMemDicomObject::from_element_iter([
            text(tags::WINDOW_CENTER, VR::DS, &all(|w| w.0.to_owned())),
            text(tags::WINDOW_WIDTH, VR::DS, &all(|w| w.1.to_owned())),
        ]);
        InMemDicomObject::from_element_iter([sequence(tags::FRAME_VOILUT_SEQUENCE, vec![item])])
    });
    let dataset = InMemDicomObject::from_element_iter([
        text(tags::STUDY_INSTANCE_UID, VR::UI, "1.2"),
        text(tags::SERIES_INSTANCE_UID, VR::UI, "1.2.3"),
        text(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3.4"),
        number(tags::ROWS, 4),
        number(tags::COLUMNS, 4),
        number(tags::SAMPLES_PER_PIXEL, 1),
        number(tags::BITS_ALLOCATED, 16),
        number(tags::BITS_STORED, 12),
        number(tags::HIGH_BIT, 11),
        number(tags::PIXEL_REPRESENTATION, 0),
        text(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        text(tags::NUMBER_OF_FRAMES, VR::IS, &frames.len().to_string()),
        sequence(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, groups.collect()),
    ]);
    Instance::from_dataset(&dataset, TransferSyntax("1.2.840.10008.1.2.1".into())).unwrap()
}

fn centres(instance: &Instance, frame: u32) -> Vec<f64> {
    let choices = &instance.frame_geometry(frame).unwrap().voi;
    let centre = |voi: &Voi| match voi {
        Voi::Window { centre, .. } => *centre,
        Voi::Table(_) => panic!("a window"),
    };
    choices.iter().map(|choice| centre(&choice.voi)).collect()
}

#[test]
fn only_the_first_window_was_read() {
    let instance = windows(&[&[("40", "400"), ("-600", "1500"), ("300", "2000")]]);
    assert_eq!(centres(&instance, 0), [40.0, -600.0, 300.0]);
}

#[test]
fn windows_moved_to_other_frames_where_one_frame_had_none() {
    let instance = windows(&[&[("10", "100")], &[], &[("30", "100")]]);
    let found: Vec<Vec<f64>> = (0..3).map(|frame| centres(&instance, frame)).collect();
    assert_eq!(found, [vec![10.0], vec![], vec![30.0]]);
}
