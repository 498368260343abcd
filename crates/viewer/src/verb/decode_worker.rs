//! `farsight decode-worker`: started by Farsight itself, for codecs that are not to run beside anything else.

use std::cell::RefCell;
use std::io::{IsTerminal, stdin, stdout};

use retrieval::workers::{CPU_LIMIT, MEMORY_LIMIT, Worker, WorkerProgram, Workers, serve};
use study::{DecodeError, Decoded, EncodedFrame};

use super::VerbError;
use crate::platform;

/// How this verb is called.
const NAME: &str = "decode-worker";

/// What is started for each thread that decodes.
pub(crate) fn program() -> WorkerProgram {
    WorkerProgram {
        program: platform::own_program(),
        arguments: vec![NAME.into()],
    }
}

/// A worker for a verb that decodes on its own thread.
pub(super) fn worker() -> Result<Worker, VerbError> {
    let workers = Workers::start(program()).map_err(|error| {
        VerbError::Failed(format!(
            "The thread that watches over decoders could not be started ({error}). Close other programs and try again."
        ))
    })?;
    Ok(workers.worker())
}

/// Decodes a frame for a server, whose threads come and go: each keeps a worker from the first frame on that must be apart.
pub(crate) fn decode(frame: &EncodedFrame) -> Result<Decoded, DecodeError> {
    thread_local! {
        static WORKER: RefCell<Option<Worker>> = const { RefCell::new(None) };
    }
    if !study::must_be_apart(frame) {
        return study::decode(frame);
    }
    WORKER.with_borrow_mut(|kept| {
        let worker = match kept {
            Some(worker) => worker,
            None => kept.insert(worker().map_err(|error| DecodeError::NoPicture(error.to_string()))?),
        };
        worker.decode(frame)
    })
}

/// Locks this process in and decodes what comes on standard input until it ends.
pub(super) fn run() -> Result<(), VerbError> {
    if stdin().is_terminal() {
        return Err(VerbError::WrongCall(
            "decode-worker is started by Farsight itself; inspect and render show what a file holds.".to_owned(),
        ));
    }
    let confined = platform::confine(MEMORY_LIMIT, CPU_LIMIT.as_secs());
    serve(stdin().lock(), stdout().lock(), confined).map_err(VerbError::failed)
}
