//! How a multi-frame object plays (PS3.3 C.7.6.5; the priorities are clinical practice).

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::CineTiming;
use crate::attribute::{number, numbers};
use crate::object::Oddities;

/// Rates outside are junk (a Frame Time of 0) or no film (1000 s): they are brought inside, 1 to 120 frames a second.
const SHORTEST_MS: f64 = 1000.0 / 120.0;
const LONGEST_MS: f64 = 1000.0;

/// Recommended Display Frame Rate, else Cine Rate, else Frame Time, else Frame Time Vector; `None` without any.
pub(super) fn timing(dataset: &InMemDicomObject, frames: u32, oddities: &mut Oddities) -> Option<CineTiming> {
    if frames < 2 {
        return None;
    }
    let clamped = |ms: f64| ms.clamp(SHORTEST_MS, LONGEST_MS);
    let mut constant = |ms: f64| {
        if clamped(ms) != ms {
            oddities.correct("The image's frame rate is not sensible; it was brought within 1 to 120 frames a second.");
        }
        CineTiming {
            starts_ms: Vec::new(),
            frame_ms: clamped(ms),
        }
    };
    let positive = |tag| number(dataset, tag).filter(|x| *x > 0.0);
    let rate = positive(tags::RECOMMENDED_DISPLAY_FRAME_RATE).or_else(|| positive(tags::CINE_RATE));
    if let Some(rate) = rate {
        return Some(constant(1000.0 / rate));
    }
    if let Some(ms) = positive(tags::FRAME_TIME) {
        return Some(constant(ms));
    }
    // The first value belongs to no interval; value k lies between frames k − 1 and k.
    let vector = numbers(dataset, tags::FRAME_TIME_VECTOR);
    let intervals = vector.get(1..frames as usize)?;
    if !intervals.iter().all(|ms| ms.is_finite() && *ms >= 0.0) {
        return None;
    }
    let total: f64 = intervals.iter().sum();
    let mean = total / intervals.len() as f64;
    if mean <= 0.0 {
        return None;
    }
    if intervals.iter().all(|ms| (ms - mean).abs() < 0.01 * mean) || clamped(mean) != mean {
        return Some(constant(mean));
    }
    let mut start = 0.0;
    let mut starts_ms = vec![0.0];
    for interval in intervals {
        start += interval;
        starts_ms.push(start);
    }
    Some(CineTiming {
        starts_ms,
        frame_ms: mean,
    })
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, PrimitiveValue, Tag, VR};

    use super::*;

    fn timing(dataset: &InMemDicomObject, frames: u32) -> Option<CineTiming> {
        super::timing(dataset, frames, &mut Oddities::default())
    }

    fn with(elements: &[(Tag, &[&str])]) -> InMemDicomObject {
        InMemDicomObject::from_element_iter(elements.iter().map(|(tag, values)| {
            let texts: Vec<String> = values.iter().map(|&v| v.to_owned()).collect();
            DataElement::new(*tag, VR::DS, PrimitiveValue::Strs(texts.into()))
        }))
    }

    #[test]
    fn a_frame_time_is_a_rate_and_a_vector_gives_starts() {
        let constant = timing(&with(&[(tags::FRAME_TIME, &["33.33"])]), 10).unwrap();
        assert!((1000.0 / constant.frame_ms - 30.0).abs() < 0.01 && constant.starts_ms.is_empty());
        let varying = timing(&with(&[(tags::FRAME_TIME_VECTOR, &["0", "40", "40", "80"])]), 4).unwrap();
        assert_eq!(varying.starts_ms, [0.0, 40.0, 80.0, 160.0]);
        assert!((1000.0 / varying.frame_ms - 18.75).abs() < 1e-9);
        let equal = timing(&with(&[(tags::FRAME_TIME_VECTOR, &["0", "40", "40"])]), 3).unwrap();
        assert_eq!((equal.starts_ms.len(), equal.frame_ms), (0, 40.0));
    }

    #[test]
    fn the_rate_to_show_at_comes_before_the_rate_of_acquisition_and_junk_is_bounded() {
        let both = with(&[
            (tags::RECOMMENDED_DISPLAY_FRAME_RATE, &["10"]),
            (tags::FRAME_TIME, &["33"]),
        ]);
        assert_eq!(timing(&both, 2).unwrap().frame_ms, 100.0);
        assert_eq!(timing(&with(&[(tags::FRAME_TIME, &["0"])]), 2), None);
        assert_eq!(
            timing(&with(&[(tags::FRAME_TIME, &["0.001"])]), 2).unwrap().frame_ms,
            1000.0 / 120.0
        );
        assert_eq!(timing(&with(&[(tags::FRAME_TIME_VECTOR, &["0", "x", "5"])]), 3), None);
        assert_eq!(timing(&with(&[(tags::FRAME_TIME_VECTOR, &["0", "5"])]), 3), None);
        assert_eq!(timing(&with(&[(tags::FRAME_TIME, &["40"])]), 1), None);
    }

    #[test]
    fn a_rate_that_was_brought_within_bounds_is_told() {
        let corrections = |ms: &str| {
            let mut oddities = Oddities::default();
            super::timing(&with(&[(tags::FRAME_TIME, &[ms])]), 2, &mut oddities);
            oddities.into_lists().1.len()
        };
        assert_eq!(["33.33", "0.001", "60000"].map(corrections), [0, 1, 1]);
    }
}
