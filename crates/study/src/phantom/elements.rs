//! A data set under construction: one short call an element.

use dicom_core::value::DataSetSequence;
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_object::InMemDicomObject;

/// A data set that elements are added to.
pub(crate) struct Elements(InMemDicomObject);

impl Elements {
    pub(crate) fn new() -> Self {
        Self(InMemDicomObject::new_empty())
    }
    /// A text; several values are separated by a backslash.
    pub(crate) fn text(&mut self, tag: Tag, vr: VR, value: &str) -> &mut Self {
        let value = if value.is_empty() {
            PrimitiveValue::Empty
        } else if value.contains('\\') {
            PrimitiveValue::Strs(value.split('\\').map(str::to_owned).collect())
        } else {
            PrimitiveValue::from(value)
        };
        self.0.put(DataElement::new(tag, vr, value));
        self
    }
    /// Decimal strings (PS3.5 6.2, at most 16 characters each).
    pub(crate) fn decimals(&mut self, tag: Tag, values: &[f64]) -> &mut Self {
        let texts: Vec<String> = values.iter().map(|v| decimal(*v)).collect();
        self.text(tag, VR::DS, &texts.join("\\"))
    }
    /// An integer string.
    pub(crate) fn integer(&mut self, tag: Tag, value: i64) -> &mut Self {
        self.text(tag, VR::IS, &value.to_string())
    }
    /// An unsigned short.
    pub(crate) fn short(&mut self, tag: Tag, value: u16) -> &mut Self {
        self.0.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
        self
    }
    /// Any other binary value.
    pub(crate) fn value(&mut self, tag: Tag, vr: VR, value: PrimitiveValue) -> &mut Self {
        self.0.put(DataElement::new(tag, vr, value));
        self
    }
    /// A sequence; no item makes it empty.
    pub(crate) fn sequence(&mut self, tag: Tag, items: Vec<Elements>) -> &mut Self {
        let items: Vec<InMemDicomObject> = items.into_iter().map(|e| e.0).collect();
        self.0.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(items)));
        self
    }
    /// A sequence of one code (PS3.3 8.8).
    pub(crate) fn code(&mut self, tag: Tag, code: &str, scheme: &str, meaning: &str) -> &mut Self {
        use dicom_dictionary_std::tags;
        let mut item = Elements::new();
        item.text(tags::CODE_VALUE, VR::SH, code)
            .text(tags::CODING_SCHEME_DESIGNATOR, VR::SH, scheme)
            .text(tags::CODE_MEANING, VR::LO, meaning);
        self.sequence(tag, vec![item])
    }
    pub(crate) fn finish(self) -> InMemDicomObject {
        self.0
    }
}

/// The shortest decimal string of at most 16 characters that is within 1e-9 of the value.
pub(crate) fn decimal(value: f64) -> String {
    let mut text = format!("{value:.9}");
    if text.len() > 16 {
        text = format!("{value:.*}", 9usize.saturating_sub(text.len() - 16));
    }
    if text.contains('.') {
        text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    if text == "-0" { "0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn decimal_strings_are_short_and_exact() {
        assert_eq!(decimal(0.742), "0.742");
        assert_eq!(decimal(-189.951), "-189.951");
        assert_eq!(decimal(-0.0), "0");
        assert_eq!(decimal(1024.0), "1024");
        assert_eq!(decimal(-0.207911690817759), "-0.207911691");
        assert!(decimal(-123_456_789.123_456).len() <= 16);
    }
}
