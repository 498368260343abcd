//! Which bytes are which frame: native frames by arithmetic, encapsulated ones by tables that are checked, or by looking.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use dicom_core::VR;
use dicom_dictionary_std::uids;

use super::ObjectError;
use super::codestream::{Family, is_video};
use super::oddities::Oddities;
use crate::guard::{
    EXPLICIT_BIG_ENDIAN, Encoding, Fragments, GE_PRIVATE_BIG_ENDIAN_PIXELS, MOST_ELEMENTS, Stored, Walked, native,
};
use crate::instance::NativePixels;
use crate::{EncodedFrame, Layout, Photometric, TransferSyntax};

/// Encapsulated Uncompressed Explicit VR Little Endian (PS3.5 A.4.11).
const ENCAPSULATED_UNCOMPRESSED: &str = "1.2.840.10008.1.2.1.98";

/// No object has more frames than this, whatever it says: each is an entry in the lists of those who show it.
const MOST_FRAMES: u32 = 2_000_000;

/// What Number of Frames (0028,0008) says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Declared {
    /// Nothing: one frame.
    Absent,
    /// So many.
    Frames(u32),
    /// Something that is no number of frames.
    Nonsense,
}

impl Declared {
    fn or_one(self) -> Option<u32> {
        match self {
            Self::Absent => Some(1),
            Self::Frames(frames) => Some(frames),
            Self::Nonsense => None,
        }
    }
}

/// The frames of one object.
#[derive(Clone, Debug)]
pub(super) struct Frames {
    layout: Option<Arc<Layout>>,
    transfer_syntax: TransferSyntax,
    map: Map,
}

#[derive(Clone, Debug)]
enum Map {
    /// No pixel data element.
    Nothing,
    /// There is pixel data, but no frame can be cut from it.
    Unusable(ObjectError),
    /// Frame after frame without gaps.
    Native { data: Bytes, frame_bits: u64, count: u32 },
    /// Each frame is a run of fragments.
    Encapsulated { fragments: Fragments, frames: Vec<Run> },
}

/// The fragments of one frame.
#[derive(Clone, Debug, PartialEq)]
struct Run {
    fragments: Range<usize>,
    /// Its length by the extended table, without padding.
    length: Option<u64>,
}

impl Frames {
    pub(super) fn none(transfer_syntax: TransferSyntax) -> Self {
        Self {
            layout: None,
            transfer_syntax,
            map: Map::Nothing,
        }
    }

    /// Finds the frames, and how they are really encoded.
    pub(super) fn find(
        walked: &Walked,
        layout: Result<Layout, String>,
        declared: Declared,
        declared_syntax: &str,
        oddities: &mut Oddities,
    ) -> Self {
        let as_declared = TransferSyntax(declared_syntax.into());
        let Some(pixels) = &walked.pixels else {
            return Self::none(as_declared);
        };
        let layout = match layout {
            Ok(layout) => layout,
            Err(why) => {
                return Self {
                    layout: None,
                    transfer_syntax: as_declared,
                    map: Map::Unusable(ObjectError::Unusable(why)),
                };
            }
        };
        if declared == Declared::Nonsense {
            oddities.note("Number of Frames is no number of frames; the frames were counted.");
        }
        let finder = Finder {
            walked,
            layout,
            declared,
            declared_syntax,
            oddities,
        };
        match &pixels.stored {
            Stored::Native(data) => finder.native(data.clone(), pixels.vr),
            Stored::Encapsulated(fragments) => finder.encapsulated(fragments.clone()),
        }
    }

    pub(super) fn layout(&self) -> Option<&Arc<Layout>> {
        self.layout.as_ref()
    }
    pub(super) fn transfer_syntax(&self) -> &TransferSyntax {
        &self.transfer_syntax
    }
    pub(super) fn has_pixel_data(&self) -> bool {
        !matches!(self.map, Map::Nothing)
    }

    /// The whole pixel data where nothing encodes it.
    pub(super) fn native_pixels(&self) -> Option<NativePixels> {
        match &self.map {
            Map::Native { data, .. } => Some(NativePixels {
                data: data.clone(),
                big_endian: &*self.transfer_syntax.0 == EXPLICIT_BIG_ENDIAN,
            }),
            _ => None,
        }
    }

    pub(super) fn count(&self) -> u32 {
        match &self.map {
            Map::Nothing | Map::Unusable(_) => 0,
            Map::Native { count, .. } => *count,
            Map::Encapsulated { frames, .. } => u32::try_from(frames.len()).unwrap_or(u32::MAX),
        }
    }

    pub(super) fn cut(&self, index: u32) -> Result<EncodedFrame, ObjectError> {
        let missing = || ObjectError::NoSuchFrame {
            frame: u64::from(index) + 1,
            held: self.count(),
        };
        let (bytes, bit_offset) = match &self.map {
            Map::Nothing => return Err(ObjectError::NoPixels),
            Map::Unusable(why) => return Err(why.clone()),
            Map::Native {
                data,
                frame_bits,
                count,
            } => {
                if index >= *count {
                    return Err(missing());
                }
                let first_bit = frame_bits.checked_mul(u64::from(index)).ok_or_else(missing)?;
                let end_bit = first_bit.checked_add(*frame_bits).ok_or_else(missing)?;
                let last = data.len() as u64;
                let (from, to) = ((first_bit / 8).min(last), end_bit.div_ceil(8).min(last));
                // Both are at most data.len(), which is a usize.
                (data.slice(from as usize..to as usize), (first_bit % 8) as u8)
            }
            Map::Encapsulated { fragments, frames } => {
                let run = frames.get(index as usize).ok_or_else(missing)?;
                (joined(fragments, run), 0)
            }
        };
        Ok(EncodedFrame {
            layout: self.layout.clone().ok_or(ObjectError::NoPixels)?,
            transfer_syntax: self.transfer_syntax.clone(),
            bytes,
            bit_offset,
        })
    }
}

/// A frame's bytes: a slice of the input where it is one fragment, else joined.
fn joined(fragments: &Fragments, run: &Run) -> Bytes {
    let bytes = if run.fragments.len() == 1 {
        fragments.get(run.fragments.start).unwrap_or_default()
    } else {
        let parts = || run.fragments.clone().map(|index| fragments.bytes(index));
        let mut bytes = Vec::with_capacity(parts().map(<[u8]>::len).sum());
        parts().for_each(|part| bytes.extend_from_slice(part));
        bytes.into()
    };
    // Only an even-length padding byte may be taken away by the table's word.
    match run.length.and_then(|length| usize::try_from(length).ok()) {
        Some(length) if length < bytes.len() && bytes.len() - length <= 1 => bytes.slice(..length),
        _ => bytes,
    }
}

struct Finder<'a> {
    walked: &'a Walked,
    layout: Layout,
    declared: Declared,
    declared_syntax: &'a str,
    oddities: &'a mut Oddities,
}

impl Finder<'_> {
    fn is_native_syntax(&self) -> bool {
        [
            uids::IMPLICIT_VR_LITTLE_ENDIAN,
            uids::EXPLICIT_VR_LITTLE_ENDIAN,
            EXPLICIT_BIG_ENDIAN,
            uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
            GE_PRIVATE_BIG_ENDIAN_PIXELS,
        ]
        .contains(&self.declared_syntax)
    }

    fn done(self, transfer_syntax: &str, map: Map) -> Frames {
        Frames {
            layout: Some(Arc::new(self.layout)),
            transfer_syntax: TransferSyntax(transfer_syntax.into()),
            map,
        }
    }

    fn native(mut self, data: Bytes, vr: VR) -> Frames {
        let Some(frame_bits) = self.frame_bits(data.len()) else {
            let why = ObjectError::Unusable("rows, columns and bits make no frame of a sensible size".into());
            let syntax = self.declared_syntax;
            return self.done(syntax, Map::Unusable(why));
        };
        let mut syntax = self.declared_syntax;
        if !self.is_native_syntax() {
            // A value with a length under an encapsulated syntax: items without the marks, bare values, or a bare stream.
            if data.starts_with(&[0xFE, 0xFF, 0x00, 0xE0]) {
                self.oddities
                    .note("The pixel data has a length although it consists of fragments.");
                let (fragments, _) =
                    Fragments::read(&data, 0..data.len(), Encoding::EXPLICIT, MOST_ELEMENTS, self.oddities);
                return self.encapsulated(fragments);
            }
            let expected = frame_bits
                .saturating_mul(u64::from(self.declared.or_one().unwrap_or(1)))
                .div_ceil(8);
            let is_stream = Family::of(syntax).is_some_and(|family| family.starts(&data));
            if is_stream || (data.len() as u64) + 1 < expected {
                self.oddities
                    .note("The pixel data is compressed, but not in fragments.");
                return self.encapsulated(Fragments::single(data));
            }
            self.oddities
                .note("The file says that its pixels are compressed, but they are not.");
            syntax = native(self.walked.encoding);
        }
        let bits = data.len() as u64 * 8;
        // A padding byte is no frame.
        let held = (bits / frame_bits) + u64::from(bits % frame_bits > 8);
        let count = match self.declared {
            Declared::Absent => held.min(1),
            Declared::Frames(frames) => held.min(u64::from(frames)),
            Declared::Nonsense => (bits / frame_bits).max(u64::from(bits > 0)),
        };
        if let Some(frames) = self.declared.or_one() {
            let needed = frame_bits.saturating_mul(u64::from(frames)).div_ceil(8);
            if (data.len() as u64) < needed {
                self.oddities.note("The pixel data is shorter than its frames need.");
            } else if data.len() as u64 > needed + 1 {
                self.oddities
                    .note("The pixel data is longer than its frames need; the rest was left out.");
            }
        }
        // Words of 16 bits that hold bytes are swapped in big endian (PS3.5 8.2).
        let data = if syntax == EXPLICIT_BIG_ENDIAN && vr == VR::OW && self.layout.bits_allocated <= 8 {
            swapped_pairs(&data)
        } else {
            data
        };
        let count = u32::try_from(count).unwrap_or(u32::MAX).min(MOST_FRAMES);
        self.done(
            syntax,
            Map::Native {
                data,
                frame_bits,
                count,
            },
        )
    }

    /// The bits of one native frame; corrects a photometric interpretation that contradicts the data's length.
    fn frame_bits(&mut self, length: usize) -> Option<u64> {
        let layout = &mut self.layout;
        let pixels = u64::from(layout.rows).checked_mul(u64::from(layout.columns))?;
        let sample_bits = u64::from(layout.bits_allocated);
        let full = pixels
            .checked_mul(u64::from(layout.samples_per_pixel))?
            .checked_mul(sample_bits)?;
        if full == 0 {
            return None;
        }
        if layout.photometric == Photometric::YbrFull422 && layout.samples_per_pixel == 3 {
            let frames = u64::from(self.declared.or_one().unwrap_or(1));
            if full.saturating_mul(frames).div_ceil(8) <= length as u64 {
                self.oddities
                    .note("The chrominance is not halved although the image says so.");
                layout.photometric = Photometric::YbrFull;
                return Some(full);
            }
            // Two luminances share a pair of chrominances (PS3.3 C.7.6.3.1.2).
            return u64::from(layout.columns)
                .div_ceil(2)
                .checked_mul(4)?
                .checked_mul(u64::from(layout.rows))?
                .checked_mul(sample_bits);
        }
        Some(full)
    }

    fn encapsulated(mut self, fragments: Fragments) -> Frames {
        let mut syntax = self.declared_syntax;
        if self.is_native_syntax() && fragments.len() > 0 {
            let first = fragments.bytes(0);
            let found = Family::found(first).and_then(|family| family.transfer_syntax(first));
            self.oddities
                .note("The file says that its pixels are not compressed, but they are in fragments.");
            syntax = found.unwrap_or(ENCAPSULATED_UNCOMPRESSED);
        }
        // A film is refused by its decoder; until then it counts as one picture, and is not copied together.
        let runs = if is_video(syntax) {
            Ok(runs_from(&[0], fragments.len().min(1), &[]))
        } else {
            self.runs(&fragments, Family::of(syntax))
        };
        let map = match runs {
            Ok(frames) => Map::Encapsulated { fragments, frames },
            Err(why) => Map::Unusable(why),
        };
        self.done(syntax, map)
    }

    /// Which fragments make which frame; tables are believed only where they meet fragments and the streams' own beginnings.
    fn runs(&mut self, fragments: &Fragments, family: Option<Family>) -> Result<Vec<Run>, ObjectError> {
        let count = fragments.len();
        if count == 0 {
            return Ok(Vec::new());
        }
        let begins: Vec<usize> = match family {
            Some(family) => (0..count)
                .filter(|&index| family.starts(fragments.bytes(index)))
                .collect(),
            None => Vec::new(),
        };
        let table = |offsets: &[u64], oddities: &mut Oddities| -> Option<Vec<usize>> {
            if offsets.is_empty() {
                return None;
            }
            let found: Option<Vec<usize>> = offsets.iter().map(|&offset| fragments.at_offset(offset)).collect();
            let found = found.filter(|starts| {
                starts.first() == Some(&0)
                    && starts.is_sorted_by(|a, b| a < b)
                    && (begins.is_empty() || starts.iter().all(|start| begins.binary_search(start).is_ok()))
            });
            if found.is_none() {
                oddities.note("The table of frame offsets does not fit the pixel data and was not used.");
            }
            found
        };
        let extended = table(&self.walked.extended_offsets, self.oddities);
        let basic = table(&fragments.basic_offsets, self.oddities);
        let declared = self.declared.or_one().map(|frames| frames as usize);
        let matches = |starts: &Option<Vec<usize>>| starts.as_ref().is_some_and(|s| Some(s.len()) == declared);

        if matches(&extended) {
            let lengths = &self.walked.extended_lengths;
            return Ok(runs_from(&extended.unwrap_or_default(), count, lengths));
        }
        if matches(&basic) {
            return Ok(runs_from(&basic.unwrap_or_default(), count, &[]));
        }
        if declared == Some(count) {
            return Ok(runs_from(&(0..count).collect::<Vec<_>>(), count, &[]));
        }
        if declared == Some(1) && begins.len() <= 1 {
            return Ok(vec![Run {
                fragments: 0..count,
                length: None,
            }]);
        }
        if Some(begins.len()) == declared && begins.first() == Some(&0) {
            return Ok(runs_from(&begins, count, &[]));
        }
        // From here on the number of frames is not what the data set says.
        if let Some(starts) = extended.or(basic).or((begins.first() == Some(&0)).then_some(begins)) {
            self.oddities
                .note("The pixel data holds another number of frames than the image says.");
            return Ok(runs_from(&starts, count, &[]));
        }
        match declared {
            Some(frames) if frames < count => Err(ObjectError::Unusable(
                "nothing says which fragments of its pixel data belong to which frame".into(),
            )),
            _ => {
                self.oddities
                    .note("The pixel data holds another number of frames than the image says.");
                Ok(runs_from(&(0..count).collect::<Vec<_>>(), count, &[]))
            }
        }
    }
}

/// Frames that begin at these fragments; each ends where the next begins.
fn runs_from(starts: &[usize], count: usize, lengths: &[u64]) -> Vec<Run> {
    let ends = starts.iter().skip(1).copied().chain([count]);
    starts
        .iter()
        .zip(ends)
        .enumerate()
        .map(|(frame, (&start, end))| Run {
            fragments: start..end,
            length: lengths.get(frame).copied(),
        })
        .collect()
}

fn swapped_pairs(data: &[u8]) -> Bytes {
    let mut swapped = data.to_vec();
    swapped
        .as_chunks_mut::<2>()
        .0
        .iter_mut()
        .for_each(|pair| pair.swap(0, 1));
    swapped.into()
}
