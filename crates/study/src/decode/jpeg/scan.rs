//! The scans of a lossy frame: sequential (ISO/IEC 10918-1 F.2) and progressive (G.2), Huffman coded.

use super::super::DecodeError;
use super::header::{Header, Process};
use super::huffman::{Bits, Table};
use super::planes::Planes;

/// Where the coefficients of a block go, in the order that they come (figure A.6).
#[rustfmt::skip]
const ZIGZAG: [u8; 64] = [
     0,  1,  8, 16,  9,  2,  3, 10, 17, 24, 32, 25, 18, 11,  4,  5,
    12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,  6,  7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// What the segments before a scan have set.
#[derive(Default)]
pub(super) struct Tables {
    dc: [Option<Table>; 4],
    ac: [Option<Table>; 4],
    quantisation: [Option<[f32; 64]>; 4],
    /// Units between restarts; 0 without.
    restart: usize,
}

impl Tables {
    /// Reads a DHT segment.
    pub(super) fn huffman(&mut self, body: &[u8]) -> Result<(), DecodeError> {
        for (place, table) in Table::read_all(body)? {
            let class = if place >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            if let Some(slot) = class.get_mut(usize::from(place & 15)) {
                *slot = Some(table);
            }
        }
        Ok(())
    }

    /// Reads a DQT segment.
    pub(super) fn quantisation(&mut self, mut body: &[u8]) -> Result<(), DecodeError> {
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

    /// Reads a DRI segment.
    pub(super) fn restarts(&mut self, body: &[u8]) {
        self.restart = body
            .first_chunk()
            .map_or(0, |&units| usize::from(u16::from_be_bytes(units)));
    }
}

/// What a scan does to a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// Every coefficient, whole.
    Sequential,
    /// The first coefficient's upper bits.
    FirstDc,
    /// One more bit of the first coefficient.
    RefineDc,
    /// The upper bits of a band of the others.
    FirstAc,
    /// One more bit of a band of the others.
    RefineAc,
}

struct Component<'a> {
    /// Index in the frame.
    index: usize,
    dc: Option<&'a Table>,
    ac: Option<&'a Table>,
    quantisation: Option<&'a [f32; 64]>,
    predicted: i32,
}

/// A scan that is being decoded.
pub(super) struct Scan<'a> {
    components: Vec<Component<'a>>,
    restart: usize,
    pass: Pass,
    /// The band of coefficients, in the order that they come.
    first: usize,
    last: usize,
    /// How many lower bits are left for later scans.
    low: u8,
    /// Blocks to come whose band is empty (EOBRUN).
    empty: u32,
}

fn wrong() -> DecodeError {
    DecodeError::damaged("a scan header of the JPEG stream makes no sense")
}

fn nonsense() -> DecodeError {
    DecodeError::damaged("the JPEG stream holds coefficients that make no sense")
}

impl<'a> Scan<'a> {
    /// Reads a scan header (B.2.3).
    pub(super) fn read(body: &[u8], header: &Header, tables: &'a Tables) -> Result<Self, DecodeError> {
        let (&count, rest) = body.split_first().ok_or_else(wrong)?;
        let (selectors, parameters) = rest.split_at_checked(usize::from(count) * 2).ok_or_else(wrong)?;
        let component = |&[id, huffman]: &[u8; 2]| {
            let index = header.components.iter().position(|c| c.id == id)?;
            let quantisation = usize::from(header.components.get(index)?.quantisation);
            Some(Component {
                index,
                dc: tables.dc.get(usize::from(huffman >> 4))?.as_ref(),
                ac: tables.ac.get(usize::from(huffman & 15))?.as_ref(),
                quantisation: tables.quantisation.get(quantisation)?.as_ref(),
                predicted: 0,
            })
        };
        let components: Option<Vec<_>> = selectors.as_chunks::<2>().0.iter().map(component).collect();
        let components = components.filter(|c| !c.is_empty()).ok_or_else(wrong)?;
        let (pass, first, last, low) = if header.process == Process::Progressive {
            let &[first, last, approximation, ..] = parameters else {
                return Err(wrong());
            };
            let (high, low) = (approximation >> 4, approximation & 15);
            let pass = match (first, high) {
                (0, 0) => Pass::FirstDc,
                (0, _) => Pass::RefineDc,
                (_, 0) => Pass::FirstAc,
                (_, _) => Pass::RefineAc,
            };
            // G.1.1.1: the first coefficient comes alone; the others of one component at a time.
            let sensible = first <= last && last < 64 && low < 14 && (first == 0) == (last == 0);
            if !sensible || first > 0 && components.len() > 1 {
                return Err(wrong());
            }
            (pass, usize::from(first), usize::from(last), low)
        } else {
            (Pass::Sequential, 0, 63, 0)
        };
        Ok(Self {
            components,
            restart: tables.restart,
            pass,
            first,
            last,
            low,
            empty: 0,
        })
    }

    /// Decodes the scan into the frame's coefficients.
    pub(super) fn decode(&mut self, bits: &mut Bits, planes: &mut Planes) -> Result<(), DecodeError> {
        for component in &self.components {
            planes.began(
                component.index,
                self.first..=self.last,
                self.low,
                component.quantisation,
            );
        }
        if let [only] = self.components.as_slice() {
            let index = only.index;
            let (across, down) = planes.blocks(index);
            for unit in 0..across * down {
                self.begin_unit(bits, unit)?;
                let block = planes.block(index, (unit % across, unit / across));
                self.block(bits, 0, block.ok_or_else(nonsense)?)?;
            }
        } else {
            let (across, down) = planes.units();
            for unit in 0..across * down {
                self.begin_unit(bits, unit)?;
                for number in 0..self.components.len() {
                    let index = self.components[number].index;
                    let (wide, high) = planes.factors(index);
                    for part in 0..wide * high {
                        let place = (unit % across * wide + part % wide, unit / across * high + part / wide);
                        self.block(bits, number, planes.block(index, place).ok_or_else(nonsense)?)?;
                    }
                }
            }
        }
        if bits.ran_out() {
            return Err(DecodeError::incomplete("the JPEG stream ends within its samples"));
        }
        Ok(())
    }

    fn begin_unit(&mut self, bits: &mut Bits, unit: usize) -> Result<(), DecodeError> {
        if self.restart > 0 && unit > 0 && unit.is_multiple_of(self.restart) {
            bits.restart(((unit / self.restart - 1) % 8) as u8)?;
            self.components.iter_mut().for_each(|c| c.predicted = 0);
            self.empty = 0;
        }
        Ok(())
    }

    fn block(&mut self, bits: &mut Bits, number: usize, block: &mut [i16; 64]) -> Result<(), DecodeError> {
        match self.pass {
            Pass::Sequential => {
                self.first_dc(bits, number, block)?;
                self.all_ac(bits, number, block)
            }
            Pass::FirstDc => self.first_dc(bits, number, block),
            Pass::RefineDc => {
                block[0] |= (bits.value(1) as i16) << self.low;
                Ok(())
            }
            Pass::FirstAc => self.first_ac(bits, number, block),
            Pass::RefineAc => self.refine_ac(bits, number, block),
        }
    }

    fn ac(&self, number: usize) -> Result<&'a Table, DecodeError> {
        self.components.get(number).and_then(|c| c.ac).ok_or_else(wrong)
    }

    /// F.2.2.1, G.2: the difference from the block before.
    fn first_dc(&mut self, bits: &mut Bits, number: usize, block: &mut [i16; 64]) -> Result<(), DecodeError> {
        let component = self.components.get_mut(number).ok_or_else(wrong)?;
        match bits.symbol(component.dc.ok_or_else(wrong)?)? {
            0 => {}
            category @ 1..=15 => {
                let difference = bits.difference(u32::from(category));
                component.predicted = component.predicted.wrapping_add(difference);
            }
            _ => return Err(nonsense()),
        }
        block[0] = (component.predicted << self.low) as i16;
        Ok(())
    }

    /// F.2.2.2.
    fn all_ac(&self, bits: &mut Bits, number: usize, block: &mut [i16; 64]) -> Result<(), DecodeError> {
        let table = self.ac(number)?;
        let mut at = 0usize;
        while at < 63 {
            let symbol = bits.symbol(table)?;
            match (symbol >> 4, symbol & 15) {
                (15, 0) => at += 16,
                (_, 0) => break,
                (zeros, category) => {
                    at += usize::from(zeros) + 1;
                    let to = usize::from(*ZIGZAG.get(at).ok_or_else(nonsense)?);
                    block[to] = bits.difference(u32::from(category)) as i16;
                }
            }
        }
        Ok(())
    }

    /// G.1.2.2: as a sequential scan does, but for a run of blocks that are empty from here on.
    fn first_ac(&mut self, bits: &mut Bits, number: usize, block: &mut [i16; 64]) -> Result<(), DecodeError> {
        if self.empty > 0 {
            self.empty -= 1;
            return Ok(());
        }
        let table = self.ac(number)?;
        let mut at = self.first;
        while at <= self.last {
            let symbol = bits.symbol(table)?;
            match (symbol >> 4, symbol & 15) {
                (15, 0) => at += 16,
                (order, 0) => {
                    self.empty = (1 << order) - 1 + bits.value(u32::from(order));
                    break;
                }
                (zeros, category) => {
                    at += usize::from(zeros);
                    let to = usize::from(*ZIGZAG.get(at).ok_or_else(nonsense)?);
                    block[to] = (bits.difference(u32::from(category)) << self.low) as i16;
                    at += 1;
                }
            }
        }
        Ok(())
    }

    /// G.1.2.3: one more bit for each coefficient that is not zero, and those that become so now.
    fn refine_ac(&mut self, bits: &mut Bits, number: usize, block: &mut [i16; 64]) -> Result<(), DecodeError> {
        let table = self.ac(number)?;
        let one = 1i16 << self.low;
        let mut at = self.first;
        while self.empty == 0 && at <= self.last {
            let symbol = bits.symbol(table)?;
            let (mut zeros, new) = match (symbol >> 4, symbol & 15) {
                (15, 0) => (15, 0),
                (order, 0) => {
                    self.empty = (1 << order) + bits.value(u32::from(order));
                    break;
                }
                (zeros, 1) => (zeros, if bits.value(1) == 1 { one } else { -one }),
                _ => return Err(nonsense()),
            };
            while let Some(&to) = ZIGZAG.get(at..=self.last).and_then(|rest| rest.first()) {
                at += 1;
                let value = &mut block[usize::from(to)];
                if *value != 0 {
                    refine(bits, value, one);
                } else if zeros == 0 {
                    *value = new;
                    break;
                } else {
                    zeros -= 1;
                }
            }
        }
        if self.empty > 0 {
            for &to in ZIGZAG.get(at..=self.last).unwrap_or_default() {
                let value = &mut block[usize::from(to)];
                if *value != 0 {
                    refine(bits, value, one);
                }
            }
            self.empty -= 1;
        }
        Ok(())
    }
}

fn refine(bits: &mut Bits, value: &mut i16, one: i16) {
    if bits.value(1) == 1 && *value & one == 0 {
        *value = value.wrapping_add(if *value < 0 { -one } else { one });
    }
}
