//! `farsight search`: asks a PACS for studies (QIDO-RS).

use clap::Args;
use dicomweb::Query;
use serde_json::json;
use study::listing::StudyListing;
use study::words;

use super::plain::plain;
use super::{Reach, VerbError, server};

/// What to look for; all conditions must hold.
#[derive(Args)]
pub(super) struct Filters {
    /// Patient's name, with * and ? for what is not known
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Patient ID
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Accession number
    #[arg(long, value_name = "NUMBER")]
    accession: Option<String>,
    /// Study date: a day such as 2026-11-24, or two with .. between, either of which may lack
    #[arg(long, value_name = "DAY[..DAY]")]
    date: Option<String>,
    /// Modality, such as CT
    #[arg(long, value_name = "CODE")]
    modality: Option<String>,
    /// Study description, with * and ?
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The most studies to list
    #[arg(long, default_value_t = 100, value_name = "N")]
    limit: u32,
    /// One JSON line for each study (docs/json.md describes it)
    #[arg(long)]
    json: bool,
}

/// Asks and prints, newest study first.
pub(super) async fn run(reach: &Reach, filters: Filters) -> Result<(), VerbError> {
    let query = query(&filters)?;
    let client = server::client(reach)?;
    let answer = client
        .query_all(&query, filters.limit as usize)
        .await
        .map_err(VerbError::failed)?;
    let mut studies: Vec<_> = answer
        .rows
        .iter()
        .filter_map(|row| StudyListing::from_dataset(&row.dataset))
        .collect();
    let unusable = answer.rows.len() - studies.len();
    studies.sort_by(|a, b| (&b.date, &b.time).cmp(&(&a.date, &a.time)));
    if filters.json {
        for study in &studies {
            println!("{}", record(study));
        }
    } else {
        print!("{}", table(&studies));
    }
    if unusable > 0 {
        eprintln!("{unusable} of the PACS's rows name no study and were left out.");
    }
    if answer.more {
        eprintln!("There are more studies; narrow the search or raise --limit.");
    }
    if answer.whole {
        Ok(())
    } else {
        eprintln!("The PACS's answer broke off; what came before is listed. Ask again.");
        Err(VerbError::Said)
    }
}

fn query(filters: &Filters) -> Result<Query, VerbError> {
    let mut query = Query::studies();
    let date = filters.date.as_deref().map(range).transpose()?;
    for (key, value) in [
        ("PatientName", filters.name.as_deref()),
        ("PatientID", filters.id.as_deref()),
        ("AccessionNumber", filters.accession.as_deref()),
        ("StudyDate", date.as_deref()),
        ("ModalitiesInStudy", filters.modality.as_deref()),
        ("StudyDescription", filters.description.as_deref()),
    ] {
        if let Some(value) = value {
            query = query.matching(key, value);
        }
    }
    for field in [
        "StudyDescription",
        "NumberOfStudyRelatedSeries",
        "NumberOfStudyRelatedInstances",
        "ModalitiesInStudy",
    ] {
        query = query.including(field);
    }
    Ok(query.limited(filters.limit))
}

/// A DICOM range of a day or of two days (PS3.4 C.2.2.2.5).
fn range(text: &str) -> Result<String, VerbError> {
    let wrong = || {
        VerbError::WrongCall(format!(
            "--date takes a day such as 2026-11-24 or 2026-11-01..2026-11-24; '{text}' is neither."
        ))
    };
    let day = |text: &str| {
        let digits: String = text.trim().chars().filter(|c| *c != '-').collect();
        let is_day = chrono::NaiveDate::parse_from_str(&digits, "%Y%m%d").is_ok() && digits.len() == 8;
        is_day.then_some(digits).ok_or_else(wrong)
    };
    match text.split_once("..") {
        None => day(text),
        Some(("", "")) => Err(wrong()),
        Some(("", to)) => Ok(format!("-{}", day(to)?)),
        Some((from, "")) => Ok(format!("{}-", day(from)?)),
        Some((from, to)) => Ok(format!("{}-{}", day(from)?, day(to)?)),
    }
}

fn record(study: &StudyListing) -> serde_json::Value {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let patient = &study.patient;
    json!({
        "study_uid": study.study.as_str(),
        "patient_name": said(patient.name.to_reader()),
        "patient_id": said(patient.id.to_reader()),
        "birth_date": said(patient.birth_date.to_reader()),
        "sex": said(patient.sex.to_reader()),
        "study_date": said(&study.date),
        "study_time": said(&study.time),
        "description": said(study.description.to_reader()),
        "accession": said(study.accession.to_reader()),
        "modalities": study.modalities,
        "series": study.series,
        "instances": study.instances,
    })
}

/// Columns as wide as their widest cell; the last is not padded.
fn table(studies: &[StudyListing]) -> String {
    let count = |n: Option<u32>| n.map_or_else(|| "–".to_owned(), |n| n.to_string());
    let mut rows = vec![["PATIENT", "ID", "DATE", "MODALITY", "IMAGES", "DESCRIPTION", "STUDY"].map(str::to_owned)];
    rows.extend(studies.iter().map(|study| {
        [
            plain(&words::person(study.patient.name.to_reader())),
            plain(study.patient.id.to_reader()),
            plain(&words::date(&study.date)),
            plain(&study.modalities.join(" ")),
            count(study.instances),
            plain(study.description.to_reader()),
            study.study.as_str().to_owned(),
        ]
    }));
    let width = |column: usize| {
        rows.iter()
            .filter_map(|r| r.get(column))
            .map(|c| c.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..7).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let padding = width.saturating_sub(cell.chars().count());
            match column {
                6 => text.push_str(cell),
                // Counts are aligned by their last digit.
                4 => text.push_str(&format!("{}{cell}  ", " ".repeat(padding))),
                _ => text.push_str(&format!("{cell}{}  ", " ".repeat(padding))),
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_ranges() {
        for (text, expected) in [
            ("2026-11-24", "20261124"),
            ("20261124", "20261124"),
            ("2026-11-01..2026-11-24", "20261101-20261124"),
            ("..2026-11-24", "-20261124"),
            ("2026-11-01..", "20261101-"),
        ] {
            assert_eq!(range(text).ok().as_deref(), Some(expected), "{text}");
        }
        for text in ["", "..", "yesterday", "2026-13-01", "2026-11-1"] {
            assert!(range(text).is_err(), "{text}");
        }
    }
}
