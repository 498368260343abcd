//! Bit planes that lie over an image (PS3.3 C.9.2): text, outlines and regions that a device has drawn.

use std::sync::Arc;

/// One plane of bits for one frame; it may lie beyond the image, and be smaller or larger than it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverlayPlane {
    /// Bits in a row.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
    /// The image column and row, from 0, that the plane's first bit lies on; may be negative.
    pub origin: (i32, i32),
    /// The bits, row after row without padding, the first one lowest in its byte (PS3.5 8.1.2); those that are missing are 0.
    pub bits: Arc<[u8]>,
    /// Index of the plane's first bit within `bits`: frames of one object share them.
    pub first_bit: usize,
}

impl OverlayPlane {
    /// Whether the bit over an image pixel is set; false outside the plane.
    pub fn is_set(&self, column: u32, row: u32) -> bool {
        let within = |at: u32, origin: i32, size: u32| {
            let at = i64::from(at) - i64::from(origin);
            usize::try_from(at).ok().filter(|_| at < i64::from(size))
        };
        let (Some(column), Some(row)) = (
            within(column, self.origin.0, self.columns),
            within(row, self.origin.1, self.rows),
        ) else {
            return false;
        };
        let index = self.first_bit + row * self.columns as usize + column;
        self.bits
            .get(index / 8)
            .is_some_and(|byte| (byte >> (index % 8)) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_packed_lowest_first_without_padding_and_the_origin_may_lie_outside() {
        // Three columns: 1 0 1 / 0 1 0 / 1 1 1 → bits 101 010 111 from the lowest.
        let plane = |origin| OverlayPlane {
            columns: 3,
            rows: 3,
            origin,
            bits: [0b1101_0101, 0b1].as_slice().into(),
            first_bit: 0,
        };
        let drawn = |plane: &OverlayPlane| -> Vec<(u32, u32)> {
            (0..5)
                .flat_map(|row| (0..5).map(move |column| (column, row)))
                .filter(|(column, row)| plane.is_set(*column, *row))
                .collect()
        };
        assert_eq!(drawn(&plane((0, 0))), [(0, 0), (2, 0), (1, 1), (0, 2), (1, 2), (2, 2)]);
        assert_eq!(drawn(&plane((-1, -1))), [(0, 0), (0, 1), (1, 1)]);
        assert_eq!(drawn(&plane((4, 4))), [(4, 4)]);
        let second = OverlayPlane {
            first_bit: 3,
            rows: 1,
            ..plane((0, 0))
        };
        assert_eq!(
            drawn(&second),
            [(1, 0)],
            "planes of several frames follow one another bit by bit"
        );
        let short = OverlayPlane {
            rows: u32::MAX,
            ..plane((0, 0))
        };
        assert!(!short.is_set(2, 4), "bits that are missing are not set");
    }
}
