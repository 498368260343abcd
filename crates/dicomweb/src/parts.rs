//! Parts of an answer, one after the other while bytes arrive.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::{Error, MediaType};

/// One part: an instance, a frame or a bulk value.
#[derive(Clone)]
pub struct Part {
    /// Its type, with the transfer syntax that the part or the answer names.
    pub media: MediaType,
    /// Its Content-Location, as the server wrote it.
    pub location: Option<String>,
    /// Its bytes as they came.
    pub bytes: Bytes,
    /// Its end was seen. If not, the bytes are all that came, perhaps cut short, perhaps with a piece of a delimiter at their end:
    /// take them only when the object itself shows that nothing lacks, and ask again otherwise.
    pub whole: bool,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part")
            .field("media", &self.media.essence())
            .field("bytes", &self.bytes.len())
            .field("whole", &self.whole)
            .finish_non_exhaustive()
    }
}

/// The parts of an answer; at most one of them is in memory.
///
/// Dropping it gives the request up. A request is not repeated once its answer has begun: after an error in the middle, the
/// caller asks for what is still missing.
#[derive(Debug)]
pub struct Parts {
    ready: VecDeque<Result<Part, Error>>,
    some_left_out: bool,
}

impl Parts {
    /// The next part, when its last byte has come; `None` after the last one.
    ///
    /// An answer that breaks off gives what came of the last part with `whole: false`, and then an error.
    pub async fn next(&mut self) -> Option<Result<Part, Error>> {
        self.ready.pop_front()
    }

    /// The server says that it leaves some of what was asked for out (status 206).
    pub fn some_left_out(&self) -> bool {
        self.some_left_out
    }
}
