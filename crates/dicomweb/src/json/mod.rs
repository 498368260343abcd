//! DICOM JSON (PS3.18 F), read leniently: one bad element costs neither its row nor the list.

mod element;
mod list;

use dicom_core::Tag;
use dicom_object::InMemDicomObject;

pub(crate) use list::RowReader;
pub use list::rows;

/// Where a large value can be fetched.
#[derive(Clone, PartialEq, Eq)]
pub struct BulkReference {
    /// Tags from the outermost sequence to the element.
    pub path: Vec<Tag>,
    /// Its BulkDataURI: as the server wrote it from [`rows`], absolute from [`Client::metadata`](crate::Client::metadata). It may name
    /// another server, which must never be asked; [`Client::bulk`](crate::Client::bulk) sees to that.
    pub uri: String,
}

impl std::fmt::Debug for BulkReference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BulkReference")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// One data set of an answer.
#[derive(Clone)]
pub struct Row {
    /// Every element that could be read.
    pub dataset: InMemDicomObject,
    /// Values that stayed on the server.
    pub bulk: Vec<BulkReference>,
    /// What could not be read, in sentences without values.
    pub oddities: Vec<String>,
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row")
            .field("elements", &self.dataset.iter().count())
            .field("bulk", &self.bulk.len())
            .field("oddities", &self.oddities)
            .finish()
    }
}
