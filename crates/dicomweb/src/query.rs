//! A question to the list of studies, series or instances (QIDO-RS, PS3.18 section 10.6), and its answer.

use crate::Row;

/// What the rows of an answer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Studies.
    Study,
    /// Series: of one study, or of all.
    Series,
    /// Instances: of one series, of one study, or of all.
    Instance,
}

/// A question. Matches and fields are named by keyword (`PatientName`) or by tag (`00100010`).
#[derive(Clone)]
pub struct Query {
    /// What is asked for.
    pub level: Level,
    /// Only within this study (Study Instance UID).
    pub study: Option<String>,
    /// Only within this series (Series Instance UID); needs the study.
    pub series: Option<String>,
    /// Keys with what they must match: exact, with `*` and `?`, or a range `20260101-20261231`. Empty values are left out.
    pub matches: Vec<(String, String)>,
    /// Further fields for the rows; a server may leave them out all the same.
    pub include: Vec<String>,
    /// Ask for a fuzzy match of names; servers differ in what that means.
    pub fuzzy: bool,
    /// The most rows; a server may give fewer or more.
    pub limit: Option<u32>,
    /// Rows to skip.
    pub offset: u32,
}

impl Query {
    /// All studies.
    pub fn studies() -> Self {
        Self::at(Level::Study, None, None)
    }

    /// The series of a study.
    pub fn series_of(study: &str) -> Self {
        Self::at(Level::Series, Some(study), None)
    }

    /// The instances of a study, or of one of its series.
    pub fn instances_of(study: &str, series: Option<&str>) -> Self {
        Self::at(Level::Instance, Some(study), series)
    }

    fn at(level: Level, study: Option<&str>, series: Option<&str>) -> Self {
        Self {
            level,
            study: study.map(str::to_owned),
            series: series.map(str::to_owned),
            matches: Vec::new(),
            include: Vec::new(),
            fuzzy: false,
            limit: None,
            offset: 0,
        }
    }

    /// Adds a key to match.
    #[must_use]
    pub fn matching(mut self, key: &str, value: &str) -> Self {
        self.matches.push((key.to_owned(), value.to_owned()));
        self
    }

    /// Adds a field for the rows.
    #[must_use]
    pub fn including(mut self, key: &str) -> Self {
        self.include.push(key.to_owned());
        self
    }

    /// Sets the most rows.
    #[must_use]
    pub fn limited(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The path below the root.
    pub(crate) fn path(&self) -> Vec<&str> {
        let mut path = Vec::new();
        if self.level != Level::Study
            && let Some(study) = &self.study
        {
            path.extend(["studies", study.as_str()]);
            if self.level == Level::Instance
                && let Some(series) = &self.series
            {
                path.extend(["series", series.as_str()]);
            }
        }
        path.push(match self.level {
            Level::Study => "studies",
            Level::Series => "series",
            Level::Instance => "instances",
        });
        path
    }

    /// The part after the question mark. A space becomes `%20`: not every server reads `+`.
    pub(crate) fn parameters(&self) -> String {
        let mut text = String::new();
        let mut add = |key: &str, value: &str| {
            if !text.is_empty() {
                text.push('&');
            }
            escape(key, &mut text);
            text.push('=');
            escape(value, &mut text);
        };
        if self.level == Level::Study
            && let Some(study) = &self.study
        {
            add("StudyInstanceUID", study);
        }
        if let Some(series) = &self.series
            && (self.level == Level::Series || (self.level == Level::Instance && self.study.is_none()))
        {
            add("SeriesInstanceUID", series);
        }
        for (key, value) in &self.matches {
            if !value.trim().is_empty() {
                add(key, value.trim());
            }
        }
        for field in &self.include {
            add("includefield", field);
        }
        if self.fuzzy {
            add("fuzzymatching", "true");
        }
        if let Some(limit) = self.limit {
            add("limit", &limit.to_string());
        }
        if self.offset > 0 {
            add("offset", &self.offset.to_string());
        }
        text
    }
}

impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Query")
            .field("level", &self.level)
            .field("matches", &self.matches.len())
            .field("limit", &self.limit)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

/// Percent-encodes what must be, and no more: some servers (Orthanc 1.10 is one) do not decode their parameters, so that what can
/// stand in an address as it is must do so.
fn escape(value: &str, into: &mut String) {
    for byte in value.bytes() {
        if stands(byte) {
            into.push(byte as char);
        } else {
            into.push('%');
            for nibble in [byte >> 4, byte & 15] {
                into.push(char::from(b"0123456789ABCDEF"[usize::from(nibble)]));
            }
        }
    }
}

/// A byte can stand in a parameter as it is.
pub(crate) fn stands(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~*?^,:@/!$()".contains(&byte)
}

/// The rows of a list or of metadata.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The rows that could be read, each with its oddities.
    pub rows: Vec<Row>,
    /// The answer came to its end and every row could be read.
    pub whole: bool,
    /// There are, or may be, more rows: the page is full or the server says so.
    pub more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_a_path_and_escaped_parameters() {
        let query = Query {
            fuzzy: true,
            offset: 50,
            ..Query::studies()
                .matching("PatientName", "Müller^J*")
                .matching("StudyDate", "20260101-20261231")
                .matching("StudyDescription", "a & b=c+d/e")
                .matching("PatientID", " ")
                .including("00081030")
                .including("StudyTime")
                .limited(25)
        };
        assert_eq!(query.path(), ["studies"]);
        assert_eq!(
            query.parameters(),
            "PatientName=M%C3%BCller^J*&StudyDate=20260101-20261231&StudyDescription=a%20%26%20b%3Dc%2Bd/e\
             &includefield=00081030&includefield=StudyTime&fuzzymatching=true&limit=25&offset=50"
        );
    }

    #[test]
    fn each_level_has_its_path() {
        assert_eq!(Query::series_of("1.2").path(), ["studies", "1.2", "series"]);
        assert_eq!(Query::instances_of("1.2", None).path(), ["studies", "1.2", "instances"]);
        assert_eq!(
            Query::instances_of("1.2", Some("3.4")).path(),
            ["studies", "1.2", "series", "3.4", "instances"]
        );
        let one = Query {
            study: Some("1.2".into()),
            ..Query::studies()
        };
        assert_eq!(
            (one.path(), one.parameters().as_str()),
            (vec!["studies"], "StudyInstanceUID=1.2")
        );
    }
}
