//! From stored values to shown values: modality, VOI, presentation and display stages, statistics and test patterns.
//!
//! Numbers only: it knows no DICOM, no window, no GPU and no file.

mod frame;

pub mod colour;
pub mod cover;
pub mod display;
pub mod lab;
pub mod overlay;
pub mod phantom;
pub mod picture;
pub mod pseudo_colour;
pub mod shutter;
pub mod statistics;
pub mod supplemental;

pub use frame::{Samples, StoredFrame};
