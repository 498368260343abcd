//! Frames in, tiles out.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pixels::StoredFrame;
use pixels::display::{Modality, Padding};

use crate::picture::Kept;
use crate::pipeline::{CODES, COLOURS, Pipelines, Resampling, VALUES};
use crate::texture::{self, FrameTexture, Layers, Texels, Uploader};
use crate::{FrameKey, Picture, PictureId, RenderError, Stage};

/// Draws tiles to one target format; made once for a device. Frames stay uploaded within a budget of bytes.
pub struct Renderer {
    pipelines: Pipelines,
    pub(crate) target: wgpu::TextureFormat,
    pub(crate) side: u32,
    pub(crate) frames: HashMap<FrameKey, (FrameTexture, u64)>,
    kept: HashMap<PictureId, Kept>,
    budget: u64,
    bytes: u64,
    clock: u64,
}

impl Renderer {
    /// Makes the pipelines; `budget` bytes of frames are kept on the adapter.
    ///
    /// # Errors
    /// A target that converts to sRGB.
    pub fn new(device: &wgpu::Device, target: wgpu::TextureFormat, budget: u64) -> Result<Self, RenderError> {
        Self::with_sources(device, target, budget, Stage::source)
    }

    /// The same with other shaders: only a test that falsifies them has others.
    pub(crate) fn with_sources(
        device: &wgpu::Device,
        target: wgpu::TextureFormat,
        budget: u64,
        source: fn(Stage) -> String,
    ) -> Result<Self, RenderError> {
        if target.is_srgb() {
            return Err(RenderError::ConvertingTarget);
        }
        Ok(Self {
            pipelines: Pipelines::new(device, target, source),
            target,
            side: device.limits().max_texture_dimension_2d,
            frames: HashMap::new(),
            kept: HashMap::new(),
            budget,
            bytes: 0,
            clock: 0,
        })
    }

    /// Holds textures to a side, pixels, so that small frames lie in layers as large ones do: for tests.
    pub fn hold_textures_to(&mut self, side: u32) {
        self.side = side;
    }

    /// Whether a frame of this size lies in the layers of a texture, because it is larger than a texture can be.
    pub fn in_layers(&self, size: (u32, u32)) -> bool {
        Layers::of(size, self.side).count > 1
    }

    /// Whether a frame is uploaded; asking counts as using it.
    pub fn holds(&mut self, key: FrameKey) -> bool {
        self.clock += 1;
        self.frames.get_mut(&key).map(|(_, used)| *used = self.clock).is_some()
    }

    /// Uploads a grey frame; 32-bit and float samples go up as modality values.
    ///
    /// # Errors
    /// A frame that is too large for the adapter, or whose samples do not fill it.
    pub fn upload_grey(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        key: FrameKey,
        frame: &StoredFrame,
        modality: &Modality,
        padding: Option<Padding>,
    ) -> Result<(), RenderError> {
        self.upload(device, queue, key, &|up| up.grey(frame, modality, padding))
    }

    /// Uploads interleaved 8-bit red, green and blue of `(columns, rows)`.
    ///
    /// # Errors
    /// A frame that is too large for the adapter, or whose samples do not fill it.
    pub fn upload_colour(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        key: FrameKey,
        rgb: &[u8],
        size: (u32, u32),
    ) -> Result<(), RenderError> {
        self.upload(device, queue, key, &|up| up.colour(rgb, size))
    }

    fn upload(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        key: FrameKey,
        up: &dyn Fn(&Uploader<'_>) -> Result<FrameTexture, RenderError>,
    ) -> Result<(), RenderError> {
        let side = self.side;
        let uploader = Uploader { device, queue, side };
        let texture = match up(&uploader) {
            // Frames that are only kept for later make room for the one that is wanted now.
            Err(RenderError::NoRoom { .. }) if !self.frames.is_empty() => {
                self.frames.clear();
                self.bytes = 0;
                up(&uploader)?
            }
            other => other?,
        };
        self.keep(key, texture);
        Ok(())
    }

    /// Keeps a picture that was finished elsewhere, on the CPU, for [`Renderer::paint`]: red, green, blue and alpha of `size` pixels,
    /// drawn at `origin` on the target as they are.
    ///
    /// # Errors
    /// Bytes that do not fill the picture.
    pub fn finished(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        id: PictureId,
        rgba: &[u8],
        (origin, size): ((u32, u32), (u32, u32)),
    ) -> Result<(), RenderError> {
        let (columns, rows) = size;
        if rgba.len() != columns as usize * rows as usize * 4 || rgba.is_empty() {
            return Err(RenderError::Incomplete { columns, rows });
        }
        let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST;
        let texture = texture::new(device, "finished", size, COLOURS, usage);
        texture::write(queue, &texture, (0, 0, 0), size, rgba);
        let kept = self.new_kept(device, size, true, texture.create_view(&Default::default()));
        let place = crate::DisplayUniform {
            origin: [origin.0 as f32, origin.1 as f32],
            size: [columns as f32, rows as f32],
            ..Default::default()
        };
        queue.write_buffer(&kept.display, 0, bytemuck::bytes_of(&place));
        self.kept.insert(id, kept);
        Ok(())
    }

    /// Lets go of a frame.
    pub(crate) fn drop_frame(&mut self, key: FrameKey) {
        if let Some((old, _)) = self.frames.remove(&key) {
            self.bytes -= old.bytes;
        }
    }

    fn keep(&mut self, key: FrameKey, texture: FrameTexture) {
        self.clock += 1;
        self.bytes += texture.bytes;
        if let Some((old, _)) = self.frames.insert(key, (texture, self.clock)) {
            self.bytes -= old.bytes;
        }
        while self.bytes > self.budget && self.frames.len() > 1 {
            let Some(oldest) = self
                .frames
                .iter()
                .filter(|(k, _)| **k != key)
                .min_by_key(|(_, f)| f.1)
                .map(|(k, _)| *k)
            else {
                return;
            };
            if let Some((old, _)) = self.frames.remove(&oldest) {
                self.bytes -= old.bytes;
            }
        }
    }

    /// Lets go of what is kept for a tile, so that nothing is painted for it until it is prepared again: to be called when a picture
    /// cannot be uploaded or prepared, for the tile would go on showing the picture before.
    pub fn drop_picture(&mut self, id: PictureId) {
        self.kept.remove(&id);
    }

    /// Whether [`Renderer::paint`] would draw anything for a tile.
    pub fn shows(&self, id: PictureId) -> bool {
        self.kept.contains_key(&id)
    }

    /// Lets go of every frame and every tile, for example when a study is closed.
    pub fn forget(&mut self) {
        self.frames.clear();
        self.kept.clear();
        self.bytes = 0;
    }

    /// Resamples where frame, place or size have changed and uploads the table where it has; to be called before `paint`.
    ///
    /// # Errors
    /// A frame that is not uploaded, a grey one without a table, or a cover that the adapter cannot hold.
    pub fn prepare(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        encoder: &mut wgpu::CommandEncoder,
        id: PictureId,
        picture: &Picture,
    ) -> Result<(), RenderError> {
        if !self.holds(picture.frame) {
            self.kept.remove(&id);
            return Err(RenderError::NoFrame);
        }
        let Some((frame, _)) = self.frames.get(&picture.frame) else {
            return Err(RenderError::NoFrame);
        };
        let colour = frame.texels == Texels::Colour;
        if !colour && picture.table.is_none() {
            return Err(RenderError::NoTable);
        }
        let fits = self
            .kept
            .get(&id)
            .is_some_and(|k| k.size == picture.size && k.colour == colour);
        if !fits {
            let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::RENDER_ATTACHMENT;
            let format = if colour { COLOURS } else { VALUES };
            let values = texture::new(device, "resampled", picture.size, format, usage);
            let kept = self.new_kept(device, picture.size, colour, values.create_view(&Default::default()));
            self.kept.insert(id, kept);
        }
        let (Some((frame, _)), Some(kept)) = (self.frames.get(&picture.frame), self.kept.get_mut(&id)) else {
            return Err(RenderError::NoFrame);
        };
        let made = picture.made();
        let painted = kept.painted.load(Ordering::Relaxed);
        if kept.made.as_ref() != Some(&made) || !painted {
            queue.write_buffer(&kept.resample, 0, bytemuck::bytes_of(&picture.resample(frame)));
            let through = self.pipelines.resampling(device, frame);
            draw_into(device, encoder, through, (&kept.resample, &frame.view), &kept.values);
            kept.made = Some(made);
            kept.painted.store(false, Ordering::Relaxed);
        }
        if let Some(table) = &picture.table
            && !kept.table.as_ref().is_some_and(|old| Arc::ptr_eq(old, table))
        {
            texture::write_table(queue, &kept.table_texture, table);
            kept.table = Some(Arc::clone(table));
        }
        if let Some(colours) = picture.colours
            && kept.colours != Some(colours)
        {
            texture::write_colours(queue, &kept.colours_texture, colours);
            kept.colours = Some(colours);
        }
        if !painted {
            kept.covered = None;
        }
        let side = self.side;
        let uploader = Uploader { device, queue, side };
        lay_cover(&mut self.pipelines, &uploader, encoder, picture, kept)?;
        queue.write_buffer(&kept.display, 0, bytemuck::bytes_of(&picture.display()));
        Ok(())
    }

    /// Draws a prepared tile into a pass on the target; the caller has set viewport and scissor to the tile.
    pub fn paint(&self, pass: &mut wgpu::RenderPass<'_>, id: PictureId) {
        if let Some(kept) = self.kept.get(&id) {
            kept.painted.store(true, Ordering::Relaxed);
            pass.set_pipeline(if kept.colour {
                &self.pipelines.copied
            } else {
                &self.pipelines.shown
            });
            pass.set_bind_group(0, &kept.bind, &[]);
            pass.draw(0..3, 0..1);
        }
    }

    fn new_kept(&self, device: &wgpu::Device, size: (u32, u32), colour: bool, values: wgpu::TextureView) -> Kept {
        let uniform = |label, size| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some(label),
                size,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        };
        let resample = uniform("resample", size_of::<crate::ResampleUniform>() as u64);
        let display = uniform("display", size_of::<crate::DisplayUniform>() as u64);
        let cover_resample = uniform("cover", size_of::<crate::ResampleUniform>() as u64);
        let table_texture = texture::new_table(device);
        let colours_texture = texture::new_colours(device);
        let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::RENDER_ATTACHMENT;
        let codes = texture::new(device, "codes", size, CODES, usage).create_view(&Default::default());
        let bind = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("display"),
            layout: &self.pipelines.display_layout,
            entries: &[
                wgpu::BindGroupEntry {
                    binding: 0,
                    resource: display.as_entire_binding(),
                },
                wgpu::BindGroupEntry {
                    binding: 1,
                    resource: wgpu::BindingResource::TextureView(&values),
                },
                wgpu::BindGroupEntry {
                    binding: 2,
                    resource: wgpu::BindingResource::TextureView(&table_texture.create_view(&Default::default())),
                },
                wgpu::BindGroupEntry {
                    binding: 3,
                    resource: wgpu::BindingResource::TextureView(&codes),
                },
                wgpu::BindGroupEntry {
                    binding: 4,
                    resource: wgpu::BindingResource::TextureView(&colours_texture.create_view(&Default::default())),
                },
            ],
        });
        Kept {
            made: None,
            painted: AtomicBool::new(false),
            values,
            size,
            colour,
            resample,
            display,
            table_texture,
            table: None,
            colours_texture,
            colours: None,
            codes,
            cover: None,
            covered: None,
            cover_resample,
            bind,
        }
    }
}

/// Brings what lies over the image to the tile's pixels, where cover or place have changed.
fn lay_cover(
    pipelines: &mut Pipelines,
    uploader: &Uploader<'_>,
    encoder: &mut wgpu::CommandEncoder,
    picture: &Picture,
    kept: &mut Kept,
) -> Result<(), RenderError> {
    let Some(cover) = &picture.cover else {
        kept.cover = None;
        kept.covered = None;
        return Ok(());
    };
    let held = kept.cover.take().filter(|(held, _)| Arc::ptr_eq(held, cover));
    let (held, texture) = match held {
        Some(held) => held,
        None => (Arc::clone(cover), uploader.cover(cover)?),
    };
    let made = kept
        .covered
        .as_ref()
        .is_some_and(|(of, map)| Arc::ptr_eq(of, cover) && *map == picture.map);
    if !made {
        let uniform = picture.resample(&texture);
        uploader
            .queue
            .write_buffer(&kept.cover_resample, 0, bytemuck::bytes_of(&uniform));
        let through = pipelines.resampling(uploader.device, &texture);
        let from = (&kept.cover_resample, &texture.view);
        draw_into(uploader.device, encoder, through, from, &kept.codes);
        kept.covered = Some((Arc::clone(cover), picture.map));
        kept.painted.store(false, Ordering::Relaxed);
    }
    kept.cover = Some((held, texture));
    Ok(())
}

/// Draws one texture into another through a resampling stage.
fn draw_into(
    device: &wgpu::Device,
    encoder: &mut wgpu::CommandEncoder,
    Resampling { pipeline, layout }: &Resampling,
    (uniform, from): (&wgpu::Buffer, &wgpu::TextureView),
    to: &wgpu::TextureView,
) {
    let bind = device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("resample"),
        layout,
        entries: &[
            wgpu::BindGroupEntry {
                binding: 0,
                resource: uniform.as_entire_binding(),
            },
            wgpu::BindGroupEntry {
                binding: 1,
                resource: wgpu::BindingResource::TextureView(from),
            },
        ],
    });
    let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some("resample"),
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view: to,
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
    pass.set_pipeline(pipeline);
    pass.set_bind_group(0, &bind, &[]);
    pass.draw(0..3, 0..1);
}
