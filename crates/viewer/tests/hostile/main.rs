//! Hostile and merely odd files, each through the real program in a child with bounds on memory and time: whatever a file says,
//! nothing ends but with values or with a sentence.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod case;
mod pixel_data;
mod pixel_description;
mod run;
mod structure;
mod structure_large;

use case::Case;
use run::Program;

/// All cases, those first that may take the least memory: the peak of the children never falls.
fn all() -> Vec<Case> {
    let mut all = structure::cases();
    all.extend(structure_large::cases());
    all.extend(pixel_data::cases());
    all.extend(pixel_description::cases());
    all.sort_by_key(Case::memory_most);
    all
}

#[test]
fn every_bad_file_ends_in_values_or_in_a_sentence_within_its_memory_and_time() {
    let cases = all();
    assert!(cases.len() >= 100, "{} cases", cases.len());
    let names: std::collections::BTreeSet<_> = cases.iter().map(|case| &case.name).collect();
    assert_eq!(names.len(), cases.len(), "two cases share a name");
    let mut program = Program::new();
    let failures: Vec<String> = cases.iter().filter_map(|case| program.tries(case).err()).collect();
    eprintln!(
        "{} files; the most that any took: {} MiB",
        cases.len(),
        program.peak() >> 20
    );
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

#[test]
fn a_file_that_is_cut_anywhere_keeps_what_came_before() {
    let whole = structure::with_a_sequence();
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = (0..200)
        .map(|cut| {
            // 200 places that lie evenly, and so in every kind of element.
            let path = folder.path().join(format!("{cut:03}.dcm"));
            std::fs::write(&path, &whole[..whole.len() * cut / 200]).unwrap();
            path
        })
        .collect();
    let mut arguments = vec!["inspect", "--json"];
    arguments.extend(paths.iter().map(|path| path.to_str().unwrap()));
    let lines = Program::new().lines_of(&arguments);
    assert_eq!(lines.len(), 200, "one line for each file");
    let told = |line: &&serde_json::Value| {
        line["error"].is_string() || line["oddities"].as_array().is_some_and(|odd| !odd.is_empty())
    };
    // A cut between two elements of a header without pixels cannot be told from an object without pixels.
    let whole_elements = lines.iter().filter(|line| !told(line)).count();
    assert!(whole_elements <= 20, "{whole_elements} cuts were not told");
    let class = |line: &serde_json::Value| line["sop"] == "1.2.840.10008.5.1.4.1.1.7";
    assert!(lines[150..].iter().all(class), "what came before the cut is kept");
    assert!(
        lines.iter().all(|line| line.get("sha_stored").is_none()),
        "no frame is whole"
    );
}
