//! Searching studies (QIDO-RS).

use std::sync::Arc;
use std::time::Instant;

use dicomweb::{Answer, Client, Error, Query};
use study::listing::StudyListing;

use crate::desk::Trouble;
use crate::engine::Shared;
use crate::{Event, Failure, Found, SourceId, StudyFilter};

/// Fields of a row that a server need not give unless they are asked for (PS3.18 table 10.6.3-3).
const FIELDS: [&str; 8] = [
    "StudyDescription",
    "ModalitiesInStudy",
    "NumberOfStudyRelatedSeries",
    "NumberOfStudyRelatedInstances",
    "PatientBirthDate",
    "PatientSex",
    "IssuerOfPatientID",
    "ReferringPhysicianName",
];

/// Asks and says what came.
pub(crate) async fn run(shared: Arc<Shared>, client: Client, source: SourceId, filter: StudyFilter, request: u64) {
    let outcome = search(&client, &filter).await;
    let mut notes = Vec::new();
    let outcome = {
        let mut desk = shared.desk();
        match outcome {
            Ok(found) => {
                notes.extend(desk.well(source));
                Ok(found)
            }
            Err(error) => {
                let failure = Failure::from(&error);
                let trouble = Trouble::from(error);
                if let Some(suffering) = desk.source_mut(source)
                    && trouble.class != crate::desk::Class::Blocked
                {
                    notes.extend(suffering.suffer(source, &trouble, Instant::now()));
                }
                Err(failure)
            }
        }
    };
    notes.push(
        Event::StudiesFound {
            source,
            request,
            outcome,
        }
        .into(),
    );
    shared.outbox.send(notes).await;
    shared.bell.notify_one();
}

async fn search(client: &Client, filter: &StudyFilter) -> Result<Found, Error> {
    let asked = queries(filter)
        .into_iter()
        .map(|query| async move { client.query(&query).await });
    let mut found = Found {
        whole: true,
        ..Found::default()
    };
    for (index, answer) in futures_util::future::join_all(asked).await.into_iter().enumerate() {
        match answer {
            Ok(answer) => take(&mut found, answer),
            // A server that does not match descriptions refuses that question alone; names and numbers still count.
            Err(_) if index > 0 => found.whole = false,
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn take(found: &mut Found, answer: Answer) {
    found.whole &= answer.whole;
    found.more |= answer.more;
    for row in &answer.rows {
        match StudyListing::from_dataset(&row.dataset) {
            Some(listing) if found.studies.iter().any(|study| study.study == listing.study) => {}
            Some(listing) => found.studies.push(listing),
            None => found.whole = false,
        }
    }
}

/// One query for each key that the one box may mean: a server joins keys by "and".
fn queries(filter: &StudyFilter) -> Vec<Query> {
    let mut query = Query::studies()
        .matching("PatientName", &beginning(&filter.patient_name))
        .matching("PatientID", filter.patient_id.trim())
        .matching("AccessionNumber", filter.accession.trim())
        .matching("StudyDate", &range(&filter.study_date_from, &filter.study_date_to))
        .matching("ModalitiesInStudy", filter.modality.trim())
        .matching("StudyDescription", &within(&filter.description));
    query.limit = filter.limit;
    query.offset = filter.offset;
    for field in FIELDS {
        query = query.including(field);
    }
    let text = filter.text.trim();
    if text.is_empty() {
        vec![query]
    } else {
        let keys: &[&str] = match text.bytes().any(|byte| byte.is_ascii_digit()) {
            true => &["PatientID", "AccessionNumber"],
            false => &["PatientName"],
        };
        let mut queries: Vec<Query> = keys
            .iter()
            .map(|key| query.clone().matching(key, &beginning(text)))
            .collect();
        if text.chars().any(char::is_alphabetic) && filter.description.trim().is_empty() {
            queries.push(query.matching("StudyDescription", &within(text)));
        }
        queries
    }
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

fn beginning(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || has_wildcard(text) {
        text.to_owned()
    } else {
        format!("{text}*")
    }
}

fn within(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || has_wildcard(text) {
        text.to_owned()
    } else {
        format!("*{text}*")
    }
}

/// A range of dates, open where an end is not given (PS3.4 C.2.2.2.5).
fn range(from: &str, to: &str) -> String {
    match (from.trim(), to.trim()) {
        ("", "") => String::new(),
        (from, to) if from == to => from.to_owned(),
        (from, to) => format!("{from}-{to}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(filter: StudyFilter) -> Vec<Vec<(String, String)>> {
        queries(&filter)
            .into_iter()
            .map(|query| {
                query
                    .matches
                    .into_iter()
                    .filter(|(_, value)| !value.is_empty())
                    .collect()
            })
            .collect()
    }

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn one_box_finds_a_name_a_description_or_either_number() {
        let text = |text: &str| StudyFilter {
            text: text.to_owned(),
            ..StudyFilter::default()
        };
        assert_eq!(asked(text("")), [vec![]]);
        assert_eq!(
            asked(text("müller")),
            [
                pairs(&[("PatientName", "müller*")]),
                pairs(&[("StudyDescription", "*müller*")])
            ]
        );
        assert_eq!(
            asked(text("*anna")),
            [
                pairs(&[("PatientName", "*anna")]),
                pairs(&[("StudyDescription", "*anna")])
            ]
        );
        assert_eq!(
            asked(text("4711")),
            [pairs(&[("PatientID", "4711*")]), pairs(&[("AccessionNumber", "4711*")])]
        );
    }

    #[test]
    fn keys_are_sent_as_servers_expect_them() {
        let filter = StudyFilter {
            patient_name: "YAMADA^T".to_owned(),
            study_date_from: "20260101".to_owned(),
            description: "chest".to_owned(),
            modality: "CT".to_owned(),
            ..StudyFilter::default()
        };
        assert_eq!(
            asked(filter),
            [pairs(&[
                ("PatientName", "YAMADA^T*"),
                ("StudyDate", "20260101-"),
                ("ModalitiesInStudy", "CT"),
                ("StudyDescription", "*chest*"),
            ])]
        );
        assert_eq!(range("20260101", "20260101"), "20260101");
        assert_eq!(range("", "20260101"), "-20260101");
    }
}
