//! What can go wrong on the way to the screen.

/// Why something could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The target would change levels on the way out.
    #[error(
        "The screen's colour format converts to sRGB and would change grey levels; Farsight needs one that does not."
    )]
    ConvertingTarget,
    /// The frame does not even fit into the layers of a texture, or a picture is larger than a texture.
    #[error(
        "The image of {columns} × {rows} pixels is larger than this graphics adapter can hold (layers of {limit} pixels a side)."
    )]
    TooLarge {
        /// Pixels in a row.
        columns: u32,
        /// Rows.
        rows: u32,
        /// The adapter's limit, pixels.
        limit: u32,
    },
    /// The adapter's memory is full.
    #[error(
        "The image of {columns} × {rows} pixels does not fit into the graphics adapter's memory; close other studies."
    )]
    NoRoom {
        /// Pixels in a row.
        columns: u32,
        /// Rows.
        rows: u32,
    },
    /// Samples and size do not belong together.
    #[error("The image's samples do not fill its {columns} × {rows} pixels, so it is not drawn.")]
    Incomplete {
        /// Pixels in a row.
        columns: u32,
        /// Rows.
        rows: u32,
    },
    /// The frame was never uploaded, or has been let go.
    #[error("The image is not on the graphics adapter any more; it is drawn when it has been loaded again.")]
    NoFrame,
    /// A grey frame without a table.
    #[error("A grey image cannot be drawn without a display table.")]
    NoTable,
    /// No adapter, or it does not give a device.
    #[error("No graphics adapter could be used ({0}). On Linux, Mesa's software Vulkan driver is enough.")]
    NoAdapter(String),
    /// The adapter refused or broke off.
    #[error("The graphics adapter could not finish the picture ({0}).")]
    Gpu(String),
}
