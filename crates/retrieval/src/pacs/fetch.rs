//! One fetch from its ticket to the sealed object.

use std::sync::Arc;
use std::time::Instant;

use dicomweb::Client;

use super::bring::bring;
use crate::cache::CacheError;
use crate::desk::{Fetch, Place, State};
use crate::engine::Shared;
use crate::{Failure, FailureKind};

/// Brings what the ticket names, and lets the workers have it before it is sealed.
pub(crate) async fn run(shared: Arc<Shared>, client: Client, fetch: Fetch) {
    match bring(&client.in_lane(fetch.lane), &fetch.identity, &shared.room).await {
        Ok(brought) => {
            let opened = brought.opened.clone();
            let notes = {
                let mut desk = shared.desk();
                let mut notes: Vec<_> = desk.well(fetch.identity.source).into_iter().collect();
                if let Some(source) = desk.source_mut(fetch.identity.source) {
                    source.answers += 1;
                    source.bytes += opened.object.source().len() as u64;
                }
                if let Some(study) = desk.study_mut(&fetch.identity.study, fetch.generation) {
                    // Under the desk's lock: a study that closes now forgets it afterwards.
                    shared.shelf.put(opened.clone());
                    notes.extend(study.arrived(&fetch, &opened));
                }
                notes
            };
            shared.outbox.send(notes).await;
            shared.work_is_there();
            shared.arrival.notify_waiters();
            let (_, place) = brought.finish().await;
            // Objects that wait for the disk are bounded: without room the ticket is kept, and nothing new is asked for.
            let _permit = shared.sealing.acquire().await;
            shared.end(&fetch);
            seal(&shared, &fetch, opened.object.source().clone()).await;
            drop(place);
        }
        Err(trouble) => {
            let notes = shared.desk().failed(&fetch, trouble, Instant::now());
            shared.outbox.send(notes).await;
            shared.bell.notify_one();
        }
    }
}

async fn seal(shared: &Arc<Shared>, fetch: &Fetch, bytes: bytes::Bytes) {
    let identity = fetch.identity.clone();
    let cache = Arc::clone(&shared.cache);
    let sealed = tokio::task::spawn_blocking(move || cache.put(&identity, &bytes)).await;
    let sealed = sealed.unwrap_or(Err(CacheError::NoFolder));
    let said = {
        let mut desk = shared.desk();
        let Some(study) = desk.study_mut(&fetch.identity.study, fetch.generation) else {
            return;
        };
        let entry = study
            .find(&fetch.identity.instance)
            .and_then(|at| study.entries.get_mut(at));
        match (sealed, entry) {
            (Ok(blob), Some(entry)) => {
                if matches!(entry.state, State::Here(Place::Held)) {
                    entry.state = State::Here(Place::Sealed(blob));
                }
                None
            }
            (Err(error), _) => study.trouble(Failure::lasting(FailureKind::Disk, error.to_string())),
            (Ok(_), None) => None,
        }
    };
    shared.outbox.send(said).await;
}
