//! Draws frames with wgpu, given pixels and a table.
//!
//! It knows no DICOM, no egui and no tokio: a frame is an opaque number here, so no patient data can reach the GPU crate.

mod error;
mod gpu_data;
mod offscreen;
mod picture;
mod pipeline;
mod readback;
mod renderer;
mod selftest;
mod shader;
mod texture;

pub use error::RenderError;
pub use gpu_data::{DisplayUniform, ResampleUniform};
pub use offscreen::{Adapter, AdapterName, Drawn};
pub use picture::{Picture, PictureId};
pub use renderer::Renderer;
pub use selftest::{Unequal, Verified};
pub use shader::Stage;
pub use texture::FrameKey;
