//! What a JPEG stream says of itself before its first scan (ISO/IEC 10918-1 B.2.2).

use super::super::DecodeError;
use super::Segments;

/// How the samples were coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Process {
    /// Baseline or extended sequential DCT, Huffman coded.
    Sequential,
    /// Progressive DCT, Huffman coded.
    Progressive,
    /// Lossless, sequential, Huffman coded (process 14).
    Lossless,
    /// Anything else, in words.
    Other(&'static str),
}

/// One component of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Horizontal and vertical sampling factors, four bits each.
    pub(super) sampling: u8,
    /// Which quantisation table.
    pub(super) quantisation: u8,
}

/// The frame header and the application segments that speak of colour.
#[derive(Clone, Debug)]
pub(in super::super) struct Header {
    pub(super) process: Process,
    pub(super) precision: u8,
    pub(super) rows: u16,
    pub(super) columns: u16,
    pub(super) components: Vec<Component>,
    adobe_transform: Option<u8>,
    jfif: bool,
}

impl Header {
    /// Reads up to the first scan.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let (mut adobe_transform, mut jfif) = (None, false);
        let mut segments = Segments::of(bytes, "JPEG")?;
        let mut frame: Option<Self> = None;
        while let Some(segment) = segments.next_segment()? {
            match segment.marker {
                0xc0..=0xcf if !matches!(segment.marker, 0xc4 | 0xc8 | 0xcc) => {
                    frame = Some(Self::frame(segment.marker, segment.body)?);
                }
                0xe0 => jfif |= segment.body.starts_with(b"JFIF\0"),
                0xee if segment.body.starts_with(b"Adobe") => adobe_transform = segment.body.get(11).copied(),
                0xda => {
                    let frame = frame.ok_or_else(|| DecodeError::damaged("the JPEG stream has no frame header"))?;
                    return Ok(Self {
                        adobe_transform,
                        jfif,
                        ..frame
                    });
                }
                _ => {}
            }
        }
        Err(DecodeError::incomplete("the JPEG stream ends before its first scan"))
    }

    fn frame(marker: u8, body: &[u8]) -> Result<Self, DecodeError> {
        let &[precision, y1, y0, x1, x0, count, ref specifications @ ..] = body else {
            return Err(DecodeError::incomplete("the JPEG stream ends within its frame header"));
        };
        let components = specifications.as_chunks::<3>().0;
        if components.len() != usize::from(count) {
            return Err(DecodeError::damaged(
                "the JPEG stream's frame header does not match its length",
            ));
        }
        Ok(Self {
            process: match marker {
                0xc0 | 0xc1 => Process::Sequential,
                0xc2 => Process::Progressive,
                0xc3 => Process::Lossless,
                0xc5..=0xc7 => Process::Other("Hierarchical JPEG"),
                _ => Process::Other("JPEG with arithmetic coding"),
            },
            precision,
            rows: u16::from_be_bytes([y1, y0]),
            columns: u16::from_be_bytes([x1, x0]),
            components: components
                .iter()
                .map(|&[id, sampling, quantisation]| Component {
                    id,
                    sampling,
                    quantisation,
                })
                .collect(),
            adobe_transform: None,
            jfif: false,
        })
    }

    /// Refuses a picture that so few bytes cannot hold, before any memory is taken for it: each sample of a lossless one and
    /// each block of a lossy one takes a bit at least.
    pub(super) fn fits(&self, bytes: usize) -> Result<(), DecodeError> {
        let factors = |c: &Component| (usize::from(c.sampling >> 4).max(1), usize::from(c.sampling & 15).max(1));
        let most = self.components.iter().map(factors);
        let most = most.fold((1, 1), |most, own| (most.0.max(own.0), most.1.max(own.1)));
        let side = if self.process == Process::Lossless { 1 } else { 8 };
        let of = |c: &Component| {
            let (h, v) = factors(c);
            let columns = (usize::from(self.columns) * h).div_ceil(most.0);
            let rows = (usize::from(self.rows) * v).div_ceil(most.1);
            columns.div_ceil(side) * rows.div_ceil(side)
        };
        let units: usize = self.components.iter().map(of).sum();
        if units.div_ceil(8) > bytes {
            return Err(DecodeError::incomplete(
                "the JPEG stream is too short for a picture of its size",
            ));
        }
        Ok(())
    }

    /// Whether the stream itself says that its three components are luminance and chrominance.
    pub(super) fn says_luminance(&self) -> bool {
        match self.adobe_transform {
            Some(transform) => transform == 1,
            None => self.jfif,
        }
    }
}
