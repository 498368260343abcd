//! Values of interest (PS3.3 C.11.2).

use super::LookupTable;

/// VOI LUT Function (0028,1056).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VoiFunction {
    /// PS3.3 C.11.2.1.2.1; the default.
    #[default]
    Linear,
    /// PS3.3 C.11.2.1.3.2.
    LinearExact,
    /// PS3.3 C.11.2.1.3.1.
    Sigmoid,
}

/// Which modality values are shown, and how.
#[derive(Clone, Debug, PartialEq)]
pub enum Voi {
    /// A window: centre and width in modality values.
    Window {
        /// Window Centre.
        centre: f64,
        /// Window Width; > 0, and ≥ 1 for LINEAR.
        width: f64,
        /// The function between the ends.
        function: VoiFunction,
    },
    /// A VOI LUT Sequence item's table.
    Table(LookupTable),
}
