//! How a frame's values become shades: the rule that the window and `farsight render` share.

use pixels::StoredFrame;
use pixels::display::{Modality, Parameters, Voi, VoiFunction};
use pixels::statistics;
use study::{Instance, VoiChoice};

use crate::presets::{self, WindowChoice};

/// Everything that decides how a grey frame's values are shown: the chosen VOI, else the object's first, else robust percentiles
/// of the frame without padding.
pub fn parameters(instance: &Instance, frame: u32, stored: &StoredFrame, chosen: Option<Voi>) -> Parameters {
    let voi = chosen.unwrap_or_else(|| {
        let from_zero = || from_zero(stored, instance, frame);
        let automatic = || automatic(stored, instance, frame);
        resolve(&WindowChoice::Default, instance, frame, from_zero, automatic).voi
    });
    with_voi(instance, frame, voi)
}

/// The parameters of a frame with a known window or table.
pub(crate) fn with_voi(instance: &Instance, frame: u32, voi: Voi) -> Parameters {
    Parameters {
        modality: modality(instance, frame),
        voi,
        inverse: instance.inverse,
        padding: instance.padding,
        stored_range: instance.stored_range(),
        presentation_lut: instance.wishes.presentation_lut.clone(),
        target_bits: 8,
    }
}

fn modality(instance: &Instance, frame: u32) -> Modality {
    let geometry = instance.frame_geometry(frame);
    geometry.map_or(Modality::Identity, |g| g.modality.clone())
}

/// A window or table with its name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resolved {
    /// What is applied.
    pub(crate) voi: Voi,
    /// "lung", the file's own explanation, "auto"; empty where the file gives none.
    pub(crate) name: String,
}

/// What a choice comes to on a frame: a choice that the frame does not offer becomes the file's default.
pub(crate) fn resolve(
    choice: &WindowChoice,
    instance: &Instance,
    frame: u32,
    from_zero: impl FnOnce() -> Resolved,
    automatic: impl FnOnce() -> Voi,
) -> Resolved {
    let own: &[VoiChoice] = instance.frame_geometry(frame).map_or(&[], |g| g.voi.as_slice());
    let usable = |index: usize| own.get(index).filter(|c| c.voi.check().is_ok());
    let named = |index: usize| {
        usable(index).map(|c| Resolved {
            voi: c.voi.clone(),
            name: presets::own_name(c, index),
        })
    };
    let chosen = match choice {
        WindowChoice::Default => None,
        WindowChoice::Own(index) => named(*index),
        WindowChoice::Preset(name) => presets::for_modality(&instance.text.modality)
            .iter()
            .find(|preset| preset.name == *name)
            .map(|preset| Resolved {
                voi: preset.voi(),
                name: preset.name.to_owned(),
            }),
        WindowChoice::Manual(voi) => voi.check().is_ok().then(|| Resolved {
            voi: voi.clone(),
            name: String::new(),
        }),
        WindowChoice::Auto => {
            return Resolved {
                voi: automatic(),
                name: "auto".to_owned(),
            };
        }
    };
    if let Some(chosen) = chosen {
        return chosen;
    }
    if is_clamped(instance) {
        return from_zero();
    }
    match (0..own.len()).find_map(usable) {
        Some(first) => Resolved {
            voi: first.voi.clone(),
            name: first.name.trim().to_owned(),
        },
        None => Resolved {
            voi: automatic(),
            name: "auto".to_owned(),
        },
    }
}

/// Modalities whose values are amounts: their windows begin at 0, and only the upper end moves (IHE RAD BIR-17).
const CLAMPED: [&str; 2] = ["NM", "PT"];

/// The greatest standardised uptake value of the first window.
const MOST_SUV: f64 = 5.0;

/// Whether an image's windows begin at 0 by themselves.
pub(crate) fn is_clamped(instance: &Instance) -> bool {
    is_amount(&instance.text.modality)
}

/// Whether the values of a modality (0008,0060) are amounts, of which there are none below 0.
pub(crate) fn is_amount(modality: &str) -> bool {
    CLAMPED.contains(&modality)
}

/// The window of an image of amounts: SUV 0 to 5 where SUV is known, else 0 to the frame's greatest value.
pub(crate) fn from_zero(stored: &StoredFrame, instance: &Instance, frame: u32) -> Resolved {
    let (greatest, name) = match instance.suv {
        Some(suv) => (MOST_SUV / suv.factor, format!("SUV 0–{MOST_SUV}")),
        None => {
            let modality = modality(instance, frame);
            let range = statistics::stored_range(stored, instance.padding);
            let greatest = range.map_or(1.0, |r| modality.value(r.greatest).max(modality.value(r.least)));
            (greatest, "0 to maximum".to_owned())
        }
    };
    let width = if greatest > 0.0 && greatest.is_finite() {
        greatest
    } else {
        1.0
    };
    Resolved {
        voi: Voi::Window {
            centre: width / 2.0,
            width,
            function: VoiFunction::LinearExact,
        },
        name,
    }
}

/// The window between the 0.5th and the 99.5th percentile of a frame without padding.
pub(crate) fn automatic(stored: &StoredFrame, instance: &Instance, frame: u32) -> Voi {
    let modality = modality(instance, frame);
    let (low, high) = statistics::percentiles(stored, &modality, instance.padding, 0.5, 99.5).unwrap_or((0.0, 1.0));
    let width = high - low;
    Voi::Window {
        centre: low + width / 2.0,
        width: if width > 0.0 { width } else { 1.0 },
        function: VoiFunction::LinearExact,
    }
}
