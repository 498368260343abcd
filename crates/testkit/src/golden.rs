//! Golden pictures: what was looked at once and must stay.

use std::path::{Path, PathBuf};

/// A picture of interleaved red, green and blue, 8 bits each.
pub struct Shown<'a> {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `width × height × 3` bytes.
    pub rgb: &'a [u8],
}

/// Compares a picture with `test-data/golden/NAME.png`: no level may differ by more than `tolerance`.
///
/// With `FARSIGHT_GOLDEN=write` in the environment the file is written instead; whoever does so looks at it before committing it.
///
/// # Errors
/// A sentence that says what differs; the picture that was drawn then lies in the system's folder for temporary files.
pub fn golden(name: &str, shown: &Shown<'_>, tolerance: u8) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../test-data/golden")
        .join(format!("{name}.png"));
    if std::env::var_os("FARSIGHT_GOLDEN").is_some_and(|value| value == "write") {
        return write(&path, shown);
    }
    let kept = image::open(&path)
        .map_err(|error| format!("The golden picture {name} cannot be read ({error})."))?
        .into_rgb8();
    let beside = || -> Result<PathBuf, String> {
        let drawn = std::env::temp_dir().join(format!("farsight-golden-{name}.png"));
        write(&drawn, shown).map(|()| drawn)
    };
    if kept.dimensions() != (shown.width, shown.height) || kept.as_raw().len() != shown.rgb.len() {
        let drawn = beside()?;
        return Err(format!(
            "{name} has another size than its golden picture; see {}.",
            drawn.display()
        ));
    }
    let differences = kept
        .as_raw()
        .iter()
        .zip(shown.rgb)
        .map(|(kept, shown)| kept.abs_diff(*shown));
    let (most, count) = differences.fold((0, 0usize), |(most, count), difference| {
        (difference.max(most), count + usize::from(difference > tolerance))
    });
    if count == 0 {
        return Ok(());
    }
    let drawn = beside()?;
    Err(format!(
        "{name} differs from its golden picture in {count} samples, by up to {most} levels; see {}.",
        drawn.display()
    ))
}

fn write(path: &Path, shown: &Shown<'_>) -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Display| format!("{} cannot be written ({error}).", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| failed(&e))?;
    }
    image::save_buffer(path, shown.rgb, shown.width, shown.height, image::ColorType::Rgb8).map_err(|e| failed(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_picture_and_another_size_are_told_apart_from_the_golden_one() {
        let name = "ct-soft-tissue-fit";
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../test-data/golden/{name}.png"));
        let kept = image::open(path).unwrap().into_rgb8();
        let (width, height) = kept.dimensions();
        let shown = |rgb| Shown { width, height, rgb };
        assert_eq!(golden(name, &shown(kept.as_raw()), 0), Ok(()));
        let mut other = kept.as_raw().clone();
        other[100] ^= 8;
        let error = golden(name, &shown(&other), 1).unwrap_err();
        assert!(error.contains("1 samples") && error.contains("8 levels"), "{error}");
        let small = Shown {
            width: 1,
            height: 1,
            rgb: &[0, 0, 0],
        };
        assert!(golden(name, &small, 255).unwrap_err().contains("another size"));
        assert!(golden("no such picture", &small, 255).is_err());
    }
}
