//! The index: studies, their series, their instances, and for each the attributes that searches use.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use study::{InstanceUid, SeriesUid, StudyUid, TransferSyntax};

use super::attributes::{self, Level};

/// Where an instance's bytes are.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// Made when it is wanted: the index within its series.
    Phantom(u32),
    /// A file.
    File(PathBuf),
    /// Stored in memory.
    Memory(Bytes),
}

/// One instance.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) study: StudyUid,
    pub(crate) series: SeriesUid,
    pub(crate) uid: InstanceUid,
    pub(crate) sop_class: Arc<str>,
    pub(crate) transfer_syntax: TransferSyntax,
    /// Instance Number, else the place in its series.
    pub(crate) number: i64,
    pub(crate) place: Place,
    /// Attributes of the instance level; `None` for a phantom, whose header is made when it is wanted.
    pub(crate) attributes: Option<InMemDicomObject>,
}

impl Instance {
    /// The attributes of the instance level.
    pub(crate) fn attributes(&self) -> InMemDicomObject {
        match (&self.attributes, &self.place) {
            (Some(attributes), _) => attributes.clone(),
            (None, Place::Phantom(index)) => study::phantom::header(&self.study, &self.series, *index)
                .map(|header| attributes::select(Level::Instance, &header))
                .unwrap_or_else(InMemDicomObject::new_empty),
            (None, _) => InMemDicomObject::new_empty(),
        }
    }
}

/// One series.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) attributes: InMemDicomObject,
    instances: BTreeMap<InstanceUid, Arc<Instance>>,
}

impl Series {
    pub(crate) fn len(&self) -> usize {
        self.instances.len()
    }

    /// The instances by Instance Number.
    pub(crate) fn ordered(&self) -> Vec<Arc<Instance>> {
        let mut list: Vec<_> = self.instances.values().cloned().collect();
        list.sort_by_key(|instance| instance.number);
        list
    }
}

/// One study.
#[derive(Debug)]
pub(crate) struct Study {
    pub(crate) attributes: InMemDicomObject,
    series: BTreeMap<SeriesUid, Series>,
}

impl Study {
    /// The series by Series Number.
    pub(crate) fn ordered(&self) -> Vec<(&SeriesUid, &Series)> {
        let mut list: Vec<_> = self.series.iter().collect();
        list.sort_by_key(|(_, series)| integer(&series.attributes, tags::SERIES_NUMBER).unwrap_or(i64::MAX));
        list
    }

    pub(crate) fn series(&self, uid: &SeriesUid) -> Option<&Series> {
        self.series.get(uid)
    }

    pub(crate) fn modalities(&self) -> BTreeSet<String> {
        let modality = |series: &Series| text(&series.attributes, tags::MODALITY);
        self.series.values().map(modality).filter(|m| !m.is_empty()).collect()
    }

    pub(crate) fn sop_classes(&self) -> BTreeSet<String> {
        let instances = self.series.values().flat_map(|series| series.instances.values());
        instances.map(|instance| instance.sop_class.to_string()).collect()
    }

    pub(crate) fn series_count(&self) -> usize {
        self.series.len()
    }

    pub(crate) fn instance_count(&self) -> usize {
        self.series.values().map(Series::len).sum()
    }
}

/// Everything that the server holds.
#[derive(Debug, Default)]
pub(crate) struct Index {
    studies: BTreeMap<StudyUid, Study>,
    by_uid: HashMap<InstanceUid, Arc<Instance>>,
}

impl Index {
    /// Enters an instance by its header; false when its UID is there already, in whichever study.
    pub(crate) fn insert(&mut self, instance: Instance, header: &InMemDicomObject) -> bool {
        if self.by_uid.contains_key(&instance.uid) {
            return false;
        }
        let instance = Arc::new(instance);
        let study = self.studies.entry(instance.study.clone()).or_insert_with(|| Study {
            attributes: attributes::select(Level::Study, header),
            series: BTreeMap::new(),
        });
        let series = study.series.entry(instance.series.clone()).or_insert_with(|| Series {
            attributes: attributes::select(Level::Series, header),
            instances: BTreeMap::new(),
        });
        series.instances.insert(instance.uid.clone(), Arc::clone(&instance));
        self.by_uid.insert(instance.uid.clone(), instance);
        true
    }

    /// An instance by its own UID, in whichever study.
    pub(crate) fn instance(&self, uid: &InstanceUid) -> Option<Arc<Instance>> {
        self.by_uid.get(uid).cloned()
    }

    pub(crate) fn study(&self, uid: &StudyUid) -> Option<&Study> {
        self.studies.get(uid)
    }

    /// How many studies and instances there are.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.studies.len(), self.by_uid.len())
    }

    /// All studies, the newest first.
    pub(crate) fn ordered(&self) -> Vec<(&StudyUid, &Study)> {
        let mut list: Vec<_> = self.studies.iter().collect();
        let when = |study: &Study| {
            let time = text(&study.attributes, tags::STUDY_TIME);
            (text(&study.attributes, tags::STUDY_DATE), time)
        };
        list.sort_by_cached_key(|(_, study)| std::cmp::Reverse(when(study)));
        list
    }

    /// The instances of a study, a series or one instance, in order; empty when there is none.
    pub(crate) fn instances(
        &self,
        study: &StudyUid,
        series: Option<&SeriesUid>,
        instance: Option<&InstanceUid>,
    ) -> Vec<Arc<Instance>> {
        let Some(study) = self.studies.get(study) else {
            return Vec::new();
        };
        let chosen: Vec<&Series> = match series {
            Some(uid) => study.series.get(uid).into_iter().collect(),
            None => study.ordered().into_iter().map(|(_, series)| series).collect(),
        };
        match instance {
            Some(uid) => chosen.iter().filter_map(|s| s.instances.get(uid).cloned()).collect(),
            None => chosen.iter().flat_map(|series| series.ordered()).collect(),
        }
    }
}

/// The first value of an attribute as text without padding; empty when absent.
pub(crate) fn text(dataset: &InMemDicomObject, tag: Tag) -> String {
    let value = dataset.get(tag).and_then(|element| element.to_str().ok());
    value.map_or_else(String::new, |v| v.trim_matches([' ', '\0']).to_owned())
}

/// An attribute as a whole number.
pub(crate) fn integer(dataset: &InMemDicomObject, tag: Tag) -> Option<i64> {
    dataset.get(tag).and_then(|element| element.to_int::<i64>().ok())
}
