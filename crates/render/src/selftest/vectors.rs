//! The test pictures: every 8- and 16-bit value, padding, float, colour and what lies over an image, each way of finding a value between pixels.
//!
//! Interpolated ones are chosen so that no pixel lies near the edge between two levels, where f32 and f64 may part: a test sees to it.

use std::sync::Arc;

use pixels::cover::Cover;
use pixels::display::{DisplayTable, Modality, Padding, Parameters, Voi, VoiFunction};
use pixels::picture::{self, Interpolation};
use pixels::pseudo_colour::ColourMap;
use pixels::{Samples, StoredFrame};
use space::ViewportFromImage;

use crate::{FrameKey, Picture, PictureId, RenderError, Renderer};

/// One test picture.
pub(super) struct Vector {
    /// What it tests.
    pub(super) name: &'static str,
    /// Its width and height on the target, pixels.
    pub(super) size: (u32, u32),
    /// The CPU's picture.
    pub(super) expected: Vec<[u8; 3]>,
    source: Source,
    map: ViewportFromImage,
    interpolation: Interpolation,
    colours: Option<ColourMap>,
    cover: Option<Arc<Cover>>,
}

enum Source {
    Grey {
        frame: StoredFrame,
        table: Arc<DisplayTable>,
    },
    Colour {
        rgb: Vec<u8>,
        size: (u32, u32),
    },
    /// Finished elsewhere: not for frames in layers.
    Finished,
}

impl Vector {
    /// Uploads the frame and prepares the picture, as a tile does.
    pub(super) fn prepare(
        &self,
        renderer: &mut Renderer,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        encoder: &mut wgpu::CommandEncoder,
        (key, id): (FrameKey, PictureId),
        origin: (u32, u32),
    ) -> Result<(), RenderError> {
        let table = match &self.source {
            Source::Grey { frame, table } => {
                renderer.upload_grey(device, queue, key, frame, &Modality::Identity, table.padding)?;
                Some(Arc::clone(table))
            }
            Source::Colour { rgb, size } => {
                renderer.upload_colour(device, queue, key, rgb, *size)?;
                None
            }
            Source::Finished => {
                let rgba: Vec<u8> = self.expected.iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect();
                return renderer.finished(device, queue, id, &rgba, (origin, self.size));
            }
        };
        let picture = Picture {
            frame: key,
            map: self.map,
            origin,
            size: self.size,
            interpolation: self.interpolation,
            table,
            colours: self.colours,
            cover: self.cover.clone(),
        };
        renderer.prepare(device, queue, encoder, id, &picture)
    }

    fn grey(
        name: &'static str,
        frame: StoredFrame,
        table: DisplayTable,
        map: ViewportFromImage,
        size: (u32, u32),
        interpolation: Interpolation,
    ) -> Self {
        let grey = picture::grey(&frame, &Modality::Identity, &table, &map, size, interpolation);
        Self {
            name,
            size,
            expected: grey.into_iter().map(|level| [level; 3]).collect(),
            source: Source::Grey {
                frame,
                table: Arc::new(table),
            },
            map,
            interpolation,
            colours: None,
            cover: None,
        }
    }

    /// The same in colours and under a cover.
    fn laid_over(mut self, name: &'static str, colours: ColourMap, cover: Cover) -> Self {
        let levels: Vec<u8> = self.expected.iter().map(|[level, _, _]| *level).collect();
        let mut rgb = picture::coloured(&levels, Some(colours));
        picture::lay_over(&mut rgb, &cover, &self.map, self.size);
        self.expected = rgb.as_chunks::<3>().0.to_vec();
        (self.name, self.colours, self.cover) = (name, Some(colours), Some(Arc::new(cover)));
        self
    }

    fn colour(name: &'static str, rgb: Vec<u8>, size: (u32, u32), scale: u32, interpolation: Interpolation) -> Self {
        let map = scaled(f64::from(scale));
        let shown = (size.0 * scale, size.1 * scale);
        let drawn = picture::colour(&rgb, size, &map, shown, interpolation);
        Self {
            name,
            size: shown,
            expected: drawn.as_chunks::<3>().0.to_vec(),
            source: Source::Colour { rgb, size },
            map,
            interpolation,
            colours: None,
            cover: None,
        }
    }
}

/// All test pictures; those that are finished elsewhere lie in no layers.
pub(super) fn vectors(layers: bool) -> Result<Vec<Vector>, RenderError> {
    let refused = |error: pixels::display::DisplayError| RenderError::Gpu(error.to_string());
    let window = |low: i64, high: i64, function, inverse, padding| {
        DisplayTable::build(&parameters(low, high, function, inverse, padding)).map_err(refused)
    };
    let padding = Some(Padding {
        value: -2000.0,
        limit: -1000.0,
    });
    let twelve = |padding| window(0, 4095, VoiFunction::Linear, false, padding);
    let noise = |seed| Samples::U16(noise(seed, 24 * 24).map(|v| v & 0xfff).collect());
    let some = Some(Padding {
        value: 0.0,
        limit: 300.0,
    });
    let float = parameters(0, 65_535, VoiFunction::Linear, false, None);
    let float = DisplayTable::build_modality(&float, 0.0, 65_535.0).map_err(refused)?;
    // A quarter beside a table entry, in turn above and below it.
    let quarters = (0..4096).map(|i| i as f32 * 15.0 + if i % 2 == 0 { 0.25 } else { 0.75 });
    let mut all = vec![
        Vector::grey(
            "unsigned 16 bits",
            square(256, Samples::U16((0..=u16::MAX).collect())),
            window(0, 65_535, VoiFunction::Sigmoid, false, None)?,
            scaled(1.0),
            (256, 256),
            Interpolation::Nearest,
        ),
        Vector::grey(
            "signed 16 bits with padding, a quarter turn",
            square(256, Samples::I16((i16::MIN..=i16::MAX).collect())),
            window(-32_768, 32_767, VoiFunction::Linear, true, padding)?,
            turned(256),
            (256, 256),
            Interpolation::Nearest,
        ),
        Vector::grey(
            "unsigned 8 bits",
            square(16, Samples::U8((0..=u8::MAX).collect())),
            window(0, 255, VoiFunction::LinearExact, false, None)?,
            scaled(1.0),
            (16, 16),
            Interpolation::Linear,
        ),
        Vector::grey(
            "signed 8 bits",
            square(16, Samples::I8((i8::MIN..=i8::MAX).collect())),
            window(-128, 127, VoiFunction::Linear, false, None)?,
            turned(16),
            (16, 16),
            Interpolation::Nearest,
        ),
        Vector::grey(
            "levels",
            square(16, Samples::U8((0..=u8::MAX).collect())),
            window(0, 255, VoiFunction::Linear, false, None)?,
            scaled(4.0),
            (64, 64),
            Interpolation::Nearest,
        )
        .laid_over("pseudo-colours, shutter and overlay", ColourMap::HotIron, lattice(16)),
        Vector::grey(
            "modality values",
            square(64, Samples::F32(quarters.collect())),
            float,
            scaled(1.0),
            (64, 64),
            Interpolation::Nearest,
        ),
        Vector::grey(
            "linear",
            square(24, noise(4)),
            twelve(some)?,
            scaled(3.0),
            (72, 72),
            Interpolation::Linear,
        ),
        Vector::grey(
            "cubic",
            square(24, noise(5)),
            twelve(None)?,
            scaled(3.0),
            (72, 72),
            Interpolation::Cubic,
        ),
        Vector::grey(
            "mean",
            square(24, noise(1)),
            twelve(some)?,
            scaled(0.375),
            (9, 9),
            Interpolation::Linear,
        ),
        Vector::colour("colour", noise_bytes(3 * 64 * 64), (64, 64), 1, Interpolation::Nearest),
        Vector::colour(
            "colour, linear",
            noise_bytes(3 * 16 * 16),
            (16, 16),
            3,
            Interpolation::Linear,
        ),
    ];
    if !layers {
        let bytes = noise_bytes(3 * 64 * 64);
        all.push(Vector {
            name: "finished",
            size: (64, 64),
            expected: bytes.as_chunks::<3>().0.to_vec(),
            source: Source::Finished,
            map: scaled(1.0),
            interpolation: Interpolation::Nearest,
            colours: None,
            cover: None,
        });
    }
    Ok(all)
}

fn parameters(low: i64, high: i64, function: VoiFunction, inverse: bool, padding: Option<Padding>) -> Parameters {
    Parameters {
        modality: Modality::Identity,
        voi: Voi::Window {
            centre: (low + high) as f64 / 2.0 + 0.5,
            width: (high - low) as f64 + 1.0,
            function,
        },
        inverse,
        padding,
        stored_range: (low, high),
        presentation_lut: None,
        target_bits: 8,
    }
}

fn square(side: u32, samples: Samples) -> StoredFrame {
    StoredFrame {
        columns: side,
        rows: side,
        channels: 1,
        samples,
    }
}

fn scaled(scale: f64) -> ViewportFromImage {
    ViewportFromImage {
        a: scale,
        b: 0.0,
        c: scale / 2.0,
        d: 0.0,
        e: scale,
        f: scale / 2.0,
    }
}

/// A shutter on the rim and an overlay on every third pixel.
fn lattice(side: u32) -> Cover {
    let places = (0..side).flat_map(|row| (0..side).map(move |column| (column, row)));
    let rim = |i: u32| i < 2 || i + 2 >= side;
    Cover {
        columns: side,
        rows: side,
        codes: places
            .map(|(column, row)| {
                (u8::from(rim(column) || rim(row)) * Cover::SHUTTERED)
                    | (u8::from((column + 2 * row) % 3 == 0) * Cover::DRAWN)
            })
            .collect(),
        shutter: [40, 80, 120],
        overlay: Cover::OVERLAY,
    }
}

/// A quarter turn clockwise at 1:1.
fn turned(side: u32) -> ViewportFromImage {
    ViewportFromImage {
        a: 0.0,
        b: -1.0,
        c: f64::from(side) - 0.5,
        d: 1.0,
        e: 0.0,
        f: 0.5,
    }
}

/// Always the same values that look like none.
fn noise(seed: u32, count: usize) -> impl Iterator<Item = u16> {
    let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
    (0..count).map(move |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) as u16
    })
}

fn noise_bytes(count: usize) -> Vec<u8> {
    noise(7, count).map(|v| v as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pixel_lies_near_the_edge_between_two_levels() {
        let mut near = Vec::new();
        // Those in colours are drawn at whole levels.
        for vector in vectors(false).unwrap().iter().filter(|v| v.colours.is_none()) {
            let Source::Grey { frame, table } = &vector.source else {
                continue;
            };
            for nudge in [-1i32, 1] {
                let mut nudged = DisplayTable::clone(table);
                for entry in &mut nudged.entries {
                    *entry = (i32::from(*entry) + nudge).clamp(0, 65_535) as u16;
                }
                let (size, interpolation) = (vector.size, vector.interpolation);
                let again = picture::grey(frame, &Modality::Identity, &nudged, &vector.map, size, interpolation);
                let differing = again.iter().zip(&vector.expected).filter(|(a, b)| **a != b[0]).count();
                if differing > 0 {
                    near.push((vector.name, nudge, differing));
                }
            }
        }
        // A step of a 257th of a level is a hundred times what f32 loses.
        assert!(near.is_empty(), "{near:?}");
    }
}
