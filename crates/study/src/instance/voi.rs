//! The windows and tables that an object offers for showing its values (PS3.3 C.11.2).

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use pixels::display::{Modality, Voi, VoiFunction};

use super::VoiChoice;
use super::tables::table;
use crate::Layout;
use crate::attribute::{items, numbers, text, texts};
use crate::object::Oddities;

/// Modalities whose own tables come before their windows: the look of the film is part of the image.
const TABLES_FIRST: [&str; 3] = ["CR", "DX", "MG"];

/// The choices of a data set or functional group, the default first; what cannot be applied is left out with an oddity.
pub(super) fn choices(
    dataset: &InMemDicomObject,
    modality_word: &str,
    modality: &Modality,
    layout: Option<&Layout>,
    oddities: &mut Oddities,
) -> Vec<VoiChoice> {
    let windows = windows(dataset, oddities);
    let signed = may_be_negative(modality, layout);
    let tables: Vec<VoiChoice> = items(dataset, tags::VOILUT_SEQUENCE)
        .iter()
        .filter_map(|item| {
            let table = table(item, (tags::LUT_DESCRIPTOR, tags::LUT_DATA), signed, oddities);
            if table.is_none() {
                oddities.note("A VOI look-up table cannot be used and was left out.");
            }
            Some(VoiChoice {
                name: text(item, tags::LUT_EXPLANATION),
                voi: Voi::Table(table?),
            })
        })
        .collect();
    let (first, second) = if TABLES_FIRST.contains(&modality_word) {
        (tables, windows)
    } else {
        (windows, tables)
    };
    first.into_iter().chain(second).collect()
}

fn windows(dataset: &InMemDicomObject, oddities: &mut Oddities) -> Vec<VoiChoice> {
    let centres = numbers(dataset, tags::WINDOW_CENTER);
    let widths = numbers(dataset, tags::WINDOW_WIDTH);
    let names = texts(dataset, tags::WINDOW_CENTER_WIDTH_EXPLANATION);
    let function = match text(dataset, tags::VOILUT_FUNCTION).as_str() {
        "" | "LINEAR" => VoiFunction::Linear,
        "LINEAR_EXACT" => VoiFunction::LinearExact,
        "SIGMOID" => VoiFunction::Sigmoid,
        _ => {
            oddities.correct("The VOI LUT Function is none that the standard knows; LINEAR was taken.");
            VoiFunction::Linear
        }
    };
    if centres.len() != widths.len() {
        oddities.note("The object has not as many window centres as widths.");
    }
    centres
        .into_iter()
        .zip(widths)
        .enumerate()
        .filter_map(|(index, (centre, width))| {
            let voi = Voi::Window {
                centre,
                width,
                function,
            };
            if voi.check().is_err() {
                oddities.note("A window of the object cannot be applied and was left out.");
                return None;
            }
            Some(VoiChoice {
                name: names.get(index).cloned().unwrap_or_default(),
                voi,
            })
        })
        .collect()
}

/// Whether modality values may be negative, which decides the sign of a VOI table's first input (PS3.3 C.11.2.1.1).
fn may_be_negative(modality: &Modality, layout: Option<&Layout>) -> bool {
    let bits = layout.map_or(16, |l| l.bits_stored.clamp(1, 32));
    let signed = layout.is_some_and(|l| l.signed);
    let (low, high) = if signed {
        let half = 2f64.powi(i32::from(bits) - 1);
        (-half, half - 1.0)
    } else {
        (0.0, 2f64.powi(i32::from(bits)) - 1.0)
    };
    match modality {
        Modality::Table(_) => false,
        _ => modality.value(low).min(modality.value(high)) < 0.0,
    }
}
