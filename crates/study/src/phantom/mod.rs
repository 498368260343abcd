//! Synthetic studies as DICOM objects: invented patients, `pixels::phantom` as their pictures, the same on every machine.
//!
//! Everything is a pure function of the identifiers: [`catalogue`] lists what there is, [`header`] describes one object,
//! [`object`] makes its pixels now and gives the whole Part 10 file (Explicit VR Little Endian).

use std::sync::LazyLock;

use bytes::Bytes;
use dicom_object::InMemDicomObject;
use pixels::StoredFrame;
use pixels::phantom::radiograph::Radiograph;

use crate::listing::StudyListing;
use crate::{InstanceUid, PatientIdentity, Reader, SeriesUid, StudyUid};

mod ct;
mod elements;
mod file;
mod general;
mod mr;
mod people;
mod radiograph;
mod recipe;
mod uid;
mod ultrasound;
mod worklist;

#[cfg(test)]
mod tests;

use recipe::Recipe;
use worklist::{STUDIES, SeriesPlan, StudyPlan};

/// One synthetic study.
#[derive(Clone, Debug)]
pub struct PhantomStudy {
    /// The study as a row of the worklist.
    pub listing: StudyListing,
    /// Its series, in the order of their numbers.
    pub series: Vec<PhantomSeries>,
    plan: &'static StudyPlan,
}

/// One series of a synthetic study.
#[derive(Clone, Debug)]
pub struct PhantomSeries {
    /// Series Instance UID.
    pub uid: SeriesUid,
    /// Modality (0008,0060).
    pub modality: &'static str,
    /// Series Description (0008,103E).
    pub description: String,
    /// How many instances it holds.
    pub instances: u32,
    plan: &'static SeriesPlan,
}

impl PhantomSeries {
    /// SOP Instance UID of an instance, counted from 0.
    pub fn instance_uid(&self, index: u32) -> InstanceUid {
        InstanceUid::from_uuid(uid::uuid(&["instance", self.uid.as_str(), &index.to_string()]))
    }
}

/// One instance that is to be described.
struct Wanted<'a> {
    study: &'a PhantomStudy,
    series: &'a PhantomSeries,
    index: u32,
}

static CATALOGUE: LazyLock<Vec<PhantomStudy>> = LazyLock::new(|| STUDIES.iter().map(planned).collect());

fn planned(plan: &'static StudyPlan) -> PhantomStudy {
    let study = StudyUid::from_uuid(uid::uuid(&["study", plan.accession]));
    let series: Vec<PhantomSeries> = plan
        .series
        .iter()
        .map(|series| PhantomSeries {
            uid: SeriesUid::from_uuid(uid::uuid(&["series", plan.accession, &series.number.to_string()])),
            modality: series.recipe.modality(),
            description: series.description.to_owned(),
            instances: series.recipe.instances(),
            plan: series,
        })
        .collect();
    let mut modalities: Vec<String> = series.iter().map(|s| s.modality.to_owned()).collect();
    modalities.dedup();
    let listing = StudyListing {
        study,
        patient: PatientIdentity {
            name: Reader::new(plan.person.name),
            id: Reader::new(plan.person.id),
            issuer: Reader::new(general::ISSUER),
            birth_date: Reader::new(plan.person.birth),
            sex: Reader::new(plan.person.sex),
            age: Reader::new(general::age(plan.person.birth, plan.date)),
            identity_removed: false,
        },
        date: plan.date.to_owned(),
        time: plan.time.to_owned(),
        description: Reader::new(plan.description),
        accession: Reader::new(plan.accession),
        modalities,
        referring: Reader::new(plan.referring),
        series: Some(series.len() as u32),
        instances: Some(series.iter().map(|s| s.instances).sum()),
    };
    PhantomStudy { listing, series, plan }
}

/// Every synthetic study: the CT of the demonstration first, its prior second.
pub fn catalogue() -> Vec<PhantomStudy> {
    CATALOGUE.clone()
}

/// The study that the demonstration opens: a CT of the chest, whose prior stands in the same catalogue.
pub fn demo_study() -> StudyUid {
    StudyUid::from_uuid(uid::uuid(&["study", STUDIES[0].accession]))
}

fn wanted<'a>(study: &StudyUid, series: &SeriesUid, index: u32) -> Option<Wanted<'a>> {
    let study = CATALOGUE.iter().find(|s| s.listing.study == *study)?;
    let series = study.series.iter().find(|s| s.uid == *series)?;
    (index < series.instances).then_some(Wanted { study, series, index })
}

/// The header of an instance (counted from 0), without its pixels; `None` when the catalogue has no such instance.
pub fn header(study: &StudyUid, series: &SeriesUid, index: u32) -> Option<InMemDicomObject> {
    wanted(study, series, index).map(|wanted| wanted.header())
}

/// An instance (counted from 0) as a file, its pixels made now; `None` when the catalogue has no such instance.
pub fn object(study: &StudyUid, series: &SeriesUid, index: u32) -> Option<Bytes> {
    let wanted = wanted(study, series, index)?;
    file::write(wanted.header(), &wanted.pixels())
}

impl Recipe {
    fn modality(&self) -> &'static str {
        match self {
            Self::Torso(_) => "CT",
            Self::Head(_) | Self::Knee(_) => "MR",
            Self::Chest(_) => "DX",
            Self::Heart(_) => "US",
        }
    }

    fn instances(&self) -> u32 {
        match self {
            Self::Torso(scan) => scan.slices,
            Self::Head(scans) => scans.iter().map(|s| s.slices).sum(),
            Self::Knee(scan) => scan.slices,
            Self::Chest(exposures) => exposures.len() as u32,
            Self::Heart(clips) => clips.len() as u32,
        }
    }
}

impl Wanted<'_> {
    fn header(&self) -> InMemDicomObject {
        let mut e = elements::Elements::new();
        self.general(&mut e);
        match self.series.plan.recipe {
            Recipe::Torso(scan) => self.ct(&mut e, &scan),
            Recipe::Head(scans) => self.head(&mut e, scans),
            Recipe::Knee(scan) => self.knee(&mut e, &scan),
            Recipe::Chest(exposures) => self.radiograph(&mut e, exposures),
            Recipe::Heart(clips) => self.ultrasound(&mut e, clips),
        }
        e.finish()
    }

    /// One frame of the instance (from 0).
    fn frame(&self, frame: u32) -> Option<StoredFrame> {
        match self.series.plan.recipe {
            Recipe::Torso(scan) => Some(scan.slice(self.index)),
            Recipe::Head(scans) => {
                let (scan, slice) = mr::head_slice(scans, self.index);
                Some(scan.slice(slice))
            }
            Recipe::Knee(scan) => Some(scan.slice(self.index)),
            Recipe::Chest(exposures) => exposures.get(self.index as usize).map(Radiograph::frame),
            Recipe::Heart(clips) => clips.get(self.index as usize).map(|clip| clip.frame(frame)),
        }
    }

    /// How many frames the instance holds.
    fn frames(&self) -> u32 {
        match self.series.plan.recipe {
            Recipe::Heart(clips) => clips.get(self.index as usize).map_or(0, |clip| clip.frames),
            Recipe::Torso(_) | Recipe::Head(_) | Recipe::Knee(_) | Recipe::Chest(_) => 1,
        }
    }

    /// The frames of the instance, one after the other.
    fn pixels(&self) -> Vec<StoredFrame> {
        (0..self.frames()).filter_map(|frame| self.frame(frame)).collect()
    }

    /// A UID of something that this study has one of.
    fn shared_uid(&self, what: &str) -> String {
        uid::text(&[what, self.study.plan.accession])
    }

    /// The instance's own UID.
    fn instance_uid(&self) -> InstanceUid {
        self.series.instance_uid(self.index)
    }

    /// The series as it is planned.
    fn plan(&self) -> &'static SeriesPlan {
        self.series.plan
    }
}
