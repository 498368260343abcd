//! A PACS as a source: searching, listing a study, and bringing instances, all over `dicomweb`.

pub(crate) mod bring;
pub(crate) mod fetch;
pub(crate) mod list;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod series;
