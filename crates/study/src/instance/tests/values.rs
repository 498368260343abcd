//! Identity, values, windows, units, padding and the words of an image.

use super::*;

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
    let state = lossy(explicit, &said);
    assert_eq!((state.lossy, state.ratio, state.said), (true, Some(25.0), Some(true)));
    assert!(!lossy(explicit, &[]).lossy);
    assert!(lossy("1.2.840.10008.1.2.4.50", &[(tags::LOSSY_IMAGE_COMPRESSION, "00")]).lossy);
    assert!(lossy("1.2.840.10008.1.2.4.91", &[]).lossy);
    assert!(!lossy("1.2.840.10008.1.2.4.91", &[(tags::LOSSY_IMAGE_COMPRESSION, "00")]).lossy);
    assert!(!lossy("1.2.840.10008.1.2.4.90", &[]).lossy);
    assert!(lossy("1.2.840.10008.1.2.4.107", &[]).lossy, "video always loses");
}

#[test]
fn each_lossy_step_keeps_its_method_and_its_ratio_and_the_encoding_its_name() {
    let attributes = [
        (tags::LOSSY_IMAGE_COMPRESSION, "01"),
        (tags::LOSSY_IMAGE_COMPRESSION_METHOD, "ISO_10918_1\\MAKER_OWN"),
        (tags::LOSSY_IMAGE_COMPRESSION_RATIO, "12\\-1\\3.5"),
    ];
    let syntax = TransferSyntax("1.2.840.10008.1.2.4.81".into());
    let state = Instance::from_dataset(&image(&attributes), syntax).unwrap().lossy;
    let step = |method: Option<&str>, ratio| LossyStep {
        method: method.map(Into::into),
        ratio,
    };
    assert_eq!(
        state.steps,
        [
            step(Some("JPEG"), Some(12.0)),
            step(Some("MAKER_OWN"), None),
            step(None, Some(3.5))
        ]
    );
    assert_eq!(state.encoding, LossyEncoding::Possible("JPEG-LS near-lossless"));
    assert_eq!(read(&image(&[])).lossy, LossyState::default());
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
fn metadata_alone_is_not_believed_to_have_millions_of_frames() {
    for (claimed, believed) in [("100000", 100_000), ("2000000", 100_000), ("999999999", 100_000)] {
        let instance = read(&image(&[(tags::NUMBER_OF_FRAMES, claimed)]));
        assert_eq!(instance.frames, believed, "{claimed}");
        let says_so = instance.oddities.iter().any(|oddity| oddity.0.contains("more frames"));
        assert_eq!(says_so, claimed != "100000");
    }
}

#[test]
fn what_was_taken_instead_of_something_missing_or_wrong_is_told_as_a_correction() {
    let corrections = |more: &[(Tag, &str)], without: Option<Tag>| {
        let mut dataset = image(more);
        without.map(|tag| dataset.remove_element(tag));
        let instance = read(&dataset);
        let told = |word: &str| instance.corrections.iter().any(|oddity| oddity.0.contains(word));
        for correction in &instance.corrections {
            assert!(instance.oddities.contains(correction), "{correction:?}");
        }
        (instance.corrections.len(), told("missing"))
    };
    assert_eq!(corrections(&[], None), (0, false));
    for tag in [
        tags::SAMPLES_PER_PIXEL,
        tags::BITS_STORED,
        tags::HIGH_BIT,
        tags::PIXEL_REPRESENTATION,
        tags::PHOTOMETRIC_INTERPRETATION,
    ] {
        assert_eq!(corrections(&[], Some(tag)), (1, true), "{tag}");
    }
    assert_eq!(corrections(&[(tags::RESCALE_SLOPE, "2")], None), (1, true));
    assert_eq!(corrections(&[(tags::PIXEL_PADDING_VALUE, "-2000")], None), (1, false));
    // What is odd and changes nothing of the picture is no correction.
    let sides = [(tags::IMAGE_LATERALITY, "R"), (tags::LATERALITY, "L")];
    assert_eq!(corrections(&sides, None), (0, false));
}

#[test]
fn a_window_in_stored_values_is_converted_where_it_can_mean_nothing_else() {
    let with = |modality: &str, centre: &str, width: &str| {
        let dataset = image(&[
            (tags::MODALITY, modality),
            (tags::RESCALE_SLOPE, "0.01"),
            (tags::RESCALE_INTERCEPT, "0"),
            (tags::WINDOW_CENTER, centre),
            (tags::WINDOW_WIDTH, width),
        ]);
        let instance = read(&dataset);
        (instance.geometry[0].voi[0].voi.clone(), instance.corrections.len())
    };
    // 4096 stored values are rescaled to 0 … 40.95.
    let (converted, told) = with("MR", "1000", "401");
    let Voi::Window {
        centre,
        width,
        function,
    } = converted
    else {
        panic!("a window stays one")
    };
    assert!((centre - 9.995).abs() < 1e-9 && (width - 4.0).abs() < 1e-9 && told == 1);
    assert_eq!(function, VoiFunction::LinearExact);
    // The same line: stored 800 is black, stored 1199 is white, as LINEAR 1000/401 has them.
    let (stored, rescaled) = (
        window(1000.0, 401.0),
        Voi::Window {
            centre,
            width,
            function,
        },
    );
    for x in [799.0, 800.0, 801.0, 999.0, 1000.0, 1199.0, 1200.0] {
        assert!((stored.part(x) - rescaled.part(x * 0.01)).abs() < 1e-6, "{x}");
    }
    assert_eq!(with("MR", "20", "40").0, window(20.0, 40.0), "it means modality values");
    assert_eq!(with("CT", "1000", "400").0, window(1000.0, 400.0), "a CT is believed");
    assert_eq!(with("MR", "9000", "400").0, window(9000.0, 400.0), "it means neither");
}

#[test]
fn a_presentation_table_is_read_with_its_depth() {
    let mut dataset = image(&[]);
    put_items(
        &mut dataset,
        tags::PRESENTATION_LUT_SEQUENCE,
        vec![lut(&[3, 0, 10], &[1023, 512, 0], "")],
    );
    let table = read(&dataset).wishes.presentation_lut.unwrap();
    assert_eq!(
        (table.first, table.bits, table.entries.as_slice()),
        (0, 10, &[1023, 512, 0][..])
    );
}

#[test]
fn a_colour_profile_is_read_where_there_are_colours_and_told_when_it_cannot_be_used() {
    let colour = || {
        image(&[
            (tags::PHOTOMETRIC_INTERPRETATION, "RGB"),
            (tags::SAMPLES_PER_PIXEL, "3"),
            (tags::BITS_ALLOCATED, "8"),
            (tags::BITS_STORED, "8"),
            (tags::HIGH_BIT, "7"),
        ])
    };
    let profile = || DataElement::new(tags::ICC_PROFILE, VR::OB, PrimitiveValue::U8([7; 200][..].into()));
    let states = |dataset: &InMemDicomObject| {
        let instance = read(dataset);
        let told = instance.oddities.iter().any(|oddity| oddity.0.contains("profile"));
        (instance.colours, told)
    };
    assert_eq!(states(&colour()), (ColourState::Unstated, false));
    let mut own = colour();
    own.put(profile());
    assert_eq!(states(&own), (ColourState::Unusable, true));
    let mut slide = colour();
    put_items(
        &mut slide,
        tags::OPTICAL_PATH_SEQUENCE,
        vec![InMemDicomObject::from_element_iter([profile()])],
    );
    assert_eq!(states(&slide), (ColourState::Unusable, true));
    let mut grey = image(&[]);
    grey.put(profile());
    assert_eq!(states(&grey), (ColourState::Unstated, false));
}

#[test]
fn a_supplemental_palette_counts_where_the_image_says_that_it_is_coloured() {
    let with = |presentation: &str| {
        let mut dataset = image(&[(tags::PIXEL_PRESENTATION, presentation)]);
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
            dataset.put(DataElement::new(
                descriptor,
                VR::US,
                PrimitiveValue::U16([2, 4000, 16][..].into()),
            ));
            dataset.put(DataElement::new(
                data,
                VR::OW,
                PrimitiveValue::U16([0, 0xff00][..].into()),
            ));
        }
        read(&dataset)
    };
    let mixed = with("MIXED");
    let palette = mixed.wishes.supplemental.unwrap();
    assert_eq!((palette.red.first, palette.rgb(4001.0)), (4000, [255; 3]));
    assert!(mixed.palette.is_none(), "the image stays a grey one");
    assert!(with("MONOCHROME").wishes.supplemental.is_none());
}
