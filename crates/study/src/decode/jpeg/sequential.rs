//! Extended sequential JPEG of 12 bits (ISO/IEC 10918-1 F, process 4), which jpeg-decoder does not read.

use super::super::DecodeError;
use super::Segments;
use super::header::Header;
use super::huffman::{Bits, Table};

/// Where the coefficients of a block go, in the order that they come (figure A.6).
#[rustfmt::skip]
const ZIGZAG: [u8; 64] = [
     0,  1,  8, 16,  9,  2,  3, 10, 17, 24, 32, 25, 18, 11,  4,  5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,  6,  7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Decodes to interleaved values of `header.precision` bits.
pub(super) fn decode(header: &Header, bytes: &[u8]) -> Result<Vec<u16>, DecodeError> {
    let channels = header.components.len();
    if channels > 1 && header.components.iter().any(|c| c.sampling != 0x11) {
        return Err(DecodeError::Unsupported(
            "Lossy JPEG of 12 bits with subsampled components".into(),
        ));
    }
    let (columns, rows) = (usize::from(header.columns), usize::from(header.rows));
    let mut image = vec![0u16; columns * rows * channels];
    let mut tables = Tables::default();
    let mut missing: Vec<u8> = header.components.iter().map(|c| c.id).collect();
    let mut segments = Segments::of(bytes, "JPEG")?;
    while !missing.is_empty() {
        let Some(segment) = segments.next_segment()? else {
            return Err(DecodeError::incomplete(
                "the JPEG stream ends before all of its components came",
            ));
        };
        match segment.marker {
            0xc4 => tables.huffman(segment.body)?,
            0xdb => tables.quantisation(segment.body)?,
            0xdd => {
                tables.restart = segment
                    .body
                    .first_chunk()
                    .map_or(0, |&mcus| usize::from(u16::from_be_bytes(mcus)))
            }
            0xda => {
                let mut scan = Scan::read(segment.body, header, &tables)?;
                let mut bits = Bits::new(bytes, segments.at());
                scan.decode(&mut bits, (columns, rows, channels), &mut image)?;
                segments.go_to(bits.marker());
                missing.retain(|id| !scan.components.iter().any(|c| c.id == *id));
            }
            _ => {}
        }
    }
    Ok(image)
}

#[derive(Default)]
struct Tables {
    dc: [Option<Table>; 4],
    ac: [Option<Table>; 4],
    quantisation: [Option<[f32; 64]>; 4],
    /// MCUs between restarts; 0 without.
    restart: usize,
}

impl Tables {
    fn huffman(&mut self, body: &[u8]) -> Result<(), DecodeError> {
        for (place, table) in Table::read_all(body)? {
            let class = if place >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            if let Some(slot) = class.get_mut(usize::from(place & 15)) {
                *slot = Some(table);
            }
        }
        Ok(())
    }

    fn quantisation(&mut self, mut body: &[u8]) -> Result<(), DecodeError> {
        let wrong = || DecodeError::damaged("a quantisation table of the JPEG stream makes no sense");
        while let Some((&place, rest)) = body.split_first() {
            let wide = place >> 4 != 0;
            let (values, rest) = rest.split_at_checked(if wide { 128 } else { 64 }).ok_or_else(wrong)?;
            let mut table = [0.0; 64];
            for (i, &to) in ZIGZAG.iter().enumerate() {
                let value = if wide {
                    u16::from_be_bytes([values[i * 2], values[i * 2 + 1]])
                } else {
                    u16::from(values[i])
                };
                table[usize::from(to)] = f32::from(value);
            }
            *self.quantisation.get_mut(usize::from(place & 15)).ok_or_else(wrong)? = Some(table);
            body = rest;
        }
        Ok(())
    }
}

struct Component<'a> {
    /// Index in the frame.
    index: usize,
    id: u8,
    dc: &'a Table,
    ac: &'a Table,
    quantisation: &'a [f32; 64],
    predicted: i32,
}

struct Scan<'a> {
    components: Vec<Component<'a>>,
    restart: usize,
    precision: u32,
}

impl<'a> Scan<'a> {
    fn read(body: &[u8], header: &Header, tables: &'a Tables) -> Result<Self, DecodeError> {
        let wrong = || DecodeError::damaged("a scan header of the JPEG stream makes no sense");
        let (&count, rest) = body.split_first().ok_or_else(wrong)?;
        let selectors = rest
            .get(..usize::from(count) * 2)
            .filter(|s| !s.is_empty())
            .ok_or_else(wrong)?;
        let component = |&[id, huffman]: &[u8; 2]| {
            let index = header.components.iter().position(|c| c.id == id)?;
            let quantisation = usize::from(header.components.get(index)?.quantisation);
            Some(Component {
                index,
                id,
                dc: tables.dc.get(usize::from(huffman >> 4))?.as_ref()?,
                ac: tables.ac.get(usize::from(huffman & 15))?.as_ref()?,
                quantisation: tables.quantisation.get(quantisation)?.as_ref()?,
                predicted: 0,
            })
        };
        let components = selectors
            .as_chunks::<2>()
            .0
            .iter()
            .map(component)
            .collect::<Option<_>>();
        Ok(Self {
            components: components.ok_or_else(wrong)?,
            restart: tables.restart,
            precision: u32::from(header.precision),
        })
    }

    fn decode(
        &mut self,
        bits: &mut Bits,
        (columns, rows, channels): (usize, usize, usize),
        image: &mut [u16],
    ) -> Result<(), DecodeError> {
        let (across, down) = (columns.div_ceil(8), rows.div_ceil(8));
        let (half, most) = ((1 << (self.precision - 1)) as f32, ((1 << self.precision) - 1) as f32);
        for unit in 0..across * down {
            if self.restart > 0 && unit > 0 && unit % self.restart == 0 {
                bits.restart(((unit / self.restart - 1) % 8) as u8)?;
                self.components.iter_mut().for_each(|c| c.predicted = 0);
            }
            let (left, top) = (unit % across * 8, unit / across * 8);
            for component in &mut self.components {
                let block = samples(coefficients(bits, component)?);
                for (y, line) in block.as_chunks::<8>().0.iter().enumerate().take(rows - top) {
                    for (x, value) in line.iter().enumerate().take(columns - left) {
                        let at = ((top + y) * columns + left + x) * channels + component.index;
                        image[at] = (value + half).round_ties_even().clamp(0.0, most) as u16;
                    }
                }
            }
        }
        if bits.ran_out() {
            return Err(DecodeError::incomplete("the JPEG stream ends within its samples"));
        }
        Ok(())
    }
}

/// One block's coefficients, dequantised (F.2.2).
fn coefficients(bits: &mut Bits, component: &mut Component) -> Result<[f32; 64], DecodeError> {
    let wrong = || DecodeError::damaged("the JPEG stream holds coefficients that make no sense");
    let mut block = [0.0; 64];
    match bits.symbol(component.dc)? {
        0 => {}
        category @ 1..=15 => {
            let difference = bits.difference(u32::from(category));
            component.predicted = component.predicted.wrapping_add(difference);
        }
        _ => return Err(wrong()),
    }
    block[0] = component.predicted as f32 * component.quantisation[0];
    let mut at = 0usize;
    while at < 63 {
        let symbol = bits.symbol(component.ac)?;
        match (symbol >> 4, symbol & 15) {
            (15, 0) => at += 16,
            (_, 0) => break,
            (zeros, category) => {
                at += usize::from(zeros) + 1;
                let to = usize::from(*ZIGZAG.get(at).ok_or_else(wrong)?);
                block[to] = bits.difference(u32::from(category)) as f32 * component.quantisation[to];
            }
        }
    }
    Ok(block)
}

/// The inverse cosine transform (A.3.3), rows then columns.
fn samples(block: [f32; 64]) -> [f32; 64] {
    transposed(transposed(block, &BASIS), &BASIS)
}

/// Transforms each row and turns the block over its diagonal, so that doing it twice does both directions.
fn transposed(block: [f32; 64], basis: &[[f32; 8]; 8]) -> [f32; 64] {
    let mut turned = [0.0; 64];
    for (y, line) in block.as_chunks::<8>().0.iter().enumerate() {
        for (x, weights) in basis.iter().enumerate() {
            turned[x * 8 + y] = line.iter().zip(weights).map(|(value, weight)| value * weight).sum();
        }
    }
    turned
}

/// `BASIS[x][u]` = C(u)/2 · cos((2x + 1)uπ/16).
const BASIS: [[f32; 8]; 8] = {
    // cos(kπ/16)/2 for k = 0 … 8; the others follow by symmetry.
    const HALF_COSINES: [f32; 9] = [
        0.5,
        0.490_392_64,
        0.461_939_77,
        0.415_734_8,
        0.353_553_4,
        0.277_785_12,
        0.191_341_72,
        0.097_545_16,
        0.0,
    ];
    let mut basis = [[0.0; 8]; 8];
    let mut x = 0;
    while x < 8 {
        basis[x][0] = HALF_COSINES[4];
        let mut u = 1;
        while u < 8 {
            let angle = (2 * x + 1) * u % 32;
            let folded = if angle > 16 { 32 - angle } else { angle };
            basis[x][u] = if folded > 8 {
                -HALF_COSINES[16 - folded]
            } else {
                HALF_COSINES[folded]
            };
            u += 1;
        }
        x += 1;
    }
    basis
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transform_is_the_standards() {
        let mut block = [0.0; 64];
        (block[0], block[1], block[8], block[27]) = (80.0, -35.0, 12.0, 55.0);
        let found = samples(block);
        let factor = |u: usize| if u == 0 { std::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
        let cosine = |x: usize, u: usize| ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0).cos();
        for (at, &value) in found.iter().enumerate() {
            let (y, x) = (at / 8, at % 8);
            let expected: f64 = block
                .iter()
                .enumerate()
                .map(|(i, &c)| {
                    let (v, u) = (i / 8, i % 8);
                    factor(u) * factor(v) / 4.0 * f64::from(c) * cosine(x, u) * cosine(y, v)
                })
                .sum();
            assert!((expected - f64::from(value)).abs() < 1e-4, "{at}: {expected} {value}");
        }
    }
}
