//! The one display table: stored (or modality) value → shown value.

use super::{Modality, Voi};

/// Stored values that mark "no image here" (PS3.3 C.7.5.1.1.2): an inclusive range, ends in any order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Padding {
    /// Pixel Padding Value.
    pub value: f64,
    /// Pixel Padding Range Limit; the value itself when absent.
    pub limit: f64,
}

/// What the table's index counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Domain {
    /// One entry for each stored value, `first` being that of entry 0: integer frames of at most 16 bits.
    Stored {
        /// The stored value of entry 0.
        first: i32,
    },
    /// Entries spread evenly over modality values `low … high`: 32-bit, float and per-slice-rescaled frames.
    ModalityValues {
        /// The modality value of entry 0.
        low: f64,
        /// The modality value of the last entry.
        high: f64,
    },
}

/// Everything that decides how grey values are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameters {
    /// Stored → modality.
    pub modality: Modality,
    /// Modality → values of interest.
    pub voi: Voi,
    /// True for MONOCHROME1, Presentation LUT Shape INVERSE, or the reader's own inversion; two of them cancel.
    pub inverse: bool,
    /// Stored values drawn black whatever the window.
    pub padding: Option<Padding>,
    /// The lowest and highest stored value that the frame's type can hold (from Bits Stored and sign).
    pub stored_range: (i64, i64),
    /// Bits of the target (8 or 10): entries are k·65535/(2ⁿ−1), so that no later rounding can change a level.
    pub target_bits: u8,
}

/// The composed table: at most 65 536 entries, 0 black … 65 535 white.
#[derive(Clone, Debug, PartialEq)]
pub struct DisplayTable {
    /// What an index counts.
    pub domain: Domain,
    /// Shown values.
    pub entries: Vec<u16>,
    /// Padding, tested on the stored value before the table is indexed.
    pub padding: Option<Padding>,
}
