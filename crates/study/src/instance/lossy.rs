//! Lossy history: what the object says of itself, and what its transfer syntax means (PS3.3 C.7.6.1.1.5, PS3.5 A.4, PS3.6 A.1).

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::{LossyEncoding, LossyState, LossyStep};
use crate::TransferSyntax;
use crate::attribute::{numbers, text, texts};

/// Reads the lossy history. It is never lost: a transfer syntax that loses counts whatever the attributes say.
pub(super) fn lossy(dataset: &InMemDicomObject, transfer_syntax: &TransferSyntax) -> LossyState {
    let said = match text(dataset, tags::LOSSY_IMAGE_COMPRESSION).as_str() {
        "01" => Some(true),
        "00" => Some(false),
        _ => None,
    };
    let encoding = encoding(transfer_syntax);
    let steps = steps(dataset);
    LossyState {
        lossy: match encoding {
            LossyEncoding::Always(_) => true,
            // Where the encoding can lose and the object says nothing, it counts as lossy.
            LossyEncoding::Possible(_) => said != Some(false),
            LossyEncoding::Lossless => said == Some(true),
        },
        ratio: steps.iter().rev().find_map(|step| step.ratio),
        said,
        steps,
        encoding,
    }
}

/// What a transfer syntax means for the pixels.
fn encoding(transfer_syntax: &TransferSyntax) -> LossyEncoding {
    use LossyEncoding::{Always, Lossless, Possible};
    let suffix = transfer_syntax.0.strip_prefix("1.2.840.10008.1.2.4.");
    match suffix.unwrap_or_default() {
        "50" => Always("JPEG baseline"),
        "51" => Always("JPEG extended"),
        "53" | "55" => Always("JPEG progressive"),
        "81" => Possible("JPEG-LS near-lossless"),
        "91" | "93" => Possible("JPEG 2000"),
        "203" => Possible("HTJ2K"),
        "111" => Always("JPEG XL recompression of JPEG"),
        "112" => Possible("JPEG XL"),
        "100" | "100.1" | "101" | "101.1" => Always("MPEG-2 video"),
        "102" | "102.1" | "103" | "103.1" | "104" | "104.1" | "105" | "105.1" | "106" | "106.1" => {
            Always("H.264 video")
        }
        "107" | "108" => Always("HEVC video"),
        _ => Lossless,
    }
}

/// Methods and ratios belong together by their order; one list may be shorter than the other.
fn steps(dataset: &InMemDicomObject) -> Vec<LossyStep> {
    let methods = texts(dataset, tags::LOSSY_IMAGE_COMPRESSION_METHOD);
    let ratios = numbers(dataset, tags::LOSSY_IMAGE_COMPRESSION_RATIO);
    (0..methods.len().max(ratios.len()))
        .map(|at| LossyStep {
            method: methods
                .get(at)
                .filter(|code| !code.is_empty())
                .map(|code| method(code).into()),
            ratio: ratios
                .get(at)
                .copied()
                .filter(|ratio| ratio.is_finite() && *ratio > 0.0),
        })
        .filter(|step| step.method.is_some() || step.ratio.is_some())
        .collect()
}

/// A method's usual name (PS3.3 C.7.6.1.1.5.1).
fn method(code: &str) -> &str {
    match code {
        "ISO_10918_1" => "JPEG",
        "ISO_14495_1" => "JPEG-LS",
        "ISO_15444_1" => "JPEG 2000",
        "ISO_15444_15" => "HTJ2K",
        "ISO_18181_1" => "JPEG XL",
        "ISO_13818_2" => "MPEG-2",
        "ISO_14496_10" => "H.264",
        "ISO_23008_2" => "HEVC",
        other => other,
    }
}
