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
        resolve(&WindowChoice::Default, instance, frame, || {
            automatic(stored, instance, frame)
        })
        .voi
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
