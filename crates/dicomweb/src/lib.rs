//! A DICOMweb client for anyone: query, retrieve, store, with authentication, retries and redaction.
//!
//! It does not know what anything means: it returns data sets and bytes, and makes no claim about them. Nothing that it prints
//! holds an address, a token or a patient's data.

mod json;
mod secret;

pub mod multipart;

pub use json::{BulkReference, Row, rows};
pub use secret::Secret;
