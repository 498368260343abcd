//! Lossless JPEG (ISO/IEC 10918-1 H): any predictor, point transform, restart intervals, interleaved or a scan a component.
//!
//! Our own: the general decoders are slower and wrong about restarts and the point transform.

use super::super::DecodeError;
use super::Segments;
use super::header::Header;
use super::huffman::{Bits, Table};

/// Decodes to interleaved values of `header.precision` bits.
pub(super) fn decode(header: &Header, bytes: &[u8]) -> Result<Vec<u16>, DecodeError> {
    let channels = header.components.len();
    let sampling = header.components.first().map_or(0, |c| c.sampling);
    if channels > 1 && header.components.iter().any(|c| c.sampling != sampling) {
        return Err(DecodeError::Unsupported(
            "Lossless JPEG with subsampled components".into(),
        ));
    }
    if !(2..=16).contains(&header.precision) {
        return Err(DecodeError::contradiction("the JPEG stream's precision makes no sense"));
    }
    let mut tables: [Option<Table>; 4] = Default::default();
    let mut restart = 0;
    let mut missing: Vec<u8> = header.components.iter().map(|c| c.id).collect();
    let mut image = Vec::new();
    let mut segments = Segments::of(bytes, "JPEG")?;
    while !missing.is_empty() {
        let Some(segment) = segments.next_segment()? else {
            return Err(DecodeError::incomplete(
                "the JPEG stream ends before all of its components came",
            ));
        };
        match segment.marker {
            0xc4 => {
                for (place, table) in Table::read_all(segment.body)? {
                    if let Some(slot) = tables.get_mut(usize::from(place)) {
                        *slot = Some(table);
                    }
                }
            }
            0xdd => {
                restart = segment
                    .body
                    .first_chunk()
                    .map_or(0, |&lines| usize::from(u16::from_be_bytes(lines)))
            }
            0xda => {
                let scan = Scan::read(segment.body, header, &tables, restart)?;
                let mut bits = Bits::new(bytes, segments.at());
                let values = scan.decode(&mut bits)?;
                segments.go_to(bits.marker());
                missing.retain(|id| !scan.components.iter().any(|(_, ours, _)| ours == id));
                image = scan.place(values, image, channels);
            }
            _ => {}
        }
    }
    Ok(image)
}

struct Scan<'a> {
    /// Index in the frame, identifier, Huffman table.
    components: Vec<(usize, u8, &'a Table)>,
    predictor: u8,
    /// Bits that were cut off before coding.
    point_transform: u32,
    precision: u32,
    columns: usize,
    rows: usize,
    /// Rows between restarts; 0 without.
    restart_rows: usize,
}

impl<'a> Scan<'a> {
    fn read(body: &[u8], header: &Header, tables: &'a [Option<Table>; 4], restart: usize) -> Result<Self, DecodeError> {
        let wrong = || DecodeError::damaged("a scan header of the JPEG stream makes no sense");
        let (&count, rest) = body.split_first().ok_or_else(wrong)?;
        let (selectors, parameters) = rest.split_at_checked(usize::from(count) * 2).ok_or_else(wrong)?;
        let &[predictor, _, approximation, ..] = parameters else {
            return Err(wrong());
        };
        let components: Vec<_> = selectors
            .as_chunks::<2>()
            .0
            .iter()
            .map(|&[id, table]| {
                let index = header.components.iter().position(|c| c.id == id)?;
                Some((index, id, tables.get(usize::from(table >> 4))?.as_ref()?))
            })
            .collect::<Option<_>>()
            .ok_or_else(wrong)?;
        let point_transform = u32::from(approximation & 15);
        let (columns, precision) = (usize::from(header.columns), u32::from(header.precision));
        if components.is_empty() || !(1..=7).contains(&predictor) || point_transform >= precision {
            return Err(wrong());
        }
        // H.1.1: a restart interval is a whole number of lines.
        if !restart.is_multiple_of(columns.max(1)) {
            return Err(DecodeError::damaged("the JPEG stream restarts within a line"));
        }
        Ok(Self {
            components,
            predictor,
            point_transform,
            precision,
            columns,
            rows: usize::from(header.rows),
            restart_rows: restart / columns.max(1),
        })
    }

    /// The scan's values, interleaved among its own components.
    fn decode(&self, bits: &mut Bits) -> Result<Vec<u16>, DecodeError> {
        let step = self.components.len();
        let width = self.columns * step;
        let mut values = vec![0u16; width * self.rows];
        let mut above: &[u16] = &[];
        for (y, row) in values.chunks_exact_mut(width).enumerate() {
            let begins = self.restart_rows > 0 && y % self.restart_rows == 0;
            if begins && y > 0 {
                bits.restart(((y / self.restart_rows - 1) % 8) as u8)?;
            }
            self.differences(bits, row)?;
            if y == 0 || begins {
                self.first_row(row, step);
            } else {
                self.later_row(row, above, step);
            }
            above = row;
        }
        if self.point_transform > 0 {
            values.iter_mut().for_each(|v| *v <<= self.point_transform);
        }
        Ok(values)
    }

    /// Reads a row of differences, modulo 2¹⁶ (H.1.2.2).
    fn differences(&self, bits: &mut Bits, row: &mut [u16]) -> Result<(), DecodeError> {
        for pixel in row.chunks_exact_mut(self.components.len()) {
            for (value, (_, _, table)) in pixel.iter_mut().zip(&self.components) {
                *value = match bits.symbol(table)? {
                    0 => 0,
                    category @ 1..=15 => bits.difference(u32::from(category)) as u16,
                    16 => 0x8000,
                    _ => {
                        return Err(DecodeError::damaged(
                            "the JPEG stream holds a difference that is too great",
                        ));
                    }
                };
            }
        }
        if bits.ran_out() {
            return Err(DecodeError::incomplete("the JPEG stream ends within its samples"));
        }
        Ok(())
    }

    /// The first row, and the first after a restart: half of full scale, then the left neighbour (H.1.2.1).
    fn first_row(&self, row: &mut [u16], step: usize) {
        let half = 1u16 << (self.precision - self.point_transform - 1);
        for i in 0..row.len() {
            let predicted = if i < step { half } else { row[i - step] };
            row[i] = row[i].wrapping_add(predicted);
        }
    }

    /// Any other row: the neighbour above for the first pixel, then the chosen predictor (table H.1).
    fn later_row(&self, row: &mut [u16], above: &[u16], step: usize) {
        for (value, above) in row.iter_mut().zip(above).take(step) {
            *value = value.wrapping_add(*above);
        }
        match self.predictor {
            1 => predict(row, above, step, |a, _, _| a),
            2 => predict(row, above, step, |_, b, _| b),
            3 => predict(row, above, step, |_, _, c| c),
            4 => predict(row, above, step, |a, b, c| a + b - c),
            5 => predict(row, above, step, |a, b, c| a + ((b - c) >> 1)),
            6 => predict(row, above, step, |a, b, c| b + ((a - c) >> 1)),
            _ => predict(row, above, step, |a, b, _| (a + b) >> 1),
        }
    }

    /// Puts the scan's components into the image that the scans before it began.
    fn place(&self, values: Vec<u16>, mut image: Vec<u16>, channels: usize) -> Vec<u16> {
        let in_order = self.components.iter().enumerate().all(|(i, (index, ..))| i == *index);
        if self.components.len() == channels && in_order {
            return values;
        }
        image.resize(self.rows * self.columns * channels, 0);
        for (pixel, scanned) in image
            .chunks_exact_mut(channels)
            .zip(values.chunks_exact(self.components.len()))
        {
            for (value, (index, ..)) in scanned.iter().zip(&self.components) {
                pixel[*index] = *value;
            }
        }
        image
    }
}

#[inline]
fn predict(row: &mut [u16], above: &[u16], step: usize, predictor: impl Fn(i32, i32, i32) -> i32) {
    let length = row.len().min(above.len());
    let (row, above) = (&mut row[..length], &above[..length]);
    for i in step..length {
        let (a, b, c) = (row[i - step], above[i], above[i - step]);
        let predicted = predictor(i32::from(a), i32::from(b), i32::from(c));
        row[i] = row[i].wrapping_add(predicted as u16);
    }
}

#[cfg(test)]
mod tests;
