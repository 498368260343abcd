//! One value of an instance, by the address that its metadata gave (PS3.18 10.4.1.1.5).

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use futures_util::stream;

use super::codec::OCTETS;
use super::parts::{self, Part};
use super::{Asked, frames, location};
use crate::dicom_json;
use crate::problem::Problem;

/// Sequences within sequences that an address may lead through.
const DEEPEST: usize = 16;

pub(super) async fn answer(asked: Asked) -> Result<Response, Problem> {
    let written = asked.names.path.clone().unwrap_or_default();
    let path = path(&written)?;
    let instance = asked.instance()?;
    let address = format!("{}/bulkdata/{written}", location(&asked.base, &instance));
    let pixels = [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA];
    if path.items.is_empty() && pixels.contains(&path.last) {
        let instance = Arc::clone(&instance);
        let object = asked
            .service
            .archive
            .heavy(move |archive| archive.object(&instance))
            .await?;
        let all = (0..object.frames()).collect();
        return frames::send(asked, object, all, move |_| address.clone()).await;
    }
    let found = asked
        .service
        .archive
        .light(move |archive| Ok(value(&archive.header(&instance)?.0, &path)));
    let bytes = found
        .await?
        .ok_or_else(|| Problem::missing("The object has no such value."))?;
    let form = asked.forms.iter().find(|form| form.takes(OCTETS));
    let form =
        form.ok_or_else(|| Problem::not_acceptable("This value is to be had as application/octet-stream only."))?;
    let part = Part {
        content_type: OCTETS.to_owned(),
        location: Some(address),
        bytes,
    };
    Ok(if form.multipart || form.either {
        parts::envelope(OCTETS, stream::once(std::future::ready(Ok(part))))
    } else {
        parts::single(part)
    })
}

/// Where a value stands: through items of sequences, then the element.
#[derive(Debug, PartialEq, Eq)]
struct ValuePath {
    items: Vec<(Tag, usize)>,
    last: Tag,
}

/// Reads `00283010/0/00283006`.
///
/// # Errors
/// 400 for anything else.
fn path(text: &str) -> Result<ValuePath, Problem> {
    let wrong = || {
        Problem::malformed("The address of a value is written as tags of eight hexadecimal digits and item numbers.")
    };
    let tag = |text: &str| {
        let hexadecimal = text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let number = u32::from_str_radix(text, 16).ok().filter(|_| hexadecimal);
        number.map(|number| Tag((number >> 16) as u16, number as u16))
    };
    let pieces: Vec<&str> = text.split('/').collect();
    let (last, above) = pieces.split_last().ok_or_else(wrong)?;
    if above.len() % 2 != 0 || above.len() > 2 * DEEPEST {
        return Err(wrong());
    }
    let items: Option<Vec<(Tag, usize)>> = above
        .as_chunks::<2>()
        .0
        .iter()
        .map(|[sequence, item]| Some((tag(sequence)?, item.parse().ok()?)))
        .collect();
    Ok(ValuePath {
        items: items.ok_or_else(wrong)?,
        last: tag(last).ok_or_else(wrong)?,
    })
}

fn value(header: &InMemDicomObject, path: &ValuePath) -> Option<Bytes> {
    let mut dataset = header;
    for (sequence, item) in &path.items {
        dataset = dataset.get(*sequence)?.items()?.get(*item)?;
    }
    let value = dataset.get(path.last)?.value().primitive()?;
    Some(dicom_json::little_endian(value).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_values_are_read_or_refused() {
        assert_eq!(path("7FE00010").unwrap().last, tags::PIXEL_DATA);
        let nested = path("00283010/0/00283006").unwrap();
        assert_eq!(nested.items, [(tags::VOILUT_SEQUENCE, 0)]);
        assert_eq!(nested.last, tags::LUT_DATA);
        for wrong in [
            "",
            "7FE0001",
            "PixelData",
            "00283010/00283006",
            "00283010/x/00283006",
            "../7FE00010",
            "é7FE001",
        ] {
            assert!(path(wrong).is_err(), "{wrong}");
        }
        assert!(path(&format!("{}00283006", "00283010/0/".repeat(17))).is_err());
    }
}
