//! Media types as servers write them.

/// A media type with its parameters (RFC 2045 section 5.1), read leniently: quotes of either kind or none, parameters inside the
/// quotes of another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediaType {
    essence: String,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads a Content-Type; an empty text gives an empty type.
    pub fn parse(text: &str) -> Self {
        let mut pieces = split(text).into_iter();
        let essence = pieces
            .next()
            .map(|piece| unquoted(&piece).to_ascii_lowercase())
            .unwrap_or_default();
        let parameters = pieces
            .filter_map(|piece| {
                let (name, value) = piece.split_once('=')?;
                Some((name.trim().to_ascii_lowercase(), unquoted(value)))
            })
            .collect();
        Self { essence, parameters }
    }

    /// `type/subtype` in lower case; empty when none was given.
    pub fn essence(&self) -> &str {
        &self.essence
    }

    /// A parameter's value, by its lower-case name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// What the parts of a multipart type hold: its `type` parameter, which some servers fill with a whole media type.
    pub fn of_parts(&self) -> Option<Self> {
        self.parameter("type").map(Self::parse)
    }

    /// The transfer syntax that is written, else the default of the type (PS3.18 table 8.7.3-2 and following).
    pub fn transfer_syntax(&self) -> Option<&str> {
        if let Some(written) = self.parameter("transfer-syntax").filter(|t| !t.is_empty() && *t != "*") {
            return Some(written);
        }
        Some(match self.essence.as_str() {
            "application/octet-stream" | "application/dicom" => "1.2.840.10008.1.2.1",
            "image/jpeg" => "1.2.840.10008.1.2.4.70",
            "image/jls" => "1.2.840.10008.1.2.4.80",
            "image/jp2" => "1.2.840.10008.1.2.4.90",
            "image/jpx" => "1.2.840.10008.1.2.4.92",
            "image/jphc" => "1.2.840.10008.1.2.4.201",
            "image/dicom-rle" => "1.2.840.10008.1.2.5",
            _ => return None,
        })
    }

    /// Takes the transfer syntax of an outer type when this one names none.
    pub(crate) fn with_syntax_of(mut self, outer: &Self) -> Self {
        if self.parameter("transfer-syntax").is_none() {
            let inner = outer.of_parts();
            let named = inner
                .as_ref()
                .filter(|inner| inner.essence == self.essence)
                .and_then(|inner| inner.parameter("transfer-syntax"))
                .or_else(|| outer.parameter("transfer-syntax"));
            if let Some(named) = named {
                self.parameters.push(("transfer-syntax".to_owned(), named.to_owned()));
            }
        }
        self
    }

    pub(crate) fn is_multipart(&self) -> bool {
        self.essence.starts_with("multipart/")
    }
}

/// Splits at semicolons outside quotes.
fn split(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut quote = None;
    for character in text.chars() {
        match (quote, character) {
            (None, ';') => {
                pieces.push(String::new());
                continue;
            }
            // A single quote opens only where a value begins; elsewhere it is a letter of a token.
            (None, '"') => quote = Some('"'),
            (None, '\'') if pieces.last().is_some_and(|p| p.ends_with('=')) => quote = Some('\''),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        if let Some(last) = pieces.last_mut() {
            last.push(character);
        }
    }
    pieces
}

fn unquoted(text: &str) -> String {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.strip_suffix(quote).unwrap_or(inner).replace('\\', "");
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::MediaType;

    #[test]
    fn types_of_real_servers_are_read() {
        let orthanc = MediaType::parse(
            r#"multipart/related; type="image/jls; transfer-syntax=1.2.840.10008.1.2.4.80"; boundary=f5-a=b_c"#,
        );
        assert_eq!(orthanc.essence(), "multipart/related");
        assert_eq!(orthanc.parameter("boundary"), Some("f5-a=b_c"));
        let parts = orthanc.of_parts().unwrap();
        assert_eq!(
            (parts.essence(), parts.transfer_syntax()),
            ("image/jls", Some("1.2.840.10008.1.2.4.80"))
        );

        let unquoted = MediaType::parse("Multipart/Related;type=application/dicom;BOUNDARY=\"a;b\"; start=x");
        assert!(unquoted.is_multipart());
        assert_eq!(unquoted.of_parts().unwrap().essence(), "application/dicom");
        assert_eq!(unquoted.parameter("boundary"), Some("a;b"));

        let single = MediaType::parse("multipart/related; type='application/octed-stream';boundary='bo und'");
        assert_eq!(single.parameter("boundary"), Some("bo und"));
        assert_eq!(MediaType::parse("").essence(), "");
    }

    #[test]
    fn a_part_without_a_syntax_takes_the_outer_one_or_the_default() {
        let outer = MediaType::parse(r#"multipart/related; type="application/dicom"; transfer-syntax=1.2.3"#);
        let part = MediaType::parse("application/dicom").with_syntax_of(&outer);
        assert_eq!(part.transfer_syntax(), Some("1.2.3"));
        let own = MediaType::parse("application/dicom; transfer-syntax=4.5").with_syntax_of(&outer);
        assert_eq!(own.transfer_syntax(), Some("4.5"));
        assert_eq!(
            MediaType::parse("image/jphc").transfer_syntax(),
            Some("1.2.840.10008.1.2.4.201")
        );
        assert_eq!(MediaType::parse("image/png").transfer_syntax(), None);
    }
}
