//! What can go wrong, in sentences for the person who reads.
//!
//! No variant holds text from the network: no address, no token and no patient's data can be printed by accident, neither by
//! `{}` nor by `{:?}`.

use std::time::Duration;

/// Why a request gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be one of a DICOMweb server; the text completes "The address …".
    #[error("The address {0}. Correct the address of the PACS.")]
    Address(&'static str),
    /// An identifier that was handed in cannot be one (PS3.5 section 9.1).
    #[error("An identifier holds characters that no identifier has, so nothing was asked for.")]
    Identifier,
    /// The computer's name is not known.
    #[error("The PACS's name is not known on this network. Check the address and whether the VPN is connected.")]
    NameUnknown,
    /// No connection could be made.
    #[error("The PACS cannot be reached. Check the network and whether the VPN is connected.")]
    Unreachable,
    /// The computer answers, but nothing listens at the port.
    #[error("The computer at this address refuses the connection. Check the port, and whether the PACS is running.")]
    ConnectionRefused,
    /// A proxy between here and the PACS refused.
    #[error("A proxy on the way to the PACS refused the connection. Check the proxy's settings and sign-in.")]
    Proxy,
    /// The secured connection could not be made; the text completes "The PACS's certificate …".
    #[error("The PACS's certificate {0}, so nothing was sent. Ask the PACS's administrators.")]
    Certificate(&'static str),
    /// Whatever answers does not speak https.
    #[error(
        "What answers at this address does not speak https. Check the port, and whether the address should begin with http."
    )]
    NotSecured,
    /// The server said nothing for longer than [`Patience`](crate::Patience) allows.
    #[error("The PACS did not answer for {}. Try again, or ask whether the PACS is well.", span(.0))]
    Silent(Duration),
    /// The body came more slowly than [`Patience`](crate::Patience) allows.
    #[error("The connection to the PACS has become too slow to go on with. Try again when the network is better.")]
    TooSlow,
    /// The connection broke off, before or within the answer.
    #[error("The connection to the PACS broke off. Try again.")]
    BrokeOff,
    /// The answer ended before its end was announced.
    #[error("The PACS's answer was cut short: what came whole was kept. Ask for the rest again.")]
    CutShort,
    /// 401: the sign-in is missing, wrong or has run out.
    #[error("The PACS does not accept the sign-in. Sign in again.")]
    SignIn,
    /// 403: signed in, but not allowed.
    #[error("The PACS does not allow this user to see this. Ask the PACS's administrators for the right.")]
    Forbidden,
    /// 404 or 410: not there.
    #[error("The PACS does not have what was asked for. It may have been moved or deleted.")]
    Missing,
    /// 406 or 415: the server gives or takes it in no form that was offered.
    #[error("The PACS offers this in no form that this program reads.")]
    Unsupported,
    /// 413: more than the server takes at once, or more rows than it gives.
    #[error("The PACS says that this is too much at once. Narrow the search, or send less.")]
    TooMuch,
    /// 408, 425, 429, 502, 503 or 504, also after asking again; with the pause that the server asked for.
    #[error("The PACS is busy{}.", match .after { Some(pause) => format!(": it asks to wait for {}", span(pause)), None => " or out of order. Try again in a while".to_owned() })]
    Busy {
        /// The pause that the server asked for.
        after: Option<Duration>,
    },
    /// Another status of refusal.
    #[error("The PACS refused the request (status {status}). Ask the PACS's administrators what it means.")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// A redirect to another computer, which was not followed.
    #[error(
        "The PACS sends the request on to another address, which was not followed. Correct the address of the PACS."
    )]
    Redirected,
    /// A web page came instead of DICOM.
    #[error(
        "The answer is a web page, not DICOM: the address is not that of a DICOMweb service, or the network wants a sign-in first."
    )]
    WebPage,
    /// The answer can be read as nothing that was asked for.
    #[error("The answer is not DICOM that can be read. Check the address of the PACS.")]
    NotDicom,
    /// The answer is larger than [`Patience`](crate::Patience) allows.
    #[error("The answer is larger than {} MiB, the most that is taken. Narrow the request.", most >> 20)]
    TooLarge {
        /// The limit, in bytes.
        most: u64,
    },
    /// The server named a place on another computer for a value; it was not fetched.
    #[error("The PACS names another computer for a part of this object. It was not fetched.")]
    ElsewhereNamed,
    /// The client itself could not be made, such as when the system's certificates cannot be read.
    #[error("The network client could not be started: the system's certificates or proxy settings cannot be read.")]
    NoClient,
}

/// A class of [`Error`] that callers act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// No way to the server: network, name, proxy, silence, a broken connection.
    Unreachable,
    /// No trust in the server.
    Untrusted,
    /// A sign-in is needed.
    SignIn,
    /// Signed in, but not allowed.
    Forbidden,
    /// Not there.
    Missing,
    /// The server is there and refuses for a while.
    Busy,
    /// The server is there and does not do this.
    Refused,
    /// Something came, and it is not what a DICOMweb server says.
    NotDicom,
    /// A part of it came.
    Incomplete,
    /// The question itself was wrong.
    Question,
}

impl Error {
    /// Its class.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Address(_) | Self::Identifier | Self::NoClient => ErrorKind::Question,
            Self::NameUnknown
            | Self::Unreachable
            | Self::ConnectionRefused
            | Self::Proxy
            | Self::Silent(_)
            | Self::TooSlow
            | Self::BrokeOff => ErrorKind::Unreachable,
            Self::Certificate(_) | Self::NotSecured => ErrorKind::Untrusted,
            Self::SignIn => ErrorKind::SignIn,
            Self::Forbidden => ErrorKind::Forbidden,
            Self::Missing => ErrorKind::Missing,
            Self::Busy { .. } => ErrorKind::Busy,
            Self::Unsupported | Self::TooMuch | Self::Refused { .. } | Self::TooLarge { .. } => ErrorKind::Refused,
            Self::Redirected | Self::WebPage | Self::NotDicom | Self::ElsewhereNamed => ErrorKind::NotDicom,
            Self::CutShort => ErrorKind::Incomplete,
        }
    }

    /// The same request may well succeed later without anyone changing anything.
    pub fn is_passing(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Unreachable | ErrorKind::Busy | ErrorKind::Incomplete
        ) && !matches!(self, Self::Proxy)
    }

    /// The error of a status that is no success.
    pub(crate) fn of_status(status: u16, after: Option<Duration>) -> Self {
        match status {
            300..=399 => Self::Redirected,
            401 => Self::SignIn,
            403 => Self::Forbidden,
            404 | 410 => Self::Missing,
            406 | 415 => Self::Unsupported,
            407 => Self::Proxy,
            413 => Self::TooMuch,
            408 | 425 | 429 | 502 | 503 | 504 => Self::Busy { after },
            _ => Self::Refused { status },
        }
    }

    /// The error of a request that got no answer. Its text is looked at and dropped: it may hold addresses.
    pub(crate) fn of_request(error: &reqwest::Error, connect: Duration) -> Self {
        if error.is_dns() {
            return Self::NameUnknown;
        }
        if error.is_redirect() {
            return Self::Redirected;
        }
        if error.is_builder() {
            return Self::Address("cannot be asked");
        }
        let mut kind = None;
        let mut words = String::new();
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            if let Some(io) = inner.downcast_ref::<std::io::Error>() {
                kind.get_or_insert(io.kind());
                // A TLS error hides inside an io::Error.
                if let Some(hidden) = io.get_ref() {
                    words.push_str(&hidden.to_string());
                }
            }
            words.push_str(&inner.to_string());
            source = inner.source();
        }
        if words.contains("certificate") {
            return Self::Certificate(if words.contains("xpired") {
                "has run out (or this computer's clock is wrong)"
            } else if words.contains("not valid yet") || words.contains("NotValidYet") {
                "is not valid yet (or this computer's clock is wrong)"
            } else if words.contains("not valid for") || words.contains("NotValidForName") {
                "belongs to another name"
            } else {
                "is not trusted by this computer"
            });
        }
        if words.contains("corrupt message") || words.contains("InvalidContentType") {
            return Self::NotSecured;
        }
        // What hyper says of a head that is no HTTP, or that has no end.
        if words.contains(" parsed") || words.contains("message head is too large") {
            return Self::NotDicom;
        }
        if words.contains("tunnel") || words.contains("proxy authentication") {
            return Self::Proxy;
        }
        if error.is_connect() {
            return if kind == Some(std::io::ErrorKind::ConnectionRefused) {
                Self::ConnectionRefused
            } else if error.is_timeout() {
                Self::Silent(connect)
            } else {
                Self::Unreachable
            };
        }
        Self::BrokeOff
    }
}

/// A duration in words: `30 s`, `0.2 s`, `4 min`.
fn span(duration: &Duration) -> String {
    match duration.as_secs() {
        0 => format!("{:.1} s", duration.as_secs_f64()),
        seconds @ 1..=119 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_whole() {
        for (error, sentence) in [
            (
                Error::Silent(Duration::from_secs(30)),
                "The PACS did not answer for 30 s. Try again, or ask whether the PACS is well.",
            ),
            (
                Error::Busy {
                    after: Some(Duration::from_secs(600)),
                },
                "The PACS is busy: it asks to wait for 10 min.",
            ),
            (
                Error::Busy { after: None },
                "The PACS is busy or out of order. Try again in a while.",
            ),
            (
                Error::TooLarge { most: 256 << 20 },
                "The answer is larger than 256 MiB, the most that is taken. Narrow the request.",
            ),
        ] {
            assert_eq!(error.to_string(), sentence);
        }
    }

    #[test]
    fn each_status_has_its_class() {
        for (status, kind) in [
            (301, ErrorKind::NotDicom),
            (400, ErrorKind::Refused),
            (401, ErrorKind::SignIn),
            (403, ErrorKind::Forbidden),
            (404, ErrorKind::Missing),
            (406, ErrorKind::Refused),
            (407, ErrorKind::Unreachable),
            (410, ErrorKind::Missing),
            (413, ErrorKind::Refused),
            (416, ErrorKind::Refused),
            (429, ErrorKind::Busy),
            (500, ErrorKind::Refused),
            (502, ErrorKind::Busy),
            (503, ErrorKind::Busy),
        ] {
            assert_eq!(Error::of_status(status, None).kind(), kind, "{status}");
        }
    }
}
