//! From what retrieval tells to what the reading hears. Every failure gets its reference in the log here, once.

use std::collections::BTreeMap;

use reading::worklist::{Condition, SourceId};
use reading::{Heard, StudiesFound, Trouble};
use retrieval::{Event, Failure, FailureKind};
use study::InstanceUid;

use crate::log_file::{Entry, Hashed, Log};

/// Both crates' names of the same sources.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    ours: BTreeMap<SourceId, retrieval::SourceId>,
    given: u64,
    /// What kept an object from being shown: its frames fail for the same reason, and are one failure in the log.
    refused: BTreeMap<InstanceUid, Trouble>,
}

impl Sources {
    /// Gives a source of retrieval its name for the reading.
    pub(crate) fn add(&mut self, theirs: retrieval::SourceId) -> SourceId {
        self.given += 1;
        let ours = SourceId(self.given);
        self.ours.insert(ours, theirs);
        ours
    }

    /// Retrieval's name of a source.
    pub(crate) fn theirs(&self, ours: SourceId) -> Option<retrieval::SourceId> {
        self.ours.get(&ours).copied()
    }

    /// Forgets which objects were refused, when a study is closed or tried again.
    pub(crate) fn forget_refusals(&mut self) {
        self.refused.clear();
    }

    fn refusal(&mut self, instance: &InstanceUid, failure: Failure, log: &Log) -> Trouble {
        let known = self.refused.get(instance);
        if let Some(known) = known.filter(|known| known.sentence == failure.sentence) {
            return known.clone();
        }
        let trouble = trouble(failure, Some(log.hashed(instance.as_str())), log);
        self.refused.insert(instance.clone(), trouble.clone());
        trouble
    }

    fn ours(&self, theirs: retrieval::SourceId) -> Option<SourceId> {
        self.ours.iter().find(|(_, t)| **t == theirs).map(|(o, _)| *o)
    }
}

/// A failure as the reader sees it, with the reference under which it stands in the log.
pub(crate) fn trouble(failure: Failure, about: Option<Hashed>, log: &Log) -> Trouble {
    let reference = log.failure(word(failure.kind), about);
    Trouble {
        sentence: failure.sentence,
        reference: reference.to_string(),
        retryable: failure.retryable,
    }
}

fn word(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Unreachable => "unreachable",
        FailureKind::Untrusted => "untrusted",
        FailureKind::SignIn => "sign-in",
        FailureKind::Missing => "missing",
        FailureKind::Refused => "refused",
        FailureKind::NotDicom => "not-dicom",
        FailureKind::Undecodable => "undecodable",
        FailureKind::WrongIdentity => "wrong-identity",
        FailureKind::Incomplete => "incomplete",
        FailureKind::Disk => "disk",
        FailureKind::Question => "question",
    }
}

/// Translates one event; `None` when the reading need not know.
pub(crate) fn heard(event: Event, sources: &mut Sources, log: &Log) -> Option<Heard> {
    Some(match event {
        Event::StudiesFound {
            source,
            request,
            outcome,
        } => Heard::StudiesFound {
            source: sources.ours(source)?,
            request,
            outcome: match outcome {
                Ok(found) => {
                    log.note(&Entry::Searched {
                        server: log.hashed(&format!("{source:?}")),
                        studies: found.studies.len(),
                    });
                    Ok(StudiesFound {
                        listings: found.studies,
                        whole: found.whole,
                        more: found.more,
                    })
                }
                Err(failure) => Err(trouble(failure, None, log)),
            },
        },
        Event::StudyListed { source, listing, .. } => Heard::StudyListed {
            source: sources.ours(source)?,
            listing,
        },
        Event::InstancesFound {
            study,
            instances,
            complete,
            ..
        } => Heard::InstancesFound {
            study,
            instances,
            complete,
        },
        Event::Cached { study, instances } => Heard::Cached { study, instances },
        Event::FrameArrived(frame) => Heard::FrameArrived(frame),
        Event::FrameRefused { frame, failure } => Heard::FrameRefused {
            trouble: sources.refusal(&frame.instance, failure, log),
            frame,
        },
        Event::Progress {
            study,
            stored,
            of,
            bytes,
            finished,
        } => {
            if finished {
                log.note(&Entry::StudyArrived {
                    study: log.hashed(study.as_str()),
                    images: stored,
                    bytes,
                });
            }
            Heard::Progress {
                study,
                stored,
                of,
                bytes,
                finished,
            }
        }
        Event::StudyTrouble { study, failure } => {
            let about = log.hashed(study.as_str());
            Heard::StudyTrouble {
                study,
                trouble: trouble(failure, Some(about), log),
            }
        }
        Event::SourceState { source, state, failure } => Heard::SourceState {
            source: sources.ours(source)?,
            condition: condition(state),
            trouble: failure.map(|failure| trouble(failure, None, log)),
        },
        Event::FilesRead { failure, .. } => Heard::Trouble(trouble(failure?, None, log)),
    })
}

fn condition(state: retrieval::SourceState) -> Condition {
    match state {
        retrieval::SourceState::Well => Condition::Well,
        retrieval::SourceState::Silent { .. } => Condition::Silent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(sentence: &str) -> Failure {
        Failure {
            sentence: sentence.to_owned(),
            kind: FailureKind::Undecodable,
            retryable: false,
        }
    }

    #[test]
    fn the_frames_of_an_object_fail_under_one_reference() {
        let (mut sources, log) = (Sources::default(), Log::none());
        let [one, two] = ["1.2.3", "1.2.4"].map(|uid| InstanceUid::new(uid).unwrap());
        let mut reference = |of: &InstanceUid, sentence: &str| sources.refusal(of, refused(sentence), &log).reference;
        let first = reference(&one, "It cannot be decoded.");
        assert_eq!(reference(&one, "It cannot be decoded."), first);
        assert_ne!(reference(&two, "It cannot be decoded."), first);
        assert_ne!(reference(&one, "It is cut short."), first);
    }
}
