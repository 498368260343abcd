//! The answer: which entries match, and what is said of each.

use std::collections::BTreeSet;
use std::sync::Arc;

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{StandardDataDictionary, tags};
use dicom_object::InMemDicomObject;
use serde_json::Value;
use study::{SeriesUid, StudyUid};

use super::request::{Key, Request};
use crate::dicom_json::{self, Bulk};
use crate::store::{self, Index, Instance, Level, Series, Study};

/// Where a search looks.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) level: Level,
    pub(super) study: Option<StudyUid>,
    pub(super) series: Option<SeriesUid>,
}

/// The rows of one page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) rows: Vec<Value>,
    /// Matches behind the page.
    pub(super) more: usize,
}

/// Searches the index; `base` is the server's address in the answer.
pub(super) fn page(index: &Index, scope: &Scope, request: &Request, base: &str) -> Page {
    let mut search = Search {
        scope,
        request,
        base,
        seen: 0,
        page: Page::default(),
    };
    match &scope.study {
        Some(uid) => {
            if let Some(study) = index.study(uid) {
                search.study(uid, study);
            }
        }
        None => index
            .ordered()
            .into_iter()
            .for_each(|(uid, study)| search.study(uid, study)),
    }
    search.page
}

struct Search<'a> {
    scope: &'a Scope,
    request: &'a Request,
    base: &'a str,
    /// Matches so far.
    seen: usize,
    page: Page,
}

impl Search<'_> {
    fn study(&mut self, uid: &StudyUid, study: &Study) {
        let address = format!("{}/studies/{}", self.base, uid.as_str());
        let attributes = study_attributes(uid, study);
        if !self.matches(Level::Study, &attributes) {
            return;
        }
        if self.scope.level == Level::Study {
            self.found(|| (vec![(Level::Study, attributes)], address));
            return;
        }
        match &self.scope.series {
            Some(uid) => {
                if let Some(series) = study.series(uid) {
                    self.series(&attributes, &address, uid, series);
                }
            }
            None => {
                for (uid, series) in study.ordered() {
                    self.series(&attributes, &address, uid, series);
                }
            }
        }
    }

    fn series(&mut self, study: &InMemDicomObject, address: &str, uid: &SeriesUid, series: &Series) {
        let address = format!("{address}/series/{}", uid.as_str());
        let attributes = series_attributes(uid, series);
        if !self.matches(Level::Series, &attributes) {
            return;
        }
        let above = || vec![(Level::Study, study.clone()), (Level::Series, attributes.clone())];
        if self.scope.level == Level::Series {
            self.found(|| (above(), address));
            return;
        }
        let looks_inside = self.request.keys.iter().any(|key| key.level == Level::Instance);
        for instance in series.ordered() {
            // A phantom's header is made for this: only where it is needed.
            let own = looks_inside.then(|| instance_attributes(&instance));
            if own.as_ref().is_some_and(|own| !self.matches(Level::Instance, own)) {
                continue;
            }
            self.found(|| {
                let mut levels = above();
                levels.push((Level::Instance, own.unwrap_or_else(|| instance_attributes(&instance))));
                (levels, format!("{address}/instances/{}", instance.uid.as_str()))
            });
        }
    }

    fn matches(&self, level: Level, attributes: &InMemDicomObject) -> bool {
        let mut keys = self.request.keys.iter().filter(|key| key.level == level);
        keys.all(|key| holds(key, &key.path, attributes))
    }

    /// Counts a match; writes its row when it lies within the page.
    fn found(&mut self, row: impl FnOnce() -> (Vec<(Level, InMemDicomObject)>, String)) {
        let at = self.seen;
        self.seen += 1;
        if at < self.request.offset {
            return;
        }
        if self.page.rows.len() >= self.request.limit {
            self.page.more += 1;
            return;
        }
        let (levels, address) = row();
        let row = self.row(levels, &address);
        self.page.rows.push(row);
    }

    fn row(&self, levels: Vec<(Level, InMemDicomObject)>, address: &str) -> Value {
        let mut row = InMemDicomObject::new_empty();
        row.put(text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"));
        for (level, attributes) in levels {
            let wanted = self.wanted(level);
            let lacking = |tag: &&Tag| self.described(level) && attributes.get(**tag).is_none();
            for tag in store::always(level).iter().filter(lacking) {
                row.put(DataElement::new(*tag, representation(*tag), PrimitiveValue::Empty));
            }
            for element in attributes.into_iter().filter(|e| wanted.contains(&e.header().tag)) {
                row.put(element);
            }
        }
        row.put(text(tags::RETRIEVE_URL, VR::UR, address));
        row.put(text(tags::INSTANCE_AVAILABILITY, VR::CS, "ONLINE"));
        Value::Object(dicom_json::dataset(&row, &Bulk { base: None }))
    }

    /// Whether a row tells everything usual of a level: its own, and those above that the address does not name.
    fn described(&self, level: Level) -> bool {
        level == self.scope.level
            || match level {
                Level::Study => self.scope.study.is_none(),
                Level::Series => self.scope.series.is_none(),
                Level::Instance => false,
            }
    }

    fn wanted(&self, level: Level) -> BTreeSet<Tag> {
        let mut wanted: BTreeSet<Tag> = self.request.include.iter().copied().collect();
        if self.described(level) {
            wanted.extend(store::always(level));
            if level == Level::Instance {
                wanted.extend(store::OF_IMAGES);
            }
            if self.request.include_all {
                wanted.extend(store::known(level));
            }
        }
        wanted.extend([tags::STUDY_INSTANCE_UID, tags::SERIES_INSTANCE_UID]);
        wanted
    }
}

/// Whether a key holds, within sequences for any of their items.
fn holds(key: &Key, path: &[Tag], dataset: &InMemDicomObject) -> bool {
    match path {
        [] => false,
        [tag] => key.rule.matches(dataset.get(*tag)),
        [sequence, below @ ..] => {
            let items = dataset.get(*sequence).and_then(|element| element.items());
            match items {
                Some(items) => items.iter().any(|item| holds(key, below, item)),
                None => key.rule.matches(None),
            }
        }
    }
}

fn representation(tag: Tag) -> VR {
    StandardDataDictionary
        .by_tag(tag)
        .map_or(VR::UN, |entry| entry.vr().relaxed())
}

fn text(tag: Tag, vr: VR, value: &str) -> DataElement<InMemDicomObject> {
    DataElement::new(tag, vr, PrimitiveValue::from(value))
}

fn texts(tag: Tag, vr: VR, values: BTreeSet<String>) -> DataElement<InMemDicomObject> {
    DataElement::new(tag, vr, PrimitiveValue::Strs(values.into_iter().collect()))
}

fn count(tag: Tag, number: usize) -> DataElement<InMemDicomObject> {
    text(tag, VR::IS, &number.to_string())
}

fn study_attributes(uid: &StudyUid, study: &Study) -> InMemDicomObject {
    let mut attributes = study.attributes.clone();
    attributes.put(text(tags::STUDY_INSTANCE_UID, VR::UI, uid.as_str()));
    attributes.put(texts(tags::MODALITIES_IN_STUDY, VR::CS, study.modalities()));
    attributes.put(texts(tags::SOP_CLASSES_IN_STUDY, VR::UI, study.sop_classes()));
    attributes.put(count(tags::NUMBER_OF_STUDY_RELATED_SERIES, study.series_count()));
    attributes.put(count(tags::NUMBER_OF_STUDY_RELATED_INSTANCES, study.instance_count()));
    attributes
}

fn series_attributes(uid: &SeriesUid, series: &Series) -> InMemDicomObject {
    let mut attributes = series.attributes.clone();
    attributes.put(text(tags::SERIES_INSTANCE_UID, VR::UI, uid.as_str()));
    attributes.put(count(tags::NUMBER_OF_SERIES_RELATED_INSTANCES, series.len()));
    attributes
}

fn instance_attributes(instance: &Arc<Instance>) -> InMemDicomObject {
    let mut attributes = instance.attributes();
    attributes.put(text(tags::SOP_INSTANCE_UID, VR::UI, instance.uid.as_str()));
    attributes.put(text(tags::SOP_CLASS_UID, VR::UI, &instance.sop_class));
    attributes.put(text(
        tags::AVAILABLE_TRANSFER_SYNTAX_UID,
        VR::UI,
        &instance.transfer_syntax.0,
    ));
    attributes
}
