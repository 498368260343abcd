//! The bits of a JPEG-LS scan: behind a byte of ones one zero bit is stuffed (ISO/IEC 14495-1 A.1, C.2.6).

use super::super::DecodeError;

/// Reads bits from the most significant on; markers are never passed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The next bits, left-aligned; never all 64.
    held: u64,
    count: u32,
    /// The last byte was all ones: the next one brings seven bits.
    stuffed: bool,
}

impl<'a> Bits<'a> {
    /// Begins at the entropy-coded bytes.
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            held: 0,
            count: 0,
            stuffed: false,
        }
    }

    #[inline(always)]
    fn fill(&mut self) {
        if self.count <= 31
            && !self.stuffed
            && let Some(&four) = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<4>())
        {
            let word = u32::from_be_bytes(four);
            // No byte of ones among the four: none of the complement is zero.
            if (!word).wrapping_sub(0x0101_0101) & word & 0x8080_8080 == 0 {
                self.held |= u64::from(word) << (32 - self.count);
                self.count += 32;
                self.at += 4;
                return;
            }
        }
        *self = self.filled_by_bytes();
    }

    /// By value, as everything that is called seldom: a caller's copy can then stay in registers.
    #[cold]
    #[inline(never)]
    fn filled_by_bytes(mut self) -> Self {
        self.fill_bytes();
        self
    }

    fn fill_bytes(&mut self) {
        while self.count <= 55 {
            let Some(&byte) = self.bytes.get(self.at) else { return };
            if byte == 0xff && self.bytes.get(self.at + 1).is_none_or(|&next| next >= 0x80) {
                return; // a marker
            }
            let bits = if self.stuffed { 7 } else { 8 };
            self.held |= u64::from(byte) << (64 - bits - self.count);
            self.count += bits;
            self.stuffed = byte == 0xff;
            self.at += 1;
        }
    }

    #[cold]
    #[inline(never)]
    fn ran_out() -> DecodeError {
        DecodeError::incomplete("the JPEG-LS stream ends within its samples")
    }

    #[inline]
    fn take(&mut self, bits: u32) -> u32 {
        // Two shifts, so that none is by 64.
        let value = (self.held >> 1 >> (63 - bits)) as u32;
        self.held <<= bits;
        self.count -= bits;
        value
    }

    /// The next bits, at most 24.
    #[inline]
    pub(super) fn value(&mut self, bits: u32) -> Result<u32, DecodeError> {
        if self.count < bits {
            self.fill();
            if self.count < bits {
                self.fill_bytes();
            }
            if self.count < bits {
                return Err(Self::ran_out());
            }
        }
        Ok(self.take(bits))
    }

    /// The next bit.
    #[inline]
    pub(super) fn bit(&mut self) -> Result<bool, DecodeError> {
        Ok(self.value(1)? == 1)
    }

    /// A value of a limited-length Golomb code with parameter `k` (A.5.3): `limit` bounds the code's length, and a value that
    /// would pass it is written out in `error_bits`.
    #[inline(always)]
    pub(super) fn golomb(&mut self, k: u32, limit: u32, error_bits: u32) -> Result<u32, DecodeError> {
        if self.count < 32 {
            self.fill();
        }
        let zeros = self.held.leading_zeros();
        let most = limit.saturating_sub(error_bits + 1);
        let length = zeros + 1 + k;
        // Nearly always the whole code is held and no longer than most are: one look, one shift.
        if length <= self.count && zeros < most {
            let rest = self.held << zeros << 1;
            let value = (rest >> 1 >> (63 - k)) as u32;
            self.held = rest << k;
            self.count -= length;
            return Ok(zeros << k | value);
        }
        let (behind, value) = self.long_golomb(k, most, error_bits)?;
        *self = behind;
        Ok(value)
    }

    /// The same where the code passes the bits that are held, or holds its value written out.
    #[cold]
    #[inline(never)]
    fn long_golomb(mut self, k: u32, most: u32, error_bits: u32) -> Result<(Self, u32), DecodeError> {
        let mut zeros = self.held.leading_zeros();
        if zeros < self.count {
            self.take(zeros + 1);
        } else {
            zeros = self.long_run()?;
        }
        if zeros > most {
            return Err(DecodeError::damaged("the JPEG-LS stream holds a code that is too long"));
        }
        let value = if zeros < most {
            zeros << k | self.value(k)?
        } else {
            self.value(error_bits)? + 1
        };
        Ok((self, value))
    }

    /// Counts zeros, and takes the one behind them, where they pass the bits that are held.
    fn long_run(&mut self) -> Result<u32, DecodeError> {
        let mut zeros = 0;
        loop {
            let here = self.held.leading_zeros().min(self.count);
            zeros += here;
            let ended = here < self.count;
            self.take(here);
            if ended {
                self.take(1);
                return Ok(zeros);
            }
            self.fill_bytes();
            if self.count == 0 {
                return Err(Self::ran_out());
            }
            if zeros > 128 {
                return Err(DecodeError::damaged("the JPEG-LS stream holds a code that is too long"));
            }
        }
    }

    /// Where the next marker begins.
    pub(super) fn marker(&self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let found = rest
            .windows(2)
            .position(|pair| pair[0] == 0xff && pair[1] >= 0x80 && pair[1] != 0xff);
        found.map_or(self.bytes.len(), |found| self.at + found)
    }

    /// Passes the restart marker that must follow, and begins again behind it.
    pub(super) fn restart(&mut self, expected: u8) -> Result<(), DecodeError> {
        let marker = self.marker();
        if self.bytes.get(marker..marker + 2) != Some(&[0xff, 0xd0 | expected]) {
            return Err(DecodeError::damaged(
                "the JPEG-LS stream has no restart marker where one belongs",
            ));
        }
        *self = Self::new(self.bytes, marker + 2);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stuffed_bit_is_left_out_and_markers_end_the_data() {
        let mut bits = Bits::new(&[0xff, 0x55, 0xff, 0x80, 1, 2], 0);
        assert_eq!(bits.value(8).unwrap(), 0xff);
        assert_eq!(bits.value(7).unwrap(), 0x55);
        assert!(bits.value(1).is_err());
        assert_eq!(bits.marker(), 2);
    }

    #[test]
    fn golomb_codes_are_read_to_their_limit() {
        // k = 2: 001 | 11 is 2·4 + 3; then 23 zeros, a one and 8 bits for a value that is written out.
        let mut bits = Bits::new(&[0b0011_1000, 0, 0, 0b0000_1000, 0b0010_1000, 0], 0);
        assert_eq!(bits.golomb(2, 32, 8).unwrap(), 11);
        assert_eq!(bits.golomb(2, 32, 8).unwrap(), 6);
        assert!(bits.golomb(2, 32, 8).is_err(), "the bits end");
    }
}
