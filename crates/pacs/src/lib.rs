//! A small DICOMweb server over a folder or over synthetic phantoms, with faults on request.
//!
//! It is the demonstration's PACS, the tests' PACS, and `farsight serve`. It listens on the loopback interface unless told
//! otherwise, knows no sign-in, and writes no log. It does not know the viewer.

mod accept;
mod address;
mod compression;
mod dicom_json;
mod faults;
mod misbehaviour;
mod problem;
mod retrieve;
mod routes;
mod search;
mod server;
mod service;
mod store;
mod stow;

pub use faults::{Faults, Instead};
pub use server::{Decoder, Options, Pacs, StartError, Tally};
pub use store::Store;

#[cfg(test)]
mod tests;
