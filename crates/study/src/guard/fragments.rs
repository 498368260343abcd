//! Encapsulated pixel data: a basic offset table and fragments (PS3.5 A.4).

use std::ops::Range;

use bytes::Bytes;

use super::element::{Encoding, ITEM, SEQUENCE_END, UNDEFINED};
use crate::object::Oddities;

/// The fragments of one element, as places in the data set's bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fragments {
    source: Bytes,
    /// The basic offset table's entries.
    pub(crate) basic_offsets: Vec<u64>,
    places: Vec<Range<usize>>,
    /// Where the first fragment's item begins: offsets count from there.
    first_item: usize,
}

impl Fragments {
    /// Reads items up to the sequence's delimiter; gives them and the place behind. Of more than `most` it gives one more,
    /// so that the caller sees that there are too many.
    pub(crate) fn read(
        source: &Bytes,
        place: Range<usize>,
        encoding: Encoding,
        most: usize,
        oddities: &mut Oddities,
    ) -> (Self, usize) {
        let mut fragments = Self {
            source: source.clone(),
            ..Self::default()
        };
        let (mut at, end) = (place.start, place.end);
        let mut table_read = false;
        loop {
            if fragments.places.len() > most {
                return (fragments, at);
            }
            let tag = encoding.tag(source, at).filter(|_| at + 8 <= end);
            let (Some(tag), Some(length)) = (tag, encoding.u32(source, at + 4)) else {
                oddities.note("The pixel data is not closed; the file is probably incomplete.");
                return (fragments, end);
            };
            let value_at = at + 8;
            match tag {
                ITEM => {}
                SEQUENCE_END => return (fragments, value_at),
                _ => {
                    oddities.note("The pixel data holds something else than fragments; it was taken to end there.");
                    return (fragments, at);
                }
            }
            let reach = if length == UNDEFINED {
                end
            } else {
                value_at.saturating_add(length as usize)
            };
            if reach > end || length == UNDEFINED {
                oddities.note("The file ends within the pixel data; it is incomplete.");
            }
            let place = value_at..reach.min(end);
            at = place.end;
            if table_read {
                fragments.places.push(place);
            } else {
                let table = source.get(place).unwrap_or_default();
                fragments.basic_offsets = (0..table.len() / 4)
                    .filter_map(|i| encoding.u32(table, i * 4))
                    .map(u64::from)
                    .collect();
                fragments.first_item = at;
                table_read = true;
            }
        }
    }

    /// One value without items, as a single fragment.
    pub(crate) fn single(source: Bytes) -> Self {
        let whole = 0..source.len();
        Self {
            places: [whole].to_vec(),
            source,
            ..Self::default()
        }
    }

    /// How many fragments there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// One fragment's bytes.
    pub(crate) fn get(&self, index: usize) -> Option<Bytes> {
        self.places.get(index).map(|place| self.source.slice(place.clone()))
    }

    /// One fragment's bytes, borrowed.
    pub(crate) fn bytes(&self, index: usize) -> &[u8] {
        self.places
            .get(index)
            .and_then(|place| self.source.get(place.clone()))
            .unwrap_or_default()
    }

    /// All fragments' bytes.
    pub(crate) fn slices(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|index| self.bytes(index))
    }

    /// Which fragment's item begins at an offset of a table (PS3.5 A.4); `None` where none does.
    pub(crate) fn at_offset(&self, offset: u64) -> Option<usize> {
        let item = self.first_item.checked_add(usize::try_from(offset).ok()?)?;
        let value_at = item.checked_add(8)?;
        self.places.binary_search_by(|place| place.start.cmp(&value_at)).ok()
    }
}
