//! What the coder learns as it goes (ISO/IEC 14495-1 A.6, A.7.2).

use super::super::DecodeError;
use super::bits::Bits;
use super::parameters::Parameters;

/// Sums of errors beyond this do not come from an encoder.
const MOST: i32 = 1 << 24;

/// Nor do single errors beyond this.
const GREATEST_ERROR: i32 = 1 << 16;

#[cold]
#[inline(never)]
fn too_great() -> DecodeError {
    DecodeError::damaged("the JPEG-LS stream holds errors that are too great")
}

/// One of the 365 contexts of the regular mode.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    /// A: sum of the errors' sizes.
    size: i32,
    /// B: sum of the errors, for the bias.
    bias: i32,
    /// C: what is added to a prediction.
    pub(super) correction: i32,
    /// N: how often it was used.
    count: i32,
    /// The Golomb parameter of the next error, found when the one before was learnt: it is not waited for then.
    order: u32,
    /// All ones where the next error's mapping is the other way about, else 0.
    turned: i32,
}

/// The least `k` with `count · 2ᵏ ≥ size`.
#[inline]
fn golomb_parameter(count: i32, size: i32) -> u32 {
    // With as many bits as `size` has, `count · 2ᵏ` is at least half of it, and one more doubling is enough.
    let k = count.leading_zeros().saturating_sub(size.leading_zeros());
    k + u32::from(count << k < size)
}

impl Context {
    pub(super) fn new(parameters: &Parameters) -> Self {
        Self {
            size: first_size(parameters),
            bias: 0,
            correction: 0,
            count: 1,
            order: golomb_parameter(1, first_size(parameters)),
            turned: 0,
        }
    }

    /// Reads an error (A.5) and learns from it (A.6).
    #[inline(always)]
    pub(super) fn error(&mut self, bits: &mut Bits, parameters: &Parameters) -> Result<i32, DecodeError> {
        let mapped = bits.golomb(self.order, parameters.limit, parameters.error_bits)? as i32;
        // Even numbers are the errors from 0 up, odd ones those from −1 down; the other way about where the bias says so.
        let error = (mapped >> 1) ^ -(mapped & 1) ^ self.turned;
        self.learn(error, parameters)?;
        Ok(error)
    }

    #[inline(always)]
    fn learn(&mut self, error: i32, parameters: &Parameters) -> Result<(), DecodeError> {
        if error.abs() > GREATEST_ERROR {
            return Err(too_great());
        }
        self.size += error.abs();
        self.bias += error * parameters.step;
        if self.size >= MOST || self.bias.abs() >= MOST {
            return Err(too_great());
        }
        if self.count == parameters.reset {
            self.size >>= 1;
            self.bias >>= 1;
            self.count >>= 1;
        }
        self.count += 1;
        if self.bias <= -self.count {
            self.bias = (self.bias + self.count).max(1 - self.count);
            self.correction = (self.correction - 1).max(-128);
        } else if self.bias > 0 {
            self.bias = (self.bias - self.count).min(0);
            self.correction = (self.correction + 1).min(127);
        }
        self.order = golomb_parameter(self.count, self.size);
        let turned = self.order == 0 && parameters.near == 0 && 2 * self.bias <= -self.count;
        self.turned = -i32::from(turned);
        Ok(())
    }
}

/// One of the two contexts of samples that end a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunContext {
    /// 1 where the sample before and the one above are alike, else 0.
    kind: i32,
    size: i32,
    count: i32,
    /// Nn: how many errors were negative.
    negative: i32,
}

impl RunContext {
    pub(super) fn new(kind: i32, parameters: &Parameters) -> Self {
        Self {
            kind,
            size: first_size(parameters),
            count: 1,
            negative: 0,
        }
    }

    /// Reads the error of a sample that ends a run (A.7.2.2); `shorter` is by how much its code is limited more.
    pub(super) fn error(&mut self, bits: &mut Bits, parameters: &Parameters, shorter: u32) -> Result<i32, DecodeError> {
        let k = golomb_parameter(self.count, self.size + (self.count >> 1) * self.kind);
        let mapped = bits.golomb(k, parameters.limit - shorter, parameters.error_bits)? as i32;
        let twice = mapped + self.kind;
        let odd = twice & 1;
        let size = (twice + odd) >> 1;
        if size > GREATEST_ERROR {
            return Err(too_great());
        }
        // The likelier sign has the odd numbers.
        let negative_is_odd = k != 0 || 2 * self.negative >= self.count;
        let error = if negative_is_odd == (odd == 1) { -size } else { size };
        if error < 0 {
            self.negative += 1;
        }
        self.size += (mapped + 1 - self.kind) >> 1;
        if self.size >= MOST {
            return Err(too_great());
        }
        if self.count == parameters.reset {
            self.size >>= 1;
            self.count >>= 1;
            self.negative >>= 1;
        }
        self.count += 1;
        Ok(error)
    }
}

/// What A begins with (A.2.1).
fn first_size(parameters: &Parameters) -> i32 {
    ((parameters.range + 32) / 64).max(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_golomb_parameter_is_the_least_that_reaches() {
        let slow = |count: i32, size: i32| (0..).find(|&k| i64::from(count) << k >= i64::from(size)).unwrap_or(0);
        for count in 1..=70 {
            for size in (0..3000).chain([65_535, 65_536, 65_537, MOST - 1]) {
                assert_eq!(golomb_parameter(count, size), slow(count, size), "{count} {size}");
            }
        }
    }
}
