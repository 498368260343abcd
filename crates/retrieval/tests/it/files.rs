//! Files as a source: a folder, a DICOMDIR, a zip.

use std::fs;
use std::io::Write;
use std::path::Path;

use retrieval::{Event, FailureKind, SourceId};
use study::listing::StudyListing;

use crate::made;
use crate::world::{World, assert_same, objects, small_study};

/// How many instances a listing of the small study counts.
fn count() -> Option<u32> {
    u32::try_from(objects().len()).ok()
}

/// Waits until all files were looked at.
async fn read(world: &mut World, paths: &[&Path]) -> (SourceId, Option<retrieval::Failure>, Vec<StudyListing>) {
    let source = world
        .retrieval
        .add_files(paths.iter().map(|p| p.to_path_buf()).collect());
    let event = world
        .until(|event| matches!(event, Event::FilesRead { source: of, .. } if *of == source))
        .await;
    let Event::FilesRead { failure, .. } = event else {
        unreachable!("only that fits")
    };
    // The last word on each study.
    let mut listings: Vec<StudyListing> = Vec::new();
    for event in &world.seen {
        if let Event::StudyListed {
            source: of, listing, ..
        } = event
            && *of == source
        {
            listings.retain(|known| known.study != listing.study);
            listings.push((**listing).clone());
        }
    }
    (source, failure, listings)
}

/// Opens the only study and compares every frame.
async fn assert_all_frames(world: &mut World, source: SourceId) {
    let study = small_study();
    let objects = objects();
    world.retrieval.open(source, study.listing.study.clone());
    world.until_finished(&study.listing.study).await;
    world.until_frames(objects.len()).await;
    for (frame, object) in objects {
        assert_same(world, frame, object);
    }
    world.retrieval.close(&study.listing.study);
}

fn write_all(folder: &Path) {
    for (number, object) in objects().values().enumerate() {
        let within = folder.join(format!("dir{}", number % 3));
        fs::create_dir_all(&within).unwrap();
        fs::write(within.join(format!("im{number}")), object).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_read_in_place_and_what_is_no_dicom_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path());
    fs::write(folder.path().join("MÜLLER HANS.txt"), b"a letter").unwrap();
    fs::write(folder.path().join("empty"), b"").unwrap();
    let mut world = World::start();
    let (source, failure, listings) = read(&mut world, &[folder.path()]).await;
    let failure = failure.unwrap();
    assert_eq!(failure.kind, FailureKind::NotDicom);
    assert_eq!(failure.sentence, "2 files are not DICOM.");
    assert_eq!(listings.len(), 1);
    assert_eq!(listings[0].instances, count());
    assert_all_frames(&mut world, source).await;
    let runs = fs::read_dir(&world.cache)
        .unwrap()
        .flatten()
        .filter(|e| e.path().is_dir());
    for run in runs {
        let files = fs::read_dir(run.path()).unwrap().flatten().count();
        assert_eq!(files, 1, "nothing but the lock: files are not copied");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_study_that_is_opened_before_all_files_were_looked_at_gets_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path());
    let mut world = World::start();
    let study = small_study();
    let source = world.retrieval.add_files(vec![folder.path().to_owned()]);
    world.retrieval.open(source, study.listing.study.clone());
    world.until_finished(&study.listing.study).await;
    world.until_frames(objects().len()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zip_is_read_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    for (number, object) in objects().values().enumerate() {
        // Names that would lead out of a folder lead nowhere: nothing is unpacked.
        zip.start_file(format!("../../etc/im{number}"), options).unwrap();
        zip.write_all(object).unwrap();
    }
    zip.start_file("readme.txt", options).unwrap();
    zip.write_all(b"hello").unwrap();
    zip.finish().unwrap();
    let mut world = World::start();
    let (source, failure, listings) = read(&mut world, &[&path]).await;
    assert_eq!(failure.unwrap().sentence, "1 file is not DICOM.");
    assert_eq!(listings.len(), 1);
    assert_all_frames(&mut world, source).await;

    let torn = folder.path().join("torn.zip");
    let bytes = fs::read(&path).unwrap();
    fs::write(&torn, &bytes[..bytes.len() / 2]).unwrap();
    let (_, failure, listings) = read(&mut world, &[&torn]).await;
    assert_eq!(failure.unwrap().kind, FailureKind::Disk);
    assert!(listings.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_exchanged_after_it_was_looked_at_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let study = small_study();
    let objects = objects();
    let all: Vec<_> = objects.values().collect();
    fs::write(folder.path().join("a"), all[0]).unwrap();
    fs::write(folder.path().join("b"), all[1]).unwrap();
    let mut world = World::start();
    let (source, failure, _) = read(&mut world, &[folder.path()]).await;
    assert_eq!(failure, None);
    fs::write(folder.path().join("a"), all[1]).unwrap();
    world.retrieval.open(source, study.listing.study.clone());
    world.until_frames(1).await;
    let victim = objects.keys().next().unwrap();
    let refused = |event: &Event| matches!(event, Event::FrameRefused { frame, failure } if frame == victim && failure.kind == FailureKind::WrongIdentity);
    world.until_ever(refused).await;
    assert!(world.retrieval.memory().get(victim).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dicomdir_names_its_files_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let disc = folder.path().join("disc");
    fs::create_dir_all(&disc).unwrap();
    write_all(&disc);
    let mut files: Vec<Vec<String>> = (0..objects().len())
        .map(|n| vec![format!("DIR{}", n % 3), format!("IM{n}")])
        .collect();
    files.push(vec!["..".to_owned(), "SECRET".to_owned()]);
    files.push(vec!["NOWHERE".to_owned()]);
    fs::write(folder.path().join("secret"), b"x").unwrap();
    let dicomdir = disc.join("DICOMDIR");
    fs::write(&dicomdir, made::dicomdir(&files)).unwrap();
    let mut world = World::start();
    let (source, failure, listings) = read(&mut world, &[&dicomdir]).await;
    assert_eq!(
        failure.unwrap().sentence,
        "The DICOMDIR names 2 files that are not there."
    );
    assert_eq!(listings[0].instances, count());
    assert_all_frames(&mut world, source).await;
    // The folder around it gives the same, each object once.
    let (_, failure, listings) = read(&mut world, &[&disc]).await;
    assert_eq!(failure, None);
    assert_eq!(listings[0].instances, count());
}
