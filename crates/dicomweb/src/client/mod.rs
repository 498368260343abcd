//! The client.

mod retrieve;
mod search;
mod send;
mod store;
mod try_server;

use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;

use crate::{Answer, Error, Finding, Lane, Part, Parts, Patience, Query, Server, SignIn, Stored, Traffic};

/// A client of one server. Cloning is cheap, and clones share connections, counters and what was learnt about the server.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    lane: Lane,
}

struct Shared {
    server: Server,
    patience: Patience,
    sign_in: RwLock<SignIn>,
    traffic: Arc<Traffic>,
    dialect: retrieve::Dialect,
    interactive: reqwest::Client,
    bulk: reqwest::Client,
}

impl Client {
    /// A client for a server, in the interactive lane. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::NoClient`] when the system's certificates or proxies cannot be read.
    pub fn new(server: Server, patience: Patience) -> Result<Self, Error> {
        let sign_in = RwLock::new(server.sign_in().clone());
        Ok(Self {
            shared: Arc::new(Shared {
                interactive: Lane::Interactive.connections(&server, &patience)?,
                bulk: Lane::Bulk.connections(&server, &patience)?,
                dialect: retrieve::Dialect::default(),
                server,
                patience,
                sign_in,
                traffic: Arc::default(),
            }),
            lane: Lane::Interactive,
        })
    }

    /// The same client with its requests in a lane.
    #[must_use]
    pub fn in_lane(&self, lane: Lane) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            lane,
        }
    }

    /// The lane that this clone's requests take.
    pub fn lane(&self) -> Lane {
        self.lane
    }

    /// The server.
    pub fn server(&self) -> &Server {
        &self.shared.server
    }

    /// The limits that this client keeps.
    pub fn patience(&self) -> &Patience {
        &self.shared.patience
    }

    /// What goes over the link, counted while it goes.
    pub fn traffic(&self) -> Arc<Traffic> {
        Arc::clone(&self.shared.traffic)
    }

    /// Replaces the sign-in for all clones, such as by a fresh token; requests under way keep theirs.
    pub fn renew_sign_in(&self, sign_in: SignIn) {
        *self.shared.sign_in.write().unwrap_or_else(PoisonError::into_inner) = sign_in;
    }

    /// Asks for a list of studies, series or instances (QIDO-RS).
    ///
    /// # Errors
    /// No answer, a refusal, or an answer that is no DICOM JSON. Single bad rows are no error.
    pub async fn query(&self, query: &Query) -> Result<Answer, Error> {
        self.answer_query(query).await
    }

    /// Asks page by page until no new rows come or there are `most`, and drops rows that came before.
    ///
    /// # Errors
    /// As [`Client::query`], on the first page; later pages leave [`Answer::whole`] false.
    pub async fn query_all(&self, query: &Query, most: usize) -> Result<Answer, Error> {
        self.answer_pages(query, most).await
    }

    /// Asks for the metadata of a study, one of its series, or one instance. By series is the usual way: many servers take very
    /// long over a whole study.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn metadata(&self, study: &str, series: Option<&str>, instance: Option<&str>) -> Result<Answer, Error> {
        self.answer_metadata(study, series, instance).await
    }

    /// Asks for a study, a series or an instance as the bytes that the server has stored, as Part 10 files.
    ///
    /// # Errors
    /// No answer, a refusal, or an answer that is no DICOM. What goes wrong later comes from [`Parts::next`].
    pub async fn instances(&self, study: &str, series: Option<&str>, instance: Option<&str>) -> Result<Parts, Error> {
        self.fetch_objects(study, series, instance).await
    }

    /// Asks for frames of an instance, counted from 1, as the server has stored them.
    ///
    /// # Errors
    /// As [`Client::instances`].
    pub async fn frames(&self, study: &str, series: &str, instance: &str, frames: &[u32]) -> Result<Parts, Error> {
        self.fetch_frames(study, series, instance, frames).await
    }

    /// Fetches a value that metadata points to with a BulkDataURI, from this server only.
    ///
    /// # Errors
    /// [`Error::ElsewhereNamed`] for a place on another server; else as [`Client::instances`].
    pub async fn bulk(&self, uri: &str) -> Result<Part, Error> {
        self.fetch_value(uri).await
    }

    /// Asks for a picture of an instance, of one of its frames (from 1), or of a whole series, drawn by the server: a preview,
    /// never for reading. The size is in pixels.
    ///
    /// # Errors
    /// As [`Client::instances`].
    pub async fn rendered(
        &self,
        study: &str,
        series: &str,
        instance: Option<&str>,
        frame: Option<u32>,
        size: Option<(u32, u32)>,
    ) -> Result<Part, Error> {
        self.fetch_rendered(study, series, instance, frame, size).await
    }

    /// Asks for a small picture of a series or an instance; falls back on [`Client::rendered`] where the server makes none. The
    /// size is in pixels.
    ///
    /// # Errors
    /// As [`Client::instances`].
    pub async fn thumbnail(
        &self,
        study: &str,
        series: &str,
        instance: Option<&str>,
        size: (u32, u32),
    ) -> Result<Part, Error> {
        self.fetch_thumbnail(study, series, instance, size).await
    }

    /// Sends Part 10 files, in batches, into a study or into whichever they name.
    ///
    /// # Errors
    /// When nothing was sent at all. What becomes of each object is in [`Stored`].
    pub async fn store(&self, study: Option<&str>, objects: Vec<Bytes>) -> Result<Stored, Error> {
        self.send_objects(study, objects).await
    }

    /// Tries the server, rung by rung, and stops at the first that does not hold.
    pub async fn try_server(&self) -> Vec<Finding> {
        self.climb().await
    }

    fn connections(&self) -> &reqwest::Client {
        match self.lane {
            Lane::Interactive => &self.shared.interactive,
            Lane::Bulk => &self.shared.bulk,
        }
    }
}

/// The path of a study, a series or an instance.
fn path<'a>(study: &'a str, series: Option<&'a str>, instance: Option<&'a str>) -> Result<Vec<&'a str>, Error> {
    let mut path = Vec::with_capacity(8);
    for (name, uid) in [("studies", Some(study)), ("series", series), ("instances", instance)] {
        if let Some(uid) = uid {
            check(uid)?;
            path.extend([name, uid]);
        }
    }
    Ok(path)
}

/// Refuses what would change the path of an address. Real identifiers break the rules of PS3.5 section 9.1 in many ways, so that
/// letters and great lengths are let through.
fn check(uid: &str) -> Result<(), Error> {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if uid.len() <= 128 && uid.bytes().all(harmless) && uid.bytes().any(|byte| byte != b'.') {
        Ok(())
    } else {
        Err(Error::Identifier)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("server", &self.shared.server)
            .field("lane", &self.lane)
            .finish_non_exhaustive()
    }
}
