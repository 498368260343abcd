//! JPEG (ISO/IEC 10918-1): 8 bits lossy by jpeg-decoder, lossless and 12 bits by our own decoders.

mod cosine;
mod header;
mod huffman;
mod lossless;
mod lossy;
mod planes;
mod scan;
mod segments;

use jpeg_decoder::{ColorTransform, Decoder};

use self::header::{Header, Process};
pub(super) use self::segments::Segments;
use super::plan::{Plan, Stream};
use super::{DecodeError, Decoded};
use crate::{Oddity, Photometric};

/// Reads the stream's header and holds it against the data set and against how many bytes there are.
pub(super) fn check(plan: &Plan, bytes: &[u8]) -> Result<Header, DecodeError> {
    let header = Header::read(bytes)?;
    plan.agrees(&Stream {
        codec: "JPEG",
        rows: u32::from(header.rows),
        columns: u32::from(header.columns),
        components: header.components.len() as u32,
        precision: u32::from(header.precision),
    })?;
    header.fits(bytes.len())?;
    if header.process != Process::Lossless {
        plan.may_be_lossy("JPEG")?;
    }
    Ok(header)
}

/// Decodes a JPEG frame.
pub(super) fn decode(plan: &Plan, bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let header = check(plan, bytes)?;
    match (header.process, header.precision) {
        (Process::Lossless, _) => words(plan, &lossless::decode(&header, bytes)?),
        (Process::Sequential | Process::Progressive, 8) => eight_bits(plan, &header, bytes),
        (Process::Sequential | Process::Progressive, 12) => {
            let values = lossy::decode(&header, bytes)?;
            let (transform, photometric, oddities) = colours(plan, &header);
            match transform {
                ColorTransform::RGB => {
                    plan.finish_as(plan.samples(values.into_iter().map(u32::from)), photometric, oddities)
                }
                // jpeg-decoder undoes the transform of 8 bits itself; of 12 bits nobody was seen to write this.
                _ => Err(DecodeError::contradiction(
                    "the data set calls its samples RGB, their JPEG stream luminance and chrominance",
                )),
            }
        }
        (Process::Sequential | Process::Progressive, bits) => Err(DecodeError::Unsupported(format!(
            "Lossy JPEG of {bits} bits per sample"
        ))),
        (Process::Other(words), _) => Err(DecodeError::Unsupported(words.into())),
    }
}

fn words(plan: &Plan, values: &[u16]) -> Result<Decoded, DecodeError> {
    plan.finish(plan.samples(values.iter().map(|&v| u32::from(v))))
}

fn eight_bits(plan: &Plan, header: &Header, bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let (transform, photometric, oddities) = colours(plan, header);
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(plan.values());
    if plan.channels == 3 {
        decoder.set_color_transform(transform);
    }
    let decoded = decoder
        .decode()
        .map_err(|error| DecodeError::damaged(format!("the JPEG stream does not decode ({error})")))?;
    plan.finish_as(
        plan.samples(decoded.iter().map(|&v| u32::from(v))),
        photometric,
        oddities,
    )
}

/// Which transform the codec undoes, and what the samples are then.
///
/// The data set's word decides: YBR stays as it is stored. Where it says RGB, the samples are RGB unless the stream itself says
/// that they are not (its Adobe or JFIF segment): some writers label the picture that a decoder shows.
fn colours(plan: &Plan, header: &Header) -> (ColorTransform, Photometric, Vec<Oddity>) {
    // `RGB` leaves the samples as they are; `None` panics on subsampled ones.
    let stored = |photometric| (ColorTransform::RGB, photometric, Vec::new());
    match &plan.photometric {
        Photometric::Rgb if header.says_luminance() => (
            ColorTransform::YCbCr,
            Photometric::Rgb,
            vec![Oddity(
                "The data set calls the samples RGB, its JPEG stream luminance and chrominance; they were converted."
                    .into(),
            )],
        ),
        Photometric::YbrFull422 if plan.channels == 3 => stored(Photometric::YbrFull),
        other => stored(other.clone()),
    }
}
