//! From an encoded frame to stored values: codec, packing, bit position and sign undone, nothing else applied.
//!
//! One file a codec family. Whatever a codestream says about itself is read first and held against the data set: where they
//! contradict each other the frame is refused with a sentence, never guessed, and nothing is allocated for it.

mod deflated;
mod jpeg;
mod jpeg2000;
mod jpegls;
mod jpegxl;
mod native;
mod plan;
mod rle;

use std::panic::{AssertUnwindSafe, catch_unwind};

use pixels::StoredFrame;
use pixels::colour::ColourSpace;
use thiserror::Error;

use self::plan::Plan;
use crate::{EncodedFrame, Layout, Oddity, Photometric};

/// A frame's stored values and what they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// The values.
    pub frame: StoredFrame,
    /// What the samples are after decoding (a JPEG 2000 colour transform is undone, so YBR_RCT becomes RGB).
    pub photometric: Photometric,
    /// What was odd or corrected.
    pub oddities: Vec<Oddity>,
}

impl Decoded {
    /// How a colour frame's samples are to be read; `None` for grey ones.
    pub fn colour_space(&self) -> Option<ColourSpace> {
        match self.photometric {
            Photometric::Monochrome1 | Photometric::Monochrome2 => None,
            Photometric::PaletteColor => Some(ColourSpace::Palette),
            Photometric::YbrFull | Photometric::YbrFull422 if self.frame.channels == 3 => Some(ColourSpace::YbrFull),
            Photometric::YbrPartial420 if self.frame.channels == 3 => Some(ColourSpace::YbrPartial),
            _ if self.frame.channels == 3 => Some(ColourSpace::Rgb),
            _ => None,
        }
    }
}

/// Why a frame could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// No decoder for this transfer syntax or for this variant of it.
    #[error("{0} cannot be decoded by this version; ask for the image in another encoding.")]
    Unsupported(String),
    /// The encoding holds no picture that could be decoded: a film, or the address of pixels that are elsewhere.
    #[error("{0}")]
    NoPicture(String),
    /// Data set and codestream contradict each other, or the numbers make no sense.
    #[error("The pixels were not decoded: {0}.")]
    Contradiction(String),
    /// The bytes end early.
    #[error("The pixel data is cut short: {0}.")]
    Incomplete(String),
    /// The codec found the bytes damaged.
    #[error("The pixel data is damaged: {0}.")]
    Damaged(String),
    /// The process in which the codec runs ended, was late, or answered what was not asked for.
    #[error("The image was not decoded: {0}.")]
    Unanswered(String),
}

impl DecodeError {
    fn contradiction(words: impl Into<String>) -> Self {
        Self::Contradiction(words.into())
    }

    fn incomplete(words: impl Into<String>) -> Self {
        Self::Incomplete(words.into())
    }

    fn damaged(words: impl Into<String>) -> Self {
        Self::Damaged(words.into())
    }
}

/// How the bytes of a frame are encoded (PS3.5 A, PS3.6 A.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Codec {
    Native { big_endian: bool },
    DeflatedFrame,
    Rle,
    Jpeg,
    JpegLs,
    Jpeg2000,
    JpegXl,
}

impl Codec {
    fn of(transfer_syntax: &str) -> Option<Self> {
        let tail = transfer_syntax
            .trim_end_matches(['\0', ' '])
            .strip_prefix("1.2.840.10008.1.2")?;
        Some(match tail {
            // Implicit and Explicit VR Little Endian, deflated data set (inflated by the object), encapsulated uncompressed.
            "" | ".1" | ".1.99" | ".1.98" => Self::Native { big_endian: false },
            ".2" => Self::Native { big_endian: true },
            ".8.1" => Self::DeflatedFrame,
            ".5" => Self::Rle,
            ".4.50" | ".4.51" | ".4.53" | ".4.55" | ".4.57" | ".4.70" => Self::Jpeg,
            ".4.80" | ".4.81" => Self::JpegLs,
            ".4.90" | ".4.91" | ".4.201" | ".4.202" | ".4.203" => Self::Jpeg2000,
            ".4.110" | ".4.111" | ".4.112" => Self::JpegXl,
            _ => return None,
        })
    }
}

/// Whether a frame's codec is written in C or needs `unsafe`: on bytes from anywhere it may do anything, so it is to run in a
/// process that holds nothing else.
pub fn must_be_apart(frame: &EncodedFrame) -> bool {
    match Codec::of(&frame.transfer_syntax.0) {
        Some(Codec::Jpeg2000 | Codec::JpegXl) => true,
        Some(Codec::Native { .. } | Codec::DeflatedFrame | Codec::Rle | Codec::Jpeg | Codec::JpegLs) | None => false,
    }
}

/// A frame of zeros with the size and the type of number that decoding gives for a layout: what an answer from another process is
/// read into, so that nothing which that process says decides how much is allocated.
///
/// # Errors
/// [`DecodeError::Contradiction`] for a layout that makes no sense, as [`decode`] refuses it.
pub fn blank(layout: &Layout) -> Result<StoredFrame, DecodeError> {
    let plan = Plan::of(layout, false)?;
    Ok(StoredFrame {
        columns: plan.columns,
        rows: plan.rows,
        channels: plan.channels as u8,
        samples: plan.zeros(),
    })
}

/// Why there is no picture, for encodings that hold none: films, and promises of pixels elsewhere (PS3.5 A.4.5 to A.4.9, A.6, 10.14).
fn without_decoder(transfer_syntax: &str) -> DecodeError {
    let name = transfer_syntax.trim_end_matches(['\0', ' ']);
    let tail = name.strip_prefix("1.2.840.10008.1.2.").unwrap_or_default();
    let film = match tail.split('.').collect::<Vec<_>>().as_slice() {
        ["4", "100" | "101", ..] => "MPEG-2",
        ["4", "102" | "103" | "104" | "105" | "106", ..] => "H.264",
        ["4", "107" | "108"] => "HEVC",
        ["7", "1" | "2" | "3"] => "SMPTE ST 2110",
        ["4", "94" | "95" | "204" | "205"] => {
            return DecodeError::NoPicture(
                "The image is not shown: the object only says where its pixels are (JPIP). Ask for it in another encoding."
                    .into(),
            );
        }
        _ => {
            return DecodeError::Unsupported(format!("The image's encoding (transfer syntax {name})"));
        }
    };
    DecodeError::NoPicture(format!(
        "Video: not shown. The object holds a film ({film}), which this version does not play; open it in a program that does."
    ))
}

/// Transfer syntaxes that allow lossless streams only, of codecs that know both kinds.
fn promises_lossless(transfer_syntax: &str) -> bool {
    [".4.57", ".4.70", ".4.80", ".4.90", ".4.110", ".4.201", ".4.202"]
        .iter()
        .any(|tail| transfer_syntax.trim_end_matches(['\0', ' ']).ends_with(tail))
}

/// What looks at a frame's own header before anything is decoded: whether the stream's size, components and precision are those
/// that the data set says, and whether so many values can be in so few bytes at all. Nothing is allocated for the frame.
///
/// [`decode`] begins with it; on its own it is for whoever hands a frame to another process.
///
/// # Errors
/// See [`DecodeError`].
pub fn check(frame: &EncodedFrame) -> Result<(), DecodeError> {
    let (codec, plan) = planned(frame)?;
    let bytes = &frame.bytes;
    catch_unwind(AssertUnwindSafe(|| match codec {
        // They say nothing of themselves; their decoders measure before they allocate, and inflate no further than the frame.
        Codec::Native { .. } | Codec::DeflatedFrame => Ok(()),
        Codec::Rle => rle::check(&plan, bytes).map(drop),
        Codec::Jpeg => jpeg::check(&plan, bytes).map(drop),
        Codec::JpegLs => jpegls::check(&plan, bytes),
        Codec::Jpeg2000 => jpeg2000::check(&plan, bytes).map(drop),
        Codec::JpegXl => jpegxl::check(&plan, bytes).map(drop),
    }))
    .unwrap_or_else(|_| Err(DecodeError::damaged("the check of its header broke off")))
}

fn planned(frame: &EncodedFrame) -> Result<(Codec, Plan), DecodeError> {
    let name = &frame.transfer_syntax.0;
    let codec = Codec::of(name).ok_or_else(|| without_decoder(name))?;
    Ok((codec, Plan::of(&frame.layout, promises_lossless(name))?))
}

/// Decodes one frame where it is called; nothing is borrowed from the rest of the object, so that it may run anywhere.
///
/// What [`must_be_apart`] is for a process that holds neither keys nor other patients.
///
/// # Errors
/// See [`DecodeError`]; a frame that cannot be decoded exactly is refused, never guessed.
pub fn decode(frame: &EncodedFrame) -> Result<Decoded, DecodeError> {
    let (codec, plan) = planned(frame)?;
    // The pure-Rust codecs may panic on bytes that nobody foresaw; a reader's program must not end there.
    catch_unwind(AssertUnwindSafe(|| match codec {
        Codec::Native { big_endian } => native::decode(&plan, &frame.bytes, frame.bit_offset, big_endian),
        Codec::DeflatedFrame => deflated::decode(&plan, &frame.bytes),
        Codec::Rle => rle::decode(&plan, &frame.bytes),
        Codec::Jpeg => jpeg::decode(&plan, &frame.bytes),
        Codec::JpegLs => jpegls::decode(&plan, &frame.bytes),
        Codec::Jpeg2000 => jpeg2000::decode(&plan, &frame.bytes),
        Codec::JpegXl => jpegxl::decode(&plan, &frame.bytes),
    }))
    .unwrap_or_else(|_| Err(DecodeError::damaged("its decoder broke off")))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{SampleKind, TransferSyntax};

    /// A grey unsigned frame that fills its containers.
    pub(crate) fn layout(rows: u32, columns: u32, bits: u16) -> Layout {
        Layout {
            rows,
            columns,
            samples_per_pixel: 1,
            planar: false,
            bits_allocated: bits,
            bits_stored: bits,
            high_bit: bits.saturating_sub(1),
            signed: false,
            photometric: Photometric::Monochrome2,
            kind: SampleKind::Integer,
        }
    }

    #[test]
    fn a_blank_frame_has_the_type_of_a_decoded_one() {
        for bits in [1, 8, 16, 32] {
            for signed in [false, true] {
                let layout = Layout {
                    signed,
                    ..layout(4, 8, bits)
                };
                let frame = EncodedFrame {
                    layout: Arc::new(layout.clone()),
                    transfer_syntax: TransferSyntax("1.2.840.10008.1.2.1".into()),
                    bytes: vec![0; 32 * usize::from(bits).div_ceil(8)].into(),
                    bit_offset: 0,
                };
                assert_eq!(
                    blank(&layout).unwrap(),
                    decode(&frame).unwrap().frame,
                    "{bits} {signed}"
                );
            }
        }
        assert!(blank(&layout(0, 8, 16)).is_err());
    }

    #[test]
    fn a_check_refuses_what_cannot_be_there_before_anything_is_allocated() {
        // 16 000 × 16 000 pixels claimed by a few bytes, in each encoding that says its own size or has a least length.
        let large = Arc::new(layout(16_000, 16_000, 8));
        let jpeg = |frame: u8| {
            let mut bytes = vec![0xff, 0xd8, 0xff, frame, 0, 11, 8, 0x3e, 0x80, 0x3e, 0x80, 1, 1, 0x11, 0];
            bytes.extend_from_slice(&[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0xff, 0xd9]);
            bytes
        };
        let rle = [&[1u8, 0, 0, 0, 64][..], &[0; 100]].concat();
        for (tail, bytes) in [
            ("4.50", jpeg(0xc0)),
            ("4.57", jpeg(0xc3)),
            ("4.80", jpeg(0xf7)),
            ("5", rle),
        ] {
            let frame = EncodedFrame {
                layout: large.clone(),
                transfer_syntax: TransferSyntax(format!("1.2.840.10008.1.2.{tail}").into()),
                bytes: bytes.into(),
                bit_offset: 0,
            };
            assert!(
                matches!(check(&frame), Err(DecodeError::Incomplete(_))),
                "{tail}: {:?}",
                check(&frame)
            );
        }
    }

    #[test]
    fn an_unknown_encoding_is_named_in_a_sentence() {
        let frame = EncodedFrame {
            layout: Arc::new(layout(1, 1, 8)),
            transfer_syntax: TransferSyntax("1.2.840.10008.1.2.4.92".into()),
            bytes: bytes::Bytes::from_static(&[0]),
            bit_offset: 0,
        };
        let sentence = decode(&frame).unwrap_err().to_string();
        assert!(
            sentence.contains("1.2.840.10008.1.2.4.92") && sentence.ends_with('.'),
            "{sentence}"
        );
    }

    #[test]
    fn films_and_pixels_elsewhere_are_called_so() {
        for (tail, word) in [
            ("4.100", "MPEG-2"),
            ("4.100.1", "MPEG-2"),
            ("4.102", "H.264"),
            ("4.106.1", "H.264"),
            ("4.108", "HEVC"),
            ("7.1", "SMPTE"),
            ("4.94", "JPIP"),
            ("4.204", "JPIP"),
        ] {
            let sentence = without_decoder(&format!("1.2.840.10008.1.2.{tail}")).to_string();
            assert!(sentence.contains(word) && sentence.ends_with('.'), "{tail}: {sentence}");
            assert_eq!(sentence.starts_with("Video: not shown."), word != "JPIP", "{sentence}");
        }
    }
}
