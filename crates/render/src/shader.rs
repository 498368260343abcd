//! The shaders, composed from the files in shaders/ in the order listed here.

/// One composed shader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Integer stored values to screen pixels.
    ResampleInteger,
    /// Float values to screen pixels.
    ResampleFloat,
    /// Colours to screen pixels.
    ResampleColour,
    /// What lies over the image to screen pixels.
    ResampleCover,
    /// Screen pixels through the table to the target.
    Display,
}

const SCREEN: &str = include_str!("../../../shaders/screen.wgsl");
const TAPS: &str = include_str!("../../../shaders/taps.wgsl");
const GREY: &str = include_str!("../../../shaders/resample_grey.wgsl");
const INTEGER: &str = include_str!("../../../shaders/stored_integer.wgsl");
const FLOAT: &str = include_str!("../../../shaders/stored_float.wgsl");
const COLOUR: &str = include_str!("../../../shaders/resample_colour.wgsl");
const COVER: &str = include_str!("../../../shaders/resample_cover.wgsl");
const DISPLAY: &str = include_str!("../../../shaders/display.wgsl");

/// Every stage with its whole WGSL text.
pub fn sources() -> [(Stage, String); 5] {
    [
        (Stage::ResampleInteger, [SCREEN, TAPS, GREY, INTEGER].concat()),
        (Stage::ResampleFloat, [SCREEN, TAPS, GREY, FLOAT].concat()),
        (Stage::ResampleColour, [SCREEN, TAPS, COLOUR].concat()),
        (Stage::ResampleCover, [SCREEN, TAPS, COVER].concat()),
        (Stage::Display, [SCREEN, DISPLAY].concat()),
    ]
}
