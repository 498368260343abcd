//! Which rows are shown, and in which order.

use std::cmp::Ordering;

use study::listing::StudyListing;
use study::words;

use super::{Column, Filter, Row, SourceKind, Worklist};

impl Worklist {
    /// Arranges the rows of the shown source anew. A PACS has filtered them itself; files are filtered here.
    pub(crate) fn arrange(&mut self) {
        let local = self.source().is_some_and(|s| s.kind == SourceKind::Files);
        let mut shown: Vec<usize> = (0..self.all.len())
            .filter(|i| {
                let row = &self.all[*i];
                Some(row.source) == self.source && (!local || matches(&self.filter, &row.listing))
            })
            .collect();
        let (column, descending) = (self.column, self.descending);
        shown.sort_by(|a, b| {
            let (a, b) = (&self.all[*a].listing, &self.all[*b].listing);
            let order = compare(column, a, b);
            let order = if descending { order.reverse() } else { order };
            // Rows that are equal in this column keep one order, whatever the server's.
            order
                .then_with(|| compare(Column::Date, b, a))
                .then_with(|| a.study.cmp(&b.study))
        });
        self.shown = shown;
    }

    /// Puts the rows of a source in place of those that it had; a study stands once.
    pub(crate) fn replace(&mut self, source: super::SourceId, listings: Vec<StudyListing>) {
        self.all.retain(|row| row.source != source);
        self.append(source, listings);
    }

    /// Adds rows of a source; one that is known already is brought up to date.
    pub(crate) fn append(&mut self, source: super::SourceId, listings: Vec<StudyListing>) {
        for listing in listings {
            let known = self
                .all
                .iter_mut()
                .find(|row| row.source == source && row.listing.study == listing.study);
            match known {
                Some(row) => row.listing = listing,
                None => self.all.push(Row { source, listing }),
            }
        }
        self.arrange();
    }
}

fn compare(column: Column, a: &StudyListing, b: &StudyListing) -> Ordering {
    let name = |l: &StudyListing| words::person(l.patient.name.to_reader()).to_lowercase();
    match column {
        Column::Patient => name(a).cmp(&name(b)),
        Column::Id => a.patient.id.to_reader().cmp(b.patient.id.to_reader()),
        Column::Born => a.patient.birth_date.to_reader().cmp(b.patient.birth_date.to_reader()),
        Column::Date => (&a.date, &a.time).cmp(&(&b.date, &b.time)),
        Column::Modality => a.modalities.cmp(&b.modalities),
        Column::Description => {
            let text = |l: &StudyListing| l.description.to_reader().to_lowercase();
            text(a).cmp(&text(b))
        }
        Column::Accession => a.accession.to_reader().cmp(b.accession.to_reader()),
        Column::Images => a.instances.cmp(&b.instances),
    }
}

fn matches(filter: &Filter, listing: &StudyListing) -> bool {
    let name = words::person(listing.patient.name.to_reader()).to_lowercase();
    let id = listing.patient.id.to_reader().to_lowercase();
    let accession = listing.accession.to_reader().to_lowercase();
    let description = listing.description.to_reader().to_lowercase();
    let holds = |text: &str, wanted: &str| {
        let wanted = wanted.trim().trim_matches('*').to_lowercase();
        wanted.is_empty() || text.contains(&wanted)
    };
    let any = filter.text.split_whitespace().all(|word| {
        [&name, &id, &accession, &description]
            .iter()
            .any(|text| holds(text, word))
    });
    let date = listing.date.as_str();
    any && holds(&name, &filter.patient_name)
        && holds(&id, &filter.patient_id)
        && holds(&accession, &filter.accession)
        && holds(&description, &filter.description)
        && (filter.date_from.is_empty() || date >= filter.date_from.as_str())
        && (filter.date_to.is_empty() || !date.is_empty() && date <= filter.date_to.as_str())
        && (filter.modality.is_empty() || listing.modalities.contains(&filter.modality))
}
