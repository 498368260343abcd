//! The client of the PACS that a verb's command line names.

use dicomweb::Client;
use reading::settings::Settings;

use super::plain::plain;
use super::{Reach, VerbError};
use crate::folders::Folders;
use crate::reach::{ReachError, Secrets};
use crate::settings_file;

/// The client of the PACS that the command line names; without `--server`, of the first in the settings.
///
/// # Errors
/// No PACS is named or known, its address is none, a sign-in lacks its secret, or the secret would go unencrypted.
pub(super) fn client(reach: &Reach) -> Result<Client, VerbError> {
    let (settings, trouble) = settings_file::load::<Settings>(&Folders::of_this_user().settings_file());
    if let Some(trouble) = trouble {
        eprintln!("{}", plain(&trouble.to_string()));
    }
    let entry = reach.entry(&settings.servers).map_err(wrong)?;
    reach.client(&entry, Secrets::of_environment()).map_err(wrong)
}

fn wrong(error: ReachError) -> VerbError {
    match error {
        ReachError::Client(dicomweb::Error::NoClient) => VerbError::failed(error),
        _ => VerbError::WrongCall(error.to_string()),
    }
}
