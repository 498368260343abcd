//! Lists the instances of a study: its series, then each series' metadata, the first image being asked for meanwhile.
//!
//! The metadata is for order and first layout; what an object's own header says replaces it when the object comes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dicomweb::{Answer, Client, Query, Row};
use futures_util::future::{Either, join, select};
use futures_util::stream;
use futures_util::{FutureExt, StreamExt};
use study::{Instance, InstanceUid, SeriesUid, StudyUid, TransferSyntax};
use tokio::sync::Notify;

use crate::desk::{Class, Expected, Listing, Trouble};
use crate::engine::Shared;
use crate::{Failure, FailureKind, SourceId};

/// How long the metadata of the series that is read first may take before the bare list is asked for as well. Orthanc gives the
/// metadata of 240 slices sooner than their list, other servers much later.
const PROMPT: Duration = Duration::from_millis(500);

/// How long the metadata of the other series may take before their bare list is asked for as well.
const LATE: Duration = Duration::from_secs(3);

/// How far ahead of the others the series that is read first is listed, when its list does not come sooner.
const AHEAD: Duration = Duration::from_secs(2);

/// After so many vain questions for metadata the bare list has to do: a server may be unable to make the metadata of a series
/// whose images it gives.
const TRIES: u32 = 2;

/// Instances that are asked for while the server still makes the metadata: about what a broadband link carries meanwhile, and
/// few enough that any server lists them at once.
const EARLY: u32 = 24;

/// The most first images of a study's series that are asked for together with its list of series.
const FIRSTS: u32 = 32;

/// Series whose metadata is asked for at once: a server may read every file of each.
const AT_ONCE: usize = 3;

/// The most rows of one list.
const MOST: usize = 100_000;

/// Modalities whose objects are no images: listed and fetched, but last.
const NO_IMAGES: [&str; 12] = [
    "SR", "PR", "KO", "DOC", "SEG", "RTSTRUCT", "RTPLAN", "RTDOSE", "REG", "AU", "FID", "PLAN",
];

/// One opening of a study at a PACS.
struct Opening {
    shared: Arc<Shared>,
    client: Client,
    source: SourceId,
    study: StudyUid,
    generation: u64,
}

/// Lists a study; waits outages out, and says at the end whether all of it is known.
pub(crate) async fn run(shared: Arc<Shared>, client: Client, source: SourceId, study: StudyUid, generation: u64) {
    let opening = Opening {
        shared,
        client,
        source,
        study,
        generation,
    };
    let outcome = opening.list().await;
    opening.conclude(outcome).await;
}

impl Opening {
    async fn list(&self) -> Result<(), Failure> {
        // Asked for together with the list of series: the way there and back is then gone once.
        let mut firsts = std::pin::pin!(self.firsts().fuse());
        let page = std::pin::pin!(self.until(None, || first_series_of(&self.client, &self.study)));
        let (page, come) = match select(page, firsts.as_mut()).await {
            Either::Left((page, _)) => (page, None),
            Either::Right((come, page)) => (page.await, come),
        };
        let page = match page {
            Ok(page) => page,
            // Some servers do not list series: then the study is asked for as a whole.
            Err(trouble) if trouble.class == Class::Lasting => Vec::new(),
            Err(trouble) => return Err(trouble.failure),
        };
        if page.is_empty() {
            return self.in_full(None, PROMPT).await;
        }
        let main = main_of(&page).map(|at| page[at].uid.clone());
        self.rank(main.iter().chain(page.iter().map(|row| &row.uid)));
        // The series that is read first is ahead of the others, and they do not wait for it to end: its list may never come.
        let listed = Notify::new();
        let first = async {
            let outcome = match &main {
                Some(main) => self.main_series(main, come, firsts).await,
                None => Ok(()),
            };
            listed.notify_one();
            outcome
        };
        let others = async {
            // The rest of the list: a page is no end, since servers have caps of their own.
            let all = self.until(None, || series_of(&self.client, &self.study)).await;
            let (all, lacks) = match all {
                Ok(all) => (all, None),
                Err(trouble) => (page, Some(trouble.failure)),
            };
            self.rank(all.iter().map(|row| &row.uid));
            let _ = tokio::time::timeout(AHEAD, listed.notified()).await;
            let others: Vec<_> = all
                .into_iter()
                .map(|row| row.uid)
                .filter(|uid| Some(uid) != main.as_ref())
                .collect();
            let asked: Vec<_> = others.iter().map(|series| self.in_full(Some(series), LATE)).collect();
            stream::iter(asked)
                .buffer_unordered(AT_ONCE)
                .fold(lacks.map_or(Ok(()), Err), |sum: Result<(), Failure>, one| async move {
                    sum.and(one)
                })
                .await
        };
        let (first, others) = join(first, others).await;
        first.and(others)
    }

    fn rank<'a>(&self, series: impl Iterator<Item = &'a SeriesUid>) {
        if let Some(study) = self.shared.desk().study_mut(&self.study, self.generation) {
            study.rank(series);
        }
    }

    /// Lists the series that is read first, and fills the link with its first images while the list is made.
    async fn main_series(
        &self,
        series: &SeriesUid,
        come: Option<Answer>,
        firsts: impl Future<Output = Option<Answer>>,
    ) -> Result<(), Failure> {
        let (early, full) = (
            std::pin::pin!(self.early(series, come, firsts)),
            std::pin::pin!(self.in_full(Some(series), PROMPT)),
        );
        match select(early, full).await {
            Either::Left(((), full)) => full.await,
            Either::Right((outcome, _)) => outcome,
        }
    }

    /// The images of the study that series begin with, as far as a short answer tells.
    async fn firsts(&self) -> Option<Answer> {
        let query = Query::instances_of(self.study.as_str(), None)
            .matching("InstanceNumber", "1")
            .limited(FIRSTS);
        self.client.query(&place_fields(query)).await.ok()
    }

    /// Asks for the image that most series begin with, and for a few others: short questions, answered long before the list of
    /// everything. What they do not give, the list does.
    async fn early(&self, series: &SeriesUid, come: Option<Answer>, firsts: impl Future<Output = Option<Answer>>) {
        let query = Query::instances_of(self.study.as_str(), Some(series.as_str()));
        let first = async {
            if let Some(answer) = come
                && self.take_first(&answer, series).await
            {
                return;
            }
            let question = place_fields(query.clone().matching("InstanceNumber", "1").limited(1));
            let asked = std::pin::pin!(self.client.query(&question));
            let answer = match select(std::pin::pin!(firsts), asked).await {
                Either::Left((Some(answer), asked)) => {
                    if self.take_first(&answer, series).await {
                        return;
                    }
                    asked.await.ok()
                }
                Either::Left((None, asked)) => asked.await.ok(),
                Either::Right((answer, _)) => answer.ok(),
            };
            if let Some(answer) = answer {
                self.take_expected(&answer, Some(series)).await;
            }
        };
        first.await;
        if let Ok(answer) = self.client.query(&place_fields(query.limited(EARLY))).await {
            self.take_expected(&answer, Some(series)).await;
        }
    }

    /// Takes of an answer the image that a series begins with, and tells whether it was there.
    async fn take_first(&self, answer: &Answer, series: &SeriesUid) -> bool {
        let rows: Vec<_> = answer
            .rows
            .iter()
            .filter(|row| text(row, "SeriesInstanceUID").is_some_and(|uid| uid == series.as_str()))
            .filter(|row| number(row, "InstanceNumber") == Some(1))
            .take(1)
            .cloned()
            .collect();
        let first = Answer {
            rows,
            whole: true,
            more: true,
        };
        self.take_expected(&first, Some(series)).await;
        !first.rows.is_empty()
    }

    /// Lists a series or the whole study by its metadata. A server whose metadata does not come promptly, or not at all, is asked
    /// for the bare list, which is enough to ask for the images; each brings its own header.
    async fn in_full(&self, series: Option<&SeriesUid>, prompt: Duration) -> Result<(), Failure> {
        let metadata = std::pin::pin!(self.metadata(series));
        let late = std::pin::pin!(tokio::time::sleep(prompt));
        let metadata = match select(metadata, late).await {
            Either::Left((None, _)) => return Ok(()),
            Either::Left((Some(failure), _)) => {
                self.expect(series).await.map_err(|_| failure.clone())?;
                // What failed on the way, and not at the server, may have passed: order and layout are worth one more question.
                if failure.kind == FailureKind::Unreachable {
                    self.until_described(series, self.ask_metadata(series)).await;
                }
                return Ok(());
            }
            Either::Right(((), metadata)) => metadata,
        };
        let bare = std::pin::pin!(self.expect(series));
        match select(metadata, bare).await {
            // What the bare list would say is known now: its request is given up.
            Either::Left((None, _)) => Ok(()),
            Either::Left((Some(failure), bare)) => bare.await.map_err(|_| failure),
            Either::Right((Ok(()), metadata)) => {
                self.until_described(series, metadata).await;
                Ok(())
            }
            Either::Right((Err(_), metadata)) => metadata.await.map_or(Ok(()), Err),
        }
    }

    /// Waits for what would describe the images of a list that is known, and gives it up when all of them have come with their
    /// own headers.
    async fn until_described<T>(&self, series: Option<&SeriesUid>, describing: impl Future<Output = T>) {
        let described = async {
            loop {
                let arrival = self.shared.arrival.notified();
                let lacks = self
                    .shared
                    .desk()
                    .study_mut(&self.study, self.generation)
                    .is_some_and(|study| study.lacks_headers(series));
                if !lacks {
                    return;
                }
                arrival.await;
            }
        };
        select(std::pin::pin!(describing), std::pin::pin!(described)).await;
    }

    /// Takes the metadata of a series or of the whole study, and gives what lacks of it when it cannot be had in full.
    async fn metadata(&self, series: Option<&SeriesUid>) -> Option<Failure> {
        let ask = || async {
            let answer = self
                .client
                .metadata(self.study.as_str(), series.map(SeriesUid::as_str), None)
                .await?;
            Ok(answer)
        };
        match self.until(Some(TRIES), ask).await {
            Ok(answer) => self.take(answer, series).await,
            Err(trouble) => Some(trouble.failure),
        }
    }

    /// Asks for the metadata once more; what does not come is no failure.
    async fn ask_metadata(&self, series: Option<&SeriesUid>) {
        let asked = self
            .client
            .metadata(self.study.as_str(), series.map(SeriesUid::as_str), None);
        if let Ok(answer) = asked.await {
            self.take(answer, series).await;
        }
    }

    /// Takes what the metadata says and gives what lacks of it.
    async fn take(&self, answer: Answer, series: Option<&SeriesUid>) -> Option<Failure> {
        let (study, series) = (self.study.clone(), series.cloned());
        let read = tokio::task::spawn_blocking(move || {
            read_rows(&answer.rows, &study, series.as_ref()).and_whole(answer.whole)
        });
        let Ok(read) = read.await else {
            return Some(unreadable());
        };
        let notes = {
            let mut desk = self.shared.desk();
            let study = desk.study_mut(&self.study, self.generation)?;
            let news = study.listed(read.instances);
            let mut notes = vec![study.found(news)];
            notes.extend(study.progress());
            if read.foreign {
                notes.extend(study.trouble(foreign()));
            }
            notes
        };
        self.shared.outbox.send(notes).await;
        self.shared.bell.notify_one();
        self.shared.work_is_there();
        (!read.whole).then(unreadable)
    }

    /// Takes the bare list of instances, whose headers come with the objects themselves.
    async fn expect(&self, series: Option<&SeriesUid>) -> Result<(), Failure> {
        let query = place_fields(Query::instances_of(self.study.as_str(), series.map(SeriesUid::as_str)));
        let answer = self
            .until(None, || async { Ok(self.client.query_all(&query, MOST).await?) })
            .await
            .map_err(|trouble| trouble.failure)?;
        if self.take_expected(&answer, series).await {
            Ok(())
        } else {
            Err(unreadable())
        }
    }

    /// Takes instances that a list names, and tells whether that was all of them.
    async fn take_expected(&self, answer: &Answer, series: Option<&SeriesUid>) -> bool {
        let expected: Vec<Expected> = answer
            .rows
            .iter()
            .filter_map(|row| {
                let of = text(row, "SeriesInstanceUID").and_then(|uid| SeriesUid::new(&uid));
                Some(Expected {
                    series: of.or_else(|| series.cloned())?,
                    instance: InstanceUid::new(&text(row, "SOPInstanceUID")?)?,
                    number: number(row, "InstanceNumber"),
                    place: place(row),
                })
            })
            .collect();
        let whole = answer.whole && !answer.more && expected.len() == answer.rows.len();
        let notes = {
            let mut desk = self.shared.desk();
            match desk.study_mut(&self.study, self.generation) {
                Some(study) => {
                    study.expect(expected);
                    study.progress()
                }
                None => Vec::new(),
            }
        };
        self.shared.outbox.send(notes).await;
        self.shared.bell.notify_one();
        self.shared.work_is_there();
        whole
    }

    async fn conclude(&self, outcome: Result<(), Failure>) {
        let notes = {
            let mut desk = self.shared.desk();
            let Some(study) = desk.study_mut(&self.study, self.generation) else {
                return;
            };
            let outcome = match outcome {
                Ok(()) if study.entries.is_empty() => Err(Failure::passing(
                    FailureKind::Missing,
                    "The PACS lists no images for this study. It may have been moved or deleted; search again.",
                )),
                outcome => outcome,
            };
            study.concluded(match &outcome {
                Ok(()) => Listing::Done,
                Err(failure) => Listing::Failed(failure.clone()),
            });
            let mut notes = vec![study.found(Vec::new())];
            notes.extend(outcome.err().and_then(|failure| study.trouble(failure)));
            notes.extend(study.progress());
            notes
        };
        self.shared.outbox.send(notes).await;
        self.shared.bell.notify_one();
        self.shared.work_is_there();
    }

    /// Asks until there is an answer or it is clear that there will be none: outages are waited out while the study is open, or
    /// until so many questions were in vain.
    async fn until<T, Asked>(&self, most: Option<u32>, ask: impl Fn() -> Asked) -> Result<T, Trouble>
    where
        Asked: Future<Output = Result<T, Trouble>>,
    {
        let mut vain = 0;
        loop {
            let trouble = match ask().await {
                Ok(answer) => {
                    let note = self.shared.desk().well(self.source);
                    self.shared.outbox.send(note).await;
                    return Ok(answer);
                }
                Err(trouble) => trouble,
            };
            if matches!(trouble.class, Class::Lasting | Class::Blocked) {
                return Err(trouble);
            }
            let now = Instant::now();
            let (note, pause) = {
                let mut desk = self.shared.desk();
                if desk.study_mut(&self.study, self.generation).is_none() {
                    return Err(trouble);
                }
                let Some(source) = desk.source_mut(self.source) else {
                    return Err(trouble);
                };
                let note = source.suffer(self.source, &trouble, now);
                (note, source.pause_until)
            };
            self.shared.outbox.send(note).await;
            vain += 1;
            if most.is_some_and(|most| vain >= most) {
                return Err(trouble);
            }
            let pause = pause.map_or(Duration::from_secs(1), |until| until.saturating_duration_since(now));
            tokio::select! {
                () = tokio::time::sleep(pause.max(Duration::from_millis(50))) => {}
                () = self.shared.again.notified() => {}
            }
        }
    }
}

/// A question for instances with what orders them.
fn place_fields(query: Query) -> Query {
    ["InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient"]
        .into_iter()
        .fold(query, Query::including)
}

/// One series as the server's list has it.
pub(crate) struct SeriesRow {
    /// Its objects are no images.
    last: bool,
    number: i64,
    pub(crate) uid: SeriesUid,
    modality: String,
    instances: Option<i64>,
}

/// The series of a study, images first, by number.
pub(crate) async fn series_of(client: &Client, study: &StudyUid) -> Result<Vec<SeriesRow>, Trouble> {
    Ok(in_order(&client.query_all(&series_query(study), MOST).await?))
}

/// As [`series_of`], but no further than the server's first page.
async fn first_series_of(client: &Client, study: &StudyUid) -> Result<Vec<SeriesRow>, Trouble> {
    Ok(in_order(&client.query(&series_query(study)).await?))
}

fn series_query(study: &StudyUid) -> Query {
    ["SeriesNumber", "Modality", "NumberOfSeriesRelatedInstances"]
        .into_iter()
        .fold(Query::series_of(study.as_str()), Query::including)
}

fn in_order(answer: &Answer) -> Vec<SeriesRow> {
    let mut series: Vec<_> = answer
        .rows
        .iter()
        .filter_map(|row| {
            let modality = text(row, "Modality").unwrap_or_default();
            Some(SeriesRow {
                last: NO_IMAGES.contains(&modality.as_str()),
                number: number(row, "SeriesNumber").unwrap_or(i64::MAX),
                uid: SeriesUid::new(&text(row, "SeriesInstanceUID")?)?,
                modality,
                instances: number(row, "NumberOfSeriesRelatedInstances"),
            })
        })
        .collect();
    series.sort_by(|a, b| (a.last, a.number, &a.uid).cmp(&(b.last, b.number, &b.uid)));
    series
}

/// The series that a reader begins with, as the reading chooses it: of slices the first with more than a few, so that it is no
/// localiser; `None` where the list does not tell.
fn main_of(series: &[SeriesRow]) -> Option<usize> {
    const FEW: i64 = 4;
    let first = series.first().filter(|first| !first.last)?;
    let images: Vec<&SeriesRow> = series.iter().take_while(|row| !row.last).collect();
    if images.len() == 1 || !matches!(first.modality.as_str(), "CT" | "MR" | "PT") {
        return Some(0);
    }
    if images.iter().any(|row| row.instances.is_none()) {
        return None;
    }
    Some(images.iter().position(|row| row.instances > Some(FEW)).unwrap_or(0))
}

/// What rows of metadata say.
pub(crate) struct Read {
    pub(crate) instances: Vec<Arc<Instance>>,
    /// Every row was read and every one was said.
    pub(crate) whole: bool,
    /// There were rows of another study or series than was asked for; they were thrown away.
    pub(crate) foreign: bool,
}

impl Read {
    fn and_whole(mut self, whole: bool) -> Self {
        self.whole &= whole;
        self
    }
}

/// Reads rows of metadata, each for itself.
pub(crate) fn read_rows(rows: &[Row], study: &StudyUid, series: Option<&SeriesUid>) -> Read {
    let mut read = Read {
        instances: Vec::with_capacity(rows.len()),
        whole: true,
        foreign: false,
    };
    for row in rows {
        let syntax = text(row, "AvailableTransferSyntaxUID").unwrap_or_default();
        match Instance::from_dataset(&row.dataset, TransferSyntax(syntax.into())) {
            Ok(instance) if instance.study != *study || series.is_some_and(|series| instance.series != *series) => {
                read.foreign = true;
            }
            Ok(instance) => read.instances.push(Arc::new(instance)),
            Err(_) => read.whole = false,
        }
    }
    read
}

fn unreadable() -> Failure {
    Failure::passing(
        FailureKind::Incomplete,
        "The PACS's list of this study's images could not be read in full: images may lack. Try again.",
    )
}

fn foreign() -> Failure {
    Failure::passing(
        FailureKind::WrongIdentity,
        "The PACS listed images of another study among this one's; they are not shown. Tell the PACS's administrators.",
    )
}

/// An element's text, without padding; `None` when it is absent or empty.
pub(crate) fn text(row: &Row, keyword: &str) -> Option<String> {
    let element = row.dataset.element_by_name(keyword).ok()?;
    let text = element.to_str().ok()?;
    let text = text.trim_matches(['\0', ' ']);
    (!text.is_empty()).then(|| text.to_owned())
}

fn number(row: &Row, keyword: &str) -> Option<i64> {
    row.dataset.element_by_name(keyword).ok()?.to_int().ok()
}

/// Where an image lies along its normal (PS3.3 C.7.6.2), when the list tells.
fn place(row: &Row) -> Option<f64> {
    let values = |keyword| {
        let element = row.dataset.element_by_name(keyword).ok()?;
        element.to_multi_float64().ok()
    };
    let position = <[f64; 3]>::try_from(values("ImagePositionPatient")?).ok()?;
    let [a, b, c, d, e, f] = <[f64; 6]>::try_from(values("ImageOrientationPatient")?).ok()?;
    let normal = [b * f - c * e, c * d - a * f, a * e - b * d];
    let along: f64 = normal.iter().zip(position).map(|(n, p)| n * p).sum();
    along.is_finite().then_some(along)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(rows: &[(&str, Option<i64>)]) -> Vec<SeriesRow> {
        rows.iter()
            .enumerate()
            .map(|(at, (modality, instances))| SeriesRow {
                last: NO_IMAGES.contains(modality),
                number: at as i64,
                uid: SeriesUid::new(&format!("1.{at}")).unwrap(),
                modality: (*modality).to_owned(),
                instances: *instances,
            })
            .collect()
    }

    #[test]
    fn the_series_that_is_read_first_is_no_localiser_and_no_report() {
        for (rows, main) in [
            (&[("CT", Some(2)), ("CT", Some(240)), ("SR", Some(1))][..], Some(1)),
            (&[("CT", Some(2)), ("CT", None)], None),
            (&[("CT", None), ("SR", None)], Some(0)),
            (&[("MR", Some(3)), ("MR", Some(1))], Some(0)),
            (&[("DX", Some(1)), ("DX", Some(1))], Some(0)),
            (&[("SR", Some(9))], None),
            (&[], None),
        ] {
            assert_eq!(main_of(&series(rows)), main, "{rows:?}");
        }
    }

    #[test]
    fn a_row_tells_where_its_image_lies() {
        let json =
            br#"[{"00200032":{"vr":"DS","Value":[-250,-249.5,"37.5"]},"00200037":{"vr":"DS","Value":[1,0,0,0,1,0]}},
            {"00200032":{"vr":"DS","Value":[10,20,30]},"00200037":{"vr":"DS","Value":[0,1,0,0,0,-1]}},
            {"00200032":{"vr":"DS","Value":[10,20,30]}}]"#;
        let (rows, _) = dicomweb::rows(json);
        assert_eq!(
            rows.iter().map(place).collect::<Vec<_>>(),
            [Some(37.5), Some(-10.0), None]
        );
    }
}
