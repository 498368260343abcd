//! The GPU's picture against the CPU's, which shares only the display table.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use pixels::cover::{Cover, Layers};
use pixels::display::{DisplayTable, Modality, Padding, Parameters, Voi, VoiFunction};
use pixels::overlay::OverlayPlane;
use pixels::phantom::pattern;
use pixels::picture::{self, Interpolation};
use pixels::pseudo_colour::ColourMap;
use pixels::shutter::{Shutter, ShutterShape};
use pixels::{Samples, StoredFrame};
use render::{Adapter, FrameKey, Picture, Renderer};
use space::ViewportFromImage;

const FRAME: FrameKey = FrameKey(7);

struct Bench {
    adapter: Adapter,
    renderer: Renderer,
}

/// `None`, said loudly, where there is no adapter at all.
fn bench() -> Option<Bench> {
    match Adapter::open() {
        Ok(adapter) => {
            let renderer = adapter.renderer(1 << 30).unwrap();
            Some(Bench { adapter, renderer })
        }
        Err(error) => {
            testkit::skip(&format!("GPU pictures: {error}"));
            None
        }
    }
}

impl Bench {
    fn draw(&mut self, picture: &Picture) -> Vec<[u8; 3]> {
        let drawn = self.adapter.draw(&mut self.renderer, picture).unwrap();
        drawn
            .rgba
            .as_chunks::<4>()
            .0
            .iter()
            .map(|p| [p[0], p[1], p[2]])
            .collect()
    }

    fn grey(
        &mut self,
        frame: &StoredFrame,
        parameters: &Parameters,
        map: ViewportFromImage,
        size: (u32, u32),
        interpolation: Interpolation,
    ) -> (Vec<u8>, Vec<u8>) {
        let table = Arc::new(DisplayTable::build(parameters).unwrap());
        let (device, queue) = (&self.adapter.device, &self.adapter.queue);
        self.renderer
            .upload_grey(device, queue, FRAME, frame, &parameters.modality, parameters.padding)
            .unwrap();
        let cpu = picture::grey(frame, &parameters.modality, &table, &map, size, interpolation);
        let picture = Picture {
            frame: FRAME,
            map,
            origin: (0, 0),
            size,
            interpolation,
            table: Some(table),
            colours: None,
            cover: None,
        };
        let gpu = self.draw(&picture);
        assert!(gpu.iter().all(|p| p[0] == p[1] && p[1] == p[2]), "grey is grey");
        (gpu.into_iter().map(|p| p[0]).collect(), cpu)
    }
}

fn noise(seed: u32, count: usize) -> Vec<u32> {
    let mut state = seed | 1;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state
        })
        .collect()
}

fn parameters(range: (i64, i64), centre: f64, width: f64) -> Parameters {
    Parameters {
        modality: Modality::Identity,
        voi: Voi::Window {
            centre,
            width,
            function: VoiFunction::Linear,
        },
        inverse: false,
        padding: None,
        stored_range: range,
        presentation_lut: None,
        target_bits: 8,
    }
}

fn map(scale: f64, x: f64, y: f64) -> ViewportFromImage {
    ViewportFromImage {
        a: scale,
        b: 0.0,
        c: scale / 2.0 + x,
        d: 0.0,
        e: scale,
        f: scale / 2.0 + y,
    }
}

fn differing(a: &[u8], b: &[u8]) -> (usize, u8) {
    let pairs = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b));
    (pairs.clone().filter(|d| *d > 0).count(), pairs.max().unwrap_or(0))
}

fn frames() -> Vec<(StoredFrame, Parameters)> {
    let (columns, rows) = (123, 77);
    let values = noise(5, columns * rows);
    let frame = |samples| StoredFrame {
        columns: 123,
        rows: 77,
        channels: 1,
        samples,
    };
    let mut list = vec![
        (
            frame(Samples::U8(values.iter().map(|v| *v as u8).collect())),
            parameters((0, 255), 128.0, 256.0),
        ),
        (
            frame(Samples::I8(values.iter().map(|v| *v as i8).collect())),
            parameters((-128, 127), 3.0, 90.0),
        ),
        (
            frame(Samples::U16(values.iter().map(|v| (*v & 0xfff) as u16).collect())),
            parameters((0, 4095), 2000.0, 3000.0),
        ),
        (
            frame(Samples::I16(values.iter().map(|v| *v as i16).collect())),
            parameters((-32_768, 32_767), -100.0, 20_000.0),
        ),
    ];
    let mut inverse = list[2].clone();
    inverse.1.inverse = true;
    inverse.1.modality = Modality::Rescale {
        slope: 0.5,
        intercept: -1024.0,
    };
    inverse.1.voi = Voi::Window {
        centre: 0.0,
        width: 800.0,
        function: VoiFunction::Sigmoid,
    };
    list.push(inverse);
    let mut padded = list[3].clone();
    padded.1.padding = Some(Padding {
        value: 5000.0,
        limit: -2000.0,
    });
    list.push(padded);
    list
}

#[test]
fn nearest_at_one_to_one_is_equal_byte_for_byte() {
    let Some(mut bench) = bench() else { return };
    let turns = [
        map(1.0, 0.0, 0.0),
        map(1.0, 9.0, -4.0),
        // Quarter turn clockwise, half turn, mirrored.
        ViewportFromImage {
            a: 0.0,
            b: -1.0,
            c: 76.5,
            d: 1.0,
            e: 0.0,
            f: 0.5,
        },
        ViewportFromImage {
            a: -1.0,
            b: 0.0,
            c: 122.5,
            d: 0.0,
            e: -1.0,
            f: 76.5,
        },
        ViewportFromImage {
            a: -1.0,
            b: 0.0,
            c: 122.5,
            d: 0.0,
            e: 1.0,
            f: 0.5,
        },
    ];
    for (number, (frame, parameters)) in frames().iter().enumerate() {
        for (turn, map) in turns.iter().enumerate() {
            let (gpu, cpu) = bench.grey(frame, parameters, *map, (130, 125), Interpolation::Nearest);
            assert_eq!(differing(&gpu, &cpu), (0, 0), "frame {number}, turn {turn}");
            assert!(cpu.iter().any(|v| *v > 0), "something is drawn");
        }
    }
}

#[test]
fn other_sizes_and_interpolations_are_within_one_level() {
    // The GPU adds in f32 what the CPU adds in f64; a sum that lies on the edge between two levels may fall on either side.
    let Some(mut bench) = bench() else { return };
    for (number, (frame, parameters)) in frames().iter().enumerate().filter(|(n, _)| *n != 5) {
        for (scale, interpolation) in [
            (2.7, Interpolation::Linear),
            (1.9, Interpolation::Cubic),
            (0.43, Interpolation::Linear),
            (0.081, Interpolation::Nearest),
        ] {
            let (gpu, cpu) = bench.grey(frame, parameters, map(scale, 1.3, 0.7), (160, 120), interpolation);
            let (count, most) = differing(&gpu, &cpu);
            assert!(
                most <= 1,
                "frame {number} ×{scale} {interpolation:?}: {count} differ, by up to {most}"
            );
        }
    }
}

#[test]
fn colour_is_equal_at_one_to_one_and_close_elsewhere() {
    let Some(mut bench) = bench() else { return };
    let rgb: Vec<u8> = noise(11, 90 * 60 * 3).iter().map(|v| *v as u8).collect();
    bench
        .renderer
        .upload_colour(&bench.adapter.device, &bench.adapter.queue, FRAME, &rgb, (90, 60))
        .unwrap();
    for (scale, interpolation, allowed) in [
        (1.0, Interpolation::Nearest, 0),
        (2.5, Interpolation::Linear, 1),
        (0.4, Interpolation::Linear, 1),
    ] {
        let picture = Picture {
            frame: FRAME,
            map: map(scale, 0.0, 0.0),
            origin: (0, 0),
            size: (100, 80),
            interpolation,
            table: None,
            colours: None,
            cover: None,
        };
        let gpu: Vec<u8> = bench.draw(&picture).concat();
        let cpu = picture::colour(&rgb, (90, 60), &picture.map, (100, 80), interpolation);
        assert!(differing(&gpu, &cpu).1 <= allowed, "×{scale}");
    }
}

/// A shutter of every outline and overlays within and beyond the image.
fn cover(columns: u32, rows: u32) -> Cover {
    let bits: Vec<u8> = noise(21, columns as usize * rows as usize / 8 + 1)
        .iter()
        .map(|v| (*v & (*v >> 8) & (*v >> 16)) as u8)
        .collect();
    let plane = OverlayPlane {
        columns,
        rows,
        origin: (-3, 5),
        bits: bits.into(),
        first_bit: 0,
    };
    let shutter = Shutter {
        shapes: vec![
            ShutterShape::Rectangle {
                left: 4,
                right: 110,
                upper: 3,
                lower: 70,
            },
            ShutterShape::Circle {
                row: 40.0,
                column: 60.0,
                radius: 55.0,
                aspect: 1.0,
            },
            ShutterShape::Polygon(vec![(1.0, 1.0), (1.0, 123.0), (77.0, 100.0), (77.0, 20.0)]),
        ],
        colour: [31, 31, 31],
    };
    Layers {
        shutter: Some(shutter),
        planes: vec![plane],
    }
    .cover((columns, rows))
}

#[test]
fn shutters_overlays_and_pseudo_colours_are_the_cpus() {
    let Some(mut bench) = bench() else { return };
    let cover = Arc::new(cover(123, 77));
    let turned = ViewportFromImage {
        a: 0.0,
        b: -1.0,
        c: 77.5,
        d: 1.0,
        e: 0.0,
        f: 0.5,
    };
    for (frame, parameters) in frames() {
        let table = Arc::new(DisplayTable::build(&parameters).unwrap());
        let (device, queue) = (&bench.adapter.device, &bench.adapter.queue);
        let (modality, padding) = (&parameters.modality, parameters.padding);
        bench
            .renderer
            .upload_grey(device, queue, FRAME, &frame, modality, padding)
            .unwrap();
        let colours = ColourMap::ALL.map(Some).into_iter().chain([None]);
        for (map, colours) in [map(1.0, 7.0, -4.0), turned]
            .into_iter()
            .flat_map(|m| colours.clone().map(move |c| (m, c)))
        {
            let picture = Picture {
                frame: FRAME,
                map,
                origin: (0, 0),
                size: (140, 130),
                interpolation: Interpolation::Nearest,
                table: Some(Arc::clone(&table)),
                colours,
                cover: Some(Arc::clone(&cover)),
            };
            let levels = picture::grey(&frame, modality, &table, &map, picture.size, Interpolation::Nearest);
            let mut cpu = picture::coloured(&levels, colours);
            picture::lay_over(&mut cpu, &cover, &map, picture.size);
            assert_eq!(differing(&bench.draw(&picture).concat(), &cpu), (0, 0), "{colours:?}");
        }
    }
}

#[test]
fn below_one_to_one_overlays_are_the_cpus_too() {
    let Some(mut bench) = bench() else { return };
    let cover = Arc::new(cover(123, 77));
    let rgb = vec![100u8; 123 * 77 * 3];
    let (device, queue) = (&bench.adapter.device, &bench.adapter.queue);
    bench
        .renderer
        .upload_colour(device, queue, FRAME, &rgb, (123, 77))
        .unwrap();
    for scale in [0.25, 0.4, 0.5, 0.9, 2.0, 3.5] {
        let mut picture = Picture {
            frame: FRAME,
            map: map(scale, 0.0, 0.0),
            origin: (0, 0),
            size: (160, 90),
            interpolation: Interpolation::Linear,
            table: None,
            colours: None,
            cover: Some(Arc::clone(&cover)),
        };
        let plain = picture::colour(&rgb, (123, 77), &picture.map, picture.size, picture.interpolation);
        let mut cpu = plain.clone();
        picture::lay_over(&mut cpu, &cover, &picture.map, picture.size);
        let gpu = bench.draw(&picture).concat();
        let different = gpu.iter().zip(&cpu).filter(|(a, b)| a.abs_diff(**b) > 1).count();
        // A pixel boundary may fall on the other side of an f32.
        assert!(different <= 30, "×{scale}: {different}");
        picture.cover = None;
        assert!(
            differing(&bench.draw(&picture).concat(), &plain).1 <= 1,
            "the cover is taken off"
        );
    }
}

#[test]
fn float_values_are_shown_over_the_window() {
    let Some(mut bench) = bench() else { return };
    let values = noise(3, 64 * 64)
        .iter()
        .map(|v| f64::from(*v) / 4.0e9 * 12.0 - 1.0)
        .collect();
    let frame = StoredFrame {
        columns: 64,
        rows: 64,
        channels: 1,
        samples: Samples::F64(values),
    };
    let mut parameters = parameters((i64::MIN, i64::MAX), 5.0, 10.0);
    parameters.voi = Voi::Window {
        centre: 5.0,
        width: 10.0,
        function: VoiFunction::LinearExact,
    };
    let (gpu, cpu) = bench.grey(
        &frame,
        &parameters,
        map(1.0, 0.0, 0.0),
        (64, 64),
        Interpolation::Nearest,
    );
    assert!(differing(&gpu, &cpu).1 <= 1, "f32 on the adapter, f64 here");
}

#[test]
fn a_calcification_does_not_shimmer_at_fit() {
    let Some(mut bench) = bench() else { return };
    let frame = pattern::point(4000, 5000, (1873, 2417));
    // At fit one pixel is 1/25 of a screen pixel; a tenfold window keeps its trace above the rounding to 8 bits.
    let parameters = parameters((0, 65_535), 3276.5, 6553.0);
    let mut sums = Vec::new();
    for pan in 0..100 {
        let shift = f64::from(pan) / 100.0;
        let map = map(0.2, shift, shift * 0.37);
        let table = Arc::new(DisplayTable::build(&parameters).unwrap());
        if pan == 0 {
            let (device, queue) = (&bench.adapter.device, &bench.adapter.queue);
            bench
                .renderer
                .upload_grey(device, queue, FRAME, &frame, &Modality::Identity, None)
                .unwrap();
        }
        // A window of the screen around the pixel: all that it can reach.
        let map = ViewportFromImage {
            c: map.c - 360.0,
            f: map.f - 470.0,
            ..map
        };
        let size = (30, 30);
        let picture = Picture {
            frame: FRAME,
            map,
            origin: (0, 0),
            size,
            interpolation: Interpolation::Linear,
            table: Some(table),
            colours: None,
            cover: None,
        };
        sums.push(bench.draw(&picture).iter().map(|p| f64::from(p[0])).sum::<f64>());
    }
    let mean = sums.iter().sum::<f64>() / 100.0;
    assert!(mean > 50.0, "the pixel is seen: {mean}");
    for (pan, sum) in sums.iter().enumerate() {
        assert!((sum / mean - 1.0).abs() < 0.02, "pan {pan}: {sum} against {mean}");
    }
}

#[test]
fn line_pairs_above_the_screens_limit_go_grey() {
    let Some(mut bench) = bench() else { return };
    let frame = pattern::line_pairs(1024, 1024, 1);
    for scale in [0.5, 0.25] {
        let (gpu, _) = bench.grey(
            &frame,
            &parameters((0, 255), 128.0, 256.0),
            map(scale, 0.0, 0.0),
            (200, 200),
            Interpolation::Linear,
        );
        assert!(
            gpu.iter().all(|v| (126..=129).contains(v)),
            "×{scale}: {:?}",
            &gpu[..20]
        );
    }
    // Between two whole ratios what is left of the pattern is its part over a screen pixel, far below moiré.
    let (gpu, _) = bench.grey(
        &frame,
        &parameters((0, 255), 128.0, 256.0),
        map(0.23, 0.0, 0.0),
        (200, 200),
        Interpolation::Linear,
    );
    let (least, greatest) = (gpu.iter().min().unwrap(), gpu.iter().max().unwrap());
    assert!(greatest - least < 64, "{least} … {greatest}");
}

#[test]
fn what_cannot_be_drawn_is_a_sentence() {
    let Some(mut bench) = bench() else { return };
    let frame = StoredFrame {
        columns: 40_000,
        rows: 1,
        channels: 1,
        samples: Samples::U8(vec![0; 40_000]),
    };
    let (device, queue) = (&bench.adapter.device, &bench.adapter.queue);
    // Ten thousand layers: more than an adapter has.
    bench.renderer.hold_textures_to(4);
    let error = bench
        .renderer
        .upload_grey(device, queue, FRAME, &frame, &Modality::Identity, None)
        .unwrap_err();
    assert!(
        error.to_string().contains("larger than this graphics adapter can hold"),
        "{error}"
    );
    let short = StoredFrame {
        columns: 9,
        rows: 9,
        channels: 1,
        samples: Samples::U8(vec![0; 5]),
    };
    assert!(
        bench
            .renderer
            .upload_grey(device, queue, FRAME, &short, &Modality::Identity, None)
            .is_err()
    );
    assert!(Renderer::new(device, wgpu::TextureFormat::Rgba8UnormSrgb, 1).is_err());
    let table = Some(Arc::new(
        DisplayTable::build(&parameters((0, 255), 128.0, 256.0)).unwrap(),
    ));
    let missing = Picture {
        frame: FrameKey(99),
        map: map(1.0, 0.0, 0.0),
        origin: (0, 0),
        size: (8, 8),
        interpolation: Interpolation::Nearest,
        table,
        colours: None,
        cover: None,
    };
    assert!(bench.adapter.draw(&mut bench.renderer, &missing).is_err());
}

#[test]
fn a_frame_in_layers_is_drawn_as_one_that_is_whole() {
    let Some(mut bench) = bench() else { return };
    for side in [16, 40, 100] {
        bench.renderer.hold_textures_to(side);
        for (number, (frame, parameters)) in frames().iter().enumerate() {
            let across_seams = map(1.0, -3.0, -5.0);
            let (gpu, cpu) = bench.grey(frame, parameters, across_seams, (120, 72), Interpolation::Nearest);
            assert_eq!(differing(&gpu, &cpu), (0, 0), "frame {number}, side {side}");
            for (scale, interpolation) in [(2.3, Interpolation::Cubic), (0.3, Interpolation::Linear)] {
                let (layers, _) = bench.grey(frame, parameters, map(scale, 2.0, 1.0), (130, 90), interpolation);
                bench.renderer.hold_textures_to(8192);
                let (whole, _) = bench.grey(frame, parameters, map(scale, 2.0, 1.0), (130, 90), interpolation);
                bench.renderer.hold_textures_to(side);
                assert_eq!(layers, whole, "frame {number}, side {side}, scale {scale}");
            }
        }
    }
    let rgb: Vec<u8> = noise(3, 50 * 70 * 3).iter().map(|v| *v as u8).collect();
    bench.renderer.hold_textures_to(32);
    let (device, queue) = (&bench.adapter.device, &bench.adapter.queue);
    bench
        .renderer
        .upload_colour(device, queue, FRAME, &rgb, (50, 70))
        .unwrap();
    let picture = Picture {
        frame: FRAME,
        map: map(1.0, 0.0, 0.0),
        origin: (0, 0),
        size: (50, 70),
        interpolation: Interpolation::Nearest,
        table: None,
        colours: None,
        cover: None,
    };
    assert_eq!(bench.draw(&picture).as_flattened(), rgb);
}

/// A chest-like shadow with grain: bright edges, a dark lung on each side, fine lines that a wrong seam would break.
fn radiograph(side: u32) -> StoredFrame {
    let middle = f64::from(side) / 2.0;
    let profile: Vec<f64> = (0..side)
        .map(|i| ((f64::from(i) - middle) / middle * 6.0).cos())
        .collect();
    let mut samples = Vec::with_capacity(side as usize * side as usize);
    for row in 0..side {
        let down = profile[row as usize];
        samples.extend((0..side).map(|column| {
            let grain = (column.wrapping_mul(7919) ^ row.wrapping_mul(104_729)) & 0x1ff;
            (20_000.0 + 9_000.0 * profile[column as usize] * down) as u16 + grain as u16
        }));
    }
    StoredFrame {
        columns: side,
        rows: side,
        channels: 1,
        samples: Samples::U16(samples),
    }
}

#[test]
fn a_radiograph_of_twenty_thousand_pixels_a_side_is_drawn_as_the_cpu_draws_it() {
    let Some(mut bench) = bench() else { return };
    let side = 20_000;
    assert!(
        bench.renderer.in_layers((side, side)),
        "the adapter's textures are larger than expected: take a larger side"
    );
    let frame = radiograph(side);
    let parameters = parameters((0, 65_535), 20_000.0, 22_000.0);
    // The middle, where four layers meet, at 1:1; then the whole.
    let seam = map(1.0, -9_900.0, -9_850.0);
    let (gpu, cpu) = bench.grey(&frame, &parameters, seam, (400, 300), Interpolation::Nearest);
    assert_eq!(differing(&gpu, &cpu), (0, 0), "1:1 across the seam");
    let fit = map(0.02, 0.0, 0.0);
    let (gpu, cpu) = bench.grey(&frame, &parameters, fit, (400, 400), Interpolation::Linear);
    let (count, most) = differing(&gpu, &cpu);
    println!("at fit {count} of {} pixels differ, by at most {most}", cpu.len());
    assert!(most <= 1, "{most}");
    assert!(cpu.iter().min() < cpu.iter().max());
}
