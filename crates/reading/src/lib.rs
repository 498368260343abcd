//! The application without a screen: viewports, layout, tools, annotations, undo and settings.
//!
//! It knows no egui, no wgpu, no tokio and no HTTP; time comes in as an argument.

pub mod viewport;
