//! One tile: what is to be drawn, and what is kept of it between draws.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use pixels::cover::Cover;
use pixels::display::{DisplayTable, Domain};
use pixels::picture::Interpolation;
use pixels::pseudo_colour::ColourMap;
use space::{ImagePoint, ViewportFromImage, ViewportPoint};

use crate::gpu_data::{DisplayUniform, ResampleUniform};
use crate::texture::{FrameKey, FrameTexture, Texels};

/// Which tile a picture belongs to; its resampled values are kept under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PictureId(pub u64);

/// What a tile shows.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The frame.
    pub frame: FrameKey,
    /// Where its pixels lie on the tile, physical pixels.
    pub map: ViewportFromImage,
    /// The tile's top left corner on the target, physical pixels.
    pub origin: (u32, u32),
    /// The tile's width and height, physical pixels.
    pub size: (u32, u32),
    /// How values between pixels are found above 1:1.
    pub interpolation: Interpolation,
    /// The display table; `None` for colour.
    pub table: Option<Arc<DisplayTable>>,
    /// The colours that grey levels are shown in; `None` for grey.
    pub colours: Option<ColourMap>,
    /// What lies over the image, of the frame's own size.
    pub cover: Option<Arc<Cover>>,
}

/// What the resampled values of a tile were made from; they are made anew only when this changes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Made {
    pub(crate) frame: FrameKey,
    pub(crate) map: ViewportFromImage,
    pub(crate) size: (u32, u32),
    pub(crate) interpolation: Interpolation,
}

pub(crate) struct Kept {
    pub(crate) made: Option<Made>,
    /// Whether what was made has been painted: a window that gives no surface drops what was recorded for it.
    pub(crate) painted: AtomicBool,
    pub(crate) values: wgpu::TextureView,
    pub(crate) size: (u32, u32),
    pub(crate) colour: bool,
    pub(crate) resample: wgpu::Buffer,
    pub(crate) display: wgpu::Buffer,
    pub(crate) table_texture: wgpu::Texture,
    pub(crate) table: Option<Arc<DisplayTable>>,
    pub(crate) colours_texture: wgpu::Texture,
    pub(crate) colours: Option<ColourMap>,
    /// What lies over the tile, one code a screen pixel.
    pub(crate) codes: wgpu::TextureView,
    pub(crate) cover: Option<(Arc<Cover>, FrameTexture)>,
    /// For which cover and place the codes were made.
    pub(crate) covered: Option<(Arc<Cover>, ViewportFromImage)>,
    pub(crate) cover_resample: wgpu::Buffer,
    pub(crate) bind: wgpu::BindGroup,
}

impl Picture {
    pub(crate) fn made(&self) -> Made {
        Made {
            frame: self.frame,
            map: self.map,
            size: self.size,
            interpolation: self.interpolation,
        }
    }

    pub(crate) fn resample(&self, frame: &FrameTexture) -> ResampleUniform {
        let at = |x, y| self.map.image_at(ViewportPoint { x, y });
        // A singular map shows nothing: every pixel lies far outside.
        let outside = ImagePoint::new(-1.0e6, -1.0e6);
        let (zero, one_x, one_y) = (
            at(0.0, 0.0).unwrap_or(outside),
            at(1.0, 0.0).unwrap_or(outside),
            at(0.0, 1.0).unwrap_or(outside),
        );
        let bias = match frame.texels {
            Texels::Integer { bias } => bias,
            Texels::Float | Texels::Colour | Texels::Cover => 0,
        };
        let interpolation = match self.interpolation {
            Interpolation::Nearest => 0,
            Interpolation::Linear => 1,
            Interpolation::Cubic => 2,
        };
        let padding = match (frame.texels, frame.padding) {
            (Texels::Integer { .. }, Some(p)) => [p.value.min(p.limit) as f32, p.value.max(p.limit) as f32, 1.0, 0.0],
            _ => [0.0; 4],
        };
        ResampleUniform {
            column_from: [
                (one_x.column - zero.column) as f32,
                (one_y.column - zero.column) as f32,
                zero.column as f32,
                0.0,
            ],
            row_from: [
                (one_x.row - zero.row) as f32,
                (one_y.row - zero.row) as f32,
                zero.row as f32,
                0.0,
            ],
            padding,
            shape: [frame.size.0, frame.size.1, interpolation, bias],
            layers: [frame.layers.size.0, frame.layers.size.1, frame.layers.across, 0],
        }
    }

    pub(crate) fn display(&self) -> DisplayUniform {
        let last = self.table.as_ref().map_or(0, |t| t.entries.len().saturating_sub(1)) as f32;
        let (low, scale) = match self.table.as_ref().map(|t| t.domain) {
            Some(Domain::Stored { first }) => (first as f32, 1.0),
            Some(Domain::ModalityValues { low, high }) => (low as f32, (f64::from(last) / (high - low)) as f32),
            None => (0.0, 1.0),
        };
        let four = |colour: [u8; 3], more: f32| {
            let [r, g, b] = colour.map(|v| f32::from(v) / 255.0);
            [r, g, b, more]
        };
        let covered = if self.cover.is_some() { 1.0 } else { 0.0 };
        let (shutter, overlay) = self.cover.as_ref().map_or(([0; 3], [0; 3]), |c| (c.shutter, c.overlay));
        DisplayUniform {
            low,
            scale,
            last,
            coloured: if self.colours.is_some() { 1.0 } else { 0.0 },
            origin: [self.origin.0 as f32, self.origin.1 as f32],
            size: [self.size.0 as f32, self.size.1 as f32],
            shutter: four(shutter, covered),
            overlay: four(overlay, 0.0),
        }
    }
}
