//! Data sets as DICOM JSON (PS3.18 F.2).

use base64::Engine;
use dicom_core::value::{PrimitiveValue, Value as DicomValue};
use dicom_core::{Tag, VR};
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;
use serde_json::{Map, Value, json};

/// Longer values of bulk representations are referred to instead of written out.
const LONGEST_INLINE: usize = 1024;

/// Where bulk values can be had; each is asked for by its path: tags and item numbers, joined by `/`.
pub(crate) struct Bulk<'a> {
    /// Address of the instance's bulk data; without it, every value is written out.
    pub(crate) base: Option<&'a str>,
}

/// A data set as a JSON object.
pub(crate) fn dataset(dataset: &InMemDicomObject, bulk: &Bulk<'_>) -> Map<String, Value> {
    inner(dataset, bulk, "")
}

fn inner(dataset: &InMemDicomObject, bulk: &Bulk<'_>, path: &str) -> Map<String, Value> {
    dataset
        .iter()
        // Group lengths and the file's own group are about the encoding, which is left behind here.
        .filter(|element| element.header().tag.element() != 0 && element.header().tag.group() != 2)
        .map(|element| {
            let name = name(element.header().tag);
            let body = body(element, bulk, &format!("{path}{name}"));
            (name, body)
        })
        .collect()
}

/// A tag as eight hexadecimal digits.
pub(crate) fn name(tag: Tag) -> String {
    format!("{:04X}{:04X}", tag.group(), tag.element())
}

fn body(element: &InMemElement, bulk: &Bulk<'_>, path: &str) -> Value {
    let vr = element.header().vr;
    let mut body = Map::new();
    body.insert("vr".to_owned(), json!(vr.to_string()));
    match element.value() {
        DicomValue::Sequence(sequence) => {
            let items: Vec<Value> = sequence
                .items()
                .iter()
                .enumerate()
                .map(|(at, item)| Value::Object(inner(item, bulk, &format!("{path}/{at}/"))))
                .collect();
            if !items.is_empty() {
                body.insert("Value".to_owned(), Value::Array(items));
            }
        }
        DicomValue::Primitive(PrimitiveValue::Empty) => {}
        DicomValue::Primitive(value) if is_bulk(vr) => {
            let bytes = little_endian(value);
            match bulk.base {
                Some(base) if bytes.len() > LONGEST_INLINE => {
                    body.insert("BulkDataURI".to_owned(), json!(format!("{base}/{path}")));
                }
                _ => {
                    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
                    body.insert("InlineBinary".to_owned(), json!(text));
                }
            }
        }
        DicomValue::Primitive(value) => {
            let values = values(vr, value);
            if values.iter().any(|value| !value.is_null()) {
                body.insert("Value".to_owned(), Value::Array(values));
            }
        }
        // Encapsulated pixels are no part of a header.
        DicomValue::PixelSequence(_) => {}
    }
    Value::Object(body)
}

fn is_bulk(vr: VR) -> bool {
    matches!(vr, VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW | VR::UN)
}

fn values(vr: VR, value: &PrimitiveValue) -> Vec<Value> {
    match value {
        PrimitiveValue::Tags(tags) => tags.iter().map(|tag| json!(name(*tag))).collect(),
        PrimitiveValue::F32(numbers) => numbers.iter().map(|n| shortest(*n)).collect(),
        PrimitiveValue::F64(numbers) => numbers.iter().map(|n| float(*n)).collect(),
        PrimitiveValue::U8(n) => n.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::I16(n) => n.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::U16(n) => n.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::I32(n) => n.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::U32(n) => n.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::I64(n) => n.iter().map(|n| json!(n)).collect(),
        PrimitiveValue::U64(n) => n.iter().map(|n| json!(n)).collect(),
        // A text that may hold a backslash is one value.
        PrimitiveValue::Str(one) if matches!(vr, VR::LT | VR::ST | VR::UT | VR::UR) => vec![text(vr, one)],
        PrimitiveValue::Str(one) => one.split('\\').map(|part| text(vr, part)).collect(),
        others => others.to_multi_str().iter().map(|part| text(vr, part)).collect(),
    }
}

/// One value of a text representation; `null` when empty.
fn text(vr: VR, text: &str) -> Value {
    let keeps_leading_space = matches!(vr, VR::LT | VR::ST | VR::UT | VR::UC | VR::UR);
    let text = text.trim_end_matches([' ', '\0']);
    let text = if keeps_leading_space {
        text
    } else {
        text.trim_start_matches(' ')
    };
    if text.is_empty() {
        return Value::Null;
    }
    match vr {
        VR::PN => person(text),
        VR::IS => text.parse::<i64>().map_or_else(|_| json!(text), |n| json!(n)),
        VR::DS => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(whole), _) => json!(whole),
            (_, Ok(number)) if number.is_finite() => json!(number),
            _ => json!(text),
        },
        _ => json!(text),
    }
}

fn person(text: &str) -> Value {
    let names = ["Alphabetic", "Ideographic", "Phonetic"];
    let groups = names.iter().zip(text.splitn(3, '='));
    let groups: Map<String, Value> = groups
        .filter(|(_, group)| !group.trim().is_empty())
        .map(|(name, group)| ((*name).to_owned(), json!(group.trim_end())))
        .collect();
    if groups.is_empty() {
        Value::Null
    } else {
        Value::Object(groups)
    }
}

/// PS3.18 F.2.3: what JSON has no number for is written as text.
fn float(number: f64) -> Value {
    match number {
        n if n.is_nan() => json!("NaN"),
        f64::INFINITY => json!("inf"),
        f64::NEG_INFINITY => json!("-inf"),
        n => json!(n),
    }
}

/// The shortest decimal that reads back as the same 32-bit number.
fn shortest(number: f32) -> Value {
    float(number.to_string().parse().unwrap_or_else(|_| f64::from(number)))
}

/// A value's bytes as they stand in a little-endian file.
pub(crate) fn little_endian(value: &PrimitiveValue) -> Vec<u8> {
    match value {
        PrimitiveValue::U8(bytes) => bytes.to_vec(),
        PrimitiveValue::I16(n) => n.iter().flat_map(|n| n.to_le_bytes()).collect(),
        PrimitiveValue::U16(n) => n.iter().flat_map(|n| n.to_le_bytes()).collect(),
        PrimitiveValue::I32(n) => n.iter().flat_map(|n| n.to_le_bytes()).collect(),
        PrimitiveValue::U32(n) => n.iter().flat_map(|n| n.to_le_bytes()).collect(),
        PrimitiveValue::I64(n) => n.iter().flat_map(|n| n.to_le_bytes()).collect(),
        PrimitiveValue::U64(n) => n.iter().flat_map(|n| n.to_le_bytes()).collect(),
        PrimitiveValue::F32(n) => n.iter().flat_map(|n| n.to_le_bytes()).collect(),
        PrimitiveValue::F64(n) => n.iter().flat_map(|n| n.to_le_bytes()).collect(),
        others => others.to_bytes().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use dicom_core::smallvec::smallvec;
    use dicom_core::value::DataSetSequence;
    use dicom_core::{DataElement, dicom_value};
    use dicom_dictionary_std::tags;

    use super::*;

    #[test]
    fn each_representation_is_written_as_the_standard_says() {
        let item = InMemDicomObject::from_element_iter([DataElement::new(
            tags::LUT_DATA,
            VR::OW,
            PrimitiveValue::U16(vec![258; 1000].into()),
        )]);
        let object = InMemDicomObject::from_element_iter([
            DataElement::new(tags::PATIENT_NAME, VR::PN, "Yamada^Tarou=山田^太郎=やまだ^たろう "),
            DataElement::new(tags::REFERRING_PHYSICIAN_NAME, VR::PN, "=山田"),
            DataElement::new(tags::PATIENT_ID, VR::LO, ""),
            DataElement::new(tags::IMAGE_TYPE, VR::CS, dicom_value!(Strs, ["ORIGINAL", "", "AXIAL "])),
            DataElement::new(
                tags::PIXEL_SPACING,
                VR::DS,
                dicom_value!(Strs, ["0.50", "12", "1e400", "x"]),
            ),
            DataElement::new(tags::INSTANCE_NUMBER, VR::IS, "7 "),
            DataElement::new(tags::IMAGE_COMMENTS, VR::LT, " a\\b "),
            DataElement::new(
                tags::FRAME_INCREMENT_POINTER,
                VR::AT,
                dicom_value!(Tags, [tags::FRAME_TIME]),
            ),
            DataElement::new(tags::ROWS, VR::US, dicom_value!(U16, [512])),
            DataElement::new(tags::REAL_WORLD_VALUE_SLOPE, VR::FD, dicom_value!(F64, [f64::NAN, 0.1])),
            DataElement::new(Tag(0x0008, 0x9459), VR::FL, dicom_value!(F32, [0.1])),
            DataElement::new(Tag(0x0029, 0x1001), VR::OB, PrimitiveValue::U8(smallvec![1, 2, 3])),
            DataElement::new(
                tags::VOILUT_SEQUENCE,
                VR::SQ,
                DataSetSequence::from(vec![item, InMemDicomObject::new_empty()]),
            ),
            DataElement::new(Tag(0x0008, 0x0000), VR::UL, dicom_value!(U32, [4])),
        ]);
        let expected = json!({
            "00080008": {"vr": "CS", "Value": ["ORIGINAL", null, "AXIAL"]},
            "00080090": {"vr": "PN", "Value": [{"Ideographic": "山田"}]},
            "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎", "Phonetic": "やまだ^たろう"}]},
            "00100020": {"vr": "LO"},
            "00089459": {"vr": "FL", "Value": [0.1]},
            "00200013": {"vr": "IS", "Value": [7]},
            "00204000": {"vr": "LT", "Value": [" a\\b"]},
            "00280009": {"vr": "AT", "Value": ["00181063"]},
            "00280010": {"vr": "US", "Value": [512]},
            "00280030": {"vr": "DS", "Value": [0.5, 12, "1e400", "x"]},
            "00283010": {"vr": "SQ", "Value": [{"00283006": {"vr": "OW", "BulkDataURI": "http://h/bulkdata/00283010/0/00283006"}}, {}]},
            "00291001": {"vr": "OB", "InlineBinary": "AQID"},
            "00409225": {"vr": "FD", "Value": ["NaN", 0.1]},
        });
        let bulk = Bulk {
            base: Some("http://h/bulkdata"),
        };
        let written = Value::Object(dataset(&object, &bulk));
        // Key by key, for a message that can be read.
        for (key, value) in expected.as_object().unwrap() {
            assert_eq!(&written[key], value, "{key}");
        }
        assert_eq!(written.as_object().unwrap().len(), expected.as_object().unwrap().len());
    }
}
