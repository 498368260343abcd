use super::*;

fn identity(study: &str, instance: &str) -> Identity {
    Identity {
        source: SourceId(1),
        study: StudyUid::new(study).unwrap(),
        series: SeriesUid::new("1.2").unwrap(),
        instance: InstanceUid::new(instance).unwrap(),
    }
}

fn object(fill: u8, bytes: usize) -> Bytes {
    Bytes::from(vec![fill; bytes])
}

/// Every file beneath a folder, with its name and bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.to_string_lossy().into_owned(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

#[test]
fn nothing_readable_lies_on_the_disk_and_all_of_it_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::start(folder.path(), 1 << 20).unwrap();
    let canary = b"CANARY^PATIENT^NAME 19720312".repeat(50);
    let who = identity("1.2.826.99", "1.2.826.99.7");
    let blob = cache.put(&who, &Bytes::from(canary.clone())).unwrap();
    let written = files(folder.path());
    assert!(written.iter().any(|(_, bytes)| bytes.len() > canary.len()));
    for (name, bytes) in &written {
        assert!(!bytes.windows(6).any(|w| w == b"CANARY"), "plain bytes on the disk");
        assert!(!name.contains("1.2.826"), "an identifier in a name");
    }
    assert_eq!(cache.get(&who, &blob).unwrap(), canary);
}

#[test]
fn a_changed_or_exchanged_file_does_not_open_and_is_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::start(folder.path(), 1 << 20).unwrap();
    let (first, second) = (identity("1.5", "1.5.1"), identity("1.5", "1.5.2"));
    let one = cache.put(&first, &object(1, 5000)).unwrap();
    let two = cache.put(&second, &object(2, 5000)).unwrap();
    let path = |blob: &Blob| cache.folder.as_ref().map(|f| f.path_of(&blob.name)).unwrap();
    std::fs::copy(path(&two), path(&one)).unwrap();
    assert!(matches!(cache.get(&first, &one), Err(CacheError::Broken)));
    let mut bytes = std::fs::read(path(&two)).unwrap();
    bytes[3000] ^= 1;
    std::fs::write(path(&two), bytes).unwrap();
    assert!(matches!(cache.get(&second, &two), Err(CacheError::Broken)));
    assert!(!path(&two).exists());
    std::fs::write(path(&two), b"short").unwrap();
    assert!(matches!(cache.get(&second, &two), Err(CacheError::Broken)));
}

#[test]
fn the_key_is_gone_with_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let first = Cache::start(folder.path(), 1 << 20).unwrap();
    let who = identity("1.5", "1.5.1");
    let blob = first.put(&who, &object(1, 100)).unwrap();
    let stolen = std::fs::read(first.folder.as_ref().unwrap().path_of(&blob.name)).unwrap();
    let second = Cache::start(folder.path(), 1 << 20).unwrap();
    std::fs::write(second.folder.as_ref().unwrap().path_of(&blob.name), stolen).unwrap();
    assert!(matches!(second.get(&who, &blob), Err(CacheError::Broken)));
}

#[test]
fn dead_folders_go_after_the_start_and_living_or_foreign_ones_stay() {
    let folder = tempfile::tempdir().unwrap();
    let dead = folder.path().join("run-00112233445566778899aabbccddeeff");
    std::fs::create_dir(&dead).unwrap();
    std::fs::write(dead.join("alive"), b"").unwrap();
    std::fs::write(dead.join("blob"), b"sealed").unwrap();
    let foreign = folder.path().join("holiday pictures");
    std::fs::create_dir(&foreign).unwrap();
    let living = Cache::start(folder.path(), 1 << 20).unwrap();
    assert!(dead.exists(), "nobody waits for the removal");
    living.sweep();
    assert!(!dead.exists());
    let who = identity("1.5", "1.5.1");
    let blob = living.put(&who, &object(7, 100)).unwrap();
    let other = Cache::start(folder.path(), 1 << 20).unwrap();
    other.sweep();
    assert_eq!(living.get(&who, &blob).unwrap(), object(7, 100));
    drop(living);
    drop(other);
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .flatten()
        .filter(|e| e.file_name().to_string_lossy().starts_with("run-"))
        .collect();
    assert!(left.is_empty(), "each run removes its own folder");
    assert!(foreign.exists());
}

#[test]
fn closed_studies_make_room_the_longest_unused_first_and_open_ones_stay() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::start(folder.path(), 350).unwrap();
    let studies = ["1.1", "1.2", "1.3"].map(|s| identity(s, "9.9"));
    for (n, who) in studies.iter().enumerate() {
        cache.set_open(who.source, &who.study, true);
        cache.put(who, &object(n as u8, 100)).unwrap();
    }
    let more = identity("1.3", "9.8");
    assert!(matches!(cache.put(&more, &object(9, 100)), Err(CacheError::NoRoom)));
    for who in &studies[..2] {
        cache.set_open(who.source, &who.study, false);
    }
    cache.put(&more, &object(9, 100)).unwrap();
    assert!(cache.set_open(studies[0].source, &studies[0].study, true).is_empty());
    let here = cache.set_open(studies[1].source, &studies[1].study, true);
    assert_eq!(here.len(), 1);
    assert_eq!(cache.get(&studies[1], &here[0].1).unwrap(), object(1, 100));
    assert_eq!(files(folder.path()).iter().filter(|(_, b)| b.len() > 100).count(), 3);
}

#[test]
fn a_folder_that_cannot_be_made_is_said_when_something_is_to_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"in the way").unwrap();
    let cache = Cache::start(&file, 1000).unwrap();
    assert!(matches!(
        cache.put(&identity("1.1", "1.1.1"), &object(0, 1)),
        Err(CacheError::NoFolder)
    ));
}
