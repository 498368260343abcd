//! One frame of stored values, nothing applied.

/// The stored values of a frame, row by row; colour is interleaved (R, G, B of one pixel side by side).
#[derive(Clone, Debug, PartialEq)]
pub enum Samples {
    /// Unsigned, up to 8 bits; also 1-bit data as 0 and 1.
    U8(Vec<u8>),
    /// Signed, up to 8 bits.
    I8(Vec<i8>),
    /// Unsigned, 9 to 16 bits.
    U16(Vec<u16>),
    /// Signed, 9 to 16 bits.
    I16(Vec<i16>),
    /// Unsigned, 17 to 32 bits.
    U32(Vec<u32>),
    /// Signed, 17 to 32 bits.
    I32(Vec<i32>),
    /// Float Pixel Data.
    F32(Vec<f32>),
    /// Double Float Pixel Data.
    F64(Vec<f64>),
}

/// A decoded frame: typed samples with codec, packing and bit position undone, and nothing else applied.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredFrame {
    /// Pixels in a row.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
    /// Samples in a pixel: 1 (grey or palette index) or 3 (colour).
    pub channels: u8,
    /// `rows × columns × channels` values.
    pub samples: Samples,
}

impl Samples {
    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            Samples::U8(v) => v.len(),
            Samples::I8(v) => v.len(),
            Samples::U16(v) => v.len(),
            Samples::I16(v) => v.len(),
            Samples::U32(v) => v.len(),
            Samples::I32(v) => v.len(),
            Samples::F32(v) => v.len(),
            Samples::F64(v) => v.len(),
        }
    }
    /// True when there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The value at an index, exact in f64; `None` outside.
    pub fn get(&self, index: usize) -> Option<f64> {
        match self {
            Samples::U8(v) => v.get(index).map(|&x| f64::from(x)),
            Samples::I8(v) => v.get(index).map(|&x| f64::from(x)),
            Samples::U16(v) => v.get(index).map(|&x| f64::from(x)),
            Samples::I16(v) => v.get(index).map(|&x| f64::from(x)),
            Samples::U32(v) => v.get(index).map(|&x| f64::from(x)),
            Samples::I32(v) => v.get(index).map(|&x| f64::from(x)),
            Samples::F32(v) => v.get(index).map(|&x| f64::from(x)),
            Samples::F64(v) => v.get(index).copied(),
        }
    }
    /// Bytes of memory that the values take.
    pub fn bytes(&self) -> usize {
        match self {
            Samples::U8(_) | Samples::I8(_) => self.len(),
            Samples::U16(_) | Samples::I16(_) => self.len() * 2,
            Samples::U32(_) | Samples::I32(_) | Samples::F32(_) => self.len() * 4,
            Samples::F64(_) => self.len() * 8,
        }
    }
}

impl StoredFrame {
    /// The stored value (first channel) of a pixel, exact in f64; `None` outside the frame.
    pub fn value(&self, column: u32, row: u32) -> Option<f64> {
        if column >= self.columns || row >= self.rows {
            return None;
        }
        let index = (row as usize * self.columns as usize + column as usize) * usize::from(self.channels);
        self.samples.get(index)
    }
}
