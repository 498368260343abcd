//! Streams that a small encoder of the tests writes, sample by sample as the standard puts it.

use super::*;

const COLUMNS: usize = 9;
const ROWS: usize = 7;

struct Case {
    predictor: u8,
    point_transform: u8,
    restart_rows: usize,
    channels: usize,
}

/// A picture with edges, a ramp and the ends of the range.
fn picture(channels: usize, precision: u32) -> Vec<u16> {
    let most = (1u32 << precision) - 1;
    (0..COLUMNS * ROWS * channels)
        .map(|i| match i % 7 {
            0 => 0,
            3 => most as u16,
            _ => ((i as u32 * 2_654_435) % (most + 1)) as u16,
        })
        .collect()
}

/// The prediction of one sample (H.1.2.1); `first` is the first row or the first after a restart.
fn prediction(case: &Case, precision: u32, values: &[u16], x: usize, y: usize, c: usize, first: bool) -> i32 {
    let at = |x: usize, y: usize| i32::from(values[(y * COLUMNS + x) * case.channels + c] >> case.point_transform);
    match (x, first) {
        (0, true) => 1 << (precision - u32::from(case.point_transform) - 1),
        (_, true) => at(x - 1, y),
        (0, false) => at(x, y - 1),
        _ => {
            let (a, b, c) = (at(x - 1, y), at(x, y - 1), at(x - 1, y - 1));
            match case.predictor {
                1 => a,
                2 => b,
                3 => c,
                4 => a + b - c,
                5 => a + ((b - c) >> 1),
                6 => b + ((a - c) >> 1),
                _ => (a + b) / 2,
            }
        }
    }
}

#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    held: u32,
    count: u32,
}

impl Writer {
    fn put(&mut self, value: u32, bits: u32) {
        for bit in (0..bits).rev() {
            self.held = self.held << 1 | (value >> bit & 1);
            self.count += 1;
            if self.count == 8 {
                self.bytes.push(self.held as u8);
                if self.held as u8 == 0xff {
                    self.bytes.push(0);
                }
                (self.held, self.count) = (0, 0);
            }
        }
    }

    fn flush(&mut self) {
        while self.count > 0 {
            self.put(1, 1);
        }
    }
}

/// Encodes with one table in which every category has a code of five bits, or of twelve for the greater ones.
fn encoded(case: &Case, precision: u32, values: &[u16]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xc4, 0, 2 + 17 + 17, 0];
    bytes.extend_from_slice(&[0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0]);
    bytes.extend(0..17u8);
    bytes.extend_from_slice(&[0xff, 0xdd, 0, 4]);
    bytes.extend_from_slice(&((case.restart_rows * COLUMNS) as u16).to_be_bytes());
    bytes.extend_from_slice(&[0xff, 0xc3, 0, (8 + 3 * case.channels) as u8, precision as u8]);
    bytes.extend_from_slice(&[0, ROWS as u8, 0, COLUMNS as u8, case.channels as u8]);
    (0..case.channels).for_each(|c| bytes.extend_from_slice(&[c as u8 + 1, 0x11, 0]));
    bytes.extend_from_slice(&[0xff, 0xda, 0, (6 + 2 * case.channels) as u8, case.channels as u8]);
    (0..case.channels).for_each(|c| bytes.extend_from_slice(&[c as u8 + 1, 0]));
    bytes.extend_from_slice(&[case.predictor, 0, case.point_transform]);
    let mut writer = Writer::default();
    for y in 0..ROWS {
        let begins = case.restart_rows > 0 && y % case.restart_rows == 0;
        if begins && y > 0 {
            writer.flush();
            writer
                .bytes
                .extend_from_slice(&[0xff, 0xd0 + ((y / case.restart_rows - 1) % 8) as u8]);
        }
        for x in 0..COLUMNS {
            for c in 0..case.channels {
                let value = i32::from(values[(y * COLUMNS + x) * case.channels + c] >> case.point_transform);
                let predicted = prediction(case, precision, values, x, y, c, y == 0 || begins);
                difference(&mut writer, value - predicted);
            }
        }
    }
    writer.flush();
    bytes.extend_from_slice(&writer.bytes);
    bytes.extend_from_slice(&[0xff, 0xd9]);
    bytes
}

fn difference(writer: &mut Writer, difference: i32) {
    // Modulo 2¹⁶, −32767 … 32768.
    let wrapped = match difference.rem_euclid(65_536) {
        up @ 0..=32_768 => up,
        down => down - 65_536,
    };
    let category = 32 - wrapped.unsigned_abs().leading_zeros();
    match category {
        0..=11 => writer.put(category, 5),
        _ => writer.put((12 << 7) + category - 12, 12),
    }
    if category < 16 {
        writer.put(if wrapped < 0 { wrapped - 1 } else { wrapped } as u32, category);
    }
}

fn decoded(bytes: &[u8]) -> Result<Vec<u16>, DecodeError> {
    decode(&Header::read(bytes)?, bytes)
}

#[test]
fn every_predictor_point_transform_and_restart_comes_back() {
    for predictor in 1..=7 {
        for (point_transform, restart_rows, channels, precision) in [
            (0, 0, 1, 16),
            (0, 0, 3, 8),
            (3, 0, 1, 12),
            (0, 1, 1, 12),
            (2, 2, 3, 16),
            (0, 0, 1, 2),
        ] {
            let case = Case {
                predictor,
                point_transform,
                restart_rows,
                channels,
            };
            let values: Vec<u16> = picture(channels, precision)
                .iter()
                .map(|v| v >> point_transform << point_transform)
                .collect();
            let bytes = encoded(&case, precision, &values);
            let what = format!("predictor {predictor}, transform {point_transform}, {precision} bits");
            assert_eq!(decoded(&bytes).unwrap(), values, "{what}");
        }
    }
}

#[test]
fn another_decoder_reads_the_same_streams() {
    for predictor in 1..=7 {
        let case = Case {
            predictor,
            point_transform: 0,
            restart_rows: 0,
            channels: 1,
        };
        let bytes = encoded(&case, 12, &picture(1, 12));
        let theirs = jpeg_decoder::Decoder::new(&bytes[..]).decode().unwrap();
        let theirs: Vec<u16> = theirs.as_chunks().0.iter().map(|&v| u16::from_ne_bytes(v)).collect();
        assert_eq!(decoded(&bytes).unwrap(), theirs, "predictor {predictor}");
    }
}

#[test]
fn missing_restarts_and_missing_samples_are_told() {
    let case = Case {
        predictor: 4,
        point_transform: 0,
        restart_rows: 2,
        channels: 1,
    };
    let bytes = encoded(&case, 12, &picture(1, 12));
    let mut without = bytes.clone();
    let marker = without.windows(2).position(|w| w == [0xff, 0xd1]).unwrap();
    without[marker + 1] = 0xd3;
    assert!(matches!(decoded(&without), Err(DecodeError::Damaged(_))));
    let case = Case {
        restart_rows: 0,
        ..case
    };
    let bytes = encoded(&case, 12, &picture(1, 12));
    assert!(matches!(
        decoded(&bytes[..bytes.len() - 20]),
        Err(DecodeError::Incomplete(_))
    ));
}
