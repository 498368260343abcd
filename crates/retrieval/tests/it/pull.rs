//! Retrieving into a folder of plain files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pacs::{Faults, Options, Pacs, Store};
use retrieval::FailureKind;
use retrieval::pull::{Progress, Wanted, pull};

use crate::scripted::{Reply, Scripted, instead, path_of, study_of};
use crate::world::{client, objects, small_pacs, small_study};

fn wanted() -> Wanted {
    Wanted {
        study: small_study().listing.study,
        series: None,
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

fn expected() -> BTreeMap<String, Vec<u8>> {
    objects()
        .iter()
        .map(|(frame, object)| (format!("{}.dcm", frame.instance.as_str()), object.to_vec()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_equal_what_is_stored_and_a_second_run_fetches_nothing() {
    let (pacs, _folder) = small_pacs().await;
    let client = client(&pacs.base());
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("a/b");
    let mut heard = Vec::new();
    let report = pull(&client, &wanted(), &to, |progress| heard.push(progress))
        .await
        .unwrap();
    let count = expected().len() as u32;
    assert!(report.complete());
    assert_eq!((report.of, report.stored, report.already_there), (count, count, 0));
    assert!(files(&to) == expected(), "the files are the objects");
    let last = Progress {
        here: count,
        of: count,
        bytes: report.bytes,
    };
    assert_eq!(heard.last(), Some(&last));
    let sent = pacs.tally().instances_sent;
    let report = pull(&client, &wanted(), &to, |_| {}).await.unwrap();
    assert!(report.complete());
    assert_eq!((report.stored, report.already_there, report.bytes), (0, count, 0));
    assert_eq!(pacs.tally().instances_sent, sent, "nothing is fetched twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_was_killed_half_way_is_completed_without_fetching_what_is_there() {
    let (pacs, _folder) = small_pacs().await;
    let client = client(&pacs.base());
    let folder = tempfile::tempdir().unwrap();
    // Killed: the future is dropped in the middle of its work.
    {
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let wanted = wanted();
        let running = pull(&client, &wanted, folder.path(), |progress| {
            let _ = tell.send(progress.here);
        });
        tokio::select! {
            _ = running => {}
            () = async { while told.recv().await.is_some_and(|here| here < 5) {} } => {}
        }
    }
    // What a killed process leaves: a piece beside the name, and here also a whole name with half an object in it.
    let expected = expected();
    let (first, whole) = expected.iter().next().unwrap();
    fs::write(folder.path().join(format!("{first}.part")), &whole[..1000]).unwrap();
    fs::write(folder.path().join(first), &whole[..whole.len() / 2]).unwrap();
    fs::write(folder.path().join("notes.txt"), b"mine").unwrap();
    let whole_before = files(folder.path())
        .into_iter()
        .filter(|(name, bytes)| expected.get(name) == Some(bytes))
        .count() as u32;
    let report = pull(&client, &wanted(), folder.path(), |_| {}).await.unwrap();
    assert!(report.complete());
    // What a thread was writing when the future was dropped may have come after the count.
    assert!(report.already_there >= whole_before);
    assert_eq!(report.stored, report.of - report.already_there);
    let mut left = files(folder.path());
    assert_eq!(left.remove("notes.txt").unwrap(), b"mine", "what is not ours stays");
    assert!(left == expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_series_is_one_series_and_nothing_is_a_failure() {
    let pacs = Pacs::start(Store::phantoms(), Options::default()).await.unwrap();
    let client = client(&pacs.base());
    let folder = tempfile::tempdir().unwrap();
    let study = study::phantom::catalogue()
        .into_iter()
        .filter(|study| study.series.len() > 1)
        .min_by_key(|study| study.listing.instances)
        .unwrap();
    let series = study.series.iter().min_by_key(|series| series.instances).unwrap();
    let one = Wanted {
        study: study.listing.study.clone(),
        series: Some(series.uid.clone()),
    };
    let report = pull(&client, &one, folder.path(), |_| {}).await.unwrap();
    assert!(report.complete());
    assert_eq!(report.of, series.instances);
    let nobody = Wanted {
        study: study::StudyUid::new("1.2.3.4").unwrap(),
        series: None,
    };
    let failure = pull(&client, &nobody, folder.path(), |_| {}).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Missing);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_object_makes_no_file_and_is_reported() {
    let study = small_study();
    let objects = objects();
    let victim = objects.keys().nth(2).unwrap().clone();
    let mut replies = study_of(&study, objects);
    let other = objects.values().next().unwrap().clone();
    instead(&mut replies, &path_of(&victim), Reply::Instance(other));
    let server = Scripted::start(replies).await;
    let folder = tempfile::tempdir().unwrap();
    let report = pull(&client(&server.base), &wanted(), folder.path(), |_| {})
        .await
        .unwrap();
    assert!(!report.complete());
    assert_eq!(report.lacks.len(), 1);
    assert_eq!(report.lacks[0].instance, victim.instance);
    assert_eq!(report.lacks[0].failure.kind, FailureKind::WrongIdentity);
    let mut expected = expected();
    expected.remove(&format!("{}.dcm", victim.instance.as_str()));
    assert!(files(folder.path()) == expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_break_off_are_asked_for_again() {
    let (pacs, _folder) = small_pacs().await;
    pacs.set_faults(Faults {
        close_after: Some(2000),
        times: Some(3),
        only: Some("/instances/".to_owned()),
        ..Faults::default()
    });
    let folder = tempfile::tempdir().unwrap();
    let report = pull(&client(&pacs.base()), &wanted(), folder.path(), |_| {})
        .await
        .unwrap();
    assert!(report.complete());
    assert!(files(folder.path()) == expected());
}
