//! The server: starting, its address, stopping.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use study::{DecodeError, Decoded, EncodedFrame};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::misbehaviour::Misbehaviour;
use crate::routes;
use crate::service::{Counters, Service};
use crate::store::Archive;
use crate::{Faults, Store, address};

/// What decodes a frame: [`study::decode`], or whatever runs codecs elsewhere that [`study::must_be_apart`] names.
pub type Decoder = fn(&EncodedFrame) -> Result<Decoded, DecodeError>;

/// How the server listens, decodes and misbehaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// TCP port; 0, the default, takes a free one.
    pub port: u16,
    /// The interface's address; the default is loopback, which other machines cannot reach.
    pub address: IpAddr,
    /// What decodes frames for those who ask for another encoding or for a picture; the default decodes here.
    pub decoder: Decoder,
    /// What the server does wrong; the default is nothing.
    pub faults: Faults,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            decoder: study::decode,
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

/// What the server holds and has done so far; numbers only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Requests that arrived.
    pub requests: u64,
    /// Whole instances that were sent as application/dicom.
    pub instances_sent: u64,
    /// Instances that were stored.
    pub instances_stored: u64,
    /// Studies that the server holds.
    pub studies: usize,
    /// Instances that the server holds.
    pub instances: usize,
}

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct Pacs {
    service: Service,
    stop: watch::Sender<bool>,
}

impl Pacs {
    /// Starts the server on the current tokio runtime; returns when it listens and, for a folder, when all files have been read.
    ///
    /// # Errors
    /// The address cannot be listened on, or the folder cannot be read.
    pub async fn start(store: Store, options: Options) -> Result<Self, StartError> {
        let wanted = SocketAddr::new(options.address, options.port);
        let failed = |reason| StartError::Listen {
            address: wanted,
            reason,
        };
        let listener = TcpListener::bind(wanted).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let archive = Archive::open(store, options.decoder)
            .await
            .map_err(|reason| StartError::Folder { reason })?;
        let (stop, mut stopped) = watch::channel(false);
        let service = Service {
            archive,
            address,
            counters: Arc::new(Counters::default()),
            misbehaviour: Arc::new(Misbehaviour::new(options.faults, stopped.clone())),
        };
        let serving = axum::serve(listener, routes::all(service.clone())).with_graceful_shutdown(async move {
            // An error means that the sender is gone, which is a stop as well.
            let _ = stopped.wait_for(|stop| *stop).await;
        });
        tokio::spawn(async move { serving.await });
        Ok(Self { service, stop })
    }

    /// Address and port that the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.service.address
    }

    /// The DICOMweb base address, for example `http://127.0.0.1:41234/dicom-web`.
    pub fn base(&self) -> String {
        format!("http://{}{}", self.service.address, address::ROOT)
    }

    /// Changes what the server does wrong, from the next request on.
    pub fn set_faults(&self, faults: Faults) {
        self.service.misbehaviour.set(faults);
    }

    /// What the server holds and has done so far.
    pub fn tally(&self) -> Tally {
        let counters = &self.service.counters;
        let (studies, instances) = self.service.archive.index().counts();
        Tally {
            requests: counters.requests.load(Ordering::Relaxed),
            instances_sent: counters.instances_sent.load(Ordering::Relaxed),
            instances_stored: counters.instances_stored.load(Ordering::Relaxed),
            studies,
            instances,
        }
    }
}

impl Drop for Pacs {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}
