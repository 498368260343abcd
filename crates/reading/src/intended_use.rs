//! What this program is for, and what not: shown once per version, in Help and in what it exports.

use crate::settings::Settings;

/// The version whose statement this is.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The statement of intended use, sentence by sentence.
pub const STATEMENT: [&str; 5] = [
    "Farsight shows medical images.",
    "It has not been assessed as a medical device in any country.",
    "Diagnose with it only where your organisation has taken it into use, on a screen and in a room that pass its checks.",
    "Read mammograms only on a screen that is verified for mammography.",
    "Never diagnose from a preview or from images that were compressed with loss.",
];

/// The statement as one text.
pub fn statement() -> String {
    STATEMENT.join(" ")
}

/// Whether the statement of this version is still to be read.
pub(crate) fn is_due(settings: &Settings) -> bool {
    settings.intended_use_read != VERSION
}
