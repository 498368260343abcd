//! The structural pass: from bytes to a data set, without recursion and within bounds (docs/decisions/0004).

use bytes::Bytes;
use dicom_core::value::{DataSetSequence, PixelFragmentSequence, PrimitiveValue, Value};
use dicom_core::{DataElement, Length, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use super::budget::Budget;
use super::charset::Charset;
use super::element::{Encoding, Header, ITEM, ITEM_END, SEQUENCE_END, UNDEFINED, dictionary_vr, header, plausible};
use super::fragments::Fragments;
use super::value::{TooManyValues, value};
use crate::object::Oddities;
use crate::{ObjectError, SampleKind};

/// Sequences within sequences, at most.
pub(crate) const DEEPEST: usize = 64;

/// Pixel data as it was found.
pub(crate) struct Pixels {
    pub(crate) kind: SampleKind,
    pub(crate) vr: VR,
    pub(crate) stored: Stored,
}

/// In which of the two forms pixel data stands (PS3.5 A.4).
pub(crate) enum Stored {
    /// One value with a length.
    Native(Bytes),
    /// Fragments.
    Encapsulated(Fragments),
}

/// What the pass found.
pub(crate) struct Walked {
    pub(crate) dataset: InMemDicomObject,
    pub(crate) pixels: Option<Pixels>,
    /// Extended Offset Table (7FE0,0001) and its lengths (7FE0,0002).
    pub(crate) extended_offsets: Vec<u64>,
    pub(crate) extended_lengths: Vec<u64>,
    /// The data set's encoding, which native pixels share.
    pub(crate) encoding: Encoding,
}

/// A container that is being read.
struct Open {
    /// Where it ends by its own or its parents' lengths.
    end: usize,
    /// It has a length of its own; else a delimiter ends it.
    defined: bool,
    encoding: Encoding,
    charset: Charset,
    signed: bool,
    what: What,
}

enum What {
    /// The data set or an item of a sequence.
    Elements(Vec<InMemElement>),
    /// A sequence.
    Items(Tag, Vec<InMemDicomObject>),
}

/// Walks over a data set within a budget.
///
/// # Errors
/// `Refused` when a bound is passed.
pub(crate) fn walk(
    bytes: &Bytes,
    encoding: Encoding,
    budget: &mut Budget,
    oddities: &mut Oddities,
) -> Result<Walked, ObjectError> {
    let root = Open {
        end: bytes.len(),
        defined: true,
        encoding,
        charset: Charset::default_repertoire(),
        signed: false,
        what: What::Elements(Vec::new()),
    };
    let mut walk = Walk {
        bytes,
        at: 0,
        budget,
        open: vec![root],
        oddities,
        pixels: None,
        extended_offsets: Vec::new(),
        extended_lengths: Vec::new(),
    };
    loop {
        if let Some(dataset) = walk.step()? {
            return Ok(Walked {
                dataset,
                pixels: walk.pixels,
                extended_offsets: walk.extended_offsets,
                extended_lengths: walk.extended_lengths,
                encoding,
            });
        }
    }
}

struct Walk<'a> {
    bytes: &'a Bytes,
    at: usize,
    budget: &'a mut Budget,
    /// From the data set inwards; never empty until it is done.
    open: Vec<Open>,
    oddities: &'a mut Oddities,
    pixels: Option<Pixels>,
    extended_offsets: Vec<u64>,
    extended_lengths: Vec<u64>,
}

impl Walk<'_> {
    /// Reads one element or item, or closes a container; gives the data set when the outermost one is closed. Each step
    /// moves at least 8 bytes on or closes something, so that the walk ends.
    fn step(&mut self) -> Result<Option<InMemDicomObject>, ObjectError> {
        let Some(top) = self.open.last() else {
            return Ok(Some(InMemDicomObject::new_empty()));
        };
        let (end, encoding, defined) = (top.end, top.encoding, top.defined);
        let is_sequence = matches!(top.what, What::Items(..));
        if self.at >= end {
            if !defined {
                self.oddities
                    .note("A sequence is not closed; it was taken to end with what holds it.");
            }
            return self.close(end);
        }
        let Some(header) = header(self.bytes, self.at, end, encoding, top.signed) else {
            let tail = self.bytes.get(self.at..end).unwrap_or_default();
            if tail.iter().any(|&b| b != 0) {
                self.oddities
                    .note("A few bytes at an end are too few for an element and were left out.");
            }
            return self.close(end);
        };
        if is_sequence {
            self.in_sequence(header)
        } else {
            self.in_elements(header)
        }
    }

    fn in_sequence(&mut self, header: Header) -> Result<Option<InMemDicomObject>, ObjectError> {
        let Some(top) = self.open.last() else {
            return Ok(None);
        };
        let (end, defined, encoding, charset, signed) = (top.end, top.defined, top.encoding, top.charset, top.signed);
        match header.tag {
            ITEM => {
                self.budget.count(1)?;
                let (item_end, item_defined) = self.reach(header, end);
                self.at = header.value_at;
                self.open.push(Open {
                    end: item_end,
                    defined: item_defined,
                    encoding: self.encoding_within(encoding, item_end),
                    charset,
                    signed,
                    what: What::Elements(Vec::new()),
                });
                Ok(None)
            }
            SEQUENCE_END => self.close(if defined { end } else { header.value_at }),
            ITEM_END => {
                self.oddities
                    .note("A delimiter stands where none belongs and was passed over.");
                self.at = header.value_at;
                Ok(None)
            }
            _ => {
                self.oddities
                    .note("A sequence holds something else than items; it was taken to end there.");
                self.close(if defined { end } else { self.at })
            }
        }
    }

    /// Sequences of an element written as UN are implicit by the standard (CP-246), yet some writers keep them explicit.
    fn encoding_within(&self, encoding: Encoding, end: usize) -> Encoding {
        let item = self.bytes.get(self.at..end).unwrap_or_default();
        if encoding == Encoding::IMPLICIT
            && !item.is_empty()
            && plausible(item, 0, Encoding::IMPLICIT, 1) == 0
            && plausible(item, 0, Encoding::EXPLICIT, 2) > 0
        {
            return Encoding::EXPLICIT;
        }
        encoding
    }

    fn in_elements(&mut self, header: Header) -> Result<Option<InMemDicomObject>, ObjectError> {
        let Some(top) = self.open.last() else {
            return Ok(None);
        };
        let (end, encoding, is_root, defined) = (top.end, top.encoding, self.open.len() == 1, top.defined);
        if header.tag.0 == 0xFFFE {
            return self.delimiter(header, is_root, defined, end);
        }
        self.budget.count(1)?;
        if header.implicit_here {
            self.oddities
                .note("Some elements are written without value representations although the others have them.");
        }
        if header.unknown_vr {
            self.oddities
                .note("An element has a value representation that the standard does not know; it was kept as unknown.");
        }
        let (vr, encoding) = understood(header, encoding);
        if is_root && is_pixel_data(header.tag) {
            return self.pixel_data(header, vr, encoding, end).map(|()| None);
        }
        if header.length == UNDEFINED {
            return self.undefined_length(header, vr, encoding, end).map(|()| None);
        }
        let (value_end, _) = self.reach(header, end);
        if vr == VR::SQ {
            return self.enter(header, encoding, value_end, true).map(|()| None);
        }
        self.at = value_end;
        // Group lengths are retired (PS3.5 7.2) and would lie as soon as anything is changed.
        if header.tag.1 == 0 {
            return Ok(None);
        }
        self.element(header.tag, vr, encoding, header.value_at..value_end)?;
        Ok(None)
    }

    /// An item's end, or an item or delimiter where none belongs.
    fn delimiter(
        &mut self,
        header: Header,
        is_root: bool,
        defined: bool,
        end: usize,
    ) -> Result<Option<InMemDicomObject>, ObjectError> {
        if is_root {
            self.oddities
                .note("A delimiter stands where none belongs and was passed over.");
            self.at = header.value_at;
            return Ok(None);
        }
        match (header.tag, defined) {
            (ITEM_END, false) => self.close(header.value_at),
            // The item was not closed: the sequence sees the same header next.
            (ITEM | SEQUENCE_END, false) => {
                self.oddities
                    .note("An item is not closed; it was taken to end where the next thing begins.");
                self.close(self.at)
            }
            (ITEM_END, true) if header.value_at >= end => self.close(end),
            _ => {
                self.oddities
                    .note("A delimiter stands where none belongs and was passed over.");
                self.at = header.value_at;
                Ok(None)
            }
        }
    }

    /// Where a value or item ends, cut at what holds it, and whether it has a length at all.
    fn reach(&mut self, header: Header, end: usize) -> (usize, bool) {
        if header.length == UNDEFINED {
            return (end, false);
        }
        match header.value_at.checked_add(header.length as usize) {
            Some(reach) if reach <= end => (reach, true),
            _ => {
                self.oddities.note(if end == self.bytes.len() {
                    "The file ends within an element; it is incomplete."
                } else {
                    "An element reaches beyond what holds it and was cut."
                });
                (end, true)
            }
        }
    }

    fn undefined_length(&mut self, header: Header, vr: VR, encoding: Encoding, end: usize) -> Result<(), ObjectError> {
        let next = encoding
            .tag(self.bytes, header.value_at)
            .filter(|_| header.value_at + 8 <= end);
        if !matches!(next, Some(ITEM | ITEM_END | SEQUENCE_END)) && header.value_at < end {
            self.oddities
                .note("An element without a length holds no items; it and what follows were left out.");
            self.at = end;
            return Ok(());
        }
        if matches!(vr, VR::OB | VR::OW | VR::OF | VR::OD) {
            // Encapsulated data within an item (an icon) or in a private element: kept, never drawn as the image.
            let (fragments, after) = self.fragments(header.value_at, end, encoding)?;
            self.at = after;
            self.budget
                .element(fragments.slices().map(<[u8]>::len).sum(), fragments.len())?;
            let copied: Vec<Vec<u8>> = fragments.slices().map(|bytes| bytes.to_vec()).collect();
            let value = Value::PixelSequence(PixelFragmentSequence::new(Vec::<u32>::new(), copied));
            self.push(DataElement::new(header.tag, vr, value));
            return Ok(());
        }
        self.enter(header, encoding, end, false)
    }

    /// Begins a sequence.
    fn enter(&mut self, header: Header, encoding: Encoding, end: usize, defined: bool) -> Result<(), ObjectError> {
        if self
            .open
            .iter()
            .filter(|open| matches!(open.what, What::Items(..)))
            .count()
            >= DEEPEST
        {
            return Err(ObjectError::Refused(format!(
                "its sequences are nested more than {DEEPEST} deep"
            )));
        }
        let Some(top) = self.open.last() else {
            return Ok(());
        };
        let (charset, signed) = (top.charset, top.signed);
        self.at = header.value_at;
        self.open.push(Open {
            end,
            defined,
            encoding,
            charset,
            signed,
            what: What::Items(header.tag, Vec::new()),
        });
        Ok(())
    }

    fn pixel_data(&mut self, header: Header, vr: VR, encoding: Encoding, end: usize) -> Result<(), ObjectError> {
        let kind = match header.tag {
            tags::FLOAT_PIXEL_DATA => SampleKind::Float,
            tags::DOUBLE_FLOAT_PIXEL_DATA => SampleKind::Double,
            tags::PIXEL_DATA => SampleKind::Integer,
            _ => {
                let (value_end, _) = self.reach(header, end);
                let words = self
                    .bytes
                    .get(header.value_at..value_end)
                    .unwrap_or_default()
                    .as_chunks::<8>()
                    .0;
                let numbers = words
                    .iter()
                    .map(|&b| {
                        if encoding.big {
                            u64::from_be_bytes(b)
                        } else {
                            u64::from_le_bytes(b)
                        }
                    })
                    .collect();
                match header.tag {
                    tags::EXTENDED_OFFSET_TABLE => self.extended_offsets = numbers,
                    _ => self.extended_lengths = numbers,
                }
                self.at = value_end;
                return Ok(());
            }
        };
        let stored = if header.length == UNDEFINED {
            let (fragments, after) = self.fragments(header.value_at, end, encoding)?;
            self.at = after;
            Stored::Encapsulated(fragments)
        } else {
            let (value_end, _) = self.reach(header, end);
            self.at = value_end;
            Stored::Native(self.bytes.slice(header.value_at..value_end))
        };
        if self.pixels.is_some() {
            self.oddities
                .note("The object has pixel data more than once; the first was taken.");
            return Ok(());
        }
        self.pixels = Some(Pixels { kind, vr, stored });
        Ok(())
    }

    fn fragments(&mut self, at: usize, end: usize, encoding: Encoding) -> Result<(Fragments, usize), ObjectError> {
        let (fragments, after) = Fragments::read(
            self.bytes,
            at..end,
            encoding,
            self.budget.elements_left(),
            self.oddities,
        );
        self.budget.fragments(fragments.len())?;
        Ok((fragments, after))
    }

    /// A value that is no sequence and not the pixel data.
    fn element(
        &mut self,
        tag: Tag,
        vr: VR,
        encoding: Encoding,
        place: std::ops::Range<usize>,
    ) -> Result<(), ObjectError> {
        let Some(charset) = self.open.last().map(|top| top.charset) else {
            return Ok(());
        };
        let bytes = self.bytes.get(place).unwrap_or_default();
        self.budget.element(bytes.len(), values_of(bytes, vr))?;
        let read = value(bytes, vr, encoding, &charset, self.oddities)
            .map_err(|TooManyValues| ObjectError::Refused("a text in it has more than a million values".to_owned()))?;
        let mut read = Some(read);
        if let Some(top) = self.open.last_mut() {
            match tag {
                tags::SPECIFIC_CHARACTER_SET => {
                    let names = read.as_ref().map(|v| v.to_multi_str().into_owned()).unwrap_or_default();
                    top.charset = Charset::named(&names, self.oddities);
                    // From here on every text is UTF-8.
                    read = Some(PrimitiveValue::from("ISO_IR 192"));
                }
                tags::PIXEL_REPRESENTATION => {
                    top.signed = read.as_ref().and_then(|v| v.to_int::<u16>().ok()) == Some(1);
                }
                _ => {}
            }
        }
        if let Some(read) = read {
            self.push(DataElement::new(tag, vr, Value::Primitive(read)));
        }
        Ok(())
    }

    fn push(&mut self, element: InMemElement) {
        if let Some(Open {
            what: What::Elements(elements),
            ..
        }) = self.open.last_mut()
        {
            elements.push(element);
        }
    }

    /// Closes the innermost container and goes on at a place; gives the data set when that was the outermost one.
    fn close(&mut self, go_on_at: usize) -> Result<Option<InMemDicomObject>, ObjectError> {
        self.at = go_on_at;
        let Some(closed) = self.open.pop() else {
            return Ok(None);
        };
        match closed.what {
            What::Items(tag, items) => {
                self.budget.element(0, 0)?;
                let sequence = DataSetSequence::new(items, Length::UNDEFINED);
                self.push(DataElement::new(tag, VR::SQ, Value::Sequence(sequence)));
                Ok(None)
            }
            What::Elements(elements) => {
                self.budget.dataset(elements.len())?;
                let dataset = collected(elements, self.oddities);
                let Some(parent) = self.open.last_mut() else {
                    return Ok(Some(dataset));
                };
                if let What::Items(_, items) = &mut parent.what {
                    items.push(dataset);
                }
                Ok(None)
            }
        }
    }
}

/// How many texts a value is split into; 0 where it stays one piece.
fn values_of(bytes: &[u8], vr: VR) -> usize {
    match vr {
        VR::AE | VR::AS | VR::CS | VR::DA | VR::DS | VR::DT | VR::IS | VR::TM | VR::UI => separators(bytes),
        VR::LO | VR::SH | VR::UC | VR::PN => separators(bytes),
        _ => 0,
    }
}

fn separators(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&b| b == b'\\').count()
}

fn is_pixel_data(tag: Tag) -> bool {
    matches!(
        tag,
        tags::PIXEL_DATA
            | tags::FLOAT_PIXEL_DATA
            | tags::DOUBLE_FLOAT_PIXEL_DATA
            | tags::EXTENDED_OFFSET_TABLE
            | tags::EXTENDED_OFFSET_TABLE_LENGTHS
    )
}

/// An element that a writer passed on as UN without understanding it is little endian and implicit within (PS3.5 6.2.2); the
/// dictionary may know it here.
fn understood(header: Header, encoding: Encoding) -> (VR, Encoding) {
    if encoding.implicit || header.vr != VR::UN || header.unknown_vr {
        return (header.vr, encoding);
    }
    match dictionary_vr(header.tag, false) {
        // Items and delimiters of pixel data are explicit ones.
        VR::OB | VR::OW | VR::OF | VR::OD => (dictionary_vr(header.tag, false), encoding),
        vr => (vr, Encoding::IMPLICIT),
    }
}

/// A data set of elements in file order: of two with the same tag the first counts.
fn collected(mut elements: Vec<InMemElement>, oddities: &mut Oddities) -> InMemDicomObject {
    use dicom_core::header::Header as _;
    if !elements.is_sorted_by(|a, b| a.tag() < b.tag()) {
        elements.sort_by_key(|element| element.tag());
        let before = elements.len();
        elements.dedup_by_key(|element| element.tag());
        oddities.note(if elements.len() < before {
            "An attribute stands twice in a data set; the first was taken."
        } else {
            "The attributes are not in their order."
        });
    }
    InMemDicomObject::from_element_iter(elements)
}
