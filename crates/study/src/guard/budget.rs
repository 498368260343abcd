//! How much a file's structure may come to: counted as it is read, so that a small file cannot grow large.

use dicom_core::Tag;
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use crate::ObjectError;

/// Elements, items and fragments together, at most.
pub(crate) const MOST_ELEMENTS: usize = 2_000_000;

/// Bytes that any file may take besides twice its size.
const BASE: u64 = 26 << 20;
/// A file up to this size may take no more than that.
const SMALL: u64 = 1 << 20;
/// Each byte beyond it may become so many: a compressed data set, and per-frame groups of large objects.
const RATIO: u64 = 100;
/// No file takes more than this besides its own bytes.
const MOST: u64 = 2 << 30;

/// What a map keeps for one element.
const SLOT: u64 = (size_of::<Tag>() + size_of::<InMemElement>()) as u64;
/// A map's smallest leaf has place for this many elements.
const LEAF: u64 = 11;
/// What one value of several takes: its place, and the least that an allocator gives for its text.
const VALUE: u64 = size_of::<String>() as u64 + 32;

/// What may still come.
#[derive(Debug)]
pub(crate) struct Budget {
    elements: usize,
    bytes: u64,
}

impl Budget {
    /// For a file of so many bytes.
    pub(crate) fn of(file: usize) -> Self {
        let file = file as u64;
        let beyond = file.saturating_sub(SMALL).saturating_mul(RATIO);
        let bytes = BASE.saturating_add(file.saturating_mul(2)).saturating_add(beyond);
        Self {
            elements: MOST_ELEMENTS,
            bytes: bytes.min(MOST),
        }
    }

    /// With a bound on the elements only.
    #[cfg(test)]
    pub(crate) fn of_elements(elements: usize) -> Self {
        Self {
            elements,
            bytes: u64::MAX,
        }
    }

    /// Elements that may still come.
    pub(crate) fn elements_left(&self) -> usize {
        self.elements
    }

    /// Bytes that may still be taken.
    pub(crate) fn left(&self) -> u64 {
        self.bytes
    }

    /// Counts elements, items or fragments.
    pub(crate) fn count(&mut self, elements: usize) -> Result<(), ObjectError> {
        self.elements = self
            .elements
            .checked_sub(elements)
            .ok_or_else(|| ObjectError::Refused("it has more elements than any sensible object".to_owned()))?;
        Ok(())
    }

    /// Takes memory.
    pub(crate) fn take(&mut self, bytes: u64) -> Result<(), ObjectError> {
        self.bytes = self.bytes.checked_sub(bytes).ok_or_else(|| {
            ObjectError::Refused("it would take far more memory than a file of its size should".to_owned())
        })?;
        Ok(())
    }

    /// An element with a value of so many bytes, which is a text of several values or something else.
    pub(crate) fn element(&mut self, bytes: usize, values: usize) -> Result<(), ObjectError> {
        let values = (values as u64).saturating_mul(VALUE);
        self.take(SLOT.saturating_add(bytes as u64).saturating_add(values))
    }

    /// A data set of so many elements is made from them: of one or two it is mostly empty places.
    pub(crate) fn dataset(&mut self, elements: usize) -> Result<(), ObjectError> {
        let empty = match elements as u64 {
            0 => 0,
            elements => LEAF.saturating_sub(elements),
        };
        self.take(size_of::<InMemDicomObject>() as u64 * 2 + empty * SLOT)
    }

    /// Fragments: their places, and the frames that they may be.
    pub(crate) fn fragments(&mut self, fragments: usize) -> Result<(), ObjectError> {
        self.count(fragments)?;
        self.take(fragments as u64 * 64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_may_take_little_and_a_large_one_in_proportion() {
        assert_eq!(Budget::of(0).left(), 26 << 20);
        assert_eq!(Budget::of(1 << 20).left(), 28 << 20);
        assert_eq!(Budget::of(2 << 20).left(), (30 << 20) + (100 << 20));
        assert_eq!(Budget::of(usize::MAX).left(), 2 << 30);
    }

    #[test]
    fn what_is_counted_is_refused_when_it_is_too_much() {
        let mut budget = Budget::of_elements(2);
        assert!(budget.count(2).is_ok() && budget.count(1).is_err());
        let mut budget = Budget::of(0);
        assert!(budget.element(1 << 20, 0).is_ok());
        // A million values take more than their two million bytes.
        assert!(budget.element(2_000_000, 1_000_000).is_err());
        // Items that hold one element each take a leaf each.
        let mut budget = Budget::of(1 << 20);
        let items = (0..60_000).take_while(|_| budget.dataset(1).is_ok()).count();
        assert!((2_000..60_000).contains(&items), "{items}");
    }
}
