//! `--server NAME|URL`: from the settings file or by address, with the sign-in that belongs to it.

use dicomweb::{Client, Patience, Secret, Server, SignIn};
use reading::settings::{ServerEntry, Settings, SignInKind};

use super::{Reach, VerbError};
use crate::folders::Folders;
use crate::settings_file;

/// The client of the PACS that the command line names; without `--server`, of the first in the settings.
///
/// # Errors
/// No PACS is named or known, its address is none, or a sign-in lacks its secret.
pub(super) fn client(reach: &Reach) -> Result<Client, VerbError> {
    let (settings, trouble) = settings_file::load::<Settings>(&Folders::of_this_user().settings_file());
    if let Some(trouble) = trouble {
        eprintln!("{trouble}");
    }
    let entry = chosen(reach.server.as_deref(), &settings.servers)?;
    let sign_in = sign_in(
        &entry.sign_in,
        reach.user.as_deref(),
        std::env::var("FARSIGHT_TOKEN").ok(),
        std::env::var("FARSIGHT_PASSWORD").ok(),
    )?;
    let server =
        Server::new(entry.name, &entry.address, sign_in).map_err(|error| VerbError::WrongCall(error.to_string()))?;
    Client::new(server, Patience::default()).map_err(VerbError::failed)
}

/// The entry of the settings that has this name, else one for this address.
fn chosen(named: Option<&str>, servers: &[ServerEntry]) -> Result<ServerEntry, VerbError> {
    let Some(named) = named else {
        return servers.first().cloned().ok_or_else(|| {
            VerbError::WrongCall(
                "Which PACS? Name one with --server, by its DICOMweb address or by its name in the settings."
                    .to_owned(),
            )
        });
    };
    if let Some(entry) = servers
        .iter()
        .find(|entry| entry.name.to_lowercase() == named.to_lowercase())
    {
        return Ok(entry.clone());
    }
    if !named.contains(['/', '.', ':']) {
        let names: Vec<_> = servers.iter().map(|entry| entry.name.as_str()).collect();
        let known = if names.is_empty() {
            "none is set up".to_owned()
        } else {
            format!("there are: {}", names.join(", "))
        };
        return Err(VerbError::WrongCall(format!(
            "The settings know no PACS named '{named}' ({known})."
        )));
    }
    Ok(ServerEntry {
        name: "The PACS".to_owned(),
        address: named.to_owned(),
        sign_in: SignInKind::None,
    })
}

/// How to sign in: never by a secret among the arguments, which other users of the machine can read.
fn sign_in(
    kind: &SignInKind,
    user: Option<&str>,
    token: Option<String>,
    password: Option<String>,
) -> Result<SignIn, VerbError> {
    let user = user.or(match kind {
        SignInKind::Password { user } => Some(user.as_str()),
        SignInKind::None | SignInKind::Token => None,
    });
    match (user, token, password) {
        (Some(user), _, Some(password)) => Ok(SignIn::Basic {
            user: user.to_owned(),
            password: Secret::new(password),
        }),
        (Some(_), _, None) => Err(VerbError::WrongCall(
            "Signing in by name needs the password in the environment variable FARSIGHT_PASSWORD.".to_owned(),
        )),
        (None, Some(token), _) => Ok(SignIn::Bearer(Secret::new(token))),
        (None, None, _) if *kind == SignInKind::Token => Err(VerbError::WrongCall(
            "Signing in there needs the token in the environment variable FARSIGHT_TOKEN.".to_owned(),
        )),
        (None, None, _) => Ok(SignIn::None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> ServerEntry {
        ServerEntry {
            name: name.to_owned(),
            address: "https://pacs.example/dicom-web".to_owned(),
            sign_in: SignInKind::None,
        }
    }

    #[test]
    fn a_name_comes_from_the_settings_and_anything_else_is_an_address() {
        let known = [entry("Home"), entry("Hospital")];
        assert_eq!(chosen(None, &known).unwrap().name, "Home");
        assert_eq!(chosen(Some("hospital"), &known).unwrap().name, "Hospital");
        assert_eq!(
            chosen(Some("localhost:8042/dicom-web"), &known).unwrap().address,
            "localhost:8042/dicom-web"
        );
        let error = chosen(Some("Clinic"), &known).unwrap_err();
        assert!(matches!(error, VerbError::WrongCall(text) if text.contains("Home, Hospital")));
        assert!(matches!(chosen(None, &[]), Err(VerbError::WrongCall(_))));
    }

    #[test]
    fn a_sign_in_without_its_secret_is_asked_for() {
        let text = |s: &str| Some(s.to_owned());
        assert!(matches!(sign_in(&SignInKind::None, None, None, None), Ok(SignIn::None)));
        assert!(
            matches!(sign_in(&SignInKind::None, Some("jane"), None, text("pw")), Ok(SignIn::Basic { user, .. }) if user == "jane")
        );
        assert!(matches!(
            sign_in(&SignInKind::None, None, text("t"), None),
            Ok(SignIn::Bearer(_))
        ));
        assert!(sign_in(&SignInKind::Token, None, None, text("pw")).is_err());
        let password = SignInKind::Password {
            user: "jane".to_owned(),
        };
        assert!(sign_in(&password, None, text("t"), None).is_err());
    }
}
