//! Lossy JPEG of 12 bits (ISO/IEC 10918-1 F and G, processes 4 and 12), which jpeg-decoder does not read.

use super::super::DecodeError;
use super::Segments;
use super::header::{Header, Process};
use super::huffman::Bits;
use super::planes::Planes;
use super::scan::{Scan, Tables};

/// Decodes to interleaved values of `header.precision` bits; components of fewer samples are brought to full size.
pub(super) fn decode(header: &Header, bytes: &[u8]) -> Result<Vec<u16>, DecodeError> {
    let mut planes = Planes::new(header)?;
    let mut tables = Tables::default();
    let mut segments = Segments::of(bytes, "JPEG")?;
    // A sequential frame is whole when its components are; a progressive one goes on to the end of the image.
    while header.process == Process::Progressive || !planes.whole() {
        let Some(segment) = segments.next_segment()? else {
            break;
        };
        match segment.marker {
            0xc4 => tables.huffman(segment.body)?,
            0xdb => tables.quantisation(segment.body)?,
            0xdd => tables.restarts(segment.body),
            0xda => {
                let mut scan = Scan::read(segment.body, header, &tables)?;
                let mut bits = Bits::new(bytes, segments.at());
                scan.decode(&mut bits, &mut planes)?;
                segments.go_to(bits.marker());
            }
            _ => {}
        }
    }
    if !planes.whole() {
        return Err(DecodeError::incomplete(
            "the JPEG stream ends before all of its components came",
        ));
    }
    planes.picture()
}
