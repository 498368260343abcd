//! The annotations of a presentation state as lines, fills and words in the tile's pixels.

use space::{ViewportFromImage, ViewportPoint};
use study::presentation::{Annotation, Graphic, Justification, OnFrame, PresentationState, Shape, Spot, Text};

use crate::states::Ground;

/// Half the arm of a point's cross, points.
const CROSS: f64 = 4.0;
/// Rows of pixels that fills of one tile take together: more than a tile has rows many times over.
const MOST_SPANS: usize = 100_000;
/// Beyond so many points curves are drawn as straight as their points.
const MANY: usize = 10_000;

/// What a layer of a presentation state draws on a tile.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// The layer's own shade as sRGB; `None` leaves it to the program.
    pub shade: Option<[u8; 3]>,
    /// Lines to be drawn, each through its points, physical pixels.
    pub lines: Vec<Vec<ViewportPoint>>,
    /// Rows of pixels to be filled: from the left end to the right one of each, at the middle of the row.
    pub spans: Vec<[ViewportPoint; 2]>,
    /// Words to be written.
    pub words: Vec<DrawnText>,
}

/// Words at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnText {
    /// Their lines, separated by `\n`.
    pub words: String,
    /// The upper left corner of their box; without a box the point that they stand beside.
    pub at: ViewportPoint,
    /// The size of their box, which they may pass; `None` without a box.
    pub bounds: Option<(f64, f64)>,
    /// Which side of the box they keep to.
    pub justification: Justification,
    /// What a line leads to from them.
    pub tied_to: Option<ViewportPoint>,
}

/// Draws what a state says of an image of so many columns and rows, the lowest layer first.
pub(crate) fn drawings(
    (state, on): (&PresentationState, &OnFrame),
    image: (u32, u32),
    map: &ViewportFromImage,
    (size_px, scale): ((u32, u32), f64),
) -> Vec<Drawing> {
    let ground = Ground::of(state, on, image);
    let points = on.annotations.iter().flat_map(|annotation| &annotation.graphics);
    let points: usize = points.map(|graphic| spots(&graphic.shape)).sum();
    let mut pen = Pen {
        ground,
        map,
        size_px,
        scale,
        smooth: points < MANY,
        spans: MOST_SPANS,
    };
    on.annotations.iter().map(|annotation| pen.draw(annotation)).collect()
}

fn spots(shape: &Shape) -> usize {
    match shape {
        Shape::Polyline(spots) | Shape::Interpolated(spots) => spots.len(),
        Shape::Point(_) | Shape::Circle { .. } | Shape::Ellipse { .. } => 1,
    }
}

struct Pen<'a> {
    ground: Ground,
    map: &'a ViewportFromImage,
    size_px: (u32, u32),
    scale: f64,
    smooth: bool,
    /// Rows of pixels that may still be filled.
    spans: usize,
}

impl Pen<'_> {
    fn at(&self, spot: Spot) -> ViewportPoint {
        self.map.apply(self.ground.image_point(spot))
    }

    fn draw(&mut self, annotation: &Annotation) -> Drawing {
        let mut drawing = Drawing {
            shade: annotation.shade,
            ..Drawing::default()
        };
        for graphic in &annotation.graphics {
            self.graphic(graphic, &mut drawing);
        }
        drawing.words = annotation.texts.iter().filter_map(|text| self.words(text)).collect();
        drawing
    }

    fn graphic(&mut self, graphic: &Graphic, drawing: &mut Drawing) {
        let line = match &graphic.shape {
            Shape::Point(at) => {
                let (at, arm) = (self.at(*at), CROSS * self.scale);
                let by = |x: f64, y: f64| ViewportPoint {
                    x: at.x + x,
                    y: at.y + y,
                };
                drawing.lines.push(vec![by(-arm, 0.0), by(arm, 0.0)]);
                drawing.lines.push(vec![by(0.0, -arm), by(0.0, arm)]);
                return;
            }
            Shape::Polyline(spots) => spots.iter().map(|spot| self.at(*spot)).collect(),
            Shape::Interpolated(spots) => {
                let through: Vec<ViewportPoint> = spots.iter().map(|spot| self.at(*spot)).collect();
                if self.smooth { curve(&through) } else { through }
            }
            Shape::Circle { centre, on } => {
                let (centre, on) = (self.at(*centre), self.at(*on));
                let radius = (on.x - centre.x).hypot(on.y - centre.y);
                ring(centre, (radius, 0.0), (0.0, radius))
            }
            Shape::Ellipse { major, minor } => {
                let [a, b] = major.map(|spot| self.at(spot));
                let [c, d] = minor.map(|spot| self.at(spot));
                let half = |from: ViewportPoint, to: ViewportPoint| ((to.x - from.x) / 2.0, (to.y - from.y) / 2.0);
                let centre = ViewportPoint {
                    x: (a.x + b.x + c.x + d.x) / 4.0,
                    y: (a.y + b.y + c.y + d.y) / 4.0,
                };
                ring(centre, half(a, b), half(c, d))
            }
        };
        let closed = line.len() > 3 && line.first() == line.last();
        if graphic.filled && closed {
            let spans = filled(&line, self.size_px, self.spans);
            self.spans -= spans.len();
            drawing.spans.extend(spans);
        }
        drawing.lines.push(line);
    }

    fn words(&self, text: &Text) -> Option<DrawnText> {
        let anchor = text.anchor.map(|spot| self.at(spot));
        let bounds = text.bounds.map(|bounds| {
            // Words stay upright, whatever the turn: the box is the one that its corners span on the tile.
            let (a, b) = (self.at(bounds.top_left), self.at(bounds.bottom_right));
            let corner = ViewportPoint {
                x: a.x.min(b.x),
                y: a.y.min(b.y),
            };
            (corner, ((a.x - b.x).abs(), (a.y - b.y).abs()), bounds.justification)
        });
        Some(DrawnText {
            words: text.words.to_reader().to_owned(),
            at: bounds.map(|(corner, ..)| corner).or(anchor)?,
            bounds: bounds.map(|(_, size, _)| size),
            justification: bounds.map(|(.., side)| side).unwrap_or_default(),
            tied_to: anchor.filter(|_| text.tied && bounds.is_some()),
        })
    }
}

/// A closed ring around a point by two half axes.
fn ring(centre: ViewportPoint, a: (f64, f64), b: (f64, f64)) -> Vec<ViewportPoint> {
    let radius = a.0.hypot(a.1).max(b.0.hypot(b.1));
    // So many corners that none of them is seen.
    let corners = (radius.sqrt() * 6.0).clamp(16.0, 360.0) as u32;
    (0..=corners)
        .map(|corner| {
            let angle = f64::from(corner % corners) / f64::from(corners) * std::f64::consts::TAU;
            let (sin, cos) = angle.sin_cos();
            ViewportPoint {
                x: centre.x + cos * a.0 + sin * b.0,
                y: centre.y + cos * a.1 + sin * b.1,
            }
        })
        .collect()
}

/// A smooth curve through points: each part is a cubic whose directions come from the neighbours (Catmull and Rom).
fn curve(through: &[ViewportPoint]) -> Vec<ViewportPoint> {
    let count = through.len();
    let closed = count > 3 && through.first() == through.last();
    let at = |index: isize| {
        let last = count as isize - 1;
        let index = if closed {
            index.rem_euclid(last)
        } else {
            index.clamp(0, last)
        };
        through.get(index as usize).copied()
    };
    let mut line: Vec<ViewportPoint> = through.first().copied().into_iter().collect();
    for part in 0..count.saturating_sub(1) as isize {
        let (Some(before), Some(from), Some(to), Some(after)) = (at(part - 1), at(part), at(part + 1), at(part + 2))
        else {
            continue;
        };
        let length = (to.x - from.x).hypot(to.y - from.y);
        let steps = (length / 3.0).clamp(1.0, 24.0) as u32;
        line.extend((1..steps).map(|step| {
            let t = f64::from(step) / f64::from(steps);
            let blend = |p: f64, a: f64, b: f64, n: f64| {
                0.5 * (2.0 * a
                    + (b - p) * t
                    + (2.0 * p - 5.0 * a + 4.0 * b - n) * t * t
                    + (3.0 * a - p - 3.0 * b + n) * t * t * t)
            };
            ViewportPoint {
                x: blend(before.x, from.x, to.x, after.x),
                y: blend(before.y, from.y, to.y, after.y),
            }
        }));
        line.push(to);
    }
    line
}

/// The rows of pixels within a closed line, by the even-odd rule, as far as they lie on the tile; at most so many.
fn filled(line: &[ViewportPoint], size_px: (u32, u32), most: usize) -> Vec<[ViewportPoint; 2]> {
    let heights = || line.iter().map(|point| point.y);
    let top = heights().fold(f64::INFINITY, f64::min).max(0.0).floor();
    let bottom = heights()
        .fold(f64::NEG_INFINITY, f64::max)
        .min(f64::from(size_px.1))
        .ceil();
    let mut spans = Vec::new();
    if !(top.is_finite() && bottom.is_finite() && bottom > top) {
        return spans;
    }
    for row in top as u32..bottom as u32 {
        let y = f64::from(row) + 0.5;
        let mut crossings: Vec<f64> = line
            .array_windows::<2>()
            .filter(|[a, b]| (a.y <= y) != (b.y <= y))
            .map(|[a, b]| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
            .collect();
        crossings.sort_by(f64::total_cmp);
        for [left, right] in crossings.as_chunks::<2>().0 {
            if spans.len() >= most {
                return spans;
            }
            let (left, right) = (left.max(0.0), right.min(f64::from(size_px.0)));
            if right > left {
                spans.push([left, right].map(|x| ViewportPoint { x, y }));
            }
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use study::presentation::Units;

    use super::*;

    fn spot(x: f64, y: f64) -> Spot {
        Spot {
            x,
            y,
            units: Units::Pixel,
        }
    }

    /// An image of 100 × 80, ten screen pixels for each of its own.
    fn drawn(shape: Shape, filled: bool) -> Drawing {
        let annotation = Annotation {
            order: 1,
            shade: None,
            graphics: vec![Graphic { shape, filled }],
            texts: Vec::new(),
        };
        let state = crate::fake::state("TEST", vec![annotation]);
        let on = OnFrame {
            annotations: vec![std::sync::Arc::clone(&state.annotations[0].what)],
            ..OnFrame::default()
        };
        let map = ViewportFromImage::fit((100, 80), (1000, 800), 1.0);
        drawings((&state, &on), (100, 80), &map, ((1000, 800), 1.0)).remove(0)
    }

    fn near(a: ViewportPoint, b: (f64, f64)) -> bool {
        (a.x - b.0).abs() < 1e-6 && (a.y - b.1).abs() < 1e-6
    }

    #[test]
    fn pixels_count_from_the_corner_of_the_first_one() {
        let line = drawn(Shape::Polyline(vec![spot(0.0, 0.0), spot(100.0, 80.0)]), false);
        let [first, last] = [line.lines[0][0], line.lines[0][1]];
        assert!(near(first, (0.0, 0.0)) && near(last, (1000.0, 800.0)));
        let point = drawn(Shape::Point(spot(1.0, 2.0)), false);
        assert!(near(point.lines[0][0], (6.0, 20.0)) && near(point.lines[1][1], (10.0, 24.0)));
    }

    #[test]
    fn circles_and_ellipses_go_through_the_points_that_make_them() {
        let shape = Shape::Circle {
            centre: spot(50.0, 40.0),
            on: spot(50.0, 50.0),
        };
        let circle = drawn(shape, true);
        let radius = |p: &ViewportPoint| (p.x - 500.0).hypot(p.y - 400.0);
        assert!(circle.lines[0].iter().all(|p| (radius(p) - 100.0).abs() < 1e-6));
        let area: f64 = circle.spans.iter().map(|[a, b]| b.x - a.x).sum();
        assert!((area / (std::f64::consts::PI * 1e4) - 1.0).abs() < 0.01, "{area}");
        let shape = Shape::Ellipse {
            major: [spot(20.0, 40.0), spot(80.0, 40.0)],
            minor: [spot(50.0, 30.0), spot(50.0, 50.0)],
        };
        let ellipse = drawn(shape, false);
        let on = |p: &ViewportPoint| ((p.x - 500.0) / 300.0).powi(2) + ((p.y - 400.0) / 100.0).powi(2);
        assert!(ellipse.lines[0].iter().all(|p| (on(p) - 1.0).abs() < 1e-9));
        assert!(ellipse.spans.is_empty());
    }

    #[test]
    fn a_curve_goes_through_its_points_and_is_smooth_between() {
        let spots = vec![spot(10.0, 40.0), spot(30.0, 10.0), spot(50.0, 40.0), spot(70.0, 70.0)];
        let curve = drawn(Shape::Interpolated(spots.clone()), false);
        let line = &curve.lines[0];
        for spot in &spots {
            assert!(line.iter().any(|p| near(*p, (spot.x * 10.0, spot.y * 10.0))));
        }
        assert!(line.len() > 40);
        // No corner: neighbouring parts differ little in direction.
        for [a, b, c] in line.array_windows::<3>() {
            let (u, v) = ((b.x - a.x, b.y - a.y), (c.x - b.x, c.y - b.y));
            let cos = (u.0 * v.0 + u.1 * v.1) / (u.0.hypot(u.1) * v.0.hypot(v.1));
            assert!(cos > 0.8, "{cos}");
        }
    }

    #[test]
    fn only_closed_lines_are_filled_and_only_on_the_tile() {
        let square = [(10.0, 10.0), (20.0, 10.0), (20.0, 20.0), (10.0, 20.0), (10.0, 10.0)];
        let square: Vec<Spot> = square.iter().map(|(x, y)| spot(*x, *y)).collect();
        let open = square[..4].to_vec();
        assert!(drawn(Shape::Polyline(open), true).spans.is_empty());
        let filled = drawn(Shape::Polyline(square), true);
        assert_eq!(filled.spans.len(), 100);
        assert!(
            filled
                .spans
                .iter()
                .all(|[a, b]| near(*a, (100.0, a.y)) && near(*b, (200.0, b.y)))
        );
        let shape = Shape::Circle {
            centre: spot(0.0, 0.0),
            on: spot(1e6, 1e6),
        };
        let huge = drawn(shape, true);
        assert!(huge.spans.len() <= 800 && huge.spans.iter().all(|[a, b]| a.x >= 0.0 && b.x <= 1000.0));
    }

    #[test]
    fn words_stand_in_their_box_or_beside_their_anchor() {
        let text = |bounds, anchor| Text {
            words: study::Reader::new("here"),
            bounds,
            anchor,
            tied: true,
        };
        let bounds = study::presentation::TextBox {
            top_left: spot(30.0, 20.0),
            bottom_right: spot(10.0, 40.0),
            justification: Justification::Centre,
        };
        let annotation = Annotation {
            order: 1,
            shade: None,
            graphics: Vec::new(),
            texts: vec![
                text(Some(bounds), Some(spot(50.0, 50.0))),
                text(None, Some(spot(5.0, 5.0))),
            ],
        };
        let state = crate::fake::state("TEST", vec![annotation]);
        let on = OnFrame {
            annotations: vec![std::sync::Arc::clone(&state.annotations[0].what)],
            ..OnFrame::default()
        };
        let map = ViewportFromImage::fit((100, 80), (1000, 800), 1.0);
        let words = drawings((&state, &on), (100, 80), &map, ((1000, 800), 1.0))
            .remove(0)
            .words;
        assert!(near(words[0].at, (100.0, 200.0)));
        let (wide, high) = words[0].bounds.unwrap();
        assert!((wide - 200.0).abs() < 1e-6 && (high - 200.0).abs() < 1e-6);
        assert!(words[0].tied_to.is_some_and(|at| near(at, (500.0, 500.0))));
        assert!(near(words[1].at, (50.0, 50.0)));
        assert_eq!((words[1].bounds, words[1].tied_to), (None, None));
    }
}
