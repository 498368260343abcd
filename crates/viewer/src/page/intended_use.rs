//! What this program may be used for, and what not.

use egui::Ui;
use reading::intended_use;

use crate::{text, theme};

pub(super) fn show(ui: &mut Ui) {
    for sentence in intended_use::STATEMENT {
        text::paragraph(ui, sentence, theme::font(theme::BODY), theme::TEXT);
        ui.add_space(6.0);
    }
    ui.add_space(6.0);
    let version = format!("Farsight {}", intended_use::VERSION);
    text::label(ui, &version, theme::font(theme::SMALL), theme::QUIET);
}
