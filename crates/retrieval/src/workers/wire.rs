//! The language between parent and child. Each message is an envelope of fixed size, a short head and a body:
//!
//! | | bytes | |
//! | --- | --- | --- |
//! | mark | 4 | `FSwN`, N being the version of this language |
//! | kind | 1 | greeting, request or answer |
//! | head | 4 | its length, at most [`MOST_HEAD`] |
//! | body | 8 | its length, at most [`MOST_BODY`] |
//!
//! Numbers are little-endian; stored values are in the machine's own order, because both sides run on it. Nothing is allocated on
//! the word of the other side: the child's bounds are fixed, the parent reads into the frame that it expects.

use std::io::{self, Read, Write};
use std::sync::Arc;

use pixels::{Samples, StoredFrame};
use study::{DecodeError, Decoded, EncodedFrame, Layout, Oddity, Photometric, SampleKind, TransferSyntax};

const MARK: [u8; 4] = *b"FSw1";

/// The longest head, bytes.
const MOST_HEAD: usize = 16 << 10;

/// The longest body, bytes: as long as the values of a frame may be.
const MOST_BODY: u64 = 1 << 29;

/// The longest sentence, bytes.
const MOST_WORDS: usize = 500;

/// The most oddities of one frame.
const MOST_ODDITIES: usize = 16;

/// The longest transfer syntax: a UID has up to 64 characters (PS3.5 9.1).
const MOST_UID: usize = 64;

const GREETING: u8 = 1;
const REQUEST: u8 = 2;
const ANSWER: u8 = 3;

/// Why a message was not taken.
#[derive(Debug)]
pub(super) enum WireError {
    /// The other side has gone.
    Cut(io::Error),
    /// This is not what belongs here.
    Nonsense,
    /// More than is ever sent.
    TooLong,
}

impl From<io::Error> for WireError {
    fn from(error: io::Error) -> Self {
        Self::Cut(error)
    }
}

struct Envelope {
    head: Vec<u8>,
    body: u64,
}

/// Writes an envelope and its head; the body follows it.
fn seal(to: &mut impl Write, kind: u8, head: &[u8], body: usize) -> io::Result<()> {
    let mut message = Vec::with_capacity(17 + head.len());
    message.extend_from_slice(&MARK);
    message.push(kind);
    message.extend_from_slice(&(head.len() as u32).to_le_bytes());
    message.extend_from_slice(&(body as u64).to_le_bytes());
    message.extend_from_slice(head);
    to.write_all(&message)
}

/// Reads an envelope and its head; `None` where the input ends before it.
fn open(from: &mut impl Read, kind: u8) -> Result<Option<Envelope>, WireError> {
    let mut first = [0; 17];
    loop {
        match from.read(&mut first[..1]) {
            Ok(0) => return Ok(None),
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    from.read_exact(&mut first[1..])?;
    let mut fields = Fields(&first);
    let (mark, its, head, body) = (fields.take(4)?, fields.u8()?, fields.u32()?, fields.u64()?);
    if mark != MARK || its != kind || head as usize > MOST_HEAD || body > MOST_BODY {
        return Err(WireError::Nonsense);
    }
    let mut head = vec![0; head as usize];
    from.read_exact(&mut head)?;
    Ok(Some(Envelope { head, body }))
}

/// What is left of a head.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], WireError> {
        let (taken, left) = self.0.split_at_checked(count).ok_or(WireError::Nonsense)?;
        self.0 = left;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn u8(&mut self) -> Result<u8, WireError> {
        self.array().map(|[byte]| byte)
    }

    fn u16(&mut self) -> Result<u16, WireError> {
        self.array().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, WireError> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, WireError> {
        self.array().map(u64::from_le_bytes)
    }

    fn flag(&mut self) -> Result<bool, WireError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(WireError::Nonsense),
        }
    }

    /// A sentence, which cannot steer whatever shows it.
    fn words(&mut self) -> Result<String, WireError> {
        let length = usize::from(self.u16()?);
        if length > MOST_WORDS {
            return Err(WireError::Nonsense);
        }
        let words = std::str::from_utf8(self.take(length)?).map_err(|_| WireError::Nonsense)?;
        Ok(words.replace(char::is_control, " "))
    }

    fn end(&self) -> Result<(), WireError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(WireError::Nonsense)
        }
    }
}

fn put_words(head: &mut Vec<u8>, words: &str) {
    let words = &words[..words.floor_char_boundary(MOST_WORDS)];
    head.extend_from_slice(&(words.len() as u16).to_le_bytes());
    head.extend_from_slice(words.as_bytes());
}

/// The child says that it is locked in, or why it is not.
pub(super) fn write_greeting(to: &mut impl Write, confined: &Result<(), String>) -> io::Result<()> {
    let mut head = vec![u8::from(confined.is_ok())];
    put_words(&mut head, confined.as_ref().err().map_or("", String::as_str));
    seal(to, GREETING, &head, 0)
}

pub(super) fn read_greeting(from: &mut impl Read) -> Result<Result<(), String>, WireError> {
    let envelope = open(from, GREETING)?.ok_or_else(|| WireError::Cut(io::ErrorKind::UnexpectedEof.into()))?;
    let mut head = Fields(&envelope.head);
    let (confined, words) = (head.flag()?, head.words()?);
    head.end()?;
    if envelope.body != 0 {
        return Err(WireError::Nonsense);
    }
    Ok(if confined { Ok(()) } else { Err(words) })
}

/// What a photometric interpretation is called on the wire; one without a name of its own is whatever the data set says.
fn photometric_code(photometric: &Photometric) -> u8 {
    match photometric {
        Photometric::Other(_) => 0,
        Photometric::Monochrome1 => 1,
        Photometric::Monochrome2 => 2,
        Photometric::PaletteColor => 3,
        Photometric::Rgb => 4,
        Photometric::YbrFull => 5,
        Photometric::YbrFull422 => 6,
        Photometric::YbrPartial420 => 7,
        Photometric::YbrIct => 8,
        Photometric::YbrRct => 9,
    }
}

fn photometric(code: u8, other: Photometric) -> Result<Photometric, WireError> {
    Ok(match code {
        0 => other,
        1 => Photometric::Monochrome1,
        2 => Photometric::Monochrome2,
        3 => Photometric::PaletteColor,
        4 => Photometric::Rgb,
        5 => Photometric::YbrFull,
        6 => Photometric::YbrFull422,
        7 => Photometric::YbrPartial420,
        8 => Photometric::YbrIct,
        9 => Photometric::YbrRct,
        _ => return Err(WireError::Nonsense),
    })
}

pub(super) fn write_request(to: &mut impl Write, number: u64, frame: &EncodedFrame) -> Result<(), WireError> {
    let (layout, syntax) = (&frame.layout, frame.transfer_syntax.0.as_bytes());
    if frame.bytes.len() as u64 > MOST_BODY || syntax.len() > MOST_UID {
        return Err(WireError::TooLong);
    }
    let mut head = Vec::with_capacity(128);
    head.extend_from_slice(&number.to_le_bytes());
    head.extend_from_slice(&layout.rows.to_le_bytes());
    head.extend_from_slice(&layout.columns.to_le_bytes());
    head.extend_from_slice(&layout.samples_per_pixel.to_le_bytes());
    head.extend_from_slice(&layout.bits_allocated.to_le_bytes());
    head.extend_from_slice(&layout.bits_stored.to_le_bytes());
    head.extend_from_slice(&layout.high_bit.to_le_bytes());
    head.push(u8::from(layout.planar));
    head.push(u8::from(layout.signed));
    head.push(photometric_code(&layout.photometric));
    head.push(match layout.kind {
        SampleKind::Integer => 0,
        SampleKind::Float => 1,
        SampleKind::Double => 2,
    });
    head.push(frame.bit_offset);
    head.push(syntax.len() as u8);
    head.extend_from_slice(syntax);
    seal(to, REQUEST, &head, frame.bytes.len())?;
    to.write_all(&frame.bytes)?;
    Ok(())
}

/// A frame to decode and its number; `None` where the input ends.
pub(super) fn read_request(from: &mut impl Read) -> Result<Option<(u64, EncodedFrame)>, WireError> {
    let Some(envelope) = open(from, REQUEST)? else {
        return Ok(None);
    };
    let mut head = Fields(&envelope.head);
    let number = head.u64()?;
    let layout = Layout {
        rows: head.u32()?,
        columns: head.u32()?,
        samples_per_pixel: head.u16()?,
        bits_allocated: head.u16()?,
        bits_stored: head.u16()?,
        high_bit: head.u16()?,
        planar: head.flag()?,
        signed: head.flag()?,
        photometric: photometric(head.u8()?, Photometric::Other("".into()))?,
        kind: match head.u8()? {
            0 => SampleKind::Integer,
            1 => SampleKind::Float,
            2 => SampleKind::Double,
            _ => return Err(WireError::Nonsense),
        },
    };
    let bit_offset = head.u8()?;
    let length = usize::from(head.u8()?);
    let syntax = std::str::from_utf8(head.take(length)?).map_err(|_| WireError::Nonsense)?;
    head.end()?;
    let mut bytes = vec![0; usize::try_from(envelope.body).map_err(|_| WireError::TooLong)?];
    from.read_exact(&mut bytes)?;
    let frame = EncodedFrame {
        layout: Arc::new(layout),
        transfer_syntax: TransferSyntax(syntax.into()),
        bytes: bytes.into(),
        bit_offset,
    };
    Ok(Some((number, frame)))
}

pub(super) fn write_answer(to: &mut impl Write, number: u64, outcome: &Result<Decoded, DecodeError>) -> io::Result<()> {
    let mut head = number.to_le_bytes().to_vec();
    match outcome {
        Ok(decoded) => {
            let frame = &decoded.frame;
            head.push(0);
            head.extend_from_slice(&frame.rows.to_le_bytes());
            head.extend_from_slice(&frame.columns.to_le_bytes());
            head.push(frame.channels);
            head.push(type_code(&frame.samples));
            head.push(photometric_code(&decoded.photometric));
            let oddities = decoded.oddities.get(..MOST_ODDITIES).unwrap_or(&decoded.oddities);
            head.push(oddities.len() as u8);
            for Oddity(words) in oddities {
                put_words(&mut head, words);
            }
            let bytes = bytes(&frame.samples);
            seal(to, ANSWER, &head, bytes.len())?;
            to.write_all(bytes)
        }
        Err(error) => {
            let (code, words) = match error {
                DecodeError::Unsupported(words) => (1, words),
                DecodeError::Contradiction(words) => (2, words),
                DecodeError::Incomplete(words) => (3, words),
                DecodeError::Damaged(words) => (4, words),
                DecodeError::Unanswered(words) => (5, words),
                DecodeError::NoPicture(words) => (6, words),
            };
            head.push(code);
            put_words(&mut head, words);
            seal(to, ANSWER, &head, 0)
        }
    }
}

/// Reads the answer to a request into a blank frame, whose size and type of number it must have; its values must lie in the range
/// of the layout.
pub(super) fn read_answer(
    from: &mut impl Read,
    number: u64,
    layout: &Layout,
    mut blank: StoredFrame,
) -> Result<Result<Decoded, DecodeError>, WireError> {
    let envelope = open(from, ANSWER)?.ok_or_else(|| WireError::Cut(io::ErrorKind::UnexpectedEof.into()))?;
    let mut head = Fields(&envelope.head);
    if head.u64()? != number {
        return Err(WireError::Nonsense);
    }
    let code = head.u8()?;
    if code != 0 {
        let words = head.words()?;
        head.end()?;
        if envelope.body != 0 {
            return Err(WireError::Nonsense);
        }
        return Ok(Err(match code {
            1 => DecodeError::Unsupported(words),
            2 => DecodeError::Contradiction(words),
            3 => DecodeError::Incomplete(words),
            4 => DecodeError::Damaged(words),
            5 => DecodeError::Unanswered(words),
            6 => DecodeError::NoPicture(words),
            _ => return Err(WireError::Nonsense),
        }));
    }
    let (rows, columns, channels, kind) = (head.u32()?, head.u32()?, head.u8()?, head.u8()?);
    let photometric = photometric(head.u8()?, layout.photometric.clone())?;
    let count = usize::from(head.u8()?);
    if count > MOST_ODDITIES {
        return Err(WireError::Nonsense);
    }
    let oddities = (0..count)
        .map(|_| head.words().map(Oddity))
        .collect::<Result<Vec<_>, _>>()?;
    head.end()?;
    let fits = (rows, columns, channels) == (blank.rows, blank.columns, blank.channels)
        && kind == type_code(&blank.samples)
        && envelope.body == blank.samples.bytes() as u64;
    if !fits {
        return Err(WireError::Nonsense);
    }
    from.read_exact(bytes_mut(&mut blank.samples))?;
    if !within(&blank.samples, layout.stored_range()) {
        return Err(WireError::Nonsense);
    }
    Ok(Ok(Decoded {
        frame: blank,
        photometric,
        oddities,
    }))
}

fn type_code(samples: &Samples) -> u8 {
    match samples {
        Samples::U8(_) => 0,
        Samples::I8(_) => 1,
        Samples::U16(_) => 2,
        Samples::I16(_) => 3,
        Samples::U32(_) => 4,
        Samples::I32(_) => 5,
        Samples::F32(_) => 6,
        Samples::F64(_) => 7,
    }
}

fn bytes(samples: &Samples) -> &[u8] {
    match samples {
        Samples::U8(values) => values,
        Samples::I8(values) => bytemuck::cast_slice(values),
        Samples::U16(values) => bytemuck::cast_slice(values),
        Samples::I16(values) => bytemuck::cast_slice(values),
        Samples::U32(values) => bytemuck::cast_slice(values),
        Samples::I32(values) => bytemuck::cast_slice(values),
        Samples::F32(values) => bytemuck::cast_slice(values),
        Samples::F64(values) => bytemuck::cast_slice(values),
    }
}

fn bytes_mut(samples: &mut Samples) -> &mut [u8] {
    match samples {
        Samples::U8(values) => values,
        Samples::I8(values) => bytemuck::cast_slice_mut(values),
        Samples::U16(values) => bytemuck::cast_slice_mut(values),
        Samples::I16(values) => bytemuck::cast_slice_mut(values),
        Samples::U32(values) => bytemuck::cast_slice_mut(values),
        Samples::I32(values) => bytemuck::cast_slice_mut(values),
        Samples::F32(values) => bytemuck::cast_slice_mut(values),
        Samples::F64(values) => bytemuck::cast_slice_mut(values),
    }
}

/// Whether all values are among those that the layout allows, as decoding here would have made them.
fn within(samples: &Samples, (least, greatest): (i64, i64)) -> bool {
    /// Compared in the values' own type, in which a whole frame takes microseconds.
    fn all<T: Copy + Ord + TryFrom<i64>>(values: &[T], least: i64, greatest: i64) -> bool {
        // A limit beyond the type cannot be passed.
        let (low, high) = (T::try_from(least).ok(), T::try_from(greatest).ok());
        let beyond = |&value: &T| low.is_some_and(|low| value < low) | high.is_some_and(|high| value > high);
        !values.iter().any(beyond)
    }
    match samples {
        Samples::U8(values) => all(values, least, greatest),
        Samples::I8(values) => all(values, least, greatest),
        Samples::U16(values) => all(values, least, greatest),
        Samples::I16(values) => all(values, least, greatest),
        Samples::U32(values) => all(values, least, greatest),
        Samples::I32(values) => all(values, least, greatest),
        Samples::F32(_) | Samples::F64(_) => true,
    }
}

#[cfg(test)]
mod tests;
