//! What an answer is, by its type and its first bytes: many servers and everything between here and them say one thing and send
//! another.

use crate::{Error, MediaType};

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Part 10 files.
    Objects,
    /// Frames or bulk values: bytes of any kind.
    Values,
    /// A picture for people.
    Picture,
}

/// How the body is to be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Parts; without a boundary, the body's first line tells it.
    Multipart { boundary: Option<String> },
    /// The body is the one part.
    Single { media: MediaType },
}

/// Says what a body is that begins with `head`, which is all of it when shorter than some hundred bytes.
pub(crate) fn shape_of(media: &MediaType, head: &[u8], wanted: Wanted) -> Result<Shape, Error> {
    let text = head.trim_ascii_start();
    if head.get(128..132) == Some(b"DICM") && !text.starts_with(b"--") {
        // A file, whatever the type says.
        let media = if media.essence() == "application/dicom" {
            media.clone()
        } else {
            let inner = media.of_parts().filter(|inner| inner.essence() == "application/dicom");
            inner
                .unwrap_or_else(|| MediaType::parse("application/dicom"))
                .with_syntax_of(media)
        };
        return Ok(Shape::Single { media });
    }
    if is_web_page(media, text) {
        return Err(Error::WebPage);
    }
    if media.is_multipart() {
        return Ok(match media.parameter("boundary").filter(|b| !b.is_empty()) {
            Some(boundary) if !begins_other_parts(text, boundary) => Shape::Multipart {
                boundary: Some(boundary.to_owned()),
            },
            None if !text.starts_with(b"--") && !head.is_empty() && wanted != Wanted::Objects => Shape::Single {
                // "Some servers set multipart but provide no boundary and send a single frame."
                media: media.of_parts().unwrap_or_default().with_syntax_of(media),
            },
            _ => Shape::Multipart { boundary: None },
        });
    }
    if begins_parts(text) {
        return Ok(Shape::Multipart { boundary: None });
    }
    let single = Shape::Single { media: media.clone() };
    match (wanted, media.essence()) {
        // An empty answer is found out at its end.
        _ if head.is_empty() => Ok(single),
        (_, "application/json" | "application/dicom+json" | "application/dicom+xml" | "application/xml") => {
            Err(Error::NotDicom)
        }
        // Files without the 128 bytes before "DICM" exist.
        (Wanted::Objects, "application/dicom") => Ok(single),
        (Wanted::Objects, _) if text.starts_with(b"DICM") => Ok(single),
        (Wanted::Objects, _) => Err(Error::NotDicom),
        (Wanted::Values, essence) if essence.starts_with("text/") => Err(Error::NotDicom),
        (Wanted::Values, _) => Ok(single),
        (Wanted::Picture, essence) if essence.starts_with("image/") => Ok(single),
        (Wanted::Picture, _) if head.starts_with(b"\xff\xd8\xff") => Ok(Shape::Single {
            media: MediaType::parse("image/jpeg"),
        }),
        (Wanted::Picture, _) if head.starts_with(b"\x89PNG") => Ok(Shape::Single {
            media: MediaType::parse("image/png"),
        }),
        (Wanted::Picture, _) => Err(Error::NotDicom),
    }
}

/// The body is a web page: a sign-in page of the network, or a PACS's own pages.
pub(crate) fn is_web_page(media: &MediaType, text: &[u8]) -> bool {
    let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|t| t.eq_ignore_ascii_case(word));
    matches!(media.essence(), "text/html" | "application/xhtml+xml") && !begins_parts(text)
        || begins(b"<!doctype html")
        || begins(b"<html")
        || begins(b"<head")
}

/// The first line is a delimiter, and the next one a header line or an empty line.
fn begins_parts(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n');
    let Some(first) = lines.next().map(<[u8]>::trim_ascii_end) else {
        return false;
    };
    let Some(second) = lines.next().map(|line| line.strip_suffix(b"\r").unwrap_or(line)) else {
        return false;
    };
    first.len() > 2
        && first.len() <= 2 + 70
        && first.starts_with(b"--")
        && first.iter().all(|byte| (b' '..=b'~').contains(byte))
        && (second.is_empty()
            || second.split(|byte| *byte == b':').next().is_some_and(|name| {
                name.len() < second.len() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
            }))
}

/// The first line is a delimiter, but not that of the declared boundary.
fn begins_other_parts(text: &[u8], boundary: &str) -> bool {
    let declared = text
        .strip_prefix(b"--")
        .is_some_and(|rest| rest.starts_with(boundary.as_bytes()));
    !declared && begins_parts(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(media: &str, head: &[u8], wanted: Wanted) -> Result<Shape, Error> {
        shape_of(&MediaType::parse(media), head, wanted)
    }

    fn boundary(text: Option<&str>) -> Result<Shape, Error> {
        Ok(Shape::Multipart {
            boundary: text.map(str::to_owned),
        })
    }

    fn single(media: &str) -> Result<Shape, Error> {
        Ok(Shape::Single {
            media: MediaType::parse(media),
        })
    }

    fn file() -> Vec<u8> {
        [vec![0; 128], b"DICM".to_vec(), vec![2; 60]].concat()
    }

    #[test]
    fn the_first_bytes_weigh_more_than_the_type() {
        let page = b"  <!DOCTYPE html><html><body>Sign in</body></html>";
        let parts = b"\r\n--real\r\nContent-Type:application/dicom\r\n\r\n";
        use Wanted::{Objects, Picture, Values};
        for (what, media, head, wanted, expected) in [
            (
                "as declared",
                "multipart/related; boundary=real",
                &parts[..],
                Objects,
                boundary(Some("real")),
            ),
            (
                "another boundary",
                "multipart/related; boundary=other",
                parts,
                Objects,
                boundary(None),
            ),
            (
                "no boundary",
                "multipart/related; type=\"application/dicom\"",
                parts,
                Objects,
                boundary(None),
            ),
            ("no type", "", parts, Objects, boundary(None)),
            ("wrong type", "text/plain", parts, Values, boundary(None)),
            (
                "a preamble",
                "multipart/related; boundary=real",
                b"hello\r\n--real\r\n",
                Objects,
                boundary(Some("real")),
            ),
            (
                "a file",
                "application/dicom",
                &file(),
                Objects,
                single("application/dicom"),
            ),
            (
                "a file said to be parts",
                "multipart/related; type=\"application/dicom\"; boundary=b",
                &file(),
                Objects,
                single("application/dicom"),
            ),
            (
                "a file said to be a page",
                "text/html",
                &file(),
                Objects,
                single("application/dicom"),
            ),
            (
                "a file without a type",
                "",
                &file(),
                Objects,
                single("application/dicom"),
            ),
            (
                "one frame said to be parts",
                "multipart/related; type=\"image/jls\"",
                b"\xff\xd8\xff\xf7",
                Values,
                single("image/jls"),
            ),
            (
                "one frame",
                "image/jls",
                b"\xff\xd8\xff\xf7",
                Values,
                single("image/jls"),
            ),
            ("a picture", "", b"\x89PNG\r\n\x1a\n", Picture, single("image/png")),
            ("a page", "text/html", page, Objects, Err(Error::WebPage)),
            (
                "a page said to be parts",
                "multipart/related; boundary=b",
                page,
                Objects,
                Err(Error::WebPage),
            ),
            (
                "a page said to be a file",
                "application/dicom",
                page,
                Objects,
                Err(Error::WebPage),
            ),
            ("a page for a picture", "image/png", page, Picture, Err(Error::WebPage)),
            (
                "JSON",
                "application/json",
                b"{\"error\":1}",
                Objects,
                Err(Error::NotDicom),
            ),
            ("text", "text/plain", b"internal error", Values, Err(Error::NotDicom)),
            (
                "noise",
                "application/octet-stream",
                b"\x01\x02\x03",
                Objects,
                Err(Error::NotDicom),
            ),
            (
                "text for a picture",
                "text/plain",
                b"sorry",
                Picture,
                Err(Error::NotDicom),
            ),
        ] {
            assert_eq!(shape(media, head, wanted), expected, "{what}");
        }
    }

    #[test]
    fn pixels_that_begin_with_dashes_are_no_parts() {
        for pixels in [&b"--\r\n\r\n"[..], b"--abc\x01\n\n", b"--abc", b"--abc\nno header\n"] {
            assert_eq!(
                shape("application/octet-stream", pixels, Wanted::Values),
                single("application/octet-stream")
            );
        }
    }
}
