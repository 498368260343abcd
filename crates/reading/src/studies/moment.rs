//! When a study was taken, and which of two came first.

/// Study Date and Study Time as digits that sort; empty where they are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    date: String,
    time: String,
}

impl Moment {
    /// Reads a date (DA) and a time (TM); old forms with separators and times without minutes or seconds are taken too.
    pub(crate) fn new(date: &str, time: &str) -> Self {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let mut time = digits(time);
        if !time.is_empty() {
            // Hours, minutes, seconds and six digits of a second (PS3.5 6.2).
            time = format!("{time:0<12}");
        }
        Self {
            date: digits(date),
            time,
        }
    }

    /// `YYYYMMDD`; empty when it is not known.
    pub(crate) fn date(&self) -> &str {
        &self.date
    }

    /// Whether this one surely came first: of one day only times tell, where both are known.
    pub(crate) fn is_before(&self, other: &Self) -> bool {
        if self.date.is_empty() || other.date.is_empty() {
            return false;
        }
        match self.date.cmp(&other.date) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal => !self.time.is_empty() && !other.time.is_empty() && self.time < other.time,
            std::cmp::Ordering::Greater => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_to_be_earlier_is_before() {
        let noon = Moment::new("20261101", "120000");
        for (date, time, before) in [
            ("20261031", "", true),
            ("2026.10.31", "235959", true),
            ("20261101", "11", true),
            ("20261101", "11:59:59.5", true),
            ("20261101", "12", false),
            ("20261101", "120000.000", false),
            ("20261101", "120001", false),
            ("20261101", "", false),
            ("", "110000", false),
            ("20261102", "000000", false),
        ] {
            assert_eq!(Moment::new(date, time).is_before(&noon), before, "{date} {time}");
        }
        assert!(!noon.is_before(&Moment::new("20261101", "")));
    }
}
