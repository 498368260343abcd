//! From an encoded frame to stored values: codec, packing, bit position and sign undone, nothing else applied.

use pixels::StoredFrame;
use pixels::colour::ColourSpace;
use thiserror::Error;

use crate::{EncodedFrame, Oddity, Photometric};

/// A frame's stored values and what they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// The values.
    pub frame: StoredFrame,
    /// What the samples are after decoding (a JPEG 2000 colour transform is undone, so YBR_RCT becomes RGB).
    pub photometric: Photometric,
    /// What was odd or corrected.
    pub oddities: Vec<Oddity>,
}

impl Decoded {
    /// How a colour frame's samples are to be read; `None` for grey ones.
    pub fn colour_space(&self) -> Option<ColourSpace> {
        match self.photometric {
            Photometric::Monochrome1 | Photometric::Monochrome2 => None,
            Photometric::PaletteColor => Some(ColourSpace::Palette),
            Photometric::YbrFull | Photometric::YbrFull422 if self.frame.channels == 3 => Some(ColourSpace::YbrFull),
            _ if self.frame.channels == 3 => Some(ColourSpace::Rgb),
            _ => None,
        }
    }
}

/// Why a frame could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// No decoder for this transfer syntax or for this variant of it.
    #[error("{0} cannot be decoded by this version; ask for the image in another encoding.")]
    Unsupported(String),
    /// Data set and codestream contradict each other, or the numbers make no sense.
    #[error("The pixels were not decoded: {0}.")]
    Contradiction(String),
    /// The bytes end early.
    #[error("The pixel data is cut short: {0}.")]
    Incomplete(String),
    /// The codec found the bytes damaged.
    #[error("The pixel data is damaged: {0}.")]
    Damaged(String),
}

/// Decodes one frame; nothing is borrowed from the rest of the object, so that it may run anywhere.
///
/// # Errors
/// See [`DecodeError`]; a frame that cannot be decoded exactly is refused, never guessed.
pub fn decode(frame: &EncodedFrame) -> Result<Decoded, DecodeError> {
    Err(DecodeError::Unsupported(format!(
        "Transfer syntax {}",
        frame.transfer_syntax.0
    )))
}
