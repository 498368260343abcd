//! Reading attributes leniently: a data set from a file and one from DICOM JSON answer alike, whatever type a number has there.

use dicom_core::Tag;
use dicom_core::value::{PrimitiveValue, Value};
use dicom_object::InMemDicomObject;

/// The primitive value of an attribute; `None` when absent, empty or a sequence.
pub(crate) fn primitive(dataset: &InMemDicomObject, tag: Tag) -> Option<&PrimitiveValue> {
    match dataset.get(tag)?.value() {
        Value::Primitive(PrimitiveValue::Empty) => None,
        Value::Primitive(value) => Some(value),
        _ => None,
    }
}

/// Every value as text, without the padding around it; empty when absent.
pub(crate) fn texts(dataset: &InMemDicomObject, tag: Tag) -> Vec<String> {
    match primitive(dataset, tag) {
        None => Vec::new(),
        Some(PrimitiveValue::Strs(values)) => values.iter().map(|text| trimmed(text)).collect(),
        Some(PrimitiveValue::Str(text)) => vec![trimmed(text)],
        Some(value) => value.to_multi_str().iter().map(|text| trimmed(text)).collect(),
    }
}

/// The first value as text, without the padding around it; empty when absent.
pub(crate) fn text(dataset: &InMemDicomObject, tag: Tag) -> String {
    match primitive(dataset, tag) {
        Some(PrimitiveValue::Strs(values)) => values.first().map(|text| trimmed(text)).unwrap_or_default(),
        Some(PrimitiveValue::Str(text)) => trimmed(text),
        _ => texts(dataset, tag).into_iter().next().unwrap_or_default(),
    }
}

/// How many values an attribute has, as it was stored.
pub(crate) fn multiplicity(dataset: &InMemDicomObject, tag: Tag) -> usize {
    primitive(dataset, tag).map_or(0, |value| value.multiplicity() as usize)
}

/// The whole value as one text, its parts joined by the backslash that separated them.
pub(crate) fn whole_text(dataset: &InMemDicomObject, tag: Tag) -> String {
    texts(dataset, tag).join("\\")
}

fn trimmed(text: &str) -> String {
    text.trim_matches([' ', '\0']).to_owned()
}

/// Every value as a number; NaN where a text is none, so that positions are kept. Empty when absent.
pub(crate) fn numbers(dataset: &InMemDicomObject, tag: Tag) -> Vec<f64> {
    first_numbers(dataset, tag, usize::MAX)
}

/// The first so many values as numbers: who needs three does not read a million.
fn first_numbers(dataset: &InMemDicomObject, tag: Tag, most: usize) -> Vec<f64> {
    let parsed = |text: &str| decimal(text).unwrap_or(f64::NAN);
    match primitive(dataset, tag) {
        None => Vec::new(),
        Some(PrimitiveValue::Strs(values)) => values.iter().take(most).map(|text| parsed(text)).collect(),
        // DICOM JSON readers and single-valued texts may keep the separators.
        Some(PrimitiveValue::Str(text)) => text.split('\\').take(most).map(parsed).collect(),
        Some(PrimitiveValue::U8(values)) => values.iter().take(most).map(|&x| f64::from(x)).collect(),
        Some(PrimitiveValue::I16(values)) => values.iter().take(most).map(|&x| f64::from(x)).collect(),
        Some(PrimitiveValue::U16(values)) => values.iter().take(most).map(|&x| f64::from(x)).collect(),
        Some(PrimitiveValue::I32(values)) => values.iter().take(most).map(|&x| f64::from(x)).collect(),
        Some(PrimitiveValue::U32(values)) => values.iter().take(most).map(|&x| f64::from(x)).collect(),
        Some(PrimitiveValue::I64(values)) => values.iter().take(most).map(|&x| x as f64).collect(),
        Some(PrimitiveValue::U64(values)) => values.iter().take(most).map(|&x| x as f64).collect(),
        Some(PrimitiveValue::F32(values)) => values.iter().take(most).map(|&x| f64::from(x)).collect(),
        Some(PrimitiveValue::F64(values)) => values.iter().take(most).copied().collect(),
        Some(_) => Vec::new(),
    }
}

/// A Decimal or Integer String (PS3.5 6.2); a decimal comma, which some writers use, is understood.
fn decimal(text: &str) -> Option<f64> {
    let text = text.trim_matches([' ', '\0']);
    text.parse().ok().or_else(|| text.replacen(',', ".", 1).parse().ok())
}

/// The first value as a finite number.
pub(crate) fn number(dataset: &InMemDicomObject, tag: Tag) -> Option<f64> {
    first_numbers(dataset, tag, 1)
        .first()
        .copied()
        .filter(|x| x.is_finite())
}

/// Exactly `N` finite numbers; `None` when fewer, or one is no number.
pub(crate) fn exactly<const N: usize>(dataset: &InMemDicomObject, tag: Tag) -> Option<[f64; N]> {
    let all = first_numbers(dataset, tag, N);
    let first: [f64; N] = all.get(..N)?.try_into().ok()?;
    first.iter().all(|x| x.is_finite()).then_some(first)
}

/// The first value as a whole number; `None` when it is none.
pub(crate) fn integer(dataset: &InMemDicomObject, tag: Tag) -> Option<i64> {
    let value = number(dataset, tag)?;
    (value.fract() == 0.0 && value.abs() < 9.0e15).then_some(value as i64)
}

/// Every value as an unsigned number of 32 bits; values outside are left out.
pub(crate) fn unsigned(dataset: &InMemDicomObject, tag: Tag) -> Vec<u32> {
    numbers(dataset, tag)
        .into_iter()
        .filter(|x| x.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(x))
        .map(|x| x as u32)
        .collect()
}

/// The items of a sequence; none when absent.
pub(crate) fn items(dataset: &InMemDicomObject, tag: Tag) -> &[InMemDicomObject] {
    dataset
        .get(tag)
        .and_then(|element| element.value().items())
        .unwrap_or_default()
}

/// The first item of a sequence.
pub(crate) fn item(dataset: &InMemDicomObject, tag: Tag) -> Option<&InMemDicomObject> {
    items(dataset, tag).first()
}

/// Whether the attribute is there with a value; blank texts are none.
pub(crate) fn has(dataset: &InMemDicomObject, tag: Tag) -> bool {
    match dataset.get(tag).map(dicom_core::DataElement::value) {
        None | Some(Value::Primitive(PrimitiveValue::Empty)) => false,
        Some(Value::Primitive(PrimitiveValue::Strs(values))) => values.iter().any(|text| !trimmed(text).is_empty()),
        Some(Value::Primitive(PrimitiveValue::Str(text))) => !trimmed(text).is_empty(),
        Some(Value::Sequence(sequence)) => !sequence.items().is_empty(),
        Some(_) => true,
    }
}
