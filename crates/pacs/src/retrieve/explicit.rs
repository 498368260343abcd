//! An object rewritten in Explicit VR Little Endian, its pixels decoded: what the standard owes a client that names no
//! transfer syntax.

use bytes::Bytes;
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use pixels::Samples;
use study::{Object, Photometric};

use super::codec;
use crate::Decoder;
use crate::problem::Problem;
use crate::store::text;

/// The Part 10 file of an object in Explicit VR Little Endian.
///
/// # Errors
/// 406 when its pixels cannot be decoded.
pub(super) fn file(object: &Object, decoder: Decoder) -> Result<Bytes, Problem> {
    let mut dataset = object.dataset().clone();
    if object.frames() > 0 {
        pixels(object, &mut dataset, decoder)?;
    }
    let unwritable = |_| Problem::not_acceptable("The object cannot be rewritten; ask for it with transfer-syntax=*.");
    let meta = FileMetaTableBuilder::new()
        .media_storage_sop_class_uid(text(&dataset, tags::SOP_CLASS_UID))
        .media_storage_sop_instance_uid(text(&dataset, tags::SOP_INSTANCE_UID))
        .transfer_syntax(uids::EXPLICIT_VR_LITTLE_ENDIAN)
        .build()
        .map_err(|_| Problem::not_acceptable("The object lacks what a file must say of itself."))?;
    let mut bytes = Vec::new();
    dataset
        .with_exact_meta(meta)
        .write_all(&mut bytes)
        .map_err(unwritable)?;
    Ok(bytes.into())
}

fn pixels(object: &Object, dataset: &mut InMemDicomObject, decoder: Decoder) -> Result<(), Problem> {
    let mut bytes = Vec::new();
    let mut shape = None;
    let mut bits = Vec::new();
    for index in 0..object.frames() {
        let encoded = object
            .encoded_frame(index)
            .map_err(|error| Problem::not_acceptable(error.to_string()))?;
        let decoded = decoder(&encoded).map_err(|error| Problem::not_acceptable(error.to_string()))?;
        match &decoded.frame.samples {
            // Frames of single bits follow each other without a gap.
            Samples::U8(values) if encoded.layout.bits_allocated == 1 => bits.extend_from_slice(values),
            samples => bytes.extend_from_slice(&codec::little_endian(samples)),
        }
        shape.get_or_insert((encoded, decoded));
    }
    let Some((encoded, decoded)) = shape else {
        return Ok(());
    };
    let (tag, vr, allocated) = match &decoded.frame.samples {
        Samples::F32(_) => (tags::FLOAT_PIXEL_DATA, VR::OF, 32),
        Samples::F64(_) => (tags::DOUBLE_FLOAT_PIXEL_DATA, VR::OD, 64),
        Samples::U8(_) if encoded.layout.bits_allocated == 1 => (tags::PIXEL_DATA, VR::OB, 1),
        Samples::U8(_) | Samples::I8(_) => (tags::PIXEL_DATA, VR::OB, 8),
        Samples::U16(_) | Samples::I16(_) => (tags::PIXEL_DATA, VR::OW, 16),
        Samples::U32(_) | Samples::I32(_) => (tags::PIXEL_DATA, VR::OW, 32),
    };
    if !bits.is_empty() {
        bytes = codec::packed(&Samples::U8(bits)).into();
    }
    if bytes.len() % 2 == 1 {
        bytes.push(0);
    }
    number(dataset, tags::BITS_ALLOCATED, allocated);
    if tag == tags::PIXEL_DATA {
        // Decoded values stand right-aligned.
        number(dataset, tags::HIGH_BIT, encoded.layout.bits_stored.saturating_sub(1));
    }
    if decoded.frame.channels > 1 {
        number(dataset, tags::PLANAR_CONFIGURATION, 0);
    }
    if let Some(name) = photometric(&decoded.photometric) {
        let value = PrimitiveValue::from(name);
        dataset.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, value));
    }
    dataset.put(DataElement::new(tag, vr, PrimitiveValue::U8(bytes.into())));
    Ok(())
}

fn number(dataset: &mut InMemDicomObject, tag: Tag, value: u16) {
    dataset.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
}

/// The defined term, where decoding may have changed it.
fn photometric(photometric: &Photometric) -> Option<&'static str> {
    Some(match photometric {
        Photometric::Rgb => "RGB",
        // Decoded samples are at full resolution, whatever they were before.
        Photometric::YbrFull | Photometric::YbrFull422 => "YBR_FULL",
        _ => return None,
    })
}
