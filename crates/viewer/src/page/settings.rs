//! The settings: taken at once, saved at once.

use egui::Ui;
use reading::settings::{Interpolation, Overlay, Settings};
use reading::{AppCommand, Command};

use crate::{text, theme};

/// Where measuring a pixel begins: that of a common screen, 27 inches and 2560 pixels wide.
const PIXEL_MM: f64 = 0.2331;

pub(super) fn show(ui: &mut Ui, edited: &mut Settings, now: &Settings, commands: &mut Vec<Command>) {
    let heading = |ui: &mut Ui, words: &str| {
        ui.add_space(8.0);
        text::label(ui, words, theme::strong(theme::SMALL), theme::QUIET);
    };
    heading(ui, "Words on images");
    ui.horizontal(|ui| {
        for (value, name) in [
            (Overlay::Full, "Full"),
            (Overlay::Short, "Short"),
            (Overlay::None, "None"),
        ] {
            ui.radio_value(&mut edited.overlay, value, name);
        }
    });
    heading(ui, "Between pixels, above 1 : 1");
    ui.horizontal(|ui| {
        for (value, name) in [
            (Interpolation::Nearest, "Nearest"),
            (Interpolation::Linear, "Linear"),
            (Interpolation::Cubic, "Cubic"),
        ] {
            ui.radio_value(&mut edited.interpolation, value, name);
        }
    });
    heading(ui, "Brightness of everything but the images");
    ui.horizontal(|ui| {
        let percent = egui::Slider::new(&mut edited.chrome_brightness, 50..=100).suffix("\u{2009}%");
        ui.add(percent)
            .accessible_name("Brightness of everything but the images");
    });
    heading(ui, "Mouse and touchpad");
    let brighter = &mut edited.mouse.level_down_is_brighter;
    ui.checkbox(brighter, "Dragging down makes the image brighter");
    ui.horizontal(|ui| {
        let distance = egui::Slider::new(&mut edited.mouse.touchpad_points_per_image, 8.0..=80.0).integer();
        ui.add(distance).accessible_name("Touchpad distance for one image");
        ui.label("points on the touchpad for one image");
    });
    heading(ui, "True size");
    ui.horizontal(|ui| {
        let mut known = edited.screen_pixel_mm.is_some();
        if ui.checkbox(&mut known, "A pixel of this screen is").changed() {
            edited.screen_pixel_mm = known.then_some(PIXEL_MM);
        }
        if let Some(mm) = &mut edited.screen_pixel_mm {
            let width = egui::DragValue::new(mm)
                .range(0.01..=2.0)
                .speed(0.001)
                .fixed_decimals(4);
            ui.add(width.suffix("\u{2009}mm"))
                .accessible_name("Width of a pixel of this screen");
            ui.label("wide");
        }
    });
    heading(ui, "PACS");
    if edited.servers.is_empty() {
        text::label(ui, "None yet", theme::font(theme::BODY), theme::QUIET);
    }
    let mut removed = None;
    for (index, server) in edited.servers.iter().enumerate() {
        ui.horizontal(|ui| {
            let button = ui.button("Remove").accessible_name(format!("Remove {}", server.name));
            if button.clicked() {
                removed = Some(index);
            }
            text::label(ui, &server.name, theme::font(theme::BODY), theme::TEXT);
            text::label(ui, &server.address, theme::font(theme::SMALL), theme::QUIET);
        });
    }
    if let Some(index) = removed {
        edited.servers.remove(index);
    }
    ui.add_space(8.0);
    if ui.button("Add a PACS…").clicked() {
        commands.push(Command::App(AppCommand::ShowAddPacs));
    }
    if edited != now {
        let change = AppCommand::ChangeSettings(Box::new(edited.clone()));
        commands.push(Command::App(change));
    }
}
