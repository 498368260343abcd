//! A question before something is lost.

use egui::Ui;
use reading::{AppCommand, Command, Question};

use crate::{text, theme};

pub(super) fn show(ui: &mut Ui, question: &Question, commands: &mut Vec<Command>) {
    text::paragraph(ui, &question.sentence, theme::font(theme::BODY), theme::TEXT);
    ui.add_space(16.0);
    ui.horizontal(|ui| {
        for (words, yes) in [(&question.no, false), (&question.yes, true)] {
            if ui.button(words.as_str()).clicked() {
                commands.push(Command::App(AppCommand::Answer { yes }));
            }
        }
    });
}
