//! Encoded objects that were opened last, so that the frames of one object do not each read and unseal it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use study::{Instance, InstanceUid, Object, StudyUid};

/// An object with its own header read.
#[derive(Clone)]
pub(crate) struct Opened {
    /// The object.
    pub(crate) object: Object,
    /// What its own header says.
    pub(crate) instance: Arc<Instance>,
}

/// Opened objects within a budget of bytes; the one that was used last may be larger, up to a bound.
pub(crate) struct Shelf {
    budget: u64,
    most: u64,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    objects: BTreeMap<(StudyUid, InstanceUid), (Opened, u64)>,
    bytes: u64,
    clock: u64,
}

impl Shelf {
    /// With a budget, and a bound on the one object that may be larger than it; both in bytes.
    pub(crate) fn new(budget: u64, most: u64) -> Self {
        Self {
            budget,
            most: most.max(budget),
            held: Mutex::default(),
        }
    }

    pub(crate) fn get(&self, study: &StudyUid, instance: &InstanceUid) -> Option<Opened> {
        let mut held = self.held();
        held.clock += 1;
        let now = held.clock;
        let (opened, used) = held.objects.get_mut(&(study.clone(), instance.clone()))?;
        *used = now;
        Some(opened.clone())
    }

    /// Keeps an object; one beyond the bound is read from its file again for each frame.
    pub(crate) fn put(&self, opened: Opened) {
        if opened.object.source().len() as u64 > self.most {
            return;
        }
        let mut held = self.held();
        held.clock += 1;
        let now = held.clock;
        let key = (opened.instance.study.clone(), opened.instance.uid.clone());
        held.bytes += opened.object.source().len() as u64;
        if let Some((old, _)) = held.objects.insert(key, (opened, now)) {
            held.bytes -= old.object.source().len() as u64;
        }
        while held.bytes > self.budget && held.objects.len() > 1 {
            let oldest = held
                .objects
                .iter()
                .min_by_key(|(_, (_, used))| *used)
                .map(|(key, _)| key.clone());
            let Some((gone, _)) = oldest.and_then(|key| held.objects.remove(&key)) else {
                break;
            };
            held.bytes -= gone.object.source().len() as u64;
        }
    }

    pub(crate) fn forget(&self, study: &StudyUid) {
        let mut held = self.held();
        held.objects.retain(|(theirs, _), _| theirs != study);
        held.bytes = held.objects.values().map(|(o, _)| o.object.source().len() as u64).sum();
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(count: u32) -> Vec<Opened> {
        let study = study::phantom::catalogue()
            .into_iter()
            .min_by_key(|study| study.listing.instances)
            .unwrap();
        let series = study
            .series
            .iter()
            .find(|series| series.instances >= count)
            .unwrap_or(&study.series[0]);
        (0..count.min(series.instances))
            .map(|index| study::phantom::object(&study.listing.study, &series.uid, index).unwrap())
            .map(|bytes| crate::identity::open(bytes).unwrap())
            .collect()
    }

    #[test]
    fn the_last_object_may_be_larger_than_the_budget_but_not_than_the_bound() {
        let object = objects(1).remove(0);
        let bytes = object.object.source().len() as u64;
        let kept = |budget, most| {
            let shelf = Shelf::new(budget, most);
            shelf.put(object.clone());
            shelf.get(&object.instance.study, &object.instance.uid).is_some()
        };
        assert!(kept(bytes, 0) && kept(1, bytes));
        assert!(!kept(1, bytes - 1));
    }
}
