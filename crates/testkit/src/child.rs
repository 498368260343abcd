//! A program run as a child with bounds on its memory and time, and what it took.

use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How a child ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit status; `None` when it ran past its time and was ended.
    pub status: Option<ExitStatus>,
    /// All of its standard output.
    pub output: Vec<u8>,
    /// All of its standard error, as text.
    pub said: String,
}

/// Runs a program under a limit on its address space (MiB, by the shell's `ulimit -v`, where the system has one) and on its time.
///
/// # Errors
/// When the program cannot be started or waited for.
pub fn within(program: &str, arguments: &[&str], memory_mib: u64, time: Duration) -> std::io::Result<Ended> {
    let mut command = Command::new("sh");
    let script = format!("ulimit -v {} && exec \"$@\"", memory_mib * 1024);
    command
        .args(["-c", &script, "sh", program])
        .args(arguments)
        // Each thread's arena reserves address space that nobody uses.
        .env("MALLOC_ARENA_MAX", "2")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let collect = |pipe: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut all = Vec::new();
            // A pipe that breaks has said what it had to say.
            let _ = pipe.map(|mut pipe| pipe.read_to_end(&mut all));
            all
        })
    };
    let output = collect(child.stdout.take().map(|p| Box::new(p) as _));
    let said = collect(child.stderr.take().map(|p| Box::new(p) as _));
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if began.elapsed() > time {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let joined = |thread: std::thread::JoinHandle<Vec<u8>>| thread.join().unwrap_or_default();
    Ok(Ended {
        status,
        output: joined(output),
        said: String::from_utf8_lossy(&joined(said)).into_owned(),
    })
}

/// The most memory that any child waited for so far held at once, bytes; `None` where the system does not tell.
///
/// It never falls: run what may take little before what may take much. A child begins as a copy of its parent, so that a parent
/// that holds much itself measures itself.
#[cfg(target_os = "linux")]
pub fn peak_of_children() -> Option<u64> {
    use nix::sys::resource::{UsageWho, getrusage};
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    u64::try_from(usage.max_rss()).ok().map(|kib| kib * 1024)
}

/// Not told here.
#[cfg(not(target_os = "linux"))]
pub fn peak_of_children() -> Option<u64> {
    None
}
