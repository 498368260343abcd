//! Looks at files: each one's header, in parallel, told as they are read.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use study::listing::StudyListing;
use study::{Instance, Object, StudyUid};

use super::walk::{referenced, walk};
use super::{bytes, bytes_in_zip, zipped};
use crate::desk::{Listing, Note, Place};
use crate::engine::Shared;
use crate::{Event, Failure, FailureKind, SourceId};

/// The fewest files that one thread looks at before it tells.
const BATCH: usize = 32;

/// One batch is at most this part of what was looked at before: telling sorts all that is known of a study, so that batches of
/// one size would make the whole quadratic.
const PART: usize = 16;

/// Threads that read headers.
const READERS: usize = 4;

/// What became of all files.
#[derive(Default)]
struct Tally {
    /// Files that are something else.
    other: usize,
    /// Files that could not be read, and one reason.
    unreadable: usize,
    why: Option<Failure>,
    /// References of a DICOMDIR to nothing, or out of its folder.
    astray: usize,
    /// There were more files than are looked at.
    more: bool,
}

/// One header, and where its object is.
type Found = (Arc<Instance>, Place, u64);

/// Looks at everything that the paths name. Blocks on the disk.
pub(crate) fn read(shared: &Shared, source: SourceId, paths: Vec<PathBuf>) {
    let mut tally = Tally::default();
    let places = places(&paths, &mut tally);
    let hints: BTreeMap<StudyUid, String> = BTreeMap::new();
    let (tally, hints) = (Mutex::new(tally), Mutex::new(hints));
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..READERS.min(places.len()) {
            scope.spawn(|| {
                loop {
                    let from = next
                        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |from| Some(end_of_batch(from)))
                        .unwrap_or_else(|from| from);
                    let batch = places
                        .get(from..places.len().min(end_of_batch(from)))
                        .unwrap_or_default();
                    if batch.is_empty() || shared.stopped() {
                        return;
                    }
                    let found = batch.iter().filter_map(|place| header(place, &tally)).collect();
                    take(shared, source, found, &hints);
                }
            });
        }
    });
    conclude(
        shared,
        source,
        tally.into_inner().unwrap_or_else(PoisonError::into_inner),
        &hints.into_inner().unwrap_or_else(PoisonError::into_inner),
    );
}

/// Where the batch ends that begins at a place.
fn end_of_batch(from: usize) -> usize {
    from.saturating_add(BATCH.max(from / PART))
}

/// Where objects may be: files, entries of zips, what a DICOMDIR refers to.
fn places(paths: &[PathBuf], tally: &mut Tally) -> Vec<Place> {
    let (files, more) = walk(paths);
    tally.more |= more;
    let mut places = Vec::with_capacity(files.len());
    let mut referred = BTreeSet::new();
    for path in &files {
        let start = start_of(path);
        if zipped::is_zip(&start) {
            match zipped::entries(path) {
                Ok((entries, more)) => {
                    tally.more |= more;
                    let path = Arc::new(path.clone());
                    places.extend(
                        entries
                            .into_iter()
                            .map(|number| Place::Zipped(Arc::clone(&path), number)),
                    );
                }
                Err(failure) => tally.cannot(failure),
            }
        } else if is_dicomdir(path) {
            // One that was named stands for what it refers to; within a folder all files are looked at anyway.
            if paths.contains(path) {
                let (found, astray) = of_dicomdir(path);
                tally.astray += astray;
                referred.extend(found);
            }
        } else {
            places.push(Place::File(Arc::new(path.clone())));
        }
    }
    let known: BTreeSet<&PathBuf> = files.iter().collect();
    referred.retain(|path| !known.contains(path));
    places.extend(referred.into_iter().map(|path| Place::File(Arc::new(path))));
    places
}

fn is_dicomdir(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| name.eq_ignore_ascii_case("DICOMDIR"))
}

fn start_of(path: &Path) -> Vec<u8> {
    use std::io::Read;
    let mut start = Vec::new();
    if let Ok(file) = std::fs::File::open(path) {
        let _ = file.take(4).read_to_end(&mut start);
    }
    start
}

/// The files that a DICOMDIR refers to, and how many references lead nowhere.
fn of_dicomdir(path: &Path) -> (Vec<PathBuf>, usize) {
    let folder = path.parent().unwrap_or(Path::new("."));
    let listed = bytes(path)
        .ok()
        .and_then(|bytes| Object::parse(bytes).ok())
        .and_then(|object| study::dicomdir::files(&object))
        .unwrap_or_default();
    let count = listed.len();
    let found: Vec<_> = listed
        .iter()
        .filter_map(|components| referenced(folder, components))
        .collect();
    let astray = count - found.len();
    (found, astray)
}

fn header(place: &Place, tally: &Mutex<Tally>) -> Option<Found> {
    let tally = || tally.lock().unwrap_or_else(PoisonError::into_inner);
    let read = match place {
        Place::File(path) => bytes(path),
        Place::Zipped(path, number) => bytes_in_zip(path, *number),
        Place::Sealed(_) | Place::Held => return None,
    };
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(failure) => {
            tally().cannot(failure);
            return None;
        }
    };
    let size = bytes.len() as u64;
    match crate::identity::open(bytes) {
        Ok(opened) => Some((opened.instance, place.clone(), size)),
        Err(_) => {
            tally().other += 1;
            None
        }
    }
}

/// Takes a batch of headers, for whoever has its study open already and for whoever opens it later.
fn take(shared: &Shared, source: SourceId, found: Vec<Found>, hints: &Mutex<BTreeMap<StudyUid, String>>) {
    let mut by_study: BTreeMap<StudyUid, Vec<Found>> = BTreeMap::new();
    for one in found {
        by_study.entry(one.0.study.clone()).or_default().push(one);
    }
    let mut notes: Vec<Note> = Vec::new();
    {
        let mut desk = shared.desk();
        for (uid, found) in by_study {
            let Some(of) = desk.source_mut(source) else { return };
            let known = of.files.entry(uid.clone()).or_default();
            let first = known.is_empty();
            // The same object may lie in two places: the first is taken.
            let mut fresh: Vec<Found> = Vec::with_capacity(found.len());
            for one in found {
                if let Entry::Vacant(place) = known.entry(one.0.uid.clone()) {
                    place.insert(one.clone());
                    fresh.push(one);
                }
            }
            if first {
                let hint = fresh.first().map(|(_, place, _)| hint(place)).unwrap_or_default();
                notes.extend(listed(source, &fresh, &hint));
                hints
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(uid.clone(), hint);
            }
            if let Some(study) = desk
                .studies
                .iter_mut()
                .find(|study| study.uid == uid && study.source == source)
            {
                let news = study.here(fresh);
                notes.push(study.found(news));
                notes.extend(study.progress());
            }
        }
    }
    for note in notes {
        shared.outbox.send_blocking(note, || !shared.stopped());
    }
    shared.work_is_there();
}

fn listed<'a>(source: SourceId, found: impl IntoIterator<Item = &'a Found>, hint: &str) -> Option<Note> {
    let instances: Vec<_> = found.into_iter().map(|(instance, ..)| Arc::clone(instance)).collect();
    let listing = StudyListing::from_instances(&instances)?;
    Some(
        Event::StudyListed {
            source,
            listing: Box::new(listing),
            path_hint: hint.to_owned(),
        }
        .into(),
    )
}

/// The name of the zip, or of the folder that a file lies in.
fn hint(place: &Place) -> String {
    let path = match place {
        Place::File(path) => path.parent(),
        Place::Zipped(path, _) => Some(path.as_path()),
        Place::Sealed(_) | Place::Held => None,
    };
    path.and_then(Path::file_name)
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn conclude(shared: &Shared, source: SourceId, tally: Tally, hints: &BTreeMap<StudyUid, String>) {
    let mut notes: Vec<Note> = Vec::new();
    {
        let mut desk = shared.desk();
        let (mut studies, mut instances) = (0, 0);
        if let Some(of) = desk.source_mut(source) {
            of.files_read = true;
            for (uid, found) in &of.files {
                studies += 1;
                instances += found.len();
                notes.extend(listed(
                    source,
                    found.values(),
                    hints.get(uid).map_or("", String::as_str),
                ));
            }
        }
        for study in desk.studies.iter_mut().filter(|study| study.source == source) {
            study.concluded(Listing::Done);
            notes.push(study.found(Vec::new()));
            notes.extend(study.progress());
        }
        notes.push(
            Event::FilesRead {
                source,
                studies,
                instances: u32::try_from(instances).unwrap_or(u32::MAX),
                failure: tally.failure(instances),
            }
            .into(),
        );
    }
    for note in notes {
        shared.outbox.send_blocking(note, || !shared.stopped());
    }
}

impl Tally {
    fn cannot(&mut self, failure: Failure) {
        self.unreadable += 1;
        self.why.get_or_insert(failure);
    }

    /// What was left out, by number; names of files may be names of patients.
    fn failure(self, found: usize) -> Option<Failure> {
        let files = |count: usize| {
            if count == 1 {
                "1 file".to_owned()
            } else {
                format!("{count} files")
            }
        };
        let mut sentences = Vec::new();
        if self.other > 0 {
            let are = if self.other == 1 { "is" } else { "are" };
            sentences.push(format!("{} {are} not DICOM.", files(self.other)));
        }
        if self.unreadable > 0 {
            let why = self.why.as_ref().map_or("", |why| why.sentence.as_str());
            sentences.push(format!("{} could not be read. {why}", files(self.unreadable)));
        }
        if self.astray > 0 {
            sentences.push(format!("The DICOMDIR names {} that are not there.", files(self.astray)));
        }
        if self.more {
            sentences.push("There are more files than are looked at; open fewer at once.".to_owned());
        }
        if found == 0 {
            sentences.insert(0, "There is no DICOM image to open here.".to_owned());
        }
        if sentences.is_empty() {
            return None;
        }
        let kind = if self.unreadable > 0 {
            FailureKind::Disk
        } else if self.astray > 0 || self.more {
            FailureKind::Incomplete
        } else {
            FailureKind::NotDicom
        };
        Some(Failure::lasting(kind, sentences.join(" ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_files_are_told_in_few_batches_and_few_files_at_once() {
        let batches = |files: usize| {
            std::iter::successors(Some(0), |from| Some(end_of_batch(*from)))
                .take_while(|from| *from < files)
                .count()
        };
        assert_eq!((batches(32), batches(33), batches(320)), (1, 2, 10));
        assert!(batches(500_000) < 200, "{}", batches(500_000));
        assert!(end_of_batch(usize::MAX) == usize::MAX);
    }
}
