//! Where a PACS is and how one signs in there.

use std::fmt;

use url::{Host, Url};

use crate::{Error, Secret};

/// How requests to a server are signed.
#[derive(Clone)]
pub enum SignIn {
    /// Not at all.
    None,
    /// A user name and a password (RFC 7617).
    Basic {
        /// The user name.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A token (RFC 6750).
    Bearer(Secret),
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "SignIn::None",
            Self::Basic { .. } => "SignIn::Basic(…)",
            Self::Bearer(_) => "SignIn::Bearer(…)",
        })
    }
}

/// A DICOMweb server: its name for people, its address, and how one signs in there.
#[derive(Clone)]
pub struct Server {
    name: String,
    base: Url,
    sign_in: SignIn,
}

impl Server {
    /// A server at the address of its DICOMweb root, such as `https://pacs.example/dicom-web`.
    ///
    /// Without `http://` or `https://` the address is taken as https, on this machine as http.
    ///
    /// # Errors
    /// [`Error::Address`] when the address is no web address, or holds a password, a query or a fragment.
    pub fn new(name: impl Into<String>, address: &str, sign_in: SignIn) -> Result<Self, Error> {
        let address = address.trim();
        let mut base = if address.contains("://") {
            Url::parse(address)
        } else {
            Url::parse(&format!("https://{address}")).and_then(|url| {
                let scheme = if is_loopback(&url) { "http" } else { "https" };
                Url::parse(&format!("{scheme}://{address}"))
            })
        }
        .map_err(|_| Error::Address("is not a web address"))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(Error::Address("does not begin with http or https"));
        }
        if !base.has_host() {
            return Err(Error::Address("names no computer"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(Error::Address(
                "holds a user name or a password, which belong to the sign-in",
            ));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(Error::Address(
                "has a ? or a #, which the root of a DICOMweb service has not",
            ));
        }
        if let Ok(mut segments) = base.path_segments_mut() {
            segments.pop_if_empty();
        }
        Ok(Self {
            name: name.into(),
            base,
            sign_in,
        })
    }

    /// The name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address, for settings and for the reader; never for a log.
    pub fn address(&self) -> &str {
        self.base.as_str()
    }

    /// How one signs in.
    pub fn sign_in(&self) -> &SignIn {
        &self.sign_in
    }

    /// What is sent can be read on the way by others: plain http to another machine.
    pub fn is_in_clear(&self) -> bool {
        self.base.scheme() == "http" && !self.is_on_this_machine()
    }

    /// The address is this machine's own loopback address.
    pub fn is_on_this_machine(&self) -> bool {
        is_loopback(&self.base)
    }

    /// Scheme, host and port: what a sign-in is for.
    pub(crate) fn origin(&self) -> url::Origin {
        self.base.origin()
    }

    /// The address of a resource below the root; each segment is escaped.
    pub(crate) fn resource(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(segments);
        }
        url
    }

    /// The address of what a server named, on this server only.
    ///
    /// A server behind a proxy writes its inner name: then the part from `/studies/` on is taken below our own root.
    pub(crate) fn own(&self, uri: &str) -> Result<Url, Error> {
        let mut root = self.base.clone();
        if let Ok(mut path) = root.path_segments_mut() {
            path.push("");
        }
        let mut named = root.join(uri).map_err(|_| Error::ElsewhereNamed)?;
        named.set_fragment(None);
        let _ = named.set_username("");
        let _ = named.set_password(None);
        if named.origin() == self.base.origin() {
            return Ok(named);
        }
        let inner = named.path().find("/studies/").ok_or(Error::ElsewhereNamed)?;
        if !matches!(named.scheme(), "http" | "https") {
            return Err(Error::ElsewhereNamed);
        }
        let mut own = self.base.clone();
        own.set_path(&format!(
            "{}{}",
            self.base.path().trim_end_matches('/'),
            named.path().get(inner..).unwrap_or_default()
        ));
        own.set_query(named.query());
        Ok(own)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("sign_in", &self.sign_in)
            .finish_non_exhaustive()
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(address: &str) -> Result<Server, Error> {
        Server::new("Main", address, SignIn::None)
    }

    #[test]
    fn addresses_are_made_whole_or_refused_with_a_reason() {
        for (given, whole) in [
            ("https://pacs.example/dicom-web/", "https://pacs.example/dicom-web"),
            ("pacs.example:8443/dicom-web", "https://pacs.example:8443/dicom-web"),
            (" 127.0.0.1:8042/dicom-web ", "http://127.0.0.1:8042/dicom-web"),
            ("localhost:8042", "http://localhost:8042/"),
            ("[::1]:80/dw", "http://[::1]/dw"),
        ] {
            assert_eq!(server(given).unwrap().address(), whole, "{given}");
        }
        for bad in [
            "",
            "ftp://pacs.example/",
            "https://u:p@pacs.example/",
            "https://",
            "https://a/b?c=d",
            "file:///etc/passwd",
        ] {
            assert!(matches!(server(bad), Err(Error::Address(_))), "{bad}");
        }
    }

    #[test]
    fn a_plain_address_elsewhere_is_known_to_be_in_clear() {
        assert!(server("http://pacs.example/dw").unwrap().is_in_clear());
        assert!(!server("https://pacs.example/dw").unwrap().is_in_clear());
        assert!(!server("http://127.0.0.1:8042/dw").unwrap().is_in_clear());
    }

    #[test]
    fn what_a_server_names_is_only_fetched_from_itself() {
        let server = server("https://pacs.example/dicom-web").unwrap();
        for (named, own) in [
            (
                "https://pacs.example/dicom-web/studies/1/bulk",
                "https://pacs.example/dicom-web/studies/1/bulk",
            ),
            (
                "/dicom-web/studies/1/bulk",
                "https://pacs.example/dicom-web/studies/1/bulk",
            ),
            (
                "studies/1/bulk?a=b",
                "https://pacs.example/dicom-web/studies/1/bulk?a=b",
            ),
            (
                "http://inner:8042/wado/studies/1/bulk/7fe00010",
                "https://pacs.example/dicom-web/studies/1/bulk/7fe00010",
            ),
            ("https://u:p@pacs.example/x#y", "https://pacs.example/x"),
        ] {
            assert_eq!(server.own(named).unwrap().as_str(), own);
        }
        for foreign in [
            "https://evil.example/x",
            "file:///etc/passwd",
            "ftp://a/studies/1",
            "//evil.example/y",
            "http://[bad",
        ] {
            assert!(matches!(server.own(foreign), Err(Error::ElsewhereNamed)), "{foreign}");
        }
    }

    #[test]
    fn nothing_secret_is_printed() {
        let sign_in = SignIn::Basic {
            user: "jane".into(),
            password: Secret::new("hunter2"),
        };
        let server = Server::new("Main", "https://pacs.example/dw", sign_in).unwrap();
        let printed = format!("{server:?} {:?}", SignIn::Bearer(Secret::new("tok3n")));
        for secret in ["jane", "hunter2", "tok3n", "pacs.example"] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}
