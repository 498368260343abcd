//! `--server NAME|URL`: from the settings file or by address, with the sign-in that belongs to it.

use dicomweb::{Client, Patience, Secret, Server, SignIn};

use super::{Reach, VerbError};

/// The client of the PACS that the command line names; without `--server`, of the first in the settings.
///
/// # Errors
/// No PACS is named or known, its address is none, or a sign-in lacks its secret.
pub fn client(reach: &Reach) -> Result<Client, VerbError> {
    Client::new(server(reach)?, Patience::default()).map_err(VerbError::failed)
}

fn server(reach: &Reach) -> Result<Server, VerbError> {
    let Some(named) = reach.server.as_deref() else {
        return Err(VerbError::WrongCall(
            "Which PACS? Name one with --server, by its DICOMweb address.".to_owned(),
        ));
    };
    Server::new("the PACS", named, sign_in(reach)?).map_err(|e| VerbError::WrongCall(e.to_string()))
}

/// How to sign in on the command line: never a secret among the arguments, which other users of the machine can read.
fn sign_in(reach: &Reach) -> Result<SignIn, VerbError> {
    if let Ok(token) = std::env::var("FARSIGHT_TOKEN") {
        return Ok(SignIn::Bearer(Secret::new(token)));
    }
    match &reach.user {
        None => Ok(SignIn::None),
        Some(user) => match std::env::var("FARSIGHT_PASSWORD") {
            Ok(password) => Ok(SignIn::Basic {
                user: user.clone(),
                password: Secret::new(password),
            }),
            Err(_) => Err(VerbError::WrongCall(
                "--user needs the password in the environment variable FARSIGHT_PASSWORD.".to_owned(),
            )),
        },
    }
}
