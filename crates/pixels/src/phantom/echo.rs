//! A beating heart in ultrasound: a sector of speckle with a patch of colour flow.

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
        let _ = index;
        StoredFrame {
            columns: Self::COLUMNS,
            rows: Self::ROWS,
            channels: 3,
            samples: Samples::U8(vec![0; Self::COLUMNS as usize * Self::ROWS as usize * 3]),
        }
    }
}
