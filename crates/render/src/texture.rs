//! Frames and tables as textures: stored values as they are, signed ones biased, 32-bit and float ones as modality values.

use pixels::cover::Cover;
use pixels::display::{DisplayTable, Modality, Padding};
use pixels::pseudo_colour::ColourMap;
use pixels::{Samples, StoredFrame};

use crate::RenderError;
use crate::pipeline::CODES;

/// A frame's opaque name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameKey(pub u64);

/// How a frame's texels are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Texels {
    /// Unsigned integers, less a bias.
    Integer { bias: u32 },
    /// Modality values.
    Float,
    /// Red, green, blue.
    Colour,
}

pub(crate) struct FrameTexture {
    pub(crate) view: wgpu::TextureView,
    pub(crate) texels: Texels,
    pub(crate) size: (u32, u32),
    pub(crate) padding: Option<Padding>,
    pub(crate) bytes: u64,
}

/// In place of padding and of values that are no number.
const NOTHING: f32 = -3.0e38;

/// Uploads a grey frame.
pub(crate) fn grey(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    frame: &StoredFrame,
    modality: &Modality,
    padding: Option<Padding>,
) -> Result<FrameTexture, RenderError> {
    let size = (frame.columns, frame.rows);
    let count = frame.columns as usize * frame.rows as usize;
    if frame.channels != 1 || frame.samples.len() != count || count == 0 {
        return Err(RenderError::Incomplete {
            columns: frame.columns,
            rows: frame.rows,
        });
    }
    let up = |format, texels, bytes: &[u8]| upload(device, queue, size, format, texels, padding, bytes);
    let float = |values: &mut dyn Iterator<Item = f64>| {
        let values: Vec<f32> = values
            .map(|stored| match padding {
                Some(p) if p.holds(stored) => NOTHING,
                _ if stored.is_nan() => NOTHING,
                _ => modality.value(stored).clamp(-1.0e38, 1.0e38) as f32,
            })
            .collect();
        up(
            wgpu::TextureFormat::R32Float,
            Texels::Float,
            bytemuck::cast_slice(&values),
        )
    };
    match &frame.samples {
        Samples::U8(v) => up(wgpu::TextureFormat::R8Uint, Texels::Integer { bias: 0 }, v),
        Samples::I8(v) => {
            let biased: Vec<u8> = v.iter().map(|x| x.cast_unsigned() ^ 0x80).collect();
            up(wgpu::TextureFormat::R8Uint, Texels::Integer { bias: 128 }, &biased)
        }
        Samples::U16(v) => up(
            wgpu::TextureFormat::R16Uint,
            Texels::Integer { bias: 0 },
            bytemuck::cast_slice(v),
        ),
        Samples::I16(v) => {
            let biased: Vec<u16> = v.iter().map(|x| x.cast_unsigned() ^ 0x8000).collect();
            up(
                wgpu::TextureFormat::R16Uint,
                Texels::Integer { bias: 32_768 },
                bytemuck::cast_slice(&biased),
            )
        }
        Samples::U32(v) => float(&mut v.iter().map(|x| f64::from(*x))),
        Samples::I32(v) => float(&mut v.iter().map(|x| f64::from(*x))),
        Samples::F32(v) => float(&mut v.iter().map(|x| f64::from(*x))),
        Samples::F64(v) => float(&mut v.iter().copied()),
    }
}

/// Uploads interleaved 8-bit red, green and blue.
pub(crate) fn colour(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    rgb: &[u8],
    (columns, rows): (u32, u32),
) -> Result<FrameTexture, RenderError> {
    let count = columns as usize * rows as usize;
    if rgb.len() != count * 3 || count == 0 {
        return Err(RenderError::Incomplete { columns, rows });
    }
    let rgba: Vec<u8> = rgb
        .as_chunks::<3>()
        .0
        .iter()
        .flat_map(|[r, g, b]| [*r, *g, *b, 255])
        .collect();
    upload(
        device,
        queue,
        (columns, rows),
        wgpu::TextureFormat::Rgba8Uint,
        Texels::Colour,
        None,
        &rgba,
    )
}

fn upload(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    (columns, rows): (u32, u32),
    format: wgpu::TextureFormat,
    texels: Texels,
    padding: Option<Padding>,
    bytes: &[u8],
) -> Result<FrameTexture, RenderError> {
    let limit = device.limits().max_texture_dimension_2d;
    if columns > limit || rows > limit {
        return Err(RenderError::TooLarge { columns, rows, limit });
    }
    let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST;
    let texture = new(device, "frame", (columns, rows), format, usage);
    write(queue, &texture, (columns, rows), bytes);
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    Ok(FrameTexture {
        view,
        texels,
        size: (columns, rows),
        padding,
        bytes: bytes.len() as u64,
    })
}

/// A two-dimensional texture without mip levels.
pub(crate) fn new(
    device: &wgpu::Device,
    label: &str,
    (width, height): (u32, u32),
    format: wgpu::TextureFormat,
    usage: wgpu::TextureUsages,
) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: wgpu::Extent3d {
            width: width.max(1),
            height: height.max(1),
            depth_or_array_layers: 1,
        },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage,
        view_formats: &[],
    })
}

fn write(queue: &wgpu::Queue, texture: &wgpu::Texture, (width, height): (u32, u32), bytes: &[u8]) {
    let row = bytes.len() as u32 / height.max(1);
    queue.write_texture(
        texture.as_image_copy(),
        bytes,
        wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(row),
            rows_per_image: Some(height),
        },
        wgpu::Extent3d {
            width,
            height,
            depth_or_array_layers: 1,
        },
    );
}

/// A texture for a display table: 256 × 256 entries, row by row.
pub(crate) fn new_table(device: &wgpu::Device) -> wgpu::Texture {
    let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST;
    new(device, "display table", (256, 256), wgpu::TextureFormat::R16Uint, usage)
}

/// Uploads what lies over an image, one code a pixel.
pub(crate) fn cover(device: &wgpu::Device, queue: &wgpu::Queue, cover: &Cover) -> Result<FrameTexture, RenderError> {
    let (columns, rows) = (cover.columns, cover.rows);
    if cover.codes.len() != columns as usize * rows as usize || cover.codes.is_empty() {
        return Err(RenderError::Incomplete { columns, rows });
    }
    let texels = Texels::Integer { bias: 0 };
    upload(device, queue, (columns, rows), CODES, texels, None, &cover.codes)
}

/// A texture for the colours of 256 levels.
pub(crate) fn new_colours(device: &wgpu::Device) -> wgpu::Texture {
    let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST;
    new(device, "colours", (256, 1), wgpu::TextureFormat::Rgba8Uint, usage)
}

/// Writes the colours of a map.
pub(crate) fn write_colours(queue: &wgpu::Queue, texture: &wgpu::Texture, map: ColourMap) {
    let bytes: Vec<u8> = map.table().iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect();
    write(queue, texture, (256, 1), &bytes);
}

/// Writes a table's entries, whole rows of 256 at a time.
pub(crate) fn write_table(queue: &wgpu::Queue, texture: &wgpu::Texture, table: &DisplayTable) {
    let last = table.entries.last().copied().unwrap_or(0);
    let rows = table.entries.len().div_ceil(256).clamp(1, 256);
    let mut entries: Vec<u16> = table.entries.iter().copied().take(65_536).collect();
    entries.resize(rows * 256, last);
    write(queue, texture, (256, rows as u32), bytemuck::cast_slice(&entries));
}
