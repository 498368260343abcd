//! The body of an answer: counted, unpacked, and never waited for without end.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Buf, Bytes};
use flate2::write::MultiGzDecoder;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, TRANSFER_ENCODING, WARNING};

use crate::{Error, MediaType, Patience, Traffic};

/// An answer whose head has come.
pub(crate) struct Body {
    response: reqwest::Response,
    traffic: Arc<Traffic>,
    idle: Duration,
    floor: Floor,
    unpacking: Option<Unpacking>,
    framed: bool,
}

impl Body {
    pub(crate) fn new(response: reqwest::Response, traffic: Arc<Traffic>, patience: &Patience) -> Result<Self, Error> {
        let headers = response.headers();
        let packed = headers
            .get(CONTENT_ENCODING)
            .map(|value| value.to_str().unwrap_or("?").trim().to_ascii_lowercase());
        let unpacking = match packed.as_deref() {
            None | Some("" | "identity") => None,
            Some("gzip" | "x-gzip") => Some(Unpacking::new()),
            // A packing that was not asked for.
            Some(_) => return Err(Error::NotDicom),
        };
        let framed = headers.contains_key(CONTENT_LENGTH)
            || headers.contains_key(TRANSFER_ENCODING)
            || response.version() >= reqwest::Version::HTTP_2;
        Ok(Self {
            idle: patience.idle,
            floor: Floor::new(patience.floor, patience.floor_over),
            response,
            traffic,
            unpacking,
            framed,
        })
    }

    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    pub(crate) fn media(&self) -> MediaType {
        MediaType::parse(self.header(CONTENT_TYPE.as_str()).unwrap_or_default())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    /// A warning says that there are more results (PS3.18 section 10.6.3.4).
    pub(crate) fn warns_of_more(&self) -> bool {
        warns_of_more(self.response.headers())
    }

    /// The address that gave the answer, after redirects.
    pub(crate) fn address(&self) -> &url::Url {
        self.response.url()
    }

    /// The end of the body is announced, so that a broken connection is noticed. Without, it may be any moment.
    pub(crate) fn is_framed(&self) -> bool {
        self.framed
    }

    /// The next bytes, unpacked; `None` at the end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if let Some(unpacking) = &mut self.unpacking
                && let Some(bytes) = unpacking.next()?
            {
                return Ok(Some(bytes));
            }
            let begun = Instant::now();
            let came = tokio::time::timeout(self.idle, self.response.chunk())
                .await
                .map_err(|_| Error::Silent(self.idle))?
                .map_err(|_| Error::BrokeOff)?;
            let Some(bytes) = came else {
                return match &mut self.unpacking {
                    Some(unpacking) => unpacking.end(),
                    None => Ok(None),
                };
            };
            self.traffic.add_received(bytes.len());
            self.floor.add(begun.elapsed(), bytes.len())?;
            match &mut self.unpacking {
                Some(unpacking) => unpacking.packed = bytes,
                None if bytes.is_empty() => {}
                None => return Ok(Some(bytes)),
            }
        }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Body").finish_non_exhaustive()
    }
}

fn warns_of_more(headers: &HeaderMap) -> bool {
    headers
        .get_all(WARNING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|text| text.contains("299") && text.to_ascii_lowercase().contains("additional"))
}

/// The slowest bearable body. Only time spent waiting for the network counts.
#[derive(Debug)]
struct Floor {
    bytes_per_second: u64,
    over: Duration,
    waited: Duration,
    came: u64,
}

impl Floor {
    fn new(bytes_per_second: u64, over: Duration) -> Self {
        Self {
            bytes_per_second,
            over,
            waited: Duration::ZERO,
            came: 0,
        }
    }

    fn add(&mut self, waited: Duration, bytes: usize) -> Result<(), Error> {
        self.waited += waited;
        self.came += bytes as u64;
        if self.waited < self.over {
            return Ok(());
        }
        let least = self.bytes_per_second as f64 * self.waited.as_secs_f64();
        if (self.came as f64) < least {
            return Err(Error::TooSlow);
        }
        self.waited = Duration::ZERO;
        self.came = 0;
        Ok(())
    }
}

/// Unpacks gzip a little at a time: four kilobytes become four megabytes at most, and the reader of the body stops where it has
/// enough.
struct Unpacking {
    packed: Bytes,
    decoder: MultiGzDecoder<Vec<u8>>,
    ended: bool,
}

const PIECE: usize = 4 << 10;

impl Unpacking {
    fn new() -> Self {
        Self {
            packed: Bytes::new(),
            decoder: MultiGzDecoder::new(Vec::new()),
            ended: false,
        }
    }

    fn next(&mut self) -> Result<Option<Bytes>, Error> {
        while !self.packed.is_empty() {
            let piece = self.packed.len().min(PIECE);
            self.decoder
                .write_all(self.packed.get(..piece).unwrap_or_default())
                .map_err(|_| Error::NotDicom)?;
            self.packed.advance(piece);
            if let Some(bytes) = self.take()? {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    fn end(&mut self) -> Result<Option<Bytes>, Error> {
        if self.ended {
            return Ok(None);
        }
        self.ended = true;
        self.decoder.try_finish().map_err(|_| Error::CutShort)?;
        self.take()
    }

    fn take(&mut self) -> Result<Option<Bytes>, Error> {
        self.decoder.flush().map_err(|_| Error::NotDicom)?;
        let bytes = std::mem::take(self.decoder.get_mut());
        Ok((!bytes.is_empty()).then(|| bytes.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_below_the_floor_is_given_up_and_one_above_it_never() {
        let second = Duration::from_secs(1);
        let mut floor = Floor::new(1000, 30 * second);
        for _ in 0..29 {
            assert_eq!(floor.add(second, 1), Ok(()));
        }
        assert_eq!(floor.add(second, 1), Err(Error::TooSlow));

        let mut floor = Floor::new(1000, 30 * second);
        for _ in 0..100_000 {
            assert_eq!(floor.add(second, 1001), Ok(()));
        }
        // Fast at first does not pay for a stall later.
        let mut floor = Floor::new(1000, 30 * second);
        assert_eq!(floor.add(second, 1 << 30), Ok(()));
        assert_eq!(floor.add(29 * second, 1), Ok(()));
        assert_eq!(floor.add(30 * second, 1), Err(Error::TooSlow));
    }

    #[test]
    fn only_a_warning_of_additional_results_means_more() {
        let warned = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(WARNING, reqwest::header::HeaderValue::from_static(text));
            warns_of_more(&headers)
        };
        assert!(warned(
            "299 https://pacs.example: \"There are 12 additional results that can be requested\""
        ));
        assert!(!warned(
            "299 https://pacs.example: \"The fuzzymatching parameter is not supported. Only literal matching has been performed.\""
        ));
    }
}
