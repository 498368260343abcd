//! The question: match keys, what to answer with, and which part of the list (PS3.18 8.3.4).

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::StandardDataDictionary;

use super::rule::Rule;
use crate::problem::Problem;
use crate::store::{self, Level};

/// Rows that one answer holds at most; the rest is asked for with an offset.
pub(super) const MOST_ROWS: usize = 5_000;
/// Parameters that one request may have.
const MOST_PARAMETERS: usize = 256;

/// One key: where its attribute stands, and what it asks of it.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) level: Level,
    /// The attribute, or sequences down to it.
    pub(super) path: Vec<Tag>,
    pub(super) rule: Rule,
}

/// The whole question.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) keys: Vec<Key>,
    /// Attributes that are asked for besides those that every answer holds.
    pub(super) include: Vec<Tag>,
    pub(super) include_all: bool,
    pub(super) limit: usize,
    pub(super) offset: usize,
    /// Sentences for Warning headers.
    pub(super) warnings: Vec<&'static str>,
}

impl Request {
    /// Reads the parameters of a search on a level.
    ///
    /// # Errors
    /// 400 for values that make no sense; unknown attributes only lead to a warning.
    pub(super) fn read(level: Level, parameters: &[(String, String)]) -> Result<Self, Problem> {
        if parameters.len() > MOST_PARAMETERS {
            return Err(Problem::malformed("The search has more than 256 parameters."));
        }
        let mut request = Self {
            keys: Vec::new(),
            include: Vec::new(),
            include_all: false,
            limit: MOST_ROWS,
            offset: 0,
            warnings: Vec::new(),
        };
        for (name, value) in parameters {
            match name.as_str() {
                "limit" => request.limit = number("limit", value)?.min(MOST_ROWS),
                "offset" => request.offset = number("offset", value)?,
                "fuzzymatching" => request.fuzzy(value)?,
                "includefield" => request.include(level, value),
                "emptyvaluematching" | "multiplevaluematching" if value == "false" => {}
                // Looked at where the form of the answer is chosen; the text is UTF-8 in any case.
                "accept" | "charset" => {}
                _ => request.key(level, name, value)?,
            }
        }
        Ok(request)
    }

    fn fuzzy(&mut self, value: &str) -> Result<(), Problem> {
        match value {
            "true" => {
                self.warn("The fuzzymatching parameter is not supported. Only literal matching has been performed.");
                Ok(())
            }
            "false" => Ok(()),
            _ => Err(Problem::malformed("The parameter fuzzymatching is true or false.")),
        }
    }

    fn include(&mut self, level: Level, value: &str) {
        for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            if name == "all" {
                self.include_all = true;
                continue;
            }
            match path(name).and_then(|(path, _)| path.first().copied()) {
                Some(tag) if level_of(level, tag).is_some() => self.include.push(tag),
                _ => self.warn("Some attributes of includefield are not known on this level and were left out."),
            }
        }
    }

    fn key(&mut self, level: Level, name: &str, value: &str) -> Result<(), Problem> {
        let found = path(name).and_then(|(path, vr)| {
            let at = level_of(level, *path.first()?)?;
            Some((path, vr, at))
        });
        let Some((path, vr, level)) = found else {
            self.warn("Some parameters are not known on this level and were not used for matching.");
            return Ok(());
        };
        let rule = match Rule::new(vr, value) {
            Some(rule) => rule,
            None if vr == VR::SQ => {
                self.warn("Some parameters are not known on this level and were not used for matching.");
                return Ok(());
            }
            None => {
                return Err(Problem::malformed(format!(
                    "The value of a search key is no {vr} value; dates are written 20240131 or 20240101-20240131, times 1030."
                )));
            }
        };
        self.include.extend(path.first());
        self.keys.push(Key { level, path, rule });
        Ok(())
    }

    fn warn(&mut self, sentence: &'static str) {
        if !self.warnings.contains(&sentence) {
            self.warnings.push(sentence);
        }
    }
}

fn number(name: &'static str, value: &str) -> Result<usize, Problem> {
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    // More digits than fit are simply a very great number.
    digits
        .then(|| value.parse().unwrap_or(usize::MAX))
        .ok_or_else(|| Problem::malformed(format!("The parameter {name} is a whole number from 0.")))
}

/// The level at which an attribute is matched by a search on `level`: its own, if that is not below.
fn level_of(level: Level, tag: Tag) -> Option<Level> {
    [Level::Study, Level::Series, Level::Instance]
        .into_iter()
        .filter(|at| *at <= level)
        // An attribute about the answer stands at several levels; the lowest is meant.
        .rfind(|at| store::known(*at).any(|known| known == tag))
}

/// Reads `00100020`, `PatientID`, or either behind sequences and dots; gives the tags and the last one's representation.
fn path(name: &str) -> Option<(Vec<Tag>, VR)> {
    let mut tags = Vec::new();
    let mut vr = VR::UN;
    for part in name.split('.') {
        let hexadecimal = part.len() == 8 && part.bytes().all(|b| b.is_ascii_hexdigit());
        let tag = if hexadecimal {
            let number = u32::from_str_radix(part, 16).ok()?;
            Tag((number >> 16) as u16, number as u16)
        } else {
            StandardDataDictionary.by_name(part)?.tag()
        };
        vr = StandardDataDictionary.by_tag(tag)?.vr().relaxed();
        tags.push(tag);
    }
    Some((tags, vr))
}

#[cfg(test)]
mod tests {
    use dicom_dictionary_std::tags;

    use super::*;

    fn read(level: Level, parameters: &[(&str, &str)]) -> Result<Request, Problem> {
        let owned: Vec<_> = parameters
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Request::read(level, &owned)
    }

    #[test]
    fn keys_are_read_by_keyword_by_tag_and_by_path() {
        let request = read(
            Level::Instance,
            &[
                ("PatientID", "A"),
                ("0020000D", "1.2"),
                ("RequestAttributesSequence.ScheduledProcedureStepID", "S"),
                ("00400275.00401001", "R"),
                ("includefield", "Rows,00280011"),
                ("includefield", "all"),
            ],
        )
        .unwrap();
        let paths: Vec<_> = request.keys.iter().map(|key| (key.level, key.path.clone())).collect();
        assert_eq!(
            paths,
            [
                (Level::Study, vec![tags::PATIENT_ID]),
                (Level::Study, vec![tags::STUDY_INSTANCE_UID]),
                (
                    Level::Series,
                    vec![tags::REQUEST_ATTRIBUTES_SEQUENCE, tags::SCHEDULED_PROCEDURE_STEP_ID]
                ),
                (
                    Level::Series,
                    vec![tags::REQUEST_ATTRIBUTES_SEQUENCE, tags::REQUESTED_PROCEDURE_ID]
                ),
            ]
        );
        assert!(request.include_all && request.include.contains(&tags::COLUMNS));
        assert!(request.warnings.is_empty());
    }

    #[test]
    fn what_is_unknown_warns_and_what_is_malformed_fails() {
        let request = read(
            Level::Study,
            &[
                ("Modality", "CT"),
                ("Nonsense", "1"),
                ("\u{1f600}\u{1f600}", "x"),
                ("fuzzymatching", "true"),
                ("limit", "99999999999999999999999"),
            ],
        )
        .unwrap();
        assert!(request.keys.is_empty());
        assert_eq!(request.warnings.len(), 2, "each sentence once");
        assert_eq!(request.limit, MOST_ROWS);
        for wrong in [
            ("limit", "-1"),
            ("limit", "ten"),
            ("offset", ""),
            ("fuzzymatching", "maybe"),
            ("StudyDate", "yesterday"),
            ("StudyInstanceUID", "1.2/../3"),
        ] {
            let problem = read(Level::Study, &[wrong]).unwrap_err();
            assert_eq!(problem.status, axum::http::StatusCode::BAD_REQUEST, "{wrong:?}");
        }
    }
}
