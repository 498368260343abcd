//! One request: signed, waited for, and sent again where that is safe.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use base64::Engine;
use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use url::Url;

use super::Client;
use crate::body::Body;
use crate::pause::{Pauses, retry_after};
use crate::{Error, SignIn};

/// What is sent.
pub(super) struct Ask<'a> {
    pub(super) address: Url,
    pub(super) accept: &'a str,
    /// May come packed: good for text, useless for pixels.
    pub(super) packed: bool,
    /// The longest wait for the head of the answer.
    pub(super) answer: Duration,
    pub(super) upload: Option<&'a Upload>,
}

/// A body to send, piece by piece and without a copy.
pub(super) struct Upload {
    pub(super) media: String,
    pub(super) pieces: Vec<Bytes>,
}

impl Client {
    /// Sends a request until it is answered, as often as [`Patience`](crate::Patience) allows. A question may be repeated after
    /// any passing fault before its answer has begun; an upload only when the server cannot have taken it.
    pub(super) async fn send(&self, ask: &Ask<'_>) -> Result<Body, Error> {
        let patience = self.patience();
        let mut pauses = Pauses::new(patience.shortest_pause, patience.longest_pause);
        let mut tries = 1;
        loop {
            let error = match self.send_once(ask).await {
                Ok(body) => return Ok(body),
                Err(failed) if tries < patience.tries && failed.may_repeat(ask, tries) => failed.error,
                Err(failed) => return Err(failed.error),
            };
            let pause = match error {
                // Whether to wait that long is for a person to say.
                Error::Busy { after: Some(asked) } if asked > patience.longest_pause => return Err(error),
                Error::Busy { after: Some(asked) } => asked,
                _ => pauses.next(),
            };
            tokio::time::sleep(pause).await;
            tries += 1;
        }
    }

    async fn send_once(&self, ask: &Ask<'_>) -> Result<Body, Failed> {
        // Belt and braces: no address of another server ever comes here, and none is signed.
        if ask.address.origin() != self.server().origin() {
            return Err(Failed::at(Stage::NothingSent, Error::ElsewhereNamed));
        }
        let method = if ask.upload.is_some() {
            Method::POST
        } else {
            Method::GET
        };
        let mut request = self
            .connections()
            .request(method, ask.address.clone())
            .header(ACCEPT, ask.accept)
            .header(ACCEPT_ENCODING, if ask.packed { "gzip" } else { "identity" });
        if let Some(value) = self.authorization()? {
            request = request.header(AUTHORIZATION, value);
        }
        let sent = std::sync::Arc::new(AtomicU64::new(0));
        if let Some(upload) = ask.upload {
            let length: usize = upload.pieces.iter().map(Bytes::len).sum();
            let (counter, traffic) = (sent.clone(), self.traffic());
            let pieces = upload.pieces.clone().into_iter().flat_map(pieces_of).map(move |piece| {
                counter.fetch_add(piece.len() as u64, Relaxed);
                traffic.add_sent(piece.len());
                Ok::<_, std::convert::Infallible>(piece)
            });
            request = request
                .header(CONTENT_TYPE, &upload.media)
                // Not every server takes a body whose length it is not told.
                .header(CONTENT_LENGTH, length)
                .body(reqwest::Body::wrap_stream(futures_util::stream::iter(pieces)));
        }
        let begun = Instant::now();
        let mut answer = std::pin::pin!(request.send());
        let mut before = 0;
        let response = loop {
            match tokio::time::timeout(ask.answer, &mut answer).await {
                Ok(response) => break response,
                // While an upload goes forward the server has no reason to speak.
                Err(_) if sent.load(Relaxed) > before => before = sent.load(Relaxed),
                Err(_) => return Err(Failed::at(Stage::Unanswered, Error::Silent(ask.answer))),
            }
        };
        let response = response.map_err(|error| {
            let stage = if error.is_connect() {
                Stage::NothingSent
            } else {
                Stage::Unanswered
            };
            Failed::at(stage, Error::of_request(&error, self.patience().connect))
        })?;
        self.traffic().add_round_trip(begun.elapsed());
        let status = response.status().as_u16();
        // The words of a conflict say what became of each object that was sent.
        if response.status().is_success() || (status == 409 && ask.upload.is_some()) {
            let body = Body::new(response, self.traffic(), self.patience());
            return body.map_err(|error| Failed::at(Stage::Answered(status), error));
        }
        let error = Error::of_status(status, retry_after(response.headers()));
        Err(Failed::at(Stage::Answered(status), error))
    }

    fn authorization(&self) -> Result<Option<HeaderValue>, Failed> {
        let text = match &*self.shared.sign_in.read().unwrap_or_else(PoisonError::into_inner) {
            SignIn::None => return Ok(None),
            SignIn::Basic { user, password } => {
                let pair = format!("{user}:{}", password.expose());
                format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
            }
            SignIn::Bearer(token) => format!("Bearer {}", token.expose()),
        };
        // A token with a line end in it is none.
        let mut value = HeaderValue::from_str(&text).map_err(|_| Failed::at(Stage::NothingSent, Error::SignIn))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

/// How far a failed request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    NothingSent,
    Unanswered,
    Answered(u16),
}

#[derive(Debug)]
struct Failed {
    stage: Stage,
    error: Error,
}

impl Failed {
    fn at(stage: Stage, error: Error) -> Self {
        Self { stage, error }
    }

    /// Whether sending the same again, after so many tries, is safe and sensible.
    fn may_repeat(&self, ask: &Ask<'_>, tries: u32) -> bool {
        match (self.stage, &self.error) {
            // A connection that does not come about costs its whole time: twice is enough.
            (Stage::NothingSent, Error::Silent(_)) => tries < 2,
            (
                Stage::NothingSent,
                Error::ConnectionRefused | Error::Unreachable | Error::NameUnknown | Error::BrokeOff,
            ) => true,
            // A server may close an idle connection in the moment in which it is used again.
            (Stage::Unanswered, Error::BrokeOff) => ask.upload.is_none(),
            // It was turned away before it was looked at.
            (Stage::Answered(429 | 503), Error::Busy { .. }) => true,
            (Stage::Answered(_), Error::Busy { .. }) => ask.upload.is_none(),
            _ => false,
        }
    }
}

/// A large body in pieces, so that one sees it go forward.
fn pieces_of(mut bytes: Bytes) -> impl Iterator<Item = Bytes> {
    const PIECE: usize = 64 << 10;
    std::iter::from_fn(move || {
        let piece = bytes.split_to(bytes.len().min(PIECE));
        (!piece.is_empty()).then_some(piece)
    })
}
