//! The worklist: a table of studies with a filter line under its headings, and the selected row's facts beside it.

use egui::{Align, Button, Layout, Rect, ScrollArea, Sense, Stroke, TextEdit, Ui, UiBuilder, pos2, vec2};
use reading::worklist::{Column, Condition, Filter, Row};
use reading::{Command, WorklistCommand};
use study::words;

use super::Scene;
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

/// The search line's name for egui.
pub(super) fn search_id() -> egui::Id {
    egui::Id::unique("worklist search")
}

/// Draws the worklist.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    egui::Panel::right("study facts")
        .exact_size(BESIDE)
        .show_separator_line(false)
        .frame(theme::plane(theme::PANEL))
        .show(ui, |ui| facts(ui, scene));
    egui::CentralPanel::no_frame()
        .frame(theme::plane(theme::PANEL))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
            asked(ui, scene);
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

fn change(scene: &mut Scene<'_>, edit: impl FnOnce(&mut Filter)) {
    let mut filter = scene.reading.worklist().filter().clone();
    edit(&mut filter);
    if filter != *scene.reading.worklist().filter() {
        let set = WorklistCommand::SetFilter(Box::new(filter));
        scene.commands.push(Command::Worklist(set));
    }
}

/// Sources, the search line, the date, and what came of the search.
fn asked(ui: &mut Ui, scene: &mut Scene<'_>) {
    let list = scene.reading.worklist();
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), 48.0),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.add_space(12.0);
            search(ui, scene);
            dates(ui, scene);
            if *list.filter() != Filter::default() {
                let clear = Button::new("Clear").frame_when_inactive(false);
                if ui.add(clear).on_hover_text("Empties the filter and searches").clicked() {
                    scene.commands.push(Command::Worklist(WorklistCommand::ClearFilter));
                }
            }
            ui.add_space(8.0);
            for source in list.sources() {
                let on = list.source().is_some_and(|shown| shown.id == source.id);
                let silent = source.condition == Condition::Silent;
                let words = if silent {
                    format!("{} · silent", source.name)
                } else {
                    source.name.clone()
                };
                let colour = if silent { theme::ATTENTION } else { theme::TEXT };
                let button = Button::selectable(on, text::widget(ui, &words, colour));
                let mut response = ui.add(button);
                if let Some(trouble) = &source.trouble {
                    response = response.on_hover_text(&trouble.sentence);
                }
                if response.clicked() {
                    let select = WorklistCommand::SelectSource(source.id);
                    scene.commands.push(Command::Worklist(select));
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(12.0);
                let count = list.len();
                let more = if list.more() { "more than " } else { "" };
                let words = match (list.searching(), count) {
                    (true, _) => "searching…".to_owned(),
                    (false, 1) => "1 study".to_owned(),
                    (false, count) => format!("{more}{count} studies"),
                };
                text::label(ui, &words, theme::font(theme::SMALL), theme::QUIET);
            });
        },
    );
    let line = |ui: &mut Ui, words: &str| {
        ui.horizontal(|ui| {
            ui.add_space(12.0);
            ui.label(icon::sign(Icon::TriangleAlert, 12.0).color(theme::ATTENTION));
            text::paragraph(ui, words, theme::font(theme::BODY), theme::TEXT);
        });
        ui.add_space(6.0);
    };
    if let Some(trouble) = list.failed() {
        line(ui, &trouble.for_helpdesk());
    } else if !list.whole() && !list.is_empty() {
        line(
            ui,
            "Some rows of the answer could not be read; there may be studies that are not shown.",
        );
    }
}

fn search(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut words = scene.reading.worklist().filter().text.clone();
    let (rect, _) = ui.allocate_exact_size(vec2(260.0, 28.0), Sense::hover());
    ui.painter().rect_filled(rect, 4.0, theme::SURROUND);
    icon::paint(
        ui,
        Icon::Search,
        rect.left_center() + vec2(14.0, 0.0),
        14.0,
        theme::QUIET,
    );
    let inner = Rect::from_min_max(rect.min + vec2(28.0, 0.0), rect.max - vec2(6.0, 0.0));
    let field = TextEdit::singleline(&mut words)
        .id(search_id())
        .frame(egui::Frame::NONE)
        .align(egui::Align2::LEFT_CENTER)
        .hint_text("Name or number")
        .desired_width(inner.width());
    let response = ui.put(inner, field).accessible_name("Search");
    let edge = if response.has_focus() {
        theme::ACCENT
    } else {
        theme::LINE
    };
    ui.painter()
        .rect_stroke(rect, 4.0, Stroke::new(1.0, edge), egui::StrokeKind::Inside);
    // Typing searches: the line has the keyboard whenever nothing else asks for it.
    let idle = ui.memory(|memory| memory.focused().is_none()) && !ui.ctx().any_popup_open();
    if !scene.covered && (std::mem::take(scene.focus_search) || idle) {
        response.request_focus();
    }
    if response.changed() {
        change(scene, |filter| filter.text = words);
    }
}

fn dates(ui: &mut Ui, scene: &mut Scene<'_>) {
    let from = |days: i64| {
        let day = chrono::Local::now().date_naive() - chrono::Duration::days(days);
        day.format("%Y%m%d").to_string()
    };
    let choices = [
        ("Any date", String::new()),
        ("Today", from(0)),
        ("Last 7 days", from(7)),
        ("Last 30 days", from(30)),
        ("Last year", from(365)),
    ];
    let chosen = &scene.reading.worklist().filter().date_from;
    let words = choices.iter().find(|(_, from)| from == chosen).map_or_else(
        || format!("Since {}", words::date(chosen)),
        |(words, _)| (*words).to_owned(),
    );
    ui.menu_button((words, icon::sign(Icon::ChevronDown, 12.0)), |ui| {
        for (words, from) in choices {
            if ui
                .add(
                    Button::new(words)
                        .frame_when_inactive(false)
                        .min_size(vec2(140.0, 24.0)),
                )
                .clicked()
            {
                change(scene, |filter| filter.date_from = from);
                ui.close();
            }
        }
    });
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
    let selected = list.selected().map(|row| row.listing.study.clone());
    if rows.is_empty() && !list.searching() && list.failed().is_none() {
        empty(ui, scene);
        return;
    }
    let (more, searching) = (list.more(), list.searching());
    ScrollArea::vertical()
        .auto_shrink(false)
        .show_rows(ui, theme::ROW, rows.len() + usize::from(more), |ui, range| {
            for index in range {
                let Some(row) = rows.get(index) else {
                    let button = ui.add_enabled(!searching, Button::new("More studies"));
                    if button.clicked() {
                        scene.commands.push(Command::Worklist(WorklistCommand::More));
                    }
                    continue;
                };
                let on = selected.as_ref() == Some(&row.listing.study);
                one(ui, scene, row, on, cells);
            }
        });
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
        let select = WorklistCommand::Select(listing.study.clone());
        scene.commands.push(Command::Worklist(select));
    }
    if response.double_clicked() {
        scene.commands.push(Command::Worklist(WorklistCommand::OpenSelected));
    }
}

/// The state column: a small bar that fills for a study that is open.
fn progress(ui: &Ui, scene: &Scene<'_>, row: &Row, rect: Rect) {
    let Some(open) = scene.reading.studies().study(&row.listing.study) else {
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

/// The selected row's facts and the patient's other studies in the list.
fn facts(ui: &mut Ui, scene: &mut Scene<'_>) {
    let panel = ui.max_rect();
    ui.painter()
        .vline(panel.left() + 0.5, panel.y_range(), Stroke::new(1.0, theme::LINE));
    let Some(row) = scene.reading.worklist().selected() else {
        return;
    };
    let mut inner = ui.new_child(UiBuilder::new().max_rect(panel.shrink2(vec2(16.0, 16.0))));
    let ui = &mut inner;
    ui.spacing_mut().item_spacing.y = 4.0;
    let listing = &row.listing;
    let patient = &listing.patient;
    let person = words::person(patient.name.to_reader());
    text::label(ui, &person, theme::strong(theme::TITLE), theme::TEXT);
    let facts = [
        words::sex(patient).to_owned(),
        words::age(patient, &listing.date),
        words::date(patient.birth_date.to_reader()),
    ];
    let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    text::label(ui, &facts.join(text::BETWEEN), theme::font(theme::BODY), theme::QUIET);
    ui.add_space(12.0);
    let count = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let when = format!("{}  {}", words::date(&listing.date), words::time(&listing.time));
    for (name, words) in [
        ("ID", patient.id.to_reader().to_owned()),
        ("Study", listing.description.to_reader().to_owned()),
        ("Date", when.trim().to_owned()),
        ("Modality", listing.modalities.join(" ")),
        ("Accession", listing.accession.to_reader().to_owned()),
        ("Referrer", words::person(listing.referring.to_reader())),
        ("Series", count(listing.series)),
        ("Images", count(listing.instances)),
    ] {
        if words.is_empty() {
            continue;
        }
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(72.0, 18.0), Sense::hover());
            let galley = text::line(ui, name, theme::font(theme::SMALL), theme::QUIET, 72.0);
            let at = rect.left_center() - vec2(0.0, galley.size().y / 2.0);
            ui.painter().galley(at, galley, theme::QUIET);
            text::label(ui, &words, theme::font(theme::BODY), theme::TEXT);
        });
    }
    ui.add_space(12.0);
    if ui.add_sized(vec2(120.0, 28.0), Button::new("Open study")).clicked() {
        scene.commands.push(Command::Worklist(WorklistCommand::OpenSelected));
    }
    let others: Vec<&Row> = scene
        .reading
        .worklist()
        .rows()
        .filter(|other| {
            other.listing.study != listing.study
                && study::patient::same_person(&other.listing.patient, patient) == study::patient::SamePerson::Yes
        })
        .collect();
    if others.is_empty() {
        return;
    }
    ui.add_space(16.0);
    text::label(
        ui,
        "Other studies in this list",
        theme::strong(theme::SMALL),
        theme::QUIET,
    );
    for other in others {
        let words = [
            words::date(&other.listing.date),
            other.listing.modalities.join(" "),
            other.listing.description.to_reader().to_owned(),
        ]
        .join(text::BETWEEN);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &words));
        let colour = if response.hovered() { theme::TEXT } else { theme::QUIET };
        let galley = text::line(ui, &words, theme::font(theme::BODY), colour, rect.width());
        let at = rect.left_center() - vec2(0.0, galley.size().y / 2.0);
        ui.painter().galley(at, galley, colour);
        if response.clicked() {
            let select = WorklistCommand::Select(other.listing.study.clone());
            scene.commands.push(Command::Worklist(select));
        }
    }
}
