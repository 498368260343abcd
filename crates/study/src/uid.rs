//! Unique identifiers that cannot be printed by accident.

use std::fmt;
use std::sync::Arc;

macro_rules! uid {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Accepts a UID of PS3.5 9.1 (1 to 64 characters: digits and dots); `None` for anything else, which may then
            /// not name a cached object, a path or a URL.
            pub fn new(text: &str) -> Option<Self> {
                let text = text.trim_end_matches(['\0', ' ']);
                let valid = !text.is_empty()
                    && text.len() <= 64
                    && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
                    && text.split('.').all(|part| !part.is_empty());
                valid.then(|| Self(text.into()))
            }
            /// The UID of a UUID (PS3.5 B.2).
            pub(crate) fn from_uuid(uuid: u128) -> Self {
                Self(format!("2.25.{uuid}").into())
            }
            /// The UID itself, for a request or for the reader's own eyes; never for a log.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

uid!(
    /// Study Instance UID (0020,000D).
    StudyUid
);
uid!(
    /// Series Instance UID (0020,000E).
    SeriesUid
);
uid!(
    /// SOP Instance UID (0008,0018).
    InstanceUid
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_uid_names_nothing_and_a_uid_is_never_printed() {
        for text in [
            "",
            " ",
            "1.2.",
            ".1",
            "1..2",
            "1.2.x",
            "../1",
            "1/2",
            "1\\2",
            &"1".repeat(65),
        ] {
            assert_eq!(StudyUid::new(text), None, "{text}");
        }
        let uid = StudyUid::new("1.2.840.10008\0").unwrap();
        assert_eq!(uid.as_str(), "1.2.840.10008");
        assert_eq!(format!("{uid:?}"), "StudyUid(…)");
        assert_eq!(StudyUid::new(&"1".repeat(64)).map(|u| u.as_str().len()), Some(64));
    }
}
