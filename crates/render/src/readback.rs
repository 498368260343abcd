//! What was drawn, brought back from the adapter.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::RenderError;

/// The longest wait for a driver that does not answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Hands in the work and reads a texture of four bytes a pixel back, row by row.
pub(crate) fn read_back(
    device: &wgpu::Device,
    queue: &wgpu::Queue,
    mut encoder: wgpu::CommandEncoder,
    target: &wgpu::Texture,
) -> Result<Vec<u8>, RenderError> {
    let size = target.size();
    let row = (size.width * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
    let buffer = device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("read back"),
        size: u64::from(row) * u64::from(size.height),
        usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    encoder.copy_texture_to_buffer(
        target.as_image_copy(),
        wgpu::TexelCopyBufferInfo {
            buffer: &buffer,
            layout: wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(row),
                rows_per_image: Some(size.height),
            },
        },
        size,
    );
    queue.submit([encoder.finish()]);
    let mapped = Arc::new(Mutex::new(None));
    let tell = Arc::clone(&mapped);
    buffer.map_async(wgpu::MapMode::Read, .., move |outcome| {
        *tell.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    });
    device
        .poll(wgpu::PollType::Wait {
            submission_index: None,
            timeout: Some(PATIENCE),
        })
        .map_err(|e| RenderError::Gpu(e.to_string()))?;
    match mapped.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(Ok(())) => {}
        Some(Err(error)) => return Err(RenderError::Gpu(error.to_string())),
        None => return Err(RenderError::Gpu("the picture never came back".to_owned())),
    }
    let data = buffer
        .get_mapped_range(..)
        .map_err(|e| RenderError::Gpu(e.to_string()))?;
    Ok(data
        .chunks_exact(row as usize)
        .flat_map(|line| line.iter().take(size.width as usize * 4).copied())
        .collect())
}
