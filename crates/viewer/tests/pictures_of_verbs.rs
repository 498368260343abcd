//! `farsight inspect` and `farsight render` from outside, over the case folders.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn object(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../test-data/cases")
        .join(case)
        .join("object.dcm")
}

fn farsight(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_farsight"))
        .args(arguments)
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn inspect_prints_a_line_for_each_frame_and_fails_when_one_is_refused() {
    let path = object("rle-frames-with-table");
    let path = path.to_str().unwrap();
    let all = farsight(&["inspect", "--json", "--frames", "all", path]);
    assert_eq!(all.status.code(), Some(0));
    let all = lines(&all);
    assert!(all.len() > 1 && all.iter().all(|l| l["file"] == path && l["sha_stored"].is_string()));
    let second = lines(&farsight(&["inspect", "--json", "--frames", "2", path]));
    assert_eq!(
        second,
        all[1..2],
        "frames count from 1 on the command line and from 0 in the record"
    );
    let beyond = farsight(&["inspect", "--json", "--frames", "1,999", path]);
    assert_eq!(beyond.status.code(), Some(1));
    assert!(lines(&beyond)[1]["error"].as_str().unwrap().contains("999"));
    assert_eq!(
        farsight(&["inspect", "--frames", "last but one", path]).status.code(),
        Some(2)
    );
}

#[test]
fn render_draws_the_same_picture_with_and_without_an_adapter() {
    let folder = tempfile::tempdir().unwrap();
    let picture = |name: &str, arguments: &[&str]| -> (Option<i32>, Vec<Value>, Option<image::RgbImage>) {
        let output = folder.path().join(name);
        let mut all = vec!["render", "--json", "--output", output.to_str().unwrap()];
        all.extend(arguments);
        let done = farsight(&all);
        let drawn = image::open(&output).ok().map(|i| i.to_rgb8());
        (done.status.code(), lines(&done), drawn)
    };
    for (case, window) in [
        ("native-s12", "--window=-200,900"),
        ("j2k-rgb", "--window=1,2"),
        ("native-float", "--window=0,1"),
    ] {
        let path = object(case);
        let path = path.to_str().unwrap();
        let (code, told, cpu) = picture("cpu.png", &[path, "--cpu", window]);
        assert_eq!(
            (code, told[0]["adapter"].as_str()),
            (Some(0), Some("none: CPU reference")),
            "{case}"
        );
        let cpu = cpu.unwrap();
        assert_eq!((cpu.width(), cpu.height()), (53, 45));
        let (code, told, gpu) = picture("gpu.png", &[path, window]);
        if code != Some(0) {
            return testkit::skip("farsight render on a graphics adapter: there is none");
        }
        assert!(
            told[0]["adapter"].as_str().is_some_and(|name| !name.contains("none")),
            "{case}"
        );
        assert!(gpu.unwrap() == cpu, "{case}: the pictures differ");
    }
    let path = object("native-s12");
    let path = path.to_str().unwrap();
    let (code, _, fitted) = picture(
        "fitted.png",
        &[path, "--cpu", "--size", "200x90", "--interpolation", "cubic"],
    );
    let fitted = fitted.unwrap();
    assert_eq!((code, fitted.width(), fitted.height()), (Some(0), 200, 90));
    assert_eq!(fitted.get_pixel(2, 45).0, [0; 3], "beside the fitted image it is black");
    assert_eq!(picture("none.png", &[path, "--frame", "7"]).0, Some(1));
    assert_eq!(picture("none.png", &[path, "--voi", "nonsense"]).0, Some(2));
}

/// The texts of a PNG by their keywords.
fn texts(path: &Path) -> std::collections::BTreeMap<String, String> {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let reader = png::Decoder::new(file).read_info().unwrap();
    let texts = reader.info().utf8_text.iter();
    texts
        .map(|text| (text.keyword.clone(), text.get_text().unwrap()))
        .collect()
}

#[test]
fn a_picture_takes_with_it_what_a_tile_would_say_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("picture.png");
    let rendered = |source: &Path| {
        let (output, source) = (output.to_str().unwrap(), source.to_str().unwrap());
        let done = farsight(&[
            "render", "--json", "--cpu", "--size", "160x160", "--output", output, source,
        ]);
        assert_eq!(done.status.code(), Some(0));
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        (
            texts(Path::new(output)),
            said,
            lines(&done)[0]["not_for_diagnosis"].clone(),
        )
    };
    let (plain, said, reasons) = rendered(&object("native-s12"));
    assert_eq!(plain["Disclaimer"], reading::intended_use::statement());
    assert!(plain["Software"].starts_with("Farsight "));
    assert!(!plain.contains_key("Warning") && !said.contains("NOT FOR DIAGNOSIS"));
    assert_eq!(reasons, serde_json::json!([]));
    // The same object as a mammogram that says that it was compressed with loss.
    let study = study::phantom::catalogue()
        .into_iter()
        .find(|study| study.series.iter().any(|series| series.modality == "DX"))
        .unwrap();
    let mut bytes = study::phantom::object(&study.listing.study, &study.series[0].uid, 0)
        .unwrap()
        .to_vec();
    for (from, to) in [
        (
            &b"\x08\x00\x60\x00CS\x02\x00DX"[..],
            &b"\x08\x00\x60\x00CS\x02\x00MG"[..],
        ),
        (
            &b"\x28\x00\x10\x21CS\x02\x0000"[..],
            &b"\x28\x00\x10\x21CS\x02\x0001"[..],
        ),
    ] {
        let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    let source = folder.path().join("mammogram.dcm");
    std::fs::write(&source, &bytes).unwrap();
    let (texts, said, reasons) = rendered(&source);
    assert_eq!(reasons, serde_json::json!(["This mammogram was compressed with loss."]));
    let warning = "NOT FOR DIAGNOSIS. This mammogram was compressed with loss.";
    assert_eq!(texts["Warning"], warning);
    assert!(said.contains(warning), "{said}");
    assert!(texts["Comment"].starts_with("lossy. The image says that it was compressed with loss"));
    let name = study.listing.patient.name.to_reader();
    let family = name.split('^').next().unwrap();
    assert!(
        family.len() > 2 && !texts.values().any(|text| text.contains(family)),
        "no patient is named"
    );
}

#[test]
fn help_states_the_intended_use() {
    let help = farsight(&["--help"]);
    let words = String::from_utf8_lossy(&help.stdout)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(words.contains(&reading::intended_use::statement()), "{words}");
}
