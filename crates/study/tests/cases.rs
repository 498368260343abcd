//! The case folders of test-data: synthetic objects encoded by others, compared with the arrays that were encoded.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use serde_json::Value;
use study::inspect::{FrameSelection, records};

#[test]
fn every_case_decodes_to_what_was_encoded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-data/cases");
    let mut wrong = Vec::new();
    let mut cases = 0;
    for case in std::fs::read_dir(folder).unwrap() {
        let case = case.unwrap().path();
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let expected: Value = serde_json::from_slice(&std::fs::read(case.join("expected.json")).unwrap()).unwrap();
        let bytes = std::fs::read(case.join("object.dcm")).unwrap();
        let found = records(bytes.into(), &name, &FrameSelection::All, &mut study::decode);
        let frames = expected["frames"].as_array().unwrap();
        if found.len() != frames.len() {
            wrong.push(format!("{name}: {} records for {} frames", found.len(), frames.len()));
        }
        for (found, expected) in found.iter().zip(frames) {
            if let Some(difference) = difference(found, expected) {
                wrong.push(format!("{name} frame {}: {difference}", found["frame"]));
            }
        }
        cases += 1;
    }
    assert!(cases > 40, "the cases are there");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn difference(found: &Value, expected: &Value) -> Option<String> {
    if let Some(error) = found["error"].as_str() {
        return Some(format!("refused: {error}"));
    }
    for key in ["shape", "dtype"] {
        if found[key] != expected[key] {
            return Some(format!("{key} is {} and not {}", found[key], expected[key]));
        }
    }
    if let Some(tolerance) = expected["tolerance"].as_f64() {
        let pairs = found["grid_stored"]
            .as_array()?
            .iter()
            .zip(expected["grid_stored"].as_array()?);
        let most = pairs
            .map(|(a, b)| (a.as_f64().unwrap() - b.as_f64().unwrap()).abs())
            .fold(0.0, f64::max);
        return (most > tolerance).then(|| format!("block means differ by {most}"));
    }
    (found["sha_stored"] != expected["sha_stored"]).then(|| {
        format!(
            "stored values {} … {} and not {} … {}",
            found["smin"], found["smax"], expected["min"], expected["max"]
        )
    })
}
