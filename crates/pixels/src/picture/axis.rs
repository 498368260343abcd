//! One screen axis: which image samples each screen pixel reads, and with what weight.

use space::{ViewportFromImage, ViewportPoint};

use super::Interpolation;

/// The samples that one screen pixel reads along one image axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taps {
    /// Index of the sample nearest to the screen pixel's centre.
    pub nearest: usize,
    /// Sample indices and weights; the weights sum to 1. Empty outside the image.
    pub taps: Vec<(usize, f64)>,
}

/// All screen pixels along one screen axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// One item for each screen pixel, left to right or top to bottom.
    pub pixels: Vec<Taps>,
    /// Drawn below 1:1: weights are those of the area mean.
    pub mean: bool,
}

/// The taps along x and y, and whether the axes are swapped (x reads image rows, y reads image columns).
pub fn axes(
    map: &ViewportFromImage,
    image: (u32, u32),
    screen: (u32, u32),
    interpolation: Interpolation,
) -> (Axis, Axis, bool) {
    let swapped = map.a.abs() + map.e.abs() < map.b.abs() + map.d.abs();
    let at = |x: f64, y: f64| map.image_at(ViewportPoint { x, y });
    let coordinate = |x: f64, y: f64, row: bool| at(x, y).map(|p| if row { p.row } else { p.column });
    let along = |screen: u32, samples: u32, horizontal: bool, row: bool| {
        let edge = |i: f64| {
            if horizontal {
                coordinate(i, 0.5, row)
            } else {
                coordinate(0.5, i, row)
            }
        };
        axis(screen, samples, interpolation, edge)
    };
    let (columns, rows) = image;
    let x = along(screen.0, if swapped { rows } else { columns }, true, swapped);
    let y = along(screen.1, if swapped { columns } else { rows }, false, !swapped);
    (x, y, swapped)
}

fn axis(screen: u32, samples: u32, interpolation: Interpolation, edge: impl Fn(f64) -> Option<f64>) -> Axis {
    let step = match (edge(0.0), edge(1.0)) {
        (Some(a), Some(b)) => (b - a).abs(),
        _ => {
            return Axis {
                pixels: vec![Taps::default(); screen as usize],
                mean: false,
            };
        }
    };
    // A hair above 1 is 1:1 with a rounding error, not a mean.
    let mean = step > 1.0 + 1e-9;
    let pixels = (0..screen)
        .map(|i| {
            let i = f64::from(i);
            match (edge(i), edge(i + 0.5), edge(i + 1.0)) {
                (Some(a), Some(centre), Some(b)) => taps(a.min(b), centre, a.max(b), samples, mean, interpolation),
                _ => Taps::default(),
            }
        })
        .collect();
    Axis { pixels, mean }
}

fn taps(low: f64, centre: f64, high: f64, samples: u32, mean: bool, interpolation: Interpolation) -> Taps {
    let nearest = (centre + 0.5).floor();
    let last = f64::from(samples) - 1.0;
    if !(nearest >= 0.0 && nearest <= last) {
        return Taps::default();
    }
    let clamp = |i: f64| i.clamp(0.0, last) as usize;
    let nearest_index = clamp(nearest);
    let taps = if mean {
        covered(low, high, last)
    } else {
        match interpolation {
            Interpolation::Nearest => vec![(nearest_index, 1.0)],
            Interpolation::Linear => {
                let below = centre.floor();
                let t = centre - below;
                vec![(clamp(below), 1.0 - t), (clamp(below + 1.0), t)]
            }
            Interpolation::Cubic => {
                let below = centre.floor();
                let weights = catmull_rom(centre - below);
                (0..4)
                    .map(|k| (clamp(below - 1.0 + f64::from(k)), weights[k as usize]))
                    .collect()
            }
        }
    };
    Taps {
        nearest: nearest_index,
        taps,
    }
}

/// Weights of the samples that the interval covers, by covered length; sample k covers k − ½ … k + ½.
fn covered(low: f64, high: f64, last: f64) -> Vec<(usize, f64)> {
    let (low, high) = (low.max(-0.5), high.min(last + 0.5));
    let length = high - low;
    if length <= 0.0 {
        return Vec::new();
    }
    let (first, end) = ((low + 0.5).floor().max(0.0), (high + 0.5).floor().min(last));
    let mut taps = Vec::with_capacity((end - first) as usize + 1);
    let mut k = first;
    while k <= end {
        let part = (high.min(k + 0.5) - low.max(k - 0.5)).max(0.0);
        if part > 0.0 {
            taps.push((k as usize, part / length));
        }
        k += 1.0;
    }
    taps
}

/// Catmull-Rom weights of the four samples around a point at fraction `t` after the second.
fn catmull_rom(t: f64) -> [f64; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        -0.5 * t3 + t2 - 0.5 * t,
        1.5 * t3 - 2.5 * t2 + 1.0,
        -1.5 * t3 + 2.0 * t2 + 0.5 * t,
        0.5 * t3 - 0.5 * t2,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_one_whatever_the_place() {
        for interpolation in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
            for (scale, shift) in [(1.0, 0.0), (0.37, 3.3), (2.6, -7.1), (0.1, 0.05)] {
                let map = ViewportFromImage {
                    a: scale,
                    b: 0.0,
                    c: shift,
                    d: 0.0,
                    e: scale,
                    f: shift,
                };
                let (x, _, swapped) = axes(&map, (40, 30), (64, 64), interpolation);
                assert!(!swapped);
                for pixel in x.pixels.iter().filter(|p| !p.taps.is_empty()) {
                    assert!((pixel.taps.iter().map(|t| t.1).sum::<f64>() - 1.0).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn below_one_to_one_a_pixel_covers_by_length() {
        // Four samples on two and a half screen pixels: 1.6 samples each, beginning at the left edge −½.
        let map = ViewportFromImage {
            a: 0.625,
            b: 0.0,
            c: 0.3125,
            d: 0.0,
            e: 0.625,
            f: 0.3125,
        };
        let (x, _, _) = axes(&map, (4, 4), (3, 3), Interpolation::Cubic);
        let close = |taps: &Taps, expected: &[(usize, f64)]| {
            taps.taps.len() == expected.len()
                && taps
                    .taps
                    .iter()
                    .zip(expected)
                    .all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < 1e-9)
        };
        assert!(close(&x.pixels[0], &[(0, 1.0 / 1.6), (1, 0.6 / 1.6)]));
        assert!(close(&x.pixels[1], &[(1, 0.4 / 1.6), (2, 1.0 / 1.6), (3, 0.2 / 1.6)]));
    }
}
