//! The inverse discrete cosine transform (ISO/IEC 10918-1 A.3.3).

/// The inverse cosine transform (A.3.3), rows then columns.
pub(super) fn samples(block: [f32; 64]) -> [f32; 64] {
    transposed(transposed(block, &BASIS), &BASIS)
}

/// Transforms each row and turns the block over its diagonal, so that doing it twice does both directions.
fn transposed(block: [f32; 64], basis: &[[f32; 8]; 8]) -> [f32; 64] {
    let mut turned = [0.0; 64];
    for (y, line) in block.as_chunks::<8>().0.iter().enumerate() {
        for (x, weights) in basis.iter().enumerate() {
            turned[x * 8 + y] = line.iter().zip(weights).map(|(value, weight)| value * weight).sum();
        }
    }
    turned
}

/// `BASIS[x][u]` = C(u)/2 · cos((2x + 1)uπ/16).
const BASIS: [[f32; 8]; 8] = {
    // cos(kπ/16)/2 for k = 0 … 8; the others follow by symmetry.
    const HALF_COSINES: [f32; 9] = [
        0.5,
        0.490_392_64,
        0.461_939_77,
        0.415_734_8,
        0.353_553_4,
        0.277_785_12,
        0.191_341_72,
        0.097_545_16,
        0.0,
    ];
    let mut basis = [[0.0; 8]; 8];
    let mut x = 0;
    while x < 8 {
        basis[x][0] = HALF_COSINES[4];
        let mut u = 1;
        while u < 8 {
            let angle = (2 * x + 1) * u % 32;
            let folded = if angle > 16 { 32 - angle } else { angle };
            basis[x][u] = if folded > 8 {
                -HALF_COSINES[16 - folded]
            } else {
                HALF_COSINES[folded]
            };
            u += 1;
        }
        x += 1;
    }
    basis
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transform_is_the_standards() {
        let mut block = [0.0; 64];
        (block[0], block[1], block[8], block[27]) = (80.0, -35.0, 12.0, 55.0);
        let found = samples(block);
        let factor = |u: usize| if u == 0 { std::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
        let cosine = |x: usize, u: usize| ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0).cos();
        for (at, &value) in found.iter().enumerate() {
            let (y, x) = (at / 8, at % 8);
            let expected: f64 = block
                .iter()
                .enumerate()
                .map(|(i, &c)| {
                    let (v, u) = (i / 8, i % 8);
                    factor(u) * factor(v) / 4.0 * f64::from(c) * cosine(x, u) * cosine(y, v)
                })
                .sum();
            assert!((expected - f64::from(value)).abs() < 1e-4, "{at}: {expected} {value}");
        }
    }
}
