//! Colours that DICOM gives as PCS-values in CIELab (PS3.3 C.10.7.1.1): shutters, graphic layers, segments.

/// Red, green and blue (sRGB, 8 bits) of a colour in CIELab under D50, encoded as L\*, a\*, b\* of 16 bits each: L\* 0 … 100 over
/// 0 … 65 535, a\* and b\* −128 … 127 over the same.
pub fn rgb_of_pcs_lab([l, a, b]: [u16; 3]) -> [u8; 3] {
    let l = f64::from(l) / 65_535.0 * 100.0;
    let [a, b] = [a, b].map(|v| f64::from(v) / 257.0 - 128.0);
    let fy = (l + 16.0) / 116.0;
    let cube = |f: f64| {
        if f > 6.0 / 29.0 {
            f * f * f
        } else {
            3.0 * (6.0f64 / 29.0).powi(2) * (f - 4.0 / 29.0)
        }
    };
    // The white of the profile connection space, D50.
    let x = 0.964_22 * cube(fy + a / 500.0);
    let y = cube(fy);
    let z = 0.825_21 * cube(fy - b / 200.0);
    // XYZ under D50 to linear sRGB, Bradford-adapted to D65.
    let linear = [
        3.133_856_1 * x - 1.616_866_7 * y - 0.490_614_6 * z,
        -0.978_768_4 * x + 1.916_141_5 * y + 0.033_454_0 * z,
        0.071_945_3 * x - 0.228_991_4 * y + 1.405_242_7 * z,
    ];
    linear.map(|v| {
        let v = v.clamp(0.0, 1.0);
        let coded = if v <= 0.003_130_8 {
            12.92 * v
        } else {
            1.055 * v.powf(1.0 / 2.4) - 0.055
        };
        (coded * 255.0 + 0.5).floor().clamp(0.0, 255.0) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_black_and_the_primaries_come_back() {
        let neutral = 0x8080;
        assert_eq!(rgb_of_pcs_lab([0xffff, neutral, neutral]), [255, 255, 255]);
        assert_eq!(rgb_of_pcs_lab([0, neutral, neutral]), [0, 0, 0]);
        // sRGB red is L* 54.29, a* 80.81, b* 69.89 under D50.
        let code = |l: f64, a: f64, b: f64| {
            [
                (l / 100.0 * 65_535.0).round() as u16,
                ((a + 128.0) * 257.0).round() as u16,
                ((b + 128.0) * 257.0).round() as u16,
            ]
        };
        let red = rgb_of_pcs_lab(code(54.29, 80.81, 69.89));
        assert!(red[0] >= 253 && red[1] <= 3 && red[2] <= 3, "{red:?}");
    }
}
