//! `--server NAME|URL`: which PACS is meant and how one signs in there; the same for every verb and for the window.

use dicomweb::{Client, Patience, Secret, Server, SignIn};
use reading::settings::{ServerEntry, SignInKind};

/// How the command line says which PACS is meant.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// `--server`: a name from the settings or an address.
    pub server: Option<String>,
    /// `--user`: sign in with this name.
    pub user: Option<String>,
    /// `--in-clear`: a sign-in may go unencrypted to another machine.
    pub in_clear: bool,
}

/// The secrets of the environment; none is ever an argument, which other users of the machine can read.
#[derive(Default)]
pub(crate) struct Secrets {
    token: Option<String>,
    password: Option<String>,
}

impl Secrets {
    /// Those of this process.
    pub(crate) fn of_environment() -> Self {
        let secret = |name| std::env::var(name).ok().filter(|secret| !secret.is_empty());
        Self {
            token: secret("FARSIGHT_TOKEN"),
            password: secret("FARSIGHT_PASSWORD"),
        }
    }
}

/// Why there is no way to a PACS.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReachError {
    /// No PACS is named, and the settings hold none.
    #[error("Which PACS? Name one with --server, by its DICOMweb address or by its name in the settings.")]
    Unnamed,
    /// The name is not in the settings and is no address.
    #[error("The settings know no PACS named '{named}' ({known}).")]
    Unknown {
        /// What was named.
        named: String,
        /// What there is.
        known: String,
    },
    /// A name without its password.
    #[error("Signing in by name needs the password in the environment variable FARSIGHT_PASSWORD.")]
    NoPassword,
    /// No token.
    #[error("Signing in there needs the token in the environment variable FARSIGHT_TOKEN.")]
    NoToken,
    /// Others could read the sign-in on the way.
    #[error(
        "The sign-in was not sent, because the address begins with http and not https: others could read it on the way. Use an \
         https address, or give --in-clear to send it all the same."
    )]
    InClear,
    /// The address is none, or there can be no client.
    #[error(transparent)]
    Client(#[from] dicomweb::Error),
}

impl ReachError {
    /// The reader can mend it by signing in.
    pub(crate) fn wants_sign_in(&self) -> bool {
        matches!(self, Self::NoPassword | Self::NoToken | Self::InClear)
    }
}

impl Reach {
    /// The PACS that is meant: of the settings the one of this name, else one for this address; without `--server` the first of the
    /// settings.
    ///
    /// # Errors
    /// None is meant, or its name is not known.
    pub(crate) fn entry(&self, known: &[ServerEntry]) -> Result<ServerEntry, ReachError> {
        let mut entry = match &self.server {
            None => known.first().cloned().ok_or(ReachError::Unnamed)?,
            Some(named) => by_name_or_address(named, known)?,
        };
        if let Some(user) = &self.user {
            entry.sign_in = SignInKind::Password { user: user.clone() };
        }
        Ok(entry)
    }

    /// A client for a PACS, signed in by the secrets.
    ///
    /// # Errors
    /// The address is none, a secret lacks, or it would go unencrypted without consent.
    pub(crate) fn client(&self, entry: &ServerEntry, secrets: Secrets) -> Result<Client, ReachError> {
        let sign_in = sign_in(&entry.sign_in, secrets)?;
        let secret = !matches!(sign_in, SignIn::None);
        let server = Server::new(entry.name.as_str(), &entry.address, sign_in)?;
        if secret && server.is_in_clear() && !self.in_clear {
            return Err(ReachError::InClear);
        }
        Ok(Client::new(server, Patience::default())?)
    }
}

fn by_name_or_address(named: &str, known: &[ServerEntry]) -> Result<ServerEntry, ReachError> {
    let lower = named.to_lowercase();
    if let Some(entry) = known.iter().find(|entry| entry.name.to_lowercase() == lower) {
        return Ok(entry.clone());
    }
    if !named.contains(['/', '.', ':']) {
        let names: Vec<_> = known.iter().map(|entry| entry.name.as_str()).collect();
        return Err(ReachError::Unknown {
            named: named.to_owned(),
            known: if names.is_empty() {
                "none is set up".to_owned()
            } else {
                format!("there are: {}", names.join(", "))
            },
        });
    }
    // An address that the settings know brings its name and its way to sign in.
    let same = |entry: &&ServerEntry| entry.address.trim_end_matches('/') == named.trim_end_matches('/');
    Ok(known.iter().find(same).cloned().unwrap_or_else(|| ServerEntry {
        name: "The PACS".to_owned(),
        address: named.to_owned(),
        sign_in: SignInKind::None,
    }))
}

fn sign_in(kind: &SignInKind, secrets: Secrets) -> Result<SignIn, ReachError> {
    match kind {
        SignInKind::Password { user } => Ok(SignIn::Basic {
            user: user.clone(),
            password: Secret::new(secrets.password.ok_or(ReachError::NoPassword)?),
        }),
        SignInKind::Token => Ok(SignIn::Bearer(Secret::new(secrets.token.ok_or(ReachError::NoToken)?))),
        SignInKind::None => Ok(secrets
            .token
            .map_or(SignIn::None, |token| SignIn::Bearer(Secret::new(token)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, address: &str) -> ServerEntry {
        ServerEntry {
            name: name.to_owned(),
            address: address.to_owned(),
            sign_in: SignInKind::None,
        }
    }

    fn named(server: &str) -> Reach {
        Reach {
            server: Some(server.to_owned()),
            ..Reach::default()
        }
    }

    fn secrets(token: Option<&str>, password: Option<&str>) -> Secrets {
        Secrets {
            token: token.map(str::to_owned),
            password: password.map(str::to_owned),
        }
    }

    #[test]
    fn a_name_comes_from_the_settings_and_anything_else_is_an_address() {
        let known = [
            entry("Home", "https://home.example/dicom-web"),
            entry("Hospital", "https://pacs.example/dicom-web"),
        ];
        assert_eq!(Reach::default().entry(&known).unwrap().name, "Home");
        assert_eq!(named("hospital").entry(&known).unwrap().name, "Hospital");
        assert_eq!(
            named("https://pacs.example/dicom-web/").entry(&known).unwrap().name,
            "Hospital"
        );
        let other = named("localhost:8042/dicom-web").entry(&known).unwrap();
        assert_eq!(other.address, "localhost:8042/dicom-web");
        let error = named("Clinic").entry(&known).unwrap_err();
        assert!(matches!(error, ReachError::Unknown { known, .. } if known.contains("Home, Hospital")));
        assert!(matches!(Reach::default().entry(&[]), Err(ReachError::Unnamed)));
    }

    #[test]
    fn a_sign_in_without_its_secret_is_asked_for() {
        let password = SignInKind::Password {
            user: "jane".to_owned(),
        };
        assert!(matches!(
            sign_in(&SignInKind::None, secrets(None, Some("pw"))),
            Ok(SignIn::None)
        ));
        assert!(
            matches!(sign_in(&password, secrets(Some("t"), Some("pw"))), Ok(SignIn::Basic { user, .. }) if user == "jane")
        );
        assert!(matches!(
            sign_in(&SignInKind::None, secrets(Some("t"), None)),
            Ok(SignIn::Bearer(_))
        ));
        assert!(matches!(
            sign_in(&SignInKind::Token, secrets(None, Some("pw"))),
            Err(ReachError::NoToken)
        ));
        assert!(matches!(
            sign_in(&password, secrets(Some("t"), None)),
            Err(ReachError::NoPassword)
        ));
    }

    #[test]
    fn a_secret_goes_unencrypted_to_another_machine_only_when_that_is_asked_for() {
        let clear = entry("Ward", "http://pacs.example/dicom-web");
        let reach = |in_clear| Reach {
            in_clear,
            ..Reach::default()
        };
        let token = || secrets(Some("t"), None);
        assert!(matches!(reach(false).client(&clear, token()), Err(ReachError::InClear)));
        assert!(reach(true).client(&clear, token()).is_ok());
        assert!(
            reach(false).client(&clear, Secrets::default()).is_ok(),
            "there is no secret"
        );
        for address in ["https://pacs.example/dicom-web", "http://127.0.0.1:8042/dicom-web"] {
            assert!(
                reach(false).client(&entry("Ward", address), token()).is_ok(),
                "{address}"
            );
        }
    }
}
