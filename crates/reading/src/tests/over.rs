//! What lies over images, colours of grey, and the windows of amounts.

use std::sync::Arc;

use pixels::display::Voi;
use pixels::overlay::OverlayPlane;
use pixels::pseudo_colour::ColourMap;
use pixels::shutter::{Shutter, ShutterShape};
use study::{Instance, Overlay, Suv, Unit};

use super::*;
use crate::actions;
use crate::fake::{decoded, patient};
use crate::presets::WindowChoice;
use crate::tile::Shading;

/// A desk with one image of a modality, changed before it is shown.
fn shown(modality: &'static str, change: impl Fn(&mut Instance)) -> Desk {
    let mut study = FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", 1);
    study.series = vec![(modality, 1), (modality, 1)];
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    for series in [0, 1] {
        let mut instance = study.instance(series, 0);
        change(&mut instance);
        let name = study.frame(series, 0);
        desk.frames.put_as(name.clone(), decoded(Arc::new(instance), 0));
        desk.hear(Heard::FrameArrived(name));
    }
    desk
}

fn with_everything(instance: &mut Instance) {
    let plane = |first: u8| OverlayPlane {
        columns: 8,
        rows: 1,
        origin: (0, 0),
        bits: [first].as_slice().into(),
        first_bit: 0,
    };
    instance.wishes.overlays = vec![
        Overlay::over_every_frame(0x6000, "Lines", plane(1)),
        Overlay::over_every_frame(0x6002, "", plane(2)),
    ];
    let mut region = Overlay::over_every_frame(0x6004, "Lesion", plane(4));
    region.is_region = true;
    instance.wishes.overlays.push(region);
    instance.wishes.shutters = vec![Some(Shutter {
        shapes: vec![ShutterShape::Rectangle {
            left: 1,
            right: 4,
            upper: 1,
            lower: 4,
        }],
        colour: [0; 3],
    })];
}

/// How many planes lie over the image, and whether the shutter does.
fn over(desk: &Desk) -> (usize, bool) {
    let layers = desk.tile(0).picture.unwrap().layers;
    layers.map_or((0, false), |layers| (layers.planes.len(), layers.shutter.is_some()))
}

#[test]
fn graphics_and_shutter_lie_over_the_image_and_each_can_be_taken_off() {
    let mut desk = shown("DX", with_everything);
    assert_eq!(over(&desk), (2, true), "a region of interest waits to be asked for");
    let names: Vec<(String, bool)> = desk
        .reading
        .overlays()
        .into_iter()
        .map(|row| (row.name, row.shown))
        .collect();
    assert_eq!(
        names,
        [
            ("Lines".to_owned(), true),
            ("overlay 2".to_owned(), true),
            ("Lesion".to_owned(), false)
        ]
    );
    assert!(words(&desk.tile(0), Role::Attention).is_empty());
    let before = desk.tile(0).picture.unwrap().layers.unwrap();
    desk.view(ViewCommand::Invert);
    let after = desk.tile(0).picture.unwrap().layers.unwrap();
    assert!(Arc::ptr_eq(&before, &after), "nothing is laid anew for another window");
    desk.view(ViewCommand::ToggleOverlay(0x6004));
    desk.view(ViewCommand::ToggleOverlay(0x6000));
    assert_eq!(over(&desk), (2, true));
    assert_eq!(words(&desk.tile(0), Role::Attention), ["overlay off"]);
    desk.view(ViewCommand::ToggleOverlays);
    assert_eq!(over(&desk), (0, true), "one key takes all off while any is shown");
    desk.view(ViewCommand::ToggleOverlays);
    assert_eq!(over(&desk), (3, true));
    desk.view(ViewCommand::ToggleShutter);
    assert_eq!((over(&desk), desk.reading.shutter()), ((3, false), Some(false)));
    assert_eq!(words(&desk.tile(0), Role::Attention), ["shutter lifted"]);
    desk.view(ViewCommand::Reset);
    assert_eq!(over(&desk), (2, true));
}

#[test]
fn what_an_image_does_not_carry_cannot_be_asked_for() {
    let plain = shown("DX", |_| {});
    let carries = shown("DX", with_everything);
    for id in ["overlays", "shutter"] {
        let action = actions::by_id(id).unwrap();
        assert!(
            !plain.reading.enabled(action) && carries.reading.enabled(action),
            "{id}"
        );
    }
    assert_eq!(over(&plain), (0, false));
    assert_eq!(plain.reading.shutter(), None);
}

#[test]
fn grey_is_shown_in_colours_by_key_and_by_name() {
    let mut desk = shown("NM", |_| {});
    let colours = |desk: &Desk| desk.tile(0).picture.unwrap().colours;
    assert_eq!(colours(&desk), None, "grey is what nobody has to explain");
    for expected in ColourMap::ALL.map(Some).into_iter().chain([None]) {
        desk.view(ViewCommand::NextColours);
        assert_eq!(colours(&desk), expected);
    }
    desk.view(ViewCommand::Colours(Some(ColourMap::HotIron)));
    let line = words(&desk.tile(0), Role::Window);
    assert!(line[0].contains("hot iron"), "{line:?}");
    assert_eq!(desk.reading.colours().iter().filter(|(_, chosen)| *chosen).count(), 1);
}

fn window(desk: &Desk) -> (f64, f64) {
    let Shading::Grey { parameters, .. } = desk.tile(0).picture.unwrap().shading else {
        panic!("a grey image");
    };
    match parameters.voi {
        Voi::Window { centre, width, .. } => (centre - width / 2.0, centre + width / 2.0),
        Voi::Table(_) => panic!("a window"),
    }
}

#[test]
fn the_windows_of_amounts_begin_at_zero() {
    let mut nm = shown("NM", |_| {});
    // The fake's values are 1000 … 4095, less 1024.
    let (low, high) = window(&nm);
    assert_eq!(low, 0.0);
    assert!(high > 1000.0, "{high}");
    let line = words(&nm.tile(0), Role::Window);
    assert!(line[0].contains("0 to maximum"), "{line:?}");
    nm.drag(0, (100.0, 100.0), (160.0, 100.0), PointerButton::Primary);
    assert!(
        window(&nm).0.abs() < 1e-6 && window(&nm).1 > high,
        "only the upper end moves"
    );
    assert!(
        !words(&nm.tile(0), Role::Window)[0].contains("maximum"),
        "its name is gone"
    );
    nm.view(ViewCommand::Window(WindowChoice::Own(0)));
    assert_eq!(window(&nm), (-160.0, 240.0), "the file's own window stays to be chosen");

    let pet = shown("PT", |instance| {
        instance.unit = Unit::Named("Bq/ml".into());
        instance.suv = Some(Suv {
            factor: 2.0e-4,
            name: "SUVbw",
        });
    });
    assert_eq!(window(&pet), (0.0, 25_000.0));
    let line = words(&pet.tile(0), Role::Window);
    assert!(
        line[0].contains("SUV 0–5") && line[0].contains("WL 2.5") && line[0].contains("SUVbw"),
        "{line:?}"
    );
    let value = words(&pet.tile_under(0, point((320.0, 384.0))), Role::Value);
    assert!(
        value[0].starts_with("SUVbw ") && value[0].ends_with("Bq/ml"),
        "{value:?}"
    );
}

#[test]
fn no_window_goes_over_to_another_series() {
    let mut desk = shown("MR", |_| {});
    let first = words(&desk.tile(0), Role::Window);
    desk.drag(0, (100.0, 100.0), (180.0, 150.0), PointerButton::Primary);
    let dragged = window(&desk);
    desk.apply(Command::Study(StudyCommand::NextSeries));
    assert_eq!(
        words(&desk.tile(0), Role::Window),
        first,
        "another series begins with its own window"
    );
    assert_ne!(window(&desk), dragged);
    desk.apply(Command::Study(StudyCommand::PreviousSeries));
    assert_eq!(window(&desk), dragged, "and the first one keeps what was done to it");
}
