//! Every key and what it does, from the table of actions.

use egui::{Align, Layout, RichText, ScrollArea, Ui};
use reading::actions::{self, Group};

use crate::{text, theme};

pub(super) fn show(ui: &mut Ui) {
    let columns: [&[Group]; 3] = [
        &[Group::Navigate, Group::Worklist],
        &[Group::Window, Group::Image, Group::Tools],
        &[Group::Marks, Group::Layout, Group::File, Group::Help],
    ];
    let height = ui.ctx().content_rect().height() - 160.0;
    ScrollArea::vertical()
        .max_height(height)
        .min_scrolled_height(height)
        .show(ui, |ui| {
            ui.columns_const(|uis: &mut [Ui; 3]| {
                for (ui, groups) in uis.iter_mut().zip(columns) {
                    ui.spacing_mut().item_spacing.y = 2.0;
                    ui.spacing_mut().interact_size.y = 18.0;
                    for group in groups {
                        text::label(ui, group.name(), theme::strong(theme::SMALL), theme::QUIET);
                        for action in actions::all()
                            .iter()
                            .filter(|a| a.group == *group && !a.keys.is_empty())
                        {
                            let keys: Vec<String> = action.keys.iter().map(ToString::to_string).collect();
                            ui.horizontal(|ui| {
                                ui.label(RichText::new(action.name).color(theme::TEXT))
                                    .on_hover_text(action.hint);
                                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                                    ui.add_space(12.0);
                                    ui.label(RichText::new(keys.join(", ")).color(theme::QUIET));
                                });
                            });
                        }
                        ui.add_space(12.0);
                    }
                    if groups.contains(&Group::Navigate) {
                        text::label(ui, "Mouse on an image", theme::strong(theme::SMALL), theme::QUIET);
                        for (what, how) in [
                            ("Scroll", "wheel"),
                            ("The chosen tool", "left drag"),
                            ("Pan", "middle drag"),
                            ("Zoom", "right drag, Ctrl+wheel"),
                            ("One tile alone", "two clicks"),
                        ] {
                            ui.horizontal(|ui| {
                                ui.label(RichText::new(what).color(theme::TEXT));
                                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                                    ui.add_space(12.0);
                                    ui.label(RichText::new(how).color(theme::QUIET));
                                });
                            });
                        }
                    }
                }
            });
        });
}
