//! Opening the window.

use std::path::PathBuf;

use eframe::NativeOptions;
use egui::{Context, ViewportBuilder, vec2};
use reading::settings::Settings;
use study::StudyUid;
use tokio::runtime::Handle;

use crate::app::{App, Parts};
use crate::folders::Folders;
use crate::log_file::{Entry, Log};
use crate::reach::Reach;
use crate::verb::decode_worker;
use crate::{emblem, platform, settings_file, window};

/// The window's title, always: it stands in task bars and screen shares, so it never carries patient data.
pub const TITLE: &str = "Farsight";

/// What the window opens with.
#[derive(Clone, Debug)]
pub enum Launch {
    /// The worklist of a PACS: a name from the settings or an address; the first of the settings when not named.
    Worklist {
        /// Which PACS, and how to sign in there.
        reach: Reach,
        /// A study to open at once.
        study: Option<StudyUid>,
    },
    /// The embedded PACS, its CT beside the prior.
    Demo,
    /// Files, folders, a DICOMDIR or a zip.
    Files(Vec<PathBuf>),
}

/// Why the window did not open.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// There is no display.
    #[error("{0}")]
    NoDisplay(&'static str),
    /// No graphics adapter draws the window.
    #[error("The window could not be opened, because no graphics adapter could be used ({reason}). {advice}")]
    Graphics {
        /// What the driver or its absence said.
        reason: String,
        /// What installs a driver here.
        advice: &'static str,
    },
    /// The operating system gives no window.
    #[error("The window could not be opened: {0}.")]
    Window(String),
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// No display, no graphics adapter.
pub fn run(launch: Launch, runtime: Handle) -> Result<(), LaunchError> {
    if let Some(sentence) = platform::no_display() {
        return Err(LaunchError::NoDisplay(sentence));
    }
    let folders = Folders::of_this_user();
    let log = Log::open(&folders.log);
    log.note(&Entry::Started {
        version: env!("CARGO_PKG_VERSION"),
        system: platform::system(),
        verb: match launch {
            Launch::Worklist { .. } => "worklist",
            Launch::Demo => "demo",
            Launch::Files(_) => "open",
        },
    });
    let settings_path = folders.settings_file();
    let (settings, settings_path, trouble) = settings_file::begin::<Settings>(settings_path);
    let parts = Parts {
        options: budgets(&folders),
        runtime,
        settings,
        settings_path,
        log: log.clone(),
        remote_session: platform::remote_session,
    };
    let outcome = window::run(options, |ctx, device| {
        let runtime = parts.runtime.clone();
        let mut app = App::new(ctx, device, parts)?;
        if let Some(trouble) = trouble {
            app.say(ctx, trouble.to_string());
        }
        app.begin(ctx, launch, &runtime);
        Ok::<_, retrieval::StartError>(app)
    });
    log.note(&Entry::Closed);
    outcome
}

fn options() -> NativeOptions {
    let viewport = ViewportBuilder::default()
        .with_title(TITLE)
        .with_app_id("farsight")
        .with_icon(emblem::emblem())
        .with_inner_size(vec2(1280.0, 800.0))
        .with_maximized(true)
        .with_min_inner_size(vec2(800.0, 560.0))
        .with_drag_and_drop(true);
    NativeOptions {
        viewport,
        // Dithering would add noise to levels.
        dithering: false,
        persist_window: false,
        ..NativeOptions::default()
    }
}

/// How much retrieval may use on a workstation: frames of one large study in memory, a few studies on the disk.
fn budgets(folders: &Folders) -> retrieval::Options {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    retrieval::Options {
        memory_bytes: 2 << 30,
        cache_folder: folders.cache.clone(),
        cache_bytes: 8 << 30,
        // One is left for the window.
        workers: (threads - 1).max(1),
        worker_program: decode_worker::program(),
    }
}

impl App {
    /// Begins with what the command line asked for.
    pub fn begin(&mut self, ctx: &Context, launch: Launch, runtime: &Handle) {
        self.log.note(&Entry::Window {
            adapter: self.glass.adapter().to_owned(),
        });
        match launch {
            Launch::Demo => {
                let options = pacs::Options {
                    decoder: decode_worker::decode,
                    ..pacs::Options::default()
                };
                let started = runtime.block_on(pacs::Pacs::start(pacs::Store::phantoms(), options));
                let said = match started {
                    Ok(pacs) => self.demonstrate(ctx, pacs).map_err(|error| error.to_string()),
                    Err(error) => Err(error.to_string()),
                };
                if let Err(sentence) = said {
                    self.say(ctx, sentence);
                }
            }
            Launch::Files(paths) => {
                self.known_pacs(ctx);
                self.open_paths(ctx, paths);
            }
            Launch::Worklist { reach, study } => self.worklist_of(ctx, &reach, study),
        }
    }
}
