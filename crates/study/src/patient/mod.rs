//! Who the patient is, as one object says.

use std::fmt;

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use crate::attribute::{text, whole_text};

mod same_person;

pub use same_person::{SamePerson, same_person, words_contradict};

/// Text about a person that prints redacted; `to_reader` gives the words for the screen.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Reader(String);

impl Reader {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The text itself, for the reader's screen or a request; never for a log.
    pub fn to_reader(&self) -> &str {
        &self.0
    }
    /// True when there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(…)")
    }
}

/// The identity that an object carries (PS3.3 C.7.1.1), each text decoded from its character set; empty when absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PatientIdentity {
    /// Patient's Name (0010,0010) as stored: component groups separated by `=`, components by `^`.
    pub name: Reader,
    /// Patient ID (0010,0020).
    pub id: Reader,
    /// Issuer of Patient ID (0010,0021).
    pub issuer: Reader,
    /// Patient's Birth Date (0010,0030), `YYYYMMDD`.
    pub birth_date: Reader,
    /// Patient's Sex (0010,0040): `M`, `F`, `O` or empty.
    pub sex: Reader,
    /// Patient's Age (0010,1010) as stored, for example `054Y`.
    pub age: Reader,
    /// Patient Identity Removed (0012,0062) is YES.
    pub identity_removed: bool,
}

impl PatientIdentity {
    /// Reads the identity from a data set of any level (a worklist row, an object's header).
    pub fn from_dataset(dataset: &InMemDicomObject) -> Self {
        let reader = |tag| Reader::new(text(dataset, tag));
        Self {
            // A backslash in a name is not a second patient.
            name: Reader::new(whole_text(dataset, tags::PATIENT_NAME)),
            id: reader(tags::PATIENT_ID),
            issuer: reader(tags::ISSUER_OF_PATIENT_ID),
            birth_date: reader(tags::PATIENT_BIRTH_DATE),
            sex: reader(tags::PATIENT_SEX),
            age: reader(tags::PATIENT_AGE),
            identity_removed: text(dataset, tags::PATIENT_IDENTITY_REMOVED) == "YES",
        }
    }
}
