//! The outside of a file: preamble, meta information and how the data set behind them is written (PS3.10 7.1).

use std::io::Read;

use bytes::Bytes;
use dicom_core::Tag;
use dicom_dictionary_std::{tags, uids};
use flate2::read::{DeflateDecoder, ZlibDecoder};

use super::budget::Budget;
use super::element::{Encoding, UNDEFINED, header, plausible};
use crate::ObjectError;
use crate::object::Oddities;

/// A file with its outside taken off.
pub(crate) struct Opened {
    /// The data set's own bytes.
    pub(crate) body: Bytes,
    pub(crate) encoding: Encoding,
    /// Transfer Syntax UID (0002,0010), or the native one that was found.
    pub(crate) transfer_syntax: String,
    /// Media Storage SOP Class UID (0002,0002); empty without meta information.
    pub(crate) media_storage_class: String,
}

/// Takes the outside off.
///
/// # Errors
/// `NotDicom` for other kinds of file, `Refused` for a data set that inflates beyond the bounds.
pub(crate) fn open(bytes: &Bytes, budget: &mut Budget, oddities: &mut Oddities) -> Result<Opened, ObjectError> {
    let marked = bytes.get(128..132) == Some(b"DICM");
    let meta_at = if marked {
        132
    } else if bytes.starts_with(b"DICM") {
        4
    } else {
        0
    };
    let meta = Meta::read(bytes, meta_at, oddities);
    if meta.elements > 0 && !marked {
        oddities.note("The file lacks its preamble.");
    }
    if marked && meta.elements == 0 {
        oddities.note("The file lacks its meta information; how it is encoded was found by looking.");
    }
    let body = bytes.slice(meta.end.min(bytes.len())..);
    let is_part10 = marked || meta.elements > 0;
    if is_part10 && meta.cut {
        oddities.note("The file ends within its meta information.");
    }
    match meta.transfer_syntax.as_str() {
        uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN | JPIP_DEFLATED | JPIP_HTJ2K_DEFLATED => {
            let body = inflate(&body, budget, oddities)?;
            let encoding = checked(&body, Encoding::EXPLICIT, oddities);
            Ok(Opened {
                body,
                encoding,
                transfer_syntax: meta.transfer_syntax,
                media_storage_class: meta.media_storage_class,
            })
        }
        "" => bare(bytes, body, is_part10, meta.media_storage_class),
        declared => {
            let usual = match declared {
                uids::IMPLICIT_VR_LITTLE_ENDIAN | GE_PRIVATE_BIG_ENDIAN_PIXELS => Encoding::IMPLICIT,
                EXPLICIT_BIG_ENDIAN => Encoding::BIG_ENDIAN,
                _ => Encoding::EXPLICIT,
            };
            let encoding = checked(&body, usual, oddities);
            // Only of native data does the encoding of the data set say how the pixels are stored.
            let is_native = [
                uids::IMPLICIT_VR_LITTLE_ENDIAN,
                uids::EXPLICIT_VR_LITTLE_ENDIAN,
                EXPLICIT_BIG_ENDIAN,
            ]
            .contains(&declared);
            let transfer_syntax = if is_native {
                native(encoding).to_owned()
            } else {
                declared.to_owned()
            };
            Ok(Opened {
                body,
                encoding,
                transfer_syntax,
                media_storage_class: meta.media_storage_class,
            })
        }
    }
}

/// JPIP Referenced Deflate.
const JPIP_DEFLATED: &str = "1.2.840.10008.1.2.4.95";
/// JPIP HTJ2K Referenced Deflate.
const JPIP_HTJ2K_DEFLATED: &str = "1.2.840.10008.1.2.4.205";
/// Explicit VR Big Endian: retired, and still in archives.
pub(crate) const EXPLICIT_BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
/// GE's private syntax: implicit little endian, pixels big endian.
pub(crate) const GE_PRIVATE_BIG_ENDIAN_PIXELS: &str = "1.2.840.113619.5.2";

/// The native transfer syntax of an encoding.
pub(crate) fn native(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding { big: true, .. } => EXPLICIT_BIG_ENDIAN,
        Encoding { implicit: true, .. } => uids::IMPLICIT_VR_LITTLE_ENDIAN,
        _ => uids::EXPLICIT_VR_LITTLE_ENDIAN,
    }
}

/// A data set whose encoding nobody declared.
fn bare(bytes: &Bytes, body: Bytes, is_part10: bool, media_storage_class: String) -> Result<Opened, ObjectError> {
    let starts_low = |e: Encoding| {
        e.tag(&body, 0)
            .is_some_and(|tag| matches!(tag.0, 0x0000 | 0x0004 | 0x0008 | 0x0010))
    };
    let found = ALL
        .into_iter()
        .filter(|e| is_part10 || starts_low(*e))
        .map(|e| (plausible(&body, 0, e, 3), e))
        .max_by_key(|(read, _)| *read);
    match found {
        Some((read, encoding)) if read >= 2 || is_part10 => Ok(Opened {
            body,
            transfer_syntax: native(encoding).to_owned(),
            encoding,
            media_storage_class,
        }),
        _ => Err(ObjectError::NotDicom(kind_of(bytes).to_owned())),
    }
}

/// Implicit last, so that it wins a draw only when the others read nothing (`max_by_key` takes the last of equals, so it stands first).
const ALL: [Encoding; 3] = [Encoding::IMPLICIT, Encoding::BIG_ENDIAN, Encoding::EXPLICIT];

/// The declared encoding, unless the first elements only read in another one.
fn checked(body: &[u8], declared: Encoding, oddities: &mut Oddities) -> Encoding {
    if body.is_empty() || plausible(body, 0, declared, 1) > 0 {
        return declared;
    }
    let other = ALL
        .into_iter()
        .filter(|e| *e != declared)
        .map(|e| (plausible(body, 0, e, 3), e))
        .max_by_key(|(read, _)| *read);
    match other {
        Some((read, encoding)) if read >= 2 => {
            oddities.note("The data set is encoded in another way than the file says; it was read as it is.");
            encoding
        }
        _ => declared,
    }
}

/// What a file is that is no DICOM file, in words that end the sentence "This is not a DICOM file: …".
fn kind_of(bytes: &[u8]) -> &'static str {
    let text = bytes
        .get(..64.min(bytes.len()))
        .unwrap_or_default()
        .trim_ascii_start()
        .to_ascii_lowercase();
    let starts = |prefix: &[u8]| bytes.starts_with(prefix);
    if bytes.is_empty() {
        "it is empty"
    } else if starts(b"\x89PNG") {
        "it is a PNG picture"
    } else if starts(&[0xFF, 0xD8, 0xFF]) {
        "it is a JPEG picture"
    } else if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        "it is a ZIP archive"
    } else if starts(&[0x1F, 0x8B]) {
        "it is compressed with gzip"
    } else if starts(b"%PDF") {
        "it is a PDF document"
    } else if text.starts_with(b"<!doctype html") || text.starts_with(b"<html") {
        "it is a web page"
    } else if text.starts_with(b"<?xml") {
        "it is an XML document"
    } else if text.starts_with(b"{") || text.starts_with(b"[") {
        "it looks like JSON"
    } else {
        "it does not begin as one"
    }
}

/// What is needed of group 0002.
#[derive(Default)]
struct Meta {
    transfer_syntax: String,
    media_storage_class: String,
    elements: usize,
    end: usize,
    cut: bool,
}

impl Meta {
    /// Reads as long as elements of group 0002 come, whatever the group length says or whether there is one.
    fn read(bytes: &[u8], mut at: usize, oddities: &mut Oddities) -> Self {
        let mut meta = Self {
            end: at,
            ..Self::default()
        };
        let mut length_ends_at = None;
        while Encoding::EXPLICIT.u16(bytes, at) == Some(0x0002) {
            let Some(header) = header(bytes, at, bytes.len(), Encoding::EXPLICIT, false) else {
                meta.cut = true;
                meta.end = bytes.len();
                break;
            };
            let rest = bytes.len().saturating_sub(header.value_at);
            if header.length == UNDEFINED || header.length as usize > rest {
                // A bare data set has no group 0002, so this is a broken file, not a data set.
                meta.elements += 1;
                meta.cut = true;
                meta.end = bytes.len();
                break;
            }
            let end = header.value_at + header.length as usize;
            let value = bytes.get(header.value_at..end).unwrap_or_default();
            let text = || String::from_utf8_lossy(value).trim_matches(['\0', ' ']).to_owned();
            match header.tag {
                Tag(0x0002, 0x0000) => {
                    length_ends_at = Encoding::EXPLICIT
                        .u32(value, 0)
                        .and_then(|l| end.checked_add(l as usize));
                }
                tags::TRANSFER_SYNTAX_UID => meta.transfer_syntax = text(),
                tags::MEDIA_STORAGE_SOP_CLASS_UID => meta.media_storage_class = text(),
                _ => {}
            }
            if header.implicit_here {
                oddities.note("The meta information is written without value representations.");
            }
            meta.elements += 1;
            at = end;
            meta.end = at;
        }
        if meta.elements > 0 {
            match length_ends_at {
                None => oddities.note("The meta information does not say how long it is."),
                Some(said) if said != meta.end => oddities.note("The meta information says a wrong length."),
                Some(_) => {}
            }
        }
        meta
    }
}

/// Inflates a data set within the budget (PS3.5 A.5).
fn inflate(body: &Bytes, budget: &mut Budget, oddities: &mut Oddities) -> Result<Bytes, ObjectError> {
    if plausible(body, 0, Encoding::EXPLICIT, 2) >= 2 {
        oddities.note("The file says that its data set is deflated, but it is not.");
        return Ok(body.clone());
    }
    let most = budget.left();
    let (inflated, whole) = read_up_to(DeflateDecoder::new(body.as_ref()), most)?;
    if whole {
        budget.take(inflated.len() as u64)?;
        return Ok(inflated);
    }
    // Some writers put the zlib header in front.
    if inflated.is_empty() || plausible(&inflated, 0, Encoding::EXPLICIT, 1) == 0 {
        let (again, whole) = read_up_to(ZlibDecoder::new(body.as_ref()), most)?;
        if whole && !again.is_empty() {
            budget.take(again.len() as u64)?;
            oddities.note("The deflated data set has a zlib header that does not belong there.");
            return Ok(again);
        }
    }
    budget.take(inflated.len() as u64)?;
    oddities.note("The deflated data set is damaged or cut short; what came before was read.");
    Ok(inflated)
}

/// All that can be inflated, and whether the stream ended as it should.
fn read_up_to(mut from: impl Read, most: u64) -> Result<(Bytes, bool), ObjectError> {
    let mut inflated = Vec::new();
    let mut chunk = vec![0; 64 << 10];
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return Ok((inflated.into(), true)),
            Ok(read) => {
                if inflated.len() as u64 + read as u64 > most {
                    return Err(ObjectError::Refused(
                        "its compressed data set grows beyond every sensible size".to_owned(),
                    ));
                }
                inflated.extend_from_slice(chunk.get(..read).unwrap_or_default());
            }
            Err(_) => return Ok((inflated.into(), false)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;

    #[test]
    fn what_inflates_without_measure_is_refused() {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
        let small = encoder.finish().unwrap();
        let within = |most| read_up_to(DeflateDecoder::new(small.as_slice()), most);
        assert_eq!(within(1 << 20).unwrap().0.len(), 1 << 20);
        assert!(matches!(within((1 << 20) - 1), Err(ObjectError::Refused(_))));
    }
}
