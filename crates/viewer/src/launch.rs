//! Opening the window.

use std::path::PathBuf;

/// What the window opens with.
#[derive(Clone, Debug)]
pub enum Launch {
    /// The worklist of a PACS: a name from the settings or an address; the first of the settings when not named.
    Worklist {
        /// `--server`.
        server: Option<String>,
    },
    /// The embedded PACS, its CT beside the prior.
    Demo,
    /// Files, folders, a DICOMDIR or a zip.
    Files(Vec<PathBuf>),
}

/// Why the window did not open.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The operating system gives no window or no graphics adapter.
    #[error("The window could not be opened: {0}.")]
    Window(String),
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// No display, no graphics adapter.
pub fn run(launch: Launch, runtime: tokio::runtime::Handle) -> Result<(), LaunchError> {
    let _ = (launch, runtime);
    Err(LaunchError::Window("the window is being built".to_owned()))
}
