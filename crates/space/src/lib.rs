//! Typed points, planes, volumes and the maps between image, patient, volume, viewport and screen.
//!
//! It does not know that DICOM exists. Every map is named `to_from`: `patient_from_image` takes image points to the
//! patient, so that neighbouring names meet when maps are composed.

mod image;
mod patient;
mod viewport;

pub use image::ImagePoint;
pub use patient::{FrameOfReference, PatientFromImage, PatientPoint, PatientVector};
pub use viewport::{Placement, Turn, ViewportFromImage, ViewportPoint};
