//! What stands in the window: every panel reads the reading, and asks for changes by commands.

mod asked;
mod drawing;
mod facts;
mod marks;
mod menu;
mod overlay;
mod series;
mod status;
mod tile;
mod top;
mod truth;
mod worklist;

use std::collections::BTreeMap;

use egui::{CentralPanel, Context, Event, Panel, Ui};
use reading::actions;
use reading::worklist::SourceId;
use reading::{AppCommand, Command, Place, Reading};
use retrieval::{LinkReading, Memory};

use crate::aside::Aside;
use crate::doors::Door;
use crate::keyboard;
use crate::log_file::Log;
use crate::on_cpu::OnCpu;
use crate::page::Pages;
use crate::pictures::Pictures;
use crate::pointer::Pointing;
use crate::screen::Glass;
use crate::theme;
use crate::thumbnails::Thumbnails;

/// What a panel sees and where it puts what it wants.
pub(crate) struct Scene<'a> {
    pub(crate) reading: &'a Reading,
    pub(crate) commands: &'a mut Vec<Command>,
    pub(crate) now_ms: u64,
    pub(crate) glass: &'a Glass,
    pub(crate) pictures: &'a mut Pictures,
    pub(crate) on_cpu: &'a mut OnCpu,
    pub(crate) thumbnails: &'a mut Thumbnails,
    pub(crate) memory: &'a Memory,
    pub(crate) log: &'a Log,
    pub(crate) doors: &'a BTreeMap<SourceId, Door>,
    /// The PACS that the reader wants to sign in to.
    pub(crate) sign_in: &'a mut Option<SourceId>,
    pub(crate) aside: &'a Aside,
    pub(crate) pointing: &'a mut Pointing,
    pub(crate) link: LinkReading,
    pub(crate) focus_search: &'a mut bool,
    /// A page or a question lies over the window and has the keyboard.
    pub(crate) covered: bool,
}

/// Draws the window.
pub(crate) fn window(ui: &mut Ui, scene: &mut Scene<'_>) {
    scene.pointing.clear();
    let bare = scene.reading.place() == Place::Reading && scene.reading.images_only();
    if bare {
        // Whose images these are stands above them whatever else is hidden.
        Panel::top("identity")
            .exact_size(28.0)
            .show_separator_line(false)
            .frame(theme::plane(theme::SURROUND))
            .show(ui, |ui| {
                ui.horizontal_centered(|ui| {
                    ui.add_space(12.0);
                    top::identity(ui, scene);
                });
            });
    } else {
        Panel::top("top")
            .exact_size(theme::TOP)
            .show_separator_line(false)
            .frame(theme::plane(theme::PANEL))
            .show(ui, |ui| top::show(ui, scene));
        Panel::bottom("status")
            .exact_size(theme::STATUS)
            .show_separator_line(false)
            .frame(theme::plane(theme::PANEL))
            .show(ui, |ui| status::show(ui, scene));
    }
    truth::window(ui, scene.reading);
    if scene.reading.intended_use_due() {
        truth::intended_use(ui, scene.commands);
    }
    if let Some(notice) = scene.reading.notice() {
        Panel::top("notice")
            .show_separator_line(false)
            .frame(theme::plane(theme::RAISED).inner_margin(egui::Margin::symmetric(12, 6)))
            .show(ui, |ui| top::notice(ui, notice, scene.commands));
    }
    match scene.reading.place() {
        Place::Worklist => worklist::show(ui, scene),
        Place::Reading => {
            if !bare && scene.reading.settings().left_panel {
                Panel::left("series")
                    .exact_size(232.0)
                    .show_separator_line(false)
                    .frame(theme::plane(theme::PANEL))
                    .show(ui, |ui| series::show(ui, scene));
            }
            if !bare && scene.reading.settings().right_panel {
                Panel::right("marks")
                    .exact_size(220.0)
                    .show_separator_line(false)
                    .frame(theme::plane(theme::PANEL))
                    .show(ui, |ui| marks::show(ui, scene));
            }
            CentralPanel::no_frame()
                .frame(theme::plane(theme::SURROUND))
                .show(ui, |ui| tile::grid(ui, scene));
        }
    }
}

/// Turns the keys of this pass into commands. While words are typed, letters belong to the field.
pub(crate) fn keys(ctx: &Context, place: Place, pages: &mut Pages, covered: bool) -> Vec<Command> {
    let typing = ctx.text_edit_focused();
    let pressed: Vec<(egui::Key, egui::Modifiers)> = ctx.input(|i| {
        let keys = i.events.iter().filter_map(|event| match event {
            Event::Key {
                key,
                pressed: true,
                modifiers,
                ..
            } => Some((*key, *modifiers)),
            _ => None,
        });
        keys.collect()
    });
    let mut commands = Vec::new();
    for (key, held) in pressed {
        if covered {
            if key == egui::Key::Escape {
                if pages.is_open() {
                    pages.close();
                } else {
                    commands.push(Command::App(AppCommand::Escape));
                }
            }
            continue;
        }
        if typing && belongs_to_field(key, held) {
            continue;
        }
        if let Some(action) = keyboard::chord(key, held).and_then(|chord| actions::by_chord(chord, place)) {
            commands.push((action.command)());
        }
    }
    commands
}

fn belongs_to_field(key: egui::Key, held: egui::Modifiers) -> bool {
    use egui::Key as K;
    let function = key.name().len() > 1 && key.name().starts_with('F');
    if function
        || matches!(
            key,
            K::Escape | K::Enter | K::ArrowUp | K::ArrowDown | K::PageUp | K::PageDown
        )
    {
        return false;
    }
    !held.command || matches!(key, K::A | K::C | K::V | K::X | K::Z | K::Y)
}
