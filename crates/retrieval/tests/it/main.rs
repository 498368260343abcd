//! Retrieval through its public door: against the embedded PACS, a server that misbehaves by script, Orthanc, and files.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod closing;
mod disk;
mod files;
mod listing;
mod made;
mod orthanc;
mod phantoms;
mod pull;
mod scripted;
mod workers;
mod world;
mod wrong;
