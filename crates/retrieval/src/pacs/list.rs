//! Lists the instances of a study: its series, then the images of each, the first image being asked for meanwhile.
//!
//! A list tells enough of slices to stack them, in a fifth of the bytes that their metadata takes; of anything else, and where a
//! server's list leaves out what orders its images, the metadata is asked for. Both are for order and first layout only: what an
//! object's own header says replaces them when the object comes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dicomweb::{Answer, Client, Query};
use futures_util::future::{Either, join, select};
use futures_util::stream;
use futures_util::{FutureExt, StreamExt};
use study::{Instance, InstanceUid, SeriesUid, StudyUid};
use tokio::sync::Notify;

use super::rows::{MOST, is_true_sketch, number, place, read_rows, sketches, text, with_order, with_place};
use super::series::{SeriesRow, first_series_of, main_of, series_of};
use crate::desk::{Class, Expected, Listing, Note, Trouble};
use crate::engine::Shared;
use crate::{Failure, FailureKind, SourceId};

/// How long a list of images may take before their metadata is asked for as well, and how much longer for each image. A server
/// that sends images meanwhile takes several milliseconds for a row.
const PROMPT: Duration = Duration::from_secs(3);
const FOR_EACH: Duration = Duration::from_millis(10);

/// How long the metadata of a study whose series are unknown may take before the bare list is asked for as well.
const LATE: Duration = Duration::from_millis(500);

/// How long the first image of a series is waited for that shows whether the list was right.
const WITNESS: Duration = Duration::from_secs(2);

/// How far ahead of the others the series that is read first is listed, when its list does not come sooner.
const AHEAD: Duration = Duration::from_secs(2);

/// After so many vain questions for metadata the bare list has to do: a server may be unable to make the metadata of a series
/// whose images it gives.
const TRIES: u32 = 2;

/// Instances that are asked for while the server still makes the list: about what a broadband link carries meanwhile, and few
/// enough that any server lists them at once. A long series' list takes longer than they last: more are asked for then.
const EARLY: u32 = 48;

/// How much more than before is asked for when the list is still not there.
const MORE: u32 = 4;

/// For so many images of a series one more waits to be fetched when more are asked for: the longer a series, the longer its list
/// will still take, and the longer the question for more takes beside it.
const PER_WAITING: u32 = 48;

/// The most first images of a study's series that are asked for together with its list of series.
const FIRSTS: u32 = 32;

/// Series whose lists are asked for at once: a server may read every file of each.
const AT_ONCE: usize = 3;

/// How much a list told of the images that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// All that puts them into stacks.
    Enough,
    /// Little more than their names.
    Names,
}

/// One opening of a study at a PACS.
struct Opening {
    shared: Arc<Shared>,
    client: Client,
    source: SourceId,
    study: StudyUid,
    generation: u64,
    /// The rows of this study's lists told something else than an image's own header.
    rows_are_false: AtomicBool,
}

/// Lists a study; waits outages out, and says at the end whether all of it is known.
pub(crate) async fn run(shared: Arc<Shared>, client: Client, source: SourceId, study: StudyUid, generation: u64) {
    let opening = Opening {
        shared,
        client,
        source,
        study,
        generation,
        rows_are_false: AtomicBool::new(false),
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
            return self.as_a_whole().await;
        }
        let main = main_of(&page).map(|at| page[at].clone());
        self.rank(main.iter().chain(&page).map(|row| &row.uid));
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
                .filter(|row| main.as_ref().is_none_or(|main| main.uid != row.uid))
                .collect();
            let asked: Vec<_> = others.iter().map(|series| self.in_full(series)).collect();
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
        series: &SeriesRow,
        come: Option<Answer>,
        firsts: impl Future<Output = Option<Answer>>,
    ) -> Result<(), Failure> {
        let (early, full) = (
            std::pin::pin!(self.early(series, come, firsts)),
            std::pin::pin!(self.in_full(series)),
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
        self.client.query(&with_place(query)).await.ok()
    }

    /// Asks for the image that most series begin with, and for a few others: short questions, answered long before the list of
    /// everything. What they do not give, the list does.
    async fn early(&self, row: &SeriesRow, come: Option<Answer>, firsts: impl Future<Output = Option<Answer>>) {
        let series = &row.uid;
        let query = Query::instances_of(self.study.as_str(), Some(series.as_str()));
        let first = async {
            if let Some(answer) = come
                && self.take_first(&answer, series).await
            {
                return;
            }
            let question = with_place(query.clone().matching("InstanceNumber", "1").limited(1));
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
        let mut page = with_place(query.limited(EARLY));
        while let (Some(limit), Ok(answer)) = (page.limit, self.client.query(&page).await) {
            self.take_expected(&answer, Some(series)).await;
            // What these pages leave out or say twice does not matter: the list of everything is under way.
            // A page that ends early is the last one; one that is longer is of a server that does not divide its lists.
            if answer.rows.len() != limit as usize || !self.until_few_lack((row.images() / PER_WAITING) as usize).await
            {
                return;
            }
            page.offset += limit;
            page.limit = Some(limit.saturating_mul(MORE));
        }
    }

    /// Waits until so few of the images that are known are neither here nor under way; false when the study was closed.
    async fn until_few_lack(&self, few: usize) -> bool {
        loop {
            let arrival = self.shared.arrival.notified();
            let missing = self
                .shared
                .desk()
                .study_mut(&self.study, self.generation)
                .map(|study| study.missing());
            match missing {
                None => return false,
                Some(missing) if missing <= few => return true,
                Some(_) => {}
            }
            arrival.await;
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

    /// Lists a series. Where the list is late, cannot be had, or does not tell enough, the metadata is asked for; the images that
    /// the list names are fetched meanwhile, and each brings its own header.
    async fn in_full(&self, row: &SeriesRow) -> Result<(), Failure> {
        let series = &row.uid;
        let list = std::pin::pin!(self.list_of(series));
        let late = std::pin::pin!(tokio::time::sleep(PROMPT + FOR_EACH * row.images()));
        let list = match select(list, late).await {
            Either::Left((Ok(Told::Enough), _)) => return Ok(()),
            Either::Left((Ok(Told::Names), _)) => {
                self.until_described(Some(series), self.metadata(Some(series))).await;
                return Ok(());
            }
            Either::Left((Err(failure), _)) => {
                return self.metadata(Some(series)).await.map_or(Ok(()), |_| Err(failure));
            }
            Either::Right(((), list)) => list,
        };
        let metadata = std::pin::pin!(self.metadata(Some(series)));
        match select(metadata, list).await {
            // What the list would say is known now: its request is given up.
            Either::Left((None, _)) => Ok(()),
            Either::Left((Some(failure), list)) => list.await.map(|_| ()).map_err(|_| failure),
            Either::Right((Ok(Told::Enough), _)) => Ok(()),
            Either::Right((Ok(Told::Names), metadata)) => {
                self.until_described(Some(series), metadata).await;
                Ok(())
            }
            Either::Right((Err(_), metadata)) => metadata.await.map_or(Ok(()), Err),
        }
    }

    /// Lists the whole study at once, for a server that does not list its series: by its metadata, and by the bare list where
    /// that does not come promptly or not at all.
    async fn as_a_whole(&self) -> Result<(), Failure> {
        let metadata = std::pin::pin!(self.metadata(None));
        let late = std::pin::pin!(tokio::time::sleep(LATE));
        let metadata = match select(metadata, late).await {
            Either::Left((None, _)) => return Ok(()),
            Either::Left((Some(failure), _)) => {
                self.bare_list(None).await.map_err(|_| failure.clone())?;
                // What failed on the way, and not at the server, may have passed: order and layout are worth one more question.
                if failure.kind == FailureKind::Unreachable {
                    self.until_described(None, self.metadata(None)).await;
                }
                return Ok(());
            }
            Either::Right(((), metadata)) => metadata,
        };
        let bare = std::pin::pin!(self.bare_list(None));
        match select(metadata, bare).await {
            Either::Left((None, _)) => Ok(()),
            Either::Left((Some(failure), bare)) => bare.await.map(|_| ()).map_err(|_| failure),
            Either::Right((Ok(_), metadata)) => {
                self.until_described(None, metadata).await;
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

    /// Takes what the metadata says and gives what lacks of it.
    async fn take(&self, answer: Answer, series: Option<&SeriesUid>) -> Option<Failure> {
        let (study, series) = (self.study.clone(), series.cloned());
        let read = tokio::task::spawn_blocking(move || {
            read_rows(&answer.rows, &study, series.as_ref()).and_whole(answer.whole)
        });
        let Ok(read) = read.await else {
            return Some(unreadable());
        };
        self.describe(read.instances, read.foreign).await;
        (!read.whole).then(unreadable)
    }

    /// Takes what is known of images that are not here yet.
    async fn describe(&self, instances: Vec<Arc<Instance>>, with_foreign: bool) {
        let notes = {
            let mut desk = self.shared.desk();
            let Some(study) = desk.study_mut(&self.study, self.generation) else {
                return;
            };
            let news = study.listed(instances);
            let mut notes = vec![study.found(news)];
            notes.extend(study.progress());
            if with_foreign {
                notes.extend(study.trouble(foreign()));
            }
            notes
        };
        self.tell(notes).await;
    }

    /// Says what became known, and wakes whoever fetches and decodes.
    async fn tell(&self, notes: Vec<Note>) {
        self.shared.outbox.send(notes).await;
        self.shared.bell.notify_one();
        self.shared.work_is_there();
    }

    /// Takes the list of a series, and tells how much it told.
    async fn list_of(&self, series: &SeriesUid) -> Result<Told, Failure> {
        let answer = self.bare_list(Some(series)).await?;
        let (study, of) = (self.study.clone(), series.clone());
        let sketched = tokio::task::spawn_blocking(move || sketches(&answer.rows, &study, &of));
        match sketched.await {
            Ok(Some(sketched)) if self.are_true(&sketched).await => {
                self.describe(sketched, false).await;
                Ok(Told::Enough)
            }
            _ => Ok(Told::Names),
        }
    }

    /// Whether this server's rows are right, as the first image shows that they name. One that was right vouches for the others
    /// of the server: what differs all the same is mended when its object comes.
    async fn are_true(&self, sketched: &[Arc<Instance>]) -> bool {
        let shown = async {
            loop {
                let arrival = self.shared.arrival.notified();
                if self.rows_are_false.load(Ordering::Relaxed) {
                    return false;
                }
                if let Some(are_true) = self.witnessed(sketched) {
                    return are_true;
                }
                arrival.await;
            }
        };
        tokio::time::timeout(WITNESS, shown).await.unwrap_or(false)
    }

    fn witnessed(&self, sketched: &[Arc<Instance>]) -> Option<bool> {
        let mut desk = self.shared.desk();
        if desk.source(self.source)?.rows_are_true {
            return Some(true);
        }
        let study = desk.study_mut(&self.study, self.generation)?;
        let (sketch, own) = sketched
            .iter()
            .find_map(|sketch| Some((sketch, study.own(&sketch.uid)?)))?;
        let are_true = is_true_sketch(sketch, &own);
        if are_true {
            desk.source_mut(self.source)?.rows_are_true = true;
        } else {
            self.rows_are_false.store(true, Ordering::Relaxed);
        }
        Some(are_true)
    }

    /// Takes the bare list of instances, whose headers come with the objects themselves.
    async fn bare_list(&self, series: Option<&SeriesUid>) -> Result<Answer, Failure> {
        let question = || Query::instances_of(self.study.as_str(), series.map(SeriesUid::as_str));
        let ask = async |query: Query| {
            let all = || async { Ok(self.client.query_all(&query, MOST).await?) };
            self.until(None, all).await
        };
        let answer = match ask(with_order(question())).await {
            // A server may refuse to be asked for what it does not list.
            Err(trouble) if trouble.class == Class::Lasting => ask(with_place(question())).await,
            answer => answer,
        };
        let answer = answer.map_err(|trouble| trouble.failure)?;
        if self.take_expected(&answer, series).await {
            Ok(answer)
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
        self.tell(notes).await;
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
        self.tell(notes).await;
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
