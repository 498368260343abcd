//! How one key matches one attribute (PS3.4 C.2.2.2).

use dicom_core::VR;
use dicom_object::mem::InMemElement;

/// What a key asks of an attribute, by its value representation.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Rule {
    /// Everything, also an absent attribute: an empty key, or `*` alone.
    Any,
    /// One of these, exactly (UI).
    OneOf(Vec<String>),
    /// Between two ends, which are inclusive and written with the same number of digits as [`comparable`] gives (DA, TM).
    Between(String, String),
    /// A number of this value (IS, DS, US …).
    Number(f64),
    /// One of these codes, which may hold wild cards (CS).
    Codes(Vec<String>),
    /// A text with wild cards, case and accents as written.
    Text(String),
    /// A person's name: component groups with wild cards, in lower case.
    Person(Vec<String>),
}

impl Rule {
    /// The rule of a key's value; `None` when the value makes no sense for the representation.
    pub(super) fn new(vr: VR, value: &str) -> Option<Self> {
        let value = value.trim_matches([' ', '\0']);
        if value.is_empty() || value == "*" {
            return Some(Self::Any);
        }
        match vr {
            VR::UI => {
                let list: Vec<String> = value.split([',', '\\']).map(|uid| uid.trim().to_owned()).collect();
                let valid = |uid: &String| uid.len() <= 64 && uid.bytes().all(|b| b.is_ascii_digit() || b == b'.');
                (list.iter().all(valid) && list.iter().any(|uid| !uid.is_empty())).then_some(Self::OneOf(list))
            }
            VR::DA | VR::TM => range(vr, value),
            VR::IS | VR::DS | VR::US | VR::SS | VR::UL | VR::SL | VR::FL | VR::FD => {
                value.parse().ok().filter(|n: &f64| n.is_finite()).map(Self::Number)
            }
            VR::CS => Some(Self::Codes(
                value.split([',', '\\']).map(|code| code.trim().to_owned()).collect(),
            )),
            VR::PN => Some(Self::Person(value.to_lowercase().split('=').map(name).collect())),
            VR::SQ | VR::OB | VR::OW | VR::UN => None,
            _ => Some(Self::Text(value.to_owned())),
        }
    }

    /// Whether an attribute matches; any one of its values is enough.
    pub(super) fn matches(&self, element: Option<&InMemElement>) -> bool {
        if *self == Self::Any {
            return true;
        }
        let Some(primitive) = element.and_then(|element| element.value().primitive()) else {
            return false;
        };
        let vr = element.map_or(VR::UN, |element| element.header().vr);
        primitive
            .to_multi_str()
            .iter()
            .flat_map(|value| value.split('\\'))
            .map(|value| value.trim_matches([' ', '\0']))
            .filter(|value| !value.is_empty())
            .any(|value| self.matches_value(vr, value))
    }

    fn matches_value(&self, vr: VR, value: &str) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(list) => list.iter().any(|uid| uid == value),
            Self::Between(from, to) => comparable(vr, value, '0').is_some_and(|value| *from <= value && value <= *to),
            Self::Number(number) => value.parse::<f64>().is_ok_and(|value| value == *number),
            Self::Codes(list) => list.iter().any(|pattern| wild(pattern, value)),
            Self::Text(pattern) => wild(pattern, value),
            Self::Person(asked) => {
                let value = value.to_lowercase();
                let groups: Vec<String> = value.split('=').map(name).collect();
                match asked.as_slice() {
                    // One group may be any of the three, so that a name is found in each script it is written in.
                    [one] => groups.iter().any(|group| wild(one, group)),
                    several => several
                        .iter()
                        .enumerate()
                        .all(|(at, asked)| asked.is_empty() || groups.get(at).is_some_and(|group| wild(asked, group))),
                }
            }
        }
    }
}

/// A component group without trailing empty components.
fn name(group: &str) -> String {
    group.trim_end_matches(['^', ' ']).to_owned()
}

/// `from-to`, `from-`, `-to`, or one date or time, which is a range as fine as it is written.
fn range(vr: VR, value: &str) -> Option<Rule> {
    let (from, to) = match value.split_once('-') {
        Some((from, to)) => (from.trim(), to.trim()),
        None => (value, value),
    };
    if from.is_empty() && to.is_empty() {
        return None;
    }
    let from = if from.is_empty() {
        String::new()
    } else {
        comparable(vr, from, '0')?
    };
    let to = if to.is_empty() {
        // Sorts behind every digit.
        ":".to_owned()
    } else {
        comparable(vr, to, '9')?
    };
    Some(Rule::Between(from, to))
}

/// A date as 8 digits, or a time as 12 (to the microsecond; what is not written is filled up).
fn comparable(vr: VR, value: &str, fill: char) -> Option<String> {
    let digits: String = value.chars().filter(|c| !matches!(c, '.' | ':')).collect();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match vr {
        VR::DA => (digits.len() == 8).then_some(digits),
        _ => {
            let whole = value.split('.').next().unwrap_or_default().replace(':', "");
            (matches!(whole.len(), 2 | 4 | 6) && digits.len() <= 12)
                .then(|| digits.clone() + &fill.to_string().repeat(12 - digits.len()))
        }
    }
}

/// Wild card matching: `*` is any run of characters, `?` is any one; linear, whatever the pattern.
fn wild(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the last star stood, and how much of the text it has swallowed.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, swallowed)) => {
                    star = Some((at, swallowed + 1));
                    p = at + 1;
                    t = swallowed + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, PrimitiveValue, Tag};

    use super::*;

    /// Representation, key, stored value, whether they match.
    const CASES: &[(VR, &str, &str, bool)] = &[
        (VR::LO, "", "anything", true),
        (VR::LO, "*", "", true),
        (VR::LO, "A1", "A1 ", true),
        (VR::LO, "a1", "A1", false),
        (VR::LO, "A1", "", false),
        (VR::LO, "A*", "A1", true),
        (VR::LO, "A?", "A12", false),
        (VR::LO, "*1*3", "A1243", true),
        (
            VR::LO,
            "*a*a*a*a*a*a*b",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            false,
        ),
        (VR::LO, "ü?", "üß", true),
        (VR::PN, "doe", "DOE^JANE", false),
        (VR::PN, "doe*", "DOE^JANE", true),
        (VR::PN, "Doe^Jane", "DOE^JANE^^^", true),
        (VR::PN, "DOE^JANE^^", "Doe^Jane", true),
        (VR::PN, "山田*", "Yamada^Tarou=山田^太郎=やまだ^たろう", true),
        (VR::PN, "yamada*=山*", "Yamada^Tarou=山田^太郎", true),
        (VR::PN, "=山*", "Yamada^Tarou=山田^太郎", true),
        (VR::PN, "=yamada*", "Yamada^Tarou=山田^太郎", false),
        (VR::PN, "ÉL*", "élodie", true),
        (VR::CS, "CT", "CT", true),
        (VR::CS, "CT\\MR", "MR", true),
        (VR::CS, "CT,MR", "US", false),
        (VR::UI, "1.2", "1.2.3", false),
        (VR::UI, "1.2,1.2.3", "1.2.3", true),
        (VR::UI, "1.2\\1.2.3", "1.2.3", true),
        (VR::DA, "20240101", "20240101", true),
        (VR::DA, "20240101-", "20231231", false),
        (VR::DA, "20240101-", "20240101", true),
        (VR::DA, "-20240101", "20240101", true),
        (VR::DA, "-20240101", "20240102", false),
        (VR::DA, "20240101-20240131", "20240115", true),
        (VR::DA, "20240101-20240131", "2024.01.15", true),
        (VR::DA, "20240101-20240131", "unknown", false),
        (VR::TM, "10", "105959.5", true),
        (VR::TM, "1030", "103059.999999", true),
        (VR::TM, "1030", "1031", false),
        (VR::TM, "10-11", "115959", true),
        (VR::TM, "1000-", "0959", false),
        (VR::TM, "103015.5", "103015.5", true),
        (VR::IS, "7", "07", true),
        (VR::IS, "7", "70", false),
        (VR::DS, "0.5", ".50", true),
    ];

    #[test]
    fn keys_match_as_the_standard_says() {
        for (vr, key, stored, expected) in CASES {
            let element = DataElement::new(Tag(8, 8), *vr, PrimitiveValue::from(*stored));
            let rule = Rule::new(*vr, key).unwrap_or_else(|| panic!("{vr} {key} is a key"));
            assert_eq!(rule.matches(Some(&element)), *expected, "{vr} {key:?} on {stored:?}");
        }
    }

    #[test]
    fn one_of_several_values_is_enough_and_an_absent_attribute_matches_nothing_but_any() {
        let two = DataElement::new(
            Tag(8, 0x61),
            VR::CS,
            PrimitiveValue::Strs(["CT".to_owned(), "PT".to_owned()].as_slice().into()),
        );
        assert!(Rule::new(VR::CS, "PT").unwrap().matches(Some(&two)));
        assert!(!Rule::new(VR::CS, "MR").unwrap().matches(Some(&two)));
        assert!(!Rule::new(VR::CS, "PT").unwrap().matches(None));
        assert!(Rule::new(VR::CS, "").unwrap().matches(None));
    }

    #[test]
    fn nonsense_is_no_key() {
        for (vr, key) in [
            (VR::DA, "yesterday"),
            (VR::DA, "2024"),
            (VR::DA, "-"),
            (VR::DA, "20240101-soon"),
            (VR::TM, "1"),
            (VR::TM, "10:3"),
            (VR::UI, "../../etc"),
            (VR::UI, ","),
            (VR::IS, "many"),
            (VR::DS, "NaN"),
        ] {
            assert_eq!(Rule::new(vr, key), None, "{vr} {key}");
        }
    }
}
