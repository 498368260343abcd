//! Digests, ranges and block means, rounded as the JSON promises.

use pixels::{Samples, StoredFrame, statistics};
use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};

/// The name of the values' type, as numerical libraries spell it.
pub(super) fn type_name(samples: &Samples) -> &'static str {
    match samples {
        Samples::U8(_) => "uint8",
        Samples::I8(_) => "int8",
        Samples::U16(_) => "uint16",
        Samples::I16(_) => "int16",
        Samples::U32(_) => "uint32",
        Samples::I32(_) => "int32",
        Samples::F32(_) => "float32",
        Samples::F64(_) => "float64",
    }
}

/// SHA-256 of the values, little-endian.
pub(super) fn digest(samples: &Samples) -> String {
    match samples {
        Samples::U8(v) => digest_bytes(v),
        Samples::I8(v) => digest_of(v, |v| v.to_le_bytes()),
        Samples::U16(v) => digest_of(v, |v| v.to_le_bytes()),
        Samples::I16(v) => digest_of(v, |v| v.to_le_bytes()),
        Samples::U32(v) => digest_of(v, |v| v.to_le_bytes()),
        Samples::I32(v) => digest_of(v, |v| v.to_le_bytes()),
        Samples::F32(v) => digest_of(v, |v| v.to_le_bytes()),
        Samples::F64(v) => digest_of(v, |v| v.to_le_bytes()),
    }
}

/// SHA-256 of bytes, in hexadecimal.
pub(super) fn digest_bytes(bytes: &[u8]) -> String {
    hexadecimal(Sha256::digest(bytes).as_slice())
}

fn digest_of<T: Copy, const N: usize>(values: &[T], bytes: impl Fn(T) -> [u8; N]) -> String {
    let mut hash = Sha256::new();
    let mut buffer = Vec::new();
    for chunk in values.chunks(1 << 14) {
        buffer.clear();
        chunk.iter().for_each(|&value| buffer.extend_from_slice(&bytes(value)));
        hash.update(&buffer);
    }
    hexadecimal(hash.finalize().as_slice())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes `…min`, `…max` and `…mean` of the values at 0, 1, 2 … until there is none; `null` where no value is a number.
pub(super) fn range(record: &mut Map<String, Value>, prefix: &str, value: impl Fn(usize) -> Option<f64>) {
    let range = statistics::range((0..).map_while(value));
    for (name, number) in [
        ("min", range.map(|r| r.least)),
        ("max", range.map(|r| r.greatest)),
        ("mean", range.map(|r| r.mean)),
    ] {
        record.insert(format!("{prefix}{name}"), nine_digits(number));
    }
}

fn nine_digits(number: Option<f64>) -> Value {
    number
        .and_then(|n| format!("{n:.8e}").parse().ok())
        .and_then(Number::from_f64)
        .map_or(Value::Null, Value::Number)
}

/// Means of 8 × 8 blocks of the first channel, row by row, to two decimals; `None` for a frame smaller than that.
pub(super) fn block_means(frame: &StoredFrame) -> Option<Vec<f64>> {
    if frame.rows < 8 || frame.columns < 8 {
        return None;
    }
    let edge = |length: u32, i: u32| (u64::from(length) * u64::from(i) / 8) as u32;
    let means = (0..64).map(|block| {
        let (down, across) = (block / 8, block % 8);
        let rows = edge(frame.rows, down)..edge(frame.rows, down + 1);
        let columns = edge(frame.columns, across)..edge(frame.columns, across + 1);
        let count = rows.len() as f64 * columns.len() as f64;
        let sum: f64 = rows
            .flat_map(|row| columns.clone().map(move |column| (column, row)))
            .filter_map(|(column, row)| frame.value(column, row))
            .sum();
        (sum / count * 100.0).round() / 100.0
    });
    Some(means.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_of_little_endian_values() {
        // SHA-256 of the bytes 01 02 03 04.
        let expected = "9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a";
        assert_eq!(digest(&Samples::U8(vec![1, 2, 3, 4])), expected);
        assert_eq!(digest(&Samples::U16(vec![0x0201, 0x0403])), expected);
        assert_eq!(digest(&Samples::I32(vec![0x0403_0201])), expected);
    }

    #[test]
    fn block_means_take_every_pixel_once() {
        let frame = StoredFrame {
            columns: 9,
            rows: 8,
            channels: 1,
            samples: Samples::U16((0..72).collect()),
        };
        let means = block_means(&frame).unwrap();
        assert_eq!(means.len(), 64);
        assert_eq!((means[0], means[7], means[8]), (0.0, 7.5, 9.0));
    }

    #[test]
    fn numbers_keep_nine_digits() {
        assert_eq!(nine_digits(Some(1.0 / 3.0)).to_string(), "0.333333333");
        assert_eq!(nine_digits(Some(f64::NAN)), Value::Null);
        assert_eq!(nine_digits(Some(-1024.0)).to_string(), "-1024.0");
    }
}
