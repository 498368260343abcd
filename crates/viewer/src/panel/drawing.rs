//! What a presentation state draws over an image: lines and words with a halo, fills that the image shines through.

use egui::{Color32, Mesh, Painter, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};
use reading::tile::{Drawing, DrawnText, Tile};
use space::ViewportPoint;
use study::presentation::Justification;

use crate::{text, theme};

/// How much of a fill covers the image: it must be told from an outline (PS3.3 C.10.5), and what lies beneath stays seen.
const FILL: f32 = 0.35;
/// Between an anchor and the words beside it, points.
const GAP: f32 = 8.0;
/// The narrowest box in which words are broken into lines, points.
const NARROWEST: f32 = 80.0;
/// Lines of one text that are written: more than a screen has.
const MOST_LINES: usize = 200;

/// Draws the layers of the tile's presentation state, the lowest first.
pub(super) fn show(ui: &Ui, rect: Rect, tile: &Tile) {
    if tile.drawings.is_empty() {
        return;
    }
    let scale = ui.pixels_per_point();
    let painter = ui.painter().with_clip_rect(rect);
    let on_screen = |point: &ViewportPoint| rect.min + vec2(point.x as f32, point.y as f32) / scale;
    for drawing in &tile.drawings {
        let colour = colour(drawing);
        fill(&painter, drawing, colour, 0.5 / scale, on_screen);
        let lines: Vec<Vec<Pos2>> = drawing
            .lines
            .iter()
            .map(|line| line.iter().map(on_screen).collect())
            .collect();
        for line in &lines {
            painter.add(Shape::line(line.clone(), Stroke::new(3.5, theme::HALO)));
        }
        for line in lines {
            painter.add(Shape::line(line, Stroke::new(1.5, colour)));
        }
        for words in &drawing.words {
            write(ui, &painter, words, colour, scale, on_screen);
        }
    }
}

/// The layer's own shade where it can be seen on the halo, else the program's.
fn colour(drawing: &Drawing) -> Color32 {
    let bright = |shade: &[u8; 3]| shade.iter().any(|part| *part >= 0x60);
    match drawing.shade.filter(bright) {
        Some(shade) => theme::of_state(shade),
        None => theme::STATE,
    }
}

fn fill(
    painter: &Painter,
    drawing: &Drawing,
    colour: Color32,
    half_row: f32,
    on_screen: impl Fn(&ViewportPoint) -> Pos2,
) {
    if drawing.spans.is_empty() {
        return;
    }
    let mut mesh = Mesh::default();
    for [left, right] in &drawing.spans {
        let (left, right) = (on_screen(left), on_screen(right));
        let row = Rect::from_min_max(pos2(left.x, left.y - half_row), pos2(right.x, right.y + half_row));
        mesh.add_colored_rect(row, colour.gamma_multiply(FILL));
    }
    painter.add(Shape::mesh(mesh));
}

fn write(
    ui: &Ui,
    painter: &Painter,
    words: &DrawnText,
    colour: Color32,
    scale: f32,
    on_screen: impl Fn(&ViewportPoint) -> Pos2,
) {
    let at = on_screen(&words.at);
    let bounds = words
        .bounds
        .map(|(width, height)| Rect::from_min_size(at, vec2(width as f32, height as f32) / scale));
    let width = bounds.map_or(320.0, |bounds| bounds.width().max(NARROWEST));
    let lines: Vec<_> = words
        .words
        .split('\n')
        .take(MOST_LINES)
        .map(|line| text::lines(ui, line, theme::strong(theme::BODY), colour, width))
        .collect();
    let height: f32 = lines.iter().map(|line| line.size().y).sum();
    let mut y = bounds.map_or(at.y - height / 2.0, |bounds| bounds.top());
    let mut covered = Rect::NOTHING;
    for line in lines {
        let size = line.size();
        let x = match bounds {
            None => at.x + GAP,
            Some(bounds) => {
                let free = bounds.width() - size.x;
                bounds.left()
                    + match words.justification {
                        Justification::Left => 0.0,
                        Justification::Centre => free / 2.0,
                        Justification::Right => free,
                    }
            }
        };
        covered = covered.union(text::on_image(painter, line, pos2(x, y), colour));
        y += size.y;
    }
    if let Some(to) = &words.tied_to {
        let to = on_screen(to);
        let from = covered.clamp(to);
        for (width, colour) in [(3.5, theme::HALO), (1.5, colour)] {
            painter.line_segment([from, to], Stroke::new(width, colour));
        }
    }
}
