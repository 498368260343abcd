//! DICOM JSON goes out compressed where the client can read it: a series' headers shrink to a fraction, and over a slow line they
//! are what the first image waits for. Objects and pictures are left as they are.

use std::io::{self, Write};

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{Stream, StreamExt, stream};

use crate::accept::DICOM_JSON;

/// Shorter answers fit into one packet anyhow.
const WORTH_IT: u64 = 1400;

/// The layer: compresses JSON for those who take gzip.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let taken = takes_gzip(request.headers());
    let response = next.run(request).await;
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|media| media == DICOM_JSON);
    if !taken || !is_json || response.body().size_hint().upper().is_some_and(|size| size < WORTH_IT) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let gzip = HeaderValue::from_static("gzip");
    parts.headers.insert(header::CONTENT_ENCODING, gzip);
    let depends_on = HeaderValue::from_static("accept-encoding");
    parts.headers.insert(header::VARY, depends_on);
    Response::from_parts(parts, Body::from_stream(compressed(body.into_data_stream())))
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .any(|coding| {
            let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
            let refused = quality.trim().strip_prefix("q=").and_then(|q| q.parse().ok()) == Some(0.0f32);
            name.trim().eq_ignore_ascii_case("gzip") && !refused
        })
}

/// Compresses piece by piece; memory holds what one piece becomes.
fn compressed<S, E>(source: S) -> impl Stream<Item = io::Result<Bytes>>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let encoder = GzEncoder::new(Vec::new(), Compression::fast());
    stream::unfold(Some((source, encoder)), |state| async move {
        let (mut source, mut encoder) = state?;
        loop {
            let piece = match source.next().await {
                None => return Some((encoder.finish().map(Bytes::from), None)),
                Some(Err(error)) => return Some((Err(io::Error::other(error)), None)),
                Some(Ok(piece)) => piece,
            };
            if let Err(error) = encoder.write_all(&piece) {
                return Some((Err(error), None));
            }
            let ready = std::mem::take(encoder.get_mut());
            if !ready.is_empty() {
                return Some((Ok(ready.into()), Some((source, encoder))));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn gzip_is_taken_when_it_is_named_and_not_refused() {
        let takes = |coding| {
            takes_gzip(&HeaderMap::from_iter([(
                header::ACCEPT_ENCODING,
                HeaderValue::from_static(coding),
            )]))
        };
        assert!(takes("gzip") && takes("br, GZIP;q=0.5") && takes("deflate,gzip"));
        assert!(!takes("identity") && !takes("gzip;q=0") && !takes("xgzip") && !takes(""));
    }

    #[tokio::test]
    async fn pieces_come_back_whole_and_a_break_stays_a_break() {
        let text: Vec<u8> = (0..200_000u32)
            .flat_map(|n| (n % 251).to_string().into_bytes())
            .collect();
        let pieces: Vec<Result<Bytes, io::Error>> = text.chunks(7000).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
        let out: Vec<io::Result<Bytes>> = compressed(stream::iter(pieces)).collect().await;
        let whole: Vec<u8> = out.into_iter().flat_map(|piece| piece.unwrap()).collect();
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(&whole[..]).read_to_end(&mut back).unwrap();
        assert!(back == text && whole.len() < text.len() / 4);

        let broken = [Ok(Bytes::from_static(b"a")), Err(io::Error::other("gone"))];
        let out: Vec<io::Result<Bytes>> = compressed(stream::iter(broken)).collect().await;
        assert!(out.last().unwrap().is_err());
    }
}
