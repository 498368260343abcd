//! Where frames lie and what their pixels measure.

use super::*;

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
    assert_eq!(first(&us).spacing, Spacing::Regions(vec![expected.clone()]));
    // The largest region of lengths says how tall a pixel is, not a spectrum and not an inset.
    let tall = UltrasoundRegion {
        delta: (0.02, 0.03),
        ..expected.clone()
    };
    let spectrum = UltrasoundRegion {
        right: 900,
        units: (4, 7),
        delta: (1.0, 9.0),
        ..expected.clone()
    };
    let inset = UltrasoundRegion { right: 110, ..expected };
    let aspect = Spacing::Regions(vec![inset, tall, spectrum]).aspect();
    assert!((aspect - 1.5).abs() < 1e-12);
    assert_eq!(Spacing::Regions(Vec::new()).aspect(), 1.0);
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
    // However many frames are beyond, one description stands for them.
    enhanced.put_str(tags::NUMBER_OF_FRAMES, VR::IS, "90000");
    let many = read(&enhanced);
    assert_eq!((many.frames, many.geometry.len()), (90_000, 3));
    assert!(many.frame_geometry(1).unwrap().plane.is_some());
    assert!(many.frame_geometry(80_000).unwrap().plane.is_none());
    // A table of 64 kB for each of 10 000 frames.
    let table = lut(&[32_768, 0, 16], &vec![1; 32_768], "");
    let mut repeated = image(&[(tags::NUMBER_OF_FRAMES, "10000")]);
    put_items(&mut repeated, tags::VOILUT_SEQUENCE, vec![table]);
    put_items(
        &mut repeated,
        tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
        vec![own; 10_000],
    );
    let refused = Instance::from_dataset(&repeated, TransferSyntax("1.2.840.10008.1.2.1".into()));
    assert!(matches!(refused, Err(ObjectError::Refused(_))));
    // What a server only says is bounded.
    assert_eq!(read(&image(&[(tags::NUMBER_OF_FRAMES, "4000000000")])).frames, 100_000);
}

#[test]
fn an_orientation_that_makes_no_sense_is_refused_and_one_that_is_absent_is_not() {
    let refused = |more: &[(Tag, &str)]| {
        let mut all = vec![(tags::MODALITY, "CT"), (tags::PIXEL_SPACING, "1\\1")];
        all.extend(more);
        first(&image(&all)).orientation_refused
    };
    let position = (tags::IMAGE_POSITION_PATIENT, "0\\0\\0");
    assert!(!refused(&[]));
    assert!(!refused(&[position]));
    assert!(!refused(&[
        position,
        (tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\1\\0")
    ]));
    assert!(refused(&[
        position,
        (tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\1\\0\\0")
    ]));
    for (written, no_sense) in [
        ("L\\F", false),
        ("L\\R", true),
        ("AL\\P", true),
        ("CD\\V", false),
        ("L", false),
    ] {
        assert_eq!(refused(&[(tags::PATIENT_ORIENTATION, written)]), no_sense, "{written}");
    }
    let animal = [
        (tags::PATIENT_ORIENTATION, "LE\\RT"),
        (tags::ANATOMICAL_ORIENTATION_TYPE, "QUADRUPED"),
    ];
    assert!(!refused(&animal));
}
