//! Windows that can be chosen by name or by a number key.

use pixels::display::{Voi, VoiFunction};
use study::VoiChoice;

use crate::viewport;

/// How a tile's values of interest are chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum WindowChoice {
    /// The file's own first window or table; without one, robust percentiles of the frame.
    #[default]
    Default,
    /// The file's own window or table of this index, read anew from each frame.
    Own(usize),
    /// A preset by its name in [`for_modality`].
    Preset(&'static str),
    /// Robust percentiles of the frame.
    Auto,
    /// What the reader dragged to.
    Manual(Voi),
}

/// A window that many readers want for a modality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preset {
    /// The number key, 1 to 9.
    pub key: u8,
    /// Its name on the tile and in menus.
    pub name: &'static str,
    /// Window Centre, modality values.
    pub centre: f64,
    /// Window Width, modality values.
    pub width: f64,
}

impl Preset {
    /// The preset as a window.
    pub fn voi(&self) -> Voi {
        Voi::Window {
            centre: self.centre,
            width: self.width,
            function: VoiFunction::Linear,
        }
    }
}

const fn preset(key: u8, name: &'static str, width: f64, centre: f64) -> Preset {
    Preset {
        key,
        name,
        centre,
        width,
    }
}

/// Hounsfield windows; the first four stand on the keys that OHIF's readers know.
const CT: &[Preset] = &[
    preset(1, "soft tissue", 400.0, 40.0),
    preset(2, "lung", 1500.0, -500.0),
    preset(3, "bone", 1500.0, 300.0),
    preset(4, "brain", 80.0, 40.0),
    preset(5, "liver", 150.0, 90.0),
    preset(6, "angiography", 600.0, 300.0),
    preset(7, "mediastinum", 350.0, 50.0),
];

/// The presets of a modality (0008,0060); empty where values have no common scale.
pub fn for_modality(modality: &str) -> &'static [Preset] {
    if modality == "CT" { CT } else { &[] }
}

/// One line of the window menu.
#[derive(Clone, Debug, PartialEq)]
pub struct WindowRow {
    /// What the line says.
    pub name: String,
    /// The number key that chooses it, when one does.
    pub key: Option<u8>,
    /// The choice.
    pub choice: WindowChoice,
    /// It is the one on the tile.
    pub chosen: bool,
}

/// Every window that a frame can be shown with, in the order of the menu.
pub(crate) fn rows(modality: &str, own: &[VoiChoice], chosen: &WindowChoice) -> Vec<WindowRow> {
    let row = |name: String, key: Option<u8>, choice: WindowChoice| WindowRow {
        name,
        key,
        chosen: choice == *chosen,
        choice,
    };
    let mut rows = Vec::new();
    let first = if viewport::is_amount(modality) {
        "from 0"
    } else {
        "as the file says"
    };
    rows.push(row(first.to_owned(), Some(0), WindowChoice::Default));
    let presets = for_modality(modality);
    for (index, choice) in own.iter().enumerate().filter(|(_, c)| c.voi.check().is_ok()) {
        let key = u8::try_from(index + 1).ok().filter(|k| *k <= 9 && presets.is_empty());
        rows.push(row(own_name(choice, index), key, WindowChoice::Own(index)));
    }
    for preset in presets {
        rows.push(row(
            preset.name.to_owned(),
            Some(preset.key),
            WindowChoice::Preset(preset.name),
        ));
    }
    rows.push(row("auto".to_owned(), None, WindowChoice::Auto));
    rows
}

/// The name of a file's own window: its explanation, else what it is.
pub(crate) fn own_name(choice: &VoiChoice, index: usize) -> String {
    let name = choice.name.trim();
    if !name.is_empty() {
        return name.to_owned();
    }
    match &choice.voi {
        Voi::Window { .. } => format!("window {}", index + 1),
        Voi::Table(_) => format!("table {}", index + 1),
    }
}

/// What a number key chooses; `None` when it stands for nothing here.
pub(crate) fn by_key(key: u8, modality: &str, own: &[VoiChoice]) -> Option<WindowChoice> {
    if key == 0 {
        return Some(WindowChoice::Default);
    }
    rows(modality, own, &WindowChoice::Default)
        .into_iter()
        .find(|row| row.key == Some(key))
        .map(|row| row.choice)
}
