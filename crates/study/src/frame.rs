//! Frames on their way: which one, which are wanted, and one as it was stored.

use std::sync::Arc;

use bytes::Bytes;

use crate::{Decoded, Instance, InstanceUid, SeriesUid, StudyUid};

/// One frame of one instance; frames count from 0 here and from 1 on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameRef {
    /// The study that the reader opened.
    pub study: StudyUid,
    /// The series within it.
    pub series: SeriesUid,
    /// The object.
    pub instance: InstanceUid,
    /// Index of the frame within the object, from 0.
    pub frame: u32,
}

/// What the reading wants now: one whole ordered list, most urgent first; a newer list replaces an older one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrameWants {
    /// Grows with each list, so that an older one is never taken for a newer one.
    pub revision: u64,
    /// Frames on the screen now, in order of the reader's attention.
    pub visible: Vec<FrameRef>,
    /// Frames wanted next, in order.
    pub next: Vec<FrameRef>,
}

/// A transfer syntax (PS3.5 A, PS3.6 A) by its UID.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TransferSyntax(pub Arc<str>);

/// Photometric Interpretation (0028,0004).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Photometric {
    /// Low values white.
    Monochrome1,
    /// Low values black.
    Monochrome2,
    /// Indices into three tables.
    PaletteColor,
    /// Red, green, blue.
    Rgb,
    /// Full-range luminance and chrominance.
    YbrFull,
    /// The same, chrominance halved along the row.
    YbrFull422,
    /// Partial range, chrominance halved both ways.
    YbrPartial420,
    /// JPEG 2000 irreversible transform.
    YbrIct,
    /// JPEG 2000 reversible transform.
    YbrRct,
    /// Anything else, as written.
    Other(Arc<str>),
}

/// What kind of number a sample is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SampleKind {
    /// Pixel Data (7FE0,0010).
    Integer,
    /// Float Pixel Data (7FE0,0008).
    Float,
    /// Double Float Pixel Data (7FE0,0009).
    Double,
}

/// How a frame's samples are laid out, as the data set says (PS3.3 C.7.6.3.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Rows (0028,0010).
    pub rows: u32,
    /// Columns (0028,0011).
    pub columns: u32,
    /// Samples per Pixel (0028,0002): 1 or 3.
    pub samples_per_pixel: u16,
    /// Planar Configuration (0028,0006) is 1.
    pub planar: bool,
    /// Bits Allocated (0028,0100).
    pub bits_allocated: u16,
    /// Bits Stored (0028,0101).
    pub bits_stored: u16,
    /// High Bit (0028,0102).
    pub high_bit: u16,
    /// Pixel Representation (0028,0103) is 1.
    pub signed: bool,
    /// Photometric Interpretation (0028,0004).
    pub photometric: Photometric,
    /// Which element the pixels are in.
    pub kind: SampleKind,
}

impl Layout {
    /// The least and the greatest stored value that Bits Stored and Pixel Representation allow (PS3.3 C.7.6.3.1). Float values
    /// have no range of their own: the widest is given.
    pub fn stored_range(&self) -> (i64, i64) {
        if self.kind != SampleKind::Integer {
            return (i64::MIN, i64::MAX);
        }
        let values = 1i64 << self.bits_stored.clamp(1, 32);
        if self.signed {
            (-values / 2, values / 2 - 1)
        } else {
            (0, values - 1)
        }
    }
}

/// One frame as it was stored: codec bytes and all that is needed to decode them, borrowed from nothing.
#[derive(Clone, Debug)]
pub struct EncodedFrame {
    /// How the samples are laid out.
    pub layout: Arc<Layout>,
    /// How the bytes are encoded.
    pub transfer_syntax: TransferSyntax,
    /// The frame's own bytes; for 1-bit native data they begin at `bit_offset`.
    pub bytes: Bytes,
    /// First bit of the frame within `bytes` (1-bit native frames are not byte-aligned; 0 otherwise).
    pub bit_offset: u8,
}

/// A frame that is ready to be shown: its values, and the instance whose own header they came with.
#[derive(Clone, Debug)]
pub struct DecodedFrame {
    /// The object's own metadata, read from the object that the pixels came in.
    pub instance: Arc<Instance>,
    /// Index of the frame within the object, from 0.
    pub index: u32,
    /// The stored values and what they are.
    pub decoded: Decoded,
    /// Whether these are all the values that the object has of it.
    pub quality: Quality,
}

/// How much of a frame's own information its values hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quality {
    /// All of it: the frame as it was stored.
    #[default]
    Full,
    /// Less: a coarser or a guessed picture that stands in until the frame itself is here. Nobody may diagnose from it.
    Preview,
}
