//! JPEG 2000 and High-Throughput JPEG 2000 (ISO/IEC 15444-1 and -15), by OpenJPEG.

use jpeg2k::{DecodeParameters, Image};

use super::plan::{Plan, Stream};
use super::{DecodeError, Decoded};
use crate::{Oddity, Photometric};

const SOC: [u8; 2] = [0xff, 0x4f];
const SIZ: u16 = 0xff51;
const COD: u16 = 0xff52;
const SOT: u16 = 0xff90;
const EOC: u16 = 0xffd9;
/// What a JP2 file begins with; DICOM wants the bare codestream, some writers put the file.
const JP2: [u8; 8] = [0, 0, 0, 12, b'j', b'P', b' ', b' '];

/// Reads the stream's main header, holds it against the data set and follows its tiles; gives it with the bare codestream.
pub(super) fn check<'a>(plan: &Plan, bytes: &'a [u8]) -> Result<(Header, &'a [u8]), DecodeError> {
    let codestream = if bytes.starts_with(&JP2) { boxed(bytes)? } else { bytes };
    let header = Header::read(codestream)?;
    plan.agrees(&header.stream)?;
    if !header.reversible {
        plan.may_be_lossy("JPEG 2000")?;
    }
    Ok((header, codestream))
}

/// Decodes a JPEG 2000 frame.
pub(super) fn decode(plan: &Plan, bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let (header, codestream) = check(plan, bytes)?;
    let mut oddities = Vec::new();
    if bytes.starts_with(&JP2) {
        oddities.push(Oddity(
            "The frame is a JP2 file where the bare codestream belongs.".into(),
        ));
    }
    let parameters = DecodeParameters::new().ignore_pclr_cmap_cdef();
    let image = Image::from_bytes_with(codestream, parameters)
        .map_err(|_| DecodeError::damaged("the JPEG 2000 stream does not decode"))?;
    let components = image.components();
    let fits = |c: &jpeg2k::ImageComponent| (c.width(), c.height()) == (plan.columns, plan.rows);
    if components.len() != plan.channels || !components.iter().all(fits) {
        return Err(DecodeError::damaged(
            "the JPEG 2000 stream holds another image than it says",
        ));
    }
    // A signed stream gives negative numbers, whose low bits are what the data set's sign then reads.
    let samples = match components {
        [grey] => plan.samples(grey.data().iter().map(|&v| v as u32)),
        [a, b, c] => {
            let pixels = a.data().iter().zip(b.data()).zip(c.data());
            plan.samples(pixels.flat_map(|((&a, &b), &c)| [a, b, c]).map(|v| v as u32))
        }
        _ => return Err(DecodeError::damaged("the JPEG 2000 stream has no components")),
    };
    let photometric = match &plan.photometric {
        Photometric::YbrRct | Photometric::YbrIct => Photometric::Rgb,
        _ if header.transformed && plan.channels == 3 => Photometric::Rgb,
        stated => stated.clone(),
    };
    plan.finish_as(samples, photometric, oddities)
}

/// The codestream within a JP2 file: the contents of its `jp2c` box (ISO/IEC 15444-1 I.5.4).
fn boxed(bytes: &[u8]) -> Result<&[u8], DecodeError> {
    let missing = || DecodeError::damaged("the JP2 file holds no codestream");
    let mut rest = bytes;
    while let Some((head, body)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, kind @ ..] = *head;
        let (length, head) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (rest.len() as u64, 8),
            1 => (body.first_chunk().map_or(0, |&long| u64::from_be_bytes(long)), 16),
            length => (u64::from(length), 8),
        };
        let length = usize::try_from(length).map_err(|_| missing())?;
        if &kind == b"jp2c" {
            return rest.get(head..length.min(rest.len())).ok_or_else(missing);
        }
        if length < head {
            break;
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Err(missing())
}

/// What the main header says.
#[derive(Debug)]
pub(super) struct Header {
    stream: Stream,
    /// A component transform was used, which the decoder undoes.
    transformed: bool,
    /// The wavelet is the reversible one (5-3).
    reversible: bool,
}

impl Header {
    /// Walks the codestream from marker to marker (ISO/IEC 15444-1 A): what it says of itself, and whether all of it is there.
    fn read(bytes: &[u8]) -> Result<Self, DecodeError> {
        if !bytes.starts_with(&SOC) {
            return Err(DecodeError::damaged("it does not begin as a JPEG 2000 stream does"));
        }
        let (mut size, mut transformed, mut reversible, mut at) = (None, false, false, 2);
        loop {
            let (marker, body) = segment(bytes, at)?;
            match marker {
                SIZ => size = Some(Size::read(body)?),
                COD => (transformed, reversible) = (body.get(4) == Some(&1), body.get(9) == Some(&1)),
                SOT => break,
                _ => {}
            }
            at += 4 + body.len();
        }
        let size = size.ok_or_else(|| DecodeError::damaged("the JPEG 2000 stream does not say its size"))?;
        size.tiles_are_there(bytes, at)?;
        Ok(Self {
            stream: size.stream,
            transformed,
            reversible,
        })
    }
}

/// A marker and what its segment holds.
fn segment(bytes: &[u8], at: usize) -> Result<(u16, &[u8]), DecodeError> {
    let short = || DecodeError::incomplete("the JPEG 2000 stream ends within its header");
    let head = bytes.get(at..).and_then(|b| b.first_chunk::<4>()).ok_or_else(short)?;
    let [m1, m0, l1, l0] = *head;
    let (marker, length) = (u16::from_be_bytes([m1, m0]), usize::from(u16::from_be_bytes([l1, l0])));
    if m1 != 0xff || length < 2 {
        return Err(DecodeError::damaged(
            "the JPEG 2000 stream has no marker where one belongs",
        ));
    }
    let body = bytes.get(at + 4..at + 2 + length).ok_or_else(short)?;
    Ok((marker, body))
}

/// Image and tile size (ISO/IEC 15444-1 A.5.1).
struct Size {
    stream: Stream,
    tiles: u32,
}

impl Size {
    fn read(body: &[u8]) -> Result<Self, DecodeError> {
        let damaged = || DecodeError::damaged("the JPEG 2000 stream's size makes no sense");
        let words = body.get(2..34).ok_or_else(damaged)?.as_chunks::<4>().0;
        let &[x1, y1, x0, y0, tile_x, tile_y, tiles_x0, tiles_y0] = words else {
            return Err(damaged());
        };
        let [x1, y1, x0, y0, tile_x, tile_y, tiles_x0, tiles_y0] =
            [x1, y1, x0, y0, tile_x, tile_y, tiles_x0, tiles_y0].map(u32::from_be_bytes);
        let components = body.get(36..).ok_or_else(damaged)?.as_chunks::<3>().0;
        let count = body
            .get(34..36)
            .map_or(0, |c| usize::from(u16::from_be_bytes([c[0], c[1]])));
        let first = components.first().ok_or_else(damaged)?;
        if count != components.len() {
            return Err(damaged());
        }
        if components.iter().any(|c| c[1..] != [1, 1]) {
            return Err(DecodeError::Unsupported(
                "A JPEG 2000 image with subsampled components".into(),
            ));
        }
        if components.iter().any(|c| c[0] != first[0]) {
            return Err(DecodeError::Unsupported(
                "A JPEG 2000 image whose components differ in depth".into(),
            ));
        }
        let across =
            |end: u32, start: u32, tile: u32| end.checked_sub(start).filter(|_| tile > 0).map(|d| d.div_ceil(tile));
        let tiles = across(x1, tiles_x0, tile_x)
            .zip(across(y1, tiles_y0, tile_y))
            .and_then(|(x, y)| x.checked_mul(y))
            // Isot has 16 bits.
            .filter(|tiles| (1..=65_535).contains(tiles))
            .ok_or_else(damaged)?;
        Ok(Self {
            stream: Stream {
                codec: "JPEG 2000",
                rows: y1.checked_sub(y0).ok_or_else(damaged)?,
                columns: x1.checked_sub(x0).ok_or_else(damaged)?,
                components: count as u32,
                precision: u32::from(first[0] & 0x7f) + 1,
            },
            tiles,
        })
    }

    /// Follows the tile-parts by their lengths (A.4.2). A tile that is missing or cut would otherwise come out grey or blurred.
    fn tiles_are_there(&self, bytes: &[u8], mut at: usize) -> Result<(), DecodeError> {
        let cut = || DecodeError::incomplete("the JPEG 2000 stream ends within a tile");
        let mut seen = vec![false; self.tiles as usize];
        loop {
            match bytes.get(at..).unwrap_or_default() {
                // A stream without its end marker is whole when its tiles are; so is one with padding behind.
                [] | [_] | [0, 0, ..] => break,
                rest if rest.starts_with(&EOC.to_be_bytes()) => break,
                _ => {}
            }
            let (marker, body) = segment(bytes, at).map_err(|_| cut())?;
            let &[i1, i0, p3, p2, p1, p0, ..] = body else {
                return Err(cut());
            };
            let tile = usize::from(u16::from_be_bytes([i1, i0]));
            match seen.get_mut(tile) {
                Some(seen) if marker == SOT => *seen = true,
                _ => return Err(DecodeError::damaged("the JPEG 2000 stream's tiles make no sense")),
            }
            match u32::from_be_bytes([p3, p2, p1, p0]) as usize {
                // Until the end of the codestream, which then must be there.
                0 => {
                    let filled = bytes.iter().rposition(|&b| b != 0).map_or(0, |last| last + 1);
                    if !bytes.get(..filled).is_some_and(|b| b.ends_with(&EOC.to_be_bytes())) {
                        return Err(cut());
                    }
                    break;
                }
                length if length >= 14 && length <= bytes.len() - at => at += length,
                _ => return Err(cut()),
            }
        }
        if seen.iter().all(|&seen| seen) {
            Ok(())
        } else {
            Err(cut())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 × 1 pixels, one component of 12 bits, one tile whose part claims `length` bytes.
    fn stream(length: u32) -> Vec<u8> {
        let mut bytes = SOC.to_vec();
        bytes.extend_from_slice(&[0xff, 0x51, 0, 41, 0, 0]);
        for word in [2u32, 1, 0, 0, 2, 1, 0, 0] {
            bytes.extend_from_slice(&word.to_be_bytes());
        }
        bytes.extend_from_slice(&[0, 1, 11, 1, 1]);
        bytes.extend_from_slice(&[0xff, 0x90, 0, 10, 0, 0]);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&[0, 1, 0xff, 0x93, 0, 0, 0xff, 0xd9]);
        bytes
    }

    #[test]
    fn a_stream_says_its_size_and_whether_it_is_whole() {
        let header = Header::read(&stream(16)).unwrap();
        assert_eq!(
            (header.stream.rows, header.stream.columns, header.stream.precision),
            (1, 2, 12)
        );
        assert!(Header::read(&stream(0)).is_ok());
        assert!(matches!(Header::read(&stream(400)), Err(DecodeError::Incomplete(_))));
        let whole = stream(16);
        for cut in 0..whole.len() - 2 {
            assert!(Header::read(&whole[..cut]).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn the_codestream_is_found_in_a_jp2_file() {
        let mut file = JP2.to_vec();
        file.extend_from_slice(&[0x0d, 0x0a, 0x87, 0x0a]);
        file.extend_from_slice(&[0, 0, 0, 0, b'j', b'p', b'2', b'c', 0xff, 0x4f]);
        assert_eq!(boxed(&file).unwrap(), [0xff, 0x4f]);
        assert!(boxed(&file[..12]).is_err());
    }
}
