//! The tiles: each lies on whole physical pixels and shows what the reading describes.

use egui::{Pos2, Rect, Sense, Stroke, StrokeKind, Ui, vec2};
use reading::studies::{StackId, Witness};
use reading::tile::{Tile, TileState};
use reading::{Canvas, Command, StudyCommand, Trouble};
use render::PictureId;

use super::{Scene, drawing, overlay, truth};
use crate::icon::{self, Icon};
use crate::pictures::Ready;
use crate::pointer::{Placed, tile_id};
use crate::screen::Way;
use crate::{text, theme};

/// Draws every tile that is shown, one-point lines between them.
pub(super) fn grid(ui: &mut Ui, scene: &mut Scene<'_>) {
    let (grid, shown) = scene.reading.view().shown();
    let scale = ui.pixels_per_point();
    let area = ui.max_rect();
    let edge = |points: f32| (f64::from(points) * f64::from(scale)).round() as u32;
    let (left, top) = (edge(area.left()), edge(area.top()));
    let width = edge(area.right()).saturating_sub(left);
    let height = edge(area.bottom()).saturating_sub(top);
    let line = (scale.round() as u32).max(1);
    let columns = cuts(width, grid.columns(), line);
    let rows = cuts(height, grid.rows(), line);
    ui.painter().rect_filled(area, 0.0, theme::LINE);
    let places = rows
        .iter()
        .flat_map(|row| columns.iter().map(move |column| (*row, *column)));
    for (viewport, ((y, high), (x, wide))) in shown.into_iter().zip(places) {
        let origin = (left + x, top + y);
        let points = |pixels: u32| pixels as f32 / scale;
        let rect = Rect::from_min_size(
            Pos2::new(points(origin.0), points(origin.1)),
            vec2(points(wide), points(high)),
        );
        one(ui, scene, viewport, rect, origin, (wide.max(1), high.max(1)));
    }
}

/// Cuts a length into parts with a line between: start and length of each, physical pixels.
fn cuts(length: u32, parts: usize, line: u32) -> Vec<(u32, u32)> {
    let parts = u32::try_from(parts.max(1)).unwrap_or(1);
    let free = length.saturating_sub(line * (parts - 1));
    (0..parts)
        .map(|part| {
            let begin = free * part / parts;
            let end = free * (part + 1) / parts;
            (begin + part * line, end - begin)
        })
        .collect()
}

fn one(ui: &mut Ui, scene: &mut Scene<'_>, viewport: usize, rect: Rect, origin: (u32, u32), size_px: (u32, u32)) {
    let scale = f64::from(ui.pixels_per_point());
    let response = ui.interact(rect, tile_id(viewport), Sense::drag());
    let name = format!("Viewport {}", viewport + 1);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
    let pointer = scene.pointing.on_tile(ui.ctx(), viewport, rect);
    let tile = scene.reading.tile(viewport, size_px, scale, pointer, scene.now_ms);
    let painter = ui.painter().with_clip_rect(rect);
    painter.rect_filled(rect, 0.0, theme::SURROUND);
    let mut trouble = None;
    if let Some(picture) = &tile.picture {
        let ready = scene
            .pictures
            .ready(viewport, picture, origin, size_px, scene.aside, scene.log);
        match ready {
            Ready::Draw(drawn, texels) => {
                trouble = scene.glass.refused(drawn.frame);
                if trouble.is_none() {
                    let id = PictureId(viewport as u64);
                    match scene.glass.way() {
                        // The adapter is tested before the next pass.
                        None => {}
                        Some(Way::Adapter) => drop(painter.add(scene.glass.picture(rect, id, drawn, texels))),
                        Some(Way::Cpu) => match scene.on_cpu.get(viewport, &drawn, &texels, scene.aside) {
                            Some(rgba) => drop(painter.add(scene.glass.finished(rect, id, drawn, rgba))),
                            None => face(ui, rect, "preparing the picture", theme::QUIET),
                        },
                    }
                }
            }
            Ready::Soon => face(ui, rect, "preparing the image", theme::QUIET),
            Ready::Refused(refused) => trouble = Some(refused),
        }
    }
    let mut covers = Vec::new();
    let dragging = scene.pointing.under_way();
    drawing::show(ui, rect, &tile);
    overlay::marks(ui, rect, &tile);
    overlay::letters(ui, rect, &tile);
    let above = truth::badges(ui, rect, &tile);
    let above = overlay::corners(ui, rect, &tile, above, dragging);
    overlay::scale_bar(ui, rect, &tile, above);
    truth::across(ui, rect, &tile);
    if let Some(track) = &tile.track {
        covers.extend(overlay::track(ui, rect, viewport, track, scene.commands));
    }
    covers.extend(state(ui, scene, &tile, rect, trouble));
    drop_target(ui, scene, viewport, rect, &response);
    if tile.identity_removed {
        let edge = Stroke::new(1.0, theme::ATTENTION);
        painter.rect_stroke(rect.shrink(3.0), 0.0, edge, StrokeKind::Inside);
    }
    if tile.active && scene.reading.view().shown().1.len() > 1 {
        painter.rect_stroke(rect, 0.0, Stroke::new(2.0, theme::ACCENT), StrokeKind::Inside);
    }
    let canvas = Canvas {
        viewport,
        size_px,
        scale,
    };
    scene.pointing.place(Placed { canvas, rect, covers });
}

fn drop_target(ui: &Ui, scene: &mut Scene<'_>, viewport: usize, rect: Rect, response: &egui::Response) {
    // The pointer of a drag belongs to what is dragged, so the tile asks where it is by itself.
    let over = ui.ctx().pointer_latest_pos().is_some_and(|at| rect.contains(at));
    if !over {
        return;
    }
    if response.dnd_hover_payload::<StackId>().is_some() || egui::DragAndDrop::has_payload_of_type::<StackId>(ui.ctx())
    {
        let edge = Stroke::new(2.0, theme::ACCENT);
        ui.painter()
            .rect_stroke(rect.shrink(2.0), 0.0, edge, StrokeKind::Inside);
    }
    if ui.input(|i| i.pointer.any_released())
        && let Some(stack) = egui::DragAndDrop::take_payload::<StackId>(ui.ctx())
    {
        scene.commands.push(Command::Study(StudyCommand::Hang {
            viewport,
            stack: (*stack).clone(),
        }));
    }
}

/// The tile's face where there is no picture, or a sentence over it; returns what takes the pointer for itself.
fn state(ui: &mut Ui, scene: &mut Scene<'_>, tile: &Tile, rect: Rect, trouble: Option<Trouble>) -> Vec<Rect> {
    if let Some(trouble) = trouble {
        return vec![failure(ui, scene, tile.viewport, rect, &trouble)];
    }
    match &tile.state {
        TileState::Empty => {
            face(ui, rect, "Drag a series here", theme::FAINT);
            Vec::new()
        }
        TileState::Shown => Vec::new(),
        TileState::Late { sentence } => {
            let galley = text::line(
                ui,
                sentence,
                theme::strong(theme::BODY),
                theme::ATTENTION,
                rect.width() - 32.0,
            );
            let at = Pos2::new(rect.center().x - galley.size().x / 2.0, rect.bottom() - 96.0);
            text::on_image(&ui.painter().with_clip_rect(rect), galley, at, theme::ATTENTION);
            Vec::new()
        }
        TileState::Waiting { sentence } => {
            face(ui, rect, sentence, theme::QUIET);
            Vec::new()
        }
        TileState::Refused { trouble } | TileState::Failed { trouble } => {
            vec![failure(ui, scene, tile.viewport, rect, trouble)]
        }
        TileState::Identities {
            study,
            witness,
            listed,
            object,
        } => {
            vec![identities(
                ui,
                scene,
                tile.viewport,
                rect,
                study,
                (*witness, listed, object),
            )]
        }
    }
}

fn face(ui: &Ui, rect: Rect, sentence: &str, colour: egui::Color32) {
    let galley = text::lines(
        ui,
        sentence,
        theme::font(theme::BODY),
        colour,
        (rect.width() - 48.0).min(420.0),
    );
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().with_clip_rect(rect).galley(at, galley, colour);
}

fn failure(ui: &mut Ui, scene: &mut Scene<'_>, viewport: usize, rect: Rect, trouble: &Trouble) -> Rect {
    let study = scene
        .reading
        .view()
        .viewport(viewport)
        .and_then(|v| v.stack())
        .map(|stack| stack.study.clone())
        .or_else(|| scene.reading.studies().current().map(|study| study.uid.clone()));
    dialog(ui, viewport, rect, |ui| {
        ui.horizontal(|ui| {
            ui.label(icon::sign(Icon::TriangleAlert, 14.0).color(theme::WRONG));
            text::label(ui, "Not shown", theme::strong(theme::BODY), theme::WRONG);
        });
        text::paragraph(ui, &trouble.sentence, theme::font(theme::BODY), theme::TEXT);
        if !trouble.reference.is_empty() {
            let words = format!("Reference {}", trouble.reference);
            text::label(ui, &words, theme::font(theme::SMALL), theme::QUIET);
        }
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            if let Some(study) = study.filter(|_| trouble.retryable)
                && ui.button("Retry").clicked()
            {
                scene.commands.push(Command::Study(StudyCommand::Retry(study)));
            }
            if ui.button("Copy for helpdesk").clicked() {
                ui.ctx().copy_text(trouble.for_helpdesk());
            }
        });
    })
}

fn identities(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    viewport: usize,
    rect: Rect,
    study: &study::StudyUid,
    (witness, listed, object): (Witness, &study::PatientIdentity, &study::PatientIdentity),
) -> Rect {
    let words = |who: &study::PatientIdentity| {
        [
            study::words::person(who.name.to_reader()),
            study::words::date(who.birth_date.to_reader()),
            who.id.to_reader().to_owned(),
        ]
        .into_iter()
        .filter(|fact| !fact.is_empty())
        .collect::<Vec<_>>()
        .join(text::BETWEEN)
    };
    let (first, sentence) = match witness {
        Witness::Worklist => (
            "Worklist",
            "The worklist and the images name different persons. The images wait until you say which holds.",
        ),
        Witness::CurrentStudy => (
            "Current study",
            "The current study and this one name different persons. These images wait until you say which holds.",
        ),
        Witness::FirstObject => (
            "First image",
            "Images of this study name different persons. They wait until you say which holds.",
        ),
    };
    dialog(ui, viewport, rect, |ui| {
        text::label(ui, "Two identities", theme::strong(theme::BODY), theme::ATTENTION);
        text::paragraph(ui, sentence, theme::font(theme::BODY), theme::TEXT);
        for (heading, who) in [(first, listed), ("Images", object)] {
            text::label(ui, heading, theme::font(theme::SMALL), theme::QUIET);
            text::label(ui, &words(who), theme::strong(theme::TITLE), theme::TEXT);
        }
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            if ui.button("Same person").clicked() {
                let confirm = StudyCommand::ConfirmSamePerson(study.clone());
                scene.commands.push(Command::Study(confirm));
            }
            if ui.button("Close").clicked() {
                scene
                    .commands
                    .push(Command::Study(StudyCommand::CloseStudy(study.clone())));
            }
        });
    })
}

/// Words and buttons in the middle of a tile, which is black there.
fn dialog(ui: &mut Ui, viewport: usize, rect: Rect, contents: impl FnOnce(&mut Ui)) -> Rect {
    let width = (rect.width() - 48.0).clamp(80.0, 420.0);
    let middle = Rect::from_center_size(rect.center(), vec2(width, 168.0_f32.min(rect.height() - 16.0)));
    let mut child = ui.new_child(
        egui::UiBuilder::new()
            .id_salt(("tile words", viewport))
            .max_rect(middle)
            .layout(egui::Layout::top_down(egui::Align::Min)),
    );
    child.set_clip_rect(rect);
    contents(&mut child);
    child.min_rect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_fill_their_area_but_for_the_lines_between() {
        for (length, parts, line) in [(1000, 3, 1), (999, 2, 2), (7, 3, 1)] {
            let cuts = cuts(length, parts, line);
            assert_eq!(cuts.len(), parts);
            assert_eq!(cuts[0].0, 0);
            assert_eq!(cuts.last().map(|(begin, size)| begin + size), Some(length));
            for pair in cuts.windows(2) {
                assert_eq!(pair[0].0 + pair[0].1 + line, pair[1].0);
            }
        }
    }
}
