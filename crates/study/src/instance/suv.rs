//! Standardised uptake values of PET images (PS3.3 C.8.9.1; the vendors' cases as the QIBA pseudocode has them).

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use crate::attribute::{item, number, text, texts};
use crate::object::Oddities;

/// What turns modality values of a PET image into standardised uptake values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suv {
    /// SUV for each unit of the modality value.
    pub factor: f64,
    /// Which SUV: "SUVbw", "SUL", "SUVbsa", …
    pub name: &'static str,
}

/// Seconds after the injection beyond which, or below which, a scan is unusual.
const USUAL: std::ops::RangeInclusive<f64> = 600.0..=21_600.0;

/// The factor of a PET image; `None` for other images, and where it cannot be known, which an oddity says.
pub(super) fn suv(dataset: &InMemDicomObject, oddities: &mut Oddities) -> Option<Suv> {
    if text(dataset, tags::MODALITY) != "PT" {
        return None;
    }
    match factor(dataset, oddities) {
        Ok(suv) => Some(suv),
        Err(why) => {
            oddities.note(format!("SUV cannot be computed: {why}."));
            None
        }
    }
}

fn factor(dataset: &InMemDicomObject, oddities: &mut Oddities) -> Result<Suv, &'static str> {
    let by_weight = |factor| Suv { factor, name: "SUVbw" };
    match text(dataset, tags::UNITS).as_str() {
        "GML" => Ok(Suv {
            factor: 1.0,
            name: match text(dataset, tags::SUV_TYPE).as_str() {
                "" | "BW" => "SUVbw",
                "LBM" => "SUL",
                "LBMJAMES128" => "SUL-J",
                "LBMJANMA" => "SUL-Janma",
                "BSA" => "SUVbsa",
                "IBW" => "SUVibw",
                _ => return Err("the kind of its SUV is not known"),
            },
        }),
        "BQML" => of_activity(dataset, oddities).map(by_weight),
        "CNTS" => {
            // Philips keeps one of two factors in private elements.
            let private = |element| {
                let element = dataset
                    .private_element(0x7053, "Philips PET Private Group", element)
                    .ok()?;
                let value = element.value().primitive()?;
                let value = value.to_float64().ok().or_else(|| {
                    let text = String::from_utf8(value.to_bytes().into_owned()).ok()?;
                    text.trim_matches([' ', '\0']).parse().ok()
                })?;
                (value.is_finite() && value > 0.0).then_some(value)
            };
            match (private(0x00), private(0x09)) {
                (Some(suv), _) => Ok(by_weight(suv)),
                (None, Some(activity)) => of_activity(dataset, oddities).map(|factor| by_weight(activity * factor)),
                (None, None) => Err("its values are counts"),
            }
        }
        _ => Err("its values are no activity"),
    }
}

/// SUVbw for each Bq/ml: weight in grams over the dose that was left at the reference time.
fn of_activity(dataset: &InMemDicomObject, oddities: &mut Oddities) -> Result<f64, &'static str> {
    let corrected = texts(dataset, tags::CORRECTED_IMAGE);
    if !["ATTN", "DECY"].iter().all(|word| corrected.iter().any(|c| c == word)) {
        return Err("it is not corrected for attenuation and decay");
    }
    let positive = |dataset: &InMemDicomObject, tag: Tag| number(dataset, tag).filter(|x| *x > 0.0);
    let weight = positive(dataset, tags::PATIENT_WEIGHT).ok_or("the patient's weight is missing")?;
    let drug = item(dataset, tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE)
        .ok_or("nothing is said of the radiopharmaceutical")?;
    let dose = positive(drug, tags::RADIONUCLIDE_TOTAL_DOSE).ok_or("the dose is missing")?;
    let half_life = positive(drug, tags::RADIONUCLIDE_HALF_LIFE).ok_or("the half-life is missing")?;
    let left = match text(dataset, tags::DECAY_CORRECTION).as_str() {
        // The values are already those of the time of the injection.
        "ADMIN" => dose,
        "START" => {
            let reference = reference(dataset, half_life)?;
            let elapsed = reference - injection(dataset, drug, reference)?;
            if elapsed < 0.0 {
                return Err("the injection comes after the scan");
            }
            if !USUAL.contains(&elapsed) {
                oddities.note(
                    "Injection and scan are less than ten minutes or more than six hours apart; SUV may be wrong.",
                );
            }
            dose * (-elapsed / half_life).exp2()
        }
        _ => return Err("its decay correction refers to no known time"),
    };
    let factor = weight * 1000.0 / left;
    if factor.is_finite() {
        Ok(factor)
    } else {
        Err("the dose had decayed")
    }
}

/// The time that decay is corrected to, seconds.
fn reference(dataset: &InMemDicomObject, half_life: f64) -> Result<f64, &'static str> {
    let moment = |date: Tag, time: Tag| seconds(&(text(dataset, date) + &text(dataset, time)));
    let series = moment(tags::SERIES_DATE, tags::SERIES_TIME).ok_or("date and time of the series are missing")?;
    let acquired = seconds(&text(dataset, tags::ACQUISITION_DATE_TIME))
        .or_else(|| moment(tags::ACQUISITION_DATE, tags::ACQUISITION_TIME))
        .ok_or("date and time of the acquisition are missing")?;
    if series <= acquired {
        return Ok(series);
    }
    // Post-processing has written another time into the series. GE keeps the first one.
    let kept = dataset
        .private_element(0x0009, "GEMS_PETD_01", 0x0D)
        .ok()
        .and_then(|element| seconds(element.value().primitive()?.to_str().trim()));
    if let Some(scan) = kept {
        return Ok(scan);
    }
    // Each bed position tells how long after the reference it was taken.
    let after = number(dataset, tags::FRAME_REFERENCE_TIME).filter(|ms| *ms >= 0.0);
    let lasted = number(dataset, tags::ACTUAL_FRAME_DURATION).filter(|ms| *ms > 0.0);
    match (after, lasted) {
        (Some(after), Some(lasted)) => Ok(acquired - after / 1000.0 + average_count_s(lasted / 1000.0, half_life)),
        _ => Err("the time of the series was written after the scan"),
    }
}

/// How long after its start a decaying source gives its average count rate: both in seconds.
fn average_count_s(duration_s: f64, half_life_s: f64) -> f64 {
    let decay = std::f64::consts::LN_2 / half_life_s;
    let during = decay * duration_s;
    (during / -(-during).exp_m1()).ln() / decay
}

/// When the dose was given, seconds; a time without a date is that of the day of the series, or of the day before.
fn injection(dataset: &InMemDicomObject, drug: &InMemDicomObject, reference: f64) -> Result<f64, &'static str> {
    if let Some(moment) = seconds(&text(drug, tags::RADIOPHARMACEUTICAL_START_DATE_TIME)) {
        return Ok(moment);
    }
    let time = text(drug, tags::RADIOPHARMACEUTICAL_START_TIME);
    let moment = Some(time)
        .filter(|time| !time.is_empty())
        .and_then(|time| seconds(&(text(dataset, tags::SERIES_DATE) + &time)))
        .ok_or("the time of the injection is missing")?;
    Ok(if moment > reference { moment - 86_400.0 } else { moment })
}

/// `YYYYMMDDHHMMSS.ffffff` as seconds since some midnight; `None` unless date, hour and minute are there. A zone is left out:
/// it is the same for all moments of a scan.
fn seconds(written: &str) -> Option<f64> {
    let local = written.trim().split(['+', '-', '&']).next()?;
    let digits = |from: usize, to: usize| -> Option<f64> {
        let part = local
            .get(from..to)
            .filter(|part| part.bytes().all(|b| b.is_ascii_digit()))?;
        part.parse().ok()
    };
    let (year, month, day) = (digits(0, 4)?, digits(4, 6)?, digits(6, 8)?);
    let (hour, minute) = (digits(8, 10)?, digits(10, 12)?);
    let second = match local.get(12..) {
        None | Some("") => 0.0,
        Some(rest) => rest.parse().ok().filter(|s: &f64| (0.0..61.0).contains(s))?,
    };
    // Days by the civil calendar, years beginning in March.
    let (year, month) = if month <= 2.0 {
        (year - 1.0, month + 9.0)
    } else {
        (year, month - 3.0)
    };
    let leap_days = (year / 4.0).floor() - (year / 100.0).floor() + (year / 400.0).floor();
    let days = year * 365.0 + leap_days + ((153.0 * month + 2.0) / 5.0).floor() + day;
    Some(days * 86_400.0 + hour * 3600.0 + minute * 60.0 + second)
}

#[cfg(test)]
mod tests {
    use dicom_core::value::{DataSetSequence, Value};
    use dicom_core::{DataElement, Length, PrimitiveValue, VR};

    use super::*;

    fn set(attributes: &[(Tag, &str)]) -> InMemDicomObject {
        InMemDicomObject::from_element_iter(attributes.iter().map(|(tag, text)| {
            let values: Vec<String> = text.split('\\').map(str::to_owned).collect();
            DataElement::new(*tag, VR::LO, PrimitiveValue::Strs(values.into()))
        }))
    }

    /// 70 kg, 370 MBq of F-18 at 11:00, a scan at 12:00.
    fn scan(more: &[(Tag, &str)], drug: &[(Tag, &str)]) -> InMemDicomObject {
        let replaced = |usual: &[(Tag, &'static str)], more: &[(Tag, &str)]| {
            let mut dataset = set(usual);
            for (tag, value) in more {
                dataset.remove_element(*tag);
                if !value.is_empty() {
                    dataset.put(set(&[(*tag, value)]).element(*tag).unwrap().clone());
                }
            }
            dataset
        };
        let mut dataset = replaced(
            &[
                (tags::MODALITY, "PT"),
                (tags::UNITS, "BQML"),
                (tags::CORRECTED_IMAGE, "ATTN\\DECY\\SCAT"),
                (tags::DECAY_CORRECTION, "START"),
                (tags::PATIENT_WEIGHT, "70"),
                (tags::SERIES_DATE, "20240301"),
                (tags::SERIES_TIME, "120000"),
                (tags::ACQUISITION_DATE, "20240301"),
                (tags::ACQUISITION_TIME, "120000.5"),
            ],
            more,
        );
        let drug = replaced(
            &[
                (tags::RADIONUCLIDE_TOTAL_DOSE, "370000000"),
                (tags::RADIONUCLIDE_HALF_LIFE, "6586.2"),
                (tags::RADIOPHARMACEUTICAL_START_TIME, "110000"),
            ],
            drug,
        );
        dataset.put(DataElement::new(
            tags::RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE,
            VR::SQ,
            Value::Sequence(DataSetSequence::new(vec![drug], Length::UNDEFINED)),
        ));
        dataset
    }

    fn of(more: &[(Tag, &str)], drug: &[(Tag, &str)]) -> (Option<Suv>, Vec<crate::Oddity>) {
        let mut oddities = Oddities::default();
        let suv = suv(&scan(more, drug), &mut oddities);
        (suv, oddities.into_list())
    }

    fn shown(suv: Option<Suv>, activity: f64) -> f64 {
        (suv.unwrap().factor * activity * 1e4).round() / 1e4
    }

    #[test]
    fn the_factor_is_weight_over_what_is_left_of_the_dose() {
        let (start, oddities) = of(&[], &[]);
        assert!((start.unwrap().factor / 2.763_367e-4 - 1.0).abs() < 1e-6);
        assert_eq!((shown(start, 5000.0), start.unwrap().name), (1.3817, "SUVbw"));
        assert!(oddities.is_empty());
        let (admin, _) = of(&[(tags::DECAY_CORRECTION, "ADMIN")], &[]);
        assert_eq!(shown(admin, 5000.0), 0.9459, "the dose is not decayed twice");
        let (weasis, _) = of(&[], &[(tags::RADIONUCLIDE_HALF_LIFE, "6586.0")]);
        assert!((shown(weasis, 5000.0) - 1.3817).abs() < 1e-3);
        let dated = [(tags::RADIOPHARMACEUTICAL_START_DATE_TIME, "20240301110000.000000")];
        assert_eq!(of(&[], &dated).0, start);
        let night = of(
            &[(tags::SERIES_TIME, "003000"), (tags::ACQUISITION_TIME, "003000")],
            &[(tags::RADIOPHARMACEUTICAL_START_TIME, "233000")],
        );
        assert!(
            (night.0.unwrap().factor / start.unwrap().factor - 1.0).abs() < 1e-9,
            "over midnight"
        );
    }

    #[test]
    fn what_is_missing_is_said_and_never_guessed() {
        for (more, drug, word) in [
            (&[(tags::PATIENT_WEIGHT, "0")][..], &[][..], "weight"),
            (&[(tags::CORRECTED_IMAGE, "ATTN")], &[], "corrected for attenuation"),
            (&[(tags::DECAY_CORRECTION, "NONE")], &[], "decay correction"),
            (&[(tags::UNITS, "CPS")], &[], "no activity"),
            (&[(tags::UNITS, "CNTS")], &[], "counts"),
            (&[], &[(tags::RADIONUCLIDE_TOTAL_DOSE, "")], "dose"),
            (&[], &[(tags::RADIONUCLIDE_HALF_LIFE, "")], "half-life"),
            (&[], &[(tags::RADIOPHARMACEUTICAL_START_TIME, "")], "injection"),
            (
                &[],
                &[(tags::RADIOPHARMACEUTICAL_START_DATE_TIME, "20240302110000")],
                "after the scan",
            ),
            (&[(tags::SERIES_TIME, "180000")], &[], "written after the scan"),
        ] {
            let (suv, oddities) = of(more, drug);
            assert_eq!(suv, None, "{word}");
            assert!(oddities.iter().any(|o| o.0.contains(word)), "{word}: {oddities:?}");
        }
        let (late, oddities) = of(&[], &[(tags::RADIOPHARMACEUTICAL_START_TIME, "040000")]);
        assert!(late.is_some() && oddities.len() == 1, "eight hours are told");
    }

    #[test]
    fn makers_have_their_own_ways() {
        let private = |dataset: &mut InMemDicomObject, group, creator: &str, element: u16, value: &str| {
            dataset.put(DataElement::new(Tag(group, 0x10), VR::LO, creator));
            dataset.put(DataElement::new(Tag(group, 0x1000 | element), VR::DS, value));
        };
        let philips = |element, value| {
            let mut dataset = scan(&[(tags::UNITS, "CNTS")], &[]);
            private(&mut dataset, 0x7053, "Philips PET Private Group", element, value);
            suv(&dataset, &mut Oddities::default())
        };
        assert_eq!(philips(0x00, "0.0005").unwrap().factor, 0.0005);
        assert!((philips(0x09, "2").unwrap().factor / (2.0 * 2.763_367e-4) - 1.0).abs() < 1e-6);
        // A series time that post-processing wrote: GE's own, then the bed's.
        let rewritten = [(tags::SERIES_TIME, "180000")];
        let mut ge = scan(&rewritten, &[]);
        private(&mut ge, 0x0009, "GEMS_PETD_01", 0x0D, "20240301120000.00");
        assert!((suv(&ge, &mut Oddities::default()).unwrap().factor / 2.763_367e-4 - 1.0).abs() < 1e-6);
        let bed = [
            (tags::SERIES_TIME, "180000"),
            (tags::ACQUISITION_TIME, "121000"),
            (tags::FRAME_REFERENCE_TIME, "629980"),
            (tags::ACTUAL_FRAME_DURATION, "60000"),
        ];
        assert!((of(&bed, &[]).0.unwrap().factor / 2.763_367e-4 - 1.0).abs() < 1e-5);
        for (kind, name) in [
            ("", "SUVbw"),
            ("LBM", "SUL"),
            ("LBMJANMA", "SUL-Janma"),
            ("BSA", "SUVbsa"),
        ] {
            let (suv, _) = of(&[(tags::UNITS, "GML"), (tags::SUV_TYPE, kind)], &[]);
            assert_eq!(suv, Some(Suv { factor: 1.0, name }));
        }
    }

    #[test]
    fn the_average_count_rate_comes_before_the_middle() {
        for (duration, offset) in [(60.0, 29.98), (180.0, 89.86), (600.0, 298.42)] {
            let found = average_count_s(duration, 6586.2);
            assert!((found - offset).abs() < 0.01, "{duration}: {found}");
        }
    }
}
