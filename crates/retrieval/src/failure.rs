//! Why something did not happen, as a sentence for the reader.

use dicomweb::ErrorKind;

/// Why something did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Failure {
    /// What happened, to what, and what to do; without names, identifiers, addresses or tokens.
    pub sentence: String,
    /// Its class.
    pub kind: FailureKind,
    /// Trying again may help without anyone changing anything.
    pub retryable: bool,
}

/// A class of failure that callers act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// No way to the source: network, name, proxy, silence.
    Unreachable,
    /// The server's certificate is not to be trusted.
    Untrusted,
    /// A sign-in is needed, or its right does not reach.
    SignIn,
    /// The source does not have it.
    Missing,
    /// The server refuses, or is busy.
    Refused,
    /// What came is not DICOM.
    NotDicom,
    /// The pixels cannot be decoded.
    Undecodable,
    /// An object came that is not the one that was asked for. It was thrown away.
    WrongIdentity,
    /// Only a part came.
    Incomplete,
    /// A file cannot be read, or the disk takes nothing more.
    Disk,
    /// The question itself was wrong.
    Question,
}

impl Failure {
    /// A failure that will stay until somebody changes something.
    pub(crate) fn lasting(kind: FailureKind, sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            kind,
            retryable: false,
        }
    }

    /// A failure after which trying again may help.
    pub(crate) fn passing(kind: FailureKind, sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            kind,
            retryable: true,
        }
    }
}

impl From<&dicomweb::Error> for Failure {
    fn from(error: &dicomweb::Error) -> Self {
        Self {
            sentence: error.to_string(),
            kind: match error.kind() {
                ErrorKind::Unreachable => FailureKind::Unreachable,
                ErrorKind::Untrusted => FailureKind::Untrusted,
                ErrorKind::SignIn | ErrorKind::Forbidden => FailureKind::SignIn,
                ErrorKind::Missing => FailureKind::Missing,
                ErrorKind::Busy | ErrorKind::Refused => FailureKind::Refused,
                ErrorKind::NotDicom => FailureKind::NotDicom,
                ErrorKind::Incomplete => FailureKind::Incomplete,
                ErrorKind::Question => FailureKind::Question,
            },
            retryable: error.is_passing(),
        }
    }
}
