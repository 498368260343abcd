//! A beating heart in ultrasound: a sector of speckle with a patch of colour flow.

mod heart;

use std::ops::Range;

use heart::Heart;

use super::exact::{cos, exp, hill, ln, sin};
use super::noise;
use crate::{Samples, StoredFrame};

/// Rectangle of pixels, inclusive: left, top, right, bottom.
pub type Rectangle = [u32; 4];

/// One clip of one heart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Echo {
    /// Frames in the clip: one heart beat.
    pub frames: u32,
    /// Seed of speckle and noise.
    pub seed: u32,
}

impl Echo {
    /// Columns of a frame.
    pub const COLUMNS: u32 = 640;
    /// Rows of a frame.
    pub const ROWS: u32 = 480;
    /// Time from frame to frame, ms.
    pub const FRAME_MS: f64 = 40.0;
    /// The rectangle that holds the sector.
    pub const SECTOR: Rectangle = [64, 16, 575, 431];
    /// Centimetres per pixel in the sector, both ways.
    pub const SECTOR_CM: f64 = 0.04;
    /// The rectangle that holds the electrocardiogram.
    pub const TRACE: Rectangle = [64, 436, 575, 475];
    /// Seconds per pixel along the electrocardiogram.
    pub const TRACE_S: f64 = 0.004;

    /// One frame (from 0): red, green and blue, 8 bits each.
    pub fn frame(&self, index: u32) -> StoredFrame {
        let mut picture = Picture {
            values: vec![0; Self::COLUMNS as usize * Self::ROWS as usize * 3],
        };
        let beat = index as f32 / self.frames.max(1) as f32;
        self.sector(&mut picture, &Heart::at(beat), index);
        scales(&mut picture);
        self.trace(&mut picture, beat);
        StoredFrame {
            columns: Self::COLUMNS,
            rows: Self::ROWS,
            channels: 3,
            samples: Samples::U8(picture.values),
        }
    }

    fn sector(&self, picture: &mut Picture, heart: &Heart, index: u32) {
        let greys = greys();
        let [left, top, right, bottom] = Self::SECTOR;
        let edge = (sin(HALF_ANGLE) as f32, cos(HALF_ANGLE) as f32);
        let scale = Self::SECTOR_CM as f32;
        let moment = index as f32 * 0.35;
        for row in top..=bottom {
            for column in left..=right {
                let x = (column as f32 - MIDDLE) * scale;
                let y = (row as f32 - top as f32) * scale + APEX_CM;
                let depth = (x * x + y * y).sqrt();
                // Distance from the edge lines of the fan.
                let within = y * edge.0 - x.abs() * edge.1;
                if within < 0.0 || !(SKIN_CM..=DEPTH_CM).contains(&depth) {
                    continue;
                }
                // Cells of speckle are as deep everywhere, and wider the deeper they lie.
                let cell = [x / depth * 34.0, depth * 10.0, moment];
                let (re, im) = (noise::smooth(cell, self.seed), noise::smooth(cell, self.seed ^ 0x51ed));
                let speckle = (re * re + im * im).sqrt() * 1.9;
                let near = 0.22 * hill((depth - SKIN_CM) / 1.3);
                // Ribs and lung take some directions away.
                let window = 0.75 + 0.35 * noise::smooth([x / depth * 7.0, 0.5, 0.5], self.seed ^ 3);
                let strength =
                    (heart.echo(x, y) + near) * speckle * window * (1.0 - 0.3 * hill((depth - DEPTH_CM) / 6.0));
                let grey = greys[((strength * 512.0) as usize).min(greys.len() - 1)];
                let mut colour = [grey, grey, grey];
                if let Some(patch) = patch(x, y, depth) {
                    let flow =
                        heart.flow(x, y) + 0.12 * noise::smooth([cell[0] * 0.7, cell[1] * 0.5, moment], self.seed ^ 9);
                    if patch < 0.0 {
                        colour = [90, 200, 120];
                    } else if flow.abs() > 0.16 && grey < 120 {
                        colour = hue(flow);
                    }
                }
                picture.put(column, row, colour);
            }
        }
    }

    /// The electrocardiogram, written from left to right over the one before.
    fn trace(&self, picture: &mut Picture, beat: f32) {
        let [left, top, right, bottom] = Self::TRACE;
        let period = (Self::FRAME_MS * f64::from(self.frames.max(1)) / 1000.0) as f32;
        let shown = period / Self::TRACE_S as f32;
        let cursor = left + (beat * shown) as u32 + (shown as u32 / 2);
        let middle = (top + bottom) as f32 / 2.0 + 6.0;
        let place = |column: u32| {
            let time = (column as f32 - left as f32 - shown / 2.0) / shown;
            middle - 24.0 * heartbeat(time - floor(time))
        };
        for column in left..=right {
            if column > cursor && column < cursor + 14 {
                continue;
            }
            let (a, b) = (place(column), place(column + 1));
            let rows = a.min(b) as u32..=(a.max(b) + 1.0) as u32;
            for row in rows.filter(|r| (top..=bottom).contains(r)) {
                picture.put(column, row, [60, 220, 90]);
            }
        }
    }
}

/// Column of the probe's middle.
const MIDDLE: f32 = 319.5;
/// The fan's point lies this far above the first row.
const APEX_CM: f32 = 0.2;
/// Where the picture begins.
const SKIN_CM: f32 = 0.6;
/// Where it ends.
const DEPTH_CM: f32 = 16.2;
/// Half of the fan, in radians (38.5°).
const HALF_ANGLE: f64 = 0.672;

/// A frame under the brush.
struct Picture {
    values: Vec<u8>,
}

impl Picture {
    fn put(&mut self, column: u32, row: u32, colour: [u8; 3]) {
        let at = (row as usize * Echo::COLUMNS as usize + column as usize) * 3;
        if let Some(pixel) = self.values.get_mut(at..at + 3) {
            pixel.copy_from_slice(&colour);
        }
    }

    fn fill(&mut self, columns: Range<u32>, rows: Range<u32>, colour: [u8; 3]) {
        for row in rows {
            for column in columns.clone() {
                self.put(column, row, colour);
            }
        }
    }
}

fn floor(x: f32) -> f32 {
    let whole = x as i32 as f32;
    if whole > x { whole - 1.0 } else { whole }
}

/// From strength (in 512ths) to grey: 52 dB shown, a little steeper in the middle.
fn greys() -> Vec<u8> {
    (0..1024)
        .map(|strength| {
            let decibels = 20.0 * ln((f64::from(strength) + 0.5) / 512.0) / std::f64::consts::LN_10;
            let part = (1.0 + decibels / 52.0).clamp(0.0, 1.0);
            (part * part * (1.9 - 0.9 * part) * 235.0) as u8
        })
        .collect()
}

/// Whether a place lies in the patch of colour flow: negative on its outline, positive inside.
fn patch(x: f32, y: f32, depth: f32) -> Option<f32> {
    let sine = x / depth;
    let inside = (depth - 6.4)
        .min(13.6 - depth)
        .min((sine + 0.17) * y)
        .min((0.36 - sine) * y);
    (inside > 0.0).then_some(inside - 0.05)
}

/// Red towards the probe, blue away; brighter when faster.
fn hue(flow: f32) -> [u8; 3] {
    let speed = (flow.abs() * 1.15).min(1.0);
    let strong = (90.0 + 165.0 * speed.min(0.7) / 0.7) as u8;
    let weak = (230.0 * ((speed - 0.45) / 0.55).max(0.0)) as u8;
    if flow > 0.0 {
        [strong, weak, (f32::from(weak) * 0.25) as u8]
    } else {
        [(f32::from(weak) * 0.25) as u8, weak, strong]
    }
}

/// Depth marks each centimetre, the grey and the colour bar.
fn scales(picture: &mut Picture) {
    let [_, top, _, bottom] = Echo::SECTOR;
    let step = 1.0 / Echo::SECTOR_CM;
    for mark in 0..=16u32 {
        let row = top + (f64::from(mark) * step) as u32;
        if row <= bottom {
            let length = if mark % 5 == 0 { 12 } else { 6 };
            picture.fill(584..584 + length, row..row + 1, [200, 200, 200]);
        }
    }
    for row in 0..128u32 {
        let grey = 235 - (row * 235 / 127) as u8;
        picture.fill(16..26, 40 + row..41 + row, [grey, grey, grey]);
        let flow = 1.0 - row as f32 / 63.5;
        let colour = if flow.abs() < 0.08 { [0, 0, 0] } else { hue(flow) };
        picture.fill(16..26, 200 + row..201 + row, colour);
    }
}

/// The electrocardiogram over one beat (0 … 1): P before the beat's end, QRS at its beginning, T after.
fn heartbeat(t: f32) -> f32 {
    let wave = |middle: f64, width: f64| {
        let from = (f64::from(t) - middle) / width;
        exp(-from * from) as f32
    };
    0.13 * wave(0.86, 0.028) - 0.12 * wave(0.985, 0.009) + wave(0.008, 0.011) + wave(1.008, 0.011)
        - 0.25 * wave(0.035, 0.012)
        + 0.26 * wave(0.3, 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIP: Echo = Echo { frames: 30, seed: 4 };

    fn pixels(index: u32) -> Vec<[u8; 3]> {
        let Samples::U8(values) = CLIP.frame(index).samples else {
            panic!("8 bits")
        };
        values.as_chunks::<3>().0.to_vec()
    }

    #[test]
    fn the_picture_is_grey_but_for_the_patch_the_bar_and_the_trace() {
        let frame = pixels(17);
        let at = |column: u32, row: u32| frame[(row * Echo::COLUMNS + column) as usize];
        let coloured = |p: &[u8; 3]| p[0] != p[1] || p[1] != p[2];
        let flow = (200..440)
            .flat_map(|row| (200..480).map(move |column| at(column, row)))
            .filter(coloured)
            .count();
        assert!(flow > 500, "colour flow: {flow}");
        assert!((20..160).all(|row| (64..576).all(|column| !coloured(&at(column, row)))));
        assert_eq!(at(2, 2), [0, 0, 0], "outside the fan");
    }

    #[test]
    fn depth_marks_stand_each_centimetre_of_the_calibration() {
        let frame = pixels(0);
        let marks: Vec<u32> = (0..Echo::ROWS)
            .filter(|row| frame[(row * Echo::COLUMNS + 585) as usize][0] > 150)
            .collect();
        let step = 1.0 / Echo::SECTOR_CM;
        assert_eq!(marks.len(), 17);
        for pair in marks.windows(2) {
            assert!((f64::from(pair[1] - pair[0]) - step).abs() < 1e-9);
        }
    }

    #[test]
    fn the_heart_moves_and_a_frame_is_always_the_same() {
        assert_eq!(pixels(3), pixels(3));
        let (relaxed, contracted) = (pixels(0), pixels(10));
        assert_ne!(relaxed, contracted);
        // The left ventricle is smaller when it has contracted: fewer dark places in its rectangle.
        let dark = |frame: &[[u8; 3]]| {
            (76..270u32)
                .flat_map(|row| (307..420u32).map(move |column| (row * Echo::COLUMNS + column) as usize))
                .filter(|at| frame[*at].iter().all(|v| *v < 40))
                .count()
        };
        assert!(
            dark(&relaxed) > dark(&contracted) * 11 / 10,
            "{} {}",
            dark(&relaxed),
            dark(&contracted)
        );
    }
}
