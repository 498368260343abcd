//! The windows and tables that an object offers for showing its values (PS3.3 C.11.2).

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use pixels::display::{Modality, Voi, VoiFunction};

use super::VoiChoice;
use super::tables::table;
use crate::Layout;
use crate::attribute::{items, multiplicity, numbers, text, texts};
use crate::object::Oddities;

/// Modalities of which devices are known that give windows in stored values although there is a rescale.
const STORED_WINDOWS: [&str; 4] = ["MR", "XA", "RF", "XRF"];

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
    let mut windows = windows(dataset, oddities);
    if STORED_WINDOWS.contains(&modality_word)
        && let (Modality::Rescale { slope, intercept }, Some(layout)) = (modality, layout)
    {
        for choice in &mut windows {
            if let Some(converted) = from_stored(&choice.voi, *slope, *intercept, layout) {
                choice.voi = converted;
                oddities.correct("A window is given in stored values; it was converted with the rescale.");
            }
        }
    }
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

/// A window that can only be meant for stored values, as one of modality values: it lies wholly outside the rescaled range, and
/// inside the stored one (IHE RAD BIR-14, as far as the numbers show it).
fn from_stored(voi: &Voi, slope: f64, intercept: f64, layout: &Layout) -> Option<Voi> {
    let Voi::Window {
        centre,
        width,
        function,
    } = voi
    else {
        return None;
    };
    let (least, greatest) = (centre - width / 2.0, centre + width / 2.0);
    let (low, high) = stored_range(layout);
    let (a, b) = (slope * low + intercept, slope * high + intercept);
    let is_outside = greatest < a.min(b) || least > a.max(b);
    let is_stored = least >= low && greatest <= high + 1.0;
    if !(is_outside && is_stored && slope > 0.0) {
        return None;
    }
    // LINEAR counts whole values (PS3.3 C.11.2.1.2.1), which rescaled ones are not: the same line as a LINEAR_EXACT one.
    let (centre, width, function) = match function {
        VoiFunction::Linear => (centre - 0.5, (width - 1.0).max(1e-3), VoiFunction::LinearExact),
        other => (*centre, *width, *other),
    };
    Some(Voi::Window {
        centre: slope * centre + intercept,
        width: slope * width,
        function,
    })
}

/// The choices of an item of a presentation state, which knows no more of its images than its own modality stage.
pub(crate) fn voi_choices(item: &InMemDicomObject, modality: &Modality, oddities: &mut Oddities) -> Vec<VoiChoice> {
    choices(item, "", modality, None, oddities)
}

/// More windows than this are no choice, and each frame's description would repeat them.
const MOST_WINDOWS: usize = 256;

fn windows(dataset: &InMemDicomObject, oddities: &mut Oddities) -> Vec<VoiChoice> {
    if multiplicity(dataset, tags::WINDOW_CENTER) > MOST_WINDOWS {
        oddities.note("The object has more windows than anybody could choose from; they were left out.");
        return Vec::new();
    }
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
    let (low, high) = layout.map_or((0.0, 65_535.0), stored_range);
    match modality {
        Modality::Table(_) => false,
        _ => modality.value(low).min(modality.value(high)) < 0.0,
    }
}

/// The least and the greatest stored value that the layout allows.
fn stored_range(layout: &Layout) -> (f64, f64) {
    let values = 2f64.powi(i32::from(layout.bits_stored.clamp(1, 32)));
    if layout.signed {
        (-values / 2.0, values / 2.0 - 1.0)
    } else {
        (0.0, values - 1.0)
    }
}
