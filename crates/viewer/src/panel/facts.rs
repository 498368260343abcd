//! Beside the worklist: the selected row's facts.

use egui::{Button, Sense, Stroke, Ui, UiBuilder, vec2};
use reading::worklist::Row;
use reading::{Command, WorklistCommand};
use study::words;

use super::Scene;
use crate::{text, theme};

/// The selected row's facts and the patient's other studies in the list.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let panel = ui.max_rect();
    ui.painter()
        .vline(panel.left() + 0.5, panel.y_range(), Stroke::new(1.0, theme::LINE));
    let Some(row) = scene.reading.worklist().selected() else {
        return;
    };
    let mut inner = ui.new_child(UiBuilder::new().max_rect(panel.shrink2(vec2(16.0, 16.0))));
    let ui = &mut inner;
    ui.spacing_mut().item_spacing.y = 4.0;
    let listing = &row.listing;
    let patient = &listing.patient;
    let person = words::person(patient.name.to_reader());
    text::label(ui, &person, theme::strong(theme::TITLE), theme::TEXT);
    let facts = [
        words::sex(patient).to_owned(),
        words::age(patient, &listing.date),
        words::date(patient.birth_date.to_reader()),
    ];
    let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    text::label(ui, &facts.join(text::BETWEEN), theme::font(theme::BODY), theme::QUIET);
    ui.add_space(12.0);
    let count = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let when = format!("{}  {}", words::date(&listing.date), words::time(&listing.time));
    for (name, words) in [
        ("ID", patient.id.to_reader().to_owned()),
        ("Study", listing.description.to_reader().to_owned()),
        ("Date", when.trim().to_owned()),
        ("Modality", listing.modalities.join(" ")),
        ("Accession", listing.accession.to_reader().to_owned()),
        ("Referrer", words::person(listing.referring.to_reader())),
        ("Series", count(listing.series)),
        ("Images", count(listing.instances)),
    ] {
        if words.is_empty() {
            continue;
        }
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(72.0, 18.0), Sense::hover());
            let galley = text::line(ui, name, theme::font(theme::SMALL), theme::QUIET, 72.0);
            let at = rect.left_center() - vec2(0.0, galley.size().y / 2.0);
            ui.painter().galley(at, galley, theme::QUIET);
            text::label(ui, &words, theme::font(theme::BODY), theme::TEXT);
        });
    }
    ui.add_space(12.0);
    if ui.add_sized(vec2(120.0, 28.0), Button::new("Open study")).clicked() {
        scene.commands.push(Command::Worklist(WorklistCommand::OpenSelected));
    }
    let others: Vec<&Row> = scene
        .reading
        .worklist()
        .rows()
        .filter(|other| {
            other.listing.study != listing.study
                && study::patient::same_person(&other.listing.patient, patient) == study::patient::SamePerson::Yes
        })
        .collect();
    if others.is_empty() {
        return;
    }
    ui.add_space(16.0);
    text::label(
        ui,
        "Other studies in this list",
        theme::strong(theme::SMALL),
        theme::QUIET,
    );
    for other in others {
        let words = [
            words::date(&other.listing.date),
            other.listing.modalities.join(" "),
            other.listing.description.to_reader().to_owned(),
        ]
        .join(text::BETWEEN);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &words));
        let colour = if response.hovered() { theme::TEXT } else { theme::QUIET };
        let galley = text::line(ui, &words, theme::font(theme::BODY), colour, rect.width());
        let at = rect.left_center() - vec2(0.0, galley.size().y / 2.0);
        ui.painter().galley(at, galley, colour);
        if response.clicked() {
            let select = WorklistCommand::Select {
                source: other.source,
                study: other.listing.study.clone(),
            };
            scene.commands.push(Command::Worklist(select));
        }
    }
}
