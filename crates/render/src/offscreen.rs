//! The same picture without a window: an adapter of our own, drawn to a texture and read back.

use std::sync::{Arc, Mutex, PoisonError};

use crate::readback::read_back;
use crate::{Picture, PictureId, RenderError, Renderer, texture};

/// What is drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdapterName {
    /// The adapter's own name.
    pub name: String,
    /// Vulkan, Metal, Dx12 or Gl.
    pub backend: String,
    /// DiscreteGpu, IntegratedGpu, Cpu, …
    pub device_type: String,
}

impl AdapterName {
    /// Takes the words from wgpu.
    pub fn of(info: &wgpu::AdapterInfo) -> Self {
        Self {
            name: info.name.clone(),
            backend: format!("{:?}", info.backend),
            device_type: format!("{:?}", info.device_type),
        }
    }
}

/// An adapter without a window.
pub struct Adapter {
    /// Its device.
    pub device: wgpu::Device,
    /// Its queue.
    pub queue: wgpu::Queue,
    /// What it is.
    pub name: AdapterName,
    trouble: Arc<Mutex<Option<String>>>,
}

/// A picture that was read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green, blue and alpha, row by row.
    pub rgba: Vec<u8>,
}

/// What pictures are drawn to.
const TARGET: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

impl Adapter {
    /// Opens the adapter that wgpu prefers, a software one where there is no other, with all of its limits.
    ///
    /// # Errors
    /// No adapter, or one that gives no device.
    pub fn open() -> Result<Self, RenderError> {
        pollster::block_on(Self::open_async())
    }

    async fn open_async() -> Result<Self, RenderError> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle_from_env());
        let adapter = instance
            .request_adapter(&wgpu::RequestAdapterOptions {
                power_preference: wgpu::PowerPreference::HighPerformance,
                ..Default::default()
            })
            .await
            .map_err(|e| RenderError::NoAdapter(e.to_string()))?;
        let (device, queue) = adapter
            .request_device(&wgpu::DeviceDescriptor {
                label: Some("farsight"),
                required_limits: adapter.limits(),
                ..Default::default()
            })
            .await
            .map_err(|e| RenderError::NoAdapter(e.to_string()))?;
        let trouble = Arc::new(Mutex::new(None));
        let heard = Arc::clone(&trouble);
        // wgpu panics on errors that nobody listens to.
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            // The first is the cause; what follows are its consequences.
            heard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert(error.to_string());
        }));
        Ok(Self {
            device,
            queue,
            name: AdapterName::of(&adapter.get_info()),
            trouble,
        })
    }

    /// A renderer for [`Adapter::draw`].
    ///
    /// # Errors
    /// Those of [`Renderer::new`].
    pub fn renderer(&self, budget: u64) -> Result<Renderer, RenderError> {
        Renderer::new(&self.device, TARGET, budget)
    }

    /// Draws one tile and reads it back.
    ///
    /// # Errors
    /// Those of [`Renderer::prepare`], and an adapter that breaks off.
    pub fn draw(&self, renderer: &mut Renderer, picture: &Picture) -> Result<Drawn, RenderError> {
        let (width, height) = (picture.size.0.max(1), picture.size.1.max(1));
        let limit = self.device.limits().max_texture_dimension_2d;
        if width > limit || height > limit {
            return Err(RenderError::TooLarge {
                columns: width,
                rows: height,
                limit,
            });
        }
        let usage = wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC;
        let target = texture::new(&self.device, "offscreen", (width, height), TARGET, usage);
        let view = target.create_view(&Default::default());
        let mut encoder = self.device.create_command_encoder(&Default::default());
        renderer.prepare(&self.device, &self.queue, &mut encoder, PictureId(0), picture)?;
        {
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("offscreen"),
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
            renderer.paint(&mut pass, PictureId(0));
        }
        let rgba = read_back(&self.device, &self.queue, encoder, &target)?;
        if let Some(trouble) = self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(RenderError::Gpu(trouble));
        }
        Ok(Drawn { width, height, rgba })
    }
}
