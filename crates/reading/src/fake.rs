//! Studies and frames for tests: known geometry, known values, invented people.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use pixels::display::{Modality, Voi, VoiFunction};
use pixels::{Samples, StoredFrame};
use space::{FrameOfReference, PatientFromImage, PatientPoint, PatientVector, Turn};
use study::listing::StudyListing;
use study::presentation::{Annotation, Images, PresentationLut, PresentationState, Scoped, SeriesImages};
use study::{
    Decoded, DecodedFrame, FrameGeometry, FrameOrder, FrameRef, Instance, InstanceUid, Layout, LossyState,
    PatientIdentity, Photometric, Quality, Reader, SampleKind, SeriesText, SeriesUid, Spacing, StudyUid,
    TransferSyntax, Unit, VoiChoice,
};

use crate::Frames;

/// Columns and rows of every fake image.
pub(crate) const SIZE: (u32, u32) = (64, 48);

pub(crate) fn window(centre: f64, width: f64) -> Voi {
    Voi::Window {
        centre,
        width,
        function: VoiFunction::Linear,
    }
}

/// An axial slice at z = 0, 0.5 mm between columns and 0.8 mm between rows.
pub(crate) fn geometry() -> FrameGeometry {
    FrameGeometry {
        plane: Some(PatientFromImage {
            frame_of_reference: Some(FrameOfReference::new("1.2.3")),
            origin: PatientPoint::new(-16.0, -19.0, 0.0),
            along_row: PatientVector::new(1.0, 0.0, 0.0),
            along_column: PatientVector::new(0.0, 1.0, 0.0),
            column_spacing: 0.5,
            row_spacing: 0.8,
        }),
        spacing: Spacing::Patient { row: 0.8, column: 0.5 },
        modality: Modality::Rescale {
            slope: 1.0,
            intercept: -1024.0,
        },
        voi: vec![
            VoiChoice {
                name: "ABDOMEN".to_owned(),
                voi: window(40.0, 400.0),
            },
            VoiChoice {
                name: String::new(),
                voi: window(-500.0, 1500.0),
            },
        ],
        thickness: Some(1.25),
        order: FrameOrder::default(),
        orientation_refused: false,
        patient_orientation: None,
    }
}

pub(crate) fn patient(name: &str, id: &str) -> PatientIdentity {
    PatientIdentity {
        name: Reader::new(name),
        id: Reader::new(id),
        birth_date: Reader::new("19720312"),
        sex: Reader::new("F"),
        ..PatientIdentity::default()
    }
}

/// One fake study: its people, dates and series.
#[derive(Clone)]
pub(crate) struct FakeStudy {
    pub(crate) number: u32,
    pub(crate) patient: PatientIdentity,
    pub(crate) date: &'static str,
    /// Modality and number of images of each series.
    pub(crate) series: Vec<(&'static str, u32)>,
}

impl FakeStudy {
    /// A CT of one series of `images`.
    pub(crate) fn ct(number: u32, patient: PatientIdentity, date: &'static str, images: u32) -> Self {
        Self {
            number,
            patient,
            date,
            series: vec![("CT", images)],
        }
    }

    pub(crate) fn uid(&self) -> StudyUid {
        StudyUid::new(&format!("1.2.{}", self.number)).unwrap()
    }

    pub(crate) fn listing(&self) -> StudyListing {
        let mut modalities: Vec<String> = self.series.iter().map(|(m, _)| (*m).to_owned()).collect();
        modalities.dedup();
        StudyListing {
            study: self.uid(),
            patient: self.patient.clone(),
            date: self.date.to_owned(),
            time: "101500".to_owned(),
            description: Reader::new(format!("Study {}", self.number)),
            accession: Reader::new(format!("A{}", self.number)),
            modalities,
            referring: Reader::default(),
            series: None,
            instances: Some(self.series.iter().map(|(_, n)| *n).sum()),
        }
    }

    /// Every instance of the study.
    pub(crate) fn instances(&self) -> Vec<Arc<Instance>> {
        let series = self.series.iter().enumerate();
        series
            .flat_map(|(s, (_, count))| (0..*count).map(move |i| (s, i)))
            .map(|(s, i)| Arc::new(self.instance(s, i)))
            .collect()
    }

    pub(crate) fn frame(&self, series: usize, index: u32) -> FrameRef {
        let instance = self.instance(series, index);
        FrameRef {
            study: instance.study,
            series: instance.series,
            instance: instance.uid,
            frame: 0,
        }
    }

    pub(crate) fn instance(&self, series: usize, index: u32) -> Instance {
        let (modality, _) = self.series[series];
        let mut geometry = geometry();
        if let Some(plane) = &mut geometry.plane {
            plane.origin.z = f64::from(index) * 2.5;
            plane.frame_of_reference = Some(FrameOfReference::new(&format!("1.9.{}", self.number)));
        }
        let (columns, rows) = SIZE;
        Instance {
            study: self.uid(),
            series: SeriesUid::new(&format!("1.2.{}.{series}", self.number)).unwrap(),
            uid: InstanceUid::new(&format!("1.2.{}.{series}.{index}", self.number)).unwrap(),
            sop_class: "1.2.840.10008.5.1.4.1.1.2".to_owned(),
            transfer_syntax: TransferSyntax("1.2.840.10008.1.2.1".into()),
            patient: self.patient.clone(),
            text: SeriesText {
                modality: modality.to_owned(),
                series_description: Reader::new(format!("Series of {}", self.number)),
                series_number: Some(series as i64 + 1),
                study_date: self.date.to_owned(),
                study_time: "101500".to_owned(),
                accession: Reader::new(format!("A{}", self.number)),
                ..SeriesText::default()
            },
            instance_number: Some(i64::from(index) + 1),
            image_type: Vec::new(),
            acquired: String::new(),
            layout: Some(Arc::new(Layout {
                rows,
                columns,
                samples_per_pixel: 1,
                planar: false,
                bits_allocated: 16,
                bits_stored: 12,
                high_bit: 11,
                signed: false,
                photometric: Photometric::Monochrome2,
                kind: SampleKind::Integer,
            })),
            frames: 1,
            geometry: vec![geometry],
            padding: None,
            inverse: false,
            palette: None,
            suv: None,
            colours: pixels::colour::ColourState::default(),
            wishes: study::DisplayWishes::default(),
            unit: Unit::Hounsfield,
            lossy: LossyState::default(),
            cine: None,
            presentation: None,
            oddities: Vec::new(),
            corrections: Vec::new(),
        }
    }
}

/// A grayscale presentation state of the first series of study 1, with nothing but a label and annotations.
pub(crate) fn state(label: &str, annotations: Vec<Annotation>) -> PresentationState {
    PresentationState {
        colour: false,
        label: Reader::new(label),
        description: Reader::default(),
        creator: Reader::new("Doctor^A"),
        created: "20261124".to_owned(),
        series: vec![SeriesImages {
            series: SeriesUid::new("1.2.1.0").unwrap(),
            images: Images::default(),
        }],
        modality: Modality::Rescale {
            slope: 1.0,
            intercept: -1024.0,
        },
        lut: PresentationLut::Identity,
        turn: Turn::None,
        flipped: false,
        shutter: None,
        overlays: Vec::new(),
        active_overlays: Vec::new(),
        not_shown: Vec::new(),
        windows: Vec::new(),
        areas: Vec::new(),
        annotations: annotations.into_iter().map(everywhere).collect(),
    }
}

/// What holds for all images of a state.
pub(crate) fn everywhere<T>(what: T) -> Scoped<T> {
    Scoped {
        images: Images::default(),
        what: Arc::new(what),
    }
}

/// A frame whose stored value is 1000 + column + 100·row.
pub(crate) fn decoded(instance: Arc<Instance>, index: u32) -> DecodedFrame {
    let (columns, rows) = SIZE;
    let values = (0..rows).flat_map(|row| (0..columns).map(move |column| (1000 + column + 100 * row) as u16 % 4096));
    DecodedFrame {
        instance,
        index,
        decoded: Decoded {
            frame: StoredFrame {
                columns,
                rows,
                channels: 1,
                samples: Samples::U16(values.collect()),
            },
            photometric: Photometric::Monochrome2,
            oddities: Vec::new(),
        },
        quality: Quality::Full,
    }
}

/// A memory of decoded frames that tests fill and empty.
#[derive(Default)]
pub(crate) struct FakeFrames(RefCell<HashMap<FrameRef, Arc<DecodedFrame>>>);

impl FakeFrames {
    /// Puts an instance's frames in.
    pub(crate) fn put(&self, instance: &Arc<Instance>) {
        for frame in 0..instance.frames {
            let name = FrameRef {
                study: instance.study.clone(),
                series: instance.series.clone(),
                instance: instance.uid.clone(),
                frame,
            };
            let decoded = Arc::new(decoded(Arc::clone(instance), frame));
            self.0.borrow_mut().insert(name, decoded);
        }
    }
    /// Puts every frame of a study in.
    pub(crate) fn put_all(&self, study: &FakeStudy) {
        study.instances().iter().for_each(|instance| self.put(instance));
    }
    /// Puts a frame in under a name that may be another's.
    pub(crate) fn put_as(&self, name: FrameRef, frame: DecodedFrame) {
        self.0.borrow_mut().insert(name, Arc::new(frame));
    }
    /// Forgets every frame.
    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }
}

impl Frames for FakeFrames {
    fn get(&self, frame: &FrameRef) -> Option<Arc<DecodedFrame>> {
        self.0.borrow().get(frame).cloned()
    }
}
