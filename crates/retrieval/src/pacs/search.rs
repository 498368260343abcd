//! Searching studies (QIDO-RS).

use std::collections::BTreeSet;
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
    let queries = queries(filter);
    let merged = queries.len() > 1;
    let asked = queries.into_iter().map(|query| async move {
        match query.limit {
            // Further than one page: servers give fewer rows at once than a later slice of a merged list needs.
            Some(limit) if merged && filter.offset > 0 => client.query_all(&query, limit as usize).await,
            _ => client.query(&query).await,
        }
    });
    let mut whole = true;
    let mut answers = Vec::new();
    for (index, answer) in futures_util::future::join_all(asked).await.into_iter().enumerate() {
        match answer {
            Ok(answer) => answers.push(answer),
            // A server that does not match descriptions refuses that question alone; names and numbers still count.
            Err(_) if index > 0 => whole = false,
            Err(error) => return Err(error),
        }
    }
    let mut found = merge(answers);
    found.whole &= whole;
    if merged {
        cut(&mut found, filter);
    }
    Ok(found)
}

/// The studies of all answers, each once, taken from the answers in turn: so the list of longer answers begins with the list of
/// shorter ones, and an offset into it means the same from page to page.
fn merge(answers: Vec<Answer>) -> Found {
    let mut found = Found {
        whole: answers.iter().all(|answer| answer.whole),
        more: answers.iter().any(|answer| answer.more),
        ..Found::default()
    };
    let mut known = BTreeSet::new();
    let mut rows: Vec<_> = answers.into_iter().map(|answer| answer.rows.into_iter()).collect();
    loop {
        let turn: Vec<_> = rows.iter_mut().filter_map(Iterator::next).collect();
        if turn.is_empty() {
            return found;
        }
        for row in turn {
            match StudyListing::from_dataset(&row.dataset) {
                Some(listing) if known.insert(listing.study.clone()) => found.studies.push(listing),
                Some(_) => {}
                None => found.whole = false,
            }
        }
    }
}

/// Leaves of a merged list what was asked for.
fn cut(found: &mut Found, filter: &StudyFilter) {
    let before = (filter.offset as usize).min(found.studies.len());
    found.studies.drain(..before);
    if let Some(limit) = filter.limit
        && found.studies.len() > limit as usize
    {
        found.studies.truncate(limit as usize);
        found.more = true;
    }
}

/// One query for each key that the one box may mean: a server joins keys by "and". Where there are several, each asks from the
/// beginning: an offset into the merged list is none into theirs.
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
        let mut from_the_beginning = query.clone();
        from_the_beginning.offset = 0;
        from_the_beginning.limit = filter.limit.map(|limit| limit.saturating_add(filter.offset));
        let mut queries: Vec<Query> = keys
            .iter()
            .map(|key| from_the_beginning.clone().matching(key, &beginning(text)))
            .collect();
        if text.chars().any(char::is_alphabetic) && filter.description.trim().is_empty() {
            queries.push(from_the_beginning.matching("StudyDescription", &within(text)));
        }
        if let [one] = queries.as_mut_slice() {
            // One list: its offset is the server's.
            (one.limit, one.offset) = (filter.limit, filter.offset);
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

    /// The rows of studies with these numbers.
    fn answer(studies: impl IntoIterator<Item = u32>, limit: usize) -> Answer {
        let rows: Vec<_> = studies
            .into_iter()
            .map(|n| format!(r#"{{"0020000D":{{"vr":"UI","Value":["1.2.{n}"]}}}}"#))
            .collect();
        let more = rows.len() > limit;
        let kept = &rows[..rows.len().min(limit)];
        let (rows, _) = dicomweb::rows(format!("[{}]", kept.join(",")).as_bytes());
        Answer {
            rows,
            whole: true,
            more,
        }
    }

    #[test]
    fn page_after_page_of_a_merged_search_gives_every_study_once() {
        // Names match the even numbers, descriptions those from 20 on; the server has a page's end anywhere.
        let mut seen = Vec::new();
        loop {
            let filter = StudyFilter {
                text: "smith".to_owned(),
                limit: Some(7),
                offset: seen.len() as u32,
                ..StudyFilter::default()
            };
            let queries = queries(&filter);
            assert!(
                queries
                    .iter()
                    .all(|query| query.offset == 0 && query.limit == Some(7 + filter.offset))
            );
            let limit = 7 + seen.len();
            let mut found = merge(vec![answer((0..40).step_by(2), limit), answer(20..50, limit)]);
            cut(&mut found, &filter);
            assert!(found.whole && found.studies.len() <= 7);
            seen.extend(found.studies.iter().map(|listing| listing.study.clone()));
            if !found.more {
                break;
            }
        }
        let distinct: BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), distinct.len()), (40, 40));
    }

    #[test]
    fn a_search_that_is_one_query_is_paged_by_the_server() {
        let filter = StudyFilter {
            patient_name: "A".to_owned(),
            limit: Some(50),
            offset: 100,
            ..StudyFilter::default()
        };
        let one = queries(&filter);
        assert_eq!(
            one.iter().map(|q| (q.limit, q.offset)).collect::<Vec<_>>(),
            [(Some(50), 100)]
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
