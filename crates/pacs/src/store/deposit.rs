//! Taking in an object that somebody sends.

use std::io;
use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use dicom_dictionary_std::tags;
use study::{InstanceUid, Object, StudyUid};

use super::archive::{self, Archive};
use super::{Instance, Place, folder, index};

/// Why an object was not stored: the standard's failure reason and the UIDs as far as they are known.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Failure Reason (0008,1197), PS3.18 I.2.2.
    pub(crate) reason: u16,
    /// One plain sentence.
    pub(crate) sentence: String,
    pub(crate) sop_class: Option<String>,
    pub(crate) instance: Option<String>,
}

/// An object that is stored now, or was before.
#[derive(Debug)]
pub(crate) struct Deposit {
    pub(crate) instance: Arc<Instance>,
    /// False when the same object, byte for byte, was there already.
    pub(crate) new: bool,
}

/// Processing failure.
const FAILURE: u16 = 0x0110;
/// Duplicate SOP Instance.
const DUPLICATE: u16 = 0x0111;
/// Refused: out of resources.
const NO_ROOM: u16 = 0xA700;
/// Error: data set does not match.
const MISMATCH: u16 = 0xA900;
/// Error: cannot understand.
const NOT_UNDERSTOOD: u16 = 0xC000;

impl Archive {
    /// Stores one object, whole or not at all; what is there already is never replaced; blocks.
    ///
    /// # Errors
    /// It is no object, belongs to another study than `study`, contradicts what is stored, or there is no room.
    pub(crate) fn deposit(&self, bytes: Bytes, study: Option<&StudyUid>) -> Result<Deposit, Refusal> {
        let unknown = Identity::default();
        if !folder::is_part10(&bytes) {
            return Err(unknown.refused(
                NOT_UNDERSTOOD,
                "The part is not a DICOM file: it has no preamble with DICM.",
            ));
        }
        let object = Object::parse(bytes.clone()).map_err(|e| unknown.refused(NOT_UNDERSTOOD, &e.to_string()))?;
        let who = Identity::of(&object);
        let Some(found) = archive::instance(&object, Place::Memory(bytes.clone())) else {
            return Err(who.refused(
                MISMATCH,
                "The object lacks a valid UID of its study, its series or itself.",
            ));
        };
        if found.sop_class.is_empty() {
            return Err(who.refused(MISMATCH, "The object does not say of which class it is."));
        }
        if study.is_some_and(|wanted| *wanted != found.study) {
            return Err(who.refused(MISMATCH, "The object belongs to another study than the address names."));
        }
        if let Some(known) = self.index().instance(&found.uid) {
            return self.again(known, &bytes, &who);
        }
        self.keep(found, &object, &bytes, &who)
    }

    /// The UID is known: the same bytes are welcome, others are not.
    fn again(&self, known: Arc<Instance>, bytes: &Bytes, who: &Identity) -> Result<Deposit, Refusal> {
        match self.bytes(&known) {
            Ok(stored) if stored == *bytes => Ok(Deposit {
                instance: known,
                new: false,
            }),
            Ok(_) => Err(who.refused(
                DUPLICATE,
                "Another object with this UID is stored already; it was kept and this one refused.",
            )),
            Err(problem) => Err(who.refused(FAILURE, &problem.sentence)),
        }
    }

    fn keep(&self, found: Instance, object: &Object, bytes: &Bytes, who: &Identity) -> Result<Deposit, Refusal> {
        let place = match &self.folder {
            Some(root) => {
                let names = [found.study.as_str(), found.series.as_str(), found.uid.as_str()];
                folder::write(root, names, bytes).map(Place::File).map_err(|error| {
                    let (reason, sentence) = match error.kind() {
                        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                            (NO_ROOM, "The server's disk is full.")
                        }
                        io::ErrorKind::AlreadyExists => (DUPLICATE, "A file of this name is in the way."),
                        _ => (FAILURE, "The object cannot be written into the server's folder."),
                    };
                    who.refused(reason, sentence)
                })?
            }
            None => {
                let mut room = self.room.lock().unwrap_or_else(PoisonError::into_inner);
                *room = room.checked_sub(bytes.len()).ok_or_else(|| {
                    who.refused(NO_ROOM, "The server keeps what it is sent in memory, which is full.")
                })?;
                Place::Memory(bytes.clone())
            }
        };
        let uid = found.uid.clone();
        let new = self.enter(Instance { place, ..found }, object.dataset());
        match self.index().instance(&uid) {
            Some(instance) if new => Ok(Deposit { instance, new }),
            // Somebody else stored it in this very moment.
            Some(known) => self.again(known, bytes, who),
            None => Err(who.refused(FAILURE, "The object was not entered.")),
        }
    }
}

/// The UIDs that an answer names an object by, as far as it has them.
#[derive(Default)]
struct Identity {
    sop_class: Option<String>,
    instance: Option<String>,
}

impl Identity {
    fn of(object: &Object) -> Self {
        let uid = |tag| Some(index::text(object.dataset(), tag)).filter(|text| InstanceUid::new(text).is_some());
        Self {
            sop_class: uid(tags::SOP_CLASS_UID),
            instance: uid(tags::SOP_INSTANCE_UID),
        }
    }

    fn refused(&self, reason: u16, sentence: &str) -> Refusal {
        Refusal {
            reason,
            sentence: sentence.to_owned(),
            sop_class: self.sop_class.clone(),
            instance: self.instance.clone(),
        }
    }
}
