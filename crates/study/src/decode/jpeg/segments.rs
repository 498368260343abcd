//! A JPEG or JPEG-LS stream from marker to marker (ISO/IEC 10918-1 B.1).

use super::super::DecodeError;

/// One marker segment.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Segment<'a> {
    /// The marker's second byte.
    pub(in super::super) marker: u8,
    /// What the segment holds behind its length; empty for markers that stand alone.
    pub(in super::super) body: &'a [u8],
}

/// Walks the segments; entropy-coded bytes are whoever reads the scan's to skip.
#[derive(Debug)]
pub(in super::super) struct Segments<'a> {
    bytes: &'a [u8],
    at: usize,
    codec: &'static str,
}

impl<'a> Segments<'a> {
    /// Begins behind the start-of-image marker.
    pub(in super::super) fn of(bytes: &'a [u8], codec: &'static str) -> Result<Self, DecodeError> {
        if !bytes.starts_with(&[0xff, 0xd8]) {
            return Err(DecodeError::damaged(format!(
                "it does not begin as a {codec} stream does"
            )));
        }
        Ok(Self { bytes, at: 2, codec })
    }

    /// Goes on from another place, behind a scan's entropy-coded bytes.
    pub(in super::super) fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Where the next segment begins; behind a scan header, where its entropy-coded bytes begin.
    pub(in super::super) fn at(&self) -> usize {
        self.at
    }

    /// The next segment; `None` at the end of the image.
    pub(in super::super) fn next_segment(&mut self) -> Result<Option<Segment<'a>>, DecodeError> {
        let codec = self.codec;
        let short = || DecodeError::incomplete(format!("the {codec} stream ends early"));
        if self.bytes.get(self.at).ok_or_else(short)? != &0xff {
            return Err(DecodeError::damaged(format!(
                "the {codec} stream has no marker where one belongs"
            )));
        }
        // Any number of fill bytes may stand before a marker (B.1.1.2).
        let fill = self
            .bytes
            .get(self.at..)
            .unwrap_or_default()
            .iter()
            .take_while(|&&b| b == 0xff)
            .count();
        let marker = *self.bytes.get(self.at + fill).ok_or_else(short)?;
        let body = self.at + fill + 1;
        match marker {
            0xd9 => Ok(None),
            0x01 | 0xd0..=0xd7 => {
                self.at = body;
                Ok(Some(Segment { marker, body: &[] }))
            }
            _ => {
                let length = self.bytes.get(body..body + 2).ok_or_else(short)?;
                let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
                let content = self.bytes.get(body + 2..body + length);
                if length < 2 {
                    return Err(DecodeError::damaged(format!(
                        "a segment of the {codec} stream has no length"
                    )));
                }
                self.at = body + length;
                Ok(Some(Segment {
                    marker,
                    body: content.ok_or_else(short)?,
                }))
            }
        }
    }
}
