//! Parts of an answer, one after the other while bytes arrive.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

use crate::body::Body;
use crate::multipart::{Event, Headers, Reader};
use crate::shape::{Shape, Wanted, shape_of};
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

/// What [`Parts::advance`] came to.
#[derive(Debug)]
pub enum Step {
    /// A part's last byte has come, or the answer broke off.
    Part(Result<Part, Error>),
    /// More of the body came; the part under way has so many bytes, or is promised to have them.
    Grew(u64),
    /// There are no more parts.
    End,
}

/// The parts of an answer; at most one of them is in memory.
///
/// Dropping it gives the request up. A request is not repeated once its answer has begun: after an error in the middle, the
/// caller asks for what is still missing.
pub struct Parts {
    body: Body,
    state: State,
    ready: VecDeque<Result<Part, Error>>,
    most_part: u64,
    some_left_out: bool,
}

enum State {
    Multipart {
        reader: Reader,
        outer: MediaType,
        current: Option<Gathered>,
    },
    Single(Gathered),
    Done,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts")
            .field("ready", &self.ready)
            .field("some_left_out", &self.some_left_out)
            .finish_non_exhaustive()
    }
}

/// How much of the body is looked at to know what it is.
const HEAD: usize = 512;

/// Memory that is set aside because a header promises that many bytes; more is taken only when they come.
const MOST_PROMISED: usize = 64 << 20;

impl Parts {
    /// Looks at the first bytes of an answer and says what it is.
    pub(crate) async fn begin(mut body: Body, wanted: Wanted, most_part: u64) -> Result<Self, Error> {
        let some_left_out = body.status() == 206;
        let media = body.media();
        let mut head = BytesMut::new();
        let mut broken = None;
        let mut ended = false;
        while head.len() < HEAD && !ended {
            match body.chunk().await {
                Ok(Some(bytes)) => head.extend_from_slice(&bytes),
                Ok(None) => ended = true,
                Err(error) => {
                    broken = Some(error);
                    ended = true;
                }
            }
        }
        let state = match (shape_of(&media, &head, wanted), &broken) {
            // Nothing can be said about the little that came, or about what broke off.
            (Err(_), Some(error)) => return Err(error.clone()),
            (Err(error), None) => return Err(error),
            (Ok(Shape::Multipart { boundary }), _) => State::Multipart {
                reader: Reader::new(boundary.as_deref()),
                outer: media,
                current: None,
            },
            (Ok(Shape::Single { media }), _) => {
                let promised = body.header("content-length").map(str::to_owned);
                let location = body.header("content-location").map(str::to_owned);
                let gathered = Gathered::new(media, location, promised.as_deref());
                if gathered.size() > most_part {
                    return Err(Error::TooLarge { most: most_part });
                }
                State::Single(gathered)
            }
        };
        let mut parts = Self {
            body,
            state,
            ready: VecDeque::new(),
            most_part,
            some_left_out,
        };
        parts.feed(&head);
        if let Some(error) = broken {
            parts.end(Some(error));
        } else if ended {
            parts.end(None);
        }
        Ok(parts)
    }

    /// The next part, when its last byte has come; `None` after the last one.
    ///
    /// An answer that breaks off gives what came of the last part with `whole: false`, and then an error. The future may be
    /// dropped and made again without losing anything.
    pub async fn next(&mut self) -> Option<Result<Part, Error>> {
        loop {
            match self.advance().await {
                Step::Part(part) => return Some(part),
                Step::Grew(_) => {}
                Step::End => return None,
            }
        }
    }

    /// As [`Parts::next`], but after each piece of the body: whoever has a budget of memory waits for room in between, and the
    /// server with it. The future may be dropped and made again without losing anything.
    pub async fn advance(&mut self) -> Step {
        if let Some(ready) = self.ready.pop_front() {
            return Step::Part(ready);
        }
        if matches!(self.state, State::Done) {
            return Step::End;
        }
        match self.body.chunk().await {
            Ok(Some(bytes)) => self.feed(&bytes),
            Ok(None) => self.end(None),
            Err(error) => self.end(Some(error)),
        }
        match self.ready.pop_front() {
            Some(ready) => Step::Part(ready),
            None => Step::Grew(self.gathered()),
        }
    }

    /// Bytes of the part under way that are in memory, or that its header promises.
    fn gathered(&self) -> u64 {
        match &self.state {
            State::Multipart { current, .. } => current.as_ref().map_or(0, Gathered::size),
            State::Single(gathered) => gathered.size(),
            State::Done => 0,
        }
    }

    /// The server says that it leaves some of what was asked for out (status 206).
    pub fn some_left_out(&self) -> bool {
        self.some_left_out
    }

    /// The one part of an answer that has one.
    pub(crate) async fn one(mut self) -> Result<Part, Error> {
        let part = self.next().await.unwrap_or(Err(Error::CutShort))?;
        if !part.whole
            && let Some(Err(error)) = self.next().await
        {
            return Err(error);
        }
        Ok(part)
    }

    fn feed(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Multipart { reader, .. } => {
                reader.feed(bytes);
                self.read();
            }
            State::Single(gathered) => {
                if !gathered.add(bytes, self.most_part) {
                    self.give_up(Error::TooLarge { most: self.most_part });
                }
            }
            State::Done => {}
        }
    }

    /// Takes what the reader has found.
    fn read(&mut self) {
        loop {
            let State::Multipart { reader, outer, current } = &mut self.state else {
                return;
            };
            match reader.next_event() {
                Ok(None) => return,
                Ok(Some(Event::Part(headers))) => {
                    let gathered = Gathered::of_part(&headers, outer);
                    if gathered.size() > self.most_part {
                        self.give_up(Error::TooLarge { most: self.most_part });
                        return;
                    }
                    *current = Some(gathered);
                }
                Ok(Some(Event::Body(bytes))) => {
                    if let Some(gathered) = current
                        && !gathered.add(&bytes, self.most_part)
                    {
                        self.give_up(Error::TooLarge { most: self.most_part });
                    }
                }
                Ok(Some(Event::PartEnd)) => {
                    if let Some(gathered) = current.take() {
                        let whole = gathered.keeps_its_promise(true);
                        self.ready.push_back(Ok(gathered.part(whole)));
                    }
                }
                Ok(Some(Event::End { closed })) => {
                    let open = current.take();
                    let was_open = open.is_some();
                    if let Some(gathered) = open {
                        let whole = gathered.keeps_its_promise(false);
                        self.ready.push_back(Ok(gathered.part(whole)));
                    }
                    // A server that never writes the closing delimiter and announced the body's end has said all it had to say.
                    let said_all = was_open && self.body.is_framed();
                    if !closed && !said_all {
                        self.ready.push_back(Err(Error::CutShort));
                    }
                    self.state = State::Done;
                    return;
                }
                Err(_) => {
                    self.give_up(Error::NotDicom);
                    return;
                }
            }
        }
    }

    /// No more bytes will come, because of an error or because the body ended.
    fn end(&mut self, error: Option<Error>) {
        match &mut self.state {
            State::Multipart { reader, .. } => {
                if error.is_some() {
                    reader.break_off();
                } else {
                    reader.finish();
                }
                self.read();
                if let Some(error) = error {
                    // It says better than "cut short" why.
                    if self.ready.back() == Some(&Err(Error::CutShort)) {
                        self.ready.pop_back();
                    }
                    self.ready.push_back(Err(error));
                }
            }
            State::Single(_) => {
                let State::Single(gathered) = std::mem::replace(&mut self.state, State::Done) else {
                    return;
                };
                let empty = gathered.bytes.is_empty();
                let whole = error.is_none() && self.body.is_framed() && gathered.keeps_its_promise(true);
                if !empty {
                    self.ready.push_back(Ok(gathered.part(whole)));
                }
                if let Some(error) = error {
                    self.ready.push_back(Err(error));
                } else if empty {
                    self.ready.push_back(Err(Error::CutShort));
                }
            }
            State::Done => {}
        }
        self.state = State::Done;
    }

    fn give_up(&mut self, error: Error) {
        self.ready.push_back(Err(error));
        self.state = State::Done;
    }
}

/// A part under way.
struct Gathered {
    media: MediaType,
    location: Option<String>,
    promised: Option<u64>,
    bytes: BytesMut,
}

impl Gathered {
    fn new(media: MediaType, location: Option<String>, promised: Option<&str>) -> Self {
        let promised: Option<u64> = promised.and_then(|text| text.trim().parse().ok());
        let room = promised
            .and_then(|bytes| usize::try_from(bytes).ok())
            .unwrap_or(0)
            .min(MOST_PROMISED);
        Self {
            media,
            location,
            promised,
            bytes: BytesMut::with_capacity(room),
        }
    }

    fn of_part(headers: &Headers, outer: &MediaType) -> Self {
        let media = match headers.get("content-type") {
            Some(own) if !own.is_empty() => MediaType::parse(own),
            // A part without a type is what the answer said that its parts are.
            _ => outer.of_parts().unwrap_or_default(),
        };
        Self::new(
            media.with_syntax_of(outer),
            headers.get("content-location").map(str::to_owned),
            headers.get("content-length"),
        )
    }

    /// Bytes that it has, or that it is promised to have.
    fn size(&self) -> u64 {
        self.promised.unwrap_or(0).max(self.bytes.len() as u64)
    }

    /// Adds bytes; false when there are too many.
    fn add(&mut self, bytes: &[u8], most: u64) -> bool {
        if (self.bytes.len() + bytes.len()) as u64 > most {
            return false;
        }
        self.bytes.extend_from_slice(bytes);
        true
    }

    /// The length is the one that was promised; `otherwise` where none was.
    fn keeps_its_promise(&self, otherwise: bool) -> bool {
        self.promised
            .map_or(otherwise, |promised| promised == self.bytes.len() as u64)
    }

    fn part(self, whole: bool) -> Part {
        let slack = self.bytes.capacity() - self.bytes.len();
        Part {
            media: self.media,
            location: self.location,
            // Growing may have left half of the memory unused, and parts may be kept for long.
            bytes: if slack > self.bytes.len() / 4 {
                Bytes::copy_from_slice(&self.bytes)
            } else {
                self.bytes.freeze()
            },
            whole,
        }
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.media == other.media
            && self.location == other.location
            && self.bytes == other.bytes
            && self.whole == other.whole
    }
}
