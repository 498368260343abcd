//! The way of diagnostic pixels to the screen: a paint callback over `render`, on a target that converts nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use eframe::egui_wgpu::{self, CallbackResources, CallbackTrait, ScreenDescriptor};
use eframe::wgpu;
use egui::{PaintCallbackInfo, Rect};
use pixels::display::{Modality, Padding};
use reading::{Trouble, Verification};
use render::{FrameKey, Picture, PictureId, RenderError, Renderer};
use study::DecodedFrame;

use crate::log_file::{Entry, Log};
use crate::provoke::Provoke;
use crate::waking::Waking;

/// Bytes of frames that stay on the adapter.
const BUDGET: u64 = 512 << 20;

/// What the reader is told of an adapter that failed its test; what it drew stands in the log.
const INEXACT: &str = "The graphics adapter did not draw known values exactly, so the processor draws the images and the adapter only \
                       copies them. The log tells what differed.";

/// Asks an adapter for all that it can do: eframe asks for small textures and, on OpenGL, for no compute.
pub fn device(adapter: &wgpu::Adapter) -> wgpu::DeviceDescriptor<'static> {
    wgpu::DeviceDescriptor {
        label: Some("farsight"),
        required_limits: adapter.limits(),
        ..wgpu::DeviceDescriptor::default()
    }
}

/// RGBA bytes of a finished picture, and where its upper left corner lies in the window, physical pixels.
type Finished = (Arc<Vec<u8>>, (u32, u32));

/// The renderer as egui keeps it between passes.
struct Screen {
    renderer: Renderer,
    /// Grows with each forgetting, so that a picture of before cannot be drawn after.
    era: u64,
    /// Whether the ways of frames larger than a texture have been tested: only when the first such frame comes.
    layers_tested: bool,
    /// What was last handed to each tile as a finished picture, and where it lies.
    finished: BTreeMap<PictureId, Finished>,
    /// The frame that each tile showed last.
    shown: BTreeMap<PictureId, FrameKey>,
}

/// What draws the images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The graphics adapter, which was found to be exact.
    Adapter,
    /// The CPU; the adapter only copies.
    Cpu,
}

/// The place where a window's pixels are drawn; cheap to clone.
#[derive(Clone)]
pub(crate) struct Glass {
    state: Option<egui_wgpu::RenderState>,
    refusals: Arc<Refusals>,
    provoke: Arc<Provoke>,
    /// Why nothing at all can be drawn.
    broken: Option<Trouble>,
    name: Arc<str>,
    era: u64,
    verification: Verification,
    /// Passes in this window so far: the test of the adapter waits for the first to be painted.
    passes: u64,
    first_painted: Arc<OnceLock<Instant>>,
}

/// Which frames could not be drawn, and why; each is logged once.
struct Refusals {
    waking: Waking,
    log: Log,
    of_frames: Mutex<BTreeMap<FrameKey, Trouble>>,
    /// Why the adapter is not to be trusted after all, found while a frame larger than a texture was drawn.
    distrust: Mutex<Option<String>>,
}

impl Refusals {
    /// Takes in why a frame is not drawn; the next pass says it on the tile.
    fn put(&self, frame: FrameKey, error: &RenderError) {
        let mut of_frames = self.of_frames.lock().unwrap_or_else(PoisonError::into_inner);
        of_frames.entry(frame).or_insert_with(|| trouble(error, &self.log));
        self.waking.now();
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
    pub(crate) fn new(waking: &Waking, state: Option<egui_wgpu::RenderState>, log: Log) -> Self {
        let refusals = Refusals {
            waking: waking.clone(),
            log,
            of_frames: Mutex::default(),
            distrust: Mutex::default(),
        };
        let mut glass = Self {
            state: None,
            refusals: Arc::new(refusals),
            provoke: Arc::new(Provoke::from_environment()),
            broken: None,
            name: "no graphics adapter".into(),
            era: 0,
            verification: Verification::Unchecked,
            passes: 0,
            first_painted: Arc::default(),
        };
        glass.renew(state);
        glass
    }

    /// Makes everything anew on another device, which has not been tested yet.
    pub(crate) fn renew(&mut self, state: Option<egui_wgpu::RenderState>) {
        self.forget();
        self.verification = Verification::Unchecked;
        self.passes = 0;
        self.broken = None;
        self.first_painted = Arc::default();
        if let Some(state) = &state {
            self.name = state.adapter.get_info().name.into();
            // A shader that a driver refuses is found out by the test of the adapter.
            let scope = state.device.push_error_scope(wgpu::ErrorFilter::Validation);
            match Renderer::new(&state.device, state.target_format, BUDGET) {
                Ok(renderer) => {
                    let screen = Screen {
                        renderer,
                        era: self.era,
                        layers_tested: false,
                        finished: BTreeMap::new(),
                        shown: BTreeMap::new(),
                    };
                    state.renderer.write().callback_resources.insert(screen);
                }
                Err(error) => self.broken = Some(trouble(&error, &self.refusals.log)),
            }
            drop(scope);
        }
        self.state = state;
    }

    /// Tests the adapter when the first pass of the window has been painted; what was found, when it is new.
    pub(crate) fn check(&mut self, ctx: &egui::Context) -> Option<Verification> {
        let state = self.state.as_ref()?;
        self.passes += 1;
        if self.provoke.before_pass() {
            lose(&state.device);
        }
        if self.verification == Verification::Unchecked && self.passes < 2 {
            ctx.request_repaint();
            return None;
        }
        if self.verification != Verification::Unchecked {
            let why = self
                .refusals
                .distrust
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take()?;
            return Some(self.distrust(why));
        }
        let began = Instant::now();
        let mut resources = state.renderer.write();
        let screen = resources.callback_resources.get_mut::<Screen>()?;
        let tested = screen.renderer.self_test(&state.device, &state.queue, false);
        drop(resources);
        let unequal = match &tested {
            Err(unequal) => Some(unequal.to_string()),
            Ok(_) => self.provoke.unequal().map(str::to_owned),
        };
        let info = state.adapter.get_info();
        self.refusals.log.note(&Entry::Tested {
            unequal: unequal.clone(),
            pixels: tested.map_or(0, |verified| verified.pixels),
            driver: format!("{} {}", info.driver, info.driver_info),
            took_ms: began.elapsed().as_millis(),
        });
        self.verification = unequal.map_or(Verification::Exact, |_| Verification::Unverified {
            why: INEXACT.to_owned(),
        });
        ctx.request_repaint();
        Some(self.verification.clone())
    }

    /// From now on the CPU draws, for the reader's sentence `why`.
    pub(crate) fn distrust(&mut self, why: String) -> Verification {
        self.verification = Verification::Unverified { why };
        self.verification.clone()
    }

    /// What draws the images; `None` before the adapter has been tested.
    pub(crate) fn way(&self) -> Option<Way> {
        match self.verification {
            Verification::Unchecked => None,
            Verification::Exact => Some(Way::Adapter),
            Verification::Unverified { .. } => Some(Way::Cpu),
        }
    }

    /// Whether the window shows again what it can show: an image was painted, or there is none to be painted.
    pub(crate) fn is_back(&self) -> bool {
        self.first_painted.get().is_some() || self.passes > 8
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
            screen.finished.clear();
            screen.era = self.era;
        }
    }

    /// What draws a picture into a rectangle, whose edges lie on physical pixels.
    pub(crate) fn picture(&self, rect: Rect, id: PictureId, picture: Picture, texels: Texels) -> egui::Shape {
        self.shape(rect, id, picture, Pixels::Drawn(texels))
    }

    /// What copies a picture that the CPU has finished.
    pub(crate) fn finished(&self, rect: Rect, id: PictureId, picture: Picture, rgba: Arc<Vec<u8>>) -> egui::Shape {
        self.shape(rect, id, picture, Pixels::Finished(rgba))
    }

    fn shape(&self, rect: Rect, id: PictureId, picture: Picture, pixels: Pixels) -> egui::Shape {
        let draw = Draw {
            id,
            picture,
            pixels,
            era: self.era,
            refusals: Arc::clone(&self.refusals),
            provoke: Arc::clone(&self.provoke),
            first_painted: Arc::clone(&self.first_painted),
        };
        egui::Shape::Callback(egui_wgpu::Callback::new_paint_callback(rect, draw))
    }
}

/// Destroys a device, as a driver that starts again does.
fn lose(device: &wgpu::Device) {
    device.destroy();
    // It tells so only when it is asked.
    device.poll(wgpu::PollType::Poll).ok();
}

/// What a tile's pixels come from.
enum Pixels {
    Drawn(Texels),
    Finished(Arc<Vec<u8>>),
}

struct Draw {
    id: PictureId,
    picture: Picture,
    pixels: Pixels,
    era: u64,
    refusals: Arc<Refusals>,
    provoke: Arc<Provoke>,
    first_painted: Arc<OnceLock<Instant>>,
}

impl Draw {
    fn prepare_on(
        &self,
        (device, queue): (&wgpu::Device, &wgpu::Queue),
        encoder: &mut wgpu::CommandEncoder,
        screen: &mut Screen,
    ) -> Result<(), RenderError> {
        match &self.pixels {
            Pixels::Drawn(texels) => {
                screen.finished.remove(&self.id);
                self.test_layers((device, queue), screen, texels);
                self.upload(device, queue, &mut screen.renderer, texels)?;
                screen.renderer.prepare(device, queue, encoder, self.id, &self.picture)
            }
            Pixels::Finished(rgba) => {
                let (origin, size) = (self.picture.origin, self.picture.size);
                let held = screen.finished.get(&self.id);
                if held.is_some_and(|(held, at)| Arc::ptr_eq(held, rgba) && *at == origin)
                    && screen.renderer.shows(self.id)
                {
                    return Ok(());
                }
                screen.renderer.finished(device, queue, self.id, rgba, (origin, size))?;
                screen.finished.insert(self.id, (Arc::clone(rgba), origin));
                Ok(())
            }
        }
    }

    /// Tests the ways of frames larger than a texture before the first one goes them.
    fn test_layers(&self, (device, queue): (&wgpu::Device, &wgpu::Queue), screen: &mut Screen, texels: &Texels) {
        let size = match texels {
            Texels::Grey { frame, .. } => (frame.decoded.frame.columns, frame.decoded.frame.rows),
            Texels::Colour { size, .. } => *size,
        };
        if screen.layers_tested || !screen.renderer.in_layers(size) {
            return;
        }
        screen.layers_tested = true;
        let began = Instant::now();
        let tested = screen.renderer.self_test(device, queue, true);
        let unequal = tested.as_ref().err().map(ToString::to_string);
        if unequal.is_some() {
            let mut distrust = self.refusals.distrust.lock().unwrap_or_else(PoisonError::into_inner);
            *distrust = Some(INEXACT.to_owned());
            self.refusals.waking.now();
        }
        self.refusals.log.note(&Entry::Tested {
            unequal,
            pixels: tested.map_or(0, |verified| verified.pixels),
            driver: "in layers".to_owned(),
            took_ms: began.elapsed().as_millis(),
        });
    }

    fn upload(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        renderer: &mut Renderer,
        texels: &Texels,
    ) -> Result<(), RenderError> {
        let key: FrameKey = self.picture.frame;
        if renderer.holds(key) {
            return Ok(());
        }
        match texels {
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
            if let Err(error) = self.prepare_on((device, queue), encoder, screen) {
                // What the tile showed before must not stand under this frame's words.
                screen.renderer.drop_picture(self.id);
                screen.finished.remove(&self.id);
                self.refusals.put(self.picture.frame, &error);
            }
            let before = screen.shown.insert(self.id, self.picture.frame);
            if before != Some(self.picture.frame) && self.provoke.image_changed() {
                lose(device);
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
            pixels: Pixels::Drawn(Texels::Colour {
                rgb: Arc::new(vec![200; bytes]),
                size: (4, 4),
            }),
            era: 0,
            refusals: Arc::clone(refusals),
            provoke: Arc::default(),
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
            waking: Waking::new(&egui::Context::default()),
            log: Log::open(folder.path()),
            of_frames: Mutex::default(),
            distrust: Mutex::default(),
        });
        let mut resources = CallbackResources::default();
        let renderer = adapter.renderer(1 << 20).unwrap();
        resources.insert(Screen {
            renderer,
            era: 0,
            layers_tested: false,
            finished: BTreeMap::new(),
            shown: BTreeMap::new(),
        });
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
