//! The command line: one file a verb. Errors are one sentence on standard error; exit status 0 done, 1 failed, 2 wrong call.

mod bench;
pub(crate) mod decode_worker;
mod inspect;
mod open;
mod picture_file;
mod plain;
mod progress;
mod pull;
mod render;
mod search;
mod send;
mod serve;
mod server;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::reach::Reach;

/// What a verb ends with when it did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum VerbError {
    /// The work failed; exit status 1.
    #[error("{0}")]
    Failed(String),
    /// The call was wrong; exit status 2.
    #[error("{0}")]
    WrongCall(String),
    /// The work failed and each failure has been said already; exit status 1.
    #[error("not everything could be done")]
    Said,
}

impl VerbError {
    /// Wraps a library's sentence as a failure of the work.
    pub fn failed(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Farsight, a remote radiology image viewer.
#[derive(Parser)]
#[command(
    name = "farsight",
    version,
    about,
    disable_help_subcommand = true,
    after_help = reading::intended_use::statement()
)]
struct CommandLine {
    /// Which PACS: a name from the settings file or a DICOMweb address
    #[arg(long, global = true, value_name = "NAME|URL")]
    server: Option<String>,
    /// Sign in with this user name; the password is read from FARSIGHT_PASSWORD
    #[arg(long, global = true, value_name = "NAME")]
    user: Option<String>,
    /// Send the sign-in even where others can read it on the way, because the address begins with http
    #[arg(long, global = true)]
    in_clear: bool,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Open the window on an embedded PACS with synthetic studies
    Demo,
    /// Open files, folders, a DICOMDIR or a zip, or a study of a PACS
    Open {
        /// What to open
        #[arg(required_unless_present = "study", value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Study Instance UID of a study on the PACS that --server names
        #[arg(long, value_name = "UID", conflicts_with = "paths")]
        study: Option<String>,
    },
    /// Ask a PACS for studies
    Search(search::Filters),
    /// Retrieve a study or series as files; resumes and verifies
    Pull(pull::What),
    /// Store files on a PACS and report each object's outcome
    Send {
        /// Files and folders to send
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// One JSON line for each object
        #[arg(long)]
        json: bool,
    },
    /// Say what each object is, its oddities, and the digest of its decoded values
    Inspect(inspect::What),
    /// Draw a frame exactly as a viewport would show it, off screen
    Render(render::What),
    /// Run the embedded DICOMweb server over a folder
    Serve(serve::What),
    /// Measure Farsight itself, as JSON
    Bench {
        #[command(subcommand)]
        what: bench::What,
    },
    /// Decode frames that come on standard input; Farsight starts it by itself
    #[command(hide = true)]
    DecodeWorker,
}

/// Reads the command line, does what it says and gives the exit status.
pub fn main() -> ExitCode {
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        Err(error) => {
            let wrong = error.use_stderr();
            let _ = error.print();
            return ExitCode::from(if wrong { 2 } else { 0 });
        }
    };
    if let Some(Verb::DecodeWorker) = line.verb {
        // Before anything else is started: one thread, and nothing that is worth stealing.
        return ended(decode_worker::run());
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("farsight-io")
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("Farsight could not start its worker threads ({error}). Close other programs and try again.");
            return ExitCode::from(1);
        }
    };
    let reach = Reach {
        server: line.server,
        user: line.user,
        in_clear: line.in_clear,
    };
    let handle = runtime.handle().clone();
    let outcome = match line.verb {
        None => open::worklist(&reach, handle),
        Some(Verb::Demo) => open::demo(handle),
        Some(Verb::Open { study: Some(study), .. }) => open::study(&reach, &study, handle),
        Some(Verb::Open { paths, study: None }) => open::paths(paths, handle),
        Some(Verb::Search(filters)) => runtime.block_on(search::run(&reach, filters)),
        Some(Verb::Pull(what)) => runtime.block_on(pull::run(&reach, what)),
        Some(Verb::Send { paths, json }) => runtime.block_on(send::run(&reach, paths, json)),
        Some(Verb::Inspect(what)) => inspect::run(what),
        Some(Verb::Render(what)) => render::run(what),
        Some(Verb::Serve(what)) => runtime.block_on(serve::run(what)),
        Some(Verb::Bench { what }) => bench::run(&reach, what, handle),
        // Done above, without a runtime.
        Some(Verb::DecodeWorker) => Ok(()),
    };
    // Work that nobody waits for any more (a stalled transfer, a blocked write) must not hold the exit.
    runtime.shutdown_background();
    ended(outcome)
}

fn ended(outcome: Result<(), VerbError>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(VerbError::Said) => ExitCode::from(1),
        Err(error @ VerbError::Failed(_)) => {
            eprintln!("{}", plain::plain(&error.to_string()));
            ExitCode::from(1)
        }
        Err(error @ VerbError::WrongCall(_)) => {
            eprintln!("{}", plain::plain(&error.to_string()));
            ExitCode::from(2)
        }
    }
}
