//! The case folders of test-data: synthetic objects encoded by others, compared with the arrays that were encoded.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use serde_json::Value;
use study::inspect::{FrameSelection, records};
use study::{Decoded, Object};

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
        let object = Object::parse(bytes.clone().into()).unwrap();
        let found = records(bytes.into(), &name, &FrameSelection::All, &mut study::decode);
        let frames = expected["frames"].as_array().unwrap();
        if found.len() != frames.len() {
            wrong.push(format!("{name}: {} records for {} frames", found.len(), frames.len()));
        }
        for (index, (found, expected)) in found.iter().zip(frames).enumerate() {
            let decoded = object.encoded_frame(index as u32).map(|frame| study::decode(&frame));
            let channels = decoded
                .ok()
                .and_then(Result::ok)
                .and_then(|d| channels_differ(&d, expected));
            if let Some(difference) = difference(found, expected).or(channels) {
                wrong.push(format!("{name} frame {index}: {difference}"));
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

/// The means of blocks of each colour, where a lossy case gives them: `inspect` tells the first one's only.
fn channels_differ(decoded: &Decoded, expected: &Value) -> Option<String> {
    let (grids, tolerance) = (expected["grids"].as_array()?, expected["tolerance"].as_f64()?);
    let frame = &decoded.frame;
    let (rows, columns, channels) = (frame.rows as usize, frame.columns as usize, usize::from(frame.channels));
    assert_eq!(grids.len(), channels);
    for (channel, grid) in grids.iter().enumerate() {
        for (block, mean) in grid.as_array()?.iter().enumerate() {
            let (j, i) = (block / 8, block % 8);
            let places = (rows * j / 8..rows * (j + 1) / 8).flat_map(|y| {
                (columns * i / 8..columns * (i + 1) / 8).map(move |x| (y * columns + x) * channels + channel)
            });
            let values: Vec<f64> = places.map(|at| frame.samples.get(at).unwrap()).collect();
            let ours = values.iter().sum::<f64>() / values.len() as f64;
            let theirs = mean.as_f64()?;
            if (ours - theirs).abs() > tolerance {
                return Some(format!("colour {channel}, block {j}, {i}: {ours} and not {theirs}"));
            }
        }
    }
    None
}
