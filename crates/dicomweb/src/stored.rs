//! What became of objects that were sent (STOW-RS, PS3.18 section 10.5 and annex I).

/// What became of each object that was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// One for each object, in the order in which they were handed in.
    pub outcomes: Vec<Outcome>,
}

impl Stored {
    /// Every object is stored.
    pub fn all_well(&self) -> bool {
        self.outcomes.iter().all(|outcome| outcome.fate.is_stored())
    }
}

/// What became of one object.
#[derive(Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its SOP Instance UID, when the object told it.
    pub instance: Option<String>,
    /// What became of it.
    pub fate: Fate,
}

impl std::fmt::Debug for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Outcome").field(&self.fate).finish()
    }
}

/// What became of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Stored, as the server says by name.
    Stored,
    /// Stored, with a Warning Reason (0008,1196).
    StoredWithWarning(u16),
    /// The status says stored, but the server's words about single objects were not read.
    StoredUnread,
    /// Not stored, with a Failure Reason (0008,1197) where the server gave one.
    Refused(Option<u16>),
    /// The server's answer does not mention it: it must be looked for.
    Unmentioned,
    /// The request failed: where no answer came, it may or may not be stored.
    Failed(crate::Error),
    /// It was not sent, because an earlier request failed.
    NotSent(crate::Error),
}

impl Fate {
    /// The server says that it has the object.
    pub fn is_stored(&self) -> bool {
        matches!(self, Self::Stored | Self::StoredWithWarning(_) | Self::StoredUnread)
    }

    /// Nobody knows whether the server has the object: no answer came, or none that can be read or that speaks of it.
    pub fn is_unknown(&self) -> bool {
        use crate::Error as E;
        match self {
            Self::Unmentioned => true,
            Self::Failed(error) => matches!(
                error,
                E::Silent(_) | E::TooSlow | E::BrokeOff | E::CutShort | E::NotDicom | E::TooLarge { .. }
            ),
            _ => false,
        }
    }

    /// One sentence for the person who sent it.
    pub fn sentence(&self) -> String {
        match self {
            Self::Stored => "Stored.".to_owned(),
            Self::StoredWithWarning(0xB000) => "Stored; the PACS changed some of its data.".to_owned(),
            Self::StoredWithWarning(0xB006) => "Stored; the PACS left some of its data out.".to_owned(),
            Self::StoredWithWarning(0xB007) => {
                "Stored, although the PACS finds that it does not keep to its own kind.".to_owned()
            }
            Self::StoredWithWarning(code) => format!("Stored, with a warning of the PACS (code {code:04X})."),
            Self::StoredUnread => "Stored; the PACS's words about it could not be read.".to_owned(),
            Self::Refused(reason) => match reason {
                Some(0x0110) => "Not stored: the PACS failed while it took it in. Try again.".to_owned(),
                Some(0x0111) => "Not stored: the PACS has this object already.".to_owned(),
                Some(0x0117) => "Not stored: the PACS finds an invalid identifier in it.".to_owned(),
                Some(0x0122) => "Not stored: the PACS does not take this kind of object.".to_owned(),
                Some(0x0124) => "Not stored: this user may not store. Ask the PACS's administrators.".to_owned(),
                Some(0xA700..=0xA7FF) => {
                    "Not stored: the PACS has no room left. Ask the PACS's administrators.".to_owned()
                }
                Some(0xA900..=0xA9FF) => "Not stored: the PACS finds that it does not keep to its own kind.".to_owned(),
                Some(0xC122) => "Not stored: the PACS does not take this transfer syntax.".to_owned(),
                Some(0xC000..=0xCFFF) => "Not stored: the PACS cannot understand it.".to_owned(),
                Some(code) => format!("Not stored: the PACS refused it (code {code:04X})."),
                None => "Not stored: the PACS refused it without a reason.".to_owned(),
            },
            Self::Unmentioned => "The PACS does not say whether it is stored. Look for it there.".to_owned(),
            Self::Failed(error) if self.is_unknown() => format!("Perhaps not stored. {error}"),
            Self::Failed(error) => format!("Not stored. {error}"),
            Self::NotSent(error) => format!("Not sent. {error}"),
        }
    }
}
