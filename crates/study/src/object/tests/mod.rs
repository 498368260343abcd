//! Objects from self-made bytes: every structural case, and frames in every form.

mod frames;
mod structure;

use bytes::Bytes;

pub(super) use testkit::dicom::*;

use super::Object;

pub(super) fn parse(bytes: &[u8]) -> Object {
    Object::parse(Bytes::copy_from_slice(bytes)).unwrap()
}

/// Whether an oddity holds these words.
pub(super) fn tells(object: &Object, words: &str) -> bool {
    object.oddities().iter().any(|oddity| oddity.0.contains(words))
}

/// Everything that can be asked of an object: it must answer, whatever the bytes were.
pub(super) fn ask_everything(bytes: Bytes) {
    let Ok(object) = Object::parse(bytes) else {
        return;
    };
    let _ = object.instance();
    let frames = object.frames();
    for index in [0, 1, frames / 2, frames.saturating_sub(1), frames, u32::MAX] {
        let _ = object.encoded_frame(index);
    }
    let _ = crate::dicomdir::files(&object);
    let _ = crate::listing::StudyListing::from_dataset(object.dataset());
}
