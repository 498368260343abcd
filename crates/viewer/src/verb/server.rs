//! `--server NAME|URL`: from the settings file or by address, with the sign-in that belongs to it.

use dicomweb::{Client, Secret, Server, SignIn};

use super::{Reach, VerbError};

/// How to sign in on the command line: never a secret among the arguments, which other users of the machine can read.
fn sign_in(reach: &Reach) -> Result<SignIn, VerbError> {
    if let Ok(token) = std::env::var("FARSIGHT_TOKEN") {
        return Ok(SignIn::Bearer(Secret::new(token)));
    }
    match &reach.user {
        None => Ok(SignIn::None),
        Some(user) => match std::env::var("FARSIGHT_PASSWORD") {
            Ok(password) => Ok(SignIn::Basic { user: user.clone(), password: Secret::new(password) }),
            Err(_) => Err(VerbError::WrongCall(
                "--user needs the password in the environment variable FARSIGHT_PASSWORD.".to_owned(),
            )),
        },
    }
}
