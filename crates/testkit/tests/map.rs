//! docs/ARCHITECTURE.md against the manifests, the sources and the README.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{} cannot be read: {e}", path.display()))
}

/// The rows of the table that follows a heading line containing `after`, split into trimmed cells.
fn table(text: &str, after: &str) -> Vec<Vec<String>> {
    text.lines()
        .skip_while(|line| !line.contains(after))
        .skip_while(|line| !line.starts_with("| ---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            line.trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().to_owned())
                .collect()
        })
        .collect()
}

struct Manifest {
    description: String,
    dependencies: BTreeSet<String>,
    dev_dependencies: BTreeSet<String>,
}

fn manifests() -> BTreeMap<String, Manifest> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().file_name().into_string().unwrap();
        let text = read(format!("crates/{folder}/Cargo.toml"));
        let manifest: toml::Table = text.parse().unwrap();
        let names = |section: &str| -> BTreeSet<String> {
            manifest
                .get(section)
                .and_then(|s| s.as_table())
                .map(|s| s.keys().cloned().collect())
                .unwrap_or_default()
        };
        let package = manifest["package"].as_table().unwrap();
        assert_eq!(
            package["name"].as_str(),
            Some(folder.as_str()),
            "a folder is named like its package"
        );
        let mut dependencies = names("dependencies");
        for target in manifest
            .get("target")
            .and_then(|t| t.as_table())
            .into_iter()
            .flat_map(|t| t.values())
        {
            let deps = target.get("dependencies").and_then(|d| d.as_table());
            dependencies.extend(deps.into_iter().flat_map(|d| d.keys().cloned()));
        }
        let description = package["description"].as_str().unwrap().to_owned();
        found.insert(
            folder,
            Manifest {
                description,
                dependencies,
                dev_dependencies: names("dev-dependencies"),
            },
        );
    }
    found
}

fn backticked(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_crate_depends_only_on_what_the_map_allows() {
    let text = read("docs/ARCHITECTURE.md");
    let map: BTreeMap<String, Vec<String>> = table(&text, "## The map")
        .into_iter()
        .map(|row| {
            (
                backticked(&row[0])[0].clone(),
                row[2].split(',').map(|c| c.trim().to_owned()).collect(),
            )
        })
        .collect();
    let manifests = manifests();
    assert_eq!(
        map.keys().collect::<Vec<_>>(),
        manifests.keys().collect::<Vec<_>>(),
        "the map lists the crates of the workspace, all of them and no other"
    );
    for (name, manifest) in &manifests {
        if name == "testkit" {
            continue;
        }
        for dependency in manifest.dependencies.iter().filter(|d| map.contains_key(*d)) {
            assert!(
                map[name].contains(dependency),
                "{name} depends on {dependency}, which the map does not allow"
            );
        }
        assert!(
            !manifest.dependencies.contains("testkit"),
            "{name} carries testkit into the program"
        );
    }
}

#[test]
fn outside_packages_stay_with_their_owners() {
    let text = read("docs/ARCHITECTURE.md");
    let manifests = manifests();
    for row in table(&text, "Packages from outside") {
        let owners: BTreeSet<&str> = row[1].split(',').map(str::trim).collect();
        for package in backticked(&row[0]) {
            for (name, manifest) in manifests.iter().filter(|(n, _)| n.as_str() != "testkit") {
                let holds = manifest.dependencies.contains(&package)
                    || (["egui", "eframe", "wgpu"].contains(&package.as_str())
                        && manifest.dev_dependencies.contains(&package));
                assert!(
                    !holds || owners.contains(name.as_str()),
                    "{name} uses {package}, which belongs to {owners:?}"
                );
            }
        }
    }
}

#[test]
fn each_crate_has_one_sentence_everywhere() {
    let architecture = read("docs/ARCHITECTURE.md");
    let readme = read("README.md");
    let map = table(&architecture, "## The map");
    for (name, manifest) in manifests() {
        let sentence = &manifest.description;
        let row = map.iter().find(|row| row[0] == format!("`{name}`")).unwrap();
        assert_eq!(&row[1], sentence, "ARCHITECTURE.md on {name}");
        assert!(
            readme.contains(sentence.as_str()),
            "README.md does not say of {name}: {sentence}"
        );
        let library = read(format!("crates/{name}/src/lib.rs"));
        let first = library
            .lines()
            .next()
            .unwrap()
            .trim_start_matches("//! ")
            .replace('`', "");
        assert_eq!(first, sentence.replace('`', ""), "lib.rs of {name}");
    }
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "wgsl") {
            into.push(path);
        }
    }
}

#[test]
fn files_are_short_and_honestly_named() {
    let mut files = Vec::new();
    sources(&root().join("crates"), &mut files);
    sources(&root().join("shaders"), &mut files);
    let forbidden = [
        "utils", "util", "common", "types", "manager", "helpers", "helper", "misc",
    ];
    let mut lengths = Vec::new();
    for file in &files {
        let lines = std::fs::read_to_string(file).unwrap().lines().count();
        assert!(lines <= 700, "{} has {lines} lines; 700 is the most", file.display());
        lengths.push(lines);
        for part in file.strip_prefix(root()).unwrap().iter() {
            let name = part.to_string_lossy();
            let name = name.split('.').next().unwrap();
            assert!(!forbidden.contains(&name), "{} is named {name}", file.display());
        }
    }
    lengths.sort_unstable();
    let (median, ninetieth) = (lengths[lengths.len() / 2], lengths[lengths.len() * 9 / 10]);
    assert!(median <= 300, "the median file has {median} lines");
    assert!(ninetieth <= 500, "nine in ten files have up to {ninetieth} lines");
}

#[test]
fn libraries_are_tables_of_contents() {
    for name in manifests().keys() {
        let text = read(format!("crates/{name}/src/lib.rs"));
        assert!(
            text.lines().count() <= 90,
            "lib.rs of {name} is more than a table of contents"
        );
        assert!(
            !text.lines().any(|l| l.trim_start().starts_with("fn ")),
            "lib.rs of {name} holds a function"
        );
    }
}

#[test]
fn deciding_crates_touch_nothing() {
    let banned = [
        "std::fs",
        "std::net",
        "std::thread",
        "Instant",
        "SystemTime",
        "RandomState",
        "std::env",
        "std::process",
    ];
    for name in ["space", "pixels", "study", "reading"] {
        let mut files = Vec::new();
        sources(&root().join("crates").join(name).join("src"), &mut files);
        // A module named `tests` is compiled for tests only, wherever it stands.
        let tests = |file: &Path| {
            file.components()
                .any(|c| matches!(c.as_os_str().to_str(), Some("tests" | "tests.rs")))
        };
        let source = root().join("crates").join(name).join("src");
        for file in files.iter().filter(|f| !tests(f.strip_prefix(&source).unwrap())) {
            let text = std::fs::read_to_string(file).unwrap();
            let outside_tests = text.split("#[cfg(test)]").next().unwrap();
            for word in banned {
                assert!(!outside_tests.contains(word), "{} touches {word}", file.display());
            }
        }
    }
}

#[test]
fn operating_systems_are_told_apart_in_one_place() {
    let mut files = Vec::new();
    sources(&root().join("crates"), &mut files);
    for file in files {
        let path = file.to_string_lossy().into_owned();
        // testkit measures children of tests and is no part of the program.
        if path.contains("viewer/src/platform") || path.contains("crates/testkit/") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for word in [
            "target_os",
            "cfg(unix)",
            "cfg(windows)",
            "cfg!(unix)",
            "cfg!(windows)",
            "std::os::unix",
            "std::os::windows",
        ] {
            assert!(
                !text.contains(word),
                "{path} holds {word}: it belongs in viewer::platform"
            );
        }
    }
}
