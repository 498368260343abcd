//! What every request handler shares.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::misbehaviour::Misbehaviour;
use crate::store::Archive;

/// Shared by all requests; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) archive: Arc<Archive>,
    pub(crate) address: SocketAddr,
    pub(crate) counters: Arc<Counters>,
    pub(crate) misbehaviour: Arc<Misbehaviour>,
}

/// What has been done so far.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) requests: AtomicU64,
    pub(crate) instances_sent: AtomicU64,
    pub(crate) instances_stored: AtomicU64,
}
