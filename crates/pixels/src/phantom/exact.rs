//! Elementary functions made of additions, multiplications and square roots only.
//!
//! The platform's own differ in the last bit from system to system; a phantom must be the same everywhere, to the last pixel.

use std::f64::consts::{LN_2, PI, TAU};

/// Sine of an angle in radians.
pub(crate) fn sin(angle: f64) -> f64 {
    let turns = angle / TAU;
    let mut x = (turns - turns.round()) * TAU;
    if x > PI / 2.0 {
        x = PI - x;
    } else if x < -PI / 2.0 {
        x = -PI - x;
    }
    let square = x * x;
    let mut term = x;
    let mut sum = x;
    for n in 1..10 {
        let n = f64::from(n);
        term *= -square / ((2.0 * n) * (2.0 * n + 1.0));
        sum += term;
    }
    sum
}

/// Cosine of an angle in radians.
pub(crate) fn cos(angle: f64) -> f64 {
    sin(angle + PI / 2.0)
}

/// e to the x; 0 far below and a very large number far above.
pub(crate) fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let doublings = (x / LN_2).round();
    let rest = x - doublings * LN_2;
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1..14 {
        term *= rest / f64::from(n);
        sum += term;
    }
    sum * f64::from_bits(((doublings as i64 + 1023) as u64) << 52)
}

/// The natural logarithm of a positive normal number.
pub(crate) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mut part = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    if part > std::f64::consts::SQRT_2 {
        part /= 2.0;
        exponent += 1;
    }
    let t = (part - 1.0) / (part + 1.0);
    let square = t * t;
    let mut term = t;
    let mut sum = t;
    for n in 1..12 {
        term *= square;
        sum += term / f64::from(2 * n + 1);
    }
    2.0 * sum + exponent as f64 * LN_2
}

/// A power of a number that is not negative.
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    if x < 1e-300 { 0.0 } else { exp(y * ln(x)) }
}

/// Nearly the sine of a number of turns (within 0.002): two parabolas, bent once more; fast.
pub(crate) fn wave(turns: f32) -> f32 {
    let whole = turns as i32;
    let part = turns - whole as f32;
    // −1 … 1 turns, folded into half a turn on either side.
    let x = if part > 0.5 {
        part - 1.0
    } else if part < -0.5 {
        part + 1.0
    } else {
        part
    };
    let y = 8.0 * x * (1.0 - 2.0 * x.abs());
    y + 0.225 * (y * y.abs() - y)
}

/// From 0 at `from` to 1 at `to` (which may lie below `from`), level at both ends.
pub(crate) fn smooth(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A hill of height 1 at 0 that ends level at −1 and 1.
pub(crate) fn hill(t: f32) -> f32 {
    let part = (1.0 - t * t).max(0.0);
    part * part
}

/// The greater of two distances, rounded over `k` where they cross.
pub(crate) fn round_max(a: f32, b: f32, k: f32) -> f32 {
    let h = (1.0 - (a - b).abs() / k).max(0.0);
    a.max(b) + h * h * k * 0.25
}

/// The lesser of two distances, rounded over `k` where they cross.
pub(crate) fn round_min(a: f32, b: f32, k: f32) -> f32 {
    -round_max(-a, -b, k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_platforms_own() {
        for step in -200..200 {
            let x = f64::from(step) * 0.173;
            assert!((sin(x) - x.sin()).abs() < 1e-12, "sin {x}");
            assert!((cos(x) - x.cos()).abs() < 1e-12, "cos {x}");
            let turns = x as f32;
            assert!(
                (f64::from(wave(turns)) - sin(f64::from(turns) * TAU)).abs() < 0.002,
                "wave {turns}"
            );
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-12, "exp {x}");
            let y = x.exp();
            assert!((ln(y) - x).abs() < 1e-12, "ln {y}");
            assert!((pow(y, 0.37) / y.powf(0.37) - 1.0).abs() < 1e-12);
        }
        assert!((pow(0.0, 2.5)).abs() < 1e-300);
    }

    #[test]
    fn rounded_extremes_touch_the_sharp_ones_away_from_the_crossing() {
        assert_eq!(round_max(1.0, 9.0, 4.0), 9.0);
        assert_eq!(round_min(1.0, 9.0, 4.0), 1.0);
        assert!(round_max(3.0, 3.0, 4.0) > 3.0);
        assert_eq!((smooth(10.0, 0.0, 12.0), smooth(10.0, 0.0, -1.0)), (0.0, 1.0));
    }
}
