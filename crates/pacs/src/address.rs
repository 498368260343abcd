//! Addresses: what a request's path names, and how the server writes its own.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use study::{InstanceUid, SeriesUid, StudyUid};

use crate::problem::Problem;

/// Where the service begins on its server.
pub(crate) const ROOT: &str = "/dicom-web";

/// What a path names, as it was written; checked before it is used for anything.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Names {
    study: Option<String>,
    series: Option<String>,
    instance: Option<String>,
    pub(crate) frames: Option<String>,
    pub(crate) path: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Names {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let pieces = Path::<Self>::from_request_parts(parts, state).await;
        pieces
            .map(|Path(names)| names)
            .map_err(|_| Problem::malformed("The address cannot be read; it is not UTF-8."))
    }
}

impl Names {
    /// The study, where the path names one.
    ///
    /// # Errors
    /// 400 when it is no UID.
    pub(crate) fn study(&self) -> Result<Option<StudyUid>, Problem> {
        checked(self.study.as_deref(), StudyUid::new)
    }

    /// The series, where the path names one.
    ///
    /// # Errors
    /// 400 when it is no UID.
    pub(crate) fn series(&self) -> Result<Option<SeriesUid>, Problem> {
        checked(self.series.as_deref(), SeriesUid::new)
    }

    /// The instance, where the path names one.
    ///
    /// # Errors
    /// 400 when it is no UID.
    pub(crate) fn instance(&self) -> Result<Option<InstanceUid>, Problem> {
        checked(self.instance.as_deref(), InstanceUid::new)
    }
}

fn checked<T>(text: Option<&str>, uid: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
    match text {
        None => Ok(None),
        Some(text) => uid(text)
            .map(Some)
            .ok_or_else(|| Problem::malformed("The address holds something that is no UID (1 to 64 digits and dots).")),
    }
}

/// The base of the addresses in an answer: the host by which the client reached the server, else the server's own. Some clients
/// leave the port out of their Host header; beside an address in numbers it can only be the server's own.
pub(crate) fn base(headers: &HeaderMap, own: SocketAddr) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    match host.filter(|host| is_host(host)) {
        Some(host) if is_bare_number_or_local(host) => format!("http://{host}:{}{ROOT}", own.port()),
        Some(host) => format!("http://{host}{ROOT}"),
        None => format!("http://{own}{ROOT}"),
    }
}

fn is_bare_number_or_local(host: &str) -> bool {
    let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let number: Option<IpAddr> = match bracketed {
        Some(inner) => inner.parse().ok(),
        None => host.parse().ok().filter(IpAddr::is_ipv4),
    };
    number.is_some() || host.eq_ignore_ascii_case("localhost")
}

fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'))
}

/// Whether a Host header names a machine by number, or this one by its usual name. A web page that points a name of its own at
/// the loopback address ("DNS rebinding") fails this.
pub(crate) fn is_numeric_or_local(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else {
        return true;
    };
    let Ok(host) = host.to_str() else {
        return false;
    };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_matches(['[', ']']);
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn with_host(host: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))])
    }

    #[test]
    fn addresses_are_written_as_the_client_knows_the_server() {
        let own = "127.0.0.1:81".parse().unwrap();
        for (host, expected) in [
            ("pacs.example:8042", "http://pacs.example:8042/dicom-web"),
            ("pacs.example", "http://pacs.example/dicom-web"),
            ("10.1.2.3:9000", "http://10.1.2.3:9000/dicom-web"),
            ("10.1.2.3", "http://10.1.2.3:81/dicom-web"),
            ("localhost", "http://localhost:81/dicom-web"),
            ("[::1]", "http://[::1]:81/dicom-web"),
            ("[::1]:82", "http://[::1]:82/dicom-web"),
            ("a\"><b", "http://127.0.0.1:81/dicom-web"),
        ] {
            assert_eq!(base(&with_host(host), own), expected);
        }
        assert_eq!(base(&HeaderMap::new(), own), "http://127.0.0.1:81/dicom-web");
    }

    #[test]
    fn only_numbers_and_localhost_name_a_loopback_server() {
        for good in [
            "127.0.0.1:41234",
            "localhost",
            "LOCALHOST:1",
            "[::1]:80",
            "10.200.1.2:8042",
        ] {
            assert!(is_numeric_or_local(&with_host(good)), "{good}");
        }
        for bad in ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""] {
            assert!(!is_numeric_or_local(&with_host(bad)), "{bad}");
        }
    }

    #[test]
    fn only_uids_name_things() {
        let names = |study: &str| Names {
            study: Some(study.to_owned()),
            ..Names::default()
        };
        assert!(names("1.2.840").study().is_ok_and(|uid| uid.is_some()));
        for bad in ["..", "1..2", "", "1.2/3", "a", &"1".repeat(65)] {
            assert!(names(bad).study().is_err(), "{bad:?}");
        }
    }
}
