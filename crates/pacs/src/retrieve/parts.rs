//! Bodies of many parts, sent as they come: at most two things are in the making while one is on the wire.

use std::hash::{BuildHasher, Hasher, RandomState};

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use dicomweb::multipart::Writer;
use futures_util::{Stream, StreamExt, stream};

use crate::problem::Problem;

/// Things in the making while one is being sent.
pub(super) const AHEAD: usize = 2;

/// One part.
pub(super) struct Part {
    pub(super) content_type: String,
    pub(super) location: Option<String>,
    pub(super) bytes: Bytes,
}

/// A multipart/related body; an error breaks the connection off, so that nobody takes it for whole.
pub(super) fn envelope<S>(part_type: &str, parts: S) -> Response
where
    S: Stream<Item = Result<Part, Problem>> + Send + 'static,
{
    let boundary = boundary();
    let mut writer = Writer::new(&boundary);
    let content_type = writer.content_type(part_type);
    let end = Writer::new(&boundary).end();
    let pieces = parts
        .map(move |part| {
            part.map(|part| {
                let mut headers = vec![("Content-Type", part.content_type.as_str())];
                headers.extend(part.location.as_deref().map(|location| ("Content-Location", location)));
                [writer.head(&headers), part.bytes]
            })
        })
        .flat_map(|part| {
            stream::iter(match part {
                Ok([head, bytes]) => vec![Ok(head), Ok(bytes)],
                Err(problem) => vec![Err(std::io::Error::from(problem))],
            })
        })
        .chain(stream::once(std::future::ready(Ok(end))));
    ([(header::CONTENT_TYPE, content_type)], Body::from_stream(pieces)).into_response()
}

/// A single thing without an envelope.
pub(super) fn single(part: Part) -> Response {
    let mut response = ([(header::CONTENT_TYPE, part.content_type)], part.bytes).into_response();
    if let Some(Ok(location)) = part.location.map(|location| location.parse()) {
        response.headers_mut().insert(header::CONTENT_LOCATION, location);
    }
    response
}

/// Marks an answer as holding only some of what was asked for.
pub(super) fn partial(mut response: Response, missing: usize, why: &str) -> Response {
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    crate::search::warn(&mut response, &format!("{missing} of the objects {why}"));
    response
}

/// A boundary that no stored object can have been made to hold: it is new each time.
fn boundary() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("farsight{:016x}{:016x}", random(), random())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_differ_and_are_short_enough() {
        let (one, other) = (boundary(), boundary());
        assert_ne!(one, other);
        assert!(one.len() <= 70 && one.bytes().all(|b| b.is_ascii_alphanumeric()));
    }
}
