//! Pictures that were looked at once: the phantoms, drawn by the shaders on whatever adapter there is.
//!
//! One level is allowed: where values are interpolated or averaged, an adapter's f32 may round a half the other way. At nearest and
//! 1:1 there is no tolerance; `exact.rs` holds that.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use pixels::StoredFrame;
use pixels::colour::{ColourSpace, rgb8};
use pixels::display::{DisplayTable, Modality, Padding, Parameters, Voi, VoiFunction};
use pixels::phantom::echo::Echo;
use pixels::phantom::torso::{INTERCEPT, Lesion, PADDING, Scan};
use pixels::picture::Interpolation;
use render::{Adapter, FrameKey, Picture, Renderer};
use space::{Placement, Turn, ViewportFromImage};
use testkit::{Shown, golden};

const FRAME: FrameKey = FrameKey(1);
const SIZE: (u32, u32) = (240, 200);

static LESIONS: [Lesion; 1] = [Lesion {
    centre: [-70.0, -20.0, -90.0],
    diameter: 20.0,
    hounsfield: 40.0,
}];

struct Glass {
    adapter: Adapter,
    renderer: Renderer,
}

impl Glass {
    fn open() -> Option<Self> {
        match Adapter::open() {
            Ok(adapter) => Some(Self {
                renderer: adapter.renderer(1 << 28).unwrap(),
                adapter,
            }),
            Err(error) => {
                testkit::skip(&format!("golden pictures: {error}"));
                None
            }
        }
    }

    fn check(&mut self, name: &str, picture: &Picture) -> Result<(), String> {
        let drawn = self.adapter.draw(&mut self.renderer, picture).unwrap();
        let pixels = drawn.rgba.as_chunks::<4>().0;
        let rgb: Vec<u8> = pixels.iter().flat_map(|p| [p[0], p[1], p[2]]).collect();
        let shown = Shown {
            width: drawn.width,
            height: drawn.height,
            rgb: &rgb,
        };
        golden(name, &shown, 1)
    }
}

fn slice() -> StoredFrame {
    let scan = Scan {
        matrix: 256,
        spacing: 1.5,
        slices: 1,
        increment: 5.0,
        top: -88.0,
        shift: [0.0; 3],
        stretch: [1.0; 3],
        noise: 12.0,
        seed: 7,
        lesions: &LESIONS,
    };
    scan.slice(0)
}

fn table(centre: f64, width: f64, inverse: bool) -> (Modality, Option<Padding>, Arc<DisplayTable>) {
    let parameters = Parameters {
        modality: Modality::Rescale {
            slope: 1.0,
            intercept: f64::from(INTERCEPT),
        },
        voi: Voi::Window {
            centre,
            width,
            function: VoiFunction::Linear,
        },
        inverse,
        padding: Some(Padding {
            value: f64::from(PADDING),
            limit: f64::from(PADDING),
        }),
        stored_range: (-32_768, 32_767),
        presentation_lut: None,
        target_bits: 8,
    };
    let table = DisplayTable::build(&parameters).unwrap();
    (parameters.modality, parameters.padding, Arc::new(table))
}

fn placed(image: (u32, u32), zoom: f64, pan: (f64, f64), turn: Turn, flipped: bool) -> ViewportFromImage {
    let placement = Placement {
        zoom,
        pan,
        turn,
        flipped,
    };
    ViewportFromImage::placed(image, SIZE, 1.0, &placement)
}

#[test]
fn the_phantoms_are_drawn_as_they_were_when_they_were_looked_at() {
    let Some(mut glass) = Glass::open() else { return };
    let frame = slice();
    let image = (frame.columns, frame.rows);
    let fit = ViewportFromImage::fit(image, SIZE, 1.0);
    let near = |turn, flipped| placed(image, 2.3, (61.0, 33.0), turn, flipped);
    let mut wrong = Vec::new();
    for (name, window, inverse, map, interpolation) in [
        ("ct-soft-tissue-fit", (40.0, 400.0), false, fit, Interpolation::Linear),
        ("ct-lung-fit", (-600.0, 1500.0), false, fit, Interpolation::Linear),
        ("ct-lung-inverted", (-600.0, 1500.0), true, fit, Interpolation::Linear),
        (
            "ct-lung-nearest",
            (-600.0, 1500.0),
            false,
            near(Turn::None, false),
            Interpolation::Nearest,
        ),
        (
            "ct-lung-linear",
            (-600.0, 1500.0),
            false,
            near(Turn::None, false),
            Interpolation::Linear,
        ),
        (
            "ct-lung-cubic",
            (-600.0, 1500.0),
            false,
            near(Turn::None, false),
            Interpolation::Cubic,
        ),
        (
            "ct-lung-turned",
            (-600.0, 1500.0),
            false,
            near(Turn::Quarter, false),
            Interpolation::Linear,
        ),
        (
            "ct-lung-flipped",
            (-600.0, 1500.0),
            false,
            near(Turn::None, true),
            Interpolation::Linear,
        ),
    ] {
        let (modality, padding, table) = table(window.0, window.1, inverse);
        let (device, queue) = (&glass.adapter.device, &glass.adapter.queue);
        glass
            .renderer
            .upload_grey(device, queue, FRAME, &frame, &modality, padding)
            .unwrap();
        let picture = Picture {
            frame: FRAME,
            map,
            origin: (0, 0),
            size: SIZE,
            interpolation,
            table: Some(table),
            colours: None,
            cover: None,
        };
        wrong.extend(glass.check(name, &picture).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_colour_clip_is_drawn_as_it_was_when_it_was_looked_at() {
    let Some(mut glass) = Glass::open() else { return };
    let frame = Echo { frames: 30, seed: 3 }.frame(12);
    let image = (frame.columns, frame.rows);
    let rgb = rgb8(&frame, ColourSpace::Rgb, 8, None).unwrap();
    let (device, queue) = (&glass.adapter.device, &glass.adapter.queue);
    glass.renderer.upload_colour(device, queue, FRAME, &rgb, image).unwrap();
    let picture = Picture {
        frame: FRAME,
        map: ViewportFromImage::fit(image, SIZE, 1.0),
        origin: (0, 0),
        size: SIZE,
        interpolation: Interpolation::Linear,
        table: None,
        colours: None,
        cover: None,
    };
    assert_eq!(glass.check("ultrasound-fit", &picture), Ok(()));
}
