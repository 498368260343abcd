//! Runs the program over a case and holds the outcome to the rules.

use std::time::Duration;

use serde_json::Value;
use testkit::{Ended, peak_of_children, within};

use super::case::{Case, Outcome};

/// The longest that any file may take.
const TIME: Duration = Duration::from_secs(10);
/// Address space; what is really used is held to less, by [`Case::memory_most`].
const ADDRESSES_MIB: u64 = 4096;

/// The program, with a folder for its files.
pub(crate) struct Program {
    folder: tempfile::TempDir,
    told: bool,
    /// The most that any child has taken so far.
    peak: u64,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            told: false,
            peak: 0,
        }
    }

    /// The most that any run has taken so far, bytes.
    pub(crate) fn peak(&self) -> u64 {
        self.peak
    }

    /// The JSON lines of a call, which must end by itself.
    pub(crate) fn lines_of(&self, arguments: &[&str]) -> Vec<Value> {
        let ended = run(arguments).unwrap();
        json(&ended).unwrap()
    }

    /// Runs `inspect` and `render` over a case; the error says what rule does not hold.
    pub(crate) fn tries(&mut self, case: &Case) -> Result<(), String> {
        let name = &case.name;
        let fails = |what: String| format!("{name}: {what}");
        let path = self.folder.path().join("case.dcm");
        std::fs::write(&path, case.bytes()).map_err(|e| fails(e.to_string()))?;
        let path = path.to_str().ok_or("a path in UTF-8")?;

        let inspected = run(&["inspect", "--json", "--frames", "1", path]).map_err(fails)?;
        let lines = json(&inspected).map_err(fails)?;
        let line = lines.first().ok_or_else(|| fails("no line".into()))?;
        holds(case, line).map_err(fails)?;
        let is_refused = line["error"].is_string();
        if inspected.status.and_then(|s| s.code()) != Some(i32::from(is_refused)) {
            return Err(fails(format!("inspect ended with {:?}", inspected.status)));
        }

        let picture = self.folder.path().join("case.png");
        let picture = picture.to_str().ok_or("a path in UTF-8")?;
        let drawn = run(&["render", "--cpu", "--output", picture, path]).map_err(fails)?;
        let is_drawn = drawn.status.is_some_and(|s| s.success());
        if !is_drawn && (drawn.said.trim().lines().count() != 1 || !drawn.said.trim().ends_with('.')) {
            return Err(fails(format!("render says: {}", drawn.said)));
        }
        if is_drawn && is_refused {
            return Err(fails("inspect refuses it, render draws it".into()));
        }
        if matches!(case.outcome, Outcome::Shown | Outcome::ShownOdd(_)) && !is_drawn {
            return Err(fails(format!("not drawn: {}", drawn.said)));
        }
        self.memory(case).map_err(fails)
    }

    fn memory(&mut self, case: &Case) -> Result<(), String> {
        let Some(peak) = peak_of_children() else {
            if !std::mem::replace(&mut self.told, true) {
                testkit::skip("the memory of hostile files: this system does not tell what a child took");
            }
            return Ok(());
        };
        // Who is not the first to take so much is not known to have taken it.
        let before = std::mem::replace(&mut self.peak, peak);
        if peak >> 20 > before >> 20 {
            eprintln!("{} MiB of {}: {}", peak >> 20, case.memory_most() >> 20, case.name);
        }
        if peak > before && peak > case.memory_most() {
            return Err(format!(
                "the program took {} MiB, {} are allowed",
                peak >> 20,
                case.memory_most() >> 20
            ));
        }
        Ok(())
    }
}

/// Rules for every run: it ends in time, by itself, with success or with its own failure.
fn run(arguments: &[&str]) -> Result<Ended, String> {
    let ended = within(env!("CARGO_BIN_EXE_farsight"), arguments, ADDRESSES_MIB, TIME).map_err(|e| e.to_string())?;
    let verb = arguments.first().copied().unwrap_or_default();
    let Some(status) = ended.status else {
        return Err(format!("{verb} hangs"));
    };
    if !matches!(status.code(), Some(0 | 1)) || ended.said.contains("panicked") {
        return Err(format!("{verb} died ({status}): {}", ended.said));
    }
    Ok(ended)
}

fn json(ended: &Ended) -> Result<Vec<Value>, String> {
    String::from_utf8_lossy(&ended.output)
        .lines()
        .map(|line| serde_json::from_str(line).map_err(|e| format!("no JSON ({e})")))
        .collect()
}

/// Whether what `inspect` says of the first frame is what the case expects.
fn holds(case: &Case, line: &Value) -> Result<(), String> {
    let oddities: Vec<&str> = line["oddities"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let error = line["error"].as_str();
    let is_shown = error.is_none() && line["sha_stored"].is_string();
    for sentence in oddities.iter().copied().chain(error) {
        if !sentence.ends_with('.') || sentence.contains("broke off") {
            return Err(format!("this is no sentence for a reader: {sentence}"));
        }
    }
    let good = match case.outcome {
        Outcome::Shown => is_shown && oddities.is_empty(),
        Outcome::ShownOdd(words) => is_shown && oddities.iter().any(|o| o.contains(words)),
        Outcome::Told => error.is_some() || !oddities.is_empty(),
        Outcome::Refused(words) => error.is_some_and(|e| e.contains(words)),
        Outcome::NoPixels => error.is_none() && line.get("frame").is_none(),
        Outcome::Ends => true,
    };
    if !good {
        return Err(format!("expected {:?}, found {line}", case.outcome));
    }
    match case.range {
        Some((least, greatest)) if (line["smin"].as_f64(), line["smax"].as_f64()) != (Some(least), Some(greatest)) => {
            Err(format!("other values than {least} … {greatest}: {line}"))
        }
        _ => Ok(()),
    }
}
