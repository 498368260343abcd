//! Every structure that the shaders read; `tests/mirrors.rs` compares them with the WGSL.

/// `Resample` of shaders/taps.wgsl.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct ResampleUniform {
    /// Column = x · screen x + y · screen y + offset, at screen pixel edges; the fourth value is unused.
    pub column_from: [f32; 4],
    /// The same for the row.
    pub row_from: [f32; 4],
    /// Least and greatest padding value, 1 when there is padding; the fourth value is unused.
    pub padding: [f32; 4],
    /// Columns, rows, interpolation (0 nearest, 1 linear, 2 cubic), bias of the texels.
    pub shape: [u32; 4],
    /// Columns and rows of one layer, layers across; the fourth value is unused.
    pub layers: [u32; 4],
}

/// `Display` of shaders/display.wgsl.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct DisplayUniform {
    /// The value of table entry 0.
    pub low: f32,
    /// Entries per value.
    pub scale: f32,
    /// The last entry's index.
    pub last: f32,
    /// 1 where levels are shown in colours.
    pub coloured: f32,
    /// The tile's top left corner on the target, pixels.
    pub origin: [f32; 2],
    /// The tile's size, pixels.
    pub size: [f32; 2],
    /// Red, green and blue, 0 … 1, where a shutter is; the fourth value is 1 when something lies over the image.
    pub shutter: [f32; 4],
    /// Red, green and blue, 0 … 1, where an overlay is; the fourth value is unused.
    pub overlay: [f32; 4],
}
