//! Words, letters, marks, scale bar and scroll track on a tile. Text keeps a halo, never a box over pixels.

use egui::{Align2, Color32, Pos2, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};
use reading::studies::Arrival;
use reading::tile::{Line, Role, Tile, Track};
use reading::{Command, Step, ViewCommand};
use space::ViewportPoint;

use crate::{text, theme};

/// From a tile's edge to its words, points.
const MARGIN: f32 = 10.0;
/// Width of the scroll track, points.
const TRACK: f32 = 10.0;

/// Where words stand on a tile: clear of its edges and of the scroll track.
pub(super) fn inner(rect: Rect, tile: &Tile) -> Rect {
    let right = if tile.track.is_some() {
        MARGIN + TRACK + 2.0
    } else {
        MARGIN
    };
    Rect::from_min_max(
        rect.min + vec2(MARGIN, MARGIN - 2.0),
        rect.max - vec2(right, MARGIN - 2.0),
    )
}

/// The words in the four corners; descriptive ones step back while a tool is dragged. The lower right ones end at `badges`, the
/// badges' upper edge. Returns the upper edge of what stands in that corner.
pub(super) fn corners(ui: &Ui, rect: Rect, tile: &Tile, badges: f32, dragging: bool) -> f32 {
    let inner = inner(rect, tile);
    let width = inner.width() * 0.62;
    let painter = ui.painter().with_clip_rect(rect);
    let draw = |lines: &[Line], from: Align2, bottom: f32| {
        let mut y = if from.y() == egui::Align::Min {
            inner.top()
        } else {
            bottom
        };
        for line in lines {
            if line.text.is_empty() {
                continue;
            }
            let (font, colour) = face(line.role, dragging);
            let galley = text::line(ui, &line.text, font, colour, width);
            let size = galley.size();
            let x = if from.x() == egui::Align::Min {
                inner.left()
            } else {
                inner.right() - size.x
            };
            let at = if from.y() == egui::Align::Min {
                pos2(x, y)
            } else {
                pos2(x, y - size.y)
            };
            text::on_image(&painter, galley, at, colour);
            y += if from.y() == egui::Align::Min {
                size.y + 2.0
            } else {
                -size.y - 2.0
            };
        }
        y
    };
    draw(&tile.corners.top_left, Align2::LEFT_TOP, inner.bottom());
    draw(&tile.corners.top_right, Align2::RIGHT_TOP, inner.bottom());
    draw(&tile.corners.bottom_left, Align2::LEFT_BOTTOM, inner.bottom());
    draw(&tile.corners.bottom_right, Align2::RIGHT_BOTTOM, badges)
}

fn face(role: Role, dragging: bool) -> (egui::FontId, Color32) {
    let ordinary = theme::font(theme::BODY);
    match role {
        Role::Identity => (theme::strong(theme::BODY), theme::TEXT),
        Role::Description | Role::Position if dragging => (ordinary, theme::FAINT),
        Role::Description | Role::Position | Role::Value => (ordinary, theme::TEXT),
        Role::Number | Role::Window => (ordinary, theme::TEXT),
        Role::Attention => (theme::strong(theme::BODY), theme::ATTENTION),
    }
}

/// The patient's directions at the four edges.
pub(super) fn letters(ui: &Ui, rect: Rect, tile: &Tile) {
    let Some(letters) = &tile.letters else { return };
    let right = if tile.track.is_some() { TRACK + 4.0 } else { 0.0 };
    let inner = Rect::from_min_max(rect.min + vec2(MARGIN, MARGIN), rect.max - vec2(MARGIN + right, MARGIN));
    let middle = rect.center();
    let edges = [
        (&letters.left, pos2(inner.left(), middle.y), Align2::LEFT_CENTER),
        (&letters.right, pos2(inner.right(), middle.y), Align2::RIGHT_CENTER),
        (&letters.top, pos2(middle.x, inner.top()), Align2::CENTER_TOP),
        (&letters.bottom, pos2(middle.x, inner.bottom()), Align2::CENTER_BOTTOM),
    ];
    let painter = ui.painter().with_clip_rect(rect);
    for (word, at, align) in edges {
        let Some(first) = word.chars().next() else { continue };
        let rest: String = word.chars().skip(1).collect();
        let large = text::line(ui, &first.to_string(), theme::strong(theme::TITLE), theme::TEXT, 40.0);
        let small = text::line(ui, &rest, theme::strong(theme::SMALL), theme::TEXT, 40.0);
        let size = vec2(large.size().x + small.size().x, large.size().y);
        let corner = align.anchor_size(at, size).min;
        let beside = corner + vec2(large.size().x, size.y - small.size().y - 1.0);
        text::on_image(&painter, large, corner, theme::TEXT);
        text::on_image(&painter, small, beside, theme::TEXT);
    }
}

/// A known distance above `above`, the upper edge of the words in that corner.
pub(super) fn scale_bar(ui: &Ui, rect: Rect, tile: &Tile, above: f32) {
    let Some(bar) = &tile.scale_bar else { return };
    let length = (bar.length_px / f64::from(ui.pixels_per_point())) as f32;
    let right = inner(rect, tile).right();
    let y = above - 4.0;
    let painter = ui.painter().with_clip_rect(rect);
    let (from, to) = (pos2(right - length, y), pos2(right, y));
    let lines = [[from, to], [from - vec2(0.0, 4.0), from], [to - vec2(0.0, 4.0), to]];
    haloed(&painter, &lines, theme::TEXT);
    let galley = text::line(ui, &bar.label, theme::font(theme::SMALL), theme::TEXT, 200.0);
    let at = pos2(right - galley.size().x, y - 6.0 - galley.size().y);
    text::on_image(&painter, galley, at, theme::TEXT);
}

pub(super) fn haloed(painter: &egui::Painter, lines: &[[Pos2; 2]], colour: Color32) {
    for line in lines {
        painter.line_segment(*line, Stroke::new(3.5, theme::HALO));
    }
    for line in lines {
        painter.line_segment(*line, Stroke::new(1.5, colour));
    }
}

/// The marks of the image.
pub(super) fn marks(ui: &Ui, rect: Rect, tile: &Tile) {
    let scale = ui.pixels_per_point();
    let painter = ui.painter().with_clip_rect(rect);
    let on_screen = |point: &ViewportPoint| rect.min + vec2(point.x as f32, point.y as f32) / scale;
    for mark in &tile.marks {
        let colour = if mark.selected {
            theme::MARK_SELECTED
        } else {
            theme::MARK
        };
        let lines: Vec<[Pos2; 2]> = mark.lines.iter().map(|[a, b]| [on_screen(a), on_screen(b)]).collect();
        haloed(&painter, &lines, colour);
        for handle in &mark.handles {
            let at = on_screen(handle);
            if mark.selected {
                painter.circle(at, 4.0, Color32::TRANSPARENT, Stroke::new(3.0, theme::HALO));
                painter.circle(at, 4.0, Color32::TRANSPARENT, Stroke::new(1.5, colour));
            } else {
                painter.circle_filled(at, 2.5, theme::HALO);
                painter.circle_filled(at, 1.5, colour);
            }
        }
        let galley = text::line(ui, &mark.label, theme::strong(theme::BODY), colour, 320.0);
        let at = on_screen(&mark.label_at) - vec2(0.0, galley.size().y / 2.0);
        // Words stay within the tile, whatever their mark does.
        let free = (rect.shrink(4.0).size() - galley.size()).max(egui::Vec2::ZERO);
        let at = at.clamp(rect.min + vec2(4.0, 4.0), rect.min + vec2(4.0, 4.0) + free);
        text::on_image(&painter, galley, at, colour);
    }
}

/// The scroll track: what has arrived, what was seen, where we are. Returns what it covers.
pub(super) fn track(ui: &Ui, rect: Rect, viewport: usize, track: &Track, commands: &mut Vec<Command>) -> Option<Rect> {
    let count = track.arrivals.len();
    let whole = Rect::from_min_max(
        pos2(rect.right() - TRACK - 4.0, rect.top() + 8.0),
        pos2(rect.right() - 2.0, rect.bottom() - 8.0),
    );
    if count < 2 || whole.height() < 24.0 {
        return None;
    }
    let response = ui.interact(
        whole,
        egui::Id::unique(("scroll track", viewport)),
        Sense::click_and_drag(),
    );
    let name = format!("Scroll viewport {}", viewport + 1);
    let shown = track.shown.unwrap_or(track.wanted);
    response.widget_info(|| egui::WidgetInfo::slider(true, (shown + 1) as f64, &name));
    let middle = whole.center().x;
    let height = whole.height() / count as f32;
    let y = |index: usize| whole.top() + index as f32 * height;
    // Neighbours of the same kind are one bar: a long series is drawn with few shapes.
    let mut bars = Vec::new();
    let mut first = 0;
    for index in 1..=count {
        let kind = track.arrivals.get(first).copied().unwrap_or_default();
        if track.arrivals.get(index).copied() == Some(kind) {
            continue;
        }
        let colour = match kind {
            Arrival::Awaited => theme::RAISED,
            Arrival::Here => theme::FAINT,
            Arrival::Seen => theme::QUIET,
            Arrival::Refused => theme::WRONG,
        };
        let bar = Rect::from_x_y_ranges(middle - 1.5..=middle + 1.5, y(first)..=y(index));
        bars.push(Shape::rect_filled(bar, 0.0, colour));
        first = index;
    }
    let painter = ui.painter().with_clip_rect(rect);
    painter.extend(bars);
    let place = |index: usize| y(index) + height / 2.0;
    if track.wanted != shown {
        painter.hline(
            middle - 4.0..=middle + 4.0,
            place(track.wanted),
            Stroke::new(2.0, theme::ATTENTION),
        );
    }
    let knob = Rect::from_center_size(pos2(middle, place(shown)), vec2(9.0, height.clamp(4.0, 14.0)));
    painter.rect_filled(knob.expand(1.0), 2.0, theme::HALO);
    painter.rect_filled(knob, 2.0, theme::TEXT);
    if let Some(at) = response
        .interact_pointer_pos()
        .filter(|_| response.is_pointer_button_down_on() || response.dragged())
    {
        let part = ((at.y - whole.top()) / whole.height()).clamp(0.0, 1.0);
        let to = ((part * count as f32) as usize).min(count - 1);
        if to != track.wanted {
            let step = Step::To(to);
            commands.push(Command::View(ViewCommand::ScrollTile { viewport, step }));
        }
    }
    Some(whole)
}
