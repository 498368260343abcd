//! The worklist: a table of studies with a filter line under its headings, and the selected row's facts beside it.

use egui::{Button, Rect, ScrollArea, Sense, Stroke, TextEdit, Ui, pos2, vec2};
use reading::worklist::{Column, Row};
use reading::{Command, WorklistCommand};
use study::words;

use super::asked::change;
use super::{Scene, asked, facts};
use crate::icon::{self, Icon};
use crate::{text, theme};

/// The columns: what they sort by, heading, width in points or, below 10, share of what is left, and whether figures stand to
/// the right.
const COLUMNS: [(Column, &str, f32, bool); 8] = [
    (Column::Patient, "Patient", 1.2, false),
    (Column::Id, "ID", 94.0, false),
    (Column::Born, "Born", 100.0, false),
    (Column::Date, "Study date", 152.0, false),
    (Column::Modality, "Modality", 66.0, false),
    (Column::Description, "Description", 1.0, false),
    (Column::Accession, "Accession", 90.0, false),
    (Column::Images, "Images", 58.0, true),
];
/// Width of the state column, points.
const STATE: f32 = 44.0;
/// Width of the facts beside the table, points.
const BESIDE: f32 = 272.0;

/// Draws the worklist.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    egui::Panel::right("study facts")
        .exact_size(BESIDE)
        .show_separator_line(false)
        .frame(theme::plane(theme::PANEL))
        .show(ui, |ui| facts::show(ui, scene));
    egui::CentralPanel::no_frame()
        .frame(theme::plane(theme::PANEL))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
            asked::show(ui, scene);
            let table = ui.available_rect_before_wrap();
            let cells = cells(table.left(), table.width());
            headings(ui, scene, &cells);
            filter_line(ui, scene, &cells);
            rows(ui, scene, &cells);
        });
}

/// Left and right edge of each column within the table.
fn cells(left: f32, width: f32) -> Vec<(f32, f32)> {
    let (fixed, shares) = COLUMNS.iter().fold((0.0, 0.0), |(fixed, shares), column| {
        if column.2 < 10.0 {
            (fixed, shares + column.2)
        } else {
            (fixed + column.2, shares)
        }
    });
    let free = (width - STATE - 4.0 - fixed).max(120.0);
    let mut at = left + STATE;
    COLUMNS
        .iter()
        .map(|column| {
            let begin = at;
            at += if column.2 < 10.0 {
                free * column.2 / shares
            } else {
                column.2
            };
            (begin.round(), (at - 12.0).round())
        })
        .collect()
}

fn headings(ui: &mut Ui, scene: &mut Scene<'_>, cells: &[(f32, f32)]) {
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::hover());
    let (sorted, descending) = scene.reading.worklist().sorting();
    for ((column, name, _, right), (begin, end)) in COLUMNS.into_iter().zip(cells) {
        let cell = Rect::from_x_y_ranges(*begin..=*end, row.y_range());
        let response = ui.interact(cell, egui::Id::unique(("sort", name)), Sense::click());
        let on = sorted == column;
        let label = format!("Sort by {name}");
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, on, &label));
        let colour = if on || response.hovered() {
            theme::TEXT
        } else {
            theme::QUIET
        };
        let galley = text::line(ui, name, theme::strong(theme::SMALL), colour, cell.width());
        let size = galley.size();
        let x = if right { cell.right() - size.x } else { cell.left() };
        ui.painter()
            .galley(pos2(x, cell.center().y - size.y / 2.0), galley, colour);
        if on {
            let sign = if descending { Icon::ChevronDown } else { Icon::ChevronUp };
            let middle = if right { x - 9.0 } else { x + size.x + 9.0 };
            icon::paint(ui, sign, pos2(middle, cell.center().y), 12.0, theme::QUIET);
        }
        if response.clicked() {
            scene.commands.push(Command::Worklist(WorklistCommand::SortBy(column)));
        }
    }
}

fn filter_line(ui: &mut Ui, scene: &mut Scene<'_>, cells: &[(f32, f32)]) {
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::hover());
    let filter = scene.reading.worklist().filter().clone();
    for ((column, name, ..), (begin, end)) in COLUMNS.into_iter().zip(cells) {
        let mut edited = filter.clone();
        let words = match column {
            Column::Patient => &mut edited.patient_name,
            Column::Id => &mut edited.patient_id,
            Column::Modality => &mut edited.modality,
            Column::Description => &mut edited.description,
            Column::Accession => &mut edited.accession,
            Column::Born | Column::Date | Column::Images => continue,
        };
        let cell = Rect::from_x_y_ranges(*begin - 6.0..=*end, row.top() + 2.0..=row.bottom() - 4.0);
        ui.painter().rect_filled(cell, 3.0, theme::SURROUND);
        let field = TextEdit::singleline(words)
            .id(egui::Id::unique(("filter", name)))
            .frame(egui::Frame::NONE)
            .font(theme::font(theme::SMALL))
            .align(egui::Align2::LEFT_CENTER)
            .desired_width(cell.width() - 12.0);
        let response = ui
            .put(cell.shrink2(vec2(6.0, 0.0)), field)
            .accessible_name(format!("Filter by {}", name.to_lowercase()));
        if response.has_focus() {
            let edge = Stroke::new(1.0, theme::ACCENT);
            ui.painter().rect_stroke(cell, 3.0, edge, egui::StrokeKind::Inside);
        }
        if response.changed() {
            change(scene, |filter| *filter = edited);
        }
    }
    ui.painter()
        .hline(row.x_range(), row.bottom() - 0.5, Stroke::new(1.0, theme::LINE));
}

fn rows(ui: &mut Ui, scene: &mut Scene<'_>, cells: &[(f32, f32)]) {
    let list = scene.reading.worklist();
    let rows: Vec<&Row> = list.rows().collect();
    let selected = list.selected().map(|row| (row.source, row.listing.study.clone()));
    if rows.is_empty() && !list.searching() && list.failed().is_none() {
        empty(ui, scene);
        return;
    }
    let (more, searching) = (list.more(), list.searching());
    let place = selected.as_ref().and_then(|(source, study)| {
        rows.iter()
            .position(|row| row.source == *source && row.listing.study == *study)
    });
    let output = in_sight(ui, place).show_rows(ui, theme::ROW, rows.len() + usize::from(more), |ui, range| {
        for index in range {
            let Some(row) = rows.get(index) else {
                let button = ui.add_enabled(!searching, Button::new("More studies"));
                if button.clicked() {
                    scene.commands.push(Command::Worklist(WorklistCommand::More));
                }
                continue;
            };
            let on = place == Some(index);
            one(ui, scene, row, on, cells);
        }
    });
    let seen = Seen {
        place,
        offset: output.state.clamped_offset().y,
        height: output.inner_rect.height(),
    };
    ui.data_mut(|data| data.insert_temp(seen_id(), seen));
}

/// Which row was selected in the last pass, and what of the table was in sight, points.
#[derive(Clone, Copy, Default)]
struct Seen {
    place: Option<usize>,
    offset: f32,
    height: f32,
}

fn seen_id() -> egui::Id {
    egui::Id::unique("worklist rows in sight")
}

/// The table's scroll area; a row that was selected since the last pass is brought into sight.
fn in_sight(ui: &Ui, place: Option<usize>) -> ScrollArea {
    let area = ScrollArea::vertical().auto_shrink(false);
    let seen: Seen = ui.data(|data| data.get_temp(seen_id())).unwrap_or_default();
    let Some(selected) = place.filter(|_| place != seen.place && seen.height > 0.0) else {
        return area;
    };
    let top = selected as f32 * (theme::ROW + ui.spacing().item_spacing.y);
    let nearest = seen.offset.clamp((top + theme::ROW - seen.height).max(0.0), top);
    if nearest == seen.offset {
        area
    } else {
        area.vertical_scroll_offset(nearest)
    }
}

fn empty(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.add_space(48.0);
    ui.vertical_centered(|ui| {
        let none = scene.reading.worklist().sources().is_empty();
        let (heading, sentence) = if none {
            (
                "No PACS yet",
                "Add a PACS to see its studies here, or open files from this computer.",
            )
        } else {
            (
                "No studies",
                "Nothing matches. Take something out of the filter, or choose another date.",
            )
        };
        text::label(ui, heading, theme::strong(theme::TITLE), theme::TEXT);
        ui.add_space(6.0);
        text::label(ui, sentence, theme::font(theme::BODY), theme::QUIET);
        if none {
            ui.add_space(16.0);
            for id in ["pacs.add", "open.files", "open.folder"] {
                let Some(action) = reading::actions::by_id(id) else {
                    continue;
                };
                if ui.add_sized(vec2(160.0, 28.0), Button::new(action.name)).clicked() {
                    scene.commands.push((action.command)());
                }
                ui.add_space(6.0);
            }
        }
    });
}

fn one(ui: &mut Ui, scene: &mut Scene<'_>, row: &Row, on: bool, cells: &[(f32, f32)]) {
    let listing = &row.listing;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
    let person = words::person(listing.patient.name.to_reader());
    let name = format!("{person}, {}", listing.description.to_reader());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, on, &name));
    if on || response.hovered() {
        let fill = if on { theme::SELECTED } else { theme::RAISED };
        ui.painter().rect_filled(rect, 0.0, fill);
    }
    progress(ui, scene, row, rect);
    let when = format!("{}  {}", words::date(&listing.date), words::time(&listing.time));
    let images = listing.instances.map(|n| n.to_string()).unwrap_or_default();
    let born = words::date(listing.patient.birth_date.to_reader());
    let modalities = listing.modalities.join(" ");
    let texts: [&str; 8] = [
        &person,
        listing.patient.id.to_reader(),
        &born,
        when.trim(),
        &modalities,
        listing.description.to_reader(),
        listing.accession.to_reader(),
        &images,
    ];
    for (((column, _, _, right), words), (begin, end)) in COLUMNS.iter().zip(texts).zip(cells) {
        let colour = match column {
            Column::Patient | Column::Description | Column::Date | Column::Modality => theme::TEXT,
            _ => theme::QUIET,
        };
        let galley = text::line(ui, words, theme::font(theme::BODY), colour, end - begin);
        let size = galley.size();
        let x = if *right { end - size.x } else { *begin };
        ui.painter()
            .galley(pos2(x, rect.center().y - size.y / 2.0), galley, colour);
    }
    if response.clicked() {
        let select = WorklistCommand::Select {
            source: row.source,
            study: listing.study.clone(),
        };
        scene.commands.push(Command::Worklist(select));
    }
    if response.double_clicked() {
        scene.commands.push(Command::Worklist(WorklistCommand::OpenSelected));
    }
}

/// The state column: a small bar that fills for a study that is open.
fn progress(ui: &Ui, scene: &Scene<'_>, row: &Row, rect: Rect) {
    let open = scene.reading.studies().study(&row.listing.study);
    let Some(open) = open.filter(|open| open.source == row.source) else {
        return;
    };
    let progress = open.progress;
    let bar = Rect::from_center_size(pos2(rect.left() + STATE / 2.0, rect.center().y), vec2(24.0, 4.0));
    ui.painter().rect_filled(bar, 2.0, theme::LINE);
    let part = progress.stored as f32 / progress.of.max(1) as f32;
    let mut filled = bar;
    filled.set_width(bar.width() * part.clamp(0.0, 1.0));
    let colour = if progress.finished { theme::GOOD } else { theme::QUIET };
    ui.painter().rect_filled(filled, 2.0, colour);
}
