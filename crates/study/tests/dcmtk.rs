//! Grey levels, overlays and palettes against DCMTK's dcm2pnm, where it is installed: files that the test makes itself.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::Command;

use bytes::Bytes;
use dicom_core::value::{DataSetSequence, PrimitiveValue, Value};
use dicom_core::{DataElement, Length, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use pixels::display::{DisplayTable, Parameters};
use pixels::picture::{self, Interpolation, ViewportFromImage};
use study::Object;

const SIDE: u16 = 64;
/// Part of the pixels that may differ by more than one level.
const MOST_DIFFERENT: f64 = 0.001;

fn put(dataset: &mut InMemDicomObject, tag: Tag, vr: VR, value: impl Into<PrimitiveValue>) {
    dataset.put(DataElement::new(tag, vr, value.into()));
}

fn words(dataset: &mut InMemDicomObject, tag: Tag, values: &[u16]) {
    put(dataset, tag, VR::US, PrimitiveValue::U16(values.into()));
}

/// An image of 64 × 64 pixels of 12 bits that holds every value 0 … 4095 once.
fn ramp() -> InMemDicomObject {
    let mut image = InMemDicomObject::new_empty();
    for (tag, vr, text) in [
        (tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.7"),
        (tags::SOP_INSTANCE_UID, VR::UI, "1.2.3.4"),
        (tags::STUDY_INSTANCE_UID, VR::UI, "1.2"),
        (tags::SERIES_INSTANCE_UID, VR::UI, "1.2.3"),
        (tags::MODALITY, VR::CS, "OT"),
        (tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
    ] {
        put(&mut image, tag, vr, text);
    }
    for (tag, value) in [
        (tags::SAMPLES_PER_PIXEL, 1),
        (tags::ROWS, SIDE),
        (tags::COLUMNS, SIDE),
        (tags::BITS_ALLOCATED, 16),
        (tags::BITS_STORED, 12),
        (tags::HIGH_BIT, 11),
        (tags::PIXEL_REPRESENTATION, 0),
    ] {
        words(&mut image, tag, &[value]);
    }
    let values: Vec<u16> = (0..SIDE * SIDE).collect();
    put(&mut image, tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(values.into()));
    image
}

fn window(image: &mut InMemDicomObject, centre: &str, width: &str, function: &str) {
    put(image, tags::WINDOW_CENTER, VR::DS, centre);
    put(image, tags::WINDOW_WIDTH, VR::DS, width);
    if !function.is_empty() {
        put(image, tags::VOILUT_FUNCTION, VR::CS, function);
    }
}

fn table(image: &mut InMemDicomObject, sequence: Tag, first: u16, bits: u16, entries: Vec<u16>) {
    let mut item = InMemDicomObject::new_empty();
    words(&mut item, tags::LUT_DESCRIPTOR, &[entries.len() as u16, first, bits]);
    put(&mut item, tags::MODALITY_LUT_TYPE, VR::LO, "US");
    words(&mut item, tags::LUT_DATA, &entries);
    let items = DataSetSequence::new(vec![item], Length::UNDEFINED);
    image.put(DataElement::new(sequence, VR::SQ, Value::Sequence(items)));
}

/// A folder of this test, emptied when it is done with.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let place = std::env::temp_dir().join(format!("farsight-dcmtk-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&place).unwrap();
        Self(place)
    }

    fn write(&self, image: &InMemDicomObject) -> (PathBuf, Object) {
        let path = self.0.join("image.dcm");
        let meta = FileMetaTableBuilder::new()
            .transfer_syntax("1.2.840.10008.1.2.1")
            .media_storage_sop_class_uid("1.2.840.10008.5.1.4.1.1.7")
            .media_storage_sop_instance_uid("1.2.3.4");
        image.clone().with_meta(meta).unwrap().write_to_file(&path).unwrap();
        let object = Object::parse(Bytes::from(std::fs::read(&path).unwrap())).unwrap();
        (path, object)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What dcm2pnm shows, as the samples of its raw PNM; `None`, said loudly, where it is not installed.
fn theirs(path: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let output = path.with_extension("pnm");
    let run = Command::new("dcm2pnm").args(arguments).arg(path).arg(&output).output();
    let Ok(run) = run else {
        testkit::skip("comparison with DCMTK: dcm2pnm is not installed");
        return None;
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let bytes = std::fs::read(&output).unwrap();
    let samples = usize::from(SIDE) * usize::from(SIDE) * if bytes.starts_with(b"P6") { 3 } else { 1 };
    Some(bytes[bytes.len() - samples..].to_vec())
}

/// What Farsight shows of the first frame with the object's window or table of this index.
fn ours(object: &Object, choice: usize) -> Vec<u8> {
    let instance = object.instance().unwrap();
    let decoded = study::decode(&object.encoded_frame(0).unwrap()).unwrap();
    let geometry = instance.frame_geometry(0).unwrap();
    let parameters = Parameters {
        modality: geometry.modality.clone(),
        voi: geometry.voi[choice].voi.clone(),
        inverse: instance.inverse,
        presentation_lut: instance.wishes.presentation_lut.clone(),
        padding: instance.padding,
        stored_range: instance.stored_range(),
        target_bits: 8,
    };
    let one_to_one = ViewportFromImage {
        a: 1.0,
        b: 0.0,
        c: 0.5,
        d: 0.0,
        e: 1.0,
        f: 0.5,
    };
    picture::grey(
        &decoded.frame,
        &parameters.modality,
        &DisplayTable::build(&parameters).unwrap(),
        &one_to_one,
        (u32::from(SIDE), u32::from(SIDE)),
        Interpolation::Nearest,
    )
}

fn agree(name: &str, ours: &[u8], theirs: &[u8]) {
    assert_eq!(ours.len(), theirs.len(), "{name}");
    let different = ours.iter().zip(theirs).filter(|(a, b)| a.abs_diff(**b) > 1).count();
    let part = different as f64 / ours.len() as f64;
    assert!(part <= MOST_DIFFERENT, "{name}: {different} of {} differ", ours.len());
}

#[test]
fn windows_tables_and_shapes_agree() {
    let place = Place::new("grey");
    let curve = |n: u16| -> Vec<u16> {
        (0..n)
            .map(|i| (f64::from(i) / f64::from(n)).powi(2).mul_add(4000.0, 5.0) as u16)
            .collect()
    };
    type Change = Box<dyn Fn(&mut InMemDicomObject)>;
    let cases: [(&str, &[&str], Change); 9] = [
        ("LINEAR", &["+Wi", "1"], Box::new(|i| window(i, "1000", "900", ""))),
        ("a threshold", &["+Wi", "1"], Box::new(|i| window(i, "1000", "1", ""))),
        (
            "SIGMOID",
            &["+Wi", "1"],
            Box::new(|i| window(i, "2000", "1500", "SIGMOID")),
        ),
        (
            "rescale",
            &["+Wi", "1"],
            Box::new(|i| {
                window(i, "40", "400", "");
                put(i, tags::RESCALE_SLOPE, VR::DS, "1");
                put(i, tags::RESCALE_INTERCEPT, VR::DS, "-1024");
            }),
        ),
        (
            "MONOCHROME1",
            &["+Wi", "1"],
            Box::new(|i| {
                window(i, "2000", "3000", "");
                put(i, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME1");
            }),
        ),
        (
            "inverse shape",
            &["+Wi", "1"],
            Box::new(|i| {
                window(i, "2000", "3000", "");
                put(i, tags::PRESENTATION_LUT_SHAPE, VR::CS, "INVERSE");
            }),
        ),
        (
            "VOI LUT",
            &["+Wl", "1"],
            Box::new(move |i| table(i, tags::VOILUT_SEQUENCE, 500, 12, curve(1000))),
        ),
        (
            "VOI LUT of 8 bits",
            &["+Wl", "1"],
            Box::new(|i| table(i, tags::VOILUT_SEQUENCE, 100, 8, (0..256).collect())),
        ),
        (
            "modality LUT",
            &["+Wi", "1"],
            Box::new(move |i| {
                table(i, tags::MODALITY_LUT_SEQUENCE, 0, 12, curve(4096));
                window(i, "1500", "2000", "");
            }),
        ),
    ];
    for (name, arguments, change) in cases {
        let mut image = ramp();
        change(&mut image);
        let (path, object) = place.write(&image);
        let arguments = [arguments, &["--write-raw-pnm"]].concat();
        let Some(theirs) = theirs(&path, &arguments) else {
            return;
        };
        agree(name, &ours(&object, 0), &theirs);
    }
}

/// The pixels that an overlay draws on, by DCMTK: on black, where it draws white.
fn drawn_by_them(place: &Place, image: &InMemDicomObject) -> Option<(Vec<bool>, Object)> {
    let (path, object) = place.write(image);
    let with = theirs(&path, &["+Ww", "60000", "2", "+O", "0", "--write-raw-pnm"])?;
    Some((with.iter().map(|level| *level > 127).collect(), object))
}

fn drawn_by_us(object: &Object) -> Vec<bool> {
    let instance = object.instance().unwrap();
    let planes: Vec<_> = instance.wishes.overlays.iter().filter_map(|o| o.plane(0)).collect();
    let side = u32::from(SIDE);
    (0..side)
        .flat_map(|row| (0..side).map(move |column| (column, row)))
        .map(|(column, row)| planes.iter().any(|plane| plane.is_set(column, row)))
        .collect()
}

#[test]
fn overlays_lie_where_dcmtk_draws_them() {
    let place = Place::new("overlay");
    let bits: Vec<u8> = (0..40u32 * 30 / 8).map(|i| (i * 37 % 251) as u8).collect();
    for origin in [[1i16, 1], [20, 30], [-5, -3], [40, 50]] {
        let mut image = ramp();
        for (element, value) in [(0x0010u16, 30u16), (0x0011, 40), (0x0100, 1), (0x0102, 0)] {
            words(&mut image, Tag(0x6000, element), &[value]);
        }
        put(&mut image, Tag(0x6000, 0x0040), VR::CS, "G");
        put(
            &mut image,
            Tag(0x6000, 0x0050),
            VR::SS,
            PrimitiveValue::I16(origin[..].into()),
        );
        put(
            &mut image,
            Tag(0x6000, 0x3000),
            VR::OB,
            PrimitiveValue::U8(bits.clone().into()),
        );
        let Some((theirs, object)) = drawn_by_them(&place, &image) else {
            return;
        };
        assert!(theirs.contains(&true), "{origin:?}: DCMTK draws something");
        assert!(theirs == drawn_by_us(&object), "{origin:?}");
    }
    // In bit 12 of pixels whose values have twelve bits.
    let mut image = ramp();
    let values: Vec<u16> = (0..SIDE * SIDE).map(|i| i | (u16::from(i % 7 == 0) << 12)).collect();
    put(&mut image, tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(values.into()));
    for (element, value) in [(0x0010u16, SIDE), (0x0011, SIDE), (0x0100, 16), (0x0102, 12)] {
        words(&mut image, Tag(0x6000, element), &[value]);
    }
    put(&mut image, Tag(0x6000, 0x0040), VR::CS, "G");
    put(
        &mut image,
        Tag(0x6000, 0x0050),
        VR::SS,
        PrimitiveValue::I16([1, 1][..].into()),
    );
    let Some((theirs, object)) = drawn_by_them(&place, &image) else {
        return;
    };
    assert!(
        theirs.contains(&true) && theirs == drawn_by_us(&object),
        "bits of the pixels"
    );
}
