//! Everything that needs the DICOM dictionary: typed metadata, frame decoding, phantoms as objects.
//!
//! It does not know where objects came from or how they are shown; it touches no file, socket, thread or clock.

mod attribute;
mod decode;
mod frame;
mod guard;
mod instance;
mod object;
mod uid;

pub mod dicomdir;
pub mod inspect;
pub mod listing;
pub mod order;
pub mod patient;
pub mod phantom;
pub mod presentation;
pub mod words;

pub use decode::{DecodeError, Decoded, blank, check, decode, must_be_apart};
pub use frame::{
    DecodedFrame, EncodedFrame, FrameRef, FrameWants, Layout, Photometric, Quality, SampleKind, TransferSyntax,
};
pub use instance::{
    CineTiming, DisplayWishes, FrameGeometry, FrameOrder, Instance, LossyEncoding, LossyState, LossyStep, Oddity,
    Overlay, SeriesText, Spacing, Suv, UltrasoundRegion, Unit, VoiChoice,
};
pub use object::{Object, ObjectError};
pub use patient::{PatientIdentity, Reader};
pub use uid::{InstanceUid, SeriesUid, StudyUid};
