//! How tiles are arranged.

/// Rows and columns of tiles, 1 to 3 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Grid {
    rows: u8,
    columns: u8,
}

impl Grid {
    /// The most rows and the most columns.
    pub const MOST: u8 = 3;

    /// One tile.
    pub const ONE: Self = Self { rows: 1, columns: 1 };

    /// Rows and columns, each held to 1 … 3.
    pub const fn new(rows: u8, columns: u8) -> Self {
        const fn held(n: u8) -> u8 {
            if n < 1 {
                1
            } else if n > Grid::MOST {
                Grid::MOST
            } else {
                n
            }
        }
        Self {
            rows: held(rows),
            columns: held(columns),
        }
    }
    /// How many rows.
    pub const fn rows(self) -> usize {
        self.rows as usize
    }
    /// How many columns.
    pub const fn columns(self) -> usize {
        self.columns as usize
    }
    /// How many tiles.
    pub const fn tiles(self) -> usize {
        self.rows() * self.columns()
    }
}

impl Default for Grid {
    fn default() -> Self {
        Self::ONE
    }
}
