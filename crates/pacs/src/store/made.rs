//! Phantoms that were made lately, within a budget of bytes: a second request does not make them again.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use study::InstanceUid;

/// The least recently wanted objects go first.
#[derive(Debug)]
pub(crate) struct Made {
    budget: usize,
    held: usize,
    clock: u64,
    objects: HashMap<InstanceUid, (Bytes, u64)>,
    by_age: BTreeMap<u64, InstanceUid>,
}

impl Made {
    pub(crate) fn new(budget: usize) -> Self {
        Self {
            budget,
            held: 0,
            clock: 0,
            objects: HashMap::new(),
            by_age: BTreeMap::new(),
        }
    }

    pub(crate) fn get(&mut self, uid: &InstanceUid) -> Option<Bytes> {
        let (bytes, wanted) = self.objects.get_mut(uid)?;
        self.clock += 1;
        self.by_age.remove(wanted);
        *wanted = self.clock;
        self.by_age.insert(self.clock, uid.clone());
        Some(bytes.clone())
    }

    pub(crate) fn put(&mut self, uid: &InstanceUid, bytes: &Bytes) {
        if bytes.len() > self.budget || self.objects.contains_key(uid) {
            return;
        }
        while self.held + bytes.len() > self.budget {
            let Some((_, oldest)) = self.by_age.pop_first() else {
                break;
            };
            if let Some((gone, _)) = self.objects.remove(&oldest) {
                self.held -= gone.len();
            }
        }
        self.clock += 1;
        self.held += bytes.len();
        self.by_age.insert(self.clock, uid.clone());
        self.objects.insert(uid.clone(), (bytes.clone(), self.clock));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_wanted_goes_and_the_budget_holds() {
        let uid = |n: u32| InstanceUid::new(&format!("1.2.{n}")).unwrap();
        let ten = Bytes::from_static(&[0; 10]);
        let mut made = Made::new(30);
        (0..3).for_each(|n| made.put(&uid(n), &ten));
        assert!(made.get(&uid(0)).is_some());
        made.put(&uid(3), &ten);
        assert!(made.get(&uid(1)).is_none(), "1 was wanted longest ago");
        assert!([0, 2, 3].into_iter().all(|n| made.get(&uid(n)).is_some()));
        made.put(&uid(4), &Bytes::from_static(&[0; 31]));
        assert!(made.get(&uid(4)).is_none(), "larger than the whole budget");
        assert_eq!(made.held, 30);
    }
}
