//! Look-up tables as data sets hold them: descriptors, data in words or bytes, segments (PS3.3 C.7.6.3.1.5, C.7.9.2, C.11.1.1).

use dicom_core::Tag;
use dicom_core::value::PrimitiveValue;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use pixels::colour::Palette;
use pixels::display::LookupTable;

use crate::attribute::{numbers, primitive};
use crate::object::Oddities;

/// What a LUT Descriptor says.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Descriptor {
    entries: usize,
    first: i64,
    bits: u8,
}

impl Descriptor {
    /// The sign of the first input comes from the table's meaning, not from the value representation, which is one for all
    /// three values.
    fn read(dataset: &InMemDicomObject, tag: Tag, first_is_signed: bool) -> Option<Self> {
        let values = numbers(dataset, tag);
        let [entries, first, bits] = values.get(..3)?.try_into().ok()?;
        if ![entries, first, bits]
            .iter()
            .all(|x: &f64| x.fract() == 0.0 && (-32_768.0..=65_535.0).contains(x))
        {
            return None;
        }
        let word = |x: f64| (x as i64 & 0xFFFF) as u16;
        let entries = match word(entries) {
            0 => 65_536,
            entries => usize::from(entries),
        };
        let first = if first_is_signed {
            i64::from(word(first).cast_signed())
        } else {
            i64::from(word(first))
        };
        let bits = u8::try_from(word(bits)).ok().filter(|bits| (1..=16).contains(bits))?;
        Some(Self { entries, first, bits })
    }
}

/// Reads a table; `None` when descriptor or data are missing or make no sense.
pub(crate) fn table(
    dataset: &InMemDicomObject,
    (descriptor, data): (Tag, Tag),
    first_is_signed: bool,
    oddities: &mut Oddities,
) -> Option<LookupTable> {
    let descriptor = Descriptor::read(dataset, descriptor, first_is_signed)?;
    let wanted = descriptor.entries;
    let (mut entries, bits) = match primitive(dataset, data)? {
        PrimitiveValue::U8(bytes) if bytes.len() < wanted * 2 && bytes.len() >= wanted => {
            (bytes.iter().map(|&b| u16::from(b)).collect(), descriptor.bits.min(8))
        }
        PrimitiveValue::U8(bytes) => (words_of(bytes), descriptor.bits),
        // Two 8-bit entries in each word, the first one in the low byte.
        PrimitiveValue::U16(words) if wanted > 1 && words.len() == wanted.div_ceil(2) => (
            words.iter().flat_map(|w| w.to_le_bytes()).map(u16::from).collect(),
            descriptor.bits.min(8),
        ),
        PrimitiveValue::U16(words) => (words.to_vec(), descriptor.bits),
        PrimitiveValue::I16(words) => (words.iter().map(|w| w.cast_unsigned()).collect(), descriptor.bits),
        _ => {
            let all = numbers(dataset, data);
            let words: Option<Vec<u16>> = all
                .iter()
                .map(|x| (x.fract() == 0.0 && (0.0..=65_535.0).contains(x)).then_some(*x as u16))
                .collect();
            (words?, descriptor.bits)
        }
    };
    entries.truncate(wanted);
    if entries.is_empty() {
        return None;
    }
    if entries.len() < wanted {
        oddities.note("A look-up table is shorter than it says; its last entry holds beyond its end.");
    }
    Some(LookupTable {
        first: descriptor.first,
        bits: enough_bits(&entries, bits, oddities),
        entries,
    })
}

/// The bits that the descriptor says, or as many as the entries really need.
fn enough_bits(entries: &[u16], bits: u8, oddities: &mut Oddities) -> u8 {
    let needed = 16 - entries.iter().max().copied().unwrap_or(0).leading_zeros() as u8;
    if needed > bits {
        oddities.note("A look-up table has entries beyond the bits that it says; the bits they need were taken.");
    }
    bits.max(needed)
}

fn words_of(bytes: &[u8]) -> Vec<u16> {
    bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|b| u16::from_le_bytes(*b))
        .collect()
}

/// Reads the three tables of PALETTE COLOR (PS3.3 C.7.9); `None` when one is missing.
pub(super) fn palette(dataset: &InMemDicomObject, signed: bool, oddities: &mut Oddities) -> Option<Palette> {
    let mut one = |descriptor, data, segmented| {
        table(dataset, (descriptor, data), signed, oddities)
            .or_else(|| segmented_table(dataset, (descriptor, segmented), signed, oddities))
    };
    Some(Palette {
        red: one(
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            tags::SEGMENTED_RED_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        )?,
        green: one(
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            tags::SEGMENTED_GREEN_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        )?,
        blue: one(
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DESCRIPTOR,
            tags::BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
            tags::SEGMENTED_BLUE_PALETTE_COLOR_LOOKUP_TABLE_DATA,
        )?,
    })
}

fn segmented_table(
    dataset: &InMemDicomObject,
    (descriptor, data): (Tag, Tag),
    first_is_signed: bool,
    oddities: &mut Oddities,
) -> Option<LookupTable> {
    let descriptor = Descriptor::read(dataset, descriptor, first_is_signed)?;
    let bytes: Vec<u8> = match primitive(dataset, data)? {
        PrimitiveValue::U8(bytes) => bytes.to_vec(),
        PrimitiveValue::U16(words) => words.iter().flat_map(|w| w.to_le_bytes()).collect(),
        _ => return None,
    };
    // Entries of 8 bits come in segments of bytes, deeper ones in segments of words.
    let codes: Vec<u16> = if descriptor.bits <= 8 {
        bytes.iter().map(|&b| u16::from(b)).collect()
    } else {
        words_of(&bytes)
    };
    let entries = expanded(&codes, descriptor.bits <= 8, descriptor.entries)?;
    if entries.len() < descriptor.entries {
        oddities.note("A segmented palette is shorter than it says; its last entry holds beyond its end.");
    }
    Some(LookupTable {
        first: descriptor.first,
        bits: enough_bits(&entries, descriptor.bits, oddities),
        entries,
    })
}

/// Expands discrete, linear and indirect segments (PS3.3 C.7.9.2) to at most `most` entries; `None` when they make no sense.
fn expanded(codes: &[u16], bytes: bool, most: usize) -> Option<Vec<u16>> {
    let mut entries = Vec::new();
    let mut at = 0;
    while at < codes.len() && entries.len() < most {
        // A padding byte at the end is no segment.
        if codes.len() - at < 2 {
            break;
        }
        at = segment(codes, at, bytes, most, true, &mut entries)?;
    }
    entries.truncate(most);
    (!entries.is_empty()).then_some(entries)
}

/// Expands one segment and gives the place behind it.
fn segment(
    codes: &[u16],
    at: usize,
    bytes: bool,
    most: usize,
    may_be_indirect: bool,
    entries: &mut Vec<u16>,
) -> Option<usize> {
    let length = usize::from(*codes.get(at + 1)?);
    let values = at + 2;
    match codes.get(at)? {
        0 => {
            entries.extend_from_slice(codes.get(values..values + length)?);
            Some(values + length)
        }
        1 => {
            let start = i32::from(*entries.last()?);
            let end = i32::from(*codes.get(values)?);
            let steps = length as f64;
            for step in 1..=length {
                if entries.len() >= most {
                    break;
                }
                let part = f64::from(end - start) * step as f64 / steps;
                entries.push((f64::from(start) + part).round() as u16);
            }
            Some(values + 1)
        }
        2 if may_be_indirect => {
            let word = |index: usize| codes.get(values + index).copied().map(usize::from);
            // The offset counts bytes: two words, or four bytes.
            let (mut target, after) = if bytes {
                let offset = word(0)? | word(1)? << 8 | word(2)? << 16 | word(3)? << 24;
                (offset, values + 4)
            } else {
                ((word(0)? | word(1)? << 16) / 2, values + 2)
            };
            for _ in 0..length {
                if entries.len() >= most {
                    break;
                }
                target = segment(codes, target, bytes, most, false, entries)?;
            }
            Some(after)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, VR};

    use super::*;

    fn with(descriptor: [u16; 3], data: PrimitiveValue) -> InMemDicomObject {
        InMemDicomObject::from_element_iter([
            DataElement::new(tags::LUT_DESCRIPTOR, VR::US, PrimitiveValue::U16(descriptor[..].into())),
            DataElement::new(tags::LUT_DATA, VR::OW, data),
        ])
    }

    fn read(descriptor: [u16; 3], data: PrimitiveValue, signed: bool) -> (Option<LookupTable>, usize) {
        let mut oddities = Oddities::default();
        let read = table(
            &with(descriptor, data),
            (tags::LUT_DESCRIPTOR, tags::LUT_DATA),
            signed,
            &mut oddities,
        );
        (read, oddities.into_list().len())
    }

    #[test]
    fn a_table_is_read_from_words_from_bytes_and_from_bytes_in_words() {
        let expected = LookupTable {
            first: 0,
            bits: 8,
            entries: vec![1, 2, 3],
        };
        for data in [
            PrimitiveValue::U16([1, 2, 3][..].into()),
            PrimitiveValue::U8([1, 2, 3, 0][..].into()),
            PrimitiveValue::U16([0x0201, 0x0003][..].into()),
            PrimitiveValue::U8([1, 0, 2, 0, 3, 0][..].into()),
        ] {
            assert_eq!(read([3, 0, 8], data, false), (Some(expected.clone()), 0));
        }
    }

    #[test]
    fn the_first_inputs_sign_follows_the_tables_meaning() {
        let data = || PrimitiveValue::U16([1, 2][..].into());
        assert_eq!(read([2, 0xFC00, 12], data(), true).0.unwrap().first, -1024);
        assert_eq!(read([2, 0xFC00, 12], data(), false).0.unwrap().first, 0xFC00);
    }

    #[test]
    fn zero_entries_are_65536_and_lies_are_told() {
        let (table, oddities) = read([0, 0, 16], PrimitiveValue::U16(vec![7; 65_536].into()), false);
        assert_eq!((table.unwrap().entries.len(), oddities), (65_536, 0));
        let (table, oddities) = read([4, 0, 8], PrimitiveValue::U16([1, 2, 300][..].into()), false);
        assert_eq!((table.unwrap().bits, oddities), (9, 2));
        assert_eq!(read([4, 0, 0], PrimitiveValue::U16([1, 2][..].into()), false).0, None);
    }

    #[test]
    fn segments_expand_as_in_the_standard() {
        let codes = [0, 2, 0, 10, 1, 4, 50, 2, 1, 0, 0];
        assert_eq!(expanded(&codes, false, 8).unwrap(), [0, 10, 20, 30, 40, 50, 0, 10]);
        let codes = [0, 2, 0, 10, 1, 4, 50, 2, 1, 0, 0, 0, 0];
        assert_eq!(expanded(&codes, true, 8).unwrap(), [0, 10, 20, 30, 40, 50, 0, 10]);
        // Never more than the descriptor says, never endless, never without a start.
        assert_eq!(expanded(&[0, 1, 5, 1, 60_000, 9], false, 16).unwrap().len(), 16);
        assert_eq!(expanded(&[1, 4, 50], false, 8), None);
        assert_eq!(expanded(&[2, 9, 0, 0], false, 8), None);
        assert_eq!(expanded(&[0, 9, 1], false, 8), None);
    }
}
