//! Numbers as the reader's screen writes them.

/// Between a number and its unit: no line may break there.
pub(crate) const GAP: char = '\u{a0}';

/// A number with so many decimals and a true minus sign; a value that rounds to zero has no sign.
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{:.decimals$}", value.abs());
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
    if value < 0.0 && !is_zero {
        format!("−{text}")
    } else {
        text
    }
}

/// A measured value with as many decimals as it deserves: whole numbers none, others three significant figures or more.
pub(crate) fn value(value: f64) -> String {
    let size = value.abs();
    let decimals = if (value - value.round()).abs() < 1e-9 * size.max(1.0) || size >= 1000.0 {
        0
    } else if size >= 100.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        // 0.00123: leading zeros do not count.
        let zeros = (-size.log10()).floor().clamp(0.0, 12.0) as usize;
        zeros + 3
    };
    fixed(value, decimals)
}

/// A number with its unit.
pub(crate) fn with_unit(number: &str, unit: &str) -> String {
    if unit.is_empty() {
        number.to_owned()
    } else {
        format!("{number}{GAP}{unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_the_figures_that_it_deserves() {
        for (number, text) in [
            (-35.0, "−35"),
            (0.0, "0"),
            (-0.0, "0"),
            (1234.56, "1235"),
            (123.45, "123.5"),
            (2.7251, "2.73"),
            (0.5, "0.500"),
            (0.001234, "0.00123"),
            (-1e-30, "0"),
            (f64::NAN, "–"),
            (70_000.0, "70000"),
        ] {
            assert_eq!(value(number), text, "{number}");
        }
        assert_eq!(fixed(-0.04, 1), "0.0");
        assert_eq!(with_unit("12.4", "mm"), "12.4\u{a0}mm");
    }
}
