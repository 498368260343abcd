//! Everything that is read from a header: typed metadata, listings, folders' indexes.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use study::listing::StudyListing;
use study::{Instance, Object};

fuzz_target!(|data: &[u8]| {
    let Ok(object) = Object::parse(Bytes::copy_from_slice(data)) else {
        return;
    };
    if let Ok(instance) = object.instance() {
        for frame in [0, 1, instance.frames.saturating_sub(1), u32::MAX] {
            if let Some(geometry) = instance.frame_geometry(frame) {
                assert!(geometry.spacing.aspect() > 0.0);
            }
        }
    }
    let _ = Instance::from_dataset(object.dataset(), object.transfer_syntax().clone());
    let _ = StudyListing::from_dataset(object.dataset());
    let _ = study::dicomdir::files(&object);
});
