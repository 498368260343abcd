//! One data set and its elements.

use base64::Engine;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::value::{DataSetSequence, PrimitiveValue};
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;
use dicom_object::InMemDicomObject;
use serde_json::{Map, Value};

use super::{BulkReference, Row};

/// Reads a data set; nesting is bounded by the JSON reader (128 levels).
pub(super) fn row(object: &Map<String, Value>) -> Row {
    let mut row = Row {
        dataset: InMemDicomObject::new_empty(),
        bulk: Vec::new(),
        oddities: Vec::new(),
    };
    row.dataset = dataset(object, &mut Vec::new(), &mut row.bulk, &mut row.oddities);
    row
}

fn dataset(
    object: &Map<String, Value>,
    path: &mut Vec<Tag>,
    bulk: &mut Vec<BulkReference>,
    oddities: &mut Vec<String>,
) -> InMemDicomObject {
    let mut whole = InMemDicomObject::new_empty();
    for (key, body) in object {
        let Some(tag) = tag_of(key) else {
            oddities.push("An element has a name that is no tag and no keyword.".to_owned());
            continue;
        };
        // Null and empty bodies are elements without a value.
        let empty = Map::new();
        let body = match body {
            Value::Object(body) => body,
            Value::Null => &empty,
            _ => {
                oddities.push(format!("Element {tag} is not written as DICOM JSON."));
                continue;
            }
        };
        let vr = match vr_of(tag, body, oddities) {
            VR::UN => guessed(body).unwrap_or(VR::UN),
            vr => vr,
        };
        if let Some(uri) = body.get("BulkDataURI").and_then(Value::as_str) {
            let mut full_path = path.clone();
            full_path.push(tag);
            bulk.push(BulkReference {
                path: full_path,
                uri: uri.to_owned(),
            });
            continue;
        }
        if vr == VR::SQ {
            path.push(tag);
            let items: Vec<InMemDicomObject> = values(body)
                .filter_map(Value::as_object)
                .map(|item| dataset(item, path, bulk, oddities))
                .collect();
            path.pop();
            whole.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(items)));
            continue;
        }
        match primitive(vr, body) {
            Some(value) => {
                whole.put(DataElement::new(tag, vr, value));
            }
            None => oddities.push(format!(
                "The value of element {tag} does not fit its representation {vr}."
            )),
        }
    }
    whole
}

fn tag_of(key: &str) -> Option<Tag> {
    if key.len() == 8
        && let Ok(number) = u32::from_str_radix(key, 16)
    {
        return Some(Tag((number >> 16) as u16, number as u16));
    }
    StandardDataDictionary.by_name(key).map(|entry| entry.tag())
}

fn vr_of(tag: Tag, body: &Map<String, Value>, oddities: &mut Vec<String>) -> VR {
    let written = body.get("vr").and_then(Value::as_str).unwrap_or("");
    // "OB or OW" and the like: the first one named.
    if let Ok(vr) = written.get(..2).unwrap_or("").to_ascii_uppercase().parse() {
        return vr;
    }
    if !written.is_empty() {
        oddities.push(format!("Element {tag} names an unknown value representation."));
    }
    StandardDataDictionary
        .by_tag(tag)
        .map_or(VR::UN, |entry| entry.vr().relaxed())
}

/// The representation that the values of an element have whose own is unknown, such as a private one that a server names no
/// representation for.
fn guessed(body: &Map<String, Value>) -> Option<VR> {
    let mut values = values(body).filter(|value| !value.is_null()).peekable();
    Some(match *values.peek()? {
        Value::String(_) => {
            let fits = values.all(|value| value.as_str().is_some_and(|text| text.chars().count() <= 64));
            if fits { VR::LO } else { VR::UT }
        }
        Value::Number(_) => VR::DS,
        Value::Object(groups)
            if ["Alphabetic", "Ideographic", "Phonetic"]
                .iter()
                .any(|g| groups.contains_key(*g)) =>
        {
            VR::PN
        }
        Value::Object(_) => VR::SQ,
        _ => return None,
    })
}

fn values(body: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    match body.get("Value") {
        Some(Value::Array(list)) => list.as_slice(),
        Some(Value::Null) | None => &[],
        Some(single) => std::slice::from_ref(single),
    }
    .iter()
}

fn primitive(vr: VR, body: &Map<String, Value>) -> Option<PrimitiveValue> {
    if let Some(text) = body.get("InlineBinary") {
        let text = text
            .as_str()
            .or_else(|| text.as_array().and_then(|a| a.first()).and_then(Value::as_str))?;
        let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).ok()?;
        return Some(PrimitiveValue::U8(bytes.into()));
    }
    if values(body).next().is_none() {
        return Some(PrimitiveValue::Empty);
    }
    let numbers = || values(body).map(number).collect::<Option<Vec<f64>>>();
    Some(match vr {
        VR::US => PrimitiveValue::U16(whole(values(body))?.into()),
        VR::SS => PrimitiveValue::I16(whole(values(body))?.into()),
        VR::UL => PrimitiveValue::U32(whole(values(body))?.into()),
        VR::SL => PrimitiveValue::I32(whole(values(body))?.into()),
        VR::UV => PrimitiveValue::U64(whole(values(body))?.into()),
        VR::SV => PrimitiveValue::I64(whole(values(body))?.into()),
        VR::FL => PrimitiveValue::F32(numbers()?.into_iter().map(|v| v as f32).collect()),
        VR::FD => PrimitiveValue::F64(numbers()?.into()),
        VR::AT => PrimitiveValue::Tags(
            values(body)
                .map(|v| tag_of(v.as_str()?))
                .collect::<Option<Vec<_>>>()?
                .into(),
        ),
        VR::OB | VR::OW | VR::OD | VR::OF | VR::OL | VR::OV | VR::UN => return None,
        VR::PN => PrimitiveValue::Strs(values(body).map(person).collect()),
        _ => PrimitiveValue::Strs(values(body).map(text).collect()),
    })
}

fn number(value: &Value) -> Option<f64> {
    value
        .as_f64()
        .or_else(|| value.as_str().and_then(|t| t.trim().parse().ok()))
}

fn whole<'a, T: TryFrom<i128>>(values: impl Iterator<Item = &'a Value>) -> Option<Vec<T>> {
    values
        .map(|value| {
            let exact = value
                .as_i64()
                .map(i128::from)
                .or_else(|| value.as_u64().map(i128::from));
            let number = exact.or_else(|| {
                let float = number(value)?;
                (float.fract() == 0.0 && float.abs() < 1e18).then_some(float as i128)
            })?;
            T::try_from(number).ok()
        })
        .collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A person's name: its three groups, or a plain text where a server writes one (PS3.18 F.2.2).
fn person(value: &Value) -> String {
    let Value::Object(groups) = value else {
        return text(value);
    };
    let group = |name: &str| groups.get(name).map(text).unwrap_or_default();
    let whole = [group("Alphabetic"), group("Ideographic"), group("Phonetic")].join("=");
    whole.trim_end_matches('=').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::rows;
    use dicom_core::Tag;
    use dicom_dictionary_std::tags;

    fn text(row: &super::Row, tag: Tag) -> String {
        row.dataset.element(tag).unwrap().to_str().unwrap().into_owned()
    }

    #[test]
    fn one_bad_element_costs_nothing_else() {
        let body = br#"[{"00100020":{"vr":"LO","Value":["A1"]},"00280010":{"vr":"US","Value":["512"]},
            "00280011":{"vr":"US","Value":["many"]},"00100010":{"vr":"PN","Value":["DOE^JANE"]},"0008103e":{"Value":["lower"]},
            "PatientSex":{"vr":"CS","Value":["F"]},"00200013":{"vr":"IS","Value":["7"]},"00201041":{"vr":"DS","Value":[-3.5]},
            "00080060":{"vr":"??","Value":["CT"]},"00100030":{"vr":"DA","Value":[null]},"nonsense":5,"00080050":null,
            "7FE00010":{"vr":"OW","BulkDataURI":"../bulk"}}, 5, null, {"00100020":{"vr":"LO"}}]"#;
        let (rows, whole) = rows(body);
        assert!(whole);
        assert_eq!(rows.len(), 3);
        let row = &rows[0];
        assert_eq!(text(row, tags::PATIENT_ID), "A1");
        assert_eq!(text(row, tags::PATIENT_NAME), "DOE^JANE");
        assert_eq!(text(row, tags::SERIES_DESCRIPTION), "lower");
        assert_eq!(text(row, tags::PATIENT_SEX), "F");
        assert_eq!(text(row, tags::MODALITY), "CT");
        assert_eq!(row.dataset.element(tags::ROWS).unwrap().to_int::<u16>().unwrap(), 512);
        assert!(
            row.dataset.element(tags::COLUMNS).is_err(),
            "a value that is no number is left out"
        );
        assert_eq!(
            row.dataset
                .element(tags::INSTANCE_NUMBER)
                .unwrap()
                .to_int::<i32>()
                .unwrap(),
            7
        );
        assert_eq!(
            row.dataset.element(tags::SLICE_LOCATION).unwrap().to_float64().unwrap(),
            -3.5
        );
        assert_eq!(row.bulk.len(), 1);
        assert!(row.oddities.len() >= 3, "{:?}", row.oddities);
        assert!(
            row.oddities.iter().all(|o| !o.contains("many")),
            "no values in sentences"
        );
    }

    #[test]
    fn private_elements_without_a_representation_keep_their_values() {
        let (rows, whole) = rows(
            br#"[{"00091010":{"Value":["text"]},"00091011":{"vr":"UN","Value":[7.5,null]},"00091012":{"Value":[{"Alphabetic":"A^B"}]},
                "00091013":{"Value":[{"00091010":{"Value":["inner"]}}]},"00091014":{"vr":"UN","InlineBinary":"AQI="},"00091015":{"Value":[true]}}]"#,
        );
        assert!(whole && rows[0].oddities.len() == 1, "{:?}", rows[0].oddities);
        assert_eq!(text(&rows[0], Tag(9, 0x1010)), "text");
        assert_eq!(text(&rows[0], Tag(9, 0x1012)), "A^B");
        assert_eq!(
            rows[0]
                .dataset
                .element(Tag(9, 0x1011))
                .unwrap()
                .to_multi_float64()
                .ok()
                .map(|v| v[0]),
            None,
            "a list with a gap is not made shorter"
        );
        let items = rows[0].dataset.element(Tag(9, 0x1013)).unwrap().items().unwrap();
        assert_eq!(items[0].element(Tag(9, 0x1010)).unwrap().to_str().unwrap(), "inner");
        assert_eq!(
            rows[0]
                .dataset
                .element(Tag(9, 0x1014))
                .unwrap()
                .to_bytes()
                .unwrap()
                .as_ref(),
            [1, 2]
        );
    }

    #[test]
    fn a_single_object_nothing_and_a_byte_order_mark_are_answers() {
        assert_eq!(
            rows(b"\xef\xbb\xbf{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"A\"]}}")
                .0
                .len(),
            1
        );
        assert_eq!(rows(b"").0.len(), 0);
        assert!(rows(b"[]").1);
    }

    #[test]
    fn an_answer_that_breaks_off_keeps_its_rows() {
        let (rows, whole) = rows(br#"[{"00100020":{"vr":"LO","Value":["A"]}},{"00100020":{"vr":"LO","Val"#);
        assert_eq!(rows.len(), 1);
        assert!(!whole);
    }

    #[test]
    fn names_keep_their_three_groups_and_sequences_their_items() {
        let (rows, _) = rows(
            r#"[{"00100010":{"vr":"PN","Value":[{"Alphabetic":"Yamada^Tarou","Ideographic":"山田^太郎","Phonetic":"やまだ^たろう"}]},
            "00081140":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2"]}},{}]}}]"#
                .as_bytes(),
        );
        assert_eq!(
            text(&rows[0], tags::PATIENT_NAME),
            "Yamada^Tarou=山田^太郎=やまだ^たろう"
        );
        let sequence = rows[0].dataset.element(tags::REFERENCED_IMAGE_SEQUENCE).unwrap();
        assert_eq!(sequence.items().unwrap().len(), 2);
    }
}
