//! The line that says whose images these are.

/// Who the patient on the screen is: read from the frames on the glass, never from the worklist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// FAMILY, Given; empty while no image is shown.
    pub person: String,
    /// Sex, age, birth date, MRN, accession: each with its own words.
    pub details: Vec<String>,
    /// Patient Identity Removed is YES: the screen carries "ANONYMISED – TRAINING".
    pub identity_removed: bool,
    /// Images of more than one person are shown: every tile carries its own name.
    pub several: bool,
}
