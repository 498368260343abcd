//! A header and frames as a Part 10 file (PS3.10 7.1).

use bytes::Bytes;
use dicom_core::VR;
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use pixels::{Samples, StoredFrame};

use super::uid;

/// Implementation Version Name (0002,0013).
const VERSION_NAME: &str = "FARSIGHT_PHANTOM";

/// The whole file, Explicit VR Little Endian; `None` only when the header lacks what every header has.
pub(crate) fn write(header: InMemDicomObject, frames: &[StoredFrame]) -> Option<Bytes> {
    let wide = header.element(tags::BITS_ALLOCATED).ok()?.to_int::<u16>().ok()? > 8;
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
        .implementation_class_uid(uid::text(&["implementation"]))
        .implementation_version_name(VERSION_NAME);
    let length: usize = frames.iter().map(|f| f.samples.bytes()).sum();
    let padded = length.next_multiple_of(2);
    let mut out = Vec::with_capacity(padded + 16_384);
    header.with_meta(meta).ok()?.write_all(&mut out).ok()?;
    // Pixel Data is the last element of every phantom, so it is appended: the data-set writer would copy it twice.
    let tag = tags::PIXEL_DATA;
    out.extend_from_slice(&tag.group().to_le_bytes());
    out.extend_from_slice(&tag.element().to_le_bytes());
    out.extend_from_slice(if wide { VR::OW } else { VR::OB }.to_string().as_bytes());
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&u32::try_from(padded).ok()?.to_le_bytes());
    for frame in frames {
        append(&mut out, &frame.samples);
    }
    if padded > length {
        out.push(0);
    }
    Some(out.into())
}

fn append(out: &mut Vec<u8>, samples: &Samples) {
    match samples {
        Samples::U8(values) => out.extend_from_slice(values),
        Samples::I8(values) => out.extend(values.iter().map(|v| v.cast_unsigned())),
        Samples::U16(values) => out.extend(values.iter().flat_map(|v| v.to_le_bytes())),
        Samples::I16(values) => out.extend(values.iter().flat_map(|v| v.to_le_bytes())),
        Samples::U32(values) => out.extend(values.iter().flat_map(|v| v.to_le_bytes())),
        Samples::I32(values) => out.extend(values.iter().flat_map(|v| v.to_le_bytes())),
        Samples::F32(values) => out.extend(values.iter().flat_map(|v| v.to_le_bytes())),
        Samples::F64(values) => out.extend(values.iter().flat_map(|v| v.to_le_bytes())),
    }
}
