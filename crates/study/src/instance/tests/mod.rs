//! Typed metadata from made-up data sets, each rule with its case.

mod over;
mod place;
mod served;
mod values;

use dicom_core::value::{DataSetSequence, Value};
use dicom_core::{DataElement, Length, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use pixels::display::{LookupTable, Modality, Padding, Voi, VoiFunction};

use super::*;
use crate::ObjectError;

/// Attributes as a server's JSON gives them: numbers as texts, several separated by a backslash.
fn set(attributes: &[(Tag, &str)]) -> InMemDicomObject {
    InMemDicomObject::from_element_iter(attributes.iter().map(|(tag, text)| {
        let values: Vec<String> = text.split('\\').map(str::to_owned).collect();
        DataElement::new(*tag, VR::LO, PrimitiveValue::Strs(values.into()))
    }))
}

fn put_items(dataset: &mut InMemDicomObject, tag: Tag, items: Vec<InMemDicomObject>) {
    dataset.put(DataElement::new(
        tag,
        VR::SQ,
        Value::Sequence(DataSetSequence::new(items, Length::UNDEFINED)),
    ));
}

/// A grey image of 4 × 5 pixels, 16 bits allocated, 12 stored, with these attributes more.
fn image(more: &[(Tag, &str)]) -> InMemDicomObject {
    let mut all = vec![
        (tags::STUDY_INSTANCE_UID, "1.2"),
        (tags::SERIES_INSTANCE_UID, "1.2.3"),
        (tags::SOP_INSTANCE_UID, "1.2.3.4"),
        (tags::ROWS, "4"),
        (tags::COLUMNS, "5"),
        (tags::SAMPLES_PER_PIXEL, "1"),
        (tags::BITS_ALLOCATED, "16"),
        (tags::BITS_STORED, "12"),
        (tags::HIGH_BIT, "11"),
        (tags::PIXEL_REPRESENTATION, "0"),
        (tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2"),
    ];
    all.retain(|(tag, _)| !more.iter().any(|(other, _)| other == tag));
    all.extend(more);
    set(&all)
}

fn read(dataset: &InMemDicomObject) -> Instance {
    Instance::from_dataset(dataset, TransferSyntax("1.2.840.10008.1.2.1".into())).unwrap()
}

fn first(dataset: &InMemDicomObject) -> FrameGeometry {
    read(dataset).geometry[0].clone()
}

fn window(centre: f64, width: f64) -> Voi {
    Voi::Window {
        centre,
        width,
        function: VoiFunction::Linear,
    }
}

fn lut(descriptor: &[u16], data: &[u16], name: &str) -> InMemDicomObject {
    let mut item = set(&[(tags::LUT_EXPLANATION, name)]);
    item.put(DataElement::new(
        tags::LUT_DESCRIPTOR,
        VR::US,
        PrimitiveValue::U16(descriptor.into()),
    ));
    item.put(DataElement::new(
        tags::LUT_DATA,
        VR::US,
        PrimitiveValue::U16(data.into()),
    ));
    item
}
