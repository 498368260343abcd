//! Brings one instance: asked for by its own address, whole, and checked.

use std::time::Duration;

use dicomweb::{Client, Error, Parts, Step};

use crate::cache::Identity;
use crate::desk::{Class, Trouble};
use crate::identity::{nothing_lacks, open_checked};
use crate::room::{Room, RoomPlace};
use crate::shelf::Opened;
use crate::{Failure, FailureKind};

/// How long the end of an answer is waited for after its object has come, so that the connection can be used again.
const END: Duration = Duration::from_secs(1);

/// Parts of one answer that are looked at; a server that sends more than this for one instance is not asked further.
const MOST_PARTS: usize = 16;

/// An instance that came, and what is left of its answer.
pub(crate) struct Brought {
    pub(crate) opened: Opened,
    parts: Parts,
    place: RoomPlace,
}

impl Brought {
    /// Reads what is left of the answer, and gives the object with its place in memory.
    pub(crate) async fn finish(mut self) -> (Opened, RoomPlace) {
        let _ = tokio::time::timeout(END, self.parts.next()).await;
        (self.opened, self.place)
    }
}

/// Asks for an instance and gives it as soon as it is whole and right.
pub(crate) async fn bring(client: &Client, asked: &Identity, room: &Room) -> Result<Brought, Trouble> {
    let mut place = room.place(client.lane());
    let mut parts = client
        .instances(
            asked.study.as_str(),
            Some(asked.series.as_str()),
            Some(asked.instance.as_str()),
        )
        .await
        .map_err(too_large)?;
    let mut wrong = None;
    for _ in 0..MOST_PARTS {
        let part = loop {
            match parts.advance().await {
                Step::Part(part) => break Some(part.map_err(too_large)?),
                Step::Grew(bytes) => place.grow(bytes).await,
                Step::End => break None,
            }
        };
        let Some(part) = part else { break };
        let whole = part.whole;
        match checked(part.bytes, asked).await {
            Ok(opened) if whole || nothing_lacks(&opened) => return Ok(Brought { opened, parts, place }),
            Ok(_) => wrong = Some(cut_short()),
            // A piece is no wrong object: it is asked for again.
            Err(_) if !whole => wrong = Some(cut_short()),
            Err(failure) => wrong = Some(failure.into()),
        }
    }
    Err(wrong.unwrap_or_else(|| {
        Failure::passing(
            FailureKind::Missing,
            "The PACS answered without the image that was asked for. Try again, or ask the PACS's administrators.",
        )
        .into()
    }))
}

fn too_large(error: Error) -> Trouble {
    match error {
        Error::TooLarge { most } => Failure::lasting(
            FailureKind::Refused,
            format!(
                "This object is larger than {} MiB, the most that is held at once, and cannot be shown from the PACS. Ask for it as a file, and open that.",
                most >> 20
            ),
        )
        .into(),
        other => other.into(),
    }
}

fn cut_short() -> Trouble {
    Trouble {
        class: Class::Broken,
        failure: Failure::from(&dicomweb::Error::CutShort),
    }
}

/// Parsing touches every byte of a large header: not on the threads that read the network.
async fn checked(bytes: bytes::Bytes, asked: &Identity) -> Result<Opened, Failure> {
    let asked = asked.clone();
    tokio::task::spawn_blocking(move || open_checked(bytes, &asked))
        .await
        .unwrap_or_else(|_| {
            Err(Failure::passing(
                FailureKind::NotDicom,
                "The object could not be looked at.",
            ))
        })
}
