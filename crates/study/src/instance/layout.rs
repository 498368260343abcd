//! How samples are laid out (PS3.3 C.7.6.3.1).

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use crate::attribute::{has, integer, text};
use crate::object::{Declared, Oddities};
use crate::{Layout, Photometric, SampleKind};

/// Reads the layout; the error ends the sentence "The object cannot be used: …".
pub(crate) fn layout(dataset: &InMemDicomObject, kind: SampleKind, oddities: &mut Oddities) -> Result<Layout, String> {
    let number = |tag, name: &str| -> Result<Option<u16>, String> {
        if !has(dataset, tag) {
            return Ok(None);
        }
        integer(dataset, tag)
            .and_then(|n| u16::try_from(n).ok())
            .map(Some)
            .ok_or_else(|| format!("its {name} is no sensible number"))
    };
    let size = |tag, name: &str| match number(tag, name)? {
        Some(0) | None => Err(format!("its number of {name} is missing")),
        Some(n) => Ok(u32::from(n)),
    };
    let rows = size(tags::ROWS, "rows")?;
    let columns = size(tags::COLUMNS, "columns")?;
    let samples_per_pixel = number(tags::SAMPLES_PER_PIXEL, "Samples per Pixel")?.unwrap_or_else(|| {
        oddities.correct("Samples per Pixel is missing; one was assumed.");
        1
    });
    let of_kind = match kind {
        SampleKind::Integer => None,
        SampleKind::Float => Some(32),
        SampleKind::Double => Some(64),
    };
    let bits_allocated = match (number(tags::BITS_ALLOCATED, "Bits Allocated")?, of_kind) {
        (_, Some(bits)) => bits,
        (Some(bits), None) => bits,
        (None, None) => return Err("its Bits Allocated is missing".into()),
    };
    let bits_stored = match (number(tags::BITS_STORED, "Bits Stored")?, of_kind) {
        (_, Some(bits)) => bits,
        (Some(bits), None) => bits,
        (None, None) => {
            oddities.correct("Bits Stored is missing; Bits Allocated was taken.");
            bits_allocated
        }
    };
    let high_bit = match (number(tags::HIGH_BIT, "High Bit")?, of_kind) {
        (_, Some(bits)) => bits - 1,
        (Some(bit), None) => bit,
        (None, None) => {
            oddities.correct("High Bit is missing; the values were taken from the low bits.");
            bits_stored.saturating_sub(1)
        }
    };
    let signed = match number(tags::PIXEL_REPRESENTATION, "Pixel Representation")? {
        Some(0) => false,
        Some(1) => true,
        Some(_) => return Err("its Pixel Representation is neither unsigned nor signed".into()),
        None => {
            if kind == SampleKind::Integer {
                oddities.correct("Pixel Representation is missing; unsigned was assumed.");
            }
            false
        }
    };
    Ok(Layout {
        rows,
        columns,
        samples_per_pixel,
        planar: number(tags::PLANAR_CONFIGURATION, "Planar Configuration")? == Some(1),
        bits_allocated,
        bits_stored,
        high_bit,
        signed,
        photometric: photometric(
            &text(dataset, tags::PHOTOMETRIC_INTERPRETATION),
            samples_per_pixel,
            oddities,
        ),
        kind,
    })
}

fn photometric(written: &str, samples: u16, oddities: &mut Oddities) -> Photometric {
    match written {
        "MONOCHROME1" => Photometric::Monochrome1,
        "MONOCHROME2" => Photometric::Monochrome2,
        "PALETTE COLOR" => Photometric::PaletteColor,
        "RGB" => Photometric::Rgb,
        "YBR_FULL" => Photometric::YbrFull,
        "YBR_FULL_422" => Photometric::YbrFull422,
        "YBR_PARTIAL_420" => Photometric::YbrPartial420,
        "YBR_ICT" => Photometric::YbrIct,
        "YBR_RCT" => Photometric::YbrRct,
        "" if samples == 1 => {
            oddities.correct("Photometric Interpretation is missing; low values were taken to be black.");
            Photometric::Monochrome2
        }
        other => Photometric::Other(other.into()),
    }
}

/// What Number of Frames (0028,0008) says.
pub(crate) fn declared_frames(dataset: &InMemDicomObject) -> Declared {
    if !has(dataset, tags::NUMBER_OF_FRAMES) || text(dataset, tags::NUMBER_OF_FRAMES).is_empty() {
        return Declared::Absent;
    }
    match integer(dataset, tags::NUMBER_OF_FRAMES).map(u32::try_from) {
        Some(Ok(frames @ 1..)) => Declared::Frames(frames),
        _ => Declared::Nonsense,
    }
}
