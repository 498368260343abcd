//! A DICOM object in memory: its header as a data set, its pixel data as slices of the input.

mod codestream;
mod frames;
mod oddities;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Bytes;
use dicom_object::InMemDicomObject;
use thiserror::Error;

use crate::guard;
use crate::instance::{PixelsFound, declared_frames, layout};
use crate::{EncodedFrame, Instance, Oddity, SampleKind, TransferSyntax};

pub(crate) use frames::Declared;
pub(crate) use oddities::Oddities;

/// Why an object could not be opened, or a frame not be cut from it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ObjectError {
    /// The bytes are something else.
    #[error("This is not a DICOM file: {0}.")]
    NotDicom(String),
    /// The structure passes a limit that protects this program.
    #[error("The object was refused: {0}.")]
    Refused(String),
    /// A value without which the object has no meaning is missing or unusable.
    #[error("The object cannot be used: {0}.")]
    Unusable(String),
    /// The object has no pixels.
    #[error("The object has no pixel data; it is not an image.")]
    NoPixels,
    /// The frame is not there.
    #[error("Frame {frame} is not in the pixel data, which holds {held}.")]
    NoSuchFrame {
        /// The frame, counted from 1.
        frame: u64,
        /// How many frames are there.
        held: u32,
    },
}

/// A DICOM object: the header parsed, the pixels untouched slices of the input. Cheap to clone.
#[derive(Clone)]
pub struct Object(Arc<Parsed>);

struct Parsed {
    dataset: InMemDicomObject,
    media_storage_class: String,
    frames: frames::Frames,
    kind: SampleKind,
    oddities: Vec<Oddity>,
    corrections: Vec<Oddity>,
    /// Bytes of memory that what is read from the data set may still take.
    spare: u64,
    source: Bytes,
}

impl Object {
    /// Reads a Part 10 file or a bare data set, tolerantly; every oddity becomes a sentence.
    ///
    /// Neither time nor memory grows beyond a small multiple of the input, whatever the file says of itself.
    ///
    /// # Errors
    /// `NotDicom` for other kinds of file, `Refused` when a limit is passed: more than 64 nested sequences, 2 million
    /// elements, a million values in one text, or more memory than 26 MiB, twice the file's size and a hundred times what it has
    /// beyond 1 MiB.
    pub fn parse(bytes: Bytes) -> Result<Self, ObjectError> {
        let mut oddities = Oddities::default();
        let passed = guard::pass(&bytes, &mut oddities)?;
        let walked = passed.walked;
        let kind = walked.pixels.as_ref().map_or(SampleKind::Integer, |pixels| pixels.kind);
        let frames = if walked.pixels.is_some() {
            let layout = layout(&walked.dataset, kind, &mut oddities);
            let declared = declared_frames(&walked.dataset);
            frames::Frames::find(&walked, layout, declared, &passed.transfer_syntax, &mut oddities)
        } else {
            frames::Frames::none(TransferSyntax(passed.transfer_syntax.as_str().into()))
        };
        let (oddities, corrections) = oddities.into_lists();
        Ok(Self(Arc::new(Parsed {
            dataset: walked.dataset,
            media_storage_class: passed.media_storage_class,
            spare: passed.spare,
            frames,
            kind,
            oddities,
            corrections,
            source: bytes,
        })))
    }

    /// The header: every element but the pixel data and its offset tables, texts in UTF-8 (and Specific Character Set saying so).
    pub fn dataset(&self) -> &InMemDicomObject {
        &self.0.dataset
    }

    /// How the pixel data is really encoded; where the file said otherwise, an oddity says so. An object in the deflated
    /// syntax keeps that name, although its data set, and with it its native pixels, is already inflated.
    pub fn transfer_syntax(&self) -> &TransferSyntax {
        self.0.frames.transfer_syntax()
    }

    /// Media Storage SOP Class UID (0002,0002) of the file's meta information; empty for a bare data set.
    pub fn media_storage_class(&self) -> &str {
        &self.0.media_storage_class
    }

    /// What was missing, odd or corrected while the structure was read.
    pub fn oddities(&self) -> &[Oddity] {
        &self.0.oddities
    }

    /// The bytes that the object was read from.
    pub fn source(&self) -> &Bytes {
        &self.0.source
    }

    /// The typed metadata, with the frames that are really there and the oddities of structure and metadata together.
    ///
    /// # Errors
    /// `Unusable` when a UID that identifies the object is missing or malformed, `Refused` when the descriptions of its frames
    /// are larger than any sensible object's.
    pub fn instance(&self) -> Result<Instance, ObjectError> {
        Instance::of_object(&self.0.dataset, self.transfer_syntax().clone(), self.found())
    }

    /// The typed metadata without the UIDs that identify the object, in whose places stands one that names nothing.
    pub(crate) fn unnamed_instance(&self) -> Result<Instance, ObjectError> {
        Instance::of_unnamed(&self.0.dataset, self.transfer_syntax().clone(), self.found())
    }

    fn found(&self) -> PixelsFound {
        PixelsFound {
            present: self.0.frames.has_pixel_data(),
            kind: self.0.kind,
            layout: self.0.frames.layout().cloned(),
            frames: self.frames(),
            native: self.0.frames.native_pixels(),
            oddities: (self.0.oddities.clone(), self.0.corrections.clone()),
            spare: self.0.spare,
        }
    }

    /// How many frames the pixel data really holds; 0 without pixels.
    pub fn frames(&self) -> u32 {
        self.0.frames.count()
    }

    /// Cuts one frame (from 0). Of data that ends early, the last frame is as long as what is there.
    ///
    /// # Errors
    /// `NoPixels`, `NoSuchFrame`, or `Unusable` when the layout makes no sense or nothing says where frames begin.
    pub fn encoded_frame(&self, index: u32) -> Result<EncodedFrame, ObjectError> {
        self.0.frames.cut(index)
    }
}
