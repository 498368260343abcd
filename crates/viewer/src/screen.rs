//! The way of diagnostic pixels to the screen: a paint callback over `render`, on a target that converts nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use eframe::egui_wgpu::{self, CallbackResources, CallbackTrait, ScreenDescriptor};
use eframe::wgpu;
use egui::{PaintCallbackInfo, Rect};
use pixels::display::{Modality, Padding};
use reading::Trouble;
use render::{FrameKey, Picture, PictureId, RenderError, Renderer};
use study::DecodedFrame;

use crate::log_file::Log;

/// Bytes of frames that stay on the adapter.
const BUDGET: u64 = 512 << 20;

/// Asks an adapter for all that it can do: eframe asks for small textures and, on OpenGL, for no compute.
pub fn device(adapter: &wgpu::Adapter) -> wgpu::DeviceDescriptor<'static> {
    wgpu::DeviceDescriptor {
        label: Some("farsight"),
        required_limits: adapter.limits(),
        ..wgpu::DeviceDescriptor::default()
    }
}

/// The set-up of the graphics adapter.
pub(crate) fn setup() -> egui_wgpu::WgpuSetup {
    let mut setup = egui_wgpu::WgpuSetupCreateNew::without_display_handle();
    setup.device_descriptor = Arc::new(device);
    egui_wgpu::WgpuSetup::CreateNew(setup)
}

/// The renderer as egui keeps it between passes.
struct Screen {
    renderer: Renderer,
    /// Grows with each forgetting, so that a picture of before cannot be drawn after.
    era: u64,
}

/// The place where a window's pixels are drawn; cheap to clone.
#[derive(Clone)]
pub(crate) struct Glass {
    state: Option<egui_wgpu::RenderState>,
    refusals: Arc<Refusals>,
    /// Why nothing at all can be drawn.
    broken: Option<Trouble>,
    name: Arc<str>,
    era: u64,
    first_painted: Arc<OnceLock<Instant>>,
}

/// Which frames could not be drawn, and why; each is logged once.
struct Refusals {
    ctx: egui::Context,
    log: Log,
    of_frames: Mutex<BTreeMap<FrameKey, Trouble>>,
}

impl Refusals {
    /// Takes in why a frame is not drawn; the next pass says it on the tile.
    fn put(&self, frame: FrameKey, error: &RenderError) {
        let mut of_frames = self.of_frames.lock().unwrap_or_else(PoisonError::into_inner);
        of_frames.entry(frame).or_insert_with(|| trouble(error, &self.log));
        self.ctx.request_repaint();
    }
}

fn trouble(error: &RenderError, log: &Log) -> Trouble {
    Trouble {
        sentence: error.to_string(),
        reference: log.failure("graphics", None).to_string(),
        retryable: false,
    }
}

/// What a frame's texels are.
#[derive(Clone)]
pub(crate) enum Texels {
    /// Stored values.
    Grey {
        /// The frame.
        frame: Arc<DecodedFrame>,
        /// Stored → modality, used for 32-bit and float frames.
        modality: Modality,
        /// Left out.
        padding: Option<Padding>,
    },
    /// Interleaved red, green, blue.
    Colour {
        /// `columns × rows × 3` bytes.
        rgb: Arc<Vec<u8>>,
        /// Columns and rows.
        size: (u32, u32),
    },
}

impl Glass {
    /// Makes the renderer on a window's device and leaves it with egui.
    pub(crate) fn new(ctx: &egui::Context, state: Option<egui_wgpu::RenderState>, log: Log) -> Self {
        let mut broken = None;
        let mut name = "no graphics adapter".to_owned();
        if let Some(state) = &state {
            name = state.adapter.get_info().name;
            match Renderer::new(&state.device, state.target_format, BUDGET) {
                Ok(renderer) => {
                    let screen = Screen { renderer, era: 0 };
                    state.renderer.write().callback_resources.insert(screen);
                }
                Err(error) => broken = Some(trouble(&error, &log)),
            }
        }
        let refusals = Refusals {
            ctx: ctx.clone(),
            log,
            of_frames: Mutex::default(),
        };
        Self {
            state,
            refusals: Arc::new(refusals),
            broken,
            name: name.into(),
            era: 0,
            first_painted: Arc::new(OnceLock::new()),
        }
    }

    /// The graphics adapter's name.
    pub(crate) fn adapter(&self) -> &str {
        &self.name
    }

    /// When the first image was painted; `None` before.
    pub(crate) fn first_painted(&self) -> Option<Instant> {
        self.first_painted.get().copied()
    }

    /// Why a frame is not drawn, when it could not be.
    pub(crate) fn refused(&self, frame: FrameKey) -> Option<Trouble> {
        let of_frames = self.refusals.of_frames.lock().unwrap_or_else(PoisonError::into_inner);
        self.broken.clone().or_else(|| of_frames.get(&frame).cloned())
    }

    /// Lets go of every frame and picture.
    pub(crate) fn forget(&mut self) {
        self.era += 1;
        let mut of_frames = self.refusals.of_frames.lock().unwrap_or_else(PoisonError::into_inner);
        of_frames.clear();
        drop(of_frames);
        if let Some(state) = &self.state
            && let Some(screen) = state.renderer.write().callback_resources.get_mut::<Screen>()
        {
            screen.renderer.forget();
            screen.era = self.era;
        }
    }

    /// What draws a picture into a rectangle, whose edges lie on physical pixels.
    pub(crate) fn picture(&self, rect: Rect, id: PictureId, picture: Picture, texels: Texels) -> egui::Shape {
        let draw = Draw {
            id,
            picture,
            texels,
            era: self.era,
            refusals: Arc::clone(&self.refusals),
            first_painted: Arc::clone(&self.first_painted),
        };
        egui::Shape::Callback(egui_wgpu::Callback::new_paint_callback(rect, draw))
    }
}

struct Draw {
    id: PictureId,
    picture: Picture,
    texels: Texels,
    era: u64,
    refusals: Arc<Refusals>,
    first_painted: Arc<OnceLock<Instant>>,
}

impl Draw {
    fn upload(&self, device: &wgpu::Device, queue: &wgpu::Queue, renderer: &mut Renderer) -> Result<(), RenderError> {
        let key: FrameKey = self.picture.frame;
        if renderer.holds(key) {
            return Ok(());
        }
        match &self.texels {
            Texels::Grey {
                frame,
                modality,
                padding,
            } => renderer.upload_grey(device, queue, key, &frame.decoded.frame, modality, *padding),
            Texels::Colour { rgb, size } => renderer.upload_colour(device, queue, key, rgb, *size),
        }
    }
}

impl CallbackTrait for Draw {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        _screen: &ScreenDescriptor,
        encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if let Some(screen) = resources.get_mut::<Screen>().filter(|screen| screen.era == self.era) {
            let done = self
                .upload(device, queue, &mut screen.renderer)
                .and_then(|()| screen.renderer.prepare(device, queue, encoder, self.id, &self.picture));
            if let Err(error) = done {
                // What the tile showed before must not stand under this frame's words.
                screen.renderer.drop_picture(self.id);
                self.refusals.put(self.picture.frame, &error);
            }
        }
        Vec::new()
    }

    fn paint(&self, _info: PaintCallbackInfo, pass: &mut wgpu::RenderPass<'static>, resources: &CallbackResources) {
        if let Some(screen) = resources.get::<Screen>().filter(|screen| screen.era == self.era)
            && screen.renderer.shows(self.id)
        {
            screen.renderer.paint(pass, self.id);
            self.first_painted.get_or_init(Instant::now);
        }
    }
}

#[cfg(test)]
mod tests {
    use pixels::picture::Interpolation;
    use space::ViewportFromImage;

    use super::*;

    fn draw(refusals: &Arc<Refusals>, frame: u64, bytes: usize) -> Draw {
        Draw {
            id: PictureId(3),
            picture: Picture {
                frame: FrameKey(frame),
                map: ViewportFromImage::fit((4, 4), (8, 8), 1.0),
                origin: (0, 0),
                size: (8, 8),
                interpolation: Interpolation::Nearest,
                table: None,
                colours: None,
                cover: None,
            },
            texels: Texels::Colour {
                rgb: Arc::new(vec![200; bytes]),
                size: (4, 4),
            },
            era: 0,
            refusals: Arc::clone(refusals),
            first_painted: Arc::default(),
        }
    }

    #[test]
    fn a_frame_that_cannot_be_drawn_takes_the_picture_before_it_from_the_tile_and_is_told_once() {
        let adapter = match render::Adapter::open() {
            Ok(adapter) => adapter,
            Err(error) => return testkit::skip(&format!("a frame that cannot be drawn: {error}")),
        };
        let folder = tempfile::tempdir().unwrap();
        let refusals = Arc::new(Refusals {
            ctx: egui::Context::default(),
            log: Log::open(folder.path()),
            of_frames: Mutex::default(),
        });
        let mut resources = CallbackResources::default();
        let renderer = adapter.renderer(1 << 20).unwrap();
        resources.insert(Screen { renderer, era: 0 });
        let size = ScreenDescriptor {
            size_in_pixels: [8, 8],
            pixels_per_point: 1.0,
        };
        let mut prepare = |draw: &Draw| {
            let mut encoder = adapter.device.create_command_encoder(&Default::default());
            draw.prepare(&adapter.device, &adapter.queue, &size, &mut encoder, &mut resources);
            let screen = resources.get::<Screen>().unwrap();
            screen.renderer.shows(draw.id)
        };
        assert!(prepare(&draw(&refusals, 1, 48)), "a whole picture is drawn");
        let short = draw(&refusals, 2, 47);
        assert!(!prepare(&short), "the picture before is left on the tile");
        let told = refusals.of_frames.lock().unwrap().get(&FrameKey(2)).cloned().unwrap();
        assert!(
            told.sentence.contains("do not fill") && !told.reference.is_empty(),
            "{told:?}"
        );
        assert!(!prepare(&short));
        let again = refusals.of_frames.lock().unwrap().get(&FrameKey(2)).cloned().unwrap();
        assert_eq!(again.reference, told.reference);
        assert!(prepare(&draw(&refusals, 1, 48)), "and the good one comes back");
    }
}
