//! Properties of the guard over structures by chance, the same on every run: what is well formed reads back whole in every
//! encoding; what is cut keeps what came before; what is damaged ends in an object or in a sentence.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use bytes::Bytes;
use dicom_core::{Tag, VR};
use dicom_object::InMemDicomObject;
use study::Object;
use testkit::dicom::{BIG_ENDIAN, EXPLICIT, IMPLICIT, element, item, part10, u16s, u32s};

/// xorshift.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// An element of a well-formed data set.
#[derive(Clone, Debug, PartialEq)]
enum Node {
    Text((u16, u16), &'static str, String),
    Shorts((u16, u16), Vec<u16>),
    Longs((u16, u16), Vec<u32>),
    Items((u16, u16), Vec<Vec<Node>>),
}

/// Attributes that the dictionary knows, so that the implicit encoding reads them alike, in order of their tags.
const ATTRIBUTES: [((u16, u16), &str); 12] = [
    ((0x0008, 0x0008), "CS"),
    ((0x0008, 0x0060), "CS"),
    ((0x0008, 0x1140), "SQ"),
    ((0x0010, 0x0010), "PN"),
    ((0x0010, 0x0020), "LO"),
    ((0x0018, 0x0050), "DS"),
    ((0x0020, 0x000D), "UI"),
    ((0x0020, 0x0013), "IS"),
    ((0x0020, 0x9057), "UL"),
    ((0x0028, 0x0010), "US"),
    ((0x0028, 0x3006), "US"),
    ((0x0040, 0xA730), "SQ"),
];

fn tree(chance: &mut Chance, depth: usize) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (tag, vr) in ATTRIBUTES {
        if chance.below(3) > 0 {
            continue;
        }
        let some = |chance: &mut Chance, letters: &[u8]| -> String {
            let length = 2 * chance.below(9);
            (0..length)
                .map(|_| char::from(letters[chance.below(letters.len())]))
                .collect()
        };
        nodes.push(match vr {
            "SQ" if depth == 0 => continue,
            "SQ" => {
                let items = chance.below(4);
                Node::Items(tag, (0..items).map(|_| tree(chance, depth - 1)).collect())
            }
            "US" => {
                let values = 1 + chance.below(4);
                Node::Shorts(tag, (0..values).map(|_| chance.below(65_536) as u16).collect())
            }
            "UL" => Node::Longs(tag, vec![chance.below(1 << 32) as u32]),
            "DS" | "IS" | "UI" => Node::Text(tag, vr, some(chance, b"0123456789.")),
            _ => Node::Text(tag, vr, some(chance, b"ABCDEFGHIJ^_")),
        });
    }
    nodes
}

/// Writes a tree; lengths are defined or not as chance will have it.
fn written(nodes: &[Node], syntax: &str, chance: &mut Chance) -> Vec<u8> {
    let big = syntax == BIG_ENDIAN;
    let mut bytes = Vec::new();
    for node in nodes {
        bytes.extend(match node {
            Node::Text(tag, vr, text) => element(syntax, *tag, vr, text.as_bytes(), None),
            Node::Shorts(tag, values) => element(syntax, *tag, "US", &u16s(big, values), None),
            Node::Longs(tag, values) => element(syntax, *tag, "UL", &u32s(big, values), None),
            Node::Items(tag, items) => {
                let marker = |tag: u16, length: u32| {
                    let little = item(tag, length, &[]);
                    if big {
                        [u16s(true, &[0xFFFE, tag]), u32s(true, &[length])].concat()
                    } else {
                        little
                    }
                };
                let mut content = Vec::new();
                for nodes in items {
                    let inner = written(nodes, syntax, chance);
                    if chance.below(2) == 0 {
                        content.extend(marker(0xE000, inner.len() as u32));
                        content.extend(inner);
                    } else {
                        content.extend(marker(0xE000, u32::MAX));
                        content.extend(inner);
                        content.extend(marker(0xE00D, 0));
                    }
                }
                if chance.below(2) == 0 {
                    element(syntax, *tag, "SQ", &content, None)
                } else {
                    content.extend(marker(0xE0DD, 0));
                    element(syntax, *tag, "SQ", &content, Some(u32::MAX))
                }
            }
        });
    }
    bytes
}

/// Whether a data set is exactly what a tree says.
fn is(dataset: &InMemDicomObject, nodes: &[Node]) -> bool {
    dataset.iter().count() == nodes.len() && nodes.iter().all(|node| holds(dataset, node))
}

/// Whether a data set holds an element of a tree as it was written.
fn holds(dataset: &InMemDicomObject, node: &Node) -> bool {
    let element = |tag: &(u16, u16)| dataset.element(Tag(tag.0, tag.1));
    match node {
        Node::Text(tag, _, text) => element(tag).is_ok_and(|e| e.to_str().is_ok_and(|found| found == text.as_str())),
        Node::Shorts(tag, values) => {
            element(tag).is_ok_and(|e| e.to_multi_int::<u16>().is_ok_and(|found| found == *values))
        }
        Node::Longs(tag, values) => {
            element(tag).is_ok_and(|e| e.to_multi_int::<u32>().is_ok_and(|found| found == *values))
        }
        Node::Items(tag, items) => element(tag).is_ok_and(|e| {
            let found = e.items().unwrap_or_default();
            e.vr() == VR::SQ && found.len() == items.len() && found.iter().zip(items).all(|(f, i)| is(f, i))
        }),
    }
}

#[test]
fn what_is_well_formed_reads_back_whole_in_every_encoding() {
    let mut chance = Chance(20_261_125);
    for round in 0..6_000 {
        let nodes = tree(&mut chance, 3);
        if nodes.is_empty() {
            continue;
        }
        for syntax in [IMPLICIT, EXPLICIT, BIG_ENDIAN] {
            let bytes = part10(syntax, &written(&nodes, syntax, &mut chance));
            let object = Object::parse(bytes.into()).unwrap();
            assert!(is(object.dataset(), &nodes), "round {round}, {syntax}: {nodes:?}");
            assert!(
                object.oddities().is_empty(),
                "round {round}, {syntax}: {:?}",
                object.oddities()
            );
        }
    }
}

#[test]
fn what_is_cut_keeps_the_elements_before_the_cut() {
    let mut chance = Chance(7);
    for round in 0..6_000 {
        let nodes = tree(&mut chance, 2);
        let body = written(&nodes, EXPLICIT, &mut chance);
        let whole = part10(EXPLICIT, &body);
        let outside = whole.len() - body.len();
        let cut = outside + chance.below(body.len());
        let object = Object::parse(Bytes::copy_from_slice(&whole[..cut])).unwrap();
        // The last element that is there may be cut itself.
        let kept = object.dataset().iter().count().saturating_sub(1);
        for node in nodes.iter().take(kept) {
            assert!(holds(object.dataset(), node), "round {round}: {node:?}");
        }
    }
}

#[test]
fn what_is_damaged_ends_in_an_object_or_in_a_sentence() {
    let mut chance = Chance(99);
    for _ in 0..100_000 {
        let syntax = [IMPLICIT, EXPLICIT, BIG_ENDIAN][chance.below(3)];
        let nodes = tree(&mut chance, 2);
        let mut bytes = part10(syntax, &written(&nodes, syntax, &mut chance));
        for _ in 0..=chance.below(4) {
            let at = chance.below(bytes.len());
            match chance.below(5) {
                0 => bytes[at] ^= 1 << chance.below(8),
                1 => bytes[at] = 0xff,
                2 => {
                    let end = (at + 4).min(bytes.len());
                    bytes[at..end].fill(0xff);
                }
                3 => {
                    let end = (at + chance.below(40)).min(bytes.len());
                    bytes.drain(at..end);
                }
                _ => {
                    let end = (at + chance.below(40)).min(bytes.len());
                    let again = bytes[at..end].to_vec();
                    bytes.splice(at..at, again);
                }
            }
            if bytes.is_empty() {
                break;
            }
        }
        match Object::parse(bytes.into()) {
            Ok(object) => {
                let _ = object.instance();
                let _ = object.encoded_frame(0);
            }
            Err(error) => assert!(error.to_string().ends_with('.'), "{error}"),
        }
    }
}
