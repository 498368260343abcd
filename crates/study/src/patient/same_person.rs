//! Whether two objects speak of the same person.

use super::PatientIdentity;

/// Patient IDs that name nobody.
const PLACEHOLDERS: &str = include_str!("placeholders.txt");

/// What two identities say about each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SamePerson {
    /// The same ID and issuer, and nothing contradicts it.
    Yes,
    /// The same ID and issuer under another name: hangs, with "name then: …".
    OtherName,
    /// The same ID and issuer, but birth date or sex contradicts it: never hangs by itself.
    Contradicted,
    /// Another ID or issuer.
    No,
    /// An ID is empty or a placeholder, which equals nothing, not even itself.
    Unknowable,
}

/// Compares two identities that came from the same server (an absent issuer means that server).
pub fn same_person(a: &PatientIdentity, b: &PatientIdentity) -> SamePerson {
    let (id_a, id_b) = (a.id.to_reader().trim(), b.id.to_reader().trim());
    if names_nobody(id_a) || names_nobody(id_b) {
        return SamePerson::Unknowable;
    }
    let issuers = (a.issuer.to_reader().trim(), b.issuer.to_reader().trim());
    let other_issuer = !issuers.0.is_empty() && !issuers.1.is_empty() && issuers.0 != issuers.1;
    if id_a != id_b || other_issuer {
        return SamePerson::No;
    }
    if births_or_sexes_contradict(a, b) {
        SamePerson::Contradicted
    } else if names_agree(a, b) {
        SamePerson::Yes
    } else {
        SamePerson::OtherName
    }
}

/// Whether name, birth date or sex of two identities contradict each other: for where their IDs say nothing.
///
/// What one of them lacks contradicts nothing.
pub fn words_contradict(a: &PatientIdentity, b: &PatientIdentity) -> bool {
    births_or_sexes_contradict(a, b) || !names_agree(a, b)
}

fn births_or_sexes_contradict(a: &PatientIdentity, b: &PatientIdentity) -> bool {
    let birth_dates = (day(a.birth_date.to_reader()), day(b.birth_date.to_reader()));
    let sexes = (letter(a.sex.to_reader()), letter(b.sex.to_reader()));
    // A birth date of which only the year or the month is known contradicts no day within it.
    let within = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
    contradict(&birth_dates.0, &birth_dates.1, within) || contradict(&sexes.0, &sexes.1, str::eq)
}

fn names_agree(a: &PatientIdentity, b: &PatientIdentity) -> bool {
    share_a_group(&folded_name(a.name.to_reader()), &folded_name(b.name.to_reader()))
}

/// An ID that is empty or stands for "not known".
fn names_nobody(id: &str) -> bool {
    let folded: String = id
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '.' | '_' | '\0'))
        .flat_map(char::to_uppercase)
        .collect();
    let Some(first) = folded.chars().next() else {
        return true;
    };
    let one_character = folded.chars().all(|c| c == first);
    // "0000", "999999", "XXX", "???"; but "7" or "A" may be somebody.
    let filler = one_character
        && (matches!(first, '0' | '?' | '*' | '/') || folded.chars().count() > 2 && !first.is_ascii_digit());
    let nines = one_character && first == '9' && folded.len() > 3;
    filler || nines || PLACEHOLDERS.lines().any(|line| line == folded)
}

/// The digits of a birth date; `None` when it says nothing.
fn day(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.chars().any(|c| c != '0')).then_some(digits)
}

/// M or F; anything else contradicts nothing.
fn letter(text: &str) -> Option<String> {
    let text = text.trim();
    ["M", "F"].contains(&text).then(|| text.to_owned())
}

fn contradict(a: &Option<String>, b: &Option<String>, agree: impl Fn(&str, &str) -> bool) -> bool {
    matches!((a, b), (Some(a), Some(b)) if !agree(a, b))
}

/// Component groups of a name, without case, padding and empty components; titles and degrees do not make another person.
fn folded_name(name: &str) -> Vec<String> {
    name.split('=')
        .map(|group| {
            let parts: Vec<String> = group
                .split(['^', ' ', ','])
                .map(|part| part.trim().to_uppercase())
                .filter(|part| !part.is_empty())
                .collect();
            parts.join(" ")
        })
        .collect()
}

/// Whether two names agree in a component group that both have; a name that is missing altogether contradicts nothing.
fn share_a_group(a: &[String], b: &[String]) -> bool {
    let is_empty = |name: &[String]| name.iter().all(String::is_empty);
    let shared: Vec<bool> = a
        .iter()
        .zip(b)
        .filter(|(a, b)| !a.is_empty() && !b.is_empty())
        .map(|(a, b)| a == b)
        .collect();
    if is_empty(a) || is_empty(b) {
        return true;
    }
    shared.contains(&true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reader;

    fn person(name: &str, id: &str, issuer: &str, birth: &str, sex: &str) -> PatientIdentity {
        PatientIdentity {
            name: Reader::new(name),
            id: Reader::new(id),
            issuer: Reader::new(issuer),
            birth_date: Reader::new(birth),
            sex: Reader::new(sex),
            ..PatientIdentity::default()
        }
    }

    #[test]
    fn identity_is_the_id_and_its_issuer_unless_something_contradicts_it() {
        let ann = person("Miller^Ann", "4711", "", "19720312", "F");
        for (other, verdict) in [
            (ann.clone(), SamePerson::Yes),
            (person("MILLER^ANN ", "4711", "", "", ""), SamePerson::Yes),
            (person("", "4711", "", "19720312", "F"), SamePerson::Yes),
            (
                person("Miller^Ann=山田^花子", "4711", "", "1972.03.12", "O"),
                SamePerson::Yes,
            ),
            (person("Miller^Ann", "4711", "", "1972", "F"), SamePerson::Yes),
            (
                person("Smith^Ann", "4711", "HOSPITAL", "19720312", "F"),
                SamePerson::OtherName,
            ),
            (
                person("Miller^Ann", "4711", "", "19720313", "F"),
                SamePerson::Contradicted,
            ),
            (
                person("Miller^Ann", "4711", "", "19720312", "M"),
                SamePerson::Contradicted,
            ),
            (person("Miller^Ann", "4712", "", "19720312", "F"), SamePerson::No),
            (person("Miller^Ann", "", "", "19720312", "F"), SamePerson::Unknowable),
        ] {
            assert_eq!(same_person(&ann, &other), verdict, "{verdict:?}");
            assert_eq!(same_person(&other, &ann), verdict, "{verdict:?}");
        }
        let a = person("Miller^Ann", "4711", "NORTH", "", "");
        let b = person("Miller^Ann", "4711", "SOUTH", "", "");
        assert_eq!(same_person(&a, &b), SamePerson::No);
    }

    #[test]
    fn words_contradict_where_both_say_something_else() {
        let ann = person("Miller^Ann", "ANON", "", "19720312", "F");
        for (other, contradicted) in [
            (person("MILLER^ANN ", "", "", "1972", ""), false),
            (person("", "ANON", "", "", ""), false),
            (person("Nowak^Jan", "ANON", "", "", ""), true),
            (person("Miller^Ann", "", "", "19910101", ""), true),
            (person("", "", "", "", "M"), true),
        ] {
            assert_eq!(words_contradict(&ann, &other), contradicted);
            assert_eq!(words_contradict(&other, &ann), contradicted);
        }
    }

    #[test]
    fn a_placeholder_equals_nothing_not_even_itself() {
        for id in [
            "ANON", "anon", "Unknown", "0", "000000", "00-00", "XXX", "???", "no id", "N/A", " ", "99999",
        ] {
            let nobody = person("Miller^Ann", id, "", "19720312", "F");
            assert_eq!(same_person(&nobody, &nobody), SamePerson::Unknowable, "{id}");
        }
        for id in ["7", "99", "A", "1111", "ANON-17", "X1"] {
            let somebody = person("Miller^Ann", id, "", "19720312", "F");
            assert_eq!(same_person(&somebody, &somebody), SamePerson::Yes, "{id}");
        }
    }
}
