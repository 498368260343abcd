//! The top bar: whose images these are, and the tools.

use egui::{Align, Button, Layout, Rect, RichText, Ui, UiBuilder, pos2, vec2};
use pixels::pseudo_colour::ColourMap;
use reading::actions::{self, Group};
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
    if scene.reading.studies().current().is_some() {
        // As the images say, not as the list says.
        let header = scene.reading.header();
        ui.add_space(12.0);
        let words = if header.person.is_empty() || header.several {
            "Back to the images".to_owned()
        } else {
            format!("Back to {}", header.person)
        };
        let button = Button::new(text::widget(ui, &format!("{words} ›"), theme::QUIET)).frame_when_inactive(false);
        if ui.add(button).clicked() {
            scene.commands.push(Command::App(AppCommand::ShowReading));
        }
    }
}

/// Whose images these are: read from the frames on the glass, in the largest text of the window.
pub(super) fn identity(ui: &mut Ui, scene: &Scene<'_>) {
    let header = scene.reading.header();
    if header.person.is_empty() {
        return;
    }
    let room = ui.available_width() - 8.0;
    let mut details = header.details.join(text::BETWEEN);
    let notes = [
        (header.identity_removed, "ANONYMISED – TRAINING"),
        (header.several, "more than one patient is shown"),
    ];
    let notes: Vec<&str> = notes
        .iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, words)| *words)
        .collect();
    let colour = if notes.is_empty() {
        theme::QUIET
    } else {
        theme::ATTENTION
    };
    if !notes.is_empty() {
        details = [notes.join(text::BETWEEN), details].join(text::BETWEEN);
    }
    let name = text::line(ui, &header.person, theme::strong(theme::LARGE), theme::TEXT, room);
    let beside = text::line(ui, &details, theme::font(theme::BODY), colour, f32::INFINITY);
    let height = ui.available_height();
    let label = |ui: &Ui, rect: Rect, words: &str| {
        let response = ui.interact(rect, ui.scope_id().with(words), egui::Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
    };
    // Beside the name where there is room, else beneath it: no fact is cut away.
    let one_line = name.size().x + 16.0 + beside.size().x <= room;
    let (area, _) = ui.allocate_exact_size(vec2(room, height), egui::Sense::hover());
    let (name_at, beside, beside_at) = if one_line || height < 36.0 {
        let at = |size: egui::Vec2, x: f32| pos2(x, area.center().y - size.y / 2.0);
        let x = area.left() + name.size().x + 16.0;
        let beside = text::line(
            ui,
            &details,
            theme::font(theme::BODY),
            colour,
            (area.right() - x).max(1.0),
        );
        let beside_at = at(beside.size(), x) + vec2(0.0, 1.0);
        (at(name.size(), area.left()), beside, beside_at)
    } else {
        let beneath = text::line(ui, &details, theme::font(theme::SMALL), colour, room);
        let top = area.center().y - (name.size().y + beneath.size().y - 1.0) / 2.0;
        let beneath_at = pos2(area.left() + 1.0, top + name.size().y - 1.5);
        (pos2(area.left(), top - 0.5), beneath, beneath_at)
    };
    label(ui, Rect::from_min_size(name_at, name.size()), &header.person);
    label(ui, Rect::from_min_size(beside_at, beside.size()), &details);
    ui.painter().galley(name_at, name, theme::TEXT);
    ui.painter().galley(beside_at, beside, colour);
}

fn right(ui: &mut Ui, scene: &mut Scene<'_>) {
    let (reading, commands) = (scene.reading, &mut *scene.commands);
    let hint = "Everything that can be done, with its key";
    menu::opens(ui, Icon::Menu, "Menu", hint, |ui| {
        menu::everything(ui, reading, commands)
    });
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
    let grid = reading.view().grid();
    let hint = format!("Layout: {} × {} now", grid.rows(), grid.columns());
    menu::opens(ui, Icon::LayoutGrid, "Layout", &hint, |ui| {
        for action in actions::all().iter().filter(|action| action.id.starts_with("layout.")) {
            menu::line(ui, reading, commands, action);
        }
    });
    windows(ui, scene);
    over(ui, scene);
    states(ui, scene);
    let (reading, commands) = (scene.reading, &mut *scene.commands);
    let hint = "Zoom, turn, flip and reset";
    menu::opens(ui, Icon::RotateCw, "Image", hint, |ui| {
        for action in actions::all().iter().filter(|action| action.group == Group::Image) {
            menu::line(ui, reading, commands, action);
        }
    });
    menu::act(ui, reading, commands, "invert", false);
    let playing = reading
        .view()
        .viewport(reading.view().active())
        .is_some_and(reading::view::Viewport::playing);
    menu::act(ui, reading, commands, "cine", playing);
    gap(ui);
    for id in ["redo", "undo"] {
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

fn windows(ui: &mut Ui, scene: &mut Scene<'_>) {
    let rows = scene.reading.windows();
    let colours = scene.reading.colours();
    let commands = &mut *scene.commands;
    ui.add_enabled_ui(!rows.is_empty(), |ui| {
        menu::opens(
            ui,
            Icon::SlidersHorizontal,
            "Window presets",
            "Windows and colours of this image",
            |ui| {
                for row in &rows {
                    let key = row.key.map(|key| key.to_string()).unwrap_or_default();
                    let command = ViewCommand::Window(row.choice.clone());
                    choice(ui, commands, &row.name, &key, row.chosen, command);
                }
                ui.separator();
                for (map, chosen) in &colours {
                    let name = map.map_or("grey", ColourMap::name);
                    choice(ui, commands, name, "", *chosen, ViewCommand::Colours(*map));
                }
            },
        );
    });
}

/// One line of a menu of choices, the chosen one marked.
fn choice(ui: &mut Ui, commands: &mut Vec<Command>, name: &str, key: &str, chosen: bool, command: ViewCommand) {
    let button = Button::new(text::widget(ui, name, theme::TEXT))
        .shortcut_text(RichText::new(key).color(theme::QUIET))
        .selected(chosen)
        .frame_when_inactive(chosen)
        .min_size(vec2(220.0, 24.0));
    if ui.add(button).clicked() {
        commands.push(Command::View(command));
        ui.close();
    }
}

/// What lies over the image: each overlay by its name, and the shutter.
fn over(ui: &mut Ui, scene: &mut Scene<'_>) {
    let (overlays, shutter) = (scene.reading.overlays(), scene.reading.shutter());
    let (reading, commands) = (scene.reading, &mut *scene.commands);
    ui.add_enabled_ui(!overlays.is_empty() || shutter.is_some(), |ui| {
        let hint = "Overlays and shutter of this image";
        menu::opens(ui, Icon::Layers, "Overlays and shutter", hint, |ui| {
            for action in ["overlays", "shutter"].into_iter().filter_map(actions::by_id) {
                menu::line(ui, reading, commands, action);
            }
            if !overlays.is_empty() {
                ui.separator();
            }
            for row in &overlays {
                choice(
                    ui,
                    commands,
                    &row.name,
                    "",
                    row.shown,
                    ViewCommand::ToggleOverlay(row.group),
                );
            }
        });
    });
}

/// The presentation states of the active tile's images; nothing where there is none.
fn states(ui: &mut Ui, scene: &mut Scene<'_>) {
    let reading = scene.reading;
    if !reading.has_states() {
        return;
    }
    let commands = &mut *scene.commands;
    let hint = "Presentation states: how these images were stored to be shown (G)";
    menu::opens(ui, Icon::Presentation, "Presentation states", hint, |ui| {
        for row in reading.states() {
            let button = Button::new(text::widget(ui, &row.name, theme::TEXT))
                .selected(row.chosen)
                .frame_when_inactive(row.chosen)
                .min_size(vec2(264.0, 24.0));
            let mut response = ui.add(button);
            if !row.hint.is_empty() {
                response = response.on_hover_text(&row.hint);
            }
            if response.clicked() {
                commands.push(Command::View(ViewCommand::ShowState(row.state)));
                ui.close();
            }
        }
    });
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
