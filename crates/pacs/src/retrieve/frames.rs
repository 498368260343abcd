//! Frames by their numbers, as they are stored or decoded (PS3.18 10.4.1.1.6).

use std::sync::Arc;

use axum::response::Response;
use dicom_dictionary_std::uids;
use futures_util::{StreamExt, stream};
use study::Object;

use super::codec::{self, Frame, OCTETS};
use super::parts::{self, AHEAD, Part};
use super::{Asked, location};
use crate::accept::Form;
use crate::problem::Problem;
use crate::service::Service;

/// Numbers that one list may hold.
const MOST_NUMBERS: usize = 10_000;

/// In which form frames are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    AsStored,
    Decoded,
}

/// How a form wants frames that are stored in a transfer syntax; `None` when it cannot be had so.
pub(super) fn how(form: &Form, stored: &str) -> Option<How> {
    let media = codec::media_type(stored);
    let by_syntax = match form.syntax.as_deref() {
        Some("*") => Some(How::AsStored),
        Some(wanted) if wanted == stored => Some(How::AsStored),
        Some(uids::EXPLICIT_VR_LITTLE_ENDIAN) => Some(How::Decoded),
        Some(_) => None,
        // Without a syntax, octets are decoded values; any other media type is that of its own syntaxes.
        None if form.media == OCTETS => Some(How::Decoded),
        None => Some(How::AsStored),
    };
    match by_syntax {
        Some(How::AsStored) if media != OCTETS => {
            // Octets with the stored syntax named are what most viewers ask for compressed frames with.
            let named = form.media == OCTETS && form.syntax.is_some();
            (named || form.takes(media)).then_some(How::AsStored)
        }
        Some(_) if form.takes(OCTETS) => Some(How::Decoded).filter(|_| codec::is_image_or_native(stored)),
        _ => None,
    }
}

pub(super) async fn answer(asked: Asked) -> Result<Response, Problem> {
    let numbers = numbers(asked.names.frames.as_deref().unwrap_or_default())?;
    let instance = asked.instance()?;
    let object = {
        let instance = Arc::clone(&instance);
        asked
            .service
            .archive
            .heavy(move |archive| archive.object(&instance))
            .await?
    };
    check(&numbers, object.frames())?;
    let indices: Vec<u32> = numbers.iter().map(|number| number - 1).collect();
    let address = location(&asked.base, &instance);
    send(asked, object, indices, move |index| {
        format!("{address}/frames/{}", index + 1)
    })
    .await
}

/// Sends frames (from 0) in the best form that the client takes.
///
/// # Errors
/// 406 when there is none, and what is wrong with the first frame.
pub(super) async fn send(
    asked: Asked,
    object: Object,
    indices: Vec<u32>,
    location: impl Fn(u32) -> String + Send + 'static,
) -> Result<Response, Problem> {
    let stored = match indices.first() {
        Some(first) => {
            object
                .encoded_frame(*first)
                .map_err(|error| Problem::missing(error.to_string()))?
                .transfer_syntax
        }
        None => return Err(Problem::missing("The object has no pixel data; it is not an image.")),
    };
    let one = indices.len() == 1;
    let found = asked
        .forms
        .iter()
        .filter(|form| form.multipart || form.either || one)
        .find_map(|form| Some((form, how(form, &stored.0)?)));
    let Some((form, how)) = found else {
        return Err(Problem::not_acceptable(
            "The frames cannot be had in that form. Ask for multipart/related; type=\"application/octet-stream\"; \
             transfer-syntax=*.",
        ));
    };
    // The first frame is made before the answer begins, so that what is wrong with it can still be said.
    let first = load(asked.service.clone(), object.clone(), indices[0], how).await?;
    let part = move |(index, frame): (u32, Frame)| Part {
        content_type: frame.content_type(),
        location: Some(location(index)),
        bytes: frame.bytes,
    };
    if !form.multipart && !form.either {
        return Ok(parts::single(part((indices[0], first))));
    }
    let part_type = codec::media_type(&first.transfer_syntax);
    let service = asked.service;
    let rest = stream::iter(indices[1..].to_vec())
        .map(move |index| {
            let made = load(service.clone(), object.clone(), index, how);
            async move { Ok((index, made.await?)) }
        })
        .buffered(AHEAD);
    let all = stream::once(std::future::ready(Ok((indices[0], first)))).chain(rest);
    Ok(parts::envelope(part_type, all.map(move |frame| frame.map(&part))))
}

async fn load(service: Service, object: Object, index: u32, how: How) -> Result<Frame, Problem> {
    match how {
        How::AsStored => service.archive.light(move |_| codec::stored(&object, index)).await,
        How::Decoded if codec::is_ready(&object, index) => {
            service.archive.light(move |_| codec::stored(&object, index)).await
        }
        How::Decoded => {
            service
                .archive
                .heavy(move |archive| codec::decoded(&object, index, archive.decoder))
                .await
        }
    }
}

/// Whether an object holds these frames (from 1).
///
/// # Errors
/// 404 when it does not.
pub(super) fn check(numbers: &[u32], held: u32) -> Result<(), Problem> {
    match numbers.iter().find(|number| **number > held) {
        None => Ok(()),
        Some(_) if held == 0 => Err(Problem::missing("The object has no pixel data; it is not an image.")),
        Some(beyond) => Err(Problem::missing(format!(
            "Frame {beyond} does not exist; the object has {held}."
        ))),
    }
}

/// Reads `1,2,5`.
///
/// # Errors
/// 400 for anything but whole numbers from 1.
pub(super) fn numbers(list: &str) -> Result<Vec<u32>, Problem> {
    let wrong = || Problem::malformed("Frames are named by their numbers from 1, separated by commas.");
    let numbers: Option<Vec<u32>> = list
        .split(',')
        .take(MOST_NUMBERS + 1)
        .map(|number| number.trim().parse().ok().filter(|number| *number > 0))
        .collect();
    let numbers = numbers.ok_or_else(wrong)?;
    if numbers.len() > MOST_NUMBERS {
        return Err(Problem::malformed(
            "The list of frames is longer than 10000; ask for fewer at once.",
        ));
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::*;

    const EXPLICIT: &str = uids::EXPLICIT_VR_LITTLE_ENDIAN;
    const JLS: &str = uids::JPEGLS_LOSSLESS;

    #[test]
    fn the_accept_header_decides_the_bytes() {
        use How::{AsStored, Decoded};
        let cases = [
            ("*/*", JLS, Some(AsStored)),
            ("*/*", EXPLICIT, Some(Decoded)),
            (
                "multipart/related; type=\"application/octet-stream\"; transfer-syntax=*",
                JLS,
                Some(AsStored),
            ),
            (
                "multipart/related; type=\"application/octet-stream\"; transfer-syntax=*",
                EXPLICIT,
                Some(Decoded),
            ),
            (
                "multipart/related; type=\"application/octet-stream\"",
                JLS,
                Some(Decoded),
            ),
            (
                "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1",
                JLS,
                Some(Decoded),
            ),
            ("multipart/related; type=\"image/jls\"", JLS, Some(AsStored)),
            (
                "multipart/related; type=\"image/jls\"; transfer-syntax=1.2.840.10008.1.2.4.80",
                JLS,
                Some(AsStored),
            ),
            (
                "multipart/related; type=\"image/jls\"; transfer-syntax=1.2.840.10008.1.2.4.81",
                JLS,
                None,
            ),
            ("multipart/related; type=\"image/jp2\"", JLS, None),
            ("multipart/related; type=\"image/jls\"", EXPLICIT, None),
            (
                "multipart/related; type=\"application/dicom\"; transfer-syntax=*",
                JLS,
                None,
            ),
            ("image/*", JLS, Some(AsStored)),
            ("video/mp4", uids::MPEG4HP41, Some(AsStored)),
            ("application/octet-stream", uids::MPEG4HP41, None),
        ];
        for (accept, stored, expected) in cases {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            let form = crate::accept::forms(&headers, &[]).remove(0);
            assert_eq!(how(&form, stored), expected, "{accept} of {stored}");
        }
    }

    #[test]
    fn lists_of_numbers_are_checked() {
        assert_eq!(numbers("1,2, 5"), Ok(vec![1, 2, 5]));
        for wrong in ["", "0", "-1", "1,,2", "1;2", "4294967296", "a", &"1,".repeat(20_000)] {
            assert!(numbers(wrong).is_err(), "{:.20}", wrong);
        }
        assert!(numbers(&vec!["1"; 10_001].join(",")).is_err());
    }
}
