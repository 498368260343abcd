//! The right panel: the marks of the open studies, each with its value and its image; a click selects one and shows its image.

use egui::{ScrollArea, Sense, Stroke, Ui, pos2, vec2};
use reading::{AnnotateCommand, Command};

use super::Scene;
use super::series::{heading, indented};
use crate::app::InMemory;
use crate::{text, theme};

/// Draws the list of marks.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let panel = ui.max_rect();
    ui.painter()
        .vline(panel.left() + 0.5, panel.y_range(), Stroke::new(1.0, theme::LINE));
    heading(ui, "Marks");
    let rows = scene.reading.mark_rows(&InMemory(scene.memory));
    if rows.is_empty() {
        indented(ui, |ui| {
            let words = "None yet. D measures a length, P reads a value.";
            text::paragraph(ui, words, theme::font(theme::SMALL), theme::QUIET);
        });
    }
    let selected = scene.reading.selected_mark();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        for row in rows {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
            let on = selected == Some(row.id);
            // Its image is not in memory: the value is read when it is there again.
            let value = if row.words.is_empty() {
                "…"
            } else {
                row.words.as_str()
            };
            let name = format!("{value}, {}", row.image);
            response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, on, &name));
            if on || response.hovered() {
                let fill = if on { theme::SELECTED } else { theme::RAISED };
                ui.painter().rect_filled(rect, 0.0, fill);
            }
            let width = rect.width() - 24.0;
            let image = text::line(ui, &row.image, theme::font(theme::SMALL), theme::QUIET, width / 2.0);
            let room = width - image.size().x - 8.0;
            let value = text::line(ui, value, theme::font(theme::BODY), theme::TEXT, room);
            let middle = rect.center().y;
            let image_at = pos2(rect.right() - 12.0 - image.size().x, middle - image.size().y / 2.0);
            let value_at = pos2(rect.left() + 12.0, middle - value.size().y / 2.0);
            ui.painter().galley(image_at, image, theme::QUIET);
            ui.painter().galley(value_at, value, theme::TEXT);
            if response.clicked() {
                let select = AnnotateCommand::Select(Some(row.id));
                scene.commands.push(Command::Annotate(select));
            }
        }
    });
}
