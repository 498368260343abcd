//! What to search for.

use std::fmt;

/// What to search studies for; empty texts are not asked for.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct StudyFilter {
    /// Patient's Name (0010,0010), with `*` and `?`; without either, whatever begins with it.
    pub patient_name: String,
    /// Patient ID (0010,0020).
    pub patient_id: String,
    /// Accession Number (0008,0050).
    pub accession: String,
    /// First Study Date, `YYYYMMDD`.
    pub study_date_from: String,
    /// Last Study Date, `YYYYMMDD`.
    pub study_date_to: String,
    /// One of the Modalities in Study (0008,0061).
    pub modality: String,
    /// Study Description (0008,1030), whatever holds it.
    pub description: String,
    /// One box for everything: a name, or an identifier when it holds digits.
    pub text: String,
    /// The most studies that are wanted.
    pub limit: Option<u32>,
    /// Studies to skip.
    pub offset: u32,
}

impl fmt::Debug for StudyFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StudyFilter")
            .field("limit", &self.limit)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}
