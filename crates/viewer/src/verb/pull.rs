//! `farsight pull`: retrieves a study or series as files.

use std::path::PathBuf;

use clap::Args;
use retrieval::pull::{Report, Wanted, pull};
use serde_json::json;
use study::{SeriesUid, StudyUid};

use super::plain::plain;
use super::{Reach, VerbError, progress, server};

/// What to retrieve, and where to.
#[derive(Args)]
pub(super) struct What {
    /// Study Instance UID
    #[arg(long, value_name = "UID")]
    study: String,
    /// Series Instance UID: only this series
    #[arg(long, value_name = "UID")]
    series: Option<String>,
    /// Folder for the files; made when it is not there. A repeated run fetches only what lacks
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Say what was retrieved as JSON (docs/json.md)
    #[arg(long)]
    json: bool,
}

/// Retrieves, verifies and says what lacks.
pub(super) async fn run(reach: &Reach, what: What) -> Result<(), VerbError> {
    let wanted = Wanted {
        study: StudyUid::new(&what.study).ok_or_else(|| no_uid("--study"))?,
        series: match &what.series {
            Some(series) => Some(SeriesUid::new(series).ok_or_else(|| no_uid("--series"))?),
            None => None,
        },
    };
    let client = server::client(reach)?;
    eprintln!("The files are plain DICOM files: whoever can read the folder can read the patient's data in them.");
    let mut line = progress::Line::new();
    let report = pull(&client, &wanted, &what.to, |so_far| {
        line.show(so_far.here as usize, Some(so_far.of as usize), so_far.bytes);
    })
    .await;
    line.finish();
    let report = report.map_err(VerbError::failed)?;
    say(&report, &what, line.seconds());
    if report.complete() {
        Ok(())
    } else {
        Err(VerbError::Said)
    }
}

fn no_uid(option: &str) -> VerbError {
    VerbError::WrongCall(format!(
        "{option} takes a UID: digits and dots, at most 64 characters. This is none."
    ))
}

fn say(report: &Report, what: &What, seconds: f64) {
    if what.json {
        println!("{}", record(report, what, seconds));
    } else {
        println!(
            "{} of {} objects are here: {} fetched ({}), {} already there.",
            report.stored + report.already_there,
            report.of,
            report.stored,
            progress::size(report.bytes),
            report.already_there
        );
    }
    if let Some(failure) = &report.list_lacks {
        eprintln!("{}", plain(&failure.to_string()));
    }
    for (count, sentence) in reasons(report) {
        eprintln!("{count} not retrieved: {}", plain(sentence));
    }
    if !report.complete() {
        eprintln!("Run the same command again to fetch what lacks.");
    }
}

fn record(report: &Report, what: &What, seconds: f64) -> serde_json::Value {
    let lacks: Vec<_> = report
        .lacks
        .iter()
        .map(|lack| json!({"instance_uid": lack.instance.as_str(), "reason": lack.failure.sentence}))
        .collect();
    json!({
        "study_uid": what.study, "series_uid": what.series, "folder": what.to.to_string_lossy(),
        "objects": report.of, "fetched": report.stored, "already_there": report.already_there, "bytes": report.bytes,
        "seconds": seconds, "complete": report.complete(), "lacking": lacks,
        "list_lacks": report.list_lacks.as_ref().map(|failure| &failure.sentence),
    })
}

/// Each reason once, with how many objects it holds for.
fn reasons(report: &Report) -> Vec<(usize, &str)> {
    let mut reasons: Vec<(usize, &str)> = Vec::new();
    for lack in &report.lacks {
        let sentence = lack.failure.sentence.as_str();
        match reasons.iter_mut().find(|(_, known)| *known == sentence) {
            Some((count, _)) => *count += 1,
            None => reasons.push((1, sentence)),
        }
    }
    reasons
}
