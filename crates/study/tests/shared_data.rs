//! Real files beside the checkout against values from independent decoders (../shared/data/make_reference.py says how).
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use study::inspect::{FrameSelection, records};

/// Lossy syntaxes may differ from another decoder by this much in the mean of a block (docs/conformance.md).
fn tolerance(reference: &Value) -> f64 {
    let syntax = reference["ts"].as_str().unwrap_or_default();
    let jpeg = syntax.ends_with(".4.50") || syntax.ends_with(".4.51");
    let colour = reference["shape"].as_array().is_some_and(|s| s.len() == 3);
    let halved = reference["pi"].as_str().is_some_and(|p| p.contains("422"));
    match () {
        () if halved || jpeg && colour => 15.0,
        () if syntax.contains(".4.9") || syntax.contains(".4.20") => 1.0,
        () => 2.0,
    }
}

enum Outcome {
    Same,
    Near,
    Refused(String),
    Wrong(String),
}

fn stored(found: &Value, reference: &Value) -> Outcome {
    if let Some(error) = found["error"].as_str() {
        return Outcome::Refused(error.to_owned());
    }
    if found["sha_stored"] == reference["sha_stored"] {
        return Outcome::Same;
    }
    let means =
        |value: &Value| -> Option<Vec<f64>> { value["grid_stored"].as_array()?.iter().map(Value::as_f64).collect() };
    match (means(found), means(reference)) {
        (Some(ours), Some(theirs)) if reference["lossless"] == false => {
            let most = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            if most <= tolerance(reference) {
                Outcome::Near
            } else {
                Outcome::Wrong(format!("block means differ by {most}"))
            }
        }
        _ => Outcome::Wrong("the stored values differ".to_owned()),
    }
}

/// `None` when the picture is right or nothing is known of it.
fn picture(found: &Value, reference: &Value) -> Option<String> {
    let kind = reference["disp_kind"].as_str()?;
    // Of deeper colours the reference is not an 8-bit picture.
    let known = ["window", "voilut", "sigmoid", "linear_exact", "palette"].contains(&kind)
        || kind == "rgb" && reference["dtype"] == "uint8";
    if !known || reference["lossless"] != true || found["disp_sha"] == reference["disp_sha"] {
        return None;
    }
    Some(format!("the picture differs: {kind}, ours {}", found["disp_kind"]))
}

#[test]
fn every_shared_file_has_the_values_of_independent_decoders() {
    let Some(folder) = testkit::shared_data("decoding real files against independent decoders") else {
        return;
    };
    let mut files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in std::fs::read_to_string(folder.join("reference.jsonl")).unwrap().lines() {
        let reference: Value = serde_json::from_str(line).unwrap();
        let file = reference["file"].as_str().unwrap().to_owned();
        files.entry(file).or_default().push(reference);
    }
    let files: Vec<_> = files
        .into_iter()
        .filter(|(file, _)| folder.join(file).is_file())
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut told = Vec::new();
        while let Some((file, references)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            told.extend(one_file(&folder, file, references));
        }
        told
    };
    let told: Vec<(String, Outcome)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|w| w.join().unwrap()).collect()
    });
    let (mut good, mut wrong, mut refused) = (0, Vec::new(), Vec::new());
    for (frame, outcome) in &told {
        match outcome {
            Outcome::Same | Outcome::Near => good += 1,
            Outcome::Wrong(words) => wrong.push(format!("{frame}: {words}")),
            Outcome::Refused(words) => refused.push(format!("{frame}: {words}")),
        }
    }
    eprintln!(
        "{good} of {} frames agree; refused:\n{}",
        told.len(),
        refused.join("\n")
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(good > 0 && refused.len() * 100 <= told.len(), "{}", refused.join("\n"));
}

fn one_file(folder: &Path, file: &str, references: &[Value]) -> Vec<(String, Outcome)> {
    let bytes = std::fs::read(folder.join(file)).unwrap();
    let found = records(bytes.into(), file, &FrameSelection::FirstMiddleLast, &mut study::decode);
    let mut told = Vec::new();
    for reference in references.iter().filter(|r| r["sha_stored"].is_string()) {
        let frame = format!("{file} frame {}", reference["frame"]);
        let ours = found.iter().find(|f| f["frame"] == reference["frame"]);
        let ours = ours.or_else(|| found.iter().find(|f| f["error"].is_string()));
        let Some(ours) = ours else {
            told.push((frame, Outcome::Wrong("there is no record".to_owned())));
            continue;
        };
        let mut outcome = stored(ours, reference);
        if matches!(outcome, Outcome::Same | Outcome::Near)
            && let Some(words) = picture(ours, reference)
        {
            outcome = Outcome::Wrong(words);
        }
        told.push((frame, outcome));
    }
    told
}
