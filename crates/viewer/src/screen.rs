//! The way of diagnostic pixels to the screen: a paint callback over `render`, on a target that converts nothing.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use eframe::egui_wgpu::{self, CallbackResources, CallbackTrait, ScreenDescriptor};
use eframe::wgpu;
use egui::{PaintCallbackInfo, Rect};
use pixels::display::{Modality, Padding};
use render::{FrameKey, Picture, PictureId, RenderError, Renderer};
use study::DecodedFrame;

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
    trouble: Arc<Mutex<Option<RenderError>>>,
    name: Arc<str>,
    era: u64,
    first_painted: Arc<OnceLock<Instant>>,
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
    pub(crate) fn new(state: Option<egui_wgpu::RenderState>) -> Self {
        let trouble = Arc::new(Mutex::new(None));
        let mut name = "no graphics adapter".to_owned();
        if let Some(state) = &state {
            name = state.adapter.get_info().name;
            match Renderer::new(&state.device, state.target_format, BUDGET) {
                Ok(renderer) => {
                    let screen = Screen { renderer, era: 0 };
                    state.renderer.write().callback_resources.insert(screen);
                }
                Err(error) => *trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(error),
            }
        }
        Self {
            state,
            trouble,
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

    /// What kept a picture from being drawn in the last pass, once.
    pub(crate) fn take_trouble(&self) -> Option<RenderError> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Lets go of every frame and picture.
    pub(crate) fn forget(&mut self) {
        self.era += 1;
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
            trouble: Arc::clone(&self.trouble),
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
    trouble: Arc<Mutex<Option<RenderError>>>,
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
                *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        }
        Vec::new()
    }

    fn paint(&self, _info: PaintCallbackInfo, pass: &mut wgpu::RenderPass<'static>, resources: &CallbackResources) {
        if let Some(screen) = resources.get::<Screen>().filter(|screen| screen.era == self.era) {
            screen.renderer.paint(pass, self.id);
            self.first_painted.get_or_init(Instant::now);
        }
    }
}
