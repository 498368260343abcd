//! Lengths: which distance between pixels counts, and what the number is worth (PS3.3 10.7.1, C.8.5.5).

use space::ImagePoint;
use study::{Instance, Spacing, UltrasoundRegion};

use crate::figures::{fixed, with_unit};

/// Physical Units code of centimetres (PS3.3 C.8.5.5.1.15).
const CENTIMETRES: u16 = 3;

/// Distances between pixels at a place of an image, and the words that belong to numbers made with them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ruler {
    /// Millimetres between columns; `None` when nothing is known and lengths are in pixels.
    pub(crate) column_mm: Option<f64>,
    /// Millimetres between rows; without `column_mm`, row distance ÷ column distance.
    pub(crate) row: f64,
    /// The number stands for something else than millimetres in the patient: "≈" before it.
    pub(crate) approximate: bool,
    /// What is said after the unit: "at detector", "(fiducial)"; empty when nothing needs saying.
    pub(crate) words: String,
}

impl Ruler {
    fn in_pixels(aspect: f64, words: &str) -> Self {
        Self {
            column_mm: None,
            row: if aspect.is_finite() && aspect > 0.0 {
                aspect
            } else {
                1.0
            },
            approximate: false,
            words: words.to_owned(),
        }
    }

    fn in_mm(row: f64, column: f64, approximate: bool, words: String) -> Self {
        let usable = |mm: f64| mm.is_finite() && mm > 0.0;
        if !(usable(row) && usable(column)) {
            return Self::in_pixels(1.0, "");
        }
        Self {
            column_mm: Some(column),
            row,
            approximate,
            words,
        }
    }

    /// The length of a displacement in columns and rows: millimetres, or pixels where nothing is known.
    pub(crate) fn length(&self, columns: f64, rows: f64) -> f64 {
        (columns * self.column_mm.unwrap_or(1.0)).hypot(rows * self.row)
    }

    /// A number with "≈", unit and words.
    pub(crate) fn say(&self, number: &str) -> String {
        let unit = if self.column_mm.is_some() { "mm" } else { "px" };
        let text = with_unit(number, unit);
        let text = if self.approximate { format!("≈ {text}") } else { text };
        if self.words.is_empty() {
            text
        } else {
            format!("{text} {}", self.words)
        }
    }
}

/// The ruler that counts for a line between two points of a frame.
pub(crate) fn ruler(instance: &Instance, frame: u32, ends: [ImagePoint; 2]) -> Ruler {
    let Some(geometry) = instance.frame_geometry(frame) else {
        return Ruler::in_pixels(1.0, "");
    };
    match &geometry.spacing {
        Spacing::Patient { row, column } => Ruler::in_mm(*row, *column, false, String::new()),
        Spacing::Imager {
            row,
            column,
            magnification,
        } => {
            let words = match magnification {
                Some(factor) => format!("(est. ×{})", fixed(*factor, 2)),
                None => "at detector".to_owned(),
            };
            Ruler::in_mm(*row, *column, true, words)
        }
        Spacing::Calibrated { row, column, how } => {
            let known = matches!(how.as_ref(), "fiducial" | "magnification-corrected");
            Ruler::in_mm(*row, *column, !known, format!("({how})"))
        }
        Spacing::Regions(regions) => in_regions(regions, ends),
        Spacing::Unknown { aspect } => Ruler::in_pixels(*aspect, ""),
    }
}

/// The length of a line with its unit and where its spacing comes from.
pub(crate) fn length_words(instance: &Instance, frame: u32, ends: [ImagePoint; 2]) -> String {
    let ruler = ruler(instance, frame, ends);
    let length = ruler.length(ends[1].column - ends[0].column, ends[1].row - ends[0].row);
    ruler.say(&fixed(length, 1))
}

/// The region of the first point counts; the second must lie in it too.
fn in_regions(regions: &[UltrasoundRegion], ends: [ImagePoint; 2]) -> Ruler {
    let (Some(first), second) = (region_at(regions, ends[0]), ends[1]) else {
        return Ruler::in_pixels(1.0, "(outside calibrated regions)");
    };
    if !holds(first, second) {
        return Ruler::in_pixels(1.0, "(across regions)");
    }
    if first.units != (CENTIMETRES, CENTIMETRES) {
        return Ruler::in_pixels(1.0, "(this region has no lengths)");
    }
    Ruler::in_mm(
        first.delta.1.abs() * 10.0,
        first.delta.0.abs() * 10.0,
        false,
        String::new(),
    )
}

/// The region at a point: of several, the one with the higher priority.
fn region_at(regions: &[UltrasoundRegion], point: ImagePoint) -> Option<&UltrasoundRegion> {
    let mut here = regions.iter().filter(|region| holds(region, point));
    let first = here.next()?;
    Some(if first.high_priority {
        first
    } else {
        here.find(|region| region.high_priority).unwrap_or(first)
    })
}

fn holds(region: &UltrasoundRegion, point: ImagePoint) -> bool {
    let within = |at: f64, from: u32, to: u32| at >= f64::from(from) - 0.5 && at < f64::from(to) + 0.5;
    within(point.column, region.left, region.right) && within(point.row, region.top, region.bottom)
}
