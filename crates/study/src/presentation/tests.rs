//! States that are made here, one trait at a time.

use dicom_core::value::DataSetSequence;
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::InMemDicomObject;
use pixels::display::VoiFunction;

use super::*;
use crate::object::Oddities;
use crate::{Layout, Photometric, SampleKind, TransferSyntax};

type Item = InMemDicomObject;

fn set(elements: Vec<DataElement<Item>>) -> Item {
    Item::from_element_iter(elements)
}

fn text(tag: Tag, vr: VR, value: &str) -> DataElement<Item> {
    DataElement::new(tag, vr, PrimitiveValue::from(value))
}

fn code(tag: Tag, value: &str) -> DataElement<Item> {
    text(tag, VR::CS, value)
}

fn floats(tag: Tag, values: &[f32]) -> DataElement<Item> {
    DataElement::new(tag, VR::FL, PrimitiveValue::F32(values.iter().copied().collect()))
}

fn longs(tag: Tag, values: &[i32]) -> DataElement<Item> {
    DataElement::new(tag, VR::SL, PrimitiveValue::I32(values.iter().copied().collect()))
}

fn shorts(tag: Tag, values: &[u16]) -> DataElement<Item> {
    DataElement::new(tag, VR::US, PrimitiveValue::U16(values.iter().copied().collect()))
}

fn sequence(tag: Tag, items: Vec<Item>) -> DataElement<Item> {
    DataElement::new(tag, VR::SQ, DataSetSequence::from(items))
}

/// References to images by the last number of their UIDs, with their frames from 1.
fn images(named: &[(u32, &[u32])]) -> DataElement<Item> {
    let one = |(image, frames): &(u32, &[u32])| {
        let mut elements = vec![text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, &format!("1.3.{image}"))];
        if !frames.is_empty() {
            let frames: Vec<String> = frames.iter().map(u32::to_string).collect();
            elements.push(text(tags::REFERENCED_FRAME_NUMBER, VR::IS, &frames.join("\\")));
        }
        set(elements)
    };
    sequence(tags::REFERENCED_IMAGE_SEQUENCE, named.iter().map(one).collect())
}

/// A grayscale state for images 1 and 2 of series 1.3, with what else it says.
fn made(more: Vec<DataElement<Item>>) -> Item {
    let series = set(vec![
        text(tags::SERIES_INSTANCE_UID, VR::UI, "1.3"),
        images(&[(1, &[]), (2, &[2, 3])]),
    ]);
    let mut elements = vec![
        text(
            tags::SOP_CLASS_UID,
            VR::UI,
            uids::GRAYSCALE_SOFTCOPY_PRESENTATION_STATE_STORAGE,
        ),
        sequence(tags::REFERENCED_SERIES_SEQUENCE, vec![series]),
        code(tags::CONTENT_LABEL, "FRACTURE"),
        text(tags::CONTENT_DESCRIPTION, VR::LO, "Left wrist"),
    ];
    elements.extend(more);
    set(elements)
}

fn read(dataset: &Item) -> (Option<PresentationState>, Vec<String>) {
    let mut oddities = Oddities::default();
    let state = state(dataset, &mut oddities);
    (state, oddities.into_list().into_iter().map(|o| o.0).collect())
}

/// An image of series 1.3 by the last number of its UID.
fn image(number: u32, signed: bool) -> Instance {
    let dataset = set(vec![
        text(tags::STUDY_INSTANCE_UID, VR::UI, "1.2"),
        text(tags::SERIES_INSTANCE_UID, VR::UI, "1.3"),
        text(tags::SOP_INSTANCE_UID, VR::UI, &format!("1.3.{number}")),
    ]);
    let mut image = Instance::from_dataset(&dataset, TransferSyntax("1.2.840.10008.1.2.1".into())).unwrap();
    image.layout = Some(Arc::new(Layout {
        rows: 20,
        columns: 30,
        samples_per_pixel: 1,
        planar: false,
        bits_allocated: 16,
        bits_stored: 16,
        high_bit: 15,
        signed,
        photometric: Photometric::Monochrome2,
        kind: SampleKind::Integer,
    }));
    image
}

#[test]
fn a_state_is_known_by_its_label_and_holds_for_the_images_that_it_names() {
    let (state, oddities) = read(&made(vec![]));
    let state = state.unwrap();
    assert_eq!(state.name(), "FRACTURE – Left wrist");
    assert!(oddities.is_empty() && state.not_shown.is_empty());
    assert!(state.is_for_series(&SeriesUid::new("1.3").unwrap()));
    assert!(!state.is_for_series(&SeriesUid::new("1.4").unwrap()));
    let holds = |image_number, frame| state.is_for(&image(image_number, false), frame);
    assert!(holds(1, 0) && holds(1, 7), "no frame named means every frame");
    assert!(
        !holds(2, 0) && holds(2, 1) && holds(2, 2) && !holds(2, 3),
        "frames count from 1 in the object"
    );
    assert!(!holds(3, 0));
    let mut elsewhere = image(1, false);
    elsewhere.series = SeriesUid::new("1.4").unwrap();
    assert_eq!(state.on(&elsewhere, 0), None);
    let printed = format!("{state:?}");
    assert!(!printed.contains("FRACTURE") && !printed.contains("1.3.1"), "{printed}");
}

#[test]
fn other_objects_are_no_states_and_one_without_images_says_so() {
    let ct = set(vec![text(tags::SOP_CLASS_UID, VR::UI, uids::CT_IMAGE_STORAGE)]);
    assert_eq!(read(&ct), (None, vec![]));
    let class = uids::COLOR_SOFTCOPY_PRESENTATION_STATE_STORAGE;
    let (state, oddities) = read(&set(vec![text(tags::SOP_CLASS_UID, VR::UI, class)]));
    assert_eq!((state, oddities.len()), (None, 1));
    // Images that are named by nonsense are not "all images".
    let mut nonsense = made(vec![]);
    let reference = set(vec![text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, "../1")]);
    nonsense.put(sequence(
        tags::REFERENCED_SERIES_SEQUENCE,
        vec![set(vec![
            text(tags::SERIES_INSTANCE_UID, VR::UI, "1.3"),
            sequence(tags::REFERENCED_IMAGE_SEQUENCE, vec![reference]),
        ])],
    ));
    assert_eq!(read(&nonsense).0, None);
}

fn window(centre: &str, width: &str, of: &[(u32, &[u32])]) -> Item {
    let mut elements = vec![
        text(tags::WINDOW_CENTER, VR::DS, centre),
        text(tags::WINDOW_WIDTH, VR::DS, width),
    ];
    if !of.is_empty() {
        elements.push(images(of));
    }
    set(elements)
}

#[test]
fn windows_hold_for_their_own_images_and_none_means_the_whole_range() {
    let windows = vec![
        window("40", "400", &[(1, &[])]),
        window("7", "0", &[(2, &[2])]),
        window("300\\9", "1500\\9", &[(2, &[2])]),
    ];
    let (state, oddities) = read(&made(vec![
        sequence(tags::SOFTCOPY_VOILUT_SEQUENCE, windows),
        text(tags::RESCALE_INTERCEPT, VR::DS, "-1024"),
        text(tags::RESCALE_SLOPE, VR::DS, "1"),
    ]));
    let state = state.unwrap();
    let voi = |number, frame| state.on(&image(number, false), frame).unwrap().voi;
    let linear = |centre, width| {
        Some(Voi::Window {
            centre,
            width,
            function: VoiFunction::Linear,
        })
    };
    assert_eq!(voi(1, 0), linear(40.0, 400.0));
    assert_eq!(
        voi(2, 1),
        linear(300.0, 1500.0),
        "the one that cannot be applied is passed over"
    );
    assert_eq!(voi(2, 2), None);
    assert!(!oddities.is_empty());
    let rescale = Modality::Rescale {
        slope: 1.0,
        intercept: -1024.0,
    };
    assert_eq!(state.modality_on(&image(1, false)), rescale);
    assert_eq!(read(&made(vec![])).0.unwrap().modality, Modality::Identity);
}

fn table(first: u16, entries: &[u16]) -> Item {
    set(vec![
        shorts(tags::LUT_DESCRIPTOR, &[entries.len() as u16, first, 16]),
        shorts(tags::LUT_DATA, entries),
    ])
}

#[test]
fn tables_begin_below_zero_where_stored_values_do() {
    let item = set(vec![sequence(tags::VOILUT_SEQUENCE, vec![table(0xFFFE, &[1, 2, 3])])]);
    let dataset = made(vec![
        sequence(tags::SOFTCOPY_VOILUT_SEQUENCE, vec![item]),
        sequence(tags::PRESENTATION_LUT_SEQUENCE, vec![table(5, &[0, 9])]),
    ]);
    let state = read(&dataset).0.unwrap();
    let first = |signed| match state.on(&image(1, signed), 0).unwrap().voi {
        Some(Voi::Table(table)) => table.first,
        other => panic!("{other:?}"),
    };
    assert_eq!((first(false), first(true)), (0xFFFE, -2));
    let PresentationLut::Table(lut) = &state.lut else {
        panic!("{:?}", state.lut)
    };
    assert_eq!((lut.first, lut.entries.as_slice()), (0, &[0, 9][..]));
    let inverse = made(vec![code(tags::PRESENTATION_LUT_SHAPE, "INVERSE")]);
    assert_eq!(read(&inverse).0.unwrap().lut, PresentationLut::Inverse);
}

#[test]
fn a_turn_before_a_mirror_is_a_mirror_before_the_opposite_turn() {
    for (degrees, flip, turn, flipped) in [
        (0, "N", Turn::None, false),
        (90, "N", Turn::Quarter, false),
        (270, "N", Turn::ThreeQuarters, false),
        (90, "Y", Turn::ThreeQuarters, true),
        (180, "Y", Turn::Half, true),
        (270, "Y", Turn::Quarter, true),
        (-90, "N", Turn::ThreeQuarters, false),
    ] {
        let state = read(&made(vec![
            longs(tags::IMAGE_ROTATION, &[degrees]),
            code(tags::IMAGE_HORIZONTAL_FLIP, flip),
        ]));
        let state = state.0.unwrap();
        assert_eq!((state.turn, state.flipped), (turn, flipped), "{degrees} {flip}");
    }
    let odd = read(&made(vec![longs(tags::IMAGE_ROTATION, &[45])])).0.unwrap();
    assert_eq!((odd.turn, odd.not_shown.len()), (Turn::None, 1));
}

fn area(corners: [[i32; 2]; 2], mode: &str, more: Vec<DataElement<Item>>) -> (DisplayedArea, usize) {
    let mut elements = vec![
        longs(tags::DISPLAYED_AREA_TOP_LEFT_HAND_CORNER, &corners[0]),
        longs(tags::DISPLAYED_AREA_BOTTOM_RIGHT_HAND_CORNER, &corners[1]),
        code(tags::PRESENTATION_SIZE_MODE, mode),
    ];
    elements.extend(more);
    let sequence = sequence(tags::DISPLAYED_AREA_SELECTION_SEQUENCE, vec![set(elements)]);
    let (state, oddities) = read(&made(vec![sequence]));
    let area = state.unwrap().on(&image(1, false), 0).unwrap().area.unwrap();
    (DisplayedArea::clone(&area), oddities.len())
}

#[test]
fn each_size_mode_is_read_with_what_it_needs() {
    let spacing = || text(tags::PRESENTATION_PIXEL_SPACING, VR::DS, "0.4\\0.2");
    let ratio = || text(tags::PRESENTATION_PIXEL_ASPECT_RATIO, VR::IS, "3\\2");
    let magnify = || floats(tags::PRESENTATION_PIXEL_MAGNIFICATION_RATIO, &[2.5]);
    let whole = [[1, 1], [30, 20]];
    let (fitted, oddities) = area(whole, "SCALE TO FIT", vec![ratio()]);
    let edges = (fitted.left, fitted.top, fitted.right, fitted.bottom);
    assert_eq!(edges, (-0.5, -0.5, 29.5, 19.5));
    assert_eq!(
        (fitted.size, fitted.aspect, oddities),
        (SizeMode::ScaleToFit, Some(1.5), 0)
    );
    let (true_size, _) = area(whole, "TRUE SIZE", vec![spacing()]);
    let wanted = SizeMode::TrueSize {
        column_mm: f64::from(0.2_f32),
    };
    assert_eq!(true_size.aspect, Some(2.0));
    assert!(
        matches!(true_size.size, SizeMode::TrueSize { column_mm } if (column_mm - 0.2).abs() < 1e-9),
        "{wanted:?}"
    );
    assert_eq!(area(whole, "MAGNIFY", vec![magnify()]).0.size, SizeMode::Magnify(2.5));
    // What a mode needs and lacks is told, and the image fitted.
    for mode in ["TRUE SIZE", "MAGNIFY", "HUGE"] {
        let (area, oddities) = area(whole, mode, vec![]);
        assert_eq!((area.size, oddities), (SizeMode::ScaleToFit, 1), "{mode}");
    }
    // After a half turn the upper left corner is the stored image's lower right one; areas may reach beyond the image.
    let (turned, _) = area([[40, 10], [-4, 1]], "SCALE TO FIT", vec![]);
    assert_eq!(
        (turned.left, turned.top, turned.right, turned.bottom),
        (-5.5, -0.5, 39.5, 9.5)
    );
}

fn graphic(kind: &str, data: &[f32], units: &str, filled: &str) -> Item {
    set(vec![
        code(tags::GRAPHIC_ANNOTATION_UNITS, units),
        shorts(tags::GRAPHIC_DIMENSIONS, &[2]),
        shorts(tags::NUMBER_OF_GRAPHIC_POINTS, &[(data.len() / 2) as u16]),
        floats(tags::GRAPHIC_DATA, data),
        code(tags::GRAPHIC_TYPE, kind),
        code(tags::GRAPHIC_FILLED, filled),
    ])
}

fn annotated(layer: &str, graphics: Vec<Item>, texts: Vec<Item>) -> Item {
    set(vec![
        code(tags::GRAPHIC_LAYER, layer),
        sequence(tags::GRAPHIC_OBJECT_SEQUENCE, graphics),
        sequence(tags::TEXT_OBJECT_SEQUENCE, texts),
    ])
}

fn pixel(x: f64, y: f64) -> Spot {
    Spot {
        x,
        y,
        units: Units::Pixel,
    }
}

#[test]
fn every_graphic_type_is_read() {
    let graphics = vec![
        graphic("POINT", &[1.0, 2.0], "PIXEL", "N"),
        graphic("POLYLINE", &[0.0, 0.0, 4.0, 0.0, 4.0, 4.0, 0.0, 0.0], "PIXEL", "Y"),
        graphic("INTERPOLATED", &[0.0, 0.0, 0.5, 0.25, 1.0, 1.0], "DISPLAY", "N"),
        graphic("CIRCLE", &[5.0, 5.0, 5.0, 8.0], "PIXEL", "N"),
        graphic("ELLIPSE", &[0.0, 5.0, 10.0, 5.0, 5.0, 3.0, 5.0, 7.0], "PIXEL", "Y"),
    ];
    let item = annotated("ONE", graphics, vec![]);
    let (state, oddities) = read(&made(vec![
        sequence(tags::GRAPHIC_ANNOTATION_SEQUENCE, vec![item]),
        sequence(
            tags::GRAPHIC_LAYER_SEQUENCE,
            vec![set(vec![code(tags::GRAPHIC_LAYER, "ONE")])],
        ),
    ]));
    assert!(oddities.is_empty(), "{oddities:?}");
    let annotations = state.unwrap().on(&image(1, false), 0).unwrap().annotations;
    let display = |x, y| Spot {
        x,
        y,
        units: Units::Display,
    };
    let polyline = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 0.0)].map(|(x, y)| pixel(x, y));
    let shapes: Vec<(Shape, bool)> = annotations[0]
        .graphics
        .iter()
        .map(|graphic| (graphic.shape.clone(), graphic.filled))
        .collect();
    assert_eq!(
        shapes,
        [
            (Shape::Point(pixel(1.0, 2.0)), false),
            (Shape::Polyline(polyline.to_vec()), true),
            (
                Shape::Interpolated(vec![display(0.0, 0.0), display(0.5, 0.25), display(1.0, 1.0)]),
                false
            ),
            (
                Shape::Circle {
                    centre: pixel(5.0, 5.0),
                    on: pixel(5.0, 8.0)
                },
                false
            ),
            (
                Shape::Ellipse {
                    major: [pixel(0.0, 5.0), pixel(10.0, 5.0)],
                    minor: [pixel(5.0, 3.0), pixel(5.0, 7.0)]
                },
                true
            ),
        ]
    );
}

#[test]
fn texts_stand_in_a_box_or_at_an_anchor() {
    let boxed = set(vec![
        text(tags::UNFORMATTED_TEXT_VALUE, VR::ST, "one\r\ntwo\rthree\u{7}"),
        code(tags::BOUNDING_BOX_ANNOTATION_UNITS, "DISPLAY"),
        floats(tags::BOUNDING_BOX_TOP_LEFT_HAND_CORNER, &[0.25, 0.5]),
        floats(tags::BOUNDING_BOX_BOTTOM_RIGHT_HAND_CORNER, &[0.75, 1.0]),
        code(tags::BOUNDING_BOX_TEXT_HORIZONTAL_JUSTIFICATION, "RIGHT"),
    ]);
    let anchored = set(vec![
        text(tags::UNFORMATTED_TEXT_VALUE, VR::ST, "here"),
        code(tags::ANCHOR_POINT_ANNOTATION_UNITS, "PIXEL"),
        floats(tags::ANCHOR_POINT, &[3.0, 4.0]),
        code(tags::ANCHOR_POINT_VISIBILITY, "Y"),
    ]);
    let nowhere = set(vec![text(tags::UNFORMATTED_TEXT_VALUE, VR::ST, "nowhere")]);
    let item = annotated("ONE", vec![], vec![boxed, anchored, nowhere]);
    let (state, oddities) = read(&made(vec![sequence(tags::GRAPHIC_ANNOTATION_SEQUENCE, vec![item])]));
    let annotations = state.unwrap().on(&image(1, false), 0).unwrap().annotations;
    let [first, second] = annotations[0].texts.as_slice() else {
        panic!("{annotations:?}")
    };
    assert_eq!(first.words.to_reader(), "one\ntwo\nthree");
    let bounds = first.bounds.unwrap();
    assert_eq!(bounds.justification, Justification::Right);
    assert_eq!((bounds.top_left.x, bounds.bottom_right.units), (0.25, Units::Display));
    assert_eq!((first.anchor, first.tied), (None, false));
    assert_eq!((second.anchor, second.tied), (Some(pixel(3.0, 4.0)), true));
    assert_eq!(
        oddities.len(),
        2,
        "a text without a place, a layer that is not there: {oddities:?}"
    );
}

#[test]
fn layers_lie_in_their_order_with_their_shades() {
    let layer = |name: &str, order: i32, grey: u16| {
        set(vec![
            code(tags::GRAPHIC_LAYER, name),
            text(tags::GRAPHIC_LAYER_ORDER, VR::IS, &order.to_string()),
            shorts(tags::GRAPHIC_LAYER_RECOMMENDED_DISPLAY_GRAYSCALE_VALUE, &[grey]),
        ])
    };
    let point = || vec![graphic("POINT", &[1.0, 1.0], "PIXEL", "N")];
    let state = read(&made(vec![
        sequence(
            tags::GRAPHIC_ANNOTATION_SEQUENCE,
            vec![annotated("TOP", point(), vec![]), annotated("LOW", point(), vec![])],
        ),
        sequence(
            tags::GRAPHIC_LAYER_SEQUENCE,
            vec![layer("TOP", 2, 0xFFFF), layer("LOW", 1, 0x8000)],
        ),
    ]));
    let annotations = state.0.unwrap().on(&image(1, false), 0).unwrap().annotations;
    let seen: Vec<_> = annotations.iter().map(|a| (a.order, a.shade)).collect();
    assert_eq!(seen, [(1, Some([128; 3])), (2, Some([255; 3]))]);
}

#[test]
fn what_makes_no_sense_is_left_out_alone_and_counts_are_bounded() {
    let bad = [
        graphic("CIRCLE", &[5.0, 5.0], "PIXEL", "N"),
        graphic("ELLIPSE", &[5.0, 5.0, 1.0, 1.0], "PIXEL", "N"),
        graphic("POLYLINE", &[], "PIXEL", "N"),
        graphic("POLYLINE", &[f32::NAN, 0.0, 1.0, 1.0], "PIXEL", "N"),
        graphic("POLYLINE", &[1e30, 0.0, 1.0, 1.0], "PIXEL", "N"),
        graphic("STAR", &[1.0, 1.0], "PIXEL", "N"),
        graphic("POINT", &[1.0, 1.0], "MATRIX", "N"),
        set(vec![]),
    ];
    let mut graphics = bad.to_vec();
    graphics.push(graphic("POINT", &[1.0, 1.0], "PIXEL", "N"));
    let shown = |graphics: Vec<Item>| {
        let item = annotated("ONE", graphics, vec![]);
        let (state, oddities) = read(&made(vec![sequence(tags::GRAPHIC_ANNOTATION_SEQUENCE, vec![item])]));
        let on = state.unwrap().on(&image(1, false), 0).unwrap();
        (
            on.annotations.iter().map(|a| a.graphics.len()).sum::<usize>(),
            oddities.len(),
        )
    };
    let (drawn, oddities) = shown(graphics);
    assert_eq!(drawn, 1);
    assert!((2..=40).contains(&oddities));
    let many = vec![graphic("POINT", &[1.0, 1.0], "PIXEL", "N"); 5_000];
    assert_eq!(shown(many).0, 4_000);
}

#[test]
fn what_is_not_shown_is_said() {
    let (state, oddities) = read(&made(vec![
        sequence(tags::MASK_SUBTRACTION_SEQUENCE, vec![set(vec![])]),
        code(tags::SHUTTER_SHAPE, "BITMAP"),
    ]));
    let state = state.unwrap();
    let said: Vec<String> = state.not_shown.into_iter().map(|oddity| oddity.0).collect();
    assert_eq!(said, ["Its mask subtraction is not shown."]);
    assert_eq!(
        (state.shutter, oddities.len()),
        (None, 1),
        "the bits of its shutter are not there"
    );
}

#[test]
fn shutters_and_overlays_are_those_of_the_state() {
    let bits: Vec<u8> = vec![0b0000_0101, 0];
    let state = read(&made(vec![
        code(tags::SHUTTER_SHAPE, "CIRCULAR"),
        text(tags::CENTER_OF_CIRCULAR_SHUTTER, VR::IS, "2\\3"),
        text(tags::RADIUS_OF_CIRCULAR_SHUTTER, VR::IS, "1"),
        shorts(tags::SHUTTER_PRESENTATION_VALUE, &[0x8080]),
        shorts(Tag(0x6002, 0x0010), &[2]),
        shorts(Tag(0x6002, 0x0011), &[4]),
        DataElement::new(Tag(0x6002, 0x0050), VR::SS, PrimitiveValue::I16([1, 1][..].into())),
        DataElement::new(Tag(0x6002, 0x3000), VR::OB, PrimitiveValue::U8(bits.into())),
        code(Tag(0x6002, 0x1001), "ONE"),
        code(Tag(0x6004, 0x1001), "ONE"),
    ]));
    let on = state.0.unwrap().on(&image(1, false), 0).unwrap();
    let shutter = on.shutter.unwrap();
    assert_eq!(shutter.colour, [128; 3]);
    assert!(shutter.shows(2, 1) && shutter.shows(2, 0) && !shutter.shows(3, 0));
    assert_eq!(on.planes.len(), 1, "the image has no plane of the other group");
    assert!(on.planes[0].1.is_set(0, 0) && !on.planes[0].1.is_set(1, 0) && on.planes[0].1.is_set(2, 0));
}
