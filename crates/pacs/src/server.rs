//! The server: starting, its address, stopping.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::{Faults, Store};

/// How the server listens and misbehaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// TCP port; 0, the default, takes a free one.
    pub port: u16,
    /// The interface's address; the default is loopback, which other machines cannot reach.
    pub address: IpAddr,
    /// What the server does wrong; the default is nothing.
    pub faults: Faults,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            faults: Faults::default(),
        }
    }
}

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or the address is not this machine's.
    #[error("The server cannot listen on {address} ({reason}). Choose another port or address.")]
    Listen {
        /// Address and port.
        address: SocketAddr,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The folder is not there, is no folder, or may not be read.
    #[error("The folder cannot be read ({reason}). Choose a folder that exists and that you may open.")]
    Folder {
        /// What the system said.
        reason: std::io::Error,
    },
}

/// What the server has done so far; numbers only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Requests that arrived.
    pub requests: u64,
    /// Whole instances that were sent as application/dicom.
    pub instances_sent: u64,
    /// Instances that were stored.
    pub instances_stored: u64,
}

/// Counters behind [`Tally`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) requests: AtomicU64,
    pub(crate) instances_sent: AtomicU64,
    pub(crate) instances_stored: AtomicU64,
}

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct Pacs {
    address: SocketAddr,
    counters: Arc<Counters>,
    faults: Arc<std::sync::RwLock<Faults>>,
    stop: watch::Sender<bool>,
}

impl Pacs {
    /// Starts the server on the current tokio runtime; returns when it listens and, for a folder, when all files have been read.
    ///
    /// # Errors
    /// The address cannot be listened on, or the folder cannot be read.
    pub async fn start(store: Store, options: Options) -> Result<Self, StartError> {
        let _ = store;
        let wanted = SocketAddr::new(options.address, options.port);
        let failed = |reason| StartError::Listen {
            address: wanted,
            reason,
        };
        let listener = TcpListener::bind(wanted).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, mut stopped) = watch::channel(false);
        let serving = axum::serve(listener, Router::new()).with_graceful_shutdown(async move {
            // An error means that the sender is gone, which is a stop as well.
            let _ = stopped.wait_for(|stop| *stop).await;
        });
        tokio::spawn(async move { serving.await });
        Ok(Self {
            address,
            counters: Arc::default(),
            faults: Arc::new(std::sync::RwLock::new(options.faults)),
            stop,
        })
    }

    /// Address and port that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The DICOMweb base address, for example `http://127.0.0.1:41234/dicom-web`.
    pub fn base(&self) -> String {
        format!("http://{}/dicom-web", self.address)
    }

    /// Changes what the server does wrong, from the next request on.
    pub fn set_faults(&self, faults: Faults) {
        let mut current = self.faults.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        *current = faults;
    }

    /// What the server has done so far.
    pub fn tally(&self) -> Tally {
        Tally {
            requests: self.counters.requests.load(Ordering::Relaxed),
            instances_sent: self.counters.instances_sent.load(Ordering::Relaxed),
            instances_stored: self.counters.instances_stored.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Pacs {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}
