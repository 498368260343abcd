//! Stored values to modality values (PS3.3 C.11.1, C.7.6.16.2.9b).

/// A look-up table as DICOM stores it: inputs below `first` take the first entry, above the end the last one.
#[derive(Clone, Debug, PartialEq)]
pub struct LookupTable {
    /// The input that the first entry belongs to.
    pub first: i64,
    /// Bits of an entry (8 to 16): entries range over 0 … 2ⁿ − 1.
    pub bits: u8,
    /// The entries; never empty.
    pub entries: Vec<u16>,
}

impl LookupTable {
    /// The entry of an input, rounded to the nearest integer first (PS3.3 C.11.1.1.1, C.11.2.1.1); 0 for a table without entries.
    pub fn entry(&self, input: f64) -> u16 {
        let Some(last) = self.entries.len().checked_sub(1) else {
            return 0;
        };
        let index = (input.round_ties_even() - self.first as f64).clamp(0.0, last as f64);
        self.entries.get(index as usize).copied().unwrap_or(0)
    }

    /// The greatest value that an entry of `bits` can have.
    pub fn greatest(&self) -> u16 {
        u16::MAX >> (16 - self.bits.clamp(1, 16))
    }
}

/// What turns a stored value into a modality value (HU, optical density, counts, …).
#[derive(Clone, Debug, PartialEq)]
pub enum Modality {
    /// The stored value is the modality value.
    Identity,
    /// `slope × stored + intercept` (PS3.3 C.11.1.1.2).
    Rescale {
        /// Rescale Slope.
        slope: f64,
        /// Rescale Intercept, in the output's unit.
        intercept: f64,
    },
    /// A Modality LUT Sequence's table.
    Table(LookupTable),
}

impl Modality {
    /// The modality value of a stored value.
    pub fn value(&self, stored: f64) -> f64 {
        match self {
            Modality::Identity => stored,
            Modality::Rescale { slope, intercept } => stored * slope + intercept,
            Modality::Table(table) => f64::from(table.entry(stored)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_outside_a_table_take_its_ends() {
        let table = LookupTable {
            first: -2,
            bits: 12,
            entries: vec![7, 8, 9],
        };
        assert_eq!([-9.0, -2.0, -1.0, 0.0, 1.0].map(|x| table.entry(x)), [7, 7, 8, 9, 9]);
        assert_eq!(table.greatest(), 4095);
    }

    #[test]
    fn rescale_is_slope_times_stored_plus_intercept() {
        let hounsfield = Modality::Rescale {
            slope: 1.0,
            intercept: -1024.0,
        };
        assert_eq!(hounsfield.value(1064.0), 40.0);
    }
}
