//! Frames in, tiles out.

use std::collections::HashMap;
use std::sync::Arc;

use pixels::StoredFrame;
use pixels::display::{Modality, Padding};

use crate::picture::Kept;
use crate::pipeline::{CODES, COLOURS, Pipelines, VALUES};
use crate::texture::{self, FrameTexture, Texels};
use crate::{FrameKey, Picture, PictureId, RenderError};

/// Draws tiles to one target format; made once for a device. Frames stay uploaded within a budget of bytes.
pub struct Renderer {
    pipelines: Pipelines,
    frames: HashMap<FrameKey, (FrameTexture, u64)>,
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
        if target.is_srgb() {
            return Err(RenderError::ConvertingTarget);
        }
        let pipelines = Pipelines::new(device, target);
        Ok(Self {
            pipelines,
            frames: HashMap::new(),
            kept: HashMap::new(),
            budget,
            bytes: 0,
            clock: 0,
        })
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
        let texture = texture::grey(device, queue, frame, modality, padding)?;
        self.keep(key, texture);
        Ok(())
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
        let texture = texture::colour(device, queue, rgb, size)?;
        self.keep(key, texture);
        Ok(())
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
            let kept = self.new_kept(device, picture.size, colour);
            self.kept.insert(id, kept);
        }
        let (Some((frame, _)), Some(kept)) = (self.frames.get(&picture.frame), self.kept.get_mut(&id)) else {
            return Err(RenderError::NoFrame);
        };
        let made = picture.made();
        if kept.made.as_ref() != Some(&made) {
            queue.write_buffer(&kept.resample, 0, bytemuck::bytes_of(&picture.resample(frame)));
            resample(&self.pipelines, device, encoder, frame, &kept.resample, &kept.values);
            kept.made = Some(made);
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
        lay_cover(&self.pipelines, device, queue, encoder, picture, kept)?;
        queue.write_buffer(&kept.display, 0, bytemuck::bytes_of(&picture.display()));
        Ok(())
    }

    /// Draws a prepared tile into a pass on the target; the caller has set viewport and scissor to the tile.
    pub fn paint(&self, pass: &mut wgpu::RenderPass<'_>, id: PictureId) {
        if let Some(kept) = self.kept.get(&id) {
            pass.set_pipeline(if kept.colour {
                &self.pipelines.copied
            } else {
                &self.pipelines.shown
            });
            pass.set_bind_group(0, &kept.bind, &[]);
            pass.draw(0..3, 0..1);
        }
    }

    fn new_kept(&self, device: &wgpu::Device, size: (u32, u32), colour: bool) -> Kept {
        let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::RENDER_ATTACHMENT;
        let format = if colour { COLOURS } else { VALUES };
        let values = texture::new(device, "resampled", size, format, usage).create_view(&Default::default());
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

fn resample(
    pipelines: &Pipelines,
    device: &wgpu::Device,
    encoder: &mut wgpu::CommandEncoder,
    frame: &FrameTexture,
    uniform: &wgpu::Buffer,
    values: &wgpu::TextureView,
) {
    let (pipeline, layout) = match frame.texels {
        Texels::Integer { .. } => (&pipelines.resample_integer, &pipelines.resample_integer_layout),
        Texels::Float => (&pipelines.resample_float, &pipelines.resample_float_layout),
        Texels::Colour => (&pipelines.resample_colour, &pipelines.resample_integer_layout),
    };
    draw_into(device, encoder, (pipeline, layout), (uniform, &frame.view), values);
}

/// Brings what lies over the image to the tile's pixels, where cover or place have changed.
fn lay_cover(
    pipelines: &Pipelines,
    device: &wgpu::Device,
    queue: &wgpu::Queue,
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
        None => (Arc::clone(cover), texture::cover(device, queue, cover)?),
    };
    let made = kept
        .covered
        .as_ref()
        .is_some_and(|(of, map)| Arc::ptr_eq(of, cover) && *map == picture.map);
    if !made {
        queue.write_buffer(&kept.cover_resample, 0, bytemuck::bytes_of(&picture.resample(&texture)));
        let through = (&pipelines.resample_cover, &pipelines.resample_integer_layout);
        draw_into(
            device,
            encoder,
            through,
            (&kept.cover_resample, &texture.view),
            &kept.codes,
        );
        kept.covered = Some((Arc::clone(cover), picture.map));
    }
    kept.cover = Some((held, texture));
    Ok(())
}

/// Draws one texture into another through a resampling stage.
fn draw_into(
    device: &wgpu::Device,
    encoder: &mut wgpu::CommandEncoder,
    (pipeline, layout): (&wgpu::RenderPipeline, &wgpu::BindGroupLayout),
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
