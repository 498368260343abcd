//! Small pictures of series, made on the CPU beside the window; never what a diagnosis is made from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::{ColorImage, TextureHandle, TextureOptions};
use pixels::display::DisplayTable;
use pixels::picture::{self, Interpolation};
use retrieval::Memory;
use space::ViewportFromImage;
use study::{DecodedFrame, FrameRef};

use crate::aside::{Aside, Done};

/// A thumbnail's side on the screen, points.
pub(crate) const SIDE: f32 = 64.0;
/// Its side in pixels, enough for a screen of twice the density.
const PIXELS: u32 = 128;

/// The thumbnails of the open studies.
#[derive(Default)]
pub(crate) struct Thumbnails {
    textures: BTreeMap<FrameRef, TextureHandle>,
    under_way: BTreeSet<FrameRef>,
}

impl Thumbnails {
    /// A frame's thumbnail; begins to make it when the frame is in memory and it is not there.
    pub(crate) fn get(&mut self, frame: &FrameRef, memory: &Memory, aside: &Aside) -> Option<&TextureHandle> {
        if !self.textures.contains_key(frame)
            && !self.under_way.contains(frame)
            && let Some(decoded) = memory.get(frame)
        {
            self.under_way.insert(frame.clone());
            let name = frame.clone();
            aside.work(move || Done::Thumbnail(name, Arc::new(drawn(&decoded))));
        }
        self.textures.get(frame)
    }

    /// Takes in a picture that was made beside the window.
    pub(crate) fn made(&mut self, ctx: &egui::Context, frame: FrameRef, image: Arc<ColorImage>) {
        if self.under_way.remove(&frame) {
            let texture = ctx.load_texture("thumbnail", image, TextureOptions::LINEAR);
            self.textures.insert(frame, texture);
        }
    }

    /// Lets go of everything; what is under way is not taken in any more.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}

fn drawn(frame: &DecodedFrame) -> ColorImage {
    let stored = &frame.decoded.frame;
    let (image, size) = ((stored.columns, stored.rows), (PIXELS, PIXELS));
    let aspect = frame
        .instance
        .frame_geometry(frame.index)
        .map_or(1.0, |geometry| geometry.spacing.aspect());
    let map = ViewportFromImage::fit(image, size, aspect);
    let side = [PIXELS as usize, PIXELS as usize];
    let mut rgb = if let Some(rgb) = frame.instance.rgb8(&frame.decoded) {
        let rgb = rgb.unwrap_or_default();
        picture::colour(&rgb, image, &map, size, Interpolation::Linear)
    } else {
        let parameters = reading::viewport::parameters(&frame.instance, frame.index, stored, None);
        let Ok(table) = DisplayTable::build(&parameters) else {
            return ColorImage::filled(side, egui::Color32::BLACK);
        };
        if let Some(palette) = &frame.instance.wishes.supplemental {
            let rgb = pixels::supplemental::rgb8(stored, &parameters.modality, &table, palette);
            return ColorImage::from_rgb(side, &picture::colour(&rgb, image, &map, size, Interpolation::Linear));
        }
        let grey = picture::grey(stored, &parameters.modality, &table, &map, size, Interpolation::Linear);
        picture::coloured(&grey, None)
    };
    if let Some(layers) = reading::layers(&frame.instance, frame.index) {
        picture::lay_over(&mut rgb, &layers.cover(image), &map, size);
    }
    ColorImage::from_rgb(side, &rgb)
}
