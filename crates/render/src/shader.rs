//! The shaders, composed from the files in shaders/ in the order listed here.

/// One composed shader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Integer stored values to screen pixels.
    ResampleInteger,
    /// The same of a frame in layers.
    ResampleIntegerLayers,
    /// Float values to screen pixels.
    ResampleFloat,
    /// The same of a frame in layers.
    ResampleFloatLayers,
    /// Colours to screen pixels.
    ResampleColour,
    /// The same of a frame in layers.
    ResampleColourLayers,
    /// What lies over the image to screen pixels.
    ResampleCover,
    /// The same of a frame in layers.
    ResampleCoverLayers,
    /// Screen pixels through the table to the target.
    Display,
}

const SCREEN: &str = include_str!("../../../shaders/screen.wgsl");
const TAPS: &str = include_str!("../../../shaders/taps.wgsl");
const TEXEL_INTEGER: &str = include_str!("../../../shaders/texel_integer.wgsl");
const TEXEL_INTEGER_LAYERS: &str = include_str!("../../../shaders/texel_integer_layers.wgsl");
const TEXEL_FLOAT: &str = include_str!("../../../shaders/texel_float.wgsl");
const TEXEL_FLOAT_LAYERS: &str = include_str!("../../../shaders/texel_float_layers.wgsl");
const INTEGER: &str = include_str!("../../../shaders/stored_integer.wgsl");
const FLOAT: &str = include_str!("../../../shaders/stored_float.wgsl");
const GREY: &str = include_str!("../../../shaders/resample_grey.wgsl");
const COLOUR: &str = include_str!("../../../shaders/resample_colour.wgsl");
const COVER: &str = include_str!("../../../shaders/resample_cover.wgsl");
const DISPLAY: &str = include_str!("../../../shaders/display.wgsl");

impl Stage {
    /// Every stage.
    pub const ALL: [Stage; 9] = [
        Stage::ResampleInteger,
        Stage::ResampleIntegerLayers,
        Stage::ResampleFloat,
        Stage::ResampleFloatLayers,
        Stage::ResampleColour,
        Stage::ResampleColourLayers,
        Stage::ResampleCover,
        Stage::ResampleCoverLayers,
        Stage::Display,
    ];

    /// The stage's whole WGSL text.
    pub fn source(self) -> String {
        match self {
            Stage::ResampleInteger => [SCREEN, TAPS, TEXEL_INTEGER, INTEGER, GREY].concat(),
            Stage::ResampleIntegerLayers => [SCREEN, TAPS, TEXEL_INTEGER_LAYERS, INTEGER, GREY].concat(),
            Stage::ResampleFloat => [SCREEN, TAPS, TEXEL_FLOAT, FLOAT, GREY].concat(),
            Stage::ResampleFloatLayers => [SCREEN, TAPS, TEXEL_FLOAT_LAYERS, FLOAT, GREY].concat(),
            Stage::ResampleColour => [SCREEN, TAPS, TEXEL_INTEGER, COLOUR].concat(),
            Stage::ResampleColourLayers => [SCREEN, TAPS, TEXEL_INTEGER_LAYERS, COLOUR].concat(),
            Stage::ResampleCover => [SCREEN, TAPS, TEXEL_INTEGER, COVER].concat(),
            Stage::ResampleCoverLayers => [SCREEN, TAPS, TEXEL_INTEGER_LAYERS, COVER].concat(),
            Stage::Display => [SCREEN, DISPLAY].concat(),
        }
    }
}
