//! Frames as bytes: which media type a transfer syntax has (PS3.18 8.7.3.3), and decoding to little-endian values.

use bytes::Bytes;
use dicom_dictionary_std::uids;
use pixels::Samples;
use study::Object;

use crate::Decoder;
use crate::problem::Problem;

/// Uncompressed values.
pub(super) const OCTETS: &str = "application/octet-stream";

/// The media type of one frame in a transfer syntax.
pub(super) fn media_type(transfer_syntax: &str) -> &'static str {
    match transfer_syntax {
        // The retired ones of the family as well: baseline, extended, progressive, hierarchical, lossless.
        _ if is_jpeg(transfer_syntax) => "image/jpeg",
        uids::JPEGLS_LOSSLESS | uids::JPEGLS_NEAR_LOSSLESS => "image/jls",
        uids::JPEG2000_LOSSLESS | uids::JPEG2000 => "image/jp2",
        uids::JPEG2000MC_LOSSLESS | uids::JPEG2000MC => "image/jpx",
        uids::HTJ2K_LOSSLESS | uids::HTJ2K_LOSSLESS_RPCL | uids::HTJ2K => "image/jphc",
        uids::JPEGXL_LOSSLESS | uids::JPEGXLJPEG_RECOMPRESSION | uids::JPEGXL => "image/jxl",
        uids::RLE_LOSSLESS => "image/dicom-rle",
        uids::MPEG2MPML | uids::MPEG2MPHL => "video/mpeg",
        uids::MPEG4HP41 | uids::MPEG4HP41BD | uids::MPEG4HP422D | uids::MPEG4HP423D | uids::MPEG4HP42STEREO => {
            "video/mp4"
        }
        _ => OCTETS,
    }
}

/// `1.2.840.10008.1.2.4.50` to `.70`.
fn is_jpeg(transfer_syntax: &str) -> bool {
    let process = transfer_syntax.strip_prefix("1.2.840.10008.1.2.4.");
    process.is_some_and(|process| matches!(process.parse(), Ok(50u8..=70)))
}

/// Whether an object in this transfer syntax can be decoded frame by frame, as far as the syntax tells.
pub(super) fn is_image_or_native(transfer_syntax: &str) -> bool {
    !media_type(transfer_syntax).starts_with("video/")
}

/// Values that stand uncompressed and little-endian in the object.
fn is_little_endian(transfer_syntax: &str) -> bool {
    matches!(
        transfer_syntax,
        uids::IMPLICIT_VR_LITTLE_ENDIAN | uids::EXPLICIT_VR_LITTLE_ENDIAN | uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
    )
}

/// One frame's bytes and the transfer syntax they are in.
pub(super) struct Frame {
    pub(super) transfer_syntax: String,
    pub(super) bytes: Bytes,
}

impl Frame {
    /// The Content-Type of a part that holds it.
    pub(super) fn content_type(&self) -> String {
        format!(
            "{}; transfer-syntax={}",
            media_type(&self.transfer_syntax),
            self.transfer_syntax
        )
    }
}

/// A frame (from 0) as it is stored; uncompressed ones little-endian.
///
/// # Errors
/// 404 when there is no such frame, 500 when it cannot be cut out.
pub(super) fn stored(object: &Object, index: u32) -> Result<Frame, Problem> {
    let encoded = cut(object, index)?;
    if media_type(&encoded.transfer_syntax.0) == OCTETS
        && (!is_little_endian(&encoded.transfer_syntax.0) || encoded.layout.bits_allocated == 1)
    {
        // No codec is at work in these.
        return decoded(object, index, study::decode);
    }
    Ok(Frame {
        transfer_syntax: if is_little_endian(&encoded.transfer_syntax.0) {
            uids::EXPLICIT_VR_LITTLE_ENDIAN.to_owned()
        } else {
            encoded.transfer_syntax.0.to_string()
        },
        bytes: encoded.bytes,
    })
}

/// Whether a frame (from 0) stands in the object as it would be decoded.
pub(super) fn is_ready(object: &Object, index: u32) -> bool {
    object
        .encoded_frame(index)
        .is_ok_and(|encoded| is_little_endian(&encoded.transfer_syntax.0) && encoded.layout.bits_allocated != 1)
}

/// A frame (from 0) as uncompressed little-endian values.
///
/// # Errors
/// 404 when there is no such frame, 406 when it cannot be decoded.
pub(super) fn decoded(object: &Object, index: u32, decoder: Decoder) -> Result<Frame, Problem> {
    let encoded = cut(object, index)?;
    let decoded = decoder(&encoded).map_err(|error| Problem::not_acceptable(error.to_string()))?;
    Ok(Frame {
        transfer_syntax: uids::EXPLICIT_VR_LITTLE_ENDIAN.to_owned(),
        bytes: match encoded.layout.bits_allocated {
            1 => packed(&decoded.frame.samples),
            _ => little_endian(&decoded.frame.samples),
        },
    })
}

fn cut(object: &Object, index: u32) -> Result<study::EncodedFrame, Problem> {
    object.encoded_frame(index).map_err(|error| match error {
        study::ObjectError::NoPixels | study::ObjectError::NoSuchFrame { .. } => Problem::missing(error.to_string()),
        other => Problem::broken(other.to_string()),
    })
}

/// Samples as they stand in an uncompressed little-endian object.
pub(super) fn little_endian(samples: &Samples) -> Bytes {
    match samples {
        Samples::U8(v) => v.clone().into(),
        Samples::I8(v) => v.iter().map(|s| s.cast_unsigned()).collect(),
        Samples::U16(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
        Samples::I16(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
        Samples::U32(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
        Samples::I32(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
        Samples::F32(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
        Samples::F64(v) => v.iter().flat_map(|s| s.to_le_bytes()).collect(),
    }
}

/// Bits, eight to a byte, the first in the lowest place (PS3.5 8.1.1).
pub(super) fn packed(samples: &Samples) -> Bytes {
    let count = samples.len();
    let bit = |index: usize| samples.get(index).is_some_and(|value| value != 0.0);
    (0..count.div_ceil(8))
        .map(|byte| (0..8).fold(0u8, |bits, at| bits | u8::from(bit(byte * 8 + at)) << at))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_little_endian_and_bits_from_the_lowest() {
        assert_eq!(&little_endian(&Samples::I16(vec![-2, 258]))[..], [0xfe, 0xff, 2, 1]);
        assert_eq!(
            &packed(&Samples::U8(vec![1, 0, 0, 0, 0, 0, 0, 1, 0, 1]))[..],
            [0x81, 0x02]
        );
    }

    #[test]
    fn each_syntax_has_the_media_type_of_the_standard() {
        for (syntax, media) in [
            ("1.2.840.10008.1.2.1", OCTETS),
            ("1.2.840.10008.1.2.4.50", "image/jpeg"),
            ("1.2.840.10008.1.2.4.53", "image/jpeg"),
            ("1.2.840.10008.1.2.4.57", "image/jpeg"),
            ("1.2.840.10008.1.2.4.70", "image/jpeg"),
            ("1.2.840.10008.1.2.4.80", "image/jls"),
            ("1.2.840.10008.1.2.4.91", "image/jp2"),
            ("1.2.840.10008.1.2.4.93", "image/jpx"),
            ("1.2.840.10008.1.2.4.201", "image/jphc"),
            ("1.2.840.10008.1.2.4.203", "image/jphc"),
            ("1.2.840.10008.1.2.5", "image/dicom-rle"),
            ("1.2.840.10008.1.2.4.102", "video/mp4"),
        ] {
            assert_eq!(media_type(syntax), media, "{syntax}");
        }
    }
}
