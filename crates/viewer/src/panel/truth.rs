//! What must be known of an image and of the window: badges with what explains them, and "NOT FOR DIAGNOSIS" where that holds.

use egui::{Align, Color32, FontId, Layout, Panel, Pos2, Rect, Response, Sense, Ui, pos2};
use reading::diagnosis::NOT_FOR_DIAGNOSIS;
use reading::intended_use;
use reading::tile::{Badge, Tile, Tone};
use reading::{AppCommand, Command, Reading};

use super::overlay;
use crate::icon::{self, Icon};
use crate::{text, theme};

/// Between the rows of badges, points.
const LEADING: f32 = 2.0;
/// How wide an explanation is at most, points.
const EXPLANATION: f32 = 340.0;

/// The badges in the lower right corner, each with its explanation under the pointer; returns their upper edge.
pub(super) fn badges(ui: &Ui, rect: Rect, tile: &Tile) -> f32 {
    let inner = overlay::inner(rect, tile);
    let painter = ui.painter().with_clip_rect(rect);
    // On a small tile they leave the words beside them their room.
    let beside = tile.corners.bottom_left.iter().map(|line| {
        let font = theme::font(theme::BODY);
        text::line(ui, &line.text, font, theme::QUIET, inner.width() * 0.62)
            .size()
            .x
    });
    let free = inner.width() - beside.fold(0.0, f32::max) - 20.0;
    let width = free.clamp(inner.width() * 0.3, inner.width() * 0.62);
    let between = text::line(ui, text::BETWEEN, theme::font(theme::BODY), theme::QUIET, width);
    let words: Vec<_> = tile
        .badges
        .iter()
        .map(|badge| {
            let (font, colour) = face(badge.tone);
            (badge, colour, text::line(ui, &badge.word, font, colour, width))
        })
        .collect();
    let widths: Vec<f32> = words.iter().map(|(.., galley)| galley.size().x).collect();
    let rows = rows(&widths, between.size().x, width);
    let height = between.size().y;
    let mut top = inner.bottom() - rows.len() as f32 * (height + LEADING);
    let upper = top;
    let mut words = words.into_iter();
    for (count, row_width) in rows {
        let mut x = inner.right() - row_width;
        for (place, (badge, colour, galley)) in words.by_ref().take(count).enumerate() {
            if place > 0 {
                let separator = std::sync::Arc::clone(&between);
                x = text::on_image(&painter, separator, pos2(x, top), theme::QUIET).right();
            }
            let covered = text::on_image(&painter, galley, pos2(x, top), colour);
            explain(ui, covered.intersect(rect), tile.viewport, badge);
            x = covered.right();
        }
        top += height + LEADING;
    }
    upper
}

/// How many words stand in each row, and how wide the row is; a row is not wider than `most` unless one word alone is.
fn rows(widths: &[f32], between: f32, most: f32) -> Vec<(usize, f32)> {
    let mut rows: Vec<(usize, f32)> = Vec::new();
    for &width in widths {
        match rows.last_mut() {
            Some((count, row)) if *row + between + width <= most => {
                *count += 1;
                *row += between + width;
            }
            _ => rows.push((1, width)),
        }
    }
    rows
}

fn face(tone: Tone) -> (FontId, Color32) {
    match tone {
        Tone::Quiet => (theme::font(theme::BODY), theme::QUIET),
        Tone::Lossy => (theme::strong(theme::BODY), theme::LOSSY),
        Tone::Attention => (theme::strong(theme::BODY), theme::ATTENTION),
    }
}

fn explain(ui: &Ui, covered: Rect, viewport: usize, badge: &Badge) {
    let id = egui::Id::unique(("badge", viewport, badge.kind));
    let response = ui.interact(covered, id, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &badge.word));
    let (_, colour) = face(badge.tone);
    explained(response, &badge.word, colour, badge.why.lines());
}

fn explained<'a>(response: Response, word: &str, colour: Color32, sentences: impl Iterator<Item = &'a str>) {
    response.on_hover_ui(|ui| {
        ui.set_max_width(EXPLANATION);
        text::label(ui, word, theme::strong(theme::BODY), colour);
        for sentence in sentences {
            text::paragraph(ui, sentence, theme::font(theme::BODY), theme::TEXT);
        }
    });
}

/// "NOT FOR DIAGNOSIS" across the tile, with its reasons: words with a halo between two lines, never a box over pixels.
pub(super) fn across(ui: &Ui, rect: Rect, tile: &Tile) {
    if tile.reasons_against.is_empty() {
        return;
    }
    let painter = ui.painter().with_clip_rect(rect);
    let inner = overlay::inner(rect, tile);
    let face = theme::strong(theme::TITLE);
    let words = text::line(ui, NOT_FOR_DIAGNOSIS, face, theme::ATTENTION, inner.width());
    // Below the words in the upper corners, above the letters at the sides.
    let y = rect.top() + (rect.height() * 0.2).max((rect.height() * 0.5 - 48.0).clamp(48.0, 104.0));
    let at = pos2(rect.center().x - words.size().x / 2.0, y);
    let middle = y + words.size().y / 2.0;
    let lines: Vec<[Pos2; 2]> = [
        (inner.left(), at.x - 12.0),
        (at.x + words.size().x + 12.0, inner.right()),
    ]
    .into_iter()
    .filter(|(from, to)| to - from > 16.0)
    .map(|(from, to)| [pos2(from, middle), pos2(to, middle)])
    .collect();
    overlay::haloed(&painter, &lines, theme::ATTENTION);
    let mut covered = text::on_image(&painter, words, at, theme::ATTENTION);
    let width = (inner.width() - 16.0).min(520.0);
    for reason in &tile.reasons_against {
        let galley = text::lines(ui, reason, theme::font(theme::BODY), theme::TEXT, width);
        let at = pos2(rect.center().x - galley.size().x / 2.0, covered.bottom() + 3.0);
        // Where it does not fit above the sides' letters, the pointer tells it.
        if at.y + galley.size().y > rect.center().y - 10.0 {
            break;
        }
        covered = covered.union(text::on_image(&painter, galley, at, theme::TEXT));
    }
    let id = egui::Id::unique(("not for diagnosis", tile.viewport));
    let response = ui.interact(covered.intersect(rect), id, Sense::hover());
    let told = format!("{NOT_FOR_DIAGNOSIS}: {}", tile.reasons_against.join(" "));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &told));
    let reasons = tile.reasons_against.iter().map(String::as_str);
    explained(response, NOT_FOR_DIAGNOSIS, theme::ATTENTION, reasons);
}

/// "NOT FOR DIAGNOSIS" across the window, above everything that it shows.
pub(super) fn window(ui: &mut Ui, reading: &Reading) {
    let reasons = reading.reasons_against();
    if reasons.is_empty() {
        return;
    }
    Panel::top("not for diagnosis")
        .show_separator_line(false)
        .frame(theme::plane(theme::RAISED).inner_margin(egui::Margin::symmetric(12, 6)))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(icon::sign(Icon::TriangleAlert, 14.0).color(theme::ATTENTION));
                text::label(ui, NOT_FOR_DIAGNOSIS, theme::strong(theme::BODY), theme::ATTENTION);
                text::paragraph(ui, &reasons.join(" "), theme::font(theme::BODY), theme::TEXT);
            });
        });
}

/// The statement of intended use, until it has been read: a strip below the patient, never over an image.
pub(super) fn intended_use(ui: &mut Ui, commands: &mut Vec<Command>) {
    Panel::top("intended use")
        .show_separator_line(false)
        .frame(theme::plane(theme::RAISED).inner_margin(egui::Margin::symmetric(12, 8)))
        .show(ui, |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let read = ui
                    .button("I have read this")
                    .on_hover_text("Puts this away until the next version; it stays in Help. Esc does it too.");
                if read.clicked() {
                    commands.push(Command::App(AppCommand::IntendedUseRead));
                }
                ui.add_space(12.0);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    text::paragraph(ui, &intended_use::statement(), theme::font(theme::BODY), theme::TEXT);
                });
            });
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn badges_fill_rows_and_none_is_left_out() {
        assert_eq!(rows(&[], 10.0, 100.0), []);
        assert_eq!(rows(&[40.0, 50.0], 10.0, 100.0), [(2, 100.0)]);
        assert_eq!(rows(&[40.0, 51.0, 20.0], 10.0, 100.0), [(1, 40.0), (2, 81.0)]);
        // A word that is too wide alone has a row of its own.
        assert_eq!(
            rows(&[30.0, 150.0, 30.0], 10.0, 100.0),
            [(1, 30.0), (1, 150.0), (1, 30.0)]
        );
    }
}
