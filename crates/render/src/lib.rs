//! Draws frames, slices and overlays with wgpu, given pixels and a table.
