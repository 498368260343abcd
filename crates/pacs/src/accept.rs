//! What form of an answer a client takes (PS3.18 8.7).

use axum::http::{HeaderMap, header};

use crate::problem::Problem;

/// DICOM JSON.
pub(crate) const DICOM_JSON: &str = "application/dicom+json";

/// A media type as it is written: `type/subtype; name=value; name="value"`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Media {
    /// `type/subtype` in lower case.
    pub(crate) essence: String,
    parameters: Vec<(String, String)>,
}

impl Media {
    /// Reads one media type; `None` when there is no `type/subtype`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut pieces = split(text, ';').into_iter();
        let essence = pieces.next()?.trim().to_ascii_lowercase();
        let parameters = pieces
            .filter_map(|piece| {
                let (name, value) = piece.split_once('=')?;
                let value = value.trim().trim_matches('"').to_owned();
                Some((name.trim().to_ascii_lowercase(), value))
            })
            .collect();
        essence.contains('/').then_some(Self { essence, parameters })
    }

    /// A parameter, by its name in lower case.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    fn quality(&self) -> f32 {
        let quality = self.parameter("q").and_then(|q| q.parse().ok());
        quality.filter(|q| (0.0..=1.0).contains(q)).unwrap_or(1.0)
    }
}

/// One form that the client takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Form {
    /// In a multipart/related envelope.
    pub(crate) multipart: bool,
    /// The client leaves it to the server whether there is an envelope (`*/*`).
    pub(crate) either: bool,
    /// Media type of the thing itself, perhaps `*/*` or `image/*`.
    pub(crate) media: String,
    /// The transfer-syntax parameter: a UID, `*` for "as stored", or absent.
    pub(crate) syntax: Option<String>,
}

impl Form {
    fn new(media: &Media) -> Self {
        let syntax = media.parameter("transfer-syntax").map(str::to_owned);
        match media.essence.as_str() {
            "multipart/related" | "multipart/*" => {
                // Some clients write the transfer syntax inside the quotes of the type.
                let inner = media.parameter("type").and_then(Media::parse);
                let within = inner.as_ref().and_then(|inner| inner.parameter("transfer-syntax"));
                Self {
                    multipart: true,
                    either: false,
                    syntax: syntax.or_else(|| within.map(str::to_owned)),
                    media: inner.map_or_else(|| "*/*".to_owned(), |inner| inner.essence),
                }
            }
            essence => Self {
                multipart: false,
                either: essence == "*/*",
                media: essence.to_owned(),
                syntax,
            },
        }
    }

    /// Whether the form takes a media type.
    pub(crate) fn takes(&self, essence: &str) -> bool {
        self.media == "*/*"
            || self.media == essence
            || self
                .media
                .strip_suffix("/*")
                .is_some_and(|kind| essence.split('/').next() == Some(kind))
    }
}

/// The forms that a request takes, best first; the parameter `accept` counts before the header (PS3.18 8.3.3.1), and without
/// either everything is taken.
pub(crate) fn forms(headers: &HeaderMap, parameters: &[(String, String)]) -> Vec<Form> {
    let parameter = parameters.iter().find(|(name, _)| name == "accept");
    let mut written: Vec<&str> = match parameter {
        Some((_, value)) => vec![value],
        None => {
            let headers = headers.get_all(header::ACCEPT).iter();
            headers.filter_map(|value| value.to_str().ok()).collect()
        }
    };
    if written.iter().all(|text| text.trim().is_empty()) {
        written = vec!["*/*"];
    }
    let mut media: Vec<Media> = written
        .iter()
        .flat_map(|text| split(text, ','))
        .filter_map(Media::parse)
        .filter(|media| media.quality() > 0.0)
        .collect();
    media.sort_by(|a, b| b.quality().total_cmp(&a.quality()));
    media.iter().map(Form::new).collect()
}

/// Whether DICOM JSON is taken.
///
/// # Errors
/// 406 when it is not.
pub(crate) fn json(headers: &HeaderMap, parameters: &[(String, String)]) -> Result<(), Problem> {
    let taken = forms(headers, parameters)
        .iter()
        .any(|form| !form.multipart && (form.takes(DICOM_JSON) || form.takes("application/json")));
    taken
        .then_some(())
        .ok_or_else(|| Problem::not_acceptable("This server answers in application/dicom+json only."))
}

/// Splits at a separator that stands outside quotation marks.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(accept: &'static str) -> Vec<Form> {
        let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
        forms(&headers, &[])
    }

    #[test]
    fn forms_come_best_first_with_their_syntax_wherever_it_stands() {
        let forms = of(
            "application/dicom;q=0.5, multipart/related; type=\"application/dicom\"; transfer-syntax=*, \
             multipart/related;type=\"image/jls; transfer-syntax=1.2.3,x\";q=0.9, text/html;q=0",
        );
        let told: Vec<_> = forms
            .iter()
            .map(|f| (f.multipart, f.media.as_str(), f.syntax.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                (true, "application/dicom", Some("*")),
                (true, "image/jls", Some("1.2.3,x")),
                (false, "application/dicom", None),
            ]
        );
    }

    #[test]
    fn nothing_means_everything_and_the_parameter_wins() {
        assert!(forms(&HeaderMap::new(), &[])[0].either);
        assert!(of("")[0].either);
        let parameter = [("accept".to_owned(), "image/png".to_owned())];
        let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static("image/jpeg"))]);
        assert_eq!(forms(&headers, &parameter)[0].media, "image/png");
        assert!(of("image/*")[0].takes("image/png") && !of("image/*")[0].takes("application/dicom"));
        assert!(of("nonsense, ;;,").is_empty());
    }

    #[test]
    fn json_is_taken_or_not() {
        let ask = |accept| {
            json(
                &HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]),
                &[],
            )
        };
        for good in [
            "application/dicom+json",
            "application/json",
            "*/*",
            "text/html, application/*;q=0.1",
        ] {
            assert!(ask(good).is_ok(), "{good}");
        }
        for bad in [
            "multipart/related; type=\"application/dicom+xml\"",
            "text/html",
            "application/dicom",
        ] {
            assert!(ask(bad).is_err(), "{bad}");
        }
    }
}
