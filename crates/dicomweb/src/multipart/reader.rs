//! The reader: bytes are fed in as they come, events are taken out; it owns no socket and never waits.

use bytes::{Buf, Bytes, BytesMut};
use memchr::memmem;

use super::Headers;

/// What the reader found next.
#[derive(Clone, PartialEq, Eq)]
pub enum Event {
    /// A part begins.
    Part(Headers),
    /// More of the part's body.
    Body(Bytes),
    /// The part ends.
    PartEnd,
    /// The body ends; `closed` when its closing delimiter was there.
    End {
        /// The closing delimiter was seen.
        closed: bool,
    },
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Part(headers) => f.debug_tuple("Part").field(headers).finish(),
            Self::Body(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Self::PartEnd => f.write_str("PartEnd"),
            Self::End { closed } => f.debug_struct("End").field("closed", closed).finish(),
        }
    }
}

/// Why a body cannot be read as multipart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MultipartError {
    /// More bytes of headers than a part can need.
    #[error("a part's headers are longer than 64 KiB")]
    HeadersTooLong,
    /// No delimiter line within the first megabyte.
    #[error("no part begins within the first megabyte")]
    NoDelimiter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Preamble,
    Headers,
    Body,
    Epilogue,
    Ended,
}

/// Reads one body.
pub struct Reader {
    /// `--boundary`, or empty until the body's first delimiter line has told it.
    dashed: Vec<u8>,
    buffer: BytesMut,
    state: State,
    finished: bool,
    broken: bool,
    /// The line before the buffer has ended: a delimiter may begin at its first byte.
    at_line_start: bool,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("state", &self.state)
            .field("buffered", &self.buffer.len())
            .finish_non_exhaustive()
    }
}

const MOST_HEADERS: usize = 64 << 10;
const MOST_PREAMBLE: usize = 1 << 20;
/// White space that may follow a delimiter before its line end.
const MOST_PADDING: usize = 256;

/// A delimiter line within the buffer.
struct Delimiter {
    /// Where the part's body ends: before the line end that belongs to the delimiter.
    body_end: usize,
    /// Where the next line begins.
    next: usize,
    closing: bool,
}

enum Search {
    Found(Delimiter),
    /// None yet; bytes before this index are certainly body.
    SafeUntil(usize),
}

impl Reader {
    /// A reader for a boundary as the Content-Type gives it; without one, the body's first line tells it.
    pub fn new(boundary: Option<&str>) -> Self {
        let dashed = boundary.map(|b| [b"--", b.as_bytes()].concat()).unwrap_or_default();
        Self {
            dashed,
            buffer: BytesMut::new(),
            state: State::Preamble,
            finished: false,
            broken: false,
            at_line_start: true,
        }
    }

    /// Adds bytes as they arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Says that no more bytes will come.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// Says that no more bytes will come because the body broke off: then even a closing delimiter counts only with its line end,
    /// for it may be the beginning of data.
    pub fn break_off(&mut self) {
        self.finished = true;
        self.broken = true;
    }

    /// The next event; `None` when more bytes are needed, and after [`Event::End`].
    ///
    /// # Errors
    /// A body that is no multipart.
    pub fn next_event(&mut self) -> Result<Option<Event>, MultipartError> {
        loop {
            match self.state {
                State::Preamble => match self.preamble()? {
                    Some(event) => return Ok(Some(event)),
                    None if self.state == State::Preamble => return Ok(None),
                    None => {}
                },
                State::Headers => return self.headers(),
                State::Body => return Ok(self.body()),
                State::Epilogue => {
                    self.state = State::Ended;
                    return Ok(Some(Event::End { closed: true }));
                }
                State::Ended => return Ok(None),
            }
        }
    }

    fn preamble(&mut self) -> Result<Option<Event>, MultipartError> {
        if self.dashed.is_empty() {
            self.learn_boundary();
        }
        if !self.dashed.is_empty() {
            match self.search() {
                Search::Found(delimiter) => {
                    self.buffer.advance(delimiter.next);
                    self.at_line_start = true;
                    self.state = if delimiter.closing {
                        State::Epilogue
                    } else {
                        State::Headers
                    };
                    return Ok(None);
                }
                Search::SafeUntil(_) if self.buffer.len() > MOST_PREAMBLE => return Err(MultipartError::NoDelimiter),
                Search::SafeUntil(_) => {}
            }
        } else if self.buffer.len() > MOST_PREAMBLE {
            return Err(MultipartError::NoDelimiter);
        }
        Ok(self.end_if_finished())
    }

    /// Takes the boundary from the first line that begins with two dashes.
    fn learn_boundary(&mut self) {
        let mut start = 0;
        while let Some(length) = memchr::memchr(b'\n', &self.buffer[start..]) {
            let line = self.buffer[start..start + length].trim_ascii_end();
            if line.len() > 2 && line.starts_with(b"--") {
                self.dashed = line.to_vec();
                return;
            }
            start += length + 1;
        }
    }

    fn headers(&mut self) -> Result<Option<Event>, MultipartError> {
        let mut start = 0;
        while let Some(length) = memchr::memchr(b'\n', &self.buffer[start..]) {
            let line = &self.buffer[start..start + length];
            let end = start + length + 1;
            if line.trim_ascii().is_empty() {
                let block = self.buffer.split_to(end);
                self.state = State::Body;
                self.at_line_start = true;
                return Ok(Some(Event::Part(Headers::parse(&block))));
            }
            start = end;
        }
        if self.buffer.len() > MOST_HEADERS {
            return Err(MultipartError::HeadersTooLong);
        }
        Ok(self.end_if_finished())
    }

    fn body(&mut self) -> Option<Event> {
        match self.search() {
            Search::Found(delimiter) if delimiter.body_end > 0 => {
                // Leave the delimiter (with its line end) for the next call.
                let body = self.buffer.split_to(delimiter.body_end).freeze();
                self.at_line_start = false;
                Some(Event::Body(body))
            }
            Search::Found(delimiter) => {
                self.buffer.advance(delimiter.next);
                self.at_line_start = true;
                self.state = if delimiter.closing {
                    State::Epilogue
                } else {
                    State::Headers
                };
                Some(Event::PartEnd)
            }
            Search::SafeUntil(0) if !self.finished => None,
            Search::SafeUntil(0) if self.buffer.is_empty() => {
                self.state = State::Ended;
                Some(Event::End { closed: false })
            }
            Search::SafeUntil(0) => {
                self.at_line_start = false;
                Some(Event::Body(self.buffer.split().freeze()))
            }
            Search::SafeUntil(end) => {
                self.at_line_start = self.buffer.get(end - 1) == Some(&b'\n');
                Some(Event::Body(self.buffer.split_to(end).freeze()))
            }
        }
    }

    fn end_if_finished(&mut self) -> Option<Event> {
        if !self.finished {
            return None;
        }
        self.buffer.clear();
        self.state = State::Ended;
        Some(Event::End { closed: false })
    }

    /// Finds the first delimiter line, or how far the buffer certainly holds none.
    fn search(&self) -> Search {
        let buffer = &self.buffer[..];
        let finder = memmem::Finder::new(&self.dashed);
        let mut from = 0;
        while let Some(found) = finder.find(&buffer[from..]).map(|at| at + from) {
            let starts_line = if found == 0 {
                self.at_line_start
            } else {
                buffer[found - 1] == b'\n'
            };
            if starts_line {
                match self.line_after(found + self.dashed.len()) {
                    Line::Delimiter { next, closing } => {
                        return Search::Found(Delimiter {
                            body_end: before_line_end(buffer, found),
                            next,
                            closing,
                        });
                    }
                    Line::NeedsMore => return Search::SafeUntil(before_line_end(buffer, found)),
                    Line::Data => {}
                }
            }
            from = found + 1;
        }
        // The tail may be the beginning of a delimiter with its line end.
        Search::SafeUntil(buffer.len().saturating_sub(self.dashed.len() + 2))
    }

    /// What follows the dashed boundary that ends at an index.
    fn line_after(&self, index: usize) -> Line {
        let rest = self.buffer.get(index..).unwrap_or_default();
        let (closing, after) = match rest {
            [b'-', b'-', ..] => (true, 2),
            [b'-'] | [] if !self.finished => return Line::NeedsMore,
            _ => (false, 0),
        };
        for (offset, byte) in rest.iter().enumerate().skip(after).take(MOST_PADDING) {
            match byte {
                b'\n' => {
                    return Line::Delimiter {
                        next: index + offset + 1,
                        closing,
                    };
                }
                b' ' | b'\t' | b'\r' => {}
                _ => return Line::Data,
            }
        }
        if rest.len() >= after + MOST_PADDING {
            return Line::Data;
        }
        match (self.finished, closing && !self.broken) {
            (false, _) => Line::NeedsMore,
            // Only a closing delimiter may end the body; another one may be the beginning of data that was cut.
            (true, true) => Line::Delimiter {
                next: self.buffer.len(),
                closing,
            },
            (true, false) => Line::Data,
        }
    }
}

enum Line {
    Delimiter { next: usize, closing: bool },
    NeedsMore,
    Data,
}

/// The index before the line end (CRLF or LF) that precedes a delimiter.
fn before_line_end(buffer: &[u8], delimiter: usize) -> usize {
    match delimiter.checked_sub(1) {
        Some(lf) if buffer[lf] == b'\n' => match lf.checked_sub(1) {
            Some(cr) if buffer[cr] == b'\r' => cr,
            _ => lf,
        },
        _ => delimiter,
    }
}
