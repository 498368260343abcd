//! Names, dates, times and ages as the reader's screen writes them.

use dicom_core::chrono::{Datelike, NaiveDate};

use crate::PatientIdentity;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The parts of one component group of a person's name (PS3.5 6.2.1.1).
struct Group {
    family: String,
    /// Given and middle names.
    given: Vec<String>,
    suffix: String,
}

fn group(text: &str) -> Group {
    let mut parts = text.split('^').map(one_line);
    let mut next = || parts.next().unwrap_or_default();
    let (family, given, middle, _prefix, suffix) = (next(), next(), next(), next(), next());
    Group {
        family,
        given: [given, middle].into_iter().filter(|part| !part.is_empty()).collect(),
        suffix,
    }
}

impl Group {
    fn is_empty(&self) -> bool {
        self.family.is_empty() && self.given.is_empty()
    }
    /// "Family, Given Middle Suffix".
    fn listed(&self) -> String {
        let mut after = self.given.clone();
        after.extend((!self.suffix.is_empty()).then(|| self.suffix.clone()));
        match (self.family.is_empty(), after.is_empty()) {
            (_, true) => self.family.clone(),
            (true, false) => after.join(" "),
            (false, false) => format!("{}, {}", self.family, after.join(" ")),
        }
    }
    /// "Family Given", as ideographs are written.
    fn in_a_row(&self) -> String {
        let mut all = vec![self.family.clone()];
        all.extend(self.given.iter().cloned());
        all.retain(|part| !part.is_empty());
        all.join(" ")
    }
}

/// Control characters, and those that turn the direction of the text around them, become spaces: a name is one line.
fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() || turns(c) { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A person's name (PS3.5 6.2.1) for a heading: `Yamada^Tarou=山田^太郎` becomes `Yamada, Tarou (山田 太郎)`; titles are left out,
/// the letters stay as they are stored.
pub fn person(name: &str) -> String {
    let mut groups = name.split('=').map(group);
    let mut next = || groups.next().filter(|group| !group.is_empty());
    let (alphabetic, ideographic, phonetic) = (next(), next(), next());
    match (alphabetic, ideographic.or(phonetic)) {
        (Some(first), Some(second)) => format!("{} ({})", first.listed(), second.in_a_row()),
        (Some(only), None) => only.listed(),
        (None, Some(only)) => only.in_a_row(),
        (None, None) => String::new(),
    }
}

/// A person's name for a tile: family name and the given name's first letter, `Yamada, T`; ideographs are not shortened.
pub fn short_person(name: &str) -> String {
    let mut groups = name.split('=').map(group);
    let Some(first) = groups.next().filter(|group| !group.is_empty()) else {
        return groups
            .find(|group| !group.is_empty())
            .map(|group| group.in_a_row())
            .unwrap_or_default();
    };
    let initial = first.given.first().and_then(|given| given.chars().next());
    match (first.family.is_empty(), initial) {
        (true, _) => first.listed(),
        (false, Some(initial)) => format!("{}, {initial}", first.family),
        (false, None) => first.family,
    }
}

/// A Date (DA; also the old form with dots, and DICOM JSON's with hyphens) as a calendar date.
fn calendar(text: &str) -> Option<NaiveDate> {
    let text = text.trim_matches([' ', '\0']);
    let digits: String = match text.as_bytes() {
        [_, _, _, _, b'.' | b'-', _, _, b'.' | b'-', _, _] => text.split(['.', '-']).collect(),
        _ => text.to_owned(),
    };
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    NaiveDate::from_ymd_opt(
        digits.get(..4)?.parse().ok()?,
        digits.get(4..6)?.parse().ok()?,
        digits.get(6..)?.parse().ok()?,
    )
}

/// A Date as `12 Mar 1972`; the raw text, on one line, when it is no date.
pub fn date(text: &str) -> String {
    match calendar(text) {
        Some(day) => format!("{} {} {:04}", day.day(), MONTHS[day.month0() as usize], day.year()),
        None => one_line(text),
    }
}

/// A Time (TM) as `10:15`; the raw text, on one line, when it is no time.
pub fn time(text: &str) -> String {
    let digits: String = text.trim_matches([' ', '\0']).chars().filter(|&c| c != ':').collect();
    let hour = digits
        .get(..2)
        .and_then(|part| part.parse::<u32>().ok())
        .filter(|&hour| hour < 24);
    let minute = digits
        .get(2..4)
        .and_then(|part| part.parse::<u32>().ok())
        .filter(|&minute| minute < 60);
    match (hour, minute) {
        (Some(hour), Some(minute)) => format!("{hour:02}:{minute:02}"),
        _ => one_line(text),
    }
}

/// Whole months from one day to a later one.
fn whole_months(from: NaiveDate, to: NaiveDate) -> u32 {
    let estimate = (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32;
    let estimate = u32::try_from(estimate).unwrap_or(0);
    let reached = to.day() >= from.day();
    if reached { estimate } else { estimate.saturating_sub(1) }
}

/// The patient's age at the study, with its unit: `54 y`, below two years `7 mo`, below two months `3 d`; empty when unknown.
///
/// Counted from the birth date where both dates are dates, else taken from Patient's Age (0010,1010).
pub fn age(patient: &PatientIdentity, study_date: &str) -> String {
    if let (Some(birth), Some(study)) = (calendar(patient.birth_date.to_reader()), calendar(study_date))
        && birth <= study
    {
        let months = whole_months(birth, study);
        return match months {
            24.. => format!("{} y", months / 12),
            2..24 => format!("{months} mo"),
            _ => format!("{} d", (study - birth).num_days()),
        };
    }
    let stored = patient.age.to_reader().trim_matches([' ', '\0']);
    let split = stored.len().saturating_sub(1);
    let (Some(number), Some(unit)) = (stored.get(..split), stored.get(split..)) else {
        return String::new();
    };
    let unit = match unit {
        "Y" => "y",
        "M" => "mo",
        "W" => "wk",
        "D" => "d",
        _ => return String::new(),
    };
    number
        .parse::<u32>()
        .map(|number| format!("{number} {unit}"))
        .unwrap_or_default()
}

/// Patient's Sex (0010,0040) as one letter, `F`, `M` or `O`; empty when unknown.
pub fn sex(patient: &PatientIdentity) -> &'static str {
    match patient.sex.to_reader() {
        "F" => "F",
        "M" => "M",
        "O" => "O",
        _ => "",
    }
}

/// How far apart two study dates are, in either order: `6 months`; empty when one is no date.
pub fn between(prior: &str, current: &str) -> String {
    let (Some(a), Some(b)) = (calendar(prior), calendar(current)) else {
        return String::new();
    };
    let (earlier, later) = (a.min(b), a.max(b));
    let days = (later - earlier).num_days();
    let months = whole_months(earlier, later);
    let counted = |n: i64, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    match (days, months) {
        (0, _) => "same day".to_owned(),
        (..14, _) => counted(days, "day"),
        (..60, _) => counted(days / 7, "week"),
        (_, ..24) => counted(i64::from(months.max(1)), "month"),
        _ => counted(i64::from(months / 12), "year"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reader;

    #[test]
    fn a_name_is_family_then_given_in_the_letters_it_is_stored_in() {
        for (stored, heading, tile) in [
            (
                "Adams^John Robert Quincy^^Rev.^B.A. M.Div.",
                "Adams, John Robert Quincy B.A. M.Div.",
                "Adams, J",
            ),
            (
                "YAMADA^Tarou=山田^太郎=やまだ^たろう",
                "YAMADA, Tarou (山田 太郎)",
                "YAMADA, T",
            ),
            ("=山田^太郎=やまだ^たろう", "山田 太郎", "山田 太郎"),
            ("כהן^דוד 3", "כהן, דוד 3", "כהן, ד"),
            ("Smith John ", "Smith John", "Smith John"),
            ("^Prince", "Prince", "Prince"),
            (
                "Müller-Lüdenscheidt^Älva^Österreich",
                "Müller-Lüdenscheidt, Älva Österreich",
                "Müller-Lüdenscheidt, Ä",
            ),
            ("^^^^", "", ""),
            ("", "", ""),
        ] {
            assert_eq!(
                (person(stored).as_str(), short_person(stored).as_str()),
                (heading, tile)
            );
        }
    }

    #[test]
    fn a_name_cannot_break_out_of_its_line() {
        assert_eq!(person("Do\ne^J\u{202e}ane\u{1b}"), "Do e, J ane");
        let long = "x".repeat(64 << 10);
        assert_eq!(person(&long), long);
    }

    #[test]
    fn dates_and_times_are_written_out_or_left_as_they_are() {
        for (stored, written) in [
            ("19720312", "12 Mar 1972"),
            ("1972.03.12", "12 Mar 1972"),
            ("1972-03-12", "12 Mar 1972"),
            ("20240229 ", "29 Feb 2024"),
            ("20230229", "20230229"),
            ("unknown", "unknown"),
            ("", ""),
            ("ÄÖ12345", "ÄÖ12345"),
        ] {
            assert_eq!(date(stored), written);
        }
        for (stored, written) in [
            ("101530.250", "10:15"),
            ("0905", "09:05"),
            ("10:15:30", "10:15"),
            ("2560", "2560"),
            ("10", "10"),
            ("", ""),
        ] {
            assert_eq!(time(stored), written);
        }
    }

    #[test]
    fn an_age_has_its_unit() {
        let patient = |birth: &str, age: &str| PatientIdentity {
            birth_date: Reader::new(birth),
            age: Reader::new(age),
            ..PatientIdentity::default()
        };
        for (birth, stored, study, written) in [
            ("19720312", "", "20261124", "54 y"),
            ("19720312", "", "20260311", "53 y"),
            ("20260401", "", "20261124", "7 mo"),
            ("20241125", "", "20261124", "23 mo"),
            ("20261121", "", "20261124", "3 d"),
            ("20240229", "", "20260228", "23 mo"),
            ("", "054Y", "20261124", "54 y"),
            ("", "007M", "", "7 mo"),
            ("", "002W", "", "2 wk"),
            ("20270101", "003D", "20261124", "3 d"),
            ("", "Y", "", ""),
            ("", "", "", ""),
            ("", "ä", "", ""),
        ] {
            assert_eq!(age(&patient(birth, stored), study), written, "{birth} {stored} {study}");
        }
    }

    #[test]
    fn the_time_between_two_studies_is_said_in_the_largest_unit_that_is_still_exact_enough() {
        for (prior, current, words) in [
            ("20260524", "20261124", "6 months"),
            ("20261124", "20260524", "6 months"),
            ("20261124", "20261124", "same day"),
            ("20261123", "20261124", "1 day"),
            ("20261101", "20261124", "3 weeks"),
            ("20241124", "20261124", "2 years"),
            ("20250101", "20261124", "22 months"),
            ("", "20261124", ""),
        ] {
            assert_eq!(between(prior, current), words);
        }
    }
}
