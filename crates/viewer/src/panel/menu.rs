//! Menus from the table of actions: name, key, and what cannot be done now is faint.

use egui::containers::menu::MenuButton;
use egui::{Button, Response, RichText, Ui};
use reading::actions::{self, Action, Group};
use reading::{Command, Reading};

use crate::icon::{self, Icon};
use crate::theme;

/// The sign of an action.
pub(super) fn sign(id: &str) -> Icon {
    match id {
        "tool.window" => Icon::Contrast,
        "tool.zoom" => Icon::ZoomIn,
        "tool.pan" => Icon::Hand,
        "tool.scroll" => Icon::ArrowUpDown,
        "tool.length" => Icon::Ruler,
        "tool.probe" => Icon::Crosshair,
        "invert" => Icon::SunMedium,
        "overlays" => Icon::Layers,
        "shutter" => Icon::Aperture,
        "colours" => Icon::Palette,
        "rotate.right" => Icon::RotateCw,
        "rotate.left" => Icon::RotateCcw,
        "flip.horizontal" => Icon::FlipVertical2,
        "flip.vertical" => Icon::FlipHorizontal2,
        "fit" => Icon::Maximize2,
        "one_to_one" => Icon::Scan,
        "reset" => Icon::RefreshCw,
        "cine" => Icon::Play,
        "state.next" => Icon::Presentation,
        "undo" => Icon::Undo2,
        "redo" => Icon::Redo2,
        "mark.delete" => Icon::Trash2,
        "panel.left" => Icon::PanelLeft,
        "panel.right" => Icon::PanelRight,
        "keys" => Icon::CircleHelp,
        "open.files" => Icon::FolderOpen,
        "pacs.add" => Icon::Server,
        "settings" => Icon::Settings,
        _ => Icon::Info,
    }
}

/// A button with an action's sign; pushes its command when it is pressed.
pub(super) fn act(ui: &mut Ui, reading: &Reading, commands: &mut Vec<Command>, id: &str, on: bool) -> Option<Response> {
    let action = actions::by_id(id)?;
    let response = ui
        .add_enabled_ui(reading.enabled(action), |ui| {
            icon::button(ui, sign(id), action.name, on)
        })
        .inner;
    if response.clicked() {
        commands.push((action.command)());
    }
    Some(icon::explained(response, action.name, &action.key_text(), action.hint))
}

/// One line of a menu.
pub(super) fn line(ui: &mut Ui, reading: &Reading, commands: &mut Vec<Command>, action: &Action) {
    let button = Button::new(action.name)
        .shortcut_text(RichText::new(action.key_text()).color(theme::QUIET))
        .frame_when_inactive(false)
        .min_size(egui::vec2(264.0, 24.0));
    let response = ui
        .add_enabled(reading.enabled(action), button)
        .on_hover_text(action.hint);
    if response.clicked() {
        commands.push((action.command)());
        ui.close();
    }
}

/// A flat button with a sign that opens a menu.
pub(super) fn opens(ui: &mut Ui, sign: Icon, name: &str, hint: &str, contents: impl FnOnce(&mut Ui)) {
    let button = Button::new(icon::sign(sign, 16.0))
        .frame_when_inactive(false)
        .min_size(egui::vec2(28.0, 28.0));
    let (response, _) = MenuButton::from_button(button).ui(ui, contents);
    response.accessible_name(name).on_hover_text(hint);
}

/// Every action of the program, one group a submenu.
pub(super) fn everything(ui: &mut Ui, reading: &Reading, commands: &mut Vec<Command>) {
    let place = reading.place();
    let groups = [
        Group::File,
        Group::Worklist,
        Group::Navigate,
        Group::Window,
        Group::Image,
        Group::Tools,
        Group::Marks,
        Group::Layout,
        Group::Help,
    ];
    for group in groups {
        let of_group = || {
            actions::all()
                .iter()
                .filter(move |action| action.group == group && action.scope.counts_in(place))
        };
        if of_group().next().is_none() {
            continue;
        }
        ui.menu_button(group.name(), |ui| {
            for action in of_group() {
                line(ui, reading, commands, action);
            }
        });
    }
}
