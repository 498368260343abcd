//! The header of one data element, in each of the three encodings (PS3.5 7.1).

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry, VirtualVr};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

/// A length field that says "until the delimiter".
pub(crate) const UNDEFINED: u32 = u32::MAX;
/// Item (FFFE,E000).
pub(crate) const ITEM: Tag = Tag(0xFFFE, 0xE000);
/// Item Delimitation Item (FFFE,E00D).
pub(crate) const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
/// Sequence Delimitation Item (FFFE,E0DD).
pub(crate) const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

/// How data elements are written (PS3.5 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoding {
    /// No value representations in the file: they come from the dictionary.
    pub(crate) implicit: bool,
    /// Most significant byte first.
    pub(crate) big: bool,
}

impl Encoding {
    pub(crate) const IMPLICIT: Self = Self {
        implicit: true,
        big: false,
    };
    pub(crate) const EXPLICIT: Self = Self {
        implicit: false,
        big: false,
    };
    pub(crate) const BIG_ENDIAN: Self = Self {
        implicit: false,
        big: true,
    };

    /// The number of 16 bits at a place.
    pub(crate) fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let two = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big {
            u16::from_be_bytes(two)
        } else {
            u16::from_le_bytes(two)
        })
    }
    /// The number of 32 bits at a place.
    pub(crate) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let four = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        })
    }
    /// The tag at a place.
    pub(crate) fn tag(self, bytes: &[u8], at: usize) -> Option<Tag> {
        Some(Tag(self.u16(bytes, at)?, self.u16(bytes, at.checked_add(2)?)?))
    }
}

/// One element's header.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Header {
    pub(crate) tag: Tag,
    /// As written, or from the dictionary where the encoding writes none.
    pub(crate) vr: VR,
    /// In bytes, or [`UNDEFINED`].
    pub(crate) length: u32,
    /// Where the value begins.
    pub(crate) value_at: usize,
    /// Read as implicit although the data set is explicit.
    pub(crate) implicit_here: bool,
    /// The value representation is none that the standard knows.
    pub(crate) unknown_vr: bool,
}

/// Reads the header at a place, before `end`; `None` when it does not fit.
///
/// In an explicit data set, an element whose value representation is no pair of capitals is read as implicit where its
/// length then fits: some writers mix both.
pub(crate) fn header(bytes: &[u8], at: usize, end: usize, encoding: Encoding, signed: bool) -> Option<Header> {
    let bytes = bytes.get(..end)?;
    let tag = encoding.tag(bytes, at)?;
    let length = encoding.u32(bytes, at + 4)?;
    let implicit = |implicit_here| Header {
        tag,
        vr: if tag.0 == 0xFFFE {
            VR::UN
        } else {
            dictionary_vr(tag, signed)
        },
        length,
        value_at: at + 8,
        implicit_here,
        unknown_vr: false,
    };
    // Items and delimiters never have a value representation (PS3.5 7.5).
    if encoding.implicit || tag.0 == 0xFFFE {
        return Some(implicit(false));
    }
    let letters: [u8; 2] = [*bytes.get(at + 4)?, *bytes.get(at + 5)?];
    let short = encoding.u16(bytes, at + 6)?;
    let explicit = |vr: VR, unknown_vr: bool, long: bool| {
        let (length, value_at) = if long {
            (encoding.u32(bytes, at + 8)?, at + 12)
        } else {
            (u32::from(short), at + 8)
        };
        Some(Header {
            tag,
            vr,
            length,
            value_at,
            implicit_here: false,
            unknown_vr,
        })
    };
    if let Some(vr) = VR::from_binary(letters) {
        return explicit(vr, false, has_long_length(vr));
    }
    let rest = end.saturating_sub(at + 8);
    if !letters.iter().all(u8::is_ascii_uppercase) && (length == UNDEFINED || length as usize <= rest) {
        return Some(implicit(true));
    }
    // A value representation of a later edition has a length of 32 bits after two zero bytes (PS3.5 7.1.2).
    let long_fits = short == 0
        && encoding
            .u32(bytes, at + 8)
            .is_some_and(|l| l as usize <= rest.saturating_sub(4));
    explicit(VR::UN, true, long_fits && letters.iter().all(u8::is_ascii_uppercase))
}

/// Whether a value representation has a length of 32 bits after two reserved bytes (PS3.5 table 7.1-1).
fn has_long_length(vr: VR) -> bool {
    matches!(
        vr,
        VR::OB
            | VR::OD
            | VR::OF
            | VR::OL
            | VR::OV
            | VR::OW
            | VR::SQ
            | VR::SV
            | VR::UC
            | VR::UN
            | VR::UR
            | VR::UT
            | VR::UV
    )
}

/// The value representation that the dictionary gives a tag; UN where it does not know it.
pub(crate) fn dictionary_vr(tag: Tag, signed: bool) -> VR {
    if tag.1 == 0 {
        return VR::UL;
    }
    if tag.0 & 1 == 1 {
        // A private block's creator is a text (PS3.5 7.8.1); the rest is known to its maker only.
        return if (0x10..=0xFF).contains(&tag.1) { VR::LO } else { VR::UN };
    }
    match StandardDataDictionary.by_tag(tag).map(|entry| entry.vr()) {
        None => VR::UN,
        Some(VirtualVr::Xs) if signed => VR::SS,
        Some(vr) => vr.relaxed(),
    }
}

/// How many elements from a place on read well in an encoding, at most `most`: known value representations, ascending tags,
/// lengths that fit. Reaching the end exactly counts as all of them.
pub(crate) fn plausible(bytes: &[u8], mut at: usize, encoding: Encoding, most: usize) -> usize {
    let mut last = None;
    for read in 0..most {
        if at == bytes.len() && read > 0 {
            return most;
        }
        let Some(header) = header(bytes, at, bytes.len(), encoding, false) else {
            return read;
        };
        let ascending = last.is_none_or(|last| header.tag > last);
        let rest = bytes.len().saturating_sub(header.value_at);
        if !ascending || header.implicit_here || header.unknown_vr || header.tag.0 == 0xFFFE {
            return read;
        }
        if header.length == UNDEFINED {
            let item = encoding.tag(bytes, header.value_at);
            return read + usize::from(matches!(item, Some(ITEM | SEQUENCE_END)));
        }
        if header.length as usize > rest {
            return read;
        }
        last = Some(header.tag);
        at = header.value_at + header.length as usize;
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_read() {
        let short = b"\x08\x00\x60\x00CS\x02\x00CT";
        let read = header(short, 0, short.len(), Encoding::EXPLICIT, false).unwrap();
        assert_eq!(
            (read.tag, read.vr, read.length, read.value_at),
            (Tag(8, 0x60), VR::CS, 2, 8)
        );
        let long = b"\x08\x00\x60\x00UT\x00\x00\x02\x00\x00\x00CT";
        let read = header(long, 0, long.len(), Encoding::EXPLICIT, false).unwrap();
        assert_eq!((read.vr, read.length, read.value_at), (VR::UT, 2, 12));
        let implicit = b"\x08\x00\x60\x00\x02\x00\x00\x00CT";
        let read = header(implicit, 0, implicit.len(), Encoding::IMPLICIT, false).unwrap();
        assert_eq!((read.vr, read.length, read.value_at), (VR::CS, 2, 8));
        let big = b"\x00\x08\x00\x60CS\x00\x02CT";
        let read = header(big, 0, big.len(), Encoding::BIG_ENDIAN, false).unwrap();
        assert_eq!((read.tag, read.vr, read.length), (Tag(8, 0x60), VR::CS, 2));
    }

    #[test]
    fn an_implicit_element_among_explicit_ones_is_recognised() {
        let mixed = b"\x08\x00\x60\x00\x02\x00\x00\x00CT";
        let read = header(mixed, 0, mixed.len(), Encoding::EXPLICIT, false).unwrap();
        assert!(read.implicit_here && read.vr == VR::CS && read.length == 2);
    }

    #[test]
    fn an_unknown_value_representation_is_unknown_data() {
        for letters in [*b"??", *b"lo", [0, 0], [0xFF, 0xFF]] {
            let mut bytes = b"\x08\x00\x60\x00--\x02\x00CT".to_vec();
            bytes[4..6].copy_from_slice(&letters);
            let read = header(&bytes, 0, bytes.len(), Encoding::EXPLICIT, false).unwrap();
            assert!(
                read.unknown_vr && read.vr == VR::UN && read.length == 2 && read.value_at == 8,
                "{letters:?}"
            );
        }
        let later = b"\x08\x00\x60\x00ZZ\x00\x00\x02\x00\x00\x00CT";
        let read = header(later, 0, later.len(), Encoding::EXPLICIT, false).unwrap();
        assert!(read.unknown_vr && read.length == 2 && read.value_at == 12);
    }

    #[test]
    fn signs_follow_pixel_representation() {
        let smallest = Tag(0x0028, 0x0106);
        assert_eq!(
            (dictionary_vr(smallest, false), dictionary_vr(smallest, true)),
            (VR::US, VR::SS)
        );
        assert_eq!(dictionary_vr(Tag(0x0029, 0x0010), false), VR::LO);
        assert_eq!(dictionary_vr(Tag(0x0029, 0x1010), false), VR::UN);
    }
}
