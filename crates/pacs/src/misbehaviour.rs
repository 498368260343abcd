//! Faults at work: a layer around all handlers.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use crate::faults::{Faults, Instead};
use crate::problem::Problem;
use crate::service::Service;

/// The faults that hold now, how often they struck, and when the shared link is free again.
#[derive(Debug)]
pub(crate) struct Misbehaviour {
    state: Mutex<Struck>,
    link_free: Mutex<Instant>,
    stop: watch::Receiver<bool>,
}

#[derive(Debug)]
struct Struck {
    faults: Faults,
    times: u32,
}

/// What one answer suffers.
#[derive(Clone, Copy, Debug)]
struct Suffers {
    bytes_per_second: Option<u64>,
    close_after: Option<u64>,
    instead: Option<Instead>,
    delay: Duration,
}

impl Misbehaviour {
    pub(crate) fn new(faults: Faults, stop: watch::Receiver<bool>) -> Self {
        Self {
            state: Mutex::new(Struck { faults, times: 0 }),
            link_free: Mutex::new(Instant::now()),
            stop,
        }
    }

    /// Changes the faults and begins to count anew.
    pub(crate) fn set(&self, faults: Faults) {
        *self.state() = Struck { faults, times: 0 };
    }

    fn state(&self) -> MutexGuard<'_, Struck> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn strike(&self, path: &str) -> Suffers {
        let mut state = self.state();
        let faults = state.faults.clone();
        let hit = faults.only.as_ref().is_none_or(|part| path.contains(part));
        let breaks = faults.close_after.is_some() || faults.instead.is_some();
        let counts = hit && breaks && faults.times.is_none_or(|times| state.times < times);
        if counts {
            state.times = state.times.saturating_add(1);
        }
        Suffers {
            bytes_per_second: faults.bytes_per_second.filter(|_| hit),
            close_after: faults.close_after.filter(|_| counts),
            instead: faults.instead.filter(|_| counts),
            delay: if hit { faults.delay } else { Duration::ZERO },
        }
    }

    /// Waits until the shared link has carried so many bytes more.
    async fn carry(&self, bytes: usize, bytes_per_second: u64) {
        let took = Duration::from_secs_f64(bytes as f64 / bytes_per_second.max(1) as f64);
        let done = {
            let mut free = self.link_free.lock().unwrap_or_else(PoisonError::into_inner);
            *free = (*free).max(Instant::now()) + took;
            *free
        };
        sleep_until(done).await;
    }

    async fn stopped(&self) {
        // An error means that the server is gone, which is a stop as well.
        let _ = self.stop.clone().wait_for(|stop| *stop).await;
    }
}

/// The layer: what a request suffers, then its handler, then what the answer's body suffers.
pub(crate) async fn layer(State(service): State<Service>, request: Request, next: Next) -> Response {
    let suffers = service.misbehaviour.strike(request.uri().path());
    let answered = async {
        if !suffers.delay.is_zero() {
            sleep(suffers.delay).await;
        }
        match suffers.instead {
            Some(instead) => answer(instead),
            None => next.run(request).await,
        }
    };
    let stopping = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "The server is stopping.").into_response();
    let response = tokio::select! {
        response = answered => response,
        () = service.misbehaviour.stopped() => stopping(),
    };
    let untouched = suffers.bytes_per_second.is_none() && suffers.close_after.is_none();
    // A body that is there already needs no watching over.
    if untouched && response.body().size_hint().exact().is_some() {
        return response;
    }
    response.map(|body| suffering(body, suffers, service))
}

fn answer(instead: Instead) -> Response {
    match instead {
        Instead::HtmlPage => {
            Html("<!DOCTYPE html><title>Sign in</title><p>Please sign in to continue.").into_response()
        }
        Instead::Busy { retry_after } => {
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "The server is busy.");
            ([(header::RETRY_AFTER, HeaderValue::from(retry_after))], problem).into_response()
        }
        Instead::SignInNeeded => {
            let challenge = HeaderValue::from_static("Basic realm=\"farsight\", charset=\"UTF-8\"");
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "Sign in first.");
            ([(header::WWW_AUTHENTICATE, challenge)], problem).into_response()
        }
        Instead::Missing => Problem::missing("There is nothing here.").into_response(),
    }
}

/// A body that is slowed down, broken off early, or broken off when the server stops.
fn suffering(body: Body, suffers: Suffers, service: Service) -> Body {
    let pieces = suffers
        .bytes_per_second
        .map_or(usize::MAX, |rate| (rate / 20).clamp(256, 1 << 16) as usize);
    let begun = (body.into_data_stream(), Bytes::new(), 0u64, service);
    Body::from_stream(stream::unfold(Some(begun), move |state| async move {
        let (mut source, mut held, sent, service) = state?;
        if suffers.close_after.is_some_and(|most| sent >= most) {
            return Some((Err(std::io::Error::other("closed early, as asked")), None));
        }
        while held.is_empty() {
            let next = tokio::select! {
                next = source.next() => next,
                () = service.misbehaviour.stopped() => {
                    return Some((Err(std::io::Error::other("the server stops")), None));
                }
            };
            match next? {
                Ok(bytes) => held = bytes,
                Err(error) => return Some((Err(std::io::Error::other(error)), None)),
            }
        }
        let left = suffers.close_after.map_or(usize::MAX, |most| {
            usize::try_from(most.saturating_sub(sent)).unwrap_or(usize::MAX)
        });
        let piece = held.split_to(held.len().min(pieces).min(left));
        if let Some(rate) = suffers.bytes_per_second {
            tokio::select! {
                () = service.misbehaviour.carry(piece.len(), rate) => {}
                () = service.misbehaviour.stopped() => {
                    return Some((Err(std::io::Error::other("the server stops")), None));
                }
            }
        }
        let sent = sent + piece.len() as u64;
        Some((Ok(piece), Some((source, held, sent, service))))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn misbehaviour(faults: Faults) -> Misbehaviour {
        Misbehaviour::new(faults, watch::channel(false).1)
    }

    #[test]
    fn a_fault_strikes_so_often_and_only_where_it_should() {
        let faults = Faults {
            instead: Some(Instead::HtmlPage),
            times: Some(2),
            only: Some("/frames/".to_owned()),
            ..Faults::default()
        };
        let misbehaviour = misbehaviour(faults.clone());
        let struck = |path| misbehaviour.strike(path).instead.is_some();
        assert!(!struck("/studies"));
        assert!(struck("/x/frames/1") && struck("/x/frames/2") && !struck("/x/frames/3"));
        misbehaviour.set(faults);
        assert!(struck("/x/frames/4"), "new faults count anew");
    }

    #[test]
    fn a_delay_does_not_use_up_what_is_counted() {
        let misbehaviour = misbehaviour(Faults {
            delay: Duration::from_millis(1),
            times: Some(0),
            ..Faults::default()
        });
        assert_eq!(misbehaviour.strike("/").delay, Duration::from_millis(1));
    }
}
