//! Typed metadata from made-up data sets, each rule with its case.

use dicom_core::value::{DataSetSequence, Value};
use dicom_core::{DataElement, Length, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use pixels::display::{LookupTable, Modality, Padding, Voi, VoiFunction};

use super::*;
use crate::ObjectError;

/// Attributes as a server's JSON gives them: numbers as texts, several separated by a backslash.
fn set(attributes: &[(Tag, &str)]) -> InMemDicomObject {
    InMemDicomObject::from_element_iter(attributes.iter().map(|(tag, text)| {
        let values: Vec<String> = text.split('\\').map(str::to_owned).collect();
        DataElement::new(*tag, VR::LO, PrimitiveValue::Strs(values.into()))
    }))
}

fn put_items(dataset: &mut InMemDicomObject, tag: Tag, items: Vec<InMemDicomObject>) {
    dataset.put(DataElement::new(
        tag,
        VR::SQ,
        Value::Sequence(DataSetSequence::new(items, Length::UNDEFINED)),
    ));
}

/// A grey image of 4 × 5 pixels, 16 bits allocated, 12 stored, with these attributes more.
fn image(more: &[(Tag, &str)]) -> InMemDicomObject {
    let mut all = vec![
        (tags::STUDY_INSTANCE_UID, "1.2"),
        (tags::SERIES_INSTANCE_UID, "1.2.3"),
        (tags::SOP_INSTANCE_UID, "1.2.3.4"),
        (tags::ROWS, "4"),
        (tags::COLUMNS, "5"),
        (tags::SAMPLES_PER_PIXEL, "1"),
        (tags::BITS_ALLOCATED, "16"),
        (tags::BITS_STORED, "12"),
        (tags::HIGH_BIT, "11"),
        (tags::PIXEL_REPRESENTATION, "0"),
        (tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2"),
    ];
    all.retain(|(tag, _)| !more.iter().any(|(other, _)| other == tag));
    all.extend(more);
    set(&all)
}

fn read(dataset: &InMemDicomObject) -> Instance {
    Instance::from_dataset(dataset, TransferSyntax("1.2.840.10008.1.2.1".into())).unwrap()
}

fn first(dataset: &InMemDicomObject) -> FrameGeometry {
    read(dataset).geometry[0].clone()
}

fn window(centre: f64, width: f64) -> Voi {
    Voi::Window {
        centre,
        width,
        function: VoiFunction::Linear,
    }
}

#[test]
fn metadata_without_pixels_is_an_image_by_its_rows() {
    let instance = read(&image(&[(tags::NUMBER_OF_FRAMES, "3"), (tags::INSTANCE_NUMBER, "7")]));
    assert_eq!(
        (instance.frames, instance.geometry.len(), instance.instance_number),
        (3, 1, Some(7))
    );
    let layout = instance.layout.unwrap();
    assert_eq!(
        (layout.rows, layout.columns, layout.bits_stored, layout.high_bit),
        (4, 5, 12, 11)
    );
    assert_eq!(read(&image(&[])).frames, 1);
    assert!(instance.oddities.is_empty(), "{:?}", instance.oddities);
    let report = read(&image(&[(tags::ROWS, "")]));
    assert_eq!((report.frames, report.layout, report.geometry.len()), (0, None, 0));
}

#[test]
fn an_object_that_does_not_say_who_it_is_is_refused() {
    for tag in [
        tags::STUDY_INSTANCE_UID,
        tags::SERIES_INSTANCE_UID,
        tags::SOP_INSTANCE_UID,
    ] {
        for uid in ["", "../../etc/passwd", "1.2.x", &"1".repeat(65)] {
            let refused = Instance::from_dataset(&image(&[(tag, uid)]), TransferSyntax("1.2".into()));
            assert!(matches!(refused, Err(ObjectError::Unusable(_))), "{uid}");
        }
    }
}

#[test]
fn spacing_follows_the_clinical_rule() {
    let fiducial = (tags::PIXEL_SPACING_CALIBRATION_TYPE, "FIDUCIAL");
    let geometry = (tags::PIXEL_SPACING_CALIBRATION_TYPE, "GEOMETRY");
    let calibrated = |row: f64, column: f64, how: &str| Spacing::Calibrated {
        row,
        column,
        how: how.into(),
    };
    let imager = |row, column, magnification| Spacing::Imager {
        row,
        column,
        magnification,
    };
    let ps = (tags::PIXEL_SPACING, "0.15\\0.16");
    let ips = (tags::IMAGER_PIXEL_SPACING, "0.2\\0.2");
    let film = (tags::NOMINAL_SCANNED_PIXEL_SPACING, "0.3\\0.3");
    let ermf = (tags::ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR, "1.25");
    let dx = (tags::MODALITY, "DX");
    let cases: [(&[(Tag, &str)], Spacing); 14] = [
        (
            &[(tags::MODALITY, "CT"), ps],
            Spacing::Patient {
                row: 0.15,
                column: 0.16,
            },
        ),
        (&[dx, ps, ips, fiducial], calibrated(0.15, 0.16, "fiducial")),
        (
            &[dx, ps, ips, geometry],
            calibrated(0.15, 0.16, "magnification-corrected"),
        ),
        (&[dx, ps, ips], calibrated(0.15, 0.16, "corrected, method not stated")),
        (
            &[dx, (tags::PIXEL_SPACING, "0.2\\0.2001"), ips, ermf],
            imager(0.16, 0.16, Some(1.25)),
        ),
        (&[dx, (tags::PIXEL_SPACING, "0.2\\0.2"), ips], imager(0.2, 0.2, None)),
        (&[dx, ips], imager(0.2, 0.2, None)),
        (&[dx, ps], calibrated(0.15, 0.16, "calibration unknown")),
        (&[(tags::MODALITY, "SC"), film], calibrated(0.3, 0.3, "on film")),
        (
            &[(tags::MODALITY, "US"), ps],
            calibrated(0.15, 0.16, "calibration unknown"),
        ),
        (&[dx], Spacing::Unknown { aspect: 1.0 }),
        (
            &[dx, (tags::PIXEL_ASPECT_RATIO, "4\\3")],
            Spacing::Unknown { aspect: 4.0 / 3.0 },
        ),
        (
            &[(tags::MODALITY, "CT"), (tags::PIXEL_SPACING, "0\\-1")],
            Spacing::Unknown { aspect: 1.0 },
        ),
        (
            // A tomosynthesis slice is no projection.
            &[
                (tags::MODALITY, "MG"),
                (tags::SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.13.1.3"),
                ps,
            ],
            Spacing::Patient {
                row: 0.15,
                column: 0.16,
            },
        ),
    ];
    for (attributes, expected) in cases {
        assert_eq!(first(&image(attributes)).spacing, expected, "{attributes:?}");
    }
}

#[test]
fn ultrasound_regions_carry_their_own_scale() {
    let region = |more: &[(Tag, &str)]| {
        let mut all = vec![
            (tags::REGION_LOCATION_MIN_X0, "100"),
            (tags::REGION_LOCATION_MIN_Y0, "50"),
            (tags::REGION_LOCATION_MAX_X1, "300"),
            (tags::REGION_LOCATION_MAX_Y1, "200"),
            (tags::PHYSICAL_UNITS_X_DIRECTION, "3"),
            (tags::PHYSICAL_UNITS_Y_DIRECTION, "3"),
            (tags::PHYSICAL_DELTA_X, "0.02"),
            (tags::PHYSICAL_DELTA_Y, "-0.02"),
            (tags::REGION_FLAGS, "0"),
        ];
        all.retain(|(tag, _)| !more.iter().any(|(other, _)| other == tag));
        all.extend(more);
        set(&all)
    };
    let mut us = image(&[(tags::MODALITY, "US"), (tags::PIXEL_SPACING, "1\\1")]);
    let inverted = region(&[(tags::REGION_LOCATION_MAX_X1, "99")]);
    put_items(
        &mut us,
        tags::SEQUENCE_OF_ULTRASOUND_REGIONS,
        vec![region(&[]), inverted],
    );
    let expected = UltrasoundRegion {
        left: 100,
        top: 50,
        right: 300,
        bottom: 200,
        units: (3, 3),
        delta: (0.02, -0.02),
        high_priority: true,
    };
    assert_eq!(first(&us).spacing, Spacing::Regions(vec![expected]));
}

fn lut(descriptor: &[u16], data: &[u16], name: &str) -> InMemDicomObject {
    let mut item = set(&[(tags::LUT_EXPLANATION, name)]);
    item.put(DataElement::new(
        tags::LUT_DESCRIPTOR,
        VR::US,
        PrimitiveValue::U16(descriptor.into()),
    ));
    item.put(DataElement::new(
        tags::LUT_DATA,
        VR::US,
        PrimitiveValue::U16(data.into()),
    ));
    item
}

#[test]
fn windows_and_tables_are_offered_the_default_first() {
    for (modality, table_first) in [("CT", false), ("MR", false), ("DX", true), ("CR", true), ("MG", true)] {
        let mut both = image(&[
            (tags::MODALITY, modality),
            (tags::WINDOW_CENTER, "40\\300\\0"),
            (tags::WINDOW_WIDTH, "400\\1500\\0"),
            (tags::WINDOW_CENTER_WIDTH_EXPLANATION, "SOFT\\BONE\\JUNK"),
        ]);
        put_items(
            &mut both,
            tags::VOILUT_SEQUENCE,
            vec![lut(&[2, 0, 12], &[1, 4095], "NORMAL")],
        );
        let instance = read(&both);
        let table = VoiChoice {
            name: "NORMAL".into(),
            voi: Voi::Table(LookupTable {
                first: 0,
                bits: 12,
                entries: vec![1, 4095],
            }),
        };
        let windows = [("SOFT", window(40.0, 400.0)), ("BONE", window(300.0, 1500.0))]
            .map(|(name, voi)| VoiChoice { name: name.into(), voi });
        let mut expected = windows.to_vec();
        expected.insert(if table_first { 0 } else { 2 }, table);
        assert_eq!(instance.geometry[0].voi, expected, "{modality}");
        assert_eq!(
            instance.oddities.len(),
            1,
            "the window of no width: {:?}",
            instance.oddities
        );
    }
}

#[test]
fn the_voi_function_is_the_objects_own() {
    for (word, function) in [
        ("SIGMOID", VoiFunction::Sigmoid),
        ("LINEAR_EXACT", VoiFunction::LinearExact),
    ] {
        let dataset = image(&[
            (tags::WINDOW_CENTER, "0.5"),
            (tags::WINDOW_WIDTH, "0.5"),
            (tags::VOILUT_FUNCTION, word),
        ]);
        let expected = Voi::Window {
            centre: 0.5,
            width: 0.5,
            function,
        };
        assert_eq!(first(&dataset).voi[0].voi, expected);
    }
    // Less than one is no width for LINEAR.
    assert!(
        first(&image(&[(tags::WINDOW_CENTER, "0.5"), (tags::WINDOW_WIDTH, "0.5")]))
            .voi
            .is_empty()
    );
}

#[test]
fn a_voi_tables_first_input_is_signed_where_modality_values_may_be_negative() {
    for (more, first_input) in [
        (&[][..], 0xFC00),
        (&[(tags::PIXEL_REPRESENTATION, "1")], -1024),
        (&[(tags::RESCALE_SLOPE, "1"), (tags::RESCALE_INTERCEPT, "-1024")], -1024),
        (&[(tags::RESCALE_SLOPE, "1"), (tags::RESCALE_INTERCEPT, "5")], 0xFC00),
    ] {
        let mut dataset = image(more);
        put_items(
            &mut dataset,
            tags::VOILUT_SEQUENCE,
            vec![lut(&[2, 0xFC00, 8], &[0, 255], "")],
        );
        let Voi::Table(table) = first(&dataset).voi[0].voi.clone() else {
            panic!("a table");
        };
        assert_eq!(table.first, first_input, "{more:?}");
    }
}

#[test]
fn modality_values_come_from_a_table_or_from_slope_and_intercept() {
    let rescale = |slope: &str, intercept: &str| {
        let pair = [(tags::RESCALE_SLOPE, slope), (tags::RESCALE_INTERCEPT, intercept)];
        let instance = read(&image(&pair));
        (instance.geometry[0].modality.clone(), instance.oddities.len())
    };
    let expected = Modality::Rescale {
        slope: 2.0,
        intercept: -1024.0,
    };
    assert_eq!(rescale("2", "-1024"), (expected.clone(), 0));
    assert_eq!(rescale("1.0", "0"), (Modality::Identity, 0));
    for (slope, intercept) in [("0", "5"), ("NaN", "5"), ("1e308", "5"), ("2", "inf"), ("x", "5")] {
        assert_eq!(
            rescale(slope, intercept),
            (Modality::Identity, 1),
            "{slope} {intercept}"
        );
    }
    let mut table = image(&[(tags::RESCALE_SLOPE, "2"), (tags::RESCALE_INTERCEPT, "-1024")]);
    put_items(
        &mut table,
        tags::MODALITY_LUT_SEQUENCE,
        vec![lut(&[2, 10, 16], &[500, 600], "")],
    );
    assert!(
        matches!(first(&table).modality, Modality::Table(table) if table.first == 10 && table.entries == [500, 600])
    );
}

#[test]
fn units_are_named_only_where_they_are_known() {
    let unit = |attributes: &[(Tag, &str)]| read(&image(attributes)).unit;
    let ct = (tags::MODALITY, "CT");
    let rescale = [(tags::RESCALE_SLOPE, "1"), (tags::RESCALE_INTERCEPT, "-1024")];
    assert_eq!(unit(&[ct, rescale[0], rescale[1]]), Unit::Hounsfield);
    assert_eq!(unit(&[ct]), Unit::StoredValue);
    let localizer = (tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\LOCALIZER");
    assert_eq!(
        unit(&[ct, localizer, rescale[0], rescale[1]]),
        Unit::Named("a.u.".into())
    );
    assert_eq!(
        unit(&[ct, rescale[0], rescale[1], (tags::RESCALE_TYPE, "Z_EFF")]),
        Unit::Named("Z_EFF".into())
    );
    assert_eq!(
        unit(&[(tags::MODALITY, "MR"), rescale[0], rescale[1]]),
        Unit::Named("a.u.".into())
    );
    assert_eq!(unit(&[(tags::MODALITY, "MR")]), Unit::StoredValue);
    assert_eq!(
        unit(&[(tags::MODALITY, "PT"), (tags::UNITS, "BQML")]),
        Unit::Named("Bq/ml".into())
    );
}

#[test]
fn padding_has_the_sign_of_the_stored_values() {
    let padding = |attributes: &[(Tag, &str)]| read(&image(attributes)).padding;
    let both = |value, limit| Some(Padding { value, limit });
    assert_eq!(padding(&[]), None);
    assert_eq!(padding(&[(tags::PIXEL_PADDING_VALUE, "0")]), both(0.0, 0.0));
    let signed = (tags::PIXEL_REPRESENTATION, "1");
    assert_eq!(
        padding(&[signed, (tags::PIXEL_PADDING_VALUE, "63536")]),
        both(-2000.0, -2000.0)
    );
    assert_eq!(padding(&[(tags::PIXEL_PADDING_VALUE, "-2000")]), both(63536.0, 63536.0));
    let range = (tags::PIXEL_PADDING_RANGE_LIMIT, "10");
    assert_eq!(padding(&[(tags::PIXEL_PADDING_VALUE, "4"), range]), both(4.0, 10.0));
    assert_eq!(
        padding(&[(tags::PIXEL_PADDING_VALUE, "4"), (tags::SAMPLES_PER_PIXEL, "3")]),
        None
    );
}

#[test]
fn monochrome1_and_the_inverse_shape_say_the_same() {
    let mono1 = (tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME1");
    let shape = (tags::PRESENTATION_LUT_SHAPE, "INVERSE");
    let inverse = |attributes: &[(Tag, &str)]| read(&image(attributes)).inverse;
    assert_eq!(
        [
            inverse(&[]),
            inverse(&[mono1]),
            inverse(&[shape]),
            inverse(&[mono1, shape])
        ],
        [false, true, true, true]
    );
}

#[test]
fn lossy_history_is_never_lost() {
    let lossy = |syntax: &str, attributes: &[(Tag, &str)]| {
        Instance::from_dataset(&image(attributes), TransferSyntax(syntax.into()))
            .unwrap()
            .lossy
    };
    let said = [
        (tags::LOSSY_IMAGE_COMPRESSION, "01"),
        (tags::LOSSY_IMAGE_COMPRESSION_RATIO, "10\\25"),
    ];
    let explicit = "1.2.840.10008.1.2.1";
    assert_eq!(
        lossy(explicit, &said),
        LossyState {
            lossy: true,
            ratio: Some(25.0)
        }
    );
    assert!(!lossy(explicit, &[]).lossy);
    assert!(lossy("1.2.840.10008.1.2.4.50", &[(tags::LOSSY_IMAGE_COMPRESSION, "00")]).lossy);
    assert!(lossy("1.2.840.10008.1.2.4.91", &[]).lossy);
    assert!(!lossy("1.2.840.10008.1.2.4.91", &[(tags::LOSSY_IMAGE_COMPRESSION, "00")]).lossy);
    assert!(!lossy("1.2.840.10008.1.2.4.90", &[]).lossy);
}

#[test]
fn sides_that_contradict_each_other_are_both_shown() {
    let side = |attributes: &[(Tag, &str)]| read(&image(attributes)).text.laterality;
    assert_eq!(side(&[(tags::IMAGE_LATERALITY, "R"), (tags::LATERALITY, "R")]), "R");
    assert_eq!(side(&[(tags::LATERALITY, "L")]), "L");
    assert_eq!(side(&[(tags::IMAGE_LATERALITY, "R"), (tags::LATERALITY, "L")]), "R/L?");
    let mut mammogram = image(&[(tags::VIEW_POSITION, "AP")]);
    assert_eq!(read(&mammogram).text.view_position, "AP");
    put_items(
        &mut mammogram,
        tags::VIEW_CODE_SEQUENCE,
        vec![set(&[(tags::CODE_VALUE, "R-10226")])],
    );
    assert_eq!(read(&mammogram).text.view_position, "MLO");
}

#[test]
fn functional_groups_are_the_frames_own_before_the_shared_ones() {
    let mut enhanced = image(&[
        (tags::MODALITY, "MR"),
        (tags::NUMBER_OF_FRAMES, "2"),
        (tags::PIXEL_SPACING, "9\\9"),
    ]);
    let group = |tag: Tag, attributes: &[(Tag, &str)], into: &mut InMemDicomObject| {
        put_items(into, tag, vec![set(attributes)]);
    };
    let mut shared = InMemDicomObject::new_empty();
    group(
        tags::PIXEL_MEASURES_SEQUENCE,
        &[(tags::PIXEL_SPACING, "0.5\\0.7"), (tags::SLICE_THICKNESS, "3")],
        &mut shared,
    );
    group(
        tags::PLANE_ORIENTATION_SEQUENCE,
        &[(tags::IMAGE_ORIENTATION_PATIENT, "0\\1\\0\\0\\0\\-1")],
        &mut shared,
    );
    group(
        tags::FRAME_VOILUT_SEQUENCE,
        &[(tags::WINDOW_CENTER, "10"), (tags::WINDOW_WIDTH, "20")],
        &mut shared,
    );
    let frames = [("1\\2\\3", "2"), ("5\\2\\3", "4")].map(|(position, slope)| {
        let mut own = InMemDicomObject::new_empty();
        group(
            tags::PLANE_POSITION_SEQUENCE,
            &[(tags::IMAGE_POSITION_PATIENT, position)],
            &mut own,
        );
        group(
            tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
            &[(tags::RESCALE_SLOPE, slope), (tags::RESCALE_INTERCEPT, "0")],
            &mut own,
        );
        group(
            tags::FRAME_CONTENT_SEQUENCE,
            &[
                (tags::STACK_ID, "A"),
                (tags::IN_STACK_POSITION_NUMBER, "2"),
                (tags::DIMENSION_INDEX_VALUES, "1\\2"),
            ],
            &mut own,
        );
        own
    });
    put_items(&mut enhanced, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![shared]);
    put_items(
        &mut enhanced,
        tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
        frames.to_vec(),
    );
    let instance = read(&enhanced);
    assert_eq!(instance.geometry.len(), 2);
    let second = instance.frame_geometry(1).unwrap();
    let plane = second.plane.as_ref().unwrap();
    assert_eq!(
        (plane.origin.x, plane.row_spacing, plane.column_spacing),
        (5.0, 0.5, 0.7)
    );
    assert_eq!(plane.normal(), space::PatientVector::new(-1.0, 0.0, 0.0));
    assert_eq!(second.spacing, Spacing::Patient { row: 0.5, column: 0.7 });
    assert_eq!(second.thickness, Some(3.0));
    assert_eq!(second.voi[0].voi, window(10.0, 20.0));
    assert_eq!(
        second.modality,
        Modality::Rescale {
            slope: 4.0,
            intercept: 0.0
        }
    );
    assert_eq!((second.order.stack.as_str(), second.order.in_stack), ("A", Some(2)));
    assert_eq!(second.order.dimension_index, [1, 2]);
    assert!(instance.oddities.is_empty(), "{:?}", instance.oddities);
}

#[test]
fn an_orientation_that_makes_no_plane_is_not_used() {
    let plane = |position: &str, orientation: &str| {
        let instance = read(&image(&[
            (tags::MODALITY, "CT"),
            (tags::PIXEL_SPACING, "1\\1"),
            (tags::IMAGE_POSITION_PATIENT, position),
            (tags::IMAGE_ORIENTATION_PATIENT, orientation),
        ]));
        (instance.geometry[0].plane.is_some(), instance.oddities.len())
    };
    assert_eq!(plane("0\\0\\0", "1\\0\\0\\0\\1\\0"), (true, 0));
    for (position, orientation) in [
        ("0\\0\\0", "1\\0\\0\\1\\0\\0"),
        ("0\\0\\0", "2\\0\\0\\0\\1\\0"),
        ("0\\0\\0", "0\\0\\0\\0\\0\\0"),
        ("0\\0\\0", "NaN\\0\\0\\0\\1\\0"),
        ("0\\0", "1\\0\\0\\0\\1\\0"),
    ] {
        assert_eq!(plane(position, orientation), (false, 1), "{position} {orientation}");
    }
}

#[test]
fn frames_of_a_dose_grid_lie_at_their_offsets() {
    let dose = image(&[
        (tags::MODALITY, "RTDOSE"),
        (tags::NUMBER_OF_FRAMES, "3"),
        (tags::PIXEL_SPACING, "1\\1"),
        (tags::IMAGE_POSITION_PATIENT, "0\\0\\10"),
        (tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\1\\0"),
        (tags::GRID_FRAME_OFFSET_VECTOR, "0\\2.5\\5"),
    ]);
    let heights: Vec<f64> = read(&dose)
        .geometry
        .iter()
        .map(|g| g.plane.as_ref().unwrap().origin.z)
        .collect();
    assert_eq!(heights, [10.0, 12.5, 15.0]);
}

#[test]
fn a_palette_that_is_missing_is_told() {
    let mut colour = image(&[
        (tags::PHOTOMETRIC_INTERPRETATION, "PALETTE COLOR"),
        (tags::BITS_ALLOCATED, "8"),
    ]);
    assert!(read(&colour).oddities.iter().any(|oddity| oddity.0.contains("palette")));
    for (descriptor, data) in [
        (
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        ),
        (
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        ),
        (
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        ),
    ] {
        colour.put(DataElement::new(
            descriptor,
            VR::US,
            PrimitiveValue::U16([2, 0, 16][..].into()),
        ));
        colour.put(DataElement::new(
            data,
            VR::OW,
            PrimitiveValue::U16([0, 0xFF00][..].into()),
        ));
    }
    let palette = read(&colour).palette.unwrap();
    assert_eq!(
        [palette.rgb(0.0), palette.rgb(1.0), palette.rgb(9.0)],
        [[0; 3], [255; 3], [255; 3]]
    );
}

#[test]
fn frames_beyond_their_groups_borrow_no_place_and_repeated_tables_are_bounded() {
    let mut enhanced = image(&[
        (tags::MODALITY, "CT"),
        (tags::NUMBER_OF_FRAMES, "3"),
        (tags::PIXEL_SPACING, "1\\1"),
        (tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\1\\0"),
    ]);
    let mut own = InMemDicomObject::new_empty();
    put_items(
        &mut own,
        tags::PLANE_POSITION_SEQUENCE,
        vec![set(&[(tags::IMAGE_POSITION_PATIENT, "0\\0\\7")])],
    );
    put_items(
        &mut enhanced,
        tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
        vec![own.clone(), own.clone()],
    );
    let planes: Vec<bool> = read(&enhanced).geometry.iter().map(|g| g.plane.is_some()).collect();
    assert_eq!(planes, [true, true, false]);
    // A table of 64 kB for each of 10 000 frames.
    let table = lut(&[32_768, 0, 16], &vec![1; 32_768], "");
    let mut repeated = image(&[(tags::NUMBER_OF_FRAMES, "10000")]);
    put_items(&mut repeated, tags::VOILUT_SEQUENCE, vec![table]);
    put_items(&mut repeated, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, vec![own; 2]);
    let refused = Instance::from_dataset(&repeated, TransferSyntax("1.2.840.10008.1.2.1".into()));
    assert!(matches!(refused, Err(ObjectError::Refused(_))));
    // What a server only says is bounded.
    assert_eq!(
        read(&image(&[(tags::NUMBER_OF_FRAMES, "4000000000")])).frames,
        2_000_000
    );
}
