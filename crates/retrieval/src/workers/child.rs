//! One child: how it is started, asked and ended.

use std::io::{self, Write};
use std::process::{self, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pixels::StoredFrame;
use study::{DecodeError, Decoded, EncodedFrame};

use super::WorkerProgram;
use super::wire::{self, WireError};

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Broken {
    /// The child has gone.
    Ended(#[expect(dead_code, reason = "the operating system's words, for whoever debugs")] io::Error),
    /// What came is no answer to what was asked.
    Nonsense,
    /// The frame is longer than what is sent.
    TooLong,
}

impl From<WireError> for Broken {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Cut(error) => Self::Ended(error),
            WireError::Nonsense => Self::Nonsense,
            WireError::TooLong => Self::TooLong,
        }
    }
}

/// The operating system's side of a child, which the watch may end at any moment.
#[derive(Debug)]
pub(super) struct Process(Mutex<process::Child>);

impl Process {
    fn child(&self) -> MutexGuard<'_, process::Child> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the child; whoever waits for its answer hears of it.
    pub(super) fn kill(&self) {
        // It may have ended by itself, which is as good.
        let _ = self.child().kill();
    }
}

/// A child that is there to be asked.
#[derive(Debug)]
pub(super) struct Child {
    pub(super) process: Arc<Process>,
    /// It has said that it is locked in and speaks our language.
    pub(super) greeted: bool,
    /// How long it has worked.
    pub(super) worked: Duration,
    to: ChildStdin,
    from: ChildStdout,
    asked: u64,
}

impl Child {
    /// Starts a child. It gets no variable of our environment, among which secrets may be, and none of our files.
    pub(super) fn start(program: &WorkerProgram) -> io::Result<Self> {
        let mut child = Command::new(&program.program)
            .args(&program.arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (to, from) = (child.stdin.take(), child.stdout.take());
        let process = Arc::new(Process(Mutex::new(child)));
        match (to, from) {
            (Some(to), Some(from)) => Ok(Self {
                process,
                greeted: false,
                worked: Duration::ZERO,
                to,
                from,
                asked: 0,
            }),
            _ => {
                process.kill();
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
    }

    /// Whether the child has ended already.
    pub(super) fn has_ended(&self) -> bool {
        !matches!(self.process.child().try_wait(), Ok(None))
    }

    /// Waits for the child's first words: that it is locked in, or why it is not.
    pub(super) fn greeting(&mut self) -> Result<Result<(), String>, Broken> {
        let greeting = wire::read_greeting(&mut self.from)?;
        self.greeted = true;
        Ok(greeting)
    }

    /// Sends a frame and reads its values into a blank one.
    pub(super) fn ask(
        &mut self,
        frame: &EncodedFrame,
        blank: StoredFrame,
    ) -> Result<Result<Decoded, DecodeError>, Broken> {
        self.asked += 1;
        wire::write_request(&mut self.to, self.asked, frame)?;
        self.to.flush().map_err(Broken::Ended)?;
        Ok(wire::read_answer(&mut self.from, self.asked, &frame.layout, blank)?)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.process.kill();
        // Nobody else takes its exit status, without which its entry would stay with the operating system.
        let _ = self.process.child().wait();
    }
}
