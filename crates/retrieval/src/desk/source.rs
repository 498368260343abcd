//! One place that studies come from: what is under way there, and how it does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dicomweb::{Client, ErrorKind, Lane};
use study::{Instance, InstanceUid, StudyUid};

use super::{Note, Place};
use crate::{Event, Failure, FailureKind, SourceId, SourceState};

/// The first pause after a source fell silent.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause before a silent source is asked again.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// What a failed request means for what comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// No way to the source: everything waits, nothing is lost.
    Outage,
    /// The answer broke off: the instance is asked for again, within limits.
    Broken,
    /// The source asks for a pause.
    Busy(Option<Duration>),
    /// The source takes nothing from us before somebody acts (sign-in, certificate).
    Blocked,
    /// This instance cannot be had.
    Lasting,
}

/// A failed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) class: Class,
    pub(crate) failure: Failure,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        let class = if failure.kind == FailureKind::Incomplete {
            Class::Broken
        } else {
            Class::Lasting
        };
        Self { class, failure }
    }
}

impl From<dicomweb::Error> for Trouble {
    fn from(error: dicomweb::Error) -> Self {
        use dicomweb::Error;
        let class = match &error {
            Error::BrokeOff | Error::CutShort | Error::TooSlow => Class::Broken,
            Error::Busy { after } => Class::Busy(*after),
            other => match other.kind() {
                ErrorKind::Unreachable => Class::Outage,
                ErrorKind::SignIn | ErrorKind::Untrusted => Class::Blocked,
                _ => Class::Lasting,
            },
        };
        Self {
            class,
            failure: Failure::from(&error),
        }
    }
}

/// An object in a file: its header, where it is, and its bytes.
pub(crate) type InFile = (Arc<Instance>, Place, u64);

/// A request under way.
#[derive(Debug)]
pub(crate) struct UnderWay {
    ticket: u64,
    generation: u64,
    pub(crate) lane: Lane,
    /// Ends the request; set when its task has begun.
    pub(crate) abort: Option<tokio::task::AbortHandle>,
}

/// One place that studies come from.
pub(crate) struct Source {
    /// The way to it; `None` for files.
    pub(crate) client: Option<Client>,
    pub(crate) under_way: Vec<UnderWay>,
    /// Instances that it has given, whole and right.
    pub(crate) answers: u64,
    /// Bytes of them.
    pub(crate) bytes: u64,
    /// Failures since the last answer.
    failures: u32,
    /// Nothing is asked before then.
    pub(crate) pause_until: Option<Instant>,
    pub(crate) silent_since: Option<Instant>,
    /// Somebody acted after the tickets up to this one were given: their refusals say nothing of what holds now.
    pub(crate) acted: u64,
    /// Nothing is asked before somebody acts.
    pub(crate) blocked: Option<Failure>,
    /// Requests for the bulk of a study that may be under way at once.
    pub(crate) bulk_limit: usize,
    /// The rows of its lists told what an image's own header told.
    pub(crate) rows_are_true: bool,
    /// What was found in files, by study and object.
    pub(crate) files: BTreeMap<StudyUid, BTreeMap<InstanceUid, InFile>>,
    /// All files were looked at.
    pub(crate) files_read: bool,
}

impl Source {
    pub(crate) fn new(client: Option<Client>) -> Self {
        Self {
            client,
            under_way: Vec::new(),
            answers: 0,
            bytes: 0,
            failures: 0,
            pause_until: None,
            silent_since: None,
            acted: 0,
            blocked: None,
            bulk_limit: crate::schedule::bulk_requests(0.0, Duration::ZERO, 0),
            rows_are_true: false,
            files: BTreeMap::new(),
            files_read: false,
        }
    }

    pub(crate) fn begin(&mut self, ticket: u64, generation: u64, lane: Lane) {
        self.under_way.push(UnderWay {
            ticket,
            generation,
            lane,
            abort: None,
        });
    }

    /// Makes a request one that can be given up.
    pub(crate) fn can_abort(&mut self, ticket: u64, abort: tokio::task::AbortHandle) {
        match self.under_way.iter_mut().find(|u| u.ticket == ticket) {
            Some(under_way) => under_way.abort = Some(abort),
            // Ended, or its study was closed before its task had begun.
            None => abort.abort(),
        }
    }

    pub(crate) fn end(&mut self, ticket: u64) {
        self.under_way.retain(|under_way| under_way.ticket != ticket);
    }

    pub(crate) fn give_up(&mut self, generation: u64) -> Vec<UnderWay> {
        let (gone, stays) = std::mem::take(&mut self.under_way)
            .into_iter()
            .partition(|under_way| under_way.generation == generation);
        self.under_way = stays;
        gone
    }

    pub(crate) fn busy(&self, lane: Lane) -> usize {
        self.under_way.iter().filter(|under_way| under_way.lane == lane).count()
    }

    /// Takes a failure's meaning for the whole source, and says when it fell silent.
    pub(crate) fn suffer(&mut self, id: SourceId, trouble: &Trouble, now: Instant) -> Option<Note> {
        match trouble.class {
            Class::Lasting => return None,
            Class::Blocked => {
                self.blocked = Some(trouble.failure.clone());
                return None;
            }
            Class::Busy(Some(pause)) => {
                self.pause_until = Some(now + pause.min(Duration::from_secs(3600)));
                return None;
            }
            Class::Outage | Class::Broken | Class::Busy(None) => {}
        }
        // Requests that were under way together fail together: they are one failure.
        if self.pause_until.is_none_or(|until| until <= now) {
            self.failures = self.failures.saturating_add(1);
            let pause = FIRST_PAUSE.saturating_mul(1 << self.failures.saturating_sub(1).min(8));
            self.pause_until = Some(now + pause.min(LONGEST_PAUSE));
        }
        // One answer that breaks off is that answer's trouble; a row of them is the source's.
        let silent = trouble.class == Class::Outage || self.failures > 1;
        if !silent || self.silent_since.is_some() {
            return None;
        }
        self.silent_since = Some(now);
        Some(
            Event::SourceState {
                source: id,
                state: SourceState::Silent { since: now },
                failure: Some(trouble.failure.clone()),
            }
            .into(),
        )
    }

    /// It answered.
    pub(crate) fn recover(&mut self, id: SourceId) -> Option<Note> {
        self.failures = 0;
        self.pause_until = None;
        self.silent_since.take().map(|_| {
            Event::SourceState {
                source: id,
                state: SourceState::Well,
                failure: None,
            }
            .into()
        })
    }

    /// Tries again at once, whatever was before.
    pub(crate) fn take_heart(&mut self, acted: u64) {
        self.acted = acted;
        self.blocked = None;
        self.pause_until = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(class: Class) -> Trouble {
        Trouble {
            class,
            failure: Failure::passing(FailureKind::Unreachable, "The PACS is silent."),
        }
    }

    #[test]
    fn a_silent_source_is_asked_again_after_growing_pauses_and_says_so_once() {
        let id = SourceId(0);
        let mut source = Source::new(None);
        let mut now = Instant::now();
        let mut pauses = Vec::new();
        for n in 0..6 {
            let said = source.suffer(id, &trouble(Class::Outage), now);
            assert_eq!(said.is_some(), n == 0);
            assert!(
                source.suffer(id, &trouble(Class::Outage), now).is_none(),
                "they failed together"
            );
            let until = source.pause_until.unwrap();
            pauses.push((until - now).as_secs());
            now = until;
        }
        assert_eq!(pauses, [1, 2, 4, 8, 15, 15]);
        assert!(matches!(
            source.recover(id).unwrap().event,
            Event::SourceState {
                state: SourceState::Well,
                ..
            }
        ));
        assert!(source.recover(id).is_none());
    }

    #[test]
    fn one_answer_that_breaks_off_does_not_make_a_source_silent_but_a_row_does() {
        let mut source = Source::new(None);
        let now = Instant::now();
        assert!(source.suffer(SourceId(0), &trouble(Class::Broken), now).is_none());
        let later = now + Duration::from_secs(2);
        assert!(source.suffer(SourceId(0), &trouble(Class::Broken), later).is_some());
    }
}
