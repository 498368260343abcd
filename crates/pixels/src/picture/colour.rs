//! Colour frames.

use space::ViewportFromImage;

use super::{Interpolation, Taps, axes};

/// Draws an interleaved 8-bit RGB frame of `(columns, rows)`: `width × height × 3` bytes; black outside the image.
pub fn colour(
    rgb: &[u8],
    (columns, rows): (u32, u32),
    map: &ViewportFromImage,
    (width, height): (u32, u32),
    interpolation: Interpolation,
) -> Vec<u8> {
    let (x, y, swapped) = axes(map, (columns, rows), (width, height), interpolation);
    let mut picture = vec![0; width as usize * height as usize * 3];
    let places = y
        .pixels
        .iter()
        .flat_map(|down| x.pixels.iter().map(move |across| (across, down)));
    for (shown, (across, down)) in picture.as_chunks_mut::<3>().0.iter_mut().zip(places) {
        *shown = pixel(rgb, columns as usize, swapped, across, down);
    }
    picture
}

fn pixel(rgb: &[u8], columns: usize, swapped: bool, across: &Taps, down: &Taps) -> [u8; 3] {
    let mut sum = [0.0; 3];
    let (mut least, mut greatest) = ([255.0f64; 3], [0.0f64; 3]);
    if across.taps.is_empty() || down.taps.is_empty() {
        return [0; 3];
    }
    for &(j, by_j) in &down.taps {
        for &(i, by_i) in &across.taps {
            let (column, row) = if swapped { (j, i) } else { (i, j) };
            let at = (row * columns + column) * 3;
            let Some(sample) = rgb.get(at..at + 3) else { continue };
            for channel in 0..3 {
                let value = f64::from(sample[channel]);
                sum[channel] += value * by_i * by_j;
                least[channel] = least[channel].min(value);
                greatest[channel] = greatest[channel].max(value);
            }
        }
    }
    std::array::from_fn(|c| (sum[c].clamp(least[c], greatest[c].max(least[c])) + 0.5).floor() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_interpolated_as_colours() {
        let rgb = [255, 0, 0, 0, 0, 255];
        let map = ViewportFromImage {
            a: 2.0,
            b: 0.0,
            c: 1.0,
            d: 0.0,
            e: 2.0,
            f: 1.0,
        };
        let shown = colour(&rgb, (2, 1), &map, (4, 2), Interpolation::Linear);
        assert_eq!(shown[..12], [255, 0, 0, 191, 0, 64, 64, 0, 191, 0, 0, 255]);
    }
}
