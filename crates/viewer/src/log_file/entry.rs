//! What the log can say.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

/// An identifier that cannot be read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hashed(String);

impl Hashed {
    pub(super) fn new(salt: u64, identifier: &str) -> Self {
        let digest = Sha256::new()
            .chain_update(salt.to_le_bytes())
            .chain_update(identifier)
            .finalize();
        Self(digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect())
    }
}

/// A short reference that stands beside a failure's sentence and in the log, for example `K7Q2M`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reference(String);

impl Reference {
    /// Makes a new one: five letters and digits that are not mistaken for each other on the telephone.
    pub(crate) fn new() -> Self {
        const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut number = random();
        let letters = (0..5)
            .map(|_| {
                let letter = LETTERS.get((number % 32) as usize).copied().unwrap_or(b'0');
                number /= 32;
                char::from(letter)
            })
            .collect();
        Self(letters)
    }
}

impl Default for Reference {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A number that differs each time; good enough for references and for this run's salt, not for keys.
pub(super) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// One event; the list is closed, so that whatever may be logged can be read here.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    /// The program began.
    Started {
        /// Its version.
        version: &'static str,
        /// The operating system.
        system: &'static str,
        /// The verb.
        verb: &'static str,
    },
    /// The window opened on an adapter.
    Window {
        /// The graphics adapter's name, as its driver gives it.
        adapter: String,
    },
    /// The statement of intended use was read.
    IntendedUseRead {
        /// Of which version.
        version: &'static str,
    },
    /// The window began or ceased to be shown through a session on another machine.
    RemoteSession {
        /// What kind of session; `None`: it is not remote any more.
        kind: Option<&'static str>,
    },
    /// The graphics adapter was tested before it drew an image.
    Tested {
        /// Why it is not trusted; `None` when every known value came out exactly.
        unequal: Option<String>,
        /// Pixels that were compared.
        pixels: usize,
        /// The driver, as it names itself.
        driver: String,
        /// How long it took, ms.
        took_ms: u128,
    },
    /// The graphics device is gone, and the window is made anew.
    DeviceLost {
        /// One word of a closed list.
        cause: &'static str,
        /// What the driver said.
        reason: String,
    },
    /// The images stand on the screen again.
    DeviceBack {
        /// How long after the loss, ms.
        after_ms: u128,
    },
    /// The first image stood on the screen.
    FirstImage {
        /// How long after the log was opened, which is the first thing that a window does, ms.
        after_ms: u128,
    },
    /// A search was answered.
    Searched {
        /// Which server.
        server: Hashed,
        /// How many studies.
        studies: usize,
    },
    /// A study was opened.
    StudyOpened {
        /// Which study.
        study: Hashed,
    },
    /// Everything of a study has arrived.
    StudyArrived {
        /// Which study.
        study: Hashed,
        /// How many images.
        images: u32,
        /// How many bytes.
        bytes: u64,
    },
    /// A study was closed.
    StudyClosed {
        /// Which study.
        study: Hashed,
    },
    /// Something failed.
    Failed {
        /// What kind of failure, one word of a closed list.
        kind: &'static str,
        /// Which object, study or server.
        about: Option<Hashed>,
        /// What stands beside the sentence.
        reference: Reference,
    },
    /// Entries were lost before this one, because the disk was slow or the day's bound was reached.
    Dropped {
        /// How many.
        entries: u64,
    },
    /// The program ended in the ordinary way.
    Closed,
}

impl Entry {
    /// The line of the log, with its line end.
    pub(super) fn line(&self, now: &DateTime<Utc>) -> String {
        format!("{} {self}\n", now.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started { version, system, verb } => {
                write!(f, "started version={version} system={system} verb={verb}")
            }
            Self::Window { adapter } => {
                write!(f, "window adapter={:?}", plain(adapter, 80))
            }
            Self::IntendedUseRead { version } => write!(f, "intended-use-read version={version}"),
            Self::RemoteSession { kind } => write!(f, "remote-session kind={:?}", kind.unwrap_or("none")),
            Self::Tested {
                unequal,
                pixels,
                driver,
                took_ms,
            } => {
                let driver = plain(driver, 80);
                write!(f, "tested took-ms={took_ms} pixels={pixels} driver={driver:?}")?;
                match unequal {
                    Some(reason) => write!(f, " unequal={:?}", plain(reason, 300)),
                    None => f.write_str(" exact"),
                }
            }
            Self::DeviceLost { cause, reason } => {
                write!(f, "device-lost cause={cause} reason={:?}", plain(reason, 300))
            }
            Self::DeviceBack { after_ms } => write!(f, "device-back after-ms={after_ms}"),
            Self::FirstImage { after_ms } => write!(f, "first-image after-ms={after_ms}"),
            Self::Searched { server, studies } => write!(f, "searched server={} studies={studies}", server.0),
            Self::StudyOpened { study } => write!(f, "study-opened study={}", study.0),
            Self::StudyArrived { study, images, bytes } => {
                write!(f, "study-arrived study={} images={images} bytes={bytes}", study.0)
            }
            Self::StudyClosed { study } => write!(f, "study-closed study={}", study.0),
            Self::Failed { kind, about, reference } => {
                write!(f, "failed reference={reference} kind={kind}")?;
                about.as_ref().map_or(Ok(()), |about| write!(f, " about={}", about.0))
            }
            Self::Dropped { entries } => write!(f, "dropped entries={entries}"),
            Self::Closed => f.write_str("closed"),
        }
    }
}

/// Words of a driver without control characters, and not longer than is useful.
fn plain(words: &str, most: usize) -> String {
    words.chars().filter(|c| !c.is_control()).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_short_plain_and_different() {
        let (a, b) = (Reference::new().to_string(), Reference::new().to_string());
        assert_eq!(a.len(), 5);
        assert!(a.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()));
        assert_ne!(a, b);
    }

    #[test]
    fn an_identifier_is_equal_to_itself_within_a_run_and_unreadable() {
        assert_eq!(Hashed::new(7, "1.2.3"), Hashed::new(7, "1.2.3"));
        assert_ne!(Hashed::new(7, "1.2.3"), Hashed::new(8, "1.2.3"));
        assert!(!Hashed::new(7, "1.2.3").0.contains("1.2.3"));
    }

    #[test]
    fn a_line_has_its_time_and_no_line_break_within() {
        let entry = Entry::Window {
            adapter: "llvmpipe\nPatientName=DOE".to_owned(),
        };
        let line = entry.line(&DateTime::UNIX_EPOCH);
        assert_eq!(
            line,
            "1970-01-01T00:00:00.000Z window adapter=\"llvmpipePatientName=DOE\"\n"
        );
    }
}
