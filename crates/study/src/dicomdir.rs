//! What a DICOMDIR refers to (PS3.3 F, PS3.10 8).

use dicom_dictionary_std::{tags, uids};

use crate::Object;
use crate::attribute::{items, text, texts};

/// The files that a DICOMDIR refers to, each as the components of its File ID, in the order of their records; `None` for any
/// other object.
///
/// The records are read as the flat list that they are stored as, so that a cycle of their offsets cannot trap the reader.
/// The components are the file's own words: the caller must still refuse `..`, separators and absolute paths.
pub fn files(object: &Object) -> Option<Vec<Vec<String>>> {
    let dataset = object.dataset();
    let directory = text(dataset, tags::MEDIA_STORAGE_SOP_CLASS_UID) == uids::MEDIA_STORAGE_DIRECTORY_STORAGE
        || object.media_storage_class() == uids::MEDIA_STORAGE_DIRECTORY_STORAGE
        || dataset.get(tags::DIRECTORY_RECORD_SEQUENCE).is_some();
    if !directory {
        return None;
    }
    let mut files: Vec<Vec<String>> = Vec::new();
    for record in items(dataset, tags::DIRECTORY_RECORD_SEQUENCE) {
        // 0 marks a record that is no longer in use (0004,1410).
        if text(record, tags::RECORD_IN_USE_FLAG) == "0" {
            continue;
        }
        let components = texts(record, tags::REFERENCED_FILE_ID);
        if components.iter().any(|component| !component.is_empty()) {
            files.push(components);
        }
    }
    Some(files)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn the_shared_directories_name_their_files() {
        let Some(folder) = testkit::shared_data("DICOMDIR") else {
            return;
        };
        for (name, first, count) in [
            ("DICOMDIR", ["77654033", "CR1", "6154"], 31),
            ("DICOMDIR-bigEnd", ["77654033", "CR1", "6154"], 31),
            ("DICOMDIR-implicit", ["77654033", "CR1", "6154"], 31),
        ] {
            let path = folder.join("pydicom/dicomdirtests").join(name);
            let object = Object::parse(Bytes::from(std::fs::read(path).unwrap())).unwrap();
            let files = files(&object).unwrap();
            assert_eq!(files.len(), count, "{name}");
            assert_eq!(files[0], first, "{name}");
        }
    }

    #[test]
    fn an_image_is_no_directory() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../test-data/cases");
        let case = std::fs::read_dir(folder)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path()
            .join("object.dcm");
        let object = Object::parse(Bytes::from(std::fs::read(case).unwrap())).unwrap();
        assert_eq!(files(&object), None);
    }
}
