//! What this program is, on what it draws, and where its log is.

use egui::Ui;
use reading::{AppCommand, Command, intended_use};

use crate::log_file::Log;
use crate::screen::Glass;
use crate::{text, theme};

pub(super) fn show(ui: &mut Ui, glass: &Glass, log: &Log, commands: &mut Vec<Command>) {
    let version = format!("Farsight {}", env!("CARGO_PKG_VERSION"));
    text::label(ui, &version, theme::font(theme::BODY), theme::TEXT);
    text::paragraph(ui, &intended_use::statement(), theme::font(theme::BODY), theme::QUIET);
    ui.add_space(12.0);
    for (name, words) in [
        ("Graphics adapter", glass.adapter().to_owned()),
        (
            "Log of the last seven days, without patient data",
            log.folder().display().to_string(),
        ),
        (
            "Licence",
            "MIT or Apache-2.0; typeface under the SIL Open Font License".to_owned(),
        ),
    ] {
        text::label(ui, name, theme::font(theme::SMALL), theme::QUIET);
        text::paragraph(ui, &words, theme::font(theme::BODY), theme::TEXT);
        ui.add_space(6.0);
    }
    ui.add_space(6.0);
    if ui.button("Copy the log's path").clicked() {
        commands.push(Command::App(AppCommand::CopyLogPath));
    }
}
