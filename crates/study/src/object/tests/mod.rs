//! Objects from self-made bytes: every structural case, and frames in every form.

mod frames;
mod structure;

use bytes::Bytes;

use super::Object;

pub(super) const IMPLICIT: &str = "1.2.840.10008.1.2";
pub(super) const EXPLICIT: &str = "1.2.840.10008.1.2.1";
pub(super) const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
pub(super) const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
pub(super) const JPEG: &str = "1.2.840.10008.1.2.4.50";
pub(super) const RLE: &str = "1.2.840.10008.1.2.5";

/// Numbers in one byte order.
pub(super) fn u16s(big: bool, values: &[u16]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|v| if big { v.to_be_bytes() } else { v.to_le_bytes() })
        .collect()
}
pub(super) fn u32s(big: bool, values: &[u32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|v| if big { v.to_be_bytes() } else { v.to_le_bytes() })
        .collect()
}

/// One element; `length` overrides the value's own.
pub(super) fn element(syntax: &str, tag: (u16, u16), vr: &str, value: &[u8], length: Option<u32>) -> Vec<u8> {
    let big = syntax == BIG_ENDIAN;
    let length = length.unwrap_or(value.len() as u32);
    let mut bytes = u16s(big, &[tag.0, tag.1]);
    if syntax == IMPLICIT {
        bytes.extend(u32s(big, &[length]));
    } else {
        bytes.extend(vr.as_bytes());
        if ["OB", "OW", "OF", "OD", "SQ", "UN", "UT", "UC", "OV"].contains(&vr) {
            bytes.extend([0, 0]);
            bytes.extend(u32s(big, &[length]));
        } else {
            bytes.extend(u16s(big, &[length as u16]));
        }
    }
    bytes.extend(value);
    bytes
}

/// An element in explicit little endian.
pub(super) fn el(tag: (u16, u16), vr: &str, value: &[u8]) -> Vec<u8> {
    element(EXPLICIT, tag, vr, value, None)
}

/// An item or delimiter.
pub(super) fn item(tag: u16, length: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = u16s(false, &[0xFFFE, tag]);
    bytes.extend(u32s(false, &[length]));
    bytes.extend(content);
    bytes
}

/// Encapsulated pixel data with a basic offset table.
pub(super) fn encapsulated(table: &[u32], fragments: &[&[u8]]) -> Vec<u8> {
    let mut value = item(0xE000, table.len() as u32 * 4, &u32s(false, table));
    for fragment in fragments {
        value.extend(item(0xE000, fragment.len() as u32, fragment));
    }
    value.extend(item(0xE0DD, 0, &[]));
    element(EXPLICIT, (0x7FE0, 0x0010), "OB", &value, Some(u32::MAX))
}

/// Meta information with its group length.
pub(super) fn meta(syntax: &str) -> Vec<u8> {
    let mut uid = syntax.as_bytes().to_vec();
    if uid.len() % 2 == 1 {
        uid.push(0);
    }
    let rest = el((2, 0x10), "UI", &uid);
    let mut bytes = el((2, 0), "UL", &u32s(false, &[rest.len() as u32]));
    bytes.extend(rest);
    bytes
}

/// A file with preamble and meta information.
pub(super) fn part10(syntax: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM");
    bytes.extend(meta(syntax));
    bytes.extend(body);
    bytes
}

/// What an image of `rows × columns` says of itself.
pub(super) struct Image {
    pub(super) syntax: &'static str,
    pub(super) rows: u16,
    pub(super) columns: u16,
    pub(super) samples: u16,
    pub(super) bits: u16,
    pub(super) photometric: &'static str,
    pub(super) frames: Option<&'static str>,
}

pub(super) const GREY: Image = Image {
    syntax: EXPLICIT,
    rows: 2,
    columns: 3,
    samples: 1,
    bits: 8,
    photometric: "MONOCHROME2 ",
    frames: None,
};

impl Image {
    /// The header's elements, with the UIDs 1.2, 1.2.3 and 1.2.3.4.
    pub(super) fn header(&self) -> Vec<u8> {
        let big = self.syntax == BIG_ENDIAN;
        let el = |tag, vr, value: &[u8]| element(self.syntax, tag, vr, value, None);
        let us = |tag, value| el(tag, "US", &u16s(big, &[value]));
        let mut bytes = [
            el((8, 0x16), "UI", b"1.2.840.10008.5.1.4.1.1.7\0"),
            el((8, 0x18), "UI", b"1.2.3.4\0"),
            el((8, 0x60), "CS", b"OT"),
            el((0x10, 0x10), "PN", b"Phantom^One "),
            el((0x20, 0x0D), "UI", b"1.2\0"),
            el((0x20, 0x0E), "UI", b"1.2.3\0"),
            us((0x28, 2), self.samples),
            el((0x28, 4), "CS", self.photometric.as_bytes()),
        ]
        .concat();
        if let Some(frames) = self.frames {
            bytes.extend(el((0x28, 8), "IS", frames.as_bytes()));
        }
        bytes.extend(
            [
                us((0x28, 0x10), self.rows),
                us((0x28, 0x11), self.columns),
                us((0x28, 0x100), self.bits),
                us((0x28, 0x101), self.bits),
                us((0x28, 0x102), self.bits - 1),
                us((0x28, 0x103), 0),
            ]
            .concat(),
        );
        bytes
    }

    /// The whole file with native pixel data.
    pub(super) fn native(&self, pixels: &[u8]) -> Vec<u8> {
        let mut body = self.header();
        body.extend(element(self.syntax, (0x7FE0, 0x10), "OW", pixels, None));
        part10(self.syntax, &body)
    }

    /// The whole file with these elements behind the header, for example encapsulated pixel data.
    pub(super) fn with(&self, elements: &[u8]) -> Vec<u8> {
        let mut body = self.header();
        body.extend(elements);
        part10(self.syntax, &body)
    }
}

pub(super) fn parse(bytes: &[u8]) -> Object {
    Object::parse(Bytes::copy_from_slice(bytes)).unwrap()
}

/// Whether an oddity holds these words.
pub(super) fn tells(object: &Object, words: &str) -> bool {
    object.oddities().iter().any(|oddity| oddity.0.contains(words))
}

/// Everything that can be asked of an object: it must answer, whatever the bytes were.
pub(super) fn ask_everything(bytes: Bytes) {
    let Ok(object) = Object::parse(bytes) else {
        return;
    };
    let _ = object.instance();
    let frames = object.frames();
    for index in [0, 1, frames / 2, frames.saturating_sub(1), frames, u32::MAX] {
        let _ = object.encoded_frame(index);
    }
    let _ = crate::dicomdir::files(&object);
    let _ = crate::listing::StudyListing::from_dataset(object.dataset());
}
