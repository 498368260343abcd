//! From a value's bytes to a typed value, bounded by the bytes themselves.

use dicom_core::value::{C, PrimitiveValue};
use dicom_core::{Tag, VR};

use super::charset::Charset;
use super::element::Encoding;
use crate::object::Oddities;

/// No text has more values than this.
const MOST_VALUES: usize = 1_000_000;

/// A text with more values than any object needs.
pub(crate) struct TooManyValues;

/// Reads a value; what does not make a whole number at its end is left out with an oddity.
pub(crate) fn value(
    bytes: &[u8],
    vr: VR,
    encoding: Encoding,
    charset: &Charset,
    oddities: &mut Oddities,
) -> Result<PrimitiveValue, TooManyValues> {
    if bytes.is_empty() {
        return Ok(PrimitiveValue::Empty);
    }
    let big = encoding.big;
    Ok(match vr {
        VR::AE | VR::AS | VR::CS | VR::DA | VR::DS | VR::DT | VR::IS | VR::TM | VR::UI => {
            several(Charset::default_repertoire().decode(bytes, false, oddities))?
        }
        VR::LO | VR::SH | VR::UC => several(charset.decode(bytes, false, oddities))?,
        VR::PN => several(charset.decode(bytes, true, oddities))?,
        VR::LT | VR::ST | VR::UT => PrimitiveValue::Str(trimmed(charset.decode(bytes, false, oddities))),
        VR::UR => PrimitiveValue::Str(trimmed(Charset::default_repertoire().decode(bytes, false, oddities))),
        VR::AT => PrimitiveValue::Tags(
            numbers(bytes, oddities, |b: [u8; 4]| {
                Tag(u16_of([b[0], b[1]], big), u16_of([b[2], b[3]], big))
            })
            .into(),
        ),
        VR::US => PrimitiveValue::U16(words(bytes, big, oddities)),
        // Words of a value with an odd length are not words: they stay bytes.
        VR::OW if bytes.len().is_multiple_of(2) => PrimitiveValue::U16(words(bytes, big, oddities)),
        VR::SS => PrimitiveValue::I16(numbers(bytes, oddities, |b| u16_of(b, big).cast_signed()).into()),
        VR::UL | VR::OL => PrimitiveValue::U32(numbers(bytes, oddities, |b| u32_of(b, big)).into()),
        VR::SL => PrimitiveValue::I32(numbers(bytes, oddities, |b| u32_of(b, big).cast_signed()).into()),
        VR::UV | VR::OV => PrimitiveValue::U64(numbers(bytes, oddities, |b| u64_of(b, big)).into()),
        VR::SV => PrimitiveValue::I64(numbers(bytes, oddities, |b| u64_of(b, big).cast_signed()).into()),
        VR::FL | VR::OF => PrimitiveValue::F32(numbers(bytes, oddities, |b| f32::from_bits(u32_of(b, big))).into()),
        VR::FD | VR::OD => PrimitiveValue::F64(numbers(bytes, oddities, |b| f64::from_bits(u64_of(b, big))).into()),
        _ => PrimitiveValue::U8(C::from_vec(bytes.to_vec())),
    })
}

fn several(text: String) -> Result<PrimitiveValue, TooManyValues> {
    if text.bytes().filter(|&b| b == b'\\').count() >= MOST_VALUES {
        return Err(TooManyValues);
    }
    Ok(PrimitiveValue::Strs(
        text.split('\\').map(|part| trimmed(part.to_owned())).collect(),
    ))
}

/// Without the padding at its end (PS3.5 6.2).
fn trimmed(mut text: String) -> String {
    let kept = text.trim_end_matches([' ', '\0']).len();
    text.truncate(kept);
    text
}

fn words(bytes: &[u8], big: bool, oddities: &mut Oddities) -> C<u16> {
    numbers(bytes, oddities, |b| u16_of(b, big)).into()
}

fn numbers<const N: usize, T>(bytes: &[u8], oddities: &mut Oddities, read: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (whole, rest) = bytes.as_chunks::<N>();
    if !rest.is_empty() {
        oddities.note("A number in the header is cut short and was left out.");
    }
    whole.iter().map(|b| read(*b)).collect()
}

fn u16_of(b: [u8; 2], big: bool) -> u16 {
    if big {
        u16::from_be_bytes(b)
    } else {
        u16::from_le_bytes(b)
    }
}
fn u32_of(b: [u8; 4], big: bool) -> u32 {
    if big {
        u32::from_be_bytes(b)
    } else {
        u32::from_le_bytes(b)
    }
}
fn u64_of(b: [u8; 8], big: bool) -> u64 {
    if big {
        u64::from_be_bytes(b)
    } else {
        u64::from_le_bytes(b)
    }
}
