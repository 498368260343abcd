//! Gets what is wanted, in the right order, once: sources, scheduler, sealed cache, decoded-frame memory and workers.
//!
//! The reading publishes one whole ordered list of frames that it wants ([`Retrieval::want`]); what is not in the newest list is
//! not worked for. Whole instances are fetched, checked against the identity that was asked for, sealed on the disk under a key
//! that lives in memory only, and decoded on threads of their own into [`Memory`], which never waits.

mod cache;
mod desk;
mod engine;
mod event;
mod failure;
mod files;
mod filter;
mod handle;
mod identity;
mod inbox;
mod link;
mod memory;
mod options;
mod outbox;
mod pacs;
mod room;
mod schedule;
mod shelf;
mod work;

pub mod pull;
pub mod workers;

#[cfg(test)]
mod testing;

pub use event::{Event, Found, SourceId, SourceState};
pub use failure::{Failure, FailureKind};
pub use filter::StudyFilter;
pub use handle::Retrieval;
pub use inbox::Inbox;
pub use link::LinkReading;
pub use memory::Memory;
pub use options::{Options, StartError};
