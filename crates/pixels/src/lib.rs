//! From stored values to shown values: modality, VOI, presentation and display stages, statistics and test patterns.
//!
//! Numbers only: it knows no DICOM, no window, no GPU and no file.

mod frame;

pub mod colour;
pub mod display;
pub mod phantom;
pub mod picture;
pub mod statistics;

pub use frame::{Samples, StoredFrame};
