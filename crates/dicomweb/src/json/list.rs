//! The list: row by row, so that memory is bounded by a row and a broken end keeps what came before it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{Row, element};

/// Reads an answer: an array of data sets, a single one, or nothing. The second value is false when the text broke off or is no
/// JSON; the rows before that point are kept.
pub fn rows(body: &[u8]) -> (Vec<Row>, bool) {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    if body.is_empty() {
        return (Vec::new(), true);
    }
    let mut found = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let whole = Rows(&mut found).deserialize(&mut deserializer).is_ok();
    (found, whole)
}

struct Rows<'a>(&'a mut Vec<Row>);

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of data sets")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element::<Value>()? {
            match value {
                Value::Object(object) => self.0.push(element::row(&object)),
                Value::Null => {}
                _ => {
                    let mut row = element::row(&serde_json::Map::new());
                    row.oddities.push("A row of the answer is no data set.".to_owned());
                    self.0.push(row);
                }
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut object = serde_json::Map::new();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            object.insert(key, value);
        }
        self.0.push(element::row(&object));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
