//! The list of studies: sources, filter, rows, selection and the search that is under way.

use study::StudyUid;
use study::listing::StudyListing;

use crate::Trouble;

mod rows;

/// How a source is named between the crates; given by the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u64);

/// What a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A PACS, asked over DICOMweb.
    Pacs,
    /// Files, read in place.
    Files,
}

/// Whether a source answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// It answers, or has not been asked.
    #[default]
    Well,
    /// It does not answer.
    Silent,
}

/// Where studies come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// How it is named between the crates.
    pub id: SourceId,
    /// Its name for the reader.
    pub name: String,
    /// What it is.
    pub kind: SourceKind,
    /// Whether it answers.
    pub condition: Condition,
    /// Why it is silent.
    pub trouble: Option<Trouble>,
}

/// What is searched for; empty fields match everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The beginning of a name, ID or accession number; among files any part of these or of the description.
    pub text: String,
    /// Patient's Name; `*` and `?` are wildcards.
    pub patient_name: String,
    /// Patient ID.
    pub patient_id: String,
    /// Accession Number.
    pub accession: String,
    /// Earliest Study Date, `YYYYMMDD`.
    pub date_from: String,
    /// Latest Study Date, `YYYYMMDD`.
    pub date_to: String,
    /// A modality in the study.
    pub modality: String,
    /// Study Description.
    pub description: String,
}

/// A column of the worklist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Column {
    /// Patient's name.
    Patient,
    /// Patient ID.
    Id,
    /// Birth date.
    Born,
    /// Study date and time.
    #[default]
    Date,
    /// Modalities.
    Modality,
    /// Study description.
    Description,
    /// Accession number.
    Accession,
    /// Number of images.
    Images,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where the study is.
    pub source: SourceId,
    /// The study.
    pub listing: StudyListing,
}

/// The worklist.
#[derive(Clone, Debug)]
pub struct Worklist {
    pub(crate) sources: Vec<Source>,
    pub(crate) source: Option<SourceId>,
    pub(crate) filter: Filter,
    pub(crate) all: Vec<Row>,
    pub(crate) shown: Vec<usize>,
    pub(crate) column: Column,
    pub(crate) descending: bool,
    /// A study may be listed by several sources.
    pub(crate) selected: Option<(SourceId, StudyUid)>,
    pub(crate) searching: bool,
    pub(crate) failed: Option<Trouble>,
    pub(crate) more: bool,
    pub(crate) whole: bool,
}

impl Default for Worklist {
    /// Nothing to search; the newest studies will stand first.
    fn default() -> Self {
        Self {
            sources: Vec::new(),
            source: None,
            filter: Filter::default(),
            all: Vec::new(),
            shown: Vec::new(),
            column: Column::Date,
            descending: true,
            selected: None,
            searching: false,
            failed: None,
            more: false,
            whole: true,
        }
    }
}

impl Worklist {
    /// Where studies can be searched.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }
    /// The source whose studies are listed.
    pub fn source(&self) -> Option<&Source> {
        self.sources.iter().find(|s| Some(s.id) == self.source)
    }
    /// What is searched for.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }
    /// How many rows are shown.
    pub fn len(&self) -> usize {
        self.shown.len()
    }
    /// No row is shown.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }
    /// A row by its place.
    pub fn row(&self, place: usize) -> Option<&Row> {
        self.all.get(*self.shown.get(place)?)
    }
    /// The rows in their order.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.shown.iter().filter_map(|i| self.all.get(*i))
    }
    /// By which column rows are sorted, and whether the greatest comes first.
    pub fn sorting(&self) -> (Column, bool) {
        (self.column, self.descending)
    }
    /// What a source is; `None` when it is not known.
    pub(crate) fn kind(&self, source: SourceId) -> Option<SourceKind> {
        self.sources.iter().find(|s| s.id == source).map(|s| s.kind)
    }
    /// The selected row.
    pub fn selected(&self) -> Option<&Row> {
        let (source, study) = self.selected.as_ref()?;
        self.all
            .iter()
            .find(|row| row.source == *source && row.listing.study == *study)
    }
    /// A search is under way.
    pub fn searching(&self) -> bool {
        self.searching
    }
    /// Why the last search failed; the rows of the one before stay.
    pub fn failed(&self) -> Option<&Trouble> {
        self.failed.as_ref()
    }
    /// The source has more studies than are listed.
    pub fn more(&self) -> bool {
        self.more
    }
    /// Every row of the answer could be read.
    pub fn whole(&self) -> bool {
        self.whole
    }
}
