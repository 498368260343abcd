//! `farsight send`: stores files on a PACS (STOW-RS) and reports each object's outcome.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use dicomweb::Fate;
use serde_json::json;

use super::plain::plain;
use super::{Reach, VerbError, progress, server};
use crate::paths_file;

/// Bytes that go in one request; a larger object goes alone.
const BATCH: usize = 32 << 20;

/// Objects that go in one request.
const MOST_IN_BATCH: usize = 100;

#[derive(Default)]
struct Sent {
    stored: usize,
    refused: usize,
    unknown: usize,
    unreadable: usize,
    bytes: u64,
}

/// Sends every DICOM object that the paths name, in batches, and says what became of each.
pub(super) async fn run(reach: &Reach, paths: Vec<PathBuf>, as_json: bool) -> Result<(), VerbError> {
    let client = server::client(reach)?;
    let walk = paths_file::walk(&paths);
    if let Some(sentence) = walk.left_out {
        eprintln!("{sentence}");
    }
    let files = walk.files;
    let mut sent = Sent::default();
    let mut line = progress::Line::new();
    let mut batch: Vec<(PathBuf, Bytes)> = Vec::new();
    let mut batch_bytes = 0;
    for path in files.iter() {
        match readable(path) {
            Ok(bytes) => {
                let full = batch_bytes + bytes.len() > BATCH || batch.len() >= MOST_IN_BATCH;
                if full && !batch.is_empty() {
                    send(&client, std::mem::take(&mut batch), as_json, &mut sent).await;
                    batch_bytes = 0;
                    line.show(sent.stored, Some(files.len()), sent.bytes);
                }
                batch_bytes += bytes.len();
                batch.push((path.clone(), bytes));
            }
            Err(reason) => {
                sent.unreadable += 1;
                say(path, "unreadable", Some(&reason), as_json);
            }
        }
    }
    if !batch.is_empty() {
        send(&client, batch, as_json, &mut sent).await;
    }
    line.finish();
    if !as_json {
        println!(
            "{} stored ({}), {} refused, {} unknown, {} not readable",
            sent.stored,
            progress::size(sent.bytes),
            sent.refused,
            sent.unknown,
            sent.unreadable
        );
    }
    let not_stored = sent.refused + sent.unknown + sent.unreadable;
    if not_stored == 0 && sent.stored > 0 && walk.left_out.is_none() {
        Ok(())
    } else if files.is_empty() || sent.stored + not_stored == 0 {
        Err(VerbError::Failed(
            "There was nothing to send: the paths name no file.".to_owned(),
        ))
    } else {
        Err(VerbError::Said)
    }
}

/// The bytes of a file that is a DICOM object with the identifiers that a PACS keeps it by.
fn readable(path: &Path) -> Result<Bytes, String> {
    let bytes = paths_file::read(path).map_err(|e| e.to_string())?;
    let object = study::Object::parse(bytes.clone()).map_err(|e| e.to_string())?;
    object.instance().map_err(|e| e.to_string())?;
    Ok(bytes)
}

async fn send(client: &dicomweb::Client, batch: Vec<(PathBuf, Bytes)>, as_json: bool, sent: &mut Sent) {
    let objects = batch.iter().map(|(_, bytes)| bytes.clone()).collect();
    match client.store(None, objects).await {
        Ok(stored) => {
            for (index, (path, bytes)) in batch.iter().enumerate() {
                // An answer that is shorter than the question leaves objects unmentioned.
                let fate = stored
                    .outcomes
                    .get(index)
                    .map_or(&Fate::Unmentioned, |outcome| &outcome.fate);
                let sentence = fate.sentence();
                if fate.is_stored() {
                    sent.stored += 1;
                    sent.bytes += bytes.len() as u64;
                    let plain = matches!(fate, Fate::Stored);
                    say(
                        path,
                        if plain { "stored" } else { "warning" },
                        (!plain).then_some(&sentence),
                        as_json,
                    );
                } else if fate.is_unknown() {
                    sent.unknown += 1;
                    say(path, "unknown", Some(&sentence), as_json);
                } else {
                    sent.refused += 1;
                    say(path, "refused", Some(&sentence), as_json);
                }
            }
        }
        Err(error) => {
            sent.refused += batch.len();
            for (path, _) in &batch {
                say(path, "refused", Some(&error.to_string()), as_json);
            }
        }
    }
}

fn say(path: &Path, outcome: &str, reason: Option<&str>, as_json: bool) {
    if as_json {
        println!(
            "{}",
            json!({"file": path.to_string_lossy(), "outcome": outcome, "reason": reason})
        );
    } else if outcome != "stored" {
        let words = format!("{}: {}", path.display(), reason.unwrap_or(outcome));
        eprintln!("{}", plain(&words));
    }
}
