//! Outline signs; each stands with a name for those who cannot see it and a tooltip for those who do not know it.

use egui::{Response, RichText, Ui, WidgetText};
pub(crate) use lucide_icons::Icon;

use crate::theme;

/// A sign as text.
pub(crate) fn sign(icon: Icon, size: f32) -> RichText {
    RichText::new(char::from(icon).to_string()).font(theme::signs(size))
}

/// A flat button of 28 points with a sign, `on` when it shows a state; the name is what a screen reader says.
pub(crate) fn button(ui: &mut Ui, icon: Icon, name: &str, on: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(egui::vec2(28.0, 28.0), egui::Sense::click());
    let fill = if on {
        theme::SELECTED
    } else if response.is_pointer_button_down_on() {
        theme::PRESSED
    } else if response.hovered() || response.has_focus() {
        theme::LINE
    } else {
        egui::Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect, 4.0, fill);
    if response.has_focus() {
        let stroke = egui::Stroke::new(1.0, theme::ACCENT);
        ui.painter().rect_stroke(rect, 4.0, stroke, egui::StrokeKind::Inside);
    }
    let colour = if on {
        theme::ACCENT
    } else if ui.is_enabled() {
        theme::TEXT
    } else {
        theme::FAINT
    };
    paint(ui, icon, rect.center(), 16.0, colour);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, ui.is_enabled(), on, name));
    response
}

/// Draws a sign with its middle at a point.
pub(crate) fn paint(ui: &Ui, icon: Icon, middle: egui::Pos2, size: f32, colour: egui::Color32) {
    ui.painter().text(
        middle,
        egui::Align2::CENTER_CENTER,
        char::from(icon),
        theme::signs(size),
        colour,
    );
}

/// A tooltip of three parts: name and key, then one line.
pub(crate) fn explained(response: Response, name: &str, keys: &str, hint: &str) -> Response {
    if hint.is_empty() && keys.is_empty() {
        return response.on_hover_text(name);
    }
    response.on_hover_ui(|ui| {
        ui.set_max_width(320.0);
        ui.horizontal(|ui| {
            ui.label(WidgetText::from(RichText::new(name).color(theme::TEXT)));
            if !keys.is_empty() {
                ui.label(RichText::new(keys).color(theme::QUIET));
            }
        });
        if !hint.is_empty() {
            ui.label(RichText::new(hint).color(theme::QUIET));
        }
    })
}
