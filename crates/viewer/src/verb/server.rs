//! `--server NAME|URL`: from the settings file or by address, with the sign-in that belongs to it.

use dicomweb::Secret;

use super::{Reach, VerbError};

/// How to sign in on the command line.
#[derive(Clone, Debug)]
pub enum CommandLineSignIn {
    /// Not at all.
    None,
    /// FARSIGHT_TOKEN.
    Bearer(Secret),
    /// `--user` and FARSIGHT_PASSWORD.
    Basic {
        /// The user's name.
        user: String,
        /// The password.
        password: Secret,
    },
}

/// How to sign in on the command line: never a secret among the arguments, which other users of the machine can read.
pub fn sign_in(reach: &Reach) -> Result<CommandLineSignIn, VerbError> {
    if let Ok(token) = std::env::var("FARSIGHT_TOKEN") {
        return Ok(CommandLineSignIn::Bearer(Secret::new(token)));
    }
    match &reach.user {
        None => Ok(CommandLineSignIn::None),
        Some(user) => match std::env::var("FARSIGHT_PASSWORD") {
            Ok(password) => Ok(CommandLineSignIn::Basic {
                user: user.clone(),
                password: Secret::new(password),
            }),
            Err(_) => Err(VerbError::WrongCall(
                "--user needs the password in the environment variable FARSIGHT_PASSWORD.".to_owned(),
            )),
        },
    }
}
