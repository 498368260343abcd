//! A DICOM object in memory: its header as a data set, its pixel data as slices of the input.

use bytes::Bytes;
use dicom_object::InMemDicomObject;
use thiserror::Error;

use crate::{EncodedFrame, Instance, Oddity, TransferSyntax};

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

/// A DICOM object: the header parsed, the pixels untouched slices of the input.
#[derive(Clone)]
pub struct Object {
    dataset: InMemDicomObject,
    transfer_syntax: TransferSyntax,
    oddities: Vec<Oddity>,
    source: Bytes,
}

impl Object {
    /// Reads a Part 10 file or a bare data set, tolerantly; every oddity becomes a sentence.
    ///
    /// # Errors
    /// `NotDicom` for other kinds of file, `Refused` when a limit is passed.
    pub fn parse(bytes: Bytes) -> Result<Self, ObjectError> {
        let _ = bytes;
        Err(ObjectError::NotDicom("the reader is being built".into()))
    }

    /// The header: every element but the pixel data, texts in UTF-8.
    pub fn dataset(&self) -> &InMemDicomObject {
        &self.dataset
    }

    /// How the pixel data is really encoded; where the file said otherwise, an oddity says so.
    pub fn transfer_syntax(&self) -> &TransferSyntax {
        &self.transfer_syntax
    }

    /// Media Storage SOP Class UID (0002,0002) of the file's meta information; empty for a bare data set.
    pub fn media_storage_class(&self) -> &str {
        ""
    }

    /// What was missing, odd or corrected while the structure was read.
    pub fn oddities(&self) -> &[Oddity] {
        &self.oddities
    }

    /// The bytes that the object was read from.
    pub fn source(&self) -> &Bytes {
        &self.source
    }

    /// The typed metadata.
    ///
    /// # Errors
    /// `Unusable` when a UID that identifies the object is missing or malformed.
    pub fn instance(&self) -> Result<Instance, ObjectError> {
        Instance::from_dataset(&self.dataset, self.transfer_syntax.clone())
    }

    /// How many frames the pixel data really holds; 0 without pixels.
    pub fn frames(&self) -> u32 {
        0
    }

    /// Cuts one frame (from 0).
    ///
    /// # Errors
    /// `NoPixels`, `NoSuchFrame`, or `Unusable` when the layout makes no sense.
    pub fn encoded_frame(&self, index: u32) -> Result<EncodedFrame, ObjectError> {
        let _ = index;
        Err(ObjectError::NoPixels)
    }
}
