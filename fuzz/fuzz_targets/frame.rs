//! A frame from a fuzzer's bytes: a few for the layout and the encoding, the rest for the stream.

use std::sync::Arc;

use study::{EncodedFrame, Layout, Photometric, SampleKind, TransferSyntax};

/// Every encoding that has a decoder.
const SYNTAXES: [&str; 16] = [
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.8.1",
    "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.201",
    "1.2.840.10008.1.2.4.203",
    "1.2.840.10008.1.2.4.110",
];

const PHOTOMETRICS: [Photometric; 8] = [
    Photometric::Monochrome1,
    Photometric::Monochrome2,
    Photometric::PaletteColor,
    Photometric::Rgb,
    Photometric::YbrFull,
    Photometric::YbrFull422,
    Photometric::YbrPartial420,
    Photometric::YbrRct,
];

/// The first ten bytes say what the frame is.
pub fn from(data: &[u8]) -> Option<EncodedFrame> {
    let (&[syntax, photometric, rows, columns, kind, allocated, stored, high, flags, large], stream) =
        data.split_first_chunk::<10>()?;
    // Mostly small frames, which the fuzzer can fill.
    let side = |low: u8, bit: u8| u32::from(low) | if large & bit != 0 { u32::from(large) << 8 } else { 0 };
    let layout = Layout {
        rows: side(rows, 1),
        columns: side(columns, 2),
        samples_per_pixel: if flags & 1 == 0 { 1 } else { 3 },
        planar: flags & 2 != 0,
        signed: flags & 4 != 0,
        bits_allocated: [1, 8, 16, 32, 64, 12, 0, 24][usize::from(allocated & 7)],
        bits_stored: u16::from(stored & 63),
        high_bit: u16::from(high & 63),
        photometric: PHOTOMETRICS[usize::from(photometric & 7)].clone(),
        kind: [SampleKind::Integer, SampleKind::Integer, SampleKind::Float, SampleKind::Double][usize::from(kind & 3)],
    };
    Some(EncodedFrame {
        layout: Arc::new(layout),
        transfer_syntax: TransferSyntax(SYNTAXES[usize::from(syntax & 15)].into()),
        bytes: bytes::Bytes::copy_from_slice(stream),
        bit_offset: flags >> 5,
    })
}
