//! Questions to servers that do not decode their parameters: wildcards where escapes would be, and a look at what comes.

use dicom_core::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;

use crate::query::stands;
use crate::{Query, Row};

impl Query {
    /// The same question for a server that does not decode its parameters: wildcards where escapes would be. It asks for more than
    /// is wanted; [`Query::admits`] tells what is. `None` when there is nothing to decode.
    pub(crate) fn loosened(&self) -> Option<Self> {
        let mut loose = self.clone();
        let mut changed = false;
        for (_, value) in &mut loose.matches {
            if let Some(loosened) = loosened(value.trim()) {
                *value = loosened;
                changed = true;
            }
        }
        changed.then_some(loose)
    }

    /// A row is one that was asked for, as far as the loosened keys can tell; cases and accents do not count.
    pub(crate) fn admits(&self, row: &Row) -> bool {
        self.matches.iter().all(|(key, value)| {
            if loosened(value.trim()).is_none() {
                return true;
            }
            let Some(element) = tag_of(key).and_then(|tag| row.dataset.element(tag).ok()) else {
                return true;
            };
            let Ok(values) = element.to_multi_str() else {
                return true;
            };
            let pattern = folded(value);
            values
                .iter()
                // A name has up to three groups of components (PS3.5 section 6.2.1), any of which may be meant.
                .flat_map(|text| std::iter::once(text.as_str()).chain(text.split('=')))
                .any(|text| matches_wildcard(&pattern, &folded(text)))
        })
    }
}

/// The value with a wildcard in place of each character that would be percent-encoded: a `*` for those beyond ASCII, which some
/// servers drop or write as two; `None` when there is none, or when it is a list, where wildcards mean nothing.
fn loosened(value: &str) -> Option<String> {
    let whole = value.bytes().all(stands) || value.contains('\\');
    (!whole).then(|| {
        let loose = |c: char| match u8::try_from(c) {
            Ok(byte) if stands(byte) => c,
            Ok(byte) if byte.is_ascii() => '?',
            _ => '*',
        };
        value.chars().map(loose).collect()
    })
}

/// A text matches a pattern of `*` and `?`, whatever the case (PS3.4 section C.2.2.2.4).
fn matches_wildcard(pattern: &[char], text: &[char]) -> bool {
    // The place to go back to when what follows a star does not match after all.
    let mut star: Option<(usize, usize)> = None;
    let (mut at, mut p) = (0, 0);
    while let Some(c) = text.get(at) {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, at));
                p += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == c => {
                at += 1;
                p += 1;
            }
            _ => {
                let Some((p_star, at_star)) = star else { return false };
                star = Some((p_star, at_star + 1));
                at = at_star + 1;
                p = p_star + 1;
            }
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// Letters without case and accent, as servers compare them.
fn folded(text: &str) -> Vec<char> {
    const PLAIN: [(&str, char); 19] = [
        ("àáâãäåāăą", 'a'),
        ("çćĉċč", 'c'),
        ("ďđ", 'd'),
        ("èéêëēĕėęě", 'e'),
        ("ĝğġģ", 'g'),
        ("ĥħ", 'h'),
        ("ìíîïĩīĭįı", 'i'),
        ("ĵ", 'j'),
        ("ķ", 'k'),
        ("ĺļľŀł", 'l'),
        ("ñńņň", 'n'),
        ("òóôõöøōŏő", 'o'),
        ("ŕŗř", 'r'),
        ("śŝşš", 's'),
        ("ţťŧ", 't'),
        ("ùúûüũūŭůűų", 'u'),
        ("ŵ", 'w'),
        ("ýÿŷ", 'y'),
        ("źżž", 'z'),
    ];
    let plain = |c: char| {
        PLAIN
            .iter()
            .find(|(accented, _)| accented.contains(c))
            .map_or(c, |(_, plain)| *plain)
    };
    text.trim().to_lowercase().chars().map(plain).collect()
}

fn tag_of(key: &str) -> Option<Tag> {
    if key.len() == 8
        && let Ok(number) = u32::from_str_radix(key, 16)
    {
        return Some(Tag((number >> 16) as u16, number as u16));
    }
    StandardDataDictionary.by_name(key).map(|entry| entry.tag())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loosened_question_asks_for_more_and_admits_what_was_asked_for() {
        let query = Query::studies()
            .matching("AccessionNumber", "A & 1*")
            .matching("PatientName", "Müller^J*")
            .matching("StudyDate", "20260101-")
            .matching("StudyInstanceUID", "1.2\\1.3");
        let loose = query.loosened().unwrap();
        let values: Vec<&str> = loose.matches.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["A???1*", "M*ller^J*", "20260101-", "1.2\\1.3"]);
        assert!(
            Query::studies()
                .matching("PatientName", "DOE^J?ne*")
                .loosened()
                .is_none()
        );
        let row = |accession: &str, name: &str| {
            let text = format!(
                r#"{{"00080050":{{"vr":"SH","Value":["{accession}"]}},"00100010":{{"vr":"PN","Value":[{{"Alphabetic":"{name}"}}]}}}}"#
            );
            crate::rows(text.as_bytes()).0.remove(0)
        };
        assert!(query.admits(&row("a & 12", "Müller^Jörg")));
        assert!(query.admits(&row("a & 12", "MULLER^J")));
        assert!(!query.admits(&row("ABCD12", "Müller^Jörg")));
        assert!(
            !query.admits(&row("a & 12", "Miller^J")),
            "another person is nobody's answer"
        );
        let (rows, _) = crate::rows(
            r#"{"00100010":{"vr":"PN","Value":[{"Alphabetic":"Yamada^Tarou","Ideographic":"山田^太郎"}]}}"#.as_bytes(),
        );
        assert!(Query::studies().matching("PatientName", "山田*").admits(&rows[0]));
        assert!(!Query::studies().matching("PatientName", "山口*").admits(&rows[0]));
    }

    #[test]
    fn wildcards_match_as_the_standard_says() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("a*c*e", "abcde", true),
            ("a*c*e", "abcd", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*ab", "aab", true),
            ("a**", "a", true),
            ("*a*b*a*b*x", "abababababab", false),
        ] {
            let chars = |text: &str| text.chars().collect::<Vec<char>>();
            assert_eq!(
                matches_wildcard(&chars(pattern), &chars(text)),
                expected,
                "{pattern} {text}"
            );
        }
    }
}
