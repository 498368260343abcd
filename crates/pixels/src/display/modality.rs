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
