//! The list: row by row as bytes arrive, so that memory is bounded by the rows and a broken row or end costs only itself.

use serde_json::{Map, Value};

use super::{Row, element};

/// Reads an answer that is there: an array of data sets, a single one, or nothing. The second value is false when the text broke
/// off, is no JSON, or a row of it could not be read; the other rows are kept.
pub fn rows(body: &[u8]) -> (Vec<Row>, bool) {
    let mut reader = RowReader::default();
    let found = reader.feed(body);
    (found, reader.has_ended() && !reader.has_broken_rows())
}

/// Where in the list the reader stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Before the list.
    #[default]
    Before,
    /// Between rows.
    Between,
    /// Within a row.
    Within,
    /// After the list.
    After,
    /// The text is no list and no data set.
    Lost,
}

/// Whether a byte ends a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    No,
    /// The row ends with this byte.
    With,
    /// The row, a bare value such as `null`, ended before this byte, which belongs to the list.
    Before,
}

/// Cuts a list into rows while it arrives.
#[derive(Default)]
pub(crate) struct RowReader {
    place: Place,
    /// The answer is one data set without a list around it.
    single: bool,
    /// What came of the row under way in earlier bytes.
    row: Vec<u8>,
    depth: u32,
    in_text: bool,
    escaped: bool,
    /// A row could not be read at all.
    broken: bool,
}

impl RowReader {
    /// Takes bytes and gives the rows that they complete.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<Row> {
        let mut found = Vec::new();
        // Where the row under way begins within these bytes.
        let mut start = 0;
        for (index, &byte) in bytes.iter().enumerate() {
            match self.place {
                Place::Before => match byte {
                    b'[' if self.row.is_empty() => self.place = Place::Between,
                    b'{' if self.row.is_empty() => {
                        self.single = true;
                        self.begin(byte);
                        start = index;
                    }
                    // White space, and a byte order mark.
                    b' ' | b'\t' | b'\r' | b'\n' | 0xEF | 0xBB | 0xBF => {}
                    // A lone `null` is an empty answer.
                    _ if b"null".get(self.row.len()) == Some(&byte) => self.row.push(byte),
                    _ => self.place = Place::Lost,
                },
                Place::Between => match byte {
                    b']' => self.place = Place::After,
                    b',' | b' ' | b'\t' | b'\r' | b'\n' => {}
                    _ => {
                        self.begin(byte);
                        start = index;
                    }
                },
                Place::Within => {
                    let end = match self.step(byte) {
                        End::No => continue,
                        End::With => index + 1,
                        End::Before => index,
                    };
                    self.row.extend_from_slice(bytes.get(start..end).unwrap_or_default());
                    let text = std::mem::take(&mut self.row);
                    found.extend(self.read(&text));
                    self.place = if self.single || (end == index && byte == b']') {
                        Place::After
                    } else {
                        Place::Between
                    };
                }
                Place::After | Place::Lost => break,
            }
        }
        if self.place == Place::Within {
            self.row.extend_from_slice(bytes.get(start..).unwrap_or_default());
        }
        found
    }

    /// The list has come to its end, or nothing has come at all.
    pub(crate) fn has_ended(&self) -> bool {
        match self.place {
            Place::After => true,
            Place::Before => self.row.is_empty() || self.row == b"null",
            Place::Between | Place::Within | Place::Lost => false,
        }
    }

    /// A row could not be read at all.
    pub(crate) fn has_broken_rows(&self) -> bool {
        self.broken
    }

    /// The text is neither a list, nor a data set, nor nothing.
    pub(crate) fn is_lost(&self) -> bool {
        self.place == Place::Lost
    }

    fn begin(&mut self, byte: u8) {
        self.row.clear();
        self.place = Place::Within;
        self.depth = 0;
        self.in_text = false;
        self.escaped = false;
        self.step(byte);
    }

    /// Goes over one byte of a row.
    fn step(&mut self, byte: u8) -> End {
        if self.in_text {
            if self.escaped {
                self.escaped = false;
            } else if byte == b'\\' {
                self.escaped = true;
            } else if byte == b'"' {
                self.in_text = false;
                if self.depth == 0 {
                    return End::With;
                }
            }
            return End::No;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' if self.depth > 0 => {
                self.depth -= 1;
                if self.depth == 0 {
                    return End::With;
                }
            }
            b',' | b']' if self.depth == 0 => return End::Before,
            _ => {}
        }
        End::No
    }

    /// Reads the text of one row; `null` is no row.
    fn read(&mut self, text: &[u8]) -> Option<Row> {
        // A server may send texts that are no UTF-8: the rest of the row must not suffer.
        let value = serde_json::from_slice(text)
            .or_else(|_| serde_json::from_str(&String::from_utf8_lossy(text)))
            .ok();
        match value {
            Some(Value::Object(object)) => Some(element::row(&object)),
            Some(Value::Null) => None,
            Some(_) => Some(odd_row("A row of the answer is no data set.")),
            None => {
                self.broken = true;
                Some(odd_row("A row of the answer cannot be read."))
            }
        }
    }
}

fn odd_row(sentence: &str) -> Row {
    let mut row = element::row(&Map::new());
    row.oddities.push(sentence.to_owned());
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#" [ {"00100020":{"vr":"LO","Value":["a]}\"\\"]}} , null,7,"x,]",
        {"00100020":{"vr":"LO","Value":["é"]}},{"00100020":{"vr":"LO" "Value":["broken"]}},{"00100020":{"vr":"LO","Value":["z"]}},null] "#;

    fn identifiers(rows: &[Row]) -> Vec<Option<String>> {
        rows.iter()
            .map(|row| {
                let element = row.dataset.element(dicom_dictionary_std::tags::PATIENT_ID).ok()?;
                Some(element.to_str().ok()?.into_owned())
            })
            .collect()
    }

    #[test]
    fn the_same_rows_come_however_the_text_is_cut() {
        let expected = [
            Some("a]}\"\\".to_owned()),
            None,
            None,
            Some("é".to_owned()),
            None,
            Some("z".to_owned()),
        ];
        for size in 1..=LIST.len() {
            let mut reader = RowReader::default();
            let mut found = Vec::new();
            for chunk in LIST.as_bytes().chunks(size) {
                found.extend(reader.feed(chunk));
            }
            assert_eq!(identifiers(&found), expected, "chunks of {size}");
            assert!(reader.has_ended() && reader.has_broken_rows());
        }
    }

    #[test]
    fn a_text_in_another_character_set_costs_only_itself() {
        let (rows, whole) = rows(b"[{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"A1\"]},\"00100010\":{\"vr\":\"PN\",\"Value\":[\"M\xfcller\"]}}]");
        assert!(whole);
        assert_eq!(identifiers(&rows), [Some("A1".to_owned())]);
    }

    #[test]
    fn what_is_no_list_is_known_at_once() {
        for text in ["<html>", "hello", "nil", "5", "\"text\""] {
            let mut reader = RowReader::default();
            assert!(reader.feed(text.as_bytes()).is_empty());
            assert!(reader.is_lost(), "{text}");
            assert!(!reader.has_ended());
        }
        for nothing in ["", " \r\n", "null", "[]", "[null]"] {
            let (found, whole) = rows(nothing.as_bytes());
            assert!(found.is_empty() && whole, "{nothing}");
        }
        for cut in ["[", "[{", "[null", "{\"00100020\":", "nu", "[{},"] {
            assert!(!rows(cut.as_bytes()).1, "{cut}");
        }
    }

    #[test]
    fn deep_nesting_is_a_broken_row_and_no_crash() {
        let deep = format!("[{}{}]", "[".repeat(100_000), "]".repeat(100_000));
        let (found, whole) = rows(deep.as_bytes());
        assert!(found.len() == 1 && !whole);
        let deep = format!(
            "[{}1{}]",
            r#"{"00081140":{"vr":"SQ","Value":["#.repeat(30_000),
            "]}}".repeat(30_000)
        );
        assert!(!rows(deep.as_bytes()).1);
    }
}
