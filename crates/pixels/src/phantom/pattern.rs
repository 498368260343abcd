//! Patterns that show what a display does to the smallest and the finest things.

use crate::{Samples, StoredFrame};

/// One bright pixel (65 535) at a column and row of a frame of zeros: a microcalcification at its smallest.
pub fn point(columns: u32, rows: u32, at: (u32, u32)) -> StoredFrame {
    let mut values = vec![0u16; columns as usize * rows as usize];
    if let Some(value) = values.get_mut(at.1 as usize * columns as usize + at.0 as usize) {
        *value = u16::MAX;
    }
    StoredFrame {
        columns,
        rows,
        channels: 1,
        samples: Samples::U16(values),
    }
}

/// Upright line pairs: `width` columns of 0, then as many of 255, from the left edge on.
pub fn line_pairs(columns: u32, rows: u32, width: u32) -> StoredFrame {
    let width = width.max(1);
    let row: Vec<u8> = (0..columns)
        .map(|column| if (column / width).is_multiple_of(2) { 0 } else { 255 })
        .collect();
    StoredFrame {
        columns,
        rows,
        channels: 1,
        samples: Samples::U8(row.repeat(rows as usize)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_one_pixel() {
        let frame = point(9, 5, (7, 3));
        assert_eq!(frame.samples.len(), 45);
        assert_eq!(frame.samples.get(3 * 9 + 7), Some(65_535.0));
        let sum: f64 = (0..45).filter_map(|i| frame.samples.get(i)).sum();
        assert_eq!(sum, 65_535.0);
    }

    #[test]
    fn line_pairs_have_their_width() {
        let frame = line_pairs(8, 2, 2);
        let Samples::U8(values) = &frame.samples else {
            panic!("8 bits")
        };
        assert_eq!(values[..8], [0, 0, 255, 255, 0, 0, 255, 255]);
        assert_eq!(values[..8], values[8..]);
    }
}
