//! The one display table: stored (or modality) value → shown value.

use std::sync::Arc;

use super::{DisplayError, LookupTable, Modality, Voi, calibration, presentation};

/// Stored values that mark "no image here" (PS3.3 C.7.5.1.1.2): an inclusive range, ends in any order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Padding {
    /// Pixel Padding Value.
    pub value: f64,
    /// Pixel Padding Range Limit; the value itself when absent.
    pub limit: f64,
}

impl Padding {
    /// Whether a stored value is padding.
    pub fn holds(&self, stored: f64) -> bool {
        stored >= self.value.min(self.limit) && stored <= self.value.max(self.limit)
    }
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
    /// Presentation LUT Sequence: what values of interest become before they are P-values (PS3.3 C.11.6).
    pub presentation_lut: Option<Arc<LookupTable>>,
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

/// The most entries that a table has.
pub const MOST_ENTRIES: usize = 65_536;

impl Parameters {
    /// The shown value of a modality value: VOI, presentation, display, in f64 and rounded once.
    fn shown(&self, modality_value: f64) -> u16 {
        let part = self.voi.part(modality_value);
        let part = match &self.presentation_lut {
            Some(table) => presentation::through(table, part),
            None => part,
        };
        calibration::entry(
            presentation::p_level(part, self.inverse, self.target_bits),
            self.target_bits,
        )
    }

    /// Whether every stored value can have an entry of its own: integers of at most 16 bits.
    pub fn fits_stored_domain(&self) -> bool {
        let (low, high) = self.stored_range;
        low <= high && high.checked_sub(low).is_some_and(|span| span < MOST_ENTRIES as i64)
    }
}

impl DisplayTable {
    /// Composes the table: over stored values where they fit (at most 16 bits), else over the modality values of the window.
    ///
    /// # Errors
    /// A window or table that cannot be applied.
    pub fn build(parameters: &Parameters) -> Result<Self, DisplayError> {
        parameters.voi.check()?;
        let (low, high) = parameters.stored_range;
        let (true, Ok(first)) = (parameters.fits_stored_domain(), i32::try_from(low)) else {
            let (low, high) = parameters.voi.span();
            return Self::build_modality(parameters, low, high);
        };
        let entries = (low..=high)
            .map(|s| parameters.shown(parameters.modality.value(s as f64)))
            .collect();
        Ok(Self {
            domain: Domain::Stored { first },
            entries,
            padding: parameters.padding,
        })
    }

    /// Composes the table over modality values `low … high`, evenly spread; beyond them the ends hold.
    ///
    /// # Errors
    /// A window or table that cannot be applied, or a span without extent.
    pub fn build_modality(parameters: &Parameters, low: f64, high: f64) -> Result<Self, DisplayError> {
        parameters.voi.check()?;
        let step = (high - low) / (MOST_ENTRIES - 1) as f64;
        if !(step.is_finite() && step > 0.0) {
            return Err(DisplayError::Span { low, high });
        }
        let entries = (0..MOST_ENTRIES)
            .map(|i| parameters.shown(low + i as f64 * step))
            .collect();
        Ok(Self {
            domain: Domain::ModalityValues { low, high },
            entries,
            padding: parameters.padding,
        })
    }

    /// Where a value lies in the table, with its fraction: the stored value in the stored domain, the modality value in the other.
    pub fn index(&self, value: f64) -> f64 {
        let last = self.entries.len().saturating_sub(1) as f64;
        let index = match self.domain {
            Domain::Stored { first } => value - f64::from(first),
            Domain::ModalityValues { low, high } => (value - low) / (high - low) * last,
        };
        index.clamp(0.0, last)
    }

    /// The shown value, 0 … 65 535, of a value of the table's domain; a fraction blends the two neighbouring entries linearly.
    pub fn shown(&self, value: f64) -> f64 {
        let index = self.index(value);
        let below = index.floor();
        let at = |i: f64| self.entries.get(i as usize).copied().map_or(0.0, f64::from);
        let fraction = index - below;
        if fraction == 0.0 {
            at(below)
        } else {
            at(below) * (1.0 - fraction) + at(below + 1.0) * fraction
        }
    }
}
