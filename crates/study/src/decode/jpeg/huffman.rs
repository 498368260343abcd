//! Huffman tables and the bits they are read from (ISO/IEC 10918-1 C, F.2.2).

use super::super::DecodeError;

/// Bits that the fast table looks at.
const LOOK: u32 = 10;

/// A Huffman table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// For each value of the next `LOOK` bits: length of the code (0 when longer) and its symbol.
    fast: Vec<(u8, u8)>,
    /// For each length: the first code that is too great, left-aligned in 16 bits, and what to add to a code for its symbol.
    ends: [(u32, i32); 17],
    symbols: Vec<u8>,
}

impl Table {
    /// Reads every table of a DHT segment: `(class << 4 | destination, table)`.
    pub(super) fn read_all(mut body: &[u8]) -> Result<Vec<(u8, Self)>, DecodeError> {
        let wrong = || DecodeError::damaged("a Huffman table of the JPEG stream makes no sense");
        let mut tables = Vec::new();
        while let Some((&place, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or_else(wrong)?;
            let total = counts.iter().map(|&c| usize::from(c)).sum();
            let symbols = rest.get(..total).ok_or_else(wrong)?;
            tables.push((place, Self::new(counts, symbols).ok_or_else(wrong)?));
            body = rest.get(total..).unwrap_or_default();
        }
        Ok(tables)
    }

    /// Builds a table from how many codes there are of each length, and their symbols; `None` when they overflow.
    fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut fast = vec![(0, 0); 1 << LOOK];
        let mut ends = [(0, 0); 17];
        let (mut code, mut index) = (0u32, 0usize);
        for (length, &count) in (1u32..).zip(counts) {
            ends[length as usize].1 = index as i32 - code as i32;
            for _ in 0..count {
                if code >= 1 << length {
                    return None;
                }
                if length <= LOOK {
                    let first = (code << (LOOK - length)) as usize;
                    let same = 1usize << (LOOK - length);
                    fast.get_mut(first..first + same)?
                        .fill((length as u8, *symbols.get(index)?));
                }
                code += 1;
                index += 1;
            }
            ends[length as usize].0 = code << (16 - length);
            code <<= 1;
        }
        Some(Self {
            fast,
            ends,
            symbols: symbols.to_vec(),
        })
    }
}

/// The bits of a scan: stuffed zero bytes taken out, markers never passed.
#[derive(Debug)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The next bits, left-aligned.
    held: u64,
    count: u32,
    /// Bits that were handed out beyond the end of the data, as zeros.
    beyond: bool,
}

impl<'a> Bits<'a> {
    /// Begins at the entropy-coded bytes.
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            held: 0,
            count: 0,
            beyond: false,
        }
    }

    #[inline]
    fn fill(&mut self) {
        while self.count <= 56 {
            let byte = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xff), Some(0)) => {
                    self.at += 2;
                    0xff
                }
                // A marker, or the end: nothing more is taken.
                (Some(0xff), _) | (None, _) => return,
                (Some(&byte), _) => {
                    self.at += 1;
                    byte
                }
            };
            self.held |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    #[inline]
    fn take(&mut self, bits: u32) {
        self.held <<= bits;
        if bits > self.count {
            self.beyond = true;
            self.count = 0;
        } else {
            self.count -= bits;
        }
    }

    /// The symbol of the next code.
    #[inline]
    pub(super) fn symbol(&mut self, table: &Table) -> Result<u8, DecodeError> {
        if self.count < 32 {
            self.fill();
        }
        let (length, symbol) = table.fast[(self.held >> (64 - LOOK)) as usize];
        if length > 0 {
            self.take(u32::from(length));
            return Ok(symbol);
        }
        self.long_symbol(table)
    }

    fn long_symbol(&mut self, table: &Table) -> Result<u8, DecodeError> {
        let next = (self.held >> 48) as u32;
        for length in LOOK + 1..=16 {
            let (end, offset) = table.ends[length as usize];
            if next < end {
                self.take(length);
                let index = (next >> (16 - length)) as i32 + offset;
                return table.symbols.get(index as usize).copied().ok_or_else(no_code);
            }
        }
        Err(no_code())
    }

    /// The next `bits` (1 to 16) as a signed difference (F.2.2.1, EXTEND).
    #[inline]
    pub(super) fn difference(&mut self, bits: u32) -> i32 {
        if self.count < bits {
            self.fill();
        }
        let value = (self.held >> (64 - bits)) as i32;
        self.take(bits);
        if value < 1 << (bits - 1) {
            value - (1 << bits) + 1
        } else {
            value
        }
    }

    /// The next `bits` (at most 16) as they are.
    #[inline]
    pub(super) fn value(&mut self, bits: u32) -> u32 {
        if self.count < bits {
            self.fill();
        }
        // Two shifts, so that none is by 64.
        let value = (self.held >> 1 >> (63 - bits)) as u32;
        self.take(bits);
        value
    }

    /// True when more bits were asked for than there are.
    pub(super) fn ran_out(&self) -> bool {
        self.beyond
    }

    /// Throws away what is left of the current byte and passes the restart marker that must follow (F.2.2.5).
    pub(super) fn restart(&mut self, expected: u8) -> Result<(), DecodeError> {
        let marker = self.marker();
        if self.bytes.get(marker..marker + 2) != Some(&[0xff, 0xd0 | expected]) {
            return Err(DecodeError::damaged(
                "the JPEG stream has no restart marker where one belongs",
            ));
        }
        *self = Self::new(self.bytes, marker + 2);
        Ok(())
    }

    /// Where the next marker begins: behind the data that was read, fill bytes passed.
    pub(super) fn marker(&self) -> usize {
        let mut at = self.at;
        loop {
            match self.bytes.get(at..at + 2) {
                Some(&[0xff, 0xff]) => at += 1,
                Some(&[0xff, 0]) => at += 2,
                Some(&[0xff, _]) | None => return at,
                Some(_) => at += 1,
            }
        }
    }
}

fn no_code() -> DecodeError {
    DecodeError::damaged("the JPEG stream holds a code that its tables do not know")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_codes_are_found_and_stuffing_is_taken_out() {
        // Codes 0, 10 and 1100 0000 0000.
        let mut body = vec![0u8, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
        body.extend_from_slice(&[5, 6, 7]);
        let (_, table) = Table::read_all(&body).unwrap().remove(0);
        // 0 | 10 | 1100 0000 0000 | 0, then a stuffed byte and a marker.
        let stream = [0b0101_1000, 0, 0xff, 0x00, 0xff, 0xd9];
        let mut bits = Bits::new(&stream, 0);
        let symbols: Vec<u8> = (0..4).map(|_| bits.symbol(&table).unwrap()).collect();
        assert_eq!(symbols, [5, 6, 7, 5]);
        assert_eq!(bits.difference(8), 255, "the stuffed byte");
        assert!(!bits.ran_out());
        bits.difference(4);
        assert!(bits.ran_out());
        assert_eq!(bits.marker(), 4);
    }

    #[test]
    fn a_table_with_more_codes_than_bits_allow_is_refused() {
        let mut body = vec![0u8; 17];
        body[1] = 3;
        body.extend_from_slice(&[1, 2, 3]);
        assert!(Table::read_all(&body).is_err());
    }
}
