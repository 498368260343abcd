//! Numbers about a frame: range, mean, robust percentiles; padding never counts.

use crate::StoredFrame;
use crate::display::{Modality, Padding};

/// Least, greatest and mean of some values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Least value.
    pub least: f64,
    /// Greatest value.
    pub greatest: f64,
    /// Arithmetic mean.
    pub mean: f64,
    /// How many values were counted.
    pub count: u64,
}

/// Least, greatest and mean stored value of a frame (all channels), without padding; `None` when nothing is left.
pub fn stored_range(frame: &StoredFrame, padding: Option<Padding>) -> Option<Range> {
    range(
        (0..frame.samples.len())
            .filter_map(|i| frame.samples.get(i))
            .filter(|v| !padding.is_some_and(|p| p.holds(*v))),
    )
}

/// Least, greatest and mean of finite values; `None` when there are none.
pub fn range(values: impl Iterator<Item = f64>) -> Option<Range> {
    let (mut least, mut greatest, mut sum, mut count) = (f64::INFINITY, f64::NEG_INFINITY, 0.0, 0u64);
    for value in values.filter(|v| v.is_finite()) {
        least = least.min(value);
        greatest = greatest.max(value);
        sum += value;
        count += 1;
    }
    (count > 0).then(|| Range {
        least,
        greatest,
        mean: sum / count as f64,
        count,
    })
}

/// The modality values of two percentiles (0 … 100) of a grey frame, padding left out, from at most about 65 000 evenly spread
/// pixels; `None` when nothing is left.
pub fn percentiles(
    frame: &StoredFrame,
    modality: &Modality,
    padding: Option<Padding>,
    low: f64,
    high: f64,
) -> Option<(f64, f64)> {
    let step = (frame.samples.len() / 65_536).max(1);
    // An odd step walks through all columns of a frame whose width is a power of two.
    let step = step | 1;
    let mut values: Vec<f64> = (0..frame.samples.len())
        .step_by(step)
        .filter_map(|i| frame.samples.get(i))
        .filter(|v| v.is_finite() && !padding.is_some_and(|p| p.holds(*v)))
        .map(|v| modality.value(v))
        .collect();
    if values.is_empty() {
        return None;
    }
    values.sort_unstable_by(f64::total_cmp);
    let last = (values.len() - 1) as f64;
    let at = |percent: f64| {
        values
            .get((percent.clamp(0.0, 100.0) / 100.0 * last).round() as usize)
            .copied()
    };
    Some((at(low)?, at(high)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Samples;

    #[test]
    fn padding_does_not_count() {
        let frame = StoredFrame {
            columns: 4,
            rows: 1,
            channels: 1,
            samples: Samples::I16(vec![-2000, 0, 10, 20]),
        };
        let padding = Some(Padding {
            value: -2000.0,
            limit: -2000.0,
        });
        let range = stored_range(&frame, padding).unwrap();
        assert_eq!(
            (range.least, range.greatest, range.mean, range.count),
            (0.0, 20.0, 10.0, 3)
        );
        assert_eq!(
            percentiles(&frame, &Modality::Identity, padding, 0.0, 100.0),
            Some((0.0, 20.0))
        );
        let all = Some(Padding {
            value: -3000.0,
            limit: 3000.0,
        });
        assert!(stored_range(&frame, all).is_none());
    }
}
