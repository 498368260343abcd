//! Above the worklist: what is searched for and where, and what came of it.

use egui::{Align, Button, Layout, Rect, Sense, Stroke, TextEdit, Ui, vec2};
use reading::settings::SignInKind;
use reading::worklist::{Condition, Filter};
use reading::{Command, WorklistCommand};
use study::words;

use super::Scene;
use crate::icon::{self, Icon};
use crate::{text, theme};

/// The search line's name for egui.
fn search_id() -> egui::Id {
    egui::Id::unique("worklist search")
}

/// Changes the filter, when the edit changes it.
pub(super) fn change(scene: &mut Scene<'_>, edit: impl FnOnce(&mut Filter)) {
    let mut filter = scene.reading.worklist().filter().clone();
    edit(&mut filter);
    if filter != *scene.reading.worklist().filter() {
        let set = WorklistCommand::SetFilter(Box::new(filter));
        scene.commands.push(Command::Worklist(set));
    }
}

/// Sources, the search line, the date, and what came of the search.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let list = scene.reading.worklist();
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), 48.0),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.add_space(12.0);
            search(ui, scene);
            dates(ui, scene);
            if *list.filter() != Filter::default() {
                let clear = Button::new("Clear").frame_when_inactive(false);
                if ui.add(clear).on_hover_text("Empties the filter and searches").clicked() {
                    scene.commands.push(Command::Worklist(WorklistCommand::ClearFilter));
                }
            }
            ui.add_space(8.0);
            for source in list.sources() {
                let on = list.source().is_some_and(|shown| shown.id == source.id);
                let silent = source.condition == Condition::Silent;
                let waits = scene.doors.get(&source.id).is_some_and(|door| door.waits);
                let words = if waits {
                    format!("{} · sign in…", source.name)
                } else if silent {
                    format!("{} · silent", source.name)
                } else {
                    source.name.clone()
                };
                let colour = if silent || waits { theme::ATTENTION } else { theme::TEXT };
                let button = Button::selectable(on, text::widget(ui, &words, colour));
                let mut response = ui.add(button);
                if let Some(trouble) = &source.trouble {
                    response = response.on_hover_text(&trouble.sentence);
                }
                if response.clicked() {
                    let select = WorklistCommand::SelectSource(source.id);
                    scene.commands.push(Command::Worklist(select));
                    if waits {
                        *scene.sign_in = Some(source.id);
                    }
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(12.0);
                let count = list.len();
                let more = if list.more() { "more than " } else { "" };
                let words = match (list.searching(), count) {
                    (true, _) => "searching…".to_owned(),
                    (false, 1) => "1 study".to_owned(),
                    (false, count) => format!("{more}{count} studies"),
                };
                text::label(ui, &words, theme::font(theme::SMALL), theme::QUIET);
            });
        },
    );
    let line = |ui: &mut Ui, words: &str| {
        ui.horizontal(|ui| {
            ui.add_space(12.0);
            ui.label(icon::sign(Icon::TriangleAlert, 12.0).color(theme::ATTENTION));
            text::paragraph(ui, words, theme::font(theme::BODY), theme::TEXT);
        });
        ui.add_space(6.0);
    };
    let door = list
        .source()
        .and_then(|source| Some((source.id, scene.doors.get(&source.id)?)));
    if let Some(trouble) = list.failed() {
        let waits = door.is_some_and(|(_, door)| door.waits);
        if waits {
            line(ui, "This PACS asks who you are. Sign in to see its studies.");
        } else {
            line(ui, &trouble.for_helpdesk());
        }
        let refused = trouble.sentence == dicomweb::Error::SignIn.to_string();
        if let Some((source, door)) = door
            && (waits || refused || door.entry.sign_in != SignInKind::None)
        {
            ui.horizontal(|ui| {
                ui.add_space(12.0);
                if ui.button("Sign in…").clicked() {
                    *scene.sign_in = Some(source);
                }
            });
            ui.add_space(6.0);
        }
    } else if !list.whole() && !list.is_empty() {
        line(
            ui,
            "Some rows of the answer could not be read; there may be studies that are not shown.",
        );
    }
}

fn search(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut words = scene.reading.worklist().filter().text.clone();
    let (rect, _) = ui.allocate_exact_size(vec2(260.0, 28.0), Sense::hover());
    ui.painter().rect_filled(rect, 4.0, theme::SURROUND);
    icon::paint(
        ui,
        Icon::Search,
        rect.left_center() + vec2(14.0, 0.0),
        14.0,
        theme::QUIET,
    );
    let inner = Rect::from_min_max(rect.min + vec2(28.0, 0.0), rect.max - vec2(6.0, 0.0));
    let field = TextEdit::singleline(&mut words)
        .id(search_id())
        .frame(egui::Frame::NONE)
        .align(egui::Align2::LEFT_CENTER)
        .hint_text("Name, number or description")
        .desired_width(inner.width());
    let response = ui.put(inner, field).accessible_name("Search");
    let edge = if response.has_focus() {
        theme::ACCENT
    } else {
        theme::LINE
    };
    ui.painter()
        .rect_stroke(rect, 4.0, Stroke::new(1.0, edge), egui::StrokeKind::Inside);
    // Typing searches: the line has the keyboard whenever nothing else asks for it.
    let idle = ui.memory(|memory| memory.focused().is_none()) && !ui.ctx().any_popup_open();
    if !scene.covered && (std::mem::take(scene.focus_search) || idle) {
        response.request_focus();
    }
    if response.changed() {
        change(scene, |filter| filter.text = words);
    }
}

fn dates(ui: &mut Ui, scene: &mut Scene<'_>) {
    let from = |days: i64| {
        let day = chrono::Local::now().date_naive() - chrono::Duration::days(days);
        day.format("%Y%m%d").to_string()
    };
    let choices = [
        ("Any date", String::new()),
        ("Today", from(0)),
        ("Last 7 days", from(7)),
        ("Last 30 days", from(30)),
        ("Last year", from(365)),
    ];
    let chosen = &scene.reading.worklist().filter().date_from;
    let words = choices.iter().find(|(_, from)| from == chosen).map_or_else(
        || format!("Since {}", words::date(chosen)),
        |(words, _)| (*words).to_owned(),
    );
    ui.menu_button((words, icon::sign(Icon::ChevronDown, 12.0)), |ui| {
        for (words, from) in choices {
            if ui
                .add(
                    Button::new(words)
                        .frame_when_inactive(false)
                        .min_size(vec2(140.0, 24.0)),
                )
                .clicked()
            {
                change(scene, |filter| filter.date_from = from);
                ui.close();
            }
        }
    });
}
