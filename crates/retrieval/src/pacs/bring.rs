//! Brings one instance: asked for by its own address, whole, and checked.

use std::time::Duration;

use dicomweb::{Client, Parts};

use crate::cache::Identity;
use crate::desk::{Class, Trouble};
use crate::identity::{nothing_lacks, open_checked};
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
}

impl Brought {
    /// Reads what is left of the answer.
    pub(crate) async fn finish(mut self) -> Opened {
        let _ = tokio::time::timeout(END, self.parts.next()).await;
        self.opened
    }
}

/// Asks for an instance and gives it as soon as it is whole and right.
pub(crate) async fn bring(client: &Client, asked: &Identity) -> Result<Brought, Trouble> {
    let mut parts = client
        .instances(
            asked.study.as_str(),
            Some(asked.series.as_str()),
            Some(asked.instance.as_str()),
        )
        .await?;
    let mut wrong = None;
    for _ in 0..MOST_PARTS {
        let Some(part) = parts.next().await else { break };
        let part = part?;
        let whole = part.whole;
        match checked(part.bytes, asked).await {
            Ok(opened) if whole || nothing_lacks(&opened) => return Ok(Brought { opened, parts }),
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
