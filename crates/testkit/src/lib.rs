//! Case folders, golden pictures, and the tests that keep the architecture page true.
//!
//! Used by tests only; nothing of the program may depend on it.

mod child;
mod golden;
mod orthanc;
mod skip;

pub mod dicom;

pub use child::{Ended, peak_of_children, within};
pub use golden::{Shown, golden};
pub use orthanc::Orthanc;
pub use skip::{shared_data, skip};
