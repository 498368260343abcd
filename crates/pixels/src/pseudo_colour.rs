//! Pseudo-colours of grey levels: well-known colour palettes (PS3.6 B.1).

/// A well-known colour palette: shown level, 0 … 255, to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColourMap {
    /// HOT_IRON (PS3.6 B.1.1).
    HotIron,
    /// PET (PS3.6 B.1.2).
    Pet,
    /// HOT_METAL_BLUE (PS3.6 B.1.3).
    HotMetalBlue,
    /// PET_20_STEP (PS3.6 B.1.4).
    Pet20Step,
}

/// A channel as runs of `(levels, step from one level to the next)`, beginning with 0 at level 0.
type Runs = &'static [(u8, i16)];

impl ColourMap {
    /// Every palette, in the order of the menu.
    pub const ALL: [Self; 4] = [Self::HotIron, Self::Pet, Self::HotMetalBlue, Self::Pet20Step];

    /// Its name for the reader.
    pub fn name(self) -> &'static str {
        match self {
            Self::HotIron => "hot iron",
            Self::Pet => "PET",
            Self::HotMetalBlue => "hot metal blue",
            Self::Pet20Step => "PET 20 step",
        }
    }

    /// Red, green and blue of each level.
    pub fn table(self) -> [[u8; 3]; 256] {
        let runs = match self {
            Self::HotIron => HOT_IRON,
            Self::Pet => PET,
            Self::HotMetalBlue => HOT_METAL_BLUE,
            Self::Pet20Step => PET_20_STEP,
        };
        let mut table = [[0; 3]; 256];
        for (channel, runs) in runs.iter().enumerate() {
            let steps = runs.iter().flat_map(|(levels, step)| (0..*levels).map(move |_| *step));
            let mut value = 0i16;
            for (colour, step) in table.iter_mut().skip(1).zip(steps) {
                value += step;
                colour[channel] = value.clamp(0, 255) as u8;
            }
        }
        table
    }
}

const HOT_IRON: [Runs; 3] = [
    &[(127, 2), (1, 1), (127, 0)],
    &[(128, 0), (126, 2), (1, 3)],
    &[(191, 0), (63, 4), (1, 3)],
];
const PET: [Runs; 3] = [
    &[(63, 0), (1, 1), (42, 2), (1, 1), (42, 2), (1, 1), (42, 2), (63, 0)],
    &[
        (31, 2),
        (1, 3),
        (30, 2),
        (1, 3),
        (32, -2),
        (1, -1),
        (31, -2),
        (1, -1),
        (126, 2),
        (1, 3),
    ],
    &[
        (1, 1),
        (127, 2),
        (1, -3),
        (63, -4),
        (20, 4),
        (1, 5),
        (20, 4),
        (1, 5),
        (20, 4),
        (1, 5),
    ],
];
const HOT_METAL_BLUE: [Runs; 3] = [
    &[
        (85, 0),
        (8, 3),
        (1, 2),
        (8, 3),
        (1, 2),
        (1, 3),
        (2, 2),
        (1, 3),
        (2, 2),
        (1, 3),
        (1, 2),
        (1, 3),
        (2, 2),
        (1, 3),
        (2, 2),
        (1, 3),
        (1, 2),
        (8, 3),
        (1, 2),
        (16, 3),
        (1, 2),
        (8, 3),
        (2, 4),
        (1, 3),
        (5, 4),
        (1, 3),
        (5, 4),
        (1, 3),
        (2, 4),
        (85, 0),
    ],
    &[
        (119, 0),
        (4, 2),
        (1, 1),
        (7, 2),
        (1, 1),
        (8, 2),
        (1, 1),
        (7, 2),
        (1, 1),
        (8, 2),
        (1, 1),
        (7, 2),
        (1, 1),
        (8, 2),
        (1, 1),
        (7, 2),
        (1, 1),
        (8, 2),
        (1, 1),
        (7, 2),
        (1, 1),
        (8, 2),
        (1, 1),
        (7, 2),
        (1, 1),
        (8, 2),
        (1, 1),
        (7, 2),
        (1, 1),
        (6, 2),
        (1, 1),
        (5, 2),
        (1, 1),
        (5, 2),
        (1, 1),
        (2, 2),
    ],
    &[
        (8, 2),
        (1, 1),
        (33, 2),
        (1, 1),
        (16, 2),
        (1, 1),
        (33, 2),
        (1, 1),
        (8, 2),
        (8, -3),
        (1, -2),
        (8, -3),
        (4, -6),
        (1, -5),
        (7, -6),
        (1, -5),
        (4, -6),
        (8, -3),
        (1, -2),
        (8, -3),
        (17, 0),
        (8, 3),
        (1, 2),
        (16, 3),
        (1, 2),
        (16, 3),
        (1, 2),
        (16, 3),
        (1, 2),
        (10, 3),
        (1, 4),
        (3, 3),
        (1, 4),
        (3, 3),
        (1, 4),
        (3, 3),
        (1, 4),
        (2, 3),
    ],
];
const PET_20_STEP: [Runs; 3] = [
    &[
        (12, 0),
        (1, 96),
        (12, 0),
        (1, -48),
        (24, 0),
        (1, 32),
        (12, 0),
        (1, 16),
        (12, 0),
        (1, 16),
        (12, 0),
        (1, 16),
        (11, 0),
        (1, -80),
        (25, 0),
        (1, 32),
        (12, 0),
        (1, -16),
        (11, 0),
        (1, 160),
        (12, 0),
        (1, -16),
        (37, 0),
        (1, -16),
        (12, 0),
        (1, -16),
        (12, 0),
        (1, 79),
        (25, 0),
    ],
    &[
        (25, 0),
        (1, 48),
        (24, 0),
        (1, 32),
        (12, 0),
        (1, 16),
        (12, 0),
        (1, 16),
        (12, 0),
        (1, 16),
        (11, 0),
        (1, -32),
        (12, 0),
        (1, 48),
        (12, 0),
        (1, 48),
        (12, 0),
        (1, 32),
        (24, 0),
        (1, -16),
        (12, 0),
        (1, -32),
        (12, 0),
        (1, -32),
        (11, 0),
        (1, -48),
        (12, 0),
        (1, -48),
        (12, 0),
        (1, -48),
        (12, 0),
        (1, 255),
        (12, 0),
    ],
    &[
        (12, 0),
        (1, 80),
        (25, 0),
        (1, 32),
        (11, 0),
        (1, 16),
        (12, 0),
        (1, 48),
        (12, 0),
        (1, 16),
        (12, 0),
        (1, 32),
        (11, 0),
        (1, -176),
        (25, 0),
        (1, 32),
        (12, 0),
        (1, -16),
        (11, 0),
        (1, 16),
        (12, 0),
        (1, 16),
        (12, 0),
        (1, -32),
        (12, 0),
        (1, -64),
        (50, 0),
        (1, 255),
        (12, 0),
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_palettes_are_those_of_the_standard() {
        // Sums over all levels of the tables that PS3.6 B.1 lists.
        for (map, sums) in [
            (ColourMap::HotIron, [48896, 16257, 8319]),
            (ColourMap::Pet, [32577, 24386, 32578]),
            (ColourMap::HotMetalBlue, [31960, 17527, 26095]),
            (ColourMap::Pet20Step, [33014, 29603, 22051]),
        ] {
            let table = map.table();
            let sum = |channel: usize| table.iter().map(|c| u32::from(c[channel])).sum::<u32>();
            assert_eq!([sum(0), sum(1), sum(2)], sums, "{map:?}");
            assert_eq!((table[0], table[255]), ([0; 3], [255; 3]), "{map:?}");
        }
        let iron = ColourMap::HotIron.table();
        assert_eq!(
            (iron[127], iron[128], iron[129]),
            ([254, 0, 0], [255, 0, 0], [255, 2, 0])
        );
        assert_eq!(ColourMap::Pet.table()[128], [128, 0, 255]);
        assert_eq!(ColourMap::Pet20Step.table()[13], [96, 0, 80]);
    }
}
