//! The top bar: whose images these are, and the tools.

use egui::{Align, Button, Layout, Rect, RichText, Ui, UiBuilder, pos2, vec2};
use reading::actions;
use reading::tool::Tool;
use reading::{AppCommand, Command, Notice, Place, ViewCommand};

use super::{Scene, menu};
use crate::icon::{self, Icon};
use crate::{text, theme};

/// Draws the bar.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let bar = ui.max_rect();
    ui.painter()
        .hline(bar.x_range(), bar.bottom() - 0.5, egui::Stroke::new(1.0, theme::LINE));
    // The tools take what they need on the right; the patient has the rest.
    let tools = ui.scope_builder(
        UiBuilder::new()
            .max_rect(bar.shrink2(vec2(8.0, 0.0)))
            .layout(Layout::right_to_left(Align::Center)),
        |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            right(ui, scene);
            ui.min_rect().left()
        },
    );
    let left = Rect::from_min_max(bar.min + vec2(8.0, 0.0), pos2(tools.inner - 12.0, bar.max.y));
    ui.scope_builder(
        UiBuilder::new()
            .max_rect(left)
            .layout(Layout::left_to_right(Align::Center)),
        |ui| {
            ui.set_clip_rect(left);
            match scene.reading.place() {
                Place::Worklist => at_worklist(ui, scene),
                Place::Reading => {
                    let back = Button::new(RichText::new("‹ Worklist").color(theme::TEXT)).frame_when_inactive(false);
                    if ui
                        .add(back)
                        .on_hover_text("Goes to the worklist; the study stays open")
                        .clicked()
                    {
                        scene.commands.push(Command::App(AppCommand::ShowWorklist));
                    }
                    ui.add_space(4.0);
                    identity(ui, scene);
                }
            }
        },
    );
}

fn at_worklist(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.add_space(4.0);
    text::label(ui, "Worklist", theme::strong(theme::LARGE), theme::TEXT);
    if let Some(current) = scene.reading.studies().current() {
        let person = current
            .listing
            .as_ref()
            .map(|listing| study::words::short_person(listing.patient.name.to_reader()))
            .filter(|name| !name.is_empty());
        ui.add_space(12.0);
        let words = person.map_or_else(|| "Back to the images".to_owned(), |name| format!("Back to {name}"));
        let button = Button::new(RichText::new(format!("{} ›", text::visual(&words).concat())).color(theme::QUIET))
            .frame_when_inactive(false);
        if ui.add(button).clicked() {
            scene.commands.push(Command::App(AppCommand::ShowReading));
        }
    }
}

/// Whose images these are: read from the frames on the glass, in the largest text of the window.
pub(super) fn identity(ui: &mut Ui, scene: &Scene<'_>) {
    let header = scene.reading.header();
    ui.horizontal_centered(|ui| {
        ui.add_space(4.0);
        if header.person.is_empty() {
            return;
        }
        text::label(ui, &header.person, theme::strong(theme::LARGE), theme::TEXT);
        ui.add_space(4.0);
        let details = header.details.join(text::BETWEEN);
        if !details.is_empty() && ui.available_width() > 40.0 {
            text::label(ui, &details, theme::font(theme::BODY), theme::QUIET);
        }
        if header.identity_removed {
            text::label(
                ui,
                "ANONYMISED – TRAINING",
                theme::strong(theme::SMALL),
                theme::ATTENTION,
            );
        }
        if header.several && ui.available_width() > 40.0 {
            let words = "more than one patient is shown";
            text::label(ui, words, theme::strong(theme::SMALL), theme::ATTENTION);
        }
    });
}

fn right(ui: &mut Ui, scene: &mut Scene<'_>) {
    let (reading, commands) = (scene.reading, &mut *scene.commands);
    let everything = ui.menu_button(icon::sign(Icon::Menu, 16.0), |ui| {
        menu::everything(ui, reading, commands)
    });
    everything
        .response
        .accessible_name("Menu")
        .on_hover_text("Everything that can be done, with its key");
    menu::act(ui, reading, commands, "keys", false);
    if reading.place() == Place::Worklist {
        menu::act(ui, reading, commands, "settings", false);
        menu::act(ui, reading, commands, "pacs.add", false);
        menu::act(ui, reading, commands, "open.files", false);
        return;
    }
    menu::act(ui, reading, commands, "panel.right", reading.settings().right_panel);
    menu::act(ui, reading, commands, "panel.left", reading.settings().left_panel);
    gap(ui);
    layouts(ui, scene);
    windows(ui, scene);
    gap(ui);
    let (reading, commands) = (scene.reading, &mut *scene.commands);
    for id in ["redo", "undo"] {
        menu::act(ui, reading, commands, id, false);
    }
    gap(ui);
    let playing = reading
        .view()
        .viewport(reading.view().active())
        .is_some_and(reading::view::Viewport::playing);
    menu::act(ui, reading, commands, "cine", playing);
    for id in [
        "reset",
        "one_to_one",
        "fit",
        "flip.horizontal",
        "rotate.right",
        "invert",
    ] {
        menu::act(ui, reading, commands, id, false);
    }
    gap(ui);
    let tools = [
        ("tool.probe", Tool::Probe),
        ("tool.length", Tool::Length),
        ("tool.scroll", Tool::Scroll),
        ("tool.pan", Tool::Pan),
        ("tool.zoom", Tool::Zoom),
        ("tool.window", Tool::Window),
    ];
    for (id, tool) in tools {
        menu::act(ui, reading, commands, id, reading.view().tool() == tool);
    }
}

fn gap(ui: &mut Ui) {
    ui.add_space(6.0);
    let (rect, _) = ui.allocate_exact_size(vec2(1.0, 20.0), egui::Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme::LINE);
    ui.add_space(6.0);
}

fn layouts(ui: &mut Ui, scene: &mut Scene<'_>) {
    let grid = scene.reading.view().grid();
    let (reading, commands) = (scene.reading, &mut *scene.commands);
    let menu = ui.menu_button(icon::sign(Icon::LayoutGrid, 16.0), |ui| {
        for action in actions::all().iter().filter(|action| action.id.starts_with("layout.")) {
            menu::line(ui, reading, commands, action);
        }
    });
    let hint = format!("Layout: {} × {}", grid.rows(), grid.columns());
    menu.response.accessible_name("Layout").on_hover_text(hint);
}

fn windows(ui: &mut Ui, scene: &mut Scene<'_>) {
    let rows = scene.reading.windows();
    let commands = &mut *scene.commands;
    let menu = ui.add_enabled_ui(!rows.is_empty(), |ui| {
        ui.menu_button(icon::sign(Icon::Sun, 16.0), |ui| {
            for row in &rows {
                let key = row.key.map(|key| key.to_string()).unwrap_or_default();
                let button = Button::new(row.name.as_str())
                    .shortcut_text(RichText::new(key).color(theme::QUIET))
                    .selected(row.chosen)
                    .frame_when_inactive(row.chosen)
                    .min_size(vec2(220.0, 24.0));
                if ui.add(button).clicked() {
                    commands.push(Command::View(ViewCommand::Window(row.choice.clone())));
                    ui.close();
                }
            }
        })
    });
    menu.inner
        .response
        .accessible_name("Window presets")
        .on_hover_text("Window presets of this image");
}

/// A sentence above the images until it is dismissed.
pub(super) fn notice(ui: &mut Ui, notice: &Notice, commands: &mut Vec<Command>) {
    ui.horizontal(|ui| {
        ui.label(icon::sign(Icon::TriangleAlert, 14.0).color(theme::ATTENTION));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button("Dismiss").clicked() {
                commands.push(Command::App(AppCommand::DismissNotice));
            }
            if ui.button("Copy for helpdesk").clicked() {
                commands.push(Command::App(AppCommand::CopyForHelpdesk));
            }
            if !notice.trouble.reference.is_empty() {
                ui.label(RichText::new(&notice.trouble.reference).color(theme::QUIET));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                text::paragraph(ui, &notice.trouble.sentence, theme::font(theme::BODY), theme::TEXT);
            });
        });
    });
}
