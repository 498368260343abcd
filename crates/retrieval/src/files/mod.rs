//! Files as a source: paths, folders, a DICOMDIR, a zip; read in place, nothing copied and nothing unpacked to the disk.

mod read;
mod walk;
mod zipped;

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use study::Instance;
use study::listing::StudyListing;

pub(crate) use self::read::read;
pub(crate) use self::zipped::bytes_in_zip;
use crate::engine::Shared;
use crate::{Event, Failure, FailureKind, Found, SourceId};

/// The largest object that is read, bytes.
const LARGEST: u64 = 4 << 30;

/// A file's bytes.
pub(crate) fn bytes(path: &Path) -> Result<Bytes, Failure> {
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let length = file.metadata().map_err(|error| unreadable(&error))?.len();
    if length > LARGEST {
        return Err(Failure::lasting(
            FailureKind::Disk,
            "The file is larger than 4 GiB, the most that is read at once.",
        ));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(LARGEST)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    Ok(bytes.into())
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::passing(
        FailureKind::Disk,
        format!("The file cannot be read ({error}). Check whether it was moved and whether its medium is still there."),
    )
}

/// Answers a search with every study that was found so far: files hold few.
pub(crate) async fn answer_search(shared: Arc<Shared>, source: SourceId, request: u64) {
    let studies = {
        let desk = shared.desk();
        let files = desk.source(source).map(|source| &source.files);
        files
            .into_iter()
            .flat_map(|files| files.values())
            .filter_map(|found| {
                let instances: Vec<Arc<Instance>> = found.values().map(|(instance, ..)| Arc::clone(instance)).collect();
                StudyListing::from_instances(&instances)
            })
            .collect()
    };
    let outcome = Ok(Found {
        studies,
        whole: true,
        more: false,
    });
    let event = Event::StudiesFound {
        source,
        request,
        outcome,
    };
    shared.outbox.send([event.into()]).await;
}
