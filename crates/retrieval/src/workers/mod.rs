//! Codecs that must not run here: children of the program, one for each thread that decodes, which hold nothing but one frame.
//!
//! What [`study::must_be_apart`] goes through a [`Worker`] to its child over pipes and comes back as values; everything else is
//! decoded where it is. Neither side believes the other: what each reads is bounded and held against what it asked for. A child
//! that ends, is late or answers nonsense is replaced, and its frame is refused with a sentence; no frame that belongs there is
//! ever decoded here instead.

mod child;
mod serve;
mod watch;
mod wire;

use std::ffi::OsString;
use std::io;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use study::{DecodeError, Decoded, EncodedFrame, blank, decode, must_be_apart};

use self::child::{Broken, Child};
use self::watch::Watch;

pub use self::serve::serve;

/// How long a child may take over one frame.
pub const FRAME_LIMIT: Duration = Duration::from_secs(10);

/// How long a child may take until it can be asked.
const START_LIMIT: Duration = Duration::from_secs(10);

/// After so much work a child is replaced although nothing is wrong, so that a limit on the time of its processor that only hostile
/// code would reach can be a fixed one ([`CPU_LIMIT`]).
const LIFE: Duration = Duration::from_secs(300);

/// The time of its processor that a child is never to reach: more than it is kept for, its last frame included.
pub const CPU_LIMIT: Duration = Duration::from_secs(600);

/// The memory that a child may take, bytes.
pub const MEMORY_LIMIT: u64 = 1 << 30;

/// What is started as a child: a program that calls [`serve`] on its standard input and output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerProgram {
    /// The program.
    pub program: PathBuf,
    /// What it is called with.
    pub arguments: Vec<OsString>,
}

/// Makes workers and watches over their children.
#[derive(Debug)]
pub struct Workers {
    program: Arc<WorkerProgram>,
    watch: Arc<Kept>,
}

/// The watch, which ends with the last that needs it.
#[derive(Debug)]
struct Kept(Arc<Watch>);

impl Drop for Kept {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Workers {
    /// Starts the thread that ends children that are late. No child is started yet.
    ///
    /// # Errors
    /// The operating system gives no thread.
    pub fn start(program: WorkerProgram) -> io::Result<Self> {
        Ok(Self {
            program: Arc::new(program),
            watch: Arc::new(Kept(Watch::start()?)),
        })
    }

    /// A worker for this thread, whose child begins to start. Where it cannot be started, each frame that needs it says so.
    pub fn worker(&self) -> Worker {
        let mut worker = Worker {
            program: Arc::clone(&self.program),
            watch: Arc::clone(&self.watch),
            child: None,
            started: 0,
            here: PhantomData,
        };
        worker.warm();
        worker
    }
}

/// What decodes for one thread. It stays there: on Linux a child ends with the *thread* that started it.
#[derive(Debug)]
pub struct Worker {
    program: Arc<WorkerProgram>,
    watch: Arc<Kept>,
    child: Option<Child>,
    started: u64,
    here: PhantomData<*const ()>,
}

impl Worker {
    /// Decodes a frame, in the child where it must be apart, and within [`FRAME_LIMIT`] there.
    ///
    /// # Errors
    /// See [`DecodeError`]; [`DecodeError::Unanswered`] when the child is to blame.
    pub fn decode(&mut self, frame: &EncodedFrame) -> Result<Decoded, DecodeError> {
        self.decode_within(frame, FRAME_LIMIT)
    }

    /// The same within another limit of time.
    ///
    /// # Errors
    /// As [`Worker::decode`].
    pub fn decode_within(&mut self, frame: &EncodedFrame, limit: Duration) -> Result<Decoded, DecodeError> {
        if !must_be_apart(frame) {
            return decode(frame);
        }
        let blank = blank(&frame.layout)?;
        let mut child = self.ready()?;
        let begun = Instant::now();
        let armed = self.watch.0.arm(&child.process, limit);
        let answer = child.ask(frame, blank);
        let late = self.watch.0.disarm(armed);
        child.worked += begun.elapsed();
        // A codec that came upon damage may have left its own memory in any state.
        let spent = late || child.worked > LIFE || matches!(&answer, Ok(Err(DecodeError::Damaged(_))) | Err(_));
        if spent {
            drop(child);
            self.warm();
        } else {
            self.child = Some(child);
        }
        answer.unwrap_or_else(|broken| {
            Err(DecodeError::Unanswered(match broken {
                _ if late => format!(
                    "its decoder did not finish within {} seconds and was ended; ask for the image in another encoding",
                    limit.as_secs_f64()
                ),
                Broken::Ended(_) => format!(
                    "its decoder ended in the middle, as it does over damaged pixel data or an image that takes more than \
                     {} MiB; ask for the image in another encoding",
                    MEMORY_LIMIT >> 20
                ),
                Broken::Nonsense => "its decoder answered with something else than this image; ask for it in another \
                                     encoding"
                    .to_owned(),
                Broken::TooLong => "its pixel data is longer than any that is decoded".to_owned(),
            }))
        })
    }

    /// How many children were started until now.
    pub fn started(&self) -> u64 {
        self.started
    }

    /// Starts a child where there is none, without waiting for it; a failure is told when it is needed.
    fn warm(&mut self) {
        if self.child.is_none()
            && let Ok(child) = Child::start(&self.program)
        {
            self.started += 1;
            self.child = Some(child);
        }
    }

    /// Takes a child that can be asked: one that ended by itself while it had nothing to do is replaced.
    fn ready(&mut self) -> Result<Child, DecodeError> {
        if self.child.as_ref().is_some_and(Child::has_ended) {
            self.child = None;
        }
        let mut child = match self.child.take() {
            Some(child) => child,
            None => {
                let child = Child::start(&self.program).map_err(|error| {
                    DecodeError::Unanswered(format!(
                        "the process for its decoder could not be started ({error}); start Farsight again or install it anew"
                    ))
                })?;
                self.started += 1;
                child
            }
        };
        if !child.greeted {
            let armed = self.watch.0.arm(&child.process, START_LIMIT);
            let greeting = child.greeting();
            let late = self.watch.0.disarm(armed);
            match greeting {
                Ok(Ok(())) if !late => {}
                Ok(Err(reason)) => {
                    return Err(DecodeError::Unanswered(format!(
                        "this system does not let its decoder be locked in ({reason}); ask the system's administrators"
                    )));
                }
                _ => {
                    return Err(DecodeError::Unanswered(
                        "the process for its decoder does not come up; start Farsight again or install it anew"
                            .to_owned(),
                    ));
                }
            }
        }
        Ok(child)
    }
}
