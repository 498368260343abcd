//! Whether two objects speak of the same person.

use super::PatientIdentity;

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
    if a.id.is_empty() || b.id.is_empty() {
        return SamePerson::Unknowable;
    }
    if a == b { SamePerson::Yes } else { SamePerson::No }
}
