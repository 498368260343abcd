//! `settings.toml`: read tolerantly, written whole or not at all, and never lost.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::platform;

/// The most bytes of a settings file; a larger one is not ours.
const LARGEST: u64 = 1 << 20;

/// What became of the settings file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// The file is there but could not be understood; it was kept under another name.
    #[error(
        "The settings file could not be understood ({reason}). The settings it began with are in use; \
         the file was kept as {kept}."
    )]
    NotUnderstood {
        /// Line and cause, without the file's text.
        reason: String,
        /// The name of the file that was kept.
        kept: String,
    },
    /// The operating system refused.
    #[error("The settings file cannot be {verb} ({source}). Changes of this session will not be kept.")]
    Io {
        /// "read" or "written".
        verb: &'static str,
        /// The operating system's word.
        source: io::Error,
    },
}

/// Reads the settings for a window, and gives where they may be saved: nowhere when the file could not be read or kept, for what is
/// in it would be lost.
pub(crate) fn begin<T: DeserializeOwned + Default>(path: PathBuf) -> (T, Option<PathBuf>, Option<SettingsError>) {
    let (settings, trouble) = load(&path);
    let lost = matches!(trouble, Some(SettingsError::Io { .. }));
    (settings, (!lost).then_some(path), trouble)
}

/// Reads the settings; what is absent takes its default, and an absent file is no trouble.
///
/// A file that cannot be understood is kept beside, so that the next save does not lose it, and the defaults are given with the
/// sentence that says so.
pub(crate) fn load<T: DeserializeOwned + Default>(path: &Path) -> (T, Option<SettingsError>) {
    let text = match read(path) {
        Ok(None) => return (T::default(), None),
        Ok(Some(text)) => text,
        Err(source) => return (T::default(), Some(SettingsError::Io { verb: "read", source })),
    };
    match toml::from_str(&text) {
        Ok(settings) => (settings, None),
        Err(error) => {
            let line = error.span().map_or(1, |span| {
                text.get(..span.start)
                    .map_or(1, |before| before.bytes().filter(|b| *b == b'\n').count() + 1)
            });
            let reason = format!("line {line}: {}", error.message());
            let trouble = match keep_aside(path) {
                Ok(kept) => SettingsError::NotUnderstood { reason, kept },
                Err(source) => SettingsError::Io { verb: "read", source },
            };
            (T::default(), Some(trouble))
        }
    }
}

/// Writes the settings: into a new file beside, which then takes the old one's place.
///
/// # Errors
/// When the operating system refuses; the old file is then untouched.
pub(crate) fn save<T: Serialize>(path: &Path, settings: &T) -> Result<(), SettingsError> {
    write(path, settings).map_err(|source| SettingsError::Io {
        verb: "written",
        source,
    })
}

fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
        Ok(facts) if facts.len() > LARGEST => Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "it is larger than a settings file can be",
        )),
        // Bytes that are no text become signs that the reader of TOML refuses by line.
        Ok(_) => Ok(Some(String::from_utf8_lossy(&fs::read(path)?).into_owned())),
    }
}

fn write<T: Serialize>(path: &Path, settings: &T) -> io::Result<()> {
    let text = toml::to_string_pretty(settings).map_err(io::Error::other)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("toml.new");
    let mut file = platform::private_file(&beside, false)?;
    file.write_all(b"# Farsight's settings; docs/settings.md explains each.\n\n")?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    drop(file);
    fs::rename(&beside, path)
}

fn keep_aside(path: &Path) -> io::Result<String> {
    let name = path
        .file_name()
        .map_or_else(|| "settings.toml".into(), |n| n.to_string_lossy().into_owned());
    // A crash between reading and saving may repeat: each kept file gets a number of its own.
    let free = |number: u32| -> (PathBuf, String) {
        let kept = format!("{name}.not-understood-{number}");
        (path.with_file_name(&kept), kept)
    };
    let (to, kept) = (1..1000)
        .map(free)
        .find(|(to, _)| !to.exists())
        .unwrap_or_else(|| free(1000));
    fs::copy(path, to)?;
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Sample {
        interpolation: String,
        wheel: u32,
    }

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deeper").join("settings.toml");
        (folder, path)
    }

    #[test]
    fn what_was_saved_is_read_and_an_absent_file_is_no_trouble() {
        let (_folder, path) = folder();
        let (settings, trouble) = load::<Sample>(&path);
        assert_eq!(settings, Sample::default());
        assert!(trouble.is_none());
        let settings = Sample {
            interpolation: "linear".to_owned(),
            wheel: 3,
        };
        save(&path, &settings).unwrap();
        assert_eq!(load::<Sample>(&path).0, settings);
        assert!(!path.with_extension("toml.new").exists());
    }

    #[test]
    fn a_half_written_file_is_kept_beside_and_named() {
        let (_folder, path) = folder();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "wheel = 3\ninterpolation = \"lin").unwrap();
        let (settings, trouble) = load::<Sample>(&path);
        assert_eq!(settings, Sample::default());
        let sentence = trouble.unwrap().to_string();
        assert!(sentence.contains("line 2"), "{sentence}");
        assert!(sentence.contains("settings.toml.not-understood-1"), "{sentence}");
        save(&path, &settings).unwrap();
        let kept = fs::read_to_string(path.with_file_name("settings.toml.not-understood-1")).unwrap();
        assert_eq!(kept, "wheel = 3\ninterpolation = \"lin");
    }

    #[test]
    fn a_file_that_could_not_be_read_is_not_written_over() {
        let (_folder, path) = folder();
        let begun = |path: &Path| begin::<Sample>(path.to_owned()).1;
        assert_eq!(begun(&path), Some(path.clone()), "there is none yet");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "wheel = [").unwrap();
        assert_eq!(begun(&path), Some(path.clone()), "it was kept beside");
        fs::remove_file(&path).unwrap();
        fs::write(&path, " ".repeat(LARGEST as usize + 1)).unwrap();
        assert_eq!(begun(&path), None);
    }

    #[test]
    fn keys_of_a_later_version_do_no_harm() {
        let (_folder, path) = folder();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "wheel = 3\nhologram = true\n").unwrap();
        let (settings, trouble) = load::<Sample>(&path);
        assert_eq!(settings.wheel, 3);
        assert!(trouble.is_none());
    }
}
