//! Which files a path names.

use std::fs;
use std::path::{Path, PathBuf};

/// The most files that are looked at.
const MOST: usize = 500_000;

/// How deep folders may lie in each other.
const DEEPEST: usize = 64;

/// Every file that the paths name, folders in the order of their names, links to folders within folders not followed; and
/// whether there were more, or deeper ones, than are looked at. What is no file (pipes, devices) is never opened: it may have no
/// end, or keep whoever opens it waiting.
pub(crate) fn walk(paths: &[PathBuf]) -> (Vec<PathBuf>, bool) {
    let mut found = Vec::new();
    let mut more = false;
    let mut waiting: Vec<(PathBuf, usize)> = paths.iter().rev().map(|path| (path.clone(), 0)).collect();
    while let Some((path, depth)) = waiting.pop() {
        if found.len() >= MOST {
            return (found, true);
        }
        let link = path
            .symlink_metadata()
            .is_ok_and(|about| about.file_type().is_symlink());
        if depth > 0 && link && path.is_dir() {
            continue;
        }
        if path.is_dir() {
            if depth < DEEPEST {
                waiting.extend(inside(&path).into_iter().map(|path| (path, depth + 1)));
            } else {
                more = true;
            }
        } else if path.is_file() || (depth == 0 && path.metadata().is_err()) {
            // What was named outright and is not there is tried, so that it is told.
            found.push(path);
        }
    }
    (found, more)
}

/// What a folder holds, in falling order, so that the last is taken first.
fn inside(folder: &Path) -> Vec<PathBuf> {
    let mut inside: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    inside.sort_unstable_by(|a, b| b.cmp(a));
    inside
}

/// The file that a DICOMDIR refers to, beneath the DICOMDIR's own folder; `None` when a component would lead out of it or
/// nothing is there. Media were often written with names in other case than the DICOMDIR has them.
pub(crate) fn referenced(folder: &Path, components: &[String]) -> Option<PathBuf> {
    let mut path = folder.to_owned();
    for component in components {
        let plain = !component.is_empty()
            && component != "."
            && component != ".."
            && !component.contains(['/', '\\', ':', '\0']);
        if !plain {
            return None;
        }
        let exact = path.join(component);
        path = if exact.exists() {
            exact
        } else {
            inside(&path).into_iter().find(|entry| {
                entry
                    .file_name()
                    .and_then(|name| name.to_str())
                    .is_some_and(|name| name.eq_ignore_ascii_case(component))
            })?
        };
    }
    // A link on the medium may lead out of it all the same.
    let (within, real) = (folder.canonicalize().ok()?, path.canonicalize().ok()?);
    (path.is_file() && real.starts_with(within)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_never_leads_out_of_its_folder() {
        let outer = tempfile::tempdir().unwrap();
        let disc = outer.path().join("disc");
        fs::create_dir_all(disc.join("dicom")).unwrap();
        fs::write(outer.path().join("secret"), b"x").unwrap();
        fs::write(disc.join("dicom").join("im1"), b"x").unwrap();
        let of = |parts: &[&str]| referenced(&disc, &parts.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["DICOM", "IM1"]), Some(disc.join("dicom").join("im1")));
        for out in [
            &["..", "secret"][..],
            &["../secret"],
            &["/etc/hostname"],
            &["", "etc"],
            &["dicom"],
            &["c:\\x"],
            &["dicom", "im2"],
        ] {
            assert_eq!(of(out), None, "{out:?}");
        }
    }

    #[test]
    fn what_is_no_file_is_left_out_and_what_lies_too_deep_is_told() {
        let endless = PathBuf::from("/dev/zero");
        if endless.exists() {
            assert_eq!(walk(&[endless]), (Vec::new(), false));
        }
        let lacking = PathBuf::from("not there");
        assert_eq!(walk(std::slice::from_ref(&lacking)), (vec![lacking], false));
        let folder = tempfile::tempdir().unwrap();
        let deep = |depth: usize| (0..depth).fold(folder.path().to_owned(), |path, _| path.join("d"));
        fs::create_dir_all(deep(DEEPEST - 1)).unwrap();
        fs::write(deep(DEEPEST - 1).join("a"), b"").unwrap();
        assert_eq!(
            walk(&[folder.path().to_owned()]),
            (vec![deep(DEEPEST - 1).join("a")], false)
        );
        fs::create_dir_all(deep(DEEPEST)).unwrap();
        assert!(walk(&[folder.path().to_owned()]).1);
    }

    #[test]
    fn folders_are_walked_in_the_order_of_names() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b/2", "b/1", "a", "c/d/e"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"").unwrap();
        }
        let (found, more) = walk(&[folder.path().to_owned()]);
        let names: Vec<_> = found
            .iter()
            .map(|p| {
                p.strip_prefix(folder.path())
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/")
            })
            .collect();
        assert_eq!(names, ["a", "b/1", "b/2", "c/d/e"]);
        assert!(!more);
    }
}
