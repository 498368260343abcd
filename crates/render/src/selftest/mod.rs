//! Known values through the very shaders and textures that images go through, compared with the CPU's picture of them.

mod vectors;

use crate::readback::read_back;
use crate::{FrameKey, PictureId, RenderError, Renderer, texture};
use vectors::{Vector, vectors};

/// What was compared, and was equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Pixels that were compared.
    pub pixels: usize,
}

/// Why the adapter is not trusted with images.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unequal {
    /// It draws other values than the CPU.
    #[error(
        "the adapter drew {pixels} pixels of the test picture \"{vector}\" otherwise than they are, by up to {levels} levels"
    )]
    Differs {
        /// Which test picture.
        vector: &'static str,
        /// How many pixels differ.
        pixels: usize,
        /// The greatest difference, levels of 255.
        levels: u8,
    },
    /// The test itself could not be done.
    #[error("the test pictures could not be drawn: {0}")]
    Undrawn(#[from] RenderError),
}

/// The side of the textures in which test pictures lie when layers are tested: the largest one has 8 × 8 of them.
const SIDE: u32 = 32;
/// The width of the target on which test pictures lie side by side, pixels.
const WIDTH: u32 = 640;

/// Names that no image of a study has.
fn name(number: usize) -> u64 {
    u64::MAX - number as u64
}

impl Renderer {
    /// Draws the test pictures with this renderer's own pipelines, to its own target format, and compares each byte with the CPU's;
    /// `layers` tests the ways that frames larger than a texture go.
    ///
    /// # Errors
    /// The first difference, or that nothing could be drawn.
    pub fn self_test(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, layers: bool) -> Result<Verified, Unequal> {
        let vectors = vectors(layers)?;
        let side = self.side;
        if layers {
            self.side = SIDE;
        }
        let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
        let outcome = self.draw_and_compare(device, queue, &vectors);
        let broken = pollster::block_on(scope.pop());
        self.side = side;
        for number in 0..vectors.len() {
            self.drop_frame(FrameKey(name(number)));
            self.drop_picture(PictureId(name(number)));
        }
        match broken {
            Some(error) => Err(RenderError::Gpu(error.to_string()).into()),
            None => outcome,
        }
    }

    fn draw_and_compare(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        vectors: &[Vector],
    ) -> Result<Verified, Unequal> {
        let places = places(vectors);
        let height = places.iter().zip(vectors).map(|(at, v)| at.1 + v.size.1).max();
        let usage = wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC;
        let size = (WIDTH, height.unwrap_or(1));
        let target = texture::new(device, "self-test", size, self.target, usage);
        let view = target.create_view(&Default::default());
        let mut encoder = device.create_command_encoder(&Default::default());
        for (number, (vector, origin)) in vectors.iter().zip(&places).enumerate() {
            let (key, id) = (FrameKey(name(number)), PictureId(name(number)));
            vector.prepare(self, device, queue, &mut encoder, (key, id), *origin)?;
        }
        {
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("self-test"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &view,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                depth_stencil_attachment: None,
                timestamp_writes: None,
                occlusion_query_set: None,
                multiview_mask: None,
            });
            for (number, (vector, (x, y))) in vectors.iter().zip(&places).enumerate() {
                let (w, h) = vector.size;
                // As egui sets them for a tile.
                pass.set_viewport(*x as f32, *y as f32, w as f32, h as f32, 0.0, 1.0);
                pass.set_scissor_rect(*x, *y, w, h);
                self.paint(&mut pass, PictureId(name(number)));
            }
        }
        let drawn = read_back(device, queue, encoder, &target)?;
        let drawn: Vec<[u8; 3]> = drawn.as_chunks::<4>().0.iter().map(|p| self.rgb(*p)).collect();
        for (vector, place) in vectors.iter().zip(&places) {
            vector.compare(&drawn, *place)?;
        }
        let pixels = vectors.iter().map(|v| v.expected.len()).sum();
        Ok(Verified { pixels })
    }

    fn rgb(&self, [a, b, c, _]: [u8; 4]) -> [u8; 3] {
        match self.target {
            wgpu::TextureFormat::Bgra8Unorm => [c, b, a],
            _ => [a, b, c],
        }
    }
}

impl Vector {
    fn compare(&self, drawn: &[[u8; 3]], (x, y): (u32, u32)) -> Result<(), Unequal> {
        let (width, height) = (self.size.0 as usize, self.size.1 as usize);
        let lines = (0..height).flat_map(|line| {
            let from = (y as usize + line) * WIDTH as usize + x as usize;
            drawn.get(from..from + width).unwrap_or_default()
        });
        let differences = lines
            .zip(&self.expected)
            .map(|(a, b)| a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0))
            .filter(|difference| *difference > 0);
        let (pixels, levels) = differences.fold((0, 0), |(n, most), d| (n + 1, d.max(most)));
        if pixels == 0 {
            return Ok(());
        }
        Err(Unequal::Differs {
            vector: self.name,
            pixels,
            levels,
        })
    }
}

/// Where each test picture lies on the target: in rows, each as high as its highest.
fn places(vectors: &[Vector]) -> Vec<(u32, u32)> {
    let (mut x, mut y, mut high) = (0, 0, 0);
    let place = |v: &Vector| {
        if x + v.size.0 > WIDTH {
            (x, y, high) = (0, y + high, 0);
        }
        let at = (x, y);
        x += v.size.0;
        high = high.max(v.size.1);
        at
    };
    vectors.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Adapter, Stage};

    fn tested(layers: bool, source: fn(Stage) -> String) -> Option<Result<Verified, Unequal>> {
        let adapter = match Adapter::open() {
            Ok(adapter) => adapter,
            Err(error) => {
                testkit::skip(&format!("the self-test of the adapter: {error}"));
                return None;
            }
        };
        let format = wgpu::TextureFormat::Bgra8Unorm;
        let mut renderer = Renderer::with_sources(&adapter.device, format, 1 << 30, source).unwrap();
        let outcome = renderer.self_test(&adapter.device, &adapter.queue, layers);
        assert!(renderer.frames.is_empty(), "the test leaves nothing behind");
        Some(outcome)
    }

    #[test]
    fn the_true_shaders_pass() {
        for layers in [false, true] {
            if let Some(outcome) = tested(layers, Stage::source) {
                assert!(outcome.unwrap().pixels > 100_000);
            }
        }
    }

    /// Each falsifies one thing that a driver may do wrong.
    #[test]
    fn a_shader_that_is_wrong_anywhere_is_found_out() {
        let wrong: [fn(Stage) -> String; 10] = [
            // One table entry too far.
            |stage| stage.source().replace("index & 255", "(index + 1) & 255"),
            // The bias of signed values is forgotten.
            |stage| stage.source().replace("- i32(resample.shape.w)", ""),
            // Padding is drawn.
            |stage| {
                stage
                    .source()
                    .replace("resample.padding.z > 0.5", "resample.padding.z > 1.5")
            },
            // Linear weights change sides.
            |stage| {
                stage
                    .source()
                    .replace("select(t, 1.0 - t, k == 0)", "select(1.0 - t, t, k == 0)")
            },
            // Half-precision weights of the mean.
            |stage| {
                let low = "- max(s.low, sample - 0.5)";
                stage.source().replace(low, "- max(s.low + 0.02, sample - 0.5)")
            },
            // Fractions are not blended.
            |stage| stage.source().replace("if fraction > 0.0", "if fraction > 2.0"),
            // Red and blue change places.
            |stage| stage.source().replace("row)).rgb", "row)).bgr"),
            // Overlays are drawn where the shutter is.
            |stage| stage.source().replace("(code & 2u)", "(code & 1u)"),
            // Pseudo-colours are one level late.
            |stage| {
                stage
                    .source()
                    .replace("floor(level / 257.0 + 0.5)", "floor(level / 257.0 - 0.5)")
            },
            // The tile's place is off by one.
            |stage| {
                stage.source().replace(
                    "floor(position.xy) - display.origin",
                    "floor(position.xy) - display.origin + 1.0",
                )
            },
        ];
        for (number, source) in wrong.into_iter().enumerate() {
            assert!(
                Stage::ALL.iter().any(|stage| source(*stage) != stage.source()),
                "falsification {number} changes nothing"
            );
            if let Some(outcome) = tested(false, source) {
                assert!(outcome.is_err(), "falsification {number} was not found out");
            }
        }
        let layer: fn(Stage) -> String = |stage| {
            let across = "layer.y * resample.layers.z + layer.x";
            stage.source().replace(across, "layer.x * resample.layers.z + layer.y")
        };
        if let Some(outcome) = tested(true, layer) {
            assert!(outcome.is_err(), "layers in the wrong order were not found out");
        }
    }

    #[test]
    fn a_shader_that_does_not_compile_is_no_panic() {
        let broken: fn(Stage) -> String = |stage| stage.source().replace("fn weight", "fn wait");
        let Ok(adapter) = Adapter::open() else { return };
        let scope = adapter.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let format = wgpu::TextureFormat::Rgba8Unorm;
        let mut renderer = Renderer::with_sources(&adapter.device, format, 1 << 30, broken).unwrap();
        assert!(pollster::block_on(scope.pop()).is_some());
        let outcome = renderer.self_test(&adapter.device, &adapter.queue, false);
        assert!(matches!(outcome, Err(Unequal::Undrawn(_))), "{outcome:?}");
    }
}
