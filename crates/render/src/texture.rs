//! Frames and tables as textures: stored values as they are, signed ones biased, 32-bit and float ones as modality values.

use std::borrow::Cow;
use std::ops::Range;

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
    /// Codes of what lies over an image.
    Cover,
}

/// How a frame lies in the layers of its texture: one layer, unless the frame is larger than a texture can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layers {
    /// Columns and rows of one layer.
    pub(crate) size: (u32, u32),
    /// Layers side by side; the next row of layers follows them.
    pub(crate) across: u32,
    /// All of them.
    pub(crate) count: u32,
}

pub(crate) struct FrameTexture {
    pub(crate) view: wgpu::TextureView,
    pub(crate) texels: Texels,
    pub(crate) size: (u32, u32),
    pub(crate) layers: Layers,
    pub(crate) padding: Option<Padding>,
    pub(crate) bytes: u64,
}

/// In place of padding and of values that are no number.
const NOTHING: f32 = -3.0e38;

/// Bytes that are handed to the driver at once, so that a large frame is never there twice.
const BAND: usize = 32 << 20;

/// Where frames go up, and the longest side of a texture there.
pub(crate) struct Uploader<'a> {
    pub(crate) device: &'a wgpu::Device,
    pub(crate) queue: &'a wgpu::Queue,
    pub(crate) side: u32,
}

impl Layers {
    /// The fewest layers whose sides are at most `side`.
    pub(crate) fn of((columns, rows): (u32, u32), side: u32) -> Self {
        let side = side.max(1);
        let (across, down) = (columns.div_ceil(side).max(1), rows.div_ceil(side).max(1));
        Self {
            size: (columns.div_ceil(across), rows.div_ceil(down)),
            across,
            count: across.saturating_mul(down),
        }
    }
}

impl Uploader<'_> {
    /// Uploads a grey frame.
    pub(crate) fn grey(
        &self,
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
        let float = |stored: f64| match padding {
            Some(p) if p.holds(stored) => NOTHING,
            _ if stored.is_nan() => NOTHING,
            _ => modality.value(stored).clamp(-1.0e38, 1.0e38) as f32,
        };
        let (eight, sixteen, floats) = (
            wgpu::TextureFormat::R8Uint,
            wgpu::TextureFormat::R16Uint,
            wgpu::TextureFormat::R32Float,
        );
        let integer = |bias| Texels::Integer { bias };
        let up = |format, texels, bytes: &dyn Fn(Range<usize>) -> Cow<'static, [u8]>| {
            self.upload(size, format, texels, padding, &|range| bytes(range))
        };
        match &frame.samples {
            Samples::U8(v) => self.upload(size, eight, integer(0), padding, &|range| Cow::Borrowed(&v[range])),
            Samples::U16(v) => self.upload(size, sixteen, integer(0), padding, &|range| {
                Cow::Borrowed(bytemuck::cast_slice(&v[range]))
            }),
            Samples::I8(v) => up(eight, integer(128), &|range| {
                v[range].iter().map(|x| x.cast_unsigned() ^ 0x80).collect()
            }),
            Samples::I16(v) => up(sixteen, integer(32_768), &|range| {
                each(&v[range], |x| (x.cast_unsigned() ^ 0x8000).to_ne_bytes())
            }),
            Samples::U32(v) => up(floats, Texels::Float, &|range| {
                each(&v[range], |x| float(f64::from(*x)).to_ne_bytes())
            }),
            Samples::I32(v) => up(floats, Texels::Float, &|range| {
                each(&v[range], |x| float(f64::from(*x)).to_ne_bytes())
            }),
            Samples::F32(v) => up(floats, Texels::Float, &|range| {
                each(&v[range], |x| float(f64::from(*x)).to_ne_bytes())
            }),
            Samples::F64(v) => up(floats, Texels::Float, &|range| {
                each(&v[range], |x| float(*x).to_ne_bytes())
            }),
        }
    }

    /// Uploads interleaved 8-bit red, green and blue.
    pub(crate) fn colour(&self, rgb: &[u8], (columns, rows): (u32, u32)) -> Result<FrameTexture, RenderError> {
        let count = columns as usize * rows as usize;
        if rgb.len() != count * 3 || count == 0 {
            return Err(RenderError::Incomplete { columns, rows });
        }
        let rgb = rgb.as_chunks::<3>().0;
        let format = wgpu::TextureFormat::Rgba8Uint;
        self.upload((columns, rows), format, Texels::Colour, None, &|range| {
            each(&rgb[range], |[r, g, b]| [*r, *g, *b, 255])
        })
    }

    /// Uploads what lies over an image, one code a pixel.
    pub(crate) fn cover(&self, cover: &Cover) -> Result<FrameTexture, RenderError> {
        let (columns, rows) = (cover.columns, cover.rows);
        if cover.codes.len() != columns as usize * rows as usize || cover.codes.is_empty() {
            return Err(RenderError::Incomplete { columns, rows });
        }
        self.upload((columns, rows), CODES, Texels::Cover, None, &|range| {
            Cow::Borrowed(&cover.codes[range])
        })
    }

    /// Makes a texture and fills it; `bytes` gives the texels of a range of samples.
    fn upload<'s>(
        &self,
        size: (u32, u32),
        format: wgpu::TextureFormat,
        texels: Texels,
        padding: Option<Padding>,
        bytes: &dyn Fn(Range<usize>) -> Cow<'s, [u8]>,
    ) -> Result<FrameTexture, RenderError> {
        let layers = Layers::of(size, self.side);
        if layers.count > self.device.limits().max_texture_array_layers {
            return Err(RenderError::TooLarge {
                columns: size.0,
                rows: size.1,
                limit: self.side,
            });
        }
        // What does not fit is this frame's trouble, not the device's.
        let scope = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST;
        let texture = layered(self.device, "frame", layers.size, layers.count, format, usage);
        self.fill(&texture, size, layers, bytes);
        if pollster::block_on(scope.pop()).is_some() {
            texture.destroy();
            return Err(RenderError::NoRoom {
                columns: size.0,
                rows: size.1,
            });
        }
        let view = texture.create_view(&wgpu::TextureViewDescriptor {
            dimension: (layers.count > 1).then_some(wgpu::TextureViewDimension::D2Array),
            ..Default::default()
        });
        let texel = u64::from(format.block_copy_size(None).unwrap_or(4));
        Ok(FrameTexture {
            view,
            texels,
            size,
            layers,
            padding,
            bytes: texel * u64::from(layers.size.0) * u64::from(layers.size.1) * u64::from(layers.count),
        })
    }

    fn fill<'s>(
        &self,
        texture: &wgpu::Texture,
        (columns, rows): (u32, u32),
        layers: Layers,
        bytes: &dyn Fn(Range<usize>) -> Cow<'s, [u8]>,
    ) {
        let texel = texture.format().block_copy_size(None).unwrap_or(4) as usize;
        let mut pending = 0;
        for layer in 0..layers.count {
            let left = (layer % layers.across) * layers.size.0;
            let top = (layer / layers.across) * layers.size.1;
            let width = layers.size.0.min(columns.saturating_sub(left));
            let height = layers.size.1.min(rows.saturating_sub(top));
            let row = (width as usize * texel).max(1);
            let band = u32::try_from((BAND / row).max(1)).unwrap_or(height);
            let mut from = 0;
            while from < height && width > 0 {
                let high = band.min(height - from);
                let at = |row: u32| (top + row) as usize * columns as usize + left as usize;
                let data: Cow<'_, [u8]> = if width == columns {
                    bytes(at(from)..at(from + high))
                } else {
                    let lines = (from..from + high).map(|row| bytes(at(row)..at(row) + width as usize));
                    Cow::Owned(lines.fold(Vec::new(), |mut all, line| {
                        all.extend_from_slice(&line);
                        all
                    }))
                };
                write(self.queue, texture, (0, from, layer), (width, high), &data);
                pending += data.len();
                if pending >= 2 * BAND {
                    // The driver lets go of what it holds back only when work is handed in.
                    self.queue.submit([]);
                    pending = 0;
                }
                from += high;
            }
        }
    }
}

/// Texels of N bytes, one for each item.
fn each<T, const N: usize>(items: &[T], texel: impl Fn(&T) -> [u8; N]) -> Cow<'static, [u8]> {
    let mut bytes = Vec::with_capacity(items.len() * N);
    bytes.extend(items.iter().flat_map(texel));
    Cow::Owned(bytes)
}

/// A two-dimensional texture without mip levels.
pub(crate) fn new(
    device: &wgpu::Device,
    label: &str,
    size: (u32, u32),
    format: wgpu::TextureFormat,
    usage: wgpu::TextureUsages,
) -> wgpu::Texture {
    layered(device, label, size, 1, format, usage)
}

fn layered(
    device: &wgpu::Device,
    label: &str,
    (width, height): (u32, u32),
    layers: u32,
    format: wgpu::TextureFormat,
    usage: wgpu::TextureUsages,
) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: wgpu::Extent3d {
            width: width.max(1),
            height: height.max(1),
            depth_or_array_layers: layers.max(1),
        },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage,
        view_formats: &[],
    })
}

/// Writes whole rows into a layer of a texture, at a column and row.
pub(crate) fn write(
    queue: &wgpu::Queue,
    texture: &wgpu::Texture,
    (x, y, layer): (u32, u32, u32),
    (width, height): (u32, u32),
    bytes: &[u8],
) {
    let row = (bytes.len() / height.max(1) as usize) as u32;
    queue.write_texture(
        wgpu::TexelCopyTextureInfo {
            texture,
            mip_level: 0,
            origin: wgpu::Origin3d { x, y, z: layer },
            aspect: wgpu::TextureAspect::All,
        },
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

/// A texture for the colours of 256 levels.
pub(crate) fn new_colours(device: &wgpu::Device) -> wgpu::Texture {
    let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST;
    new(device, "colours", (256, 1), wgpu::TextureFormat::Rgba8Uint, usage)
}

/// Writes the colours of a map.
pub(crate) fn write_colours(queue: &wgpu::Queue, texture: &wgpu::Texture, map: ColourMap) {
    let bytes: Vec<u8> = map.table().iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect();
    write(queue, texture, (0, 0, 0), (256, 1), &bytes);
}

/// Writes a table's entries, whole rows of 256 at a time.
pub(crate) fn write_table(queue: &wgpu::Queue, texture: &wgpu::Texture, table: &DisplayTable) {
    let last = table.entries.last().copied().unwrap_or(0);
    let rows = table.entries.len().div_ceil(256).clamp(1, 256);
    let mut entries: Vec<u16> = table.entries.iter().copied().take(65_536).collect();
    entries.resize(rows * 256, last);
    write(
        queue,
        texture,
        (0, 0, 0),
        (256, rows as u32),
        bytemuck::cast_slice(&entries),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_cover_a_frame_and_none_is_larger_than_a_texture() {
        for (size, side) in [
            ((20_000, 20_000), 16_384),
            ((5, 17), 8),
            ((8, 8), 8),
            ((1, 9), 4),
            ((16_385, 3), 16_384),
        ] {
            let layers = Layers::of(size, side);
            assert!(layers.size.0 <= side && layers.size.1 <= side, "{layers:?}");
            let down = layers.count / layers.across;
            assert!(layers.size.0 * layers.across >= size.0 && layers.size.1 * down >= size.1);
        }
        assert_eq!(Layers::of((8, 8), 8).count, 1);
        assert_eq!(Layers::of((20_000, 20_000), 16_384).size, (10_000, 10_000));
    }
}
