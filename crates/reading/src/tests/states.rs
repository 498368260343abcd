//! Presentation states: offered where they belong, shown as they say, told on the tile, and gone without a trace.

use std::sync::Arc;

use pixels::display::Voi;
use space::Turn;
use study::presentation::{
    Annotation, DisplayedArea, Graphic, Images, PresentationLut, PresentationState, Scoped, SeriesImages, Shape,
    SizeMode, Spot, Units,
};
use study::{Instance, InstanceUid, SeriesUid};

use super::{Desk, words};
use crate::fake::{self, FakeStudy, everywhere, patient, state, window};
use crate::presets::WindowChoice;
use crate::tile::{Role, Shading, Tile};
use crate::view::Zoom;
use crate::{Heard, Step, ViewCommand};

fn study() -> FakeStudy {
    FakeStudy::ct(1, patient("Doe^J", "77"), "20260312", 5)
}

/// An object that carries a state of a study.
fn object(study: &FakeStudy, number: u32, state: PresentationState) -> Arc<Instance> {
    let mut instance = study.instance(0, 0);
    instance.series = SeriesUid::new("1.2.1.99").unwrap();
    instance.uid = InstanceUid::new(&format!("1.2.1.99.{number}")).unwrap();
    instance.instance_number = Some(i64::from(number));
    instance.text.modality = "PR".to_owned();
    instance.layout = None;
    instance.frames = 0;
    instance.geometry = Vec::new();
    instance.presentation = Some(Arc::new(state));
    Arc::new(instance)
}

fn uid(number: u32) -> InstanceUid {
    InstanceUid::new(&format!("1.2.1.99.{number}")).unwrap()
}

/// A study is open with all its images, and these states came after them.
fn desk(states: Vec<PresentationState>) -> Desk {
    let study = study();
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.arrive(&study);
    let objects = states.into_iter().zip(1..);
    desk.hear(Heard::InstancesFound {
        study: study.uid(),
        instances: objects.map(|(state, number)| object(&study, number, state)).collect(),
        complete: true,
    });
    desk
}

fn show(desk: &mut Desk, number: u32) {
    desk.view(ViewCommand::ShowState(Some(uid(number))));
}

fn parameters(tile: &Tile) -> pixels::display::Parameters {
    match &tile.picture.as_ref().unwrap().shading {
        Shading::Grey { parameters, .. } => parameters.as_ref().clone(),
        Shading::Colour { .. } => panic!("grey"),
    }
}

/// A state for the third image alone.
fn third(label: &str) -> PresentationState {
    let image = InstanceUid::new("1.2.1.0.2").unwrap();
    PresentationState {
        series: vec![SeriesImages {
            series: SeriesUid::new("1.2.1.0").unwrap(),
            images: Images::named([(image, vec![])]),
        }],
        ..state(label, Vec::new())
    }
}

#[test]
fn states_are_offered_for_their_series_and_taken_one_after_another() {
    let mut elsewhere = state("ELSEWHERE", Vec::new());
    elsewhere.series[0].series = SeriesUid::new("1.2.7.7").unwrap();
    let mut desk = desk(vec![state("ONE", Vec::new()), elsewhere, state("TWO", Vec::new())]);
    let names = |desk: &Desk| -> Vec<(String, bool)> {
        desk.reading
            .states()
            .into_iter()
            .map(|row| (row.name, row.chosen))
            .collect()
    };
    let none = "none: the image as itself".to_owned();
    assert_eq!(
        names(&desk),
        [
            (none.clone(), true),
            ("ONE".to_owned(), false),
            ("TWO".to_owned(), false)
        ]
    );
    assert!(desk.reading.has_states());
    assert_eq!(desk.reading.states()[1].hint, "Doctor, A, 24 Nov 2026".to_owned());
    for chosen in [1, 2, 0, 1] {
        desk.view(ViewCommand::NextState);
        assert_eq!(names(&desk).iter().position(|(_, chosen)| *chosen), Some(chosen));
    }
    show(&mut desk, 2);
    assert!(names(&desk)[1].1, "what is not offered is not taken");
    desk.view(ViewCommand::ShowState(None));
    assert_eq!(names(&desk)[0], (none, true));
}

#[test]
fn a_state_takes_the_place_of_the_images_own_stages_and_says_so() {
    let mut wanted = state("FRACTURE", Vec::new());
    wanted.lut = PresentationLut::Inverse;
    wanted.windows = vec![everywhere(window(300.0, 1500.0))];
    let mut bare = state("BARE", Vec::new());
    bare.modality = pixels::display::Modality::Identity;
    let mut desk = desk(vec![wanted, bare]);
    let own = parameters(&desk.tile(0));
    assert!(words(&desk.tile(0), Role::Attention).is_empty());
    show(&mut desk, 1);
    let tile = desk.tile(0);
    let shown = parameters(&tile);
    assert_eq!((shown.voi, shown.inverse), (window(300.0, 1500.0), true));
    assert_eq!(shown.modality, own.modality);
    assert_eq!(words(&tile, Role::Attention), ["by presentation state FRACTURE"]);
    // What the reader changes is his, and the tile says so.
    desk.view(ViewCommand::Invert);
    assert!(!parameters(&desk.tile(0)).inverse);
    desk.view(ViewCommand::Window(WindowChoice::Preset("lung")));
    assert_eq!(parameters(&desk.tile(0)).voi, window(-500.0, 1500.0));
    let said = words(&desk.tile(0), Role::Attention);
    assert_eq!(said, ["by presentation state FRACTURE, changed here"]);
    // Without a window and without a modality stage: the identity, over all stored values.
    show(&mut desk, 2);
    let shown = parameters(&desk.tile(0));
    assert_eq!(shown.modality, pixels::display::Modality::Identity);
    let Voi::Window { centre, width, .. } = shown.voi else {
        panic!("a window")
    };
    assert_eq!((centre - width / 2.0, centre + width / 2.0), (0.0, 4095.0));
    desk.view(ViewCommand::ShowState(None));
    assert_eq!(parameters(&desk.tile(0)), own);
}

#[test]
fn a_state_lays_its_images_and_goes_to_the_first_of_them() {
    let mut wanted = third("KEY");
    wanted.turn = Turn::Quarter;
    wanted.flipped = true;
    wanted.areas = vec![everywhere(DisplayedArea {
        left: 9.5,
        top: 9.5,
        right: 29.5,
        bottom: 19.5,
        aspect: Some(1.0),
        size: SizeMode::ScaleToFit,
    })];
    let mut desk = desk(vec![wanted]);
    show(&mut desk, 1);
    assert_eq!(desk.shown(0).unwrap().instance.as_str(), "1.2.1.0.2");
    let lie = |desk: &Desk| desk.reading.view().viewport(0).unwrap().presentation().lie;
    let laid = lie(&desk);
    assert_eq!(
        (laid.zoom, laid.turn, laid.flipped),
        (Zoom::Area(20.0, 10.0), Turn::Quarter, true)
    );
    // The area fills the tile's height: turned, its 20 columns are its height, with square pixels.
    let map = desk.tile(0).picture.unwrap().viewport_from_image;
    let zoom = f64::min(640.0 / 10.0, 768.0 / 20.0);
    assert!((map.d.abs() - zoom).abs() < 1e-9 && (map.b.abs() - zoom).abs() < 1e-9);
    let middle = map.apply(space::ImagePoint::new(19.5, 14.5));
    assert!((middle.x - 320.0).abs() < 1e-9 && (middle.y - 384.0).abs() < 1e-9);
    // An image that the state is not for is shown as itself, and the tile says that too.
    desk.scroll(Step::By(1));
    let tile = desk.tile(0);
    assert_eq!(lie(&desk), crate::view::Lie::default());
    let said = words(&tile, Role::Attention);
    assert_eq!(said, ["not by presentation state KEY, which is not for this image"]);
    assert_eq!(parameters(&tile).voi, window(40.0, 400.0));
    desk.scroll(Step::By(-1));
    assert_eq!(lie(&desk), laid);
    desk.view(ViewCommand::Reset);
    assert_eq!(lie(&desk), crate::view::Lie::default());
    assert!(words(&desk.tile(0), Role::Attention).is_empty());
}

#[test]
fn annotations_lie_on_their_images_and_what_lacks_is_said() {
    let spot = |x, y| Spot {
        x,
        y,
        units: Units::Pixel,
    };
    let annotation = Annotation {
        order: 1,
        shade: Some([255, 0, 0]),
        graphics: vec![Graphic {
            shape: Shape::Polyline(vec![spot(0.0, 0.0), spot(64.0, 48.0)]),
            filled: false,
        }],
        texts: Vec::new(),
    };
    let mut wanted = state("MARKED", Vec::new());
    let second = InstanceUid::new("1.2.1.0.1").unwrap();
    wanted.annotations = vec![Scoped {
        images: Images::named([(second, vec![])]),
        what: Arc::new(annotation),
    }];
    wanted.not_shown = vec![study::Oddity("Its mask subtraction is not shown.".to_owned())];
    let mut desk = desk(vec![wanted]);
    show(&mut desk, 1);
    assert!(desk.tile(0).drawings.is_empty());
    let said = words(&desk.tile(0), Role::Attention);
    assert_eq!(
        said,
        ["by presentation state MARKED", "Its mask subtraction is not shown."]
    );
    desk.scroll(Step::By(1));
    let tile = desk.tile(0);
    let map = tile.picture.as_ref().unwrap().viewport_from_image;
    let ends = [(-0.5, -0.5), (63.5, 47.5)].map(|(column, row)| map.apply(space::ImagePoint::new(column, row)));
    assert_eq!(tile.drawings[0].lines, [ends.to_vec()]);
    assert_eq!(tile.drawings[0].shade, Some([255, 0, 0]));
}

#[test]
fn true_size_is_as_large_as_the_screens_pixels_say() {
    let mut wanted = state("SIZE", Vec::new());
    let (columns, rows) = fake::SIZE;
    wanted.areas = vec![everywhere(DisplayedArea {
        left: -0.5,
        top: -0.5,
        right: f64::from(columns) - 0.5,
        bottom: f64::from(rows) - 0.5,
        aspect: None,
        size: SizeMode::TrueSize { column_mm: 0.5 },
    })];
    let mut desk = desk(vec![wanted]);
    show(&mut desk, 1);
    assert_eq!(words(&desk.tile(0), Role::Attention).len(), 2);
    let settings = crate::settings::Settings {
        screen_pixel_mm: Some(0.25),
        ..desk.reading.settings().clone()
    };
    let change = crate::AppCommand::ChangeSettings(Box::new(settings));
    desk.apply(crate::Command::App(change));
    let map = desk.tile(0).picture.unwrap().viewport_from_image;
    assert!((map.a - 2.0).abs() < 1e-9, "half a millimetre is two pixels");
    assert_eq!(words(&desk.tile(0), Role::Attention).len(), 1);
}

#[test]
fn a_states_own_object_takes_the_place_of_what_a_list_said() {
    let mut desk = desk(vec![state("LISTED", Vec::new())]);
    show(&mut desk, 1);
    let mut own = state("LISTED", Vec::new());
    own.windows = vec![everywhere(window(300.0, 1500.0))];
    let study = study();
    desk.hear(Heard::InstancesFound {
        study: study.uid(),
        instances: vec![object(&study, 1, own)],
        complete: true,
    });
    assert_eq!(parameters(&desk.tile(0)).voi, window(300.0, 1500.0));
}
