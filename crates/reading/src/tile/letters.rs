//! Patient directions at a tile's edges (PS3.3 C.7.6.1.1.1, C.7.6.2.1.1).

use space::{PatientVector, ViewportFromImage};
use study::FrameGeometry;

use super::EdgeLetters;

/// A direction counts as turned towards an axis from 15° on: sin 15°.
const TURNED: f64 = 0.258_8;

/// The letters of a frame as it lies on the tile; `None` when its orientation is not known.
pub(super) fn letters(geometry: &FrameGeometry, map: &ViewportFromImage) -> Option<EdgeLetters> {
    let along = Along::of(geometry)?;
    // A map of quarter turns sends each screen axis along one image axis.
    let right = along.towards(map.a, map.b)?;
    let bottom = along.towards(map.d, map.e)?;
    Some(EdgeLetters {
        left: opposite(&right),
        top: opposite(&bottom),
        right,
        bottom,
    })
}

/// The letters in which the columns and the rows grow.
struct Along {
    columns: String,
    rows: String,
}

impl Along {
    fn of(geometry: &FrameGeometry) -> Option<Self> {
        if let Some(plane) = &geometry.plane {
            return Some(Self {
                columns: vector_letters(plane.along_row),
                rows: vector_letters(plane.along_column),
            });
        }
        let (columns, rows) = geometry.patient_orientation.as_ref()?;
        let (columns, rows) = (columns.trim(), rows.trim());
        (!columns.is_empty() || !rows.is_empty()).then(|| Self {
            columns: columns.to_owned(),
            rows: rows.to_owned(),
        })
    }

    /// The letters of a screen direction that grows by so much with the columns and with the rows.
    fn towards(&self, by_column: f64, by_row: f64) -> Option<String> {
        let (letters, sign) = if by_column.abs() >= by_row.abs() {
            (&self.columns, by_column)
        } else {
            (&self.rows, by_row)
        };
        if sign > 0.0 {
            Some(letters.clone())
        } else if sign < 0.0 {
            Some(opposite(letters))
        } else {
            None
        }
    }
}

/// The letters of a patient direction, the greatest component first; further ones from 15° on.
pub(super) fn vector_letters(vector: PatientVector) -> String {
    let mut parts = [(vector.x, 'L', 'R'), (vector.y, 'P', 'A'), (vector.z, 'H', 'F')];
    parts.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    parts
        .iter()
        .enumerate()
        .filter(|(place, (size, ..))| *place == 0 || size.abs() > TURNED)
        .map(|(_, (size, towards, away))| if *size >= 0.0 { *towards } else { *away })
        .collect()
}

/// The opposite direction, letter by letter; empty when a letter has no opposite that is known for certain.
fn opposite(letters: &str) -> String {
    let turned: Option<String> = letters
        .chars()
        .map(|letter| match letter {
            'L' => Some('R'),
            'R' => Some('L'),
            'P' => Some('A'),
            'A' => Some('P'),
            'H' => Some('F'),
            'F' => Some('H'),
            // Animals' directions (PS3.3 C.7.6.1.1.1) are shown where they were written, and turned into nothing.
            _ => None,
        })
        .collect();
    turned.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Lie, Sheet};

    #[test]
    fn directions_are_named_as_the_standard_names_them() {
        for (vector, letters) in [
            ((0.9659, 0.2588, 0.0), "L"),
            ((0.9650, 0.2622, 0.0), "LP"),
            ((0.0, 0.0, -1.0), "F"),
            ((0.7074, 0.0, 0.7068), "LH"),
            ((-0.8, 0.6, 0.0), "RP"),
            ((0.02, -0.9997, 0.01), "A"),
        ] {
            assert_eq!(
                vector_letters(PatientVector::new(vector.0, vector.1, vector.2)),
                letters
            );
        }
    }

    fn projection(columns: &str, rows: &str) -> FrameGeometry {
        FrameGeometry {
            plane: None,
            patient_orientation: Some((columns.to_owned(), rows.to_owned())),
            ..crate::fake::geometry()
        }
    }

    fn shown(geometry: &FrameGeometry, lie: &Lie) -> [String; 4] {
        let sheet = Sheet {
            image: (100, 80),
            aspect: 1.0,
            size_px: (300, 200),
        };
        let edges = letters(geometry, &lie.viewport_from_image(sheet)).unwrap();
        [edges.left, edges.right, edges.top, edges.bottom]
    }

    #[test]
    fn letters_travel_with_the_pixels() {
        let axial = crate::fake::geometry();
        let mut lie = Lie::default();
        assert_eq!(shown(&axial, &lie), ["R", "L", "A", "P"]);
        lie.flip_horizontal();
        assert_eq!(shown(&axial, &lie), ["L", "R", "A", "P"]);
        lie.flip_horizontal();
        lie.turn_by(1);
        // Clockwise: what was on top is at the right.
        assert_eq!(shown(&axial, &lie), ["P", "A", "R", "L"]);
        lie.flip_vertical();
        assert_eq!(shown(&axial, &lie), ["P", "A", "L", "R"]);
    }

    #[test]
    fn a_projection_says_what_its_file_says_and_nothing_more() {
        let lie = Lie::default();
        assert_eq!(shown(&projection("L", "F"), &lie), ["R", "L", "H", "F"]);
        assert_eq!(shown(&projection("P", "FL"), &lie), ["A", "P", "HR", "FL"]);
        // An animal's directions have no opposite that this program knows.
        assert_eq!(shown(&projection("CD", "V"), &lie), ["", "CD", "", "V"]);
        let unknown = FrameGeometry {
            plane: None,
            ..crate::fake::geometry()
        };
        let sheet = ViewportFromImage::fit((10, 10), (10, 10), 1.0);
        assert_eq!(letters(&unknown, &sheet), None);
    }
}
