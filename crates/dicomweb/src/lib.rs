//! A DICOMweb client for anyone: query, retrieve, store, with authentication, retries and redaction.
//!
//! It does not know what anything means: it returns data sets and bytes, and makes no claim about them. Nothing that it prints
//! holds an address, a token or a patient's data.

mod body;
mod client;
mod error;
mod json;
mod ladder;
mod lane;
mod loosened;
mod media;
mod parts;
mod patience;
mod pause;
mod query;
mod secret;
mod server;
mod shape;
mod stored;
mod traffic;

pub mod multipart;

pub use client::Client;
pub use error::{Error, ErrorKind};
pub use json::{BulkReference, Row, rows};
pub use ladder::{Finding, Rung};
pub use lane::Lane;
pub use media::MediaType;
pub use parts::{Part, Parts, Step};
pub use patience::Patience;
pub use query::{Answer, Level, Query};
pub use secret::Secret;
pub use server::{Server, SignIn};
pub use stored::{Fate, Outcome, Stored};
pub use traffic::Traffic;

#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct Readme;
