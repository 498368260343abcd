//! Pieces for tests: identifiers, frames and instances that hold no more than a test needs.

use std::sync::Arc;

use pixels::{Samples, StoredFrame};
use study::{
    Decoded, DecodedFrame, FrameRef, Instance, InstanceUid, Layout, LossyState, PatientIdentity, Photometric, Quality,
    SampleKind, SeriesText, SeriesUid, StudyUid, TransferSyntax, Unit,
};

pub(crate) fn study_uid(study: u32) -> StudyUid {
    StudyUid::new(&format!("1.2.{study}")).unwrap()
}

pub(crate) fn series_uid(study: u32, series: u32) -> SeriesUid {
    SeriesUid::new(&format!("1.2.{study}.{series}")).unwrap()
}

pub(crate) fn instance_uid(study: u32, series: u32, number: u32) -> InstanceUid {
    InstanceUid::new(&format!("1.2.{study}.{series}.{number}")).unwrap()
}

/// Frame 0 of an instance of series 1.
pub(crate) fn frame(study: u32, number: u32) -> FrameRef {
    frame_of(study, 1, number)
}

pub(crate) fn frame_of(study: u32, series: u32, number: u32) -> FrameRef {
    FrameRef {
        study: study_uid(study),
        series: series_uid(study, series),
        instance: instance_uid(study, series, number),
        frame: 0,
    }
}

/// A single-frame image of 10×10 8-bit pixels: 100 bytes.
pub(crate) fn instance(study: u32, series: u32, number: u32) -> Arc<Instance> {
    Arc::new(Instance {
        study: study_uid(study),
        series: series_uid(study, series),
        uid: instance_uid(study, series, number),
        sop_class: String::new(),
        transfer_syntax: TransferSyntax("1.2.840.10008.1.2.1".into()),
        patient: PatientIdentity::default(),
        text: SeriesText {
            series_number: Some(i64::from(series)),
            ..SeriesText::default()
        },
        instance_number: Some(i64::from(number)),
        image_type: Vec::new(),
        acquired: String::new(),
        layout: Some(Arc::new(Layout {
            rows: 10,
            columns: 10,
            samples_per_pixel: 1,
            planar: false,
            bits_allocated: 8,
            bits_stored: 8,
            high_bit: 7,
            signed: false,
            photometric: Photometric::Monochrome2,
            kind: SampleKind::Integer,
        })),
        frames: 1,
        geometry: Vec::new(),
        padding: None,
        inverse: false,
        palette: None,
        suv: None,
        colours: pixels::colour::ColourState::default(),
        wishes: study::DisplayWishes::default(),
        unit: Unit::StoredValue,
        lossy: LossyState::default(),
        cine: None,
        presentation: None,
        oddities: Vec::new(),
        corrections: Vec::new(),
    })
}

/// A decoded frame of so many bytes.
pub(crate) fn decoded(bytes: u32) -> Arc<DecodedFrame> {
    Arc::new(DecodedFrame {
        instance: instance(1, 1, 0),
        index: 0,
        decoded: Decoded {
            frame: StoredFrame {
                columns: bytes,
                rows: 1,
                channels: 1,
                samples: Samples::U8(vec![0; bytes as usize]),
            },
            photometric: Photometric::Monochrome2,
            oddities: Vec::new(),
        },
        quality: Quality::Full,
    })
}
