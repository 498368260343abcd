//! JPEG-LS, lossless and near-lossless (ISO/IEC 14495-1), by CharLS.

use charls::CharLS;

use super::jpeg::Segments;
use super::plan::{Plan, Stream};
use super::{DecodeError, Decoded};

const START_OF_FRAME: u8 = 0xf7;
const START_OF_SCAN: u8 = 0xda;

/// Decodes a JPEG-LS frame.
pub(super) fn decode(plan: &Plan, bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let header = Header::read(bytes)?;
    plan.agrees(&header.stream)?;
    if header.near > 0 {
        plan.may_be_lossy("JPEG-LS")?;
    }
    // CharLS reads the header on its own: it must have found the same one before it allocates for it.
    let theirs = CharLS::default().get_frame_info(bytes).map_err(damaged)?;
    let ours = (
        header.stream.columns,
        header.stream.rows,
        header.stream.components as i32,
        header.stream.precision as i32,
    );
    if (
        theirs.width,
        theirs.height,
        theirs.component_count,
        theirs.bits_per_sample,
    ) != ours
    {
        return Err(DecodeError::contradiction(
            "the JPEG-LS stream has two headers that differ",
        ));
    }
    let decoded = CharLS::default().decode(bytes).map_err(damaged)?;
    let width = if header.stream.precision > 8 { 2 } else { 1 };
    if decoded.len() != plan.values() * width {
        return Err(DecodeError::damaged(
            "the JPEG-LS stream holds another number of samples than it says",
        ));
    }
    let value = |index: usize| match width {
        // CharLS writes in the machine's byte order.
        2 => decoded
            .as_chunks()
            .0
            .get(index)
            .map_or(0, |&word| u32::from(u16::from_ne_bytes(word))),
        _ => decoded.get(index).map_or(0, |&byte| u32::from(byte)),
    };
    let samples = if header.planar && plan.channels > 1 {
        plan.samples(
            (0..plan.pixels)
                .flat_map(|pixel| (0..plan.channels).map(move |channel| channel * plan.pixels + pixel))
                .map(value),
        )
    } else {
        plan.samples((0..plan.values()).map(value))
    };
    plan.finish(samples)
}

fn damaged(error: charls::Error) -> DecodeError {
    DecodeError::damaged(format!("the JPEG-LS stream does not decode ({error})"))
}

struct Header {
    stream: Stream,
    /// How far a value may be from the original one; 0 is lossless.
    near: u8,
    /// Interleave mode none: each component has a scan of its own, and CharLS puts one plane behind the other.
    planar: bool,
}

impl Header {
    fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut stream = None;
        let mut segments = Segments::of(bytes, "JPEG-LS")?;
        while let Some(segment) = segments.next_segment()? {
            match (segment.marker, segment.body) {
                (START_OF_FRAME, &[precision, y1, y0, x1, x0, components, ..]) => {
                    stream = Some(Stream {
                        codec: "JPEG-LS",
                        rows: u32::from(u16::from_be_bytes([y1, y0])),
                        columns: u32::from(u16::from_be_bytes([x1, x0])),
                        components: u32::from(components),
                        precision: u32::from(precision),
                    });
                }
                (START_OF_SCAN, &[components, ref rest @ ..]) => {
                    let stream =
                        stream.ok_or_else(|| DecodeError::damaged("the JPEG-LS stream has no frame header"))?;
                    // Behind the components' selectors: NEAR, interleave mode, point transform.
                    let behind = usize::from(components) * 2;
                    let &[near, interleave, ..] = rest.get(behind..).unwrap_or_default() else {
                        return Err(DecodeError::incomplete(
                            "the JPEG-LS stream ends within its scan header",
                        ));
                    };
                    return Ok(Self {
                        stream,
                        near,
                        planar: interleave == 0,
                    });
                }
                _ => {}
            }
        }
        Err(DecodeError::incomplete("the JPEG-LS stream ends before its first scan"))
    }
}
