//! The left panel: open studies with their series, and the other studies of the patient.

use egui::{Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2, vec2};
use reading::studies::{Arrival, Identity, OpenSeries, OpenStack, OpenStudy, RelatedStudy};
use reading::{Command, StudyCommand};
use study::patient::SamePerson;
use study::words;

use super::Scene;
use crate::{text, theme, thumbnails};

/// Draws the open studies and the others of the same patient.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let panel = ui.max_rect();
    ui.painter()
        .vline(panel.right() - 0.5, panel.y_range(), Stroke::new(1.0, theme::LINE));
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        for (index, study) in scene.reading.studies().open().iter().enumerate() {
            ui.push_id(("study", index), |ui| open(ui, scene, study, index));
        }
        let others: Vec<&RelatedStudy> = scene.reading.studies().related().iter().filter(|r| !r.open).collect();
        if !others.is_empty() {
            heading(ui, "Other studies of this patient");
            for (index, related) in others.into_iter().enumerate() {
                ui.push_id(("related", index), |ui| other(ui, scene, related));
            }
        }
        ui.add_space(12.0);
    });
}

pub(super) fn heading(ui: &mut Ui, words: &str) {
    ui.add_space(12.0);
    indented(ui, |ui| {
        text::label(ui, words, theme::strong(theme::SMALL), theme::QUIET);
    });
    ui.add_space(4.0);
}

pub(super) fn indented(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    let width = ui.available_width() - 24.0;
    ui.horizontal(|ui| {
        ui.add_space(12.0);
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 2.0;
            contents(ui);
        });
    });
}

fn open(ui: &mut Ui, scene: &mut Scene<'_>, study: &OpenStudy, index: usize) {
    ui.add_space(if index == 0 { 10.0 } else { 16.0 });
    indented(ui, |ui| {
        let listing = study.listing.as_ref();
        let instance = study.series.iter().find_map(|series| series.instances.first());
        let description = listing
            .map(|l| l.description.to_reader())
            .filter(|d| !d.is_empty())
            .or_else(|| instance.map(|i| i.text.study_description.to_reader()))
            .filter(|d| !d.is_empty())
            .unwrap_or("Study");
        text::label(ui, description, theme::strong(theme::BODY), theme::TEXT);
        let date = listing
            .map(|l| l.date.as_str())
            .or_else(|| instance.map(|i| i.text.study_date.as_str()))
            .unwrap_or_default();
        let when = match (
            index,
            scene
                .reading
                .studies()
                .related()
                .iter()
                .find(|r| r.listing.study == study.uid),
        ) {
            (0, _) | (_, None) => words::date(date),
            (_, Some(related)) => [words::date(date), related.when.clone()].join(text::BETWEEN),
        };
        text::label(ui, &when, theme::font(theme::SMALL), theme::QUIET);
        if let Some(trouble) = &study.trouble {
            text::paragraph(ui, &trouble.sentence, theme::font(theme::SMALL), theme::ATTENTION);
            if trouble.retryable && ui.button("Retry").clicked() {
                scene
                    .commands
                    .push(Command::Study(StudyCommand::Retry(study.uid.clone())));
            }
        }
        if study.series.is_empty() && study.trouble.is_none() {
            text::label(ui, "looking for its series", theme::font(theme::SMALL), theme::QUIET);
        }
    });
    ui.add_space(6.0);
    // Until the reader has said whose images these are, nothing of them is shown and none is hung.
    let waits = matches!(study.identity, Identity::Questioned { .. });
    for series in &study.series {
        for stack in &series.stacks {
            ui.push_id(("series", series.uid.as_str(), stack.id.index), |ui| {
                card(ui, scene, series, stack, waits)
            });
        }
    }
}

/// A series: thumbnail, title, how many images and how many are here; dragged onto a tile, or hung by two clicks.
fn card(ui: &mut Ui, scene: &mut Scene<'_>, series: &OpenSeries, stack: &OpenStack, waits: bool) {
    let height = thumbnails::SIDE + 12.0;
    let (rect, response) = ui.allocate_exact_size(
        vec2(ui.available_width(), height),
        if waits { Sense::hover() } else { Sense::click_and_drag() },
    );
    let shown = scene
        .reading
        .view()
        .shown()
        .1
        .into_iter()
        .filter_map(|v| scene.reading.view().viewport(v))
        .any(|v| v.stack() == Some(&stack.id));
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, !waits, shown, &series.title));
    if !ui.is_rect_visible(rect) {
        return;
    }
    if response.hovered() && !waits {
        ui.painter().rect_filled(rect, 0.0, theme::RAISED);
    }
    let square = Rect::from_min_size(rect.min + vec2(12.0, 6.0), vec2(thumbnails::SIDE, thumbnails::SIDE));
    ui.painter().rect_filled(square, 0.0, theme::SURROUND);
    if !waits
        && let Some(frame) = stack.thumbnail()
        && let Some(texture) = scene.thumbnails.get(frame, scene.memory, scene.aside)
    {
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(texture.id(), square, whole, egui::Color32::WHITE);
    }
    let edge = if shown { theme::ACCENT } else { theme::LINE };
    ui.painter()
        .rect_stroke(square, 0.0, Stroke::new(1.0, edge), StrokeKind::Outside);
    let left = square.right() + 10.0;
    let width = rect.right() - left - 12.0;
    let mut y = square.top() + 2.0;
    let here = stack.arrivals.iter().filter(|a| !matches!(a, Arrival::Awaited)).count();
    let count = stack.refs.len();
    let images = if count == 1 {
        "1 image".to_owned()
    } else {
        format!("{count} images")
    };
    let title = text::job(ui, &series.title, theme::font(theme::BODY), theme::TEXT, width, 2);
    let facts = [series.modality.clone(), images].join(text::BETWEEN);
    let facts = text::line(ui, &facts, theme::font(theme::SMALL), theme::QUIET, width);
    let title = ui.painter().layout_job(title);
    let step = title.size().y + 2.0;
    ui.painter().galley(pos2(left, y), title, theme::TEXT);
    y += step;
    ui.painter().galley(pos2(left, y), facts, theme::QUIET);
    if here < count && count > 1 {
        let bar = Rect::from_min_size(pos2(left, square.bottom() - 6.0), vec2(width, 3.0));
        ui.painter().rect_filled(bar, 1.5, theme::LINE);
        let mut filled = bar;
        filled.set_width(width * here as f32 / count as f32);
        ui.painter().rect_filled(filled, 1.5, theme::QUIET);
    }
    if waits {
        response.on_hover_text("These images wait until you have said whose they are.");
        return;
    }
    response.dnd_set_drag_payload(stack.id.clone());
    if response.double_clicked() {
        scene.commands.push(Command::Study(StudyCommand::Hang {
            viewport: scene.reading.view().active(),
            stack: stack.id.clone(),
        }));
    }
    if response.dragged() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
    }
    let whole = format!("{}{}{here} of {count} here", series.title, text::BETWEEN);
    response.on_hover_ui(|ui| {
        text::label(ui, &whole, theme::font(theme::BODY), theme::TEXT);
        let how = "Drag it onto a tile, or click twice to hang it in the active one.";
        text::label(ui, how, theme::font(theme::SMALL), theme::QUIET);
    });
}

fn other(ui: &mut Ui, scene: &mut Scene<'_>, related: &RelatedStudy) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 52.0), Sense::click());
    let listing = &related.listing;
    let title = [listing.modalities.join(" "), listing.description.to_reader().to_owned()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Open {title}")));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, theme::RAISED);
    }
    let when = [words::date(&listing.date), related.when.clone()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(text::BETWEEN);
    let width = rect.width() - 24.0;
    let lines = [
        (title.as_str(), theme::font(theme::BODY), theme::TEXT),
        (when.as_str(), theme::font(theme::SMALL), theme::QUIET),
    ];
    let mut y = rect.top() + 8.0;
    for (words, font, colour) in lines {
        let galley = text::line(ui, words, font, colour, width);
        let step = galley.size().y + 3.0;
        ui.painter().galley(pos2(rect.left() + 12.0, y), galley, colour);
        y += step;
    }
    if matches!(related.relation, SamePerson::Contradicted | SamePerson::OtherName) {
        let words = if related.relation == SamePerson::Contradicted {
            "birth date or sex differs"
        } else {
            "under another name"
        };
        let galley = text::line(ui, words, theme::font(theme::SMALL), theme::ATTENTION, width);
        let at = pos2(
            rect.right() - 12.0 - galley.size().x,
            rect.bottom() - 4.0 - galley.size().y,
        );
        ui.painter().galley(at, galley, theme::ATTENTION);
    }
    if response.clicked() {
        let open = StudyCommand::OpenPrior(listing.study.clone());
        scene.commands.push(Command::Study(open));
    }
    response.on_hover_text("Opens it beside the current study");
}
