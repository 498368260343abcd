//! Recommended shades of graphic layers as the screen's own colours.

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use pixels::shutter::Shutter;

use crate::attribute::unsigned;

/// The shade that a layer recommends, as sRGB: its colour (PS3.3 C.10.7.1.1), else its grey, a P-value of 16 bits.
pub(super) fn recommended(layer: &InMemDicomObject) -> Option<[u8; 3]> {
    let words = |tag| -> Vec<u16> {
        let written = unsigned(layer, tag).into_iter();
        written.map(|word| u16::try_from(word).unwrap_or(u16::MAX)).collect()
    };
    if let [l, a, b] = words(tags::GRAPHIC_LAYER_RECOMMENDED_DISPLAY_CIE_LAB_VALUE)[..] {
        return Some(pixels::lab::rgb_of_pcs_lab([l, a, b]));
    }
    let grey = words(tags::GRAPHIC_LAYER_RECOMMENDED_DISPLAY_GRAYSCALE_VALUE);
    grey.first().map(|grey| Shutter::grey(*grey))
}
