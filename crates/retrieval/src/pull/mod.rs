//! Retrieves a study or a series as plain files into a folder: resumes, verifies, and never leaves half a file under a whole
//! file's name.

mod file;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use dicomweb::{Client, Lane, Query};
use futures_util::StreamExt;
use futures_util::stream;
use study::{InstanceUid, SeriesUid, StudyUid};

use crate::cache::Identity;
use crate::desk::{Class, Trouble};
use crate::pacs::bring::bring;
use crate::pacs::rows::text;
use crate::pacs::series::series_of;
use crate::room::Room;
use crate::{Failure, FailureKind, SourceId};

/// Instances that are asked for, or looked at on the disk, at once.
const AT_ONCE: usize = 8;

/// Rounds in which what did not come is asked for again.
const ROUNDS: u32 = 4;

/// The pause before the second round; it doubles from round to round.
const PAUSE: Duration = Duration::from_secs(1);

/// The most rows of one list.
const MOST: usize = 100_000;

/// What to retrieve.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The study.
    pub study: StudyUid,
    /// Only this series of it.
    pub series: Option<SeriesUid>,
}

/// How far a retrieval has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files that are in the folder, checked.
    pub here: u32,
    /// Files that there should be.
    pub of: u32,
    /// Bytes that were fetched.
    pub bytes: u64,
}

/// One object that could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// Which.
    pub instance: InstanceUid,
    /// Why.
    pub failure: Failure,
}

/// What became of a retrieval.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Objects that the PACS lists.
    pub of: u32,
    /// Files that were fetched, checked and written.
    pub stored: u32,
    /// Files that were there already, whole and right.
    pub already_there: u32,
    /// Bytes that were fetched.
    pub bytes: u64,
    /// Objects that are not in the folder.
    pub lacks: Vec<Lack>,
    /// Part of the list could not be had: there may be objects that are not counted here.
    pub list_lacks: Option<Failure>,
}

impl Report {
    /// Every object that the PACS lists is in the folder.
    pub fn complete(&self) -> bool {
        self.lacks.is_empty() && self.list_lacks.is_none() && self.of > 0
    }
}

/// Retrieves into a folder, one file for each object under its SOP Instance UID. `progress` is told after each object.
///
/// # Errors
/// When there is no list at all, or the folder cannot be made. What becomes of each object is in the [`Report`].
pub async fn pull(
    client: &Client,
    wanted: &Wanted,
    folder: &Path,
    mut progress: impl FnMut(Progress),
) -> Result<Report, Failure> {
    let client = client.in_lane(Lane::Bulk);
    let (listed, list_lacks) = list(&client, wanted).await?;
    let mut report = Report {
        of: u32::try_from(listed.len()).unwrap_or(u32::MAX),
        list_lacks,
        ..Report::default()
    };
    let to = folder.to_owned();
    blocking(move || file::prepare(&to)).await?;

    let mut missing = Vec::new();
    let looks = listed.into_iter().map(|identity| {
        let folder = folder.to_owned();
        blocking(move || Ok((file::is_whole(&folder, &identity), identity)))
    });
    let mut looked = stream::iter(looks).buffered(AT_ONCE);
    while let Some(look) = looked.next().await {
        let (whole, identity) = look?;
        if whole {
            report.already_there += 1;
        } else {
            missing.push(identity);
        }
    }
    progress(report.progress());

    for round in 0..ROUNDS {
        if round > 0 {
            tokio::time::sleep(PAUSE * 2_u32.pow(round - 1)).await;
        }
        let lacks = fetch_all(&client, folder, &missing, &mut report, &mut progress).await;
        missing.retain(|identity| lacks.contains_key(&identity.instance));
        let worth_it = lacks
            .values()
            .any(|trouble| !matches!(trouble.class, Class::Lasting | Class::Blocked));
        report.lacks = lacks
            .into_iter()
            .map(|(instance, trouble)| Lack {
                instance,
                failure: trouble.failure,
            })
            .collect();
        if !worth_it {
            break;
        }
    }
    Ok(report)
}

impl Report {
    fn progress(&self) -> Progress {
        Progress {
            here: self.stored + self.already_there,
            of: self.of,
            bytes: self.bytes,
        }
    }
}

/// Fetches what is missing and gives what did not come. A refused sign-in ends it: each further try might lock the user out.
async fn fetch_all(
    client: &Client,
    folder: &Path,
    missing: &[Identity],
    report: &mut Report,
    progress: &mut impl FnMut(Progress),
) -> BTreeMap<InstanceUid, Trouble> {
    let mut lacks = BTreeMap::new();
    let mut stored = BTreeSet::new();
    let mut blocked = None;
    let room = Room::default();
    let fetches: Vec<_> = missing
        .iter()
        .map(|identity| fetch(client, folder, identity, &room))
        .collect();
    let mut fetched = stream::iter(fetches).buffer_unordered(AT_ONCE);
    while let Some((instance, outcome)) = fetched.next().await {
        match outcome {
            Ok(bytes) => {
                report.stored += 1;
                report.bytes += bytes;
                stored.insert(instance);
                progress(report.progress());
            }
            Err(trouble) => {
                let ends = trouble.class == Class::Blocked;
                if ends {
                    blocked = Some(trouble.clone());
                }
                lacks.insert(instance, trouble);
                if ends {
                    break;
                }
            }
        }
    }
    if let Some(trouble) = blocked {
        for identity in missing.iter().filter(|identity| !stored.contains(&identity.instance)) {
            lacks
                .entry(identity.instance.clone())
                .or_insert_with(|| trouble.clone());
        }
    }
    lacks
}

async fn fetch(
    client: &Client,
    folder: &Path,
    identity: &Identity,
    room: &Room,
) -> (InstanceUid, Result<u64, Trouble>) {
    let outcome = async {
        let (opened, _place) = bring(client, identity, room).await?.finish().await;
        let (folder, name): (PathBuf, _) = (folder.to_owned(), identity.instance.clone());
        let written = blocking(move || file::write(&folder, &name, opened.object.source())).await;
        written.map_err(|failure| Trouble {
            class: Class::Lasting,
            failure,
        })
    };
    (identity.instance.clone(), outcome.await)
}

/// Every object that the PACS lists, by the metadata of its series, else by its list of instances.
async fn list(client: &Client, wanted: &Wanted) -> Result<(Vec<Identity>, Option<Failure>), Failure> {
    let series = match &wanted.series {
        Some(series) => vec![series.clone()],
        None => series_of(client, &wanted.study)
            .await
            .map_err(|trouble| trouble.failure)?
            .into_iter()
            .map(|row| row.uid)
            .collect(),
    };
    let mut listed = Vec::new();
    let mut lacks = None;
    for series in series {
        match instances_of(client, &wanted.study, &series).await {
            Ok((instances, whole)) => {
                lacks = lacks.or((!whole).then(unread));
                listed.extend(instances.into_iter().map(|instance| Identity {
                    source: SourceId(0),
                    study: wanted.study.clone(),
                    series: series.clone(),
                    instance,
                }));
            }
            Err(failure) => lacks = lacks.or(Some(failure)),
        }
    }
    match (listed.is_empty(), lacks) {
        (true, Some(failure)) => Err(failure),
        (true, None) => Err(Failure::lasting(
            FailureKind::Missing,
            "The PACS lists no images for this study or series. Check its identifier, or search for it.",
        )),
        (false, lacks) => Ok((listed, lacks)),
    }
}

async fn instances_of(
    client: &Client,
    study: &StudyUid,
    series: &SeriesUid,
) -> Result<(Vec<InstanceUid>, bool), Failure> {
    let metadata = client.metadata(study.as_str(), Some(series.as_str()), None).await;
    let answer = match metadata {
        Ok(answer) if answer.whole && !answer.rows.is_empty() => answer,
        // A server that gives no metadata, or not all of it, may still list its instances.
        Ok(_) | Err(_) => {
            let query = Query::instances_of(study.as_str(), Some(series.as_str()));
            client
                .query_all(&query, MOST)
                .await
                .map_err(|error| Failure::from(&error))?
        }
    };
    let mut instances: Vec<_> = answer
        .rows
        .iter()
        .filter_map(|row| InstanceUid::new(&text(row, "SOPInstanceUID")?))
        .collect();
    let whole = answer.whole && !answer.more && instances.len() == answer.rows.len();
    instances.sort();
    instances.dedup();
    Ok((instances, whole))
}

fn unread() -> Failure {
    Failure::passing(
        FailureKind::Incomplete,
        "The PACS's list could not be read in full: objects may lack. Run it again.",
    )
}

/// Runs what waits for the disk where it holds nobody up.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        Err(Failure::passing(
            FailureKind::Disk,
            "The work on the disk broke off. Run it again.",
        ))
    })
}
