//! Overlay planes of an image, groups 6000 to 601E (PS3.3 C.9.2), in their own data or in unused bits of the pixels.

use std::sync::Arc;

use bytes::Bytes;
use dicom_core::Tag;
use dicom_core::value::PrimitiveValue;
use dicom_object::InMemDicomObject;
use pixels::overlay::OverlayPlane;

use crate::Layout;
use crate::attribute::{has, integer, numbers, primitive, text};
use crate::object::Oddities;

/// Elements of an overlay's group.
const ROWS: u16 = 0x0010;
const COLUMNS: u16 = 0x0011;
const FRAMES: u16 = 0x0015;
const DESCRIPTION: u16 = 0x0022;
const TYPE: u16 = 0x0040;
const ORIGIN: u16 = 0x0050;
const IMAGE_FRAME_ORIGIN: u16 = 0x0051;
const BIT_POSITION: u16 = 0x0102;
const LABEL: u16 = 0x1500;
const DATA: u16 = 0x3000;

/// An overlay that an image carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlay {
    /// Its group: 0x6000, 0x6002 … 0x601E.
    pub group: u16,
    /// Overlay Label, else Overlay Description; empty when the object names it by neither.
    pub name: String,
    /// Overlay Type R: a region of interest, not graphics.
    pub is_region: bool,
    /// The plane of the first frame that it lies over.
    plane: OverlayPlane,
    /// The frame of the image (from 0) that the first plane lies over.
    first_frame: u32,
    /// How many planes follow one another; `None` for one plane over every frame.
    planes: Option<u32>,
}

impl Overlay {
    /// An overlay of graphics whose one plane lies over every frame.
    pub fn over_every_frame(group: u16, name: &str, plane: OverlayPlane) -> Self {
        Self {
            group,
            name: name.to_owned(),
            is_region: false,
            plane,
            first_frame: 0,
            planes: None,
        }
    }

    /// The plane over a frame of the image (from 0); `None` where this overlay does not lie.
    pub fn plane(&self, frame: u32) -> Option<OverlayPlane> {
        let Some(planes) = self.planes else {
            return Some(self.plane.clone());
        };
        let index = frame.checked_sub(self.first_frame).filter(|index| *index < planes)?;
        let bits = self.plane.rows as usize * self.plane.columns as usize;
        Some(OverlayPlane {
            first_bit: bits.checked_mul(index as usize)?,
            ..self.plane.clone()
        })
    }
}

/// The pixel data of an object whose samples stand as they are, so that bits beside the values can be read.
pub(crate) struct NativePixels {
    pub(crate) data: Bytes,
    pub(crate) big_endian: bool,
}

/// Reads the overlays of an image with so many frames, in order of their groups.
pub(super) fn overlays(
    dataset: &InMemDicomObject,
    layout: &Layout,
    frames: u32,
    native: Option<&NativePixels>,
    oddities: &mut Oddities,
) -> Vec<Overlay> {
    (0x6000..=0x601E)
        .step_by(2)
        .filter(|group| has(dataset, Tag(*group, ROWS)) || has(dataset, Tag(*group, BIT_POSITION)))
        .filter_map(|group| {
            let read = overlay(dataset, group, layout, frames, native, oddities);
            if read.is_none() {
                oddities.note("An overlay of the image cannot be read and is not shown.");
            }
            read
        })
        .collect()
}

/// Reads the overlays that a presentation state brings itself (PS3.3 A.33.1.4), whose planes say their own size.
pub(crate) fn of_state(dataset: &InMemDicomObject, oddities: &mut Oddities) -> Vec<Overlay> {
    let nothing = Layout {
        rows: 0,
        columns: 0,
        samples_per_pixel: 1,
        planar: false,
        bits_allocated: 1,
        bits_stored: 1,
        high_bit: 0,
        signed: false,
        photometric: crate::Photometric::Monochrome2,
        kind: crate::SampleKind::Integer,
    };
    let all = overlays(dataset, &nothing, 1, None, oddities);
    all.into_iter()
        .filter(|overlay| overlay.plane.rows > 0 && overlay.plane.columns > 0)
        .collect()
}

fn overlay(
    dataset: &InMemDicomObject,
    group: u16,
    layout: &Layout,
    frames: u32,
    native: Option<&NativePixels>,
    oddities: &mut Oddities,
) -> Option<Overlay> {
    let tag = |element| Tag(group, element);
    let size = |element, of_image: u32| match integer(dataset, tag(element)) {
        Some(size) => u32::try_from(size).ok().filter(|size| (1..=65_535).contains(size)),
        // Overlays in the pixels' bits are as large as the image.
        None => Some(of_image),
    };
    let (rows, columns) = (size(ROWS, layout.rows)?, size(COLUMNS, layout.columns)?);
    let name = match text(dataset, tag(LABEL)) {
        label if label.is_empty() => text(dataset, tag(DESCRIPTION)),
        label => label,
    };
    // Metadata alone names the overlay; its bits come with the object.
    let bits_are_elsewhere = !has(dataset, tag(DATA)) && native.is_none();
    let bit = integer(dataset, tag(BIT_POSITION)).filter(|bit| *bit > 0);
    let (bits, origin, first_frame, planes) = match packed(dataset, tag(DATA)) {
        Some(bits) => {
            let planes = integer(dataset, tag(FRAMES)).and_then(|n| u32::try_from(n).ok());
            let from = integer(dataset, tag(IMAGE_FRAME_ORIGIN)).and_then(|n| u32::try_from(n - 1).ok());
            let planes = match (planes, from) {
                // One plane that names no frame belongs to the image as a whole.
                (None | Some(0 | 1), None) => None,
                (planes, _) => Some(planes.unwrap_or(1).max(1)),
            };
            let wanted = u64::from(rows) * u64::from(columns) * u64::from(planes.unwrap_or(1));
            if (bits.len() as u64) * 8 < wanted {
                oddities.note("An overlay is shorter than it says; what is missing is not drawn.");
            }
            (bits, origin(dataset, tag(ORIGIN)), from.unwrap_or(0), planes)
        }
        None if bits_are_elsewhere => (Arc::default(), origin(dataset, tag(ORIGIN)), 0, None),
        None => {
            let bit = u32::try_from(bit?).ok()?;
            let bits = embedded(layout, frames, native?, bit)?;
            let of_image = (rows, columns) == (layout.rows, layout.columns);
            of_image.then_some((bits, (0, 0), 0, Some(frames)))?
        }
    };
    Some(Overlay {
        group,
        name,
        is_region: text(dataset, tag(TYPE)) == "R",
        plane: OverlayPlane {
            columns,
            rows,
            origin,
            bits,
            first_bit: 0,
        },
        first_frame,
        planes,
    })
}

/// Overlay Origin, row and column from 1, as column and row from 0.
fn origin(dataset: &InMemDicomObject, tag: Tag) -> (i32, i32) {
    let at = numbers(dataset, tag);
    let from_zero = |index: usize| {
        let at = at.get(index).copied().filter(|x| x.is_finite()).unwrap_or(1.0);
        // Held where the subtraction cannot leave the type.
        at.clamp(-65_536.0, 65_536.0) as i32 - 1
    };
    (from_zero(1), from_zero(0))
}

/// Overlay Data as bytes, the first bit lowest in the first.
fn packed(dataset: &InMemDicomObject, tag: Tag) -> Option<Arc<[u8]>> {
    match primitive(dataset, tag)? {
        PrimitiveValue::U8(bytes) => Some(bytes.as_slice().into()),
        PrimitiveValue::U16(words) => Some(words.iter().flat_map(|word| word.to_le_bytes()).collect()),
        _ => None,
    }
}

/// One bit of each pixel of every frame (PS3.5 8.1.2); `None` where it is a bit of the values themselves, or beyond the sample.
fn embedded(layout: &Layout, frames: u32, native: &NativePixels, bit: u32) -> Option<Arc<[u8]>> {
    let allocated = u32::from(layout.bits_allocated);
    let (high, stored) = (u32::from(layout.high_bit), u32::from(layout.bits_stored));
    let is_value = bit <= high && bit + stored > high;
    if layout.samples_per_pixel != 1 || !matches!(allocated, 8 | 16) || bit >= allocated || is_value {
        return None;
    }
    let pixels = layout.rows as usize * layout.columns as usize * frames as usize;
    let sample_bytes = allocated as usize / 8;
    let byte = bit as usize / 8;
    let byte = if native.big_endian {
        sample_bytes - 1 - byte
    } else {
        byte
    };
    let mut bits = vec![0u8; pixels.min(native.data.len() / sample_bytes).div_ceil(8)];
    for (index, sample) in native.data.chunks_exact(sample_bytes).take(pixels).enumerate() {
        let set = sample.get(byte).is_some_and(|value| (value >> (bit % 8)) & 1 == 1);
        if let Some(packed) = bits.get_mut(index / 8) {
            *packed |= u8::from(set) << (index % 8);
        }
    }
    Some(bits.into())
}
