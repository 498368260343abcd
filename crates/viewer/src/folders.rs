//! Where settings, log and cache live for this user, by each system's own custom.

use std::path::PathBuf;

use directories::ProjectDirs;

/// The folders of one user; made when first written to.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    /// Holds `settings.toml`.
    pub settings: PathBuf,
    /// Holds the log of the last seven days.
    pub log: PathBuf,
    /// Holds sealed objects while the program runs.
    pub cache: PathBuf,
}

impl Folders {
    /// The folders of the user who runs the program; beneath the system's folder for temporary files where there is no home.
    pub(crate) fn of_this_user() -> Self {
        match ProjectDirs::from("", "", "farsight") {
            Some(own) => Self {
                settings: own.config_dir().to_owned(),
                log: own.state_dir().unwrap_or_else(|| own.data_local_dir()).join("log"),
                cache: own.cache_dir().to_owned(),
            },
            None => {
                let beneath = std::env::temp_dir().join("farsight");
                Self {
                    settings: beneath.join("settings"),
                    log: beneath.join("log"),
                    cache: beneath.join("cache"),
                }
            }
        }
    }

    /// The settings file.
    pub(crate) fn settings_file(&self) -> PathBuf {
        self.settings.join("settings.toml")
    }
}
