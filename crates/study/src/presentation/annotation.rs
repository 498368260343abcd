//! Graphic annotations as a state holds them (PS3.3 C.10.5), read item by item: one that makes no sense is left out alone.

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::{Annotation, Graphic, Justification, Shape, Spot, Text, TextBox, Units};
use crate::attribute::{exactly, items, numbers, text, texts};
use crate::object::Oddities;
use crate::{Oddity, Reader};

/// Graphics and texts that one state may hold: far more than a reader could look at.
const MOST_OBJECTS: usize = 4_000;
/// Points of all graphics of one state.
const MOST_POINTS: usize = 50_000;
/// Characters of one text.
const MOST_CHARACTERS: usize = 4_000;

/// What one state may still hold.
pub(super) struct Room {
    objects: usize,
    points: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            objects: MOST_OBJECTS,
            points: MOST_POINTS,
        }
    }
}

impl Room {
    /// Takes room for an object of so many points; false when there is none left.
    fn takes(&mut self, points: usize, oddities: &mut Oddities) -> bool {
        match (self.objects.checked_sub(1), self.points.checked_sub(points)) {
            (Some(objects), Some(points)) => {
                (self.objects, self.points) = (objects, points);
                true
            }
            _ => {
                oddities.note(
                    "The presentation state holds more annotations than can be drawn; the last ones were left out.",
                );
                false
            }
        }
    }
}

/// The annotations of one item of the Graphic Annotation Sequence; `None` when nothing of it can be drawn.
pub(super) fn annotation(
    item: &InMemDicomObject,
    (order, shade): (i64, Option<[u8; 3]>),
    room: &mut Room,
    not_shown: &mut Vec<Oddity>,
    oddities: &mut Oddities,
) -> Option<Annotation> {
    let graphics = items(item, tags::GRAPHIC_OBJECT_SEQUENCE)
        .iter()
        .filter_map(|item| graphic(item, room, oddities))
        .collect::<Vec<_>>();
    let texts = items(item, tags::TEXT_OBJECT_SEQUENCE)
        .iter()
        .filter_map(|item| words(item, room, oddities))
        .collect::<Vec<_>>();
    if !items(item, tags::COMPOUND_GRAPHIC_SEQUENCE).is_empty() {
        lacks(
            not_shown,
            "Rulers, arrows and other compound graphics of this state are not shown.",
        );
    }
    (!graphics.is_empty() || !texts.is_empty()).then_some(Annotation {
        order,
        shade,
        graphics,
        texts,
    })
}

/// Notes a sentence once.
pub(super) fn lacks(not_shown: &mut Vec<Oddity>, sentence: &str) {
    let oddity = Oddity(sentence.to_owned());
    if !not_shown.contains(&oddity) {
        not_shown.push(oddity);
    }
}

const LEFT_OUT: &str = "A graphic of the presentation state makes no sense and was left out.";

fn graphic(item: &InMemDicomObject, room: &mut Room, oddities: &mut Oddities) -> Option<Graphic> {
    let Some(units) = units(item, tags::GRAPHIC_ANNOTATION_UNITS, oddities) else {
        oddities.note(LEFT_OUT);
        return None;
    };
    let data = numbers(item, tags::GRAPHIC_DATA);
    let spots: Vec<Spot> = data
        .as_chunks::<2>()
        .0
        .iter()
        .map_while(|[x, y]| spot([*x, *y], units))
        .collect();
    let announced = numbers(item, tags::NUMBER_OF_GRAPHIC_POINTS).first().copied();
    if spots.len() * 2 != data.len() || announced.is_some_and(|n| n != spots.len() as f64) {
        oddities.note("A graphic of the presentation state has not the points that it says.");
    }
    let kind = text(item, tags::GRAPHIC_TYPE);
    let shape = match (kind.as_str(), spots.as_slice()) {
        ("POINT", [at, ..]) => Shape::Point(*at),
        ("POLYLINE", [_, _, ..]) => Shape::Polyline(spots),
        ("INTERPOLATED", [_, _, ..]) => Shape::Interpolated(spots),
        ("CIRCLE", [centre, on, ..]) => Shape::Circle {
            centre: *centre,
            on: *on,
        },
        ("ELLIPSE", [a, b, c, d, ..]) => Shape::Ellipse {
            major: [*a, *b],
            minor: [*c, *d],
        },
        _ => {
            oddities.note(LEFT_OUT);
            return None;
        }
    };
    let points = match &shape {
        Shape::Polyline(spots) | Shape::Interpolated(spots) => spots.len(),
        Shape::Point(_) | Shape::Circle { .. } | Shape::Ellipse { .. } => 1,
    };
    room.takes(points, oddities).then(|| Graphic {
        shape,
        filled: text(item, tags::GRAPHIC_FILLED) == "Y",
    })
}

fn words(item: &InMemDicomObject, room: &mut Room, oddities: &mut Oddities) -> Option<Text> {
    // A backslash belongs to the text: Short Text has one value (PS3.5 6.2).
    let whole = texts(item, tags::UNFORMATTED_TEXT_VALUE).join("\\");
    let whole = whole.replace("\r\n", "\n").replace('\r', "\n");
    let drawn = |c: &char| *c == '\n' || !c.is_control();
    let words: String = whole.trim_end().chars().filter(drawn).take(MOST_CHARACTERS).collect();
    if whole.chars().nth(MOST_CHARACTERS).is_some() {
        oddities.note("A text of the presentation state is too long and was cut.");
    }
    let bounds = bounds(item, oddities);
    let anchor = exactly::<2>(item, tags::ANCHOR_POINT)
        .and_then(|at| spot(at, units(item, tags::ANCHOR_POINT_ANNOTATION_UNITS, oddities)?));
    if words.is_empty() || (bounds.is_none() && anchor.is_none()) {
        oddities.note("A text of the presentation state has no words or no place and was left out.");
        return None;
    }
    room.takes(1, oddities).then(|| Text {
        words: Reader::new(words),
        bounds,
        tied: anchor.is_some() && text(item, tags::ANCHOR_POINT_VISIBILITY) == "Y",
        anchor,
    })
}

fn bounds(item: &InMemDicomObject, oddities: &mut Oddities) -> Option<TextBox> {
    let top_left = exactly::<2>(item, tags::BOUNDING_BOX_TOP_LEFT_HAND_CORNER)?;
    let bottom_right = exactly::<2>(item, tags::BOUNDING_BOX_BOTTOM_RIGHT_HAND_CORNER)?;
    let units = units(item, tags::BOUNDING_BOX_ANNOTATION_UNITS, oddities)?;
    let justification = match text(item, tags::BOUNDING_BOX_TEXT_HORIZONTAL_JUSTIFICATION).as_str() {
        "CENTER" => Justification::Centre,
        "RIGHT" => Justification::Right,
        _ => Justification::Left,
    };
    Some(TextBox {
        top_left: spot(top_left, units)?,
        bottom_right: spot(bottom_right, units)?,
        justification,
    })
}

/// What coordinates count; absent, which some writers leave it, means pixels.
fn units(item: &InMemDicomObject, tag: Tag, oddities: &mut Oddities) -> Option<Units> {
    match text(item, tag).as_str() {
        "PIXEL" => Some(Units::Pixel),
        "DISPLAY" => Some(Units::Display),
        "" => {
            oddities.note("An annotation does not say what its coordinates count; pixels were taken.");
            Some(Units::Pixel)
        }
        _ => None,
    }
}

/// A place that can be drawn: coordinates far from any image are none.
fn spot([x, y]: [f64; 2], units: Units) -> Option<Spot> {
    const FAR: f64 = 1e6;
    (x.abs() <= FAR && y.abs() <= FAR).then_some(Spot { x, y, units })
}
