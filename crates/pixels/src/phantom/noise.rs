//! Noise that is a pure function of place and seed.

/// A well-mixed number of a grid place.
pub(crate) fn hash(x: i32, y: i32, z: i32, seed: u32) -> u32 {
    let mut h = seed
        ^ x.cast_unsigned().wrapping_mul(0x9e37_79b1)
        ^ y.cast_unsigned().wrapping_mul(0x85eb_ca77).rotate_left(11)
        ^ z.cast_unsigned().wrapping_mul(0xc2b2_ae3d).rotate_left(21);
    h ^= h >> 16;
    h = h.wrapping_mul(0x7feb_352d);
    h ^= h >> 15;
    h = h.wrapping_mul(0x846c_a68b);
    h ^ (h >> 16)
}

/// −1 … 1, evenly spread.
pub(crate) fn even(h: u32) -> f32 {
    h.cast_signed() as f32 * (1.0 / 2_147_483_648.0)
}

/// Mean 0 and standard deviation 1, nearly normal: the sum of four bytes.
pub(crate) fn normal(h: u32) -> f32 {
    let [a, b, c, d] = h.to_le_bytes();
    let sum = i32::from(a) + i32::from(b) + i32::from(c) + i32::from(d) - 510;
    sum as f32 * (1.0 / 147.8)
}

/// Smooth noise, −1 … 1, with one hill or hollow per unit of length.
pub(crate) fn smooth(p: [f32; 3], seed: u32) -> f32 {
    let [x, y, z] = p.map(floor);
    let part = [p[0] - x as f32, p[1] - y as f32, p[2] - z as f32].map(|t| t * t * (3.0 - 2.0 * t));
    let corner = |i: i32, j: i32, k: i32| even(hash(x.wrapping_add(i), y.wrapping_add(j), z.wrapping_add(k), seed));
    let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
    let row = |j, k| mix(corner(0, j, k), corner(1, j, k), part[0]);
    let plane = |k| mix(row(0, k), row(1, k), part[1]);
    mix(plane(0), plane(1), part[2])
}

/// The next whole number below; the library's own is a call where the machine has no instruction for it.
fn floor(v: f32) -> i32 {
    let whole = v as i32;
    whole - i32::from((whole as f32) > v)
}

/// [`smooth`] at one height, its grid made beforehand: much faster for a whole slice.
pub(crate) struct Sheet {
    values: Vec<f32>,
    side: usize,
    scale: f32,
}

/// How far a sheet reaches from the middle, mm.
const SHEET: f32 = 215.0;

impl Sheet {
    /// Noise with `scale` hills a millimetre along x and y, cut at `height` hills.
    pub(crate) fn new(scale: f32, height: f32, seed: u32) -> Self {
        let z = floor(height);
        let part = height - z as f32;
        let part = part * part * (3.0 - 2.0 * part);
        let half = (SHEET * scale) as i32 + 2;
        let mut values = Vec::new();
        for y in -half..=half {
            for x in -half..=half {
                let (below, above) = (even(hash(x, y, z, seed)), even(hash(x, y, z.wrapping_add(1), seed)));
                values.push(below + (above - below) * part);
            }
        }
        Self {
            values,
            side: (2 * half + 1) as usize,
            scale,
        }
    }

    /// The noise at a place, −1 … 1.
    pub(crate) fn at(&self, x: f32, y: f32) -> f32 {
        let half = (self.side / 2) as f32;
        let last = (self.side - 2) as f32;
        let u = (x * self.scale + half).clamp(0.0, last);
        let v = (y * self.scale + half).clamp(0.0, last);
        let (column, row) = (u as usize, v as usize);
        let (s, t) = (u - column as f32, v - row as f32);
        let (s, t) = (s * s * (3.0 - 2.0 * s), t * t * (3.0 - 2.0 * t));
        let at = row * self.side + column;
        let (above, below) = (
            &self.values[at..at + 2],
            &self.values[at + self.side..at + self.side + 2],
        );
        let first = above[0] + (above[1] - above[0]) * s;
        let second = below[0] + (below[1] - below[0]) * s;
        first + (second - first) * t
    }
}

/// Two sizes of [`smooth`], the finer of half the height.
pub(crate) fn rough(p: [f32; 3], seed: u32) -> f32 {
    smooth(p, seed) * 0.67 + smooth(p.map(|v| v * 2.17 + 31.7), seed ^ 0x5bd1) * 0.33
}

/// A picture of noise, standard deviation 1, whose grain is that of a filtered back-projection: neighbours alike, and little
/// left at coarse scales.
pub(crate) fn grain(columns: usize, rows: usize, slice: i32, seed: u32) -> Vec<f32> {
    let mut white = Vec::with_capacity(columns * rows);
    for row in 0..rows as i32 {
        white.extend((0..columns as i32).map(|column| normal(hash(column, row, slice, seed))));
    }
    let fine = blurred(&white, columns, rows);
    let mut coarse = fine.clone();
    for _ in 0..3 {
        coarse = blurred(&coarse, columns, rows);
    }
    // The scale makes the standard deviation 1 again (a test measures it).
    fine.iter().zip(&coarse).map(|(f, c)| (f - 0.75 * c) * 3.715).collect()
}

/// Each value mixed with its neighbours, 1 : 2 : 1 both ways; edges keep what they have.
pub(crate) fn blurred(values: &[f32], columns: usize, rows: usize) -> Vec<f32> {
    let mut along = vec![0.0f32; values.len()];
    for (to, from) in along.chunks_exact_mut(columns).zip(values.chunks_exact(columns)) {
        to[0] = from[0];
        to[columns - 1] = from[columns - 1];
        for (to, w) in to[1..].iter_mut().zip(from.windows(3)) {
            *to = (w[0] + w[2]) * 0.25 + w[1] * 0.5;
        }
    }
    let mut out = along.clone();
    for row in 1..rows.saturating_sub(1) {
        let (above, rest) = along[(row - 1) * columns..].split_at(columns);
        let (here, below) = rest.split_at(columns);
        let to = &mut out[row * columns..(row + 1) * columns];
        for (((to, a), h), b) in to.iter_mut().zip(above).zip(here).zip(below) {
            *to = (a + b) * 0.25 + h * 0.5;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deviation(values: &[f32]) -> (f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().map(|v| f64::from(*v)).sum::<f64>() / n;
        let square = values.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / n;
        (mean, square.sqrt())
    }

    #[test]
    fn grain_has_its_strength_and_its_neighbours_are_alike() {
        let values = grain(256, 256, 3, 7);
        let (mean, deviation) = deviation(&values);
        assert!(mean.abs() < 0.02, "{mean}");
        assert!((deviation - 1.0).abs() < 0.05, "{deviation}");
        let beside: f64 = values.windows(2).map(|w| f64::from(w[0] * w[1])).sum::<f64>() / 65_535.0;
        assert!((0.2..0.8).contains(&beside), "{beside}");
    }

    #[test]
    fn white_noise_is_normal_and_smooth_noise_bounded() {
        let white: Vec<f32> = (0..65_536).map(|i| normal(hash(i, 5, 9, 1))).collect();
        let (mean, deviation) = deviation(&white);
        assert!(
            mean.abs() < 0.02 && (deviation - 1.0).abs() < 0.02,
            "{mean} {deviation}"
        );
        let field: Vec<f32> = (0..10_000).map(|i| smooth([i as f32 * 0.13, 2.5, -7.1], 4)).collect();
        assert!(field.iter().all(|v| v.abs() <= 1.0));
        assert!(field.windows(2).all(|w| (w[0] - w[1]).abs() < 0.5), "smooth");
        let sheet = Sheet::new(0.22, -7.3, 4);
        for (x, y) in [(0.0, 0.0), (-131.7, 88.2), (200.0, -200.0)] {
            let exact = smooth([x * 0.22, y * 0.22, -7.3], 4);
            assert!((sheet.at(x, y) - exact).abs() < 1e-3, "{x} {y}");
        }
    }
}
