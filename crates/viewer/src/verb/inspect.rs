//! `farsight inspect`: what each object is, its oddities, and per frame the digest of its decoded values.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use study::inspect::FrameSelection;

use super::plain::plain;
use super::{VerbError, decode_worker};
use crate::paths_file;

/// What to inspect.
#[derive(Args)]
pub(super) struct What {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// One JSON line for each frame (docs/json.md describes it)
    #[arg(long)]
    json: bool,
    /// Which frames: `first,middle,last`, `all`, or numbers from 1 such as `1,3,10`
    #[arg(long, default_value = "first,middle,last")]
    frames: String,
}

/// Which frames the option names; numbers count from 1.
fn selection(text: &str) -> Result<FrameSelection, VerbError> {
    match text {
        "first,middle,last" => return Ok(FrameSelection::FirstMiddleLast),
        "all" => return Ok(FrameSelection::All),
        _ => {}
    }
    let numbers: Option<Vec<u32>> = text
        .split(',')
        .map(|n| n.trim().parse::<u32>().ok().and_then(|n| n.checked_sub(1)))
        .collect();
    numbers.map(FrameSelection::List).ok_or_else(|| {
        VerbError::WrongCall(format!(
            "--frames takes first,middle,last, all, or frame numbers from 1; '{text}' is none of these."
        ))
    })
}

/// Prints the records of every file; fails when any object could not be read or decoded.
pub(super) fn run(what: What) -> Result<(), VerbError> {
    let selection = selection(&what.frames)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut refused = false;
    let mut worker = decode_worker::worker()?;
    let walk = paths_file::walk(&what.paths);
    if let Some(sentence) = walk.left_out {
        eprintln!("{sentence}");
        refused = true;
    }
    for path in walk.files {
        let file = path.to_string_lossy();
        let records = match paths_file::read(&path) {
            Ok(bytes) => study::inspect::records(bytes, &file, &selection, &mut |frame| worker.decode(frame)),
            Err(error) => vec![serde_json::json!({"file": file, "error": error.to_string()})],
        };
        for record in &records {
            refused |= record.get("error").is_some_and(|e| !e.is_null());
            let written = if what.json {
                writeln!(out, "{record}")
            } else {
                writeln!(out, "{}", in_words(record))
            };
            if written.is_err() {
                return Ok(()); // the reader of the pipe has gone
            }
        }
    }
    let _ = out.flush();
    if refused { Err(VerbError::Said) } else { Ok(()) }
}

fn in_words(record: &Value) -> String {
    let text = |key: &str| match record.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => "–".to_owned(),
        Some(Value::Number(number)) => number.as_f64().map_or_else(|| number.to_string(), |n| n.to_string()),
        Some(other) => other.to_string(),
    };
    let line = match record.get("error").and_then(Value::as_str) {
        Some(error) => format!("{}: {error}", text("file")),
        None if record.get("frame").is_none() => format!("{}: no pixels, transfer syntax {}", text("file"), text("ts")),
        None => format!(
            "{}: frame {} of {}, {} {}, transfer syntax {}, stored values {} … {}, modality values {} … {}",
            text("file"),
            record["frame"].as_u64().unwrap_or(0) + 1,
            text("nframes"),
            text("pi"),
            text("dtype"),
            text("ts"),
            text("smin"),
            text("smax"),
            text("mod_min"),
            text("mod_max"),
        ),
    };
    let mut line = plain(&line);
    for oddity in record.get("oddities").and_then(Value::as_array).into_iter().flatten() {
        line.push_str("\n    ");
        line.push_str(&plain(oddity.as_str().unwrap_or_default()));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_cannot_steer_the_terminal_in_which_it_is_inspected() {
        let record = serde_json::json!({
            "file": "a\u{1b}]0;b.dcm", "frame": 0, "pi": "MONO\u{1b}[2J", "oddities": ["odd\u{7}", "two\nlines"],
        });
        let words = in_words(&record);
        assert!(!words.contains(['\u{1b}', '\u{7}']), "{words:?}");
        assert_eq!(words.lines().count(), 3, "{words:?}");
    }

    #[test]
    fn frames_count_from_one_on_the_command_line() {
        assert!(matches!(selection("1,3"), Ok(FrameSelection::List(l)) if l == [0, 2]));
        assert!(selection("0").is_err(), "there is no frame 0");
        assert!(selection("first").is_err());
    }
}
