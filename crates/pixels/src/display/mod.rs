//! The grey pipeline, stage by stage: modality → VOI → presentation → display, and the one table that composes them.

mod calibration;
mod modality;
mod presentation;
mod table;
mod voi;

pub use modality::{LookupTable, Modality};
pub use table::{DisplayTable, Domain, MOST_ENTRIES, Padding, Parameters};
pub use voi::{Voi, VoiFunction};

/// Why values cannot be shown as asked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DisplayError {
    /// A window that the standard does not allow.
    #[error("The window {centre} / {width} cannot be applied; choose another window.")]
    Window {
        /// Window Centre.
        centre: f64,
        /// Window Width.
        width: f64,
    },
    /// A look-up table without entries.
    #[error("The look-up table has no entries; choose a window instead.")]
    EmptyTable,
    /// Modality values without extent.
    #[error("The values {low} … {high} span nothing that could be shown; choose another window.")]
    Span {
        /// Least modality value.
        low: f64,
        /// Greatest modality value.
        high: f64,
    },
}
