//! The value under the pointer, read from the frame itself.

use pixels::colour::ColourSpace;
use space::ImagePoint;
use study::{DecodedFrame, Unit};

use crate::figures::{self, with_unit};

/// The pixel whose centre is nearest; `None` outside the image.
pub(crate) fn pixel_at(frame: &DecodedFrame, point: ImagePoint) -> Option<(u32, u32)> {
    let stored = &frame.decoded.frame;
    let near = |at: f64, of: u32| {
        let at = (at + 0.5).floor();
        (at >= 0.0 && at < f64::from(of)).then_some(at as u32)
    };
    Some((near(point.column, stored.columns)?, near(point.row, stored.rows)?))
}

/// The value of a pixel with its unit, in words; `None` outside the image.
pub(crate) fn value_words(frame: &DecodedFrame, point: ImagePoint) -> Option<String> {
    let (column, row) = pixel_at(frame, point)?;
    let stored = &frame.decoded.frame;
    let channels = usize::from(stored.channels.max(1));
    let first = (row as usize * stored.columns as usize + column as usize) * channels;
    let sample = |channel: usize| stored.samples.get(first + channel);
    match frame.decoded.colour_space() {
        Some(ColourSpace::Palette) => Some(format!("palette entry {}", figures::value(sample(0)?))),
        Some(space) => {
            let names = if space == ColourSpace::Rgb {
                ["R", "G", "B"]
            } else {
                ["Y", "Cb", "Cr"]
            };
            let parts: Option<Vec<String>> = names
                .iter()
                .enumerate()
                .map(|(channel, name)| Some(format!("{name} {}", figures::value(sample(channel)?))))
                .collect();
            Some(parts?.join("  "))
        }
        None => Some(grey_words(frame, sample(0)?)),
    }
}

fn grey_words(frame: &DecodedFrame, stored: f64) -> String {
    let instance = &frame.instance;
    if instance.padding.is_some_and(|padding| padding.holds(stored)) {
        return "padding".to_owned();
    }
    let geometry = instance.frame_geometry(frame.index);
    let value = geometry.map_or(stored, |g| g.modality.value(stored));
    let number = figures::value(value);
    let number = match &instance.suv {
        // Both: the value that is compared, and what the file holds.
        Some(suv) if suv.factor != 1.0 => format!("{} {} · {number}", suv.name, figures::value(value * suv.factor)),
        Some(suv) => return format!("{} {number}", suv.name),
        None => number,
    };
    match &instance.unit {
        Unit::Hounsfield => with_unit(&number, "HU"),
        Unit::Named(name) => with_unit(&number, name),
        Unit::StoredValue => format!("{number} (stored value)"),
    }
}
