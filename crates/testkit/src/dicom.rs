//! DICOM objects from self-made bytes: whole, odd, broken and hostile ones, element by element.

/// Implicit VR Little Endian.
pub const IMPLICIT: &str = "1.2.840.10008.1.2";
/// Explicit VR Little Endian.
pub const EXPLICIT: &str = "1.2.840.10008.1.2.1";
/// Explicit VR Big Endian.
pub const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";
/// Deflated Explicit VR Little Endian.
pub const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
/// JPEG Baseline.
pub const JPEG: &str = "1.2.840.10008.1.2.4.50";
/// RLE Lossless.
pub const RLE: &str = "1.2.840.10008.1.2.5";

/// Numbers of 16 bits in one byte order.
pub fn u16s(big: bool, values: &[u16]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|v| if big { v.to_be_bytes() } else { v.to_le_bytes() })
        .collect()
}
/// Numbers of 32 bits in one byte order.
pub fn u32s(big: bool, values: &[u32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|v| if big { v.to_be_bytes() } else { v.to_le_bytes() })
        .collect()
}

/// Value representations with a length of 32 bits (PS3.5 table 7.1-1).
pub const LONG: [&str; 13] = [
    "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV",
];

/// One element; `length` overrides the value's own.
pub fn element(syntax: &str, tag: (u16, u16), vr: &str, value: &[u8], length: Option<u32>) -> Vec<u8> {
    let big = syntax == BIG_ENDIAN;
    let length = length.unwrap_or(value.len() as u32);
    let mut bytes = u16s(big, &[tag.0, tag.1]);
    if syntax == IMPLICIT {
        bytes.extend(u32s(big, &[length]));
    } else {
        bytes.extend(vr.as_bytes());
        if LONG.contains(&vr) {
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
pub fn el(tag: (u16, u16), vr: &str, value: &[u8]) -> Vec<u8> {
    element(EXPLICIT, tag, vr, value, None)
}

/// An item or delimiter.
pub fn item(tag: u16, length: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = u16s(false, &[0xFFFE, tag]);
    bytes.extend(u32s(false, &[length]));
    bytes.extend(content);
    bytes
}

/// Encapsulated pixel data with a basic offset table.
pub fn encapsulated(table: &[u32], fragments: &[&[u8]]) -> Vec<u8> {
    let mut value = item(0xE000, table.len() as u32 * 4, &u32s(false, table));
    for fragment in fragments {
        value.extend(item(0xE000, fragment.len() as u32, fragment));
    }
    value.extend(item(0xE0DD, 0, &[]));
    element(EXPLICIT, (0x7FE0, 0x0010), "OB", &value, Some(u32::MAX))
}

/// Meta information with its group length.
pub fn meta(syntax: &str) -> Vec<u8> {
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
pub fn part10(syntax: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM");
    bytes.extend(meta(syntax));
    bytes.extend(body);
    bytes
}

/// What an image of `rows × columns` says of itself.
pub struct Image {
    /// Transfer Syntax UID.
    pub syntax: &'static str,
    /// Rows (0028,0010).
    pub rows: u16,
    /// Columns (0028,0011).
    pub columns: u16,
    /// Samples per Pixel (0028,0002).
    pub samples: u16,
    /// Bits Allocated and Bits Stored; High Bit is one less.
    pub bits: u16,
    /// Photometric Interpretation (0028,0004), padded to an even length.
    pub photometric: &'static str,
    /// Number of Frames (0028,0008), padded; absent when `None`.
    pub frames: Option<&'static str>,
}

/// A grey image of 2 × 3 pixels of 8 bits, native.
pub const GREY: Image = Image {
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
    pub fn header(&self) -> Vec<u8> {
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
    pub fn native(&self, pixels: &[u8]) -> Vec<u8> {
        let mut body = self.header();
        body.extend(element(self.syntax, (0x7FE0, 0x10), "OW", pixels, None));
        part10(self.syntax, &body)
    }

    /// The whole file with these elements behind the header, for example encapsulated pixel data.
    pub fn with(&self, elements: &[u8]) -> Vec<u8> {
        let mut body = self.header();
        body.extend(elements);
        part10(self.syntax, &body)
    }
}
