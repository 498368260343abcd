//! Everything that needs the DICOM dictionary: typed metadata, frame decoding, phantoms as objects.
//!
//! It does not know where objects came from or how they are shown; it touches no file, socket, thread or clock.

mod frame;
mod instance;
mod patient;
mod uid;

pub use frame::{EncodedFrame, FrameRef, FrameWants, Layout, Photometric, SampleKind, TransferSyntax};
pub use instance::{
    CineTiming, FrameGeometry, Instance, LossyState, Oddity, SeriesText, Spacing, UltrasoundRegion, Unit, VoiChoice,
};
pub use patient::{PatientIdentity, Reader};
pub use uid::{InstanceUid, SeriesUid, StudyUid};
