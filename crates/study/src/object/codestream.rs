//! Recognising where a codec's own stream begins.

use dicom_dictionary_std::uids;

/// What a stream's first bytes say it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// JPEG and JPEG-LS: both begin with SOI.
    Jpeg,
    /// JPEG 2000 and HTJ2K.
    Jpeg2000,
    Rle,
    JpegXl,
}

impl Family {
    /// The family of a transfer syntax; `None` where streams have no mark of their own or are not known.
    pub(super) fn of(transfer_syntax: &str) -> Option<Self> {
        let rest = transfer_syntax.strip_prefix("1.2.840.10008.1.2.")?;
        let number = || rest.strip_prefix("4.")?.parse::<u16>().ok();
        match number() {
            Some(50..=81) => Some(Self::Jpeg),
            Some(90..=93 | 201..=203) => Some(Self::Jpeg2000),
            Some(110..=112) => Some(Self::JpegXl),
            _ => (rest == "5").then_some(Self::Rle),
        }
    }

    /// Whether a stream of this family begins here.
    pub(super) fn starts(self, bytes: &[u8]) -> bool {
        match self {
            Self::Jpeg => bytes.starts_with(&[0xFF, 0xD8, 0xFF]),
            Self::Jpeg2000 => bytes.starts_with(&[0xFF, 0x4F, 0xFF, 0x51]) || bytes.starts_with(b"\0\0\0\x0cjP  "),
            Self::JpegXl => bytes.starts_with(&[0xFF, 0x0A]) || bytes.starts_with(b"\0\0\0\x0cJXL "),
            Self::Rle => rle_header(bytes),
        }
    }

    /// The family that a stream of unknown kind belongs to.
    pub(super) fn found(bytes: &[u8]) -> Option<Self> {
        [Self::Jpeg, Self::Jpeg2000, Self::Rle]
            .into_iter()
            .find(|family| family.starts(bytes))
    }

    /// The transfer syntax that a stream is of, from its own header; `None` where that cannot be told.
    pub(super) fn transfer_syntax(self, bytes: &[u8]) -> Option<&'static str> {
        match self {
            Self::Rle => Some(uids::RLE_LOSSLESS),
            // HTJ2K announces itself by a CAP marker after SIZ (ISO/IEC 15444-15).
            Self::Jpeg2000 => {
                let length = usize::from(u16::from_be_bytes([*bytes.get(4)?, *bytes.get(5)?]));
                let ht = bytes.get(4 + length..6 + length) == Some(&[0xFF, 0x50]);
                Some(if ht { "1.2.840.10008.1.2.4.203" } else { uids::JPEG2000 })
            }
            Self::Jpeg => jpeg_process(bytes),
            Self::JpegXl => None,
        }
    }
}

/// MPEG and HEVC (PS3.5 A.4.5 to A.4.9): one stream holds all frames, whatever fragments it is cut into.
pub(super) fn is_video(transfer_syntax: &str) -> bool {
    transfer_syntax
        .strip_prefix("1.2.840.10008.1.2.4.10")
        .is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'8'] | [b'0'..=b'8', b'.', ..]))
}

/// An RLE header (PS3.5 G.5): 1 to 15 segments, offsets from 64 on and ascending, the rest zero.
fn rle_header(bytes: &[u8]) -> bool {
    let Some(header) = bytes.get(..64) else {
        return false;
    };
    let words: Vec<u32> = header
        .as_chunks::<4>()
        .0
        .iter()
        .map(|b| u32::from_le_bytes(*b))
        .collect();
    let (Some(&segments), Some(offsets)) = (words.first(), words.get(1..)) else {
        return false;
    };
    let count = segments as usize;
    (1..=15).contains(&count)
        && offsets.first() == Some(&64)
        && offsets.get(..count).is_some_and(|used| used.is_sorted_by(|a, b| a < b))
        && offsets
            .get(count..)
            .is_some_and(|unused| unused.iter().all(|&o| o == 0))
}

/// The JPEG process by the first frame header (SOFn).
fn jpeg_process(bytes: &[u8]) -> Option<&'static str> {
    let mut at = 2;
    loop {
        let marker = bytes.get(at..at + 4)?;
        if marker.first() != Some(&0xFF) {
            return None;
        }
        match marker.get(1)? {
            0xFF => {
                at += 1;
                continue;
            }
            0xC0 => return Some(uids::JPEG_BASELINE8_BIT),
            0xC1 => return Some(uids::JPEG_EXTENDED12_BIT),
            0xC3 => return Some(uids::JPEG_LOSSLESS),
            0xF7 => return Some(uids::JPEGLS_NEAR_LOSSLESS),
            0xC2 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | 0xDA => return None,
            _ => {}
        }
        at += 2 + usize::from(u16::from_be_bytes([*marker.get(2)?, *marker.get(3)?]));
    }
}
