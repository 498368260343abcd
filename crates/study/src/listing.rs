//! One study as a row of the worklist.

use crate::{PatientIdentity, Reader, StudyUid};

/// One study as a row of the worklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyListing {
    /// Study Instance UID.
    pub study: StudyUid,
    /// Who the patient is.
    pub patient: PatientIdentity,
    /// Study Date (0008,0020), `YYYYMMDD`; empty when absent.
    pub date: String,
    /// Study Time (0008,0030); empty when absent.
    pub time: String,
    /// Study Description (0008,1030).
    pub description: Reader,
    /// Accession Number (0008,0050).
    pub accession: Reader,
    /// Modalities in Study (0008,0061), each once.
    pub modalities: Vec<String>,
    /// Referring Physician's Name (0008,0090).
    pub referring: Reader,
    /// Number of Study Related Series (0020,1206); `None` when not said.
    pub series: Option<u32>,
    /// Number of Study Related Instances (0020,1208); `None` when not said.
    pub instances: Option<u32>,
}
