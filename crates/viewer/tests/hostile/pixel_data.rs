//! Group B, the pixel data itself: sizes that lie, codec streams that are cut, damaged or claim another image.

use std::path::Path;

use testkit::dicom::*;

use super::case::{Case, Outcome};
use super::structure::noise;
use Outcome::{Ends, Refused, Shown, ShownOdd, Told};

const J2K: &str = "1.2.840.10008.1.2.4.90";
const JPEG_LS: &str = "1.2.840.10008.1.2.4.80";
const JPEG_XL: &str = "1.2.840.10008.1.2.4.110";

pub(crate) fn cases() -> Vec<Case> {
    [sizes(), rle(), jpeg(), jpeg_2000(), jpeg_ls(), tables()]
        .into_iter()
        .flatten()
        .collect()
}

/// The bytes of a case folder's object.
pub(crate) fn object(case: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../test-data/cases")
        .join(case)
        .join("object.dcm");
    std::fs::read(path).unwrap()
}

/// Sets a US attribute of an explicit little endian file.
pub(crate) fn set(file: &mut [u8], tag: (u16, u16), value: u16) {
    let head = [&u16s(false, &[tag.0, tag.1])[..], b"US\x02\0"].concat();
    let at = file.windows(head.len()).position(|w| w == head).unwrap() + head.len();
    file[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

/// A case folder's object with its stream edited; it has one fragment then, and an empty table of offsets.
fn edited(case: &str, edit: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let file = object(case);
    let head = b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff";
    let at = file.windows(head.len()).position(|w| w == head).unwrap();
    let parsed = study::Object::parse(file.clone().into()).unwrap();
    let mut stream = parsed.encoded_frame(0).unwrap().bytes.to_vec();
    edit(&mut stream);
    if stream.len() % 2 == 1 {
        stream.push(0);
    }
    [&file[..at], &encapsulated(&[], &[&stream])].concat()
}

fn of(name: &str, outcome: Outcome, case: &'static str, edit: impl Fn(&mut Vec<u8>) + 'static) -> Case {
    Case::new(name, outcome, move || edited(case, &edit))
}

fn find(stream: &[u8], marker: u8) -> usize {
    stream.windows(2).position(|w| w == [0xff, marker]).unwrap()
}

/// Overwrites big-endian words of 16 bits.
fn words(stream: &mut [u8], at: usize, values: &[u16]) {
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_be_bytes()).collect();
    stream[at..at + bytes.len()].copy_from_slice(&bytes);
}

/// Overwrites big-endian words of 32 bits.
fn longs(stream: &mut [u8], at: usize, values: &[u32]) {
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_be_bytes()).collect();
    stream[at..at + bytes.len()].copy_from_slice(&bytes);
}

fn image(image: Image, pixels: &[u8]) -> impl Fn() -> Vec<u8> + use<> {
    let bytes = image.native(pixels);
    move || bytes.clone()
}

/// B1, B2, B3: native pixels against what the header declares.
fn sizes() -> Vec<Case> {
    const LARGEST: Image = Image {
        rows: 65_535,
        columns: 65_535,
        bits: 16,
        ..GREY
    };
    let frames = |name: &str, outcome, frames: &'static str| {
        let pixels: Vec<u8> = (0..12).collect();
        Case::new(
            format!("B3 Number of Frames {name}"),
            outcome,
            image(
                Image {
                    frames: Some(frames),
                    ..GREY
                },
                &pixels,
            ),
        )
    };
    let of_bytes = |name: &str, outcome, bytes: &[u8]| Case::new(format!("B2 {name}"), outcome, image(GREY, bytes));
    let compressed = |name: &str, syntax, bytes: Vec<u8>| {
        let image = Image { syntax, ..LARGEST };
        Case::new(name, Told, move || image.with(&encapsulated(&[], &[&bytes])))
    };
    vec![
        Case::new("B1 65535 x 65535", Told, image(LARGEST, &[0; 6])),
        Case::new(
            "B1 65535 x 65535 x 2147483647 frames",
            Told,
            image(
                Image {
                    frames: Some("2147483647"),
                    ..LARGEST
                },
                &[0; 6],
            ),
        ),
        Case::new(
            "B1 65535 x 65535 x 3 samples",
            Told,
            image(
                Image {
                    samples: 3,
                    photometric: "RGB ",
                    ..LARGEST
                },
                &[0; 6],
            ),
        ),
        Case::new(
            "B1 65535 x 65535 x 65535 samples",
            Refused("65535 samples"),
            image(
                Image {
                    samples: 65_535,
                    photometric: "RGB ",
                    ..LARGEST
                },
                &[0; 6],
            ),
        ),
        compressed("B1 65535 x 65535 as RLE", RLE, vec![0; 64]),
        compressed("B1 65535 x 65535 as JPEG", JPEG, b"\xff\xd8\xff\xd9".to_vec()),
        Case::new("B1 no rows", Refused("rows"), image(Image { rows: 0, ..GREY }, &[0; 6])),
        Case::new(
            "B1 no columns",
            Refused("columns"),
            image(Image { columns: 0, ..GREY }, &[0; 6]),
        ),
        of_bytes("no pixels at all", Told, &[]),
        of_bytes("too few pixels", Told, &[1, 2, 3]),
        of_bytes("an odd number of pixels", Told, &[1, 2, 3, 4, 5]),
        of_bytes("one byte of padding", Shown, &[1, 2, 3, 4, 5, 6, 0]).with_range(1.0, 6.0),
        of_bytes("too many pixels", ShownOdd("longer"), &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).with_range(1.0, 6.0),
        frames("0", ShownOdd("Number of Frames"), "0 ").with_range(0.0, 5.0),
        frames("-1", ShownOdd("Number of Frames"), "-1").with_range(0.0, 5.0),
        frames("abc", ShownOdd("Number of Frames"), "abc ").with_range(0.0, 5.0),
        frames("a thousand millions", ShownOdd("shorter"), "1000000000").with_range(0.0, 5.0),
        Case::new("B3 a million frames in one fragment", Told, || {
            Image {
                syntax: RLE,
                frames: Some("1000000 "),
                ..GREY
            }
            .with(&encapsulated(&[], &[&[0; 80]]))
        }),
        Case::new("B3 two frames of three", ShownOdd("shorter"), {
            image(
                Image {
                    frames: Some("3 "),
                    ..GREY
                },
                &(0..12).collect::<Vec<u8>>(),
            )
        })
        .with_range(0.0, 5.0),
    ]
}

/// B5: RLE segments (PS3.5 G).
fn rle() -> Vec<Case> {
    let of = |name: &str, words: &'static [u32], rest: &'static [u8]| {
        Case::new(format!("B5 {name}"), Refused(""), move || {
            let mut header = words.to_vec();
            header.resize(16, 0);
            let bytes = [u32s(false, &header), rest.to_vec()].concat();
            Image { syntax: RLE, ..GREY }.with(&encapsulated(&[], &[&bytes]))
        })
    };
    vec![
        of("a run past the end", &[1, 64], &[0x85]),
        of("a literal past the end", &[1, 64], &[0x7f, 1]),
        of("an offset back into the header", &[1, 4], &[5, 1, 2, 3, 4, 5, 6]),
        of("an offset beyond the frame", &[1, 0xFFFF_FFF0], &[5, 1, 2, 3, 4, 5, 6]),
        of("offsets that go back", &[2, 70, 64], &[5, 1, 2, 3, 4, 5, 6, 0]),
        of("no segment", &[0], &[5, 1, 2, 3, 4, 5, 6, 0]),
        of(
            "sixteen segments",
            &[16, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64],
            &[0, 0],
        ),
        of("as many segments as numbers allow", &[u32::MAX, 64], &[0, 0]),
        of("segments of nothing", &[1, 64], &[]),
        Case::new("B5 two bytes", Refused(""), || {
            Image { syntax: RLE, ..GREY }.with(&encapsulated(&[], &[&[1, 0]]))
        }),
        // 8192 × 8192 pixels need 8192 × 64 bytes of RLE at the least; nothing is allocated for what cannot be there.
        Case::new("B5 a large frame that cannot be in so few bytes", Refused(""), || {
            let mut header = vec![1, 64];
            header.resize(16, 0);
            let bytes = [u32s(false, &header), [0x81, 0].repeat(100)].concat();
            Image {
                syntax: RLE,
                rows: 8192,
                columns: 8192,
                ..GREY
            }
            .with(&encapsulated(&[], &[&bytes]))
        }),
    ]
}

/// B6, B7: JPEG.
fn jpeg() -> Vec<Case> {
    const BASELINE: &str = "jpeg-baseline-grey";
    const LOSSLESS: &str = "jpeg-lossless-u12";
    let mut cases = vec![
        of("B6 a JPEG of another size", Refused("pixels"), BASELINE, |s| {
            let at = find(s, 0xc0);
            words(s, at + 5, &[4, 4]);
        }),
        of("B6 a JPEG of no rows", Refused(""), BASELINE, |s| {
            let at = find(s, 0xc0);
            words(s, at + 5, &[0]);
        }),
        of("B6 a JPEG of 7 bits", Refused(""), BASELINE, |s| {
            let at = find(s, 0xc0);
            s[at + 4] = 7;
        }),
        of("B6 a JPEG with 255 components", Refused(""), BASELINE, |s| {
            let at = find(s, 0xc0);
            s[at + 9] = 255;
        }),
        of("B6 a JPEG with sampling factors of zero", Refused(""), BASELINE, |s| {
            let at = find(s, 0xc0);
            s[at + 11] = 0;
        }),
        of("B6 a JPEG with a table that is not there", Refused(""), BASELINE, |s| {
            let at = find(s, 0xc0);
            s[at + 12] = 3;
        }),
        of("B6 a JPEG that says it is progressive", Ends, BASELINE, |s| {
            let at = find(s, 0xc0);
            s[at + 1] = 0xc2;
        }),
        of(
            "B6 a JPEG with arithmetic coding",
            Refused("arithmetic"),
            BASELINE,
            |s| {
                let at = find(s, 0xc0);
                s[at + 1] = 0xc9;
            },
        ),
        of("B6 a JPEG with an overfull Huffman table", Refused(""), BASELINE, |s| {
            let at = find(s, 0xc4);
            s[at + 5..at + 21].fill(255);
        }),
        of("B6 a JPEG of marker bytes", Refused(""), BASELINE, |s| {
            *s = vec![0xff; 4_000]
        }),
        of("B6 a JPEG of segments without end", Refused(""), BASELINE, |s| {
            *s = [&[0xff, 0xd8][..], &[0xff, 0xe1, 0, 2].repeat(50_000)].concat();
        }),
        of("B7 a lossless JPEG with predictor 9", Refused(""), LOSSLESS, |s| {
            let at = find(s, 0xda);
            s[at + 7] = 9;
        }),
        of("B7 a lossless JPEG of 17 bits", Refused(""), LOSSLESS, |s| {
            let at = find(s, 0xc3);
            s[at + 4] = 17;
        }),
        of(
            "B7 a lossless JPEG that shifts everything away",
            Refused(""),
            LOSSLESS,
            |s| {
                let at = find(s, 0xda);
                s[at + 9] = 15;
            },
        ),
        of(
            "B7 a lossless JPEG with an overfull Huffman table",
            Refused(""),
            LOSSLESS,
            |s| {
                let at = find(s, 0xc4);
                s[at + 5..at + 21].fill(255);
            },
        ),
        of(
            "B7 a lossless JPEG that restarts within a line",
            Refused(""),
            LOSSLESS,
            |s| {
                let at = find(s, 0xda);
                s.splice(at..at, [0xff, 0xdd, 0, 4, 0, 7]);
            },
        ),
    ];
    for (name, case) in [("B6 a JPEG", BASELINE), ("B7 a lossless JPEG", LOSSLESS)] {
        for tenths in [0, 1, 5, 9] {
            cases.push(of(
                &format!("{name} cut after {tenths} tenths"),
                Refused(""),
                case,
                move |s| {
                    let length = s.len() * tenths / 10;
                    s.truncate(length);
                },
            ));
        }
    }
    cases.push(Case::new(
        "B6 a large JPEG that cannot be in so few bytes",
        Refused(""),
        || {
            let mut file = edited(BASELINE, |s| {
                let at = find(s, 0xc0);
                words(s, at + 5, &[16_000, 16_000]);
            });
            set(&mut file, (0x28, 0x10), 16_000);
            set(&mut file, (0x28, 0x11), 16_000);
            file
        },
    ));
    cases
}

/// B8, B10: JPEG 2000, its high-throughput form, and JPEG XL.
fn jpeg_2000() -> Vec<Case> {
    const WORDS: &str = "j2k-u12";
    let mut cases = vec![
        of("B8 a size of 2147483648", Refused(""), WORDS, |s| {
            longs(s, 8, &[1 << 31, 1 << 31])
        }),
        of("B8 a size less than its offset", Refused(""), WORDS, |s| {
            longs(s, 16, &[u32::MAX, u32::MAX])
        }),
        of("B8 tiles of no size", Refused(""), WORDS, |s| longs(s, 24, &[0, 0])),
        of("B8 tiles of one pixel", Refused(""), WORDS, |s| longs(s, 24, &[1, 1])),
        of("B8 16384 components", Refused(""), WORDS, |s| words(s, 40, &[16_384])),
        of("B8 38 bits", Refused(""), WORDS, |s| s[42] = 37),
        of("B8 subsampled by 255", Refused(""), WORDS, |s| s[43..45].fill(255)),
        of("B8 no component", Refused(""), WORDS, |s| words(s, 40, &[0])),
        of("B8 a wavelet of 200 levels", Refused(""), WORDS, |s| {
            let at = find(s, 0x52);
            s[at + 9] = 200;
        }),
        of("B8 code blocks of 2 to the 30", Refused(""), WORDS, |s| {
            let at = find(s, 0x52);
            s[at + 10..at + 12].fill(28);
        }),
        of("B8 65535 layers", Ends, WORDS, |s| {
            let at = find(s, 0x52);
            words(s, at + 6, &[65_535]);
        }),
        of("B8 only a header", Refused("cut short"), WORDS, |s| {
            let at = find(s, 0x90);
            s.truncate(at);
        }),
        of("B8 a JP2 file with boxes of no length", Refused(""), WORDS, |s| {
            *s = [&[0, 0, 0, 12, b'j', b'P', b' ', b' '][..], &[0; 4_000]].concat();
        }),
        of("B8 noise behind the header", Ends, WORDS, |s| {
            let at = find(s, 0x93) + 2;
            let end = s.len() - 2;
            let noise = noise(end - at);
            s[at..end].copy_from_slice(&noise);
        }),
        of("B10 high throughput, noise behind the header", Ends, "htj2k-u12", |s| {
            let at = find(s, 0x93) + 2;
            let end = s.len() - 2;
            let noise = noise(end - at);
            s[at..end].copy_from_slice(&noise);
        }),
        of(
            "B10 high throughput, all ones behind the header",
            Ends,
            "htj2k-u12",
            |s| {
                let at = find(s, 0x93) + 2;
                let end = s.len() - 2;
                s[at..end].fill(0x7f);
            },
        ),
    ];
    for tenths in [1, 5, 9] {
        for (name, case) in [("B8 JPEG 2000", WORDS), ("B10 high throughput", "htj2k-u12")] {
            cases.push(of(
                &format!("{name} cut after {tenths} tenths"),
                Refused(""),
                case,
                move |s| {
                    let length = s.len() * tenths / 10;
                    s.truncate(length);
                },
            ));
        }
    }
    // 60 000 × 60 000 pixels in tiles of one, as the data set says too.
    cases.push(Case::new(
        "B8 sixty thousand square in tiles of one pixel",
        Refused(""),
        || {
            let mut file = edited(WORDS, |s| {
                longs(s, 8, &[60_000, 60_000, 0, 0, 1, 1]);
            });
            set(&mut file, (0x28, 0x10), 60_000);
            set(&mut file, (0x28, 0x11), 60_000);
            file
        },
    ));
    // The sign of the stream is not that of the data set: its bits are read with the data set's.
    cases.push(Case::new("B8 another sign than Pixel Representation", Ends, || {
        let mut file = object("j2k-s16");
        set(&mut file, (0x28, 0x103), 0);
        file
    }));
    for (name, syntax, stream) in [
        ("B10 JPEG XL", JPEG_XL, &b"\xff\x0a"[..]),
        ("B10 JPEG XL in a container", JPEG_XL, b"\0\0\0\x0cJXL \r\n\x87\n"),
        ("B8 JPEG 2000", J2K, b"\xff\x4f\xff\x51"),
        ("B9 JPEG-LS", JPEG_LS, b"\xff\xd8\xff\xf7"),
    ] {
        cases.push(Case::new(format!("{name} of noise"), Refused(""), move || {
            let stream = [stream, &noise(5_000)].concat();
            Image { syntax, ..GREY }.with(&encapsulated(&[], &[&stream]))
        }));
    }
    cases
}

/// B9: JPEG-LS.
fn jpeg_ls() -> Vec<Case> {
    const WORDS: &str = "jpegls-u12";
    let mut cases = vec![
        of("B9 a JPEG-LS of 65535 x 65535", Refused("pixels"), WORDS, |s| {
            let at = find(s, 0xf7);
            words(s, at + 5, &[65_535, 65_535]);
        }),
        of(
            "B9 a near-lossless stream that is called lossless",
            Refused("lossy"),
            WORDS,
            |s| {
                let at = find(s, 0xda);
                s[at + 7] = 3;
            },
        ),
        of("B9 a JPEG-LS of 17 bits", Refused(""), WORDS, |s| {
            let at = find(s, 0xf7);
            s[at + 4] = 17;
        }),
        of("B9 a JPEG-LS of 8 bits in 16", Ends, WORDS, |s| {
            let at = find(s, 0xf7);
            s[at + 4] = 8;
        }),
        of("B9 a JPEG-LS with thresholds of nonsense", Refused(""), WORDS, |s| {
            let at = find(s, 0xda);
            s.splice(at..at, [0xff, 0xf8, 0, 13, 1, 0, 9, 0xff, 0xff, 0, 1, 0, 0, 0, 0]);
        }),
        of("B9 a JPEG-LS with padding before its end", Ends, WORDS, |s| {
            let at = s.len() - 2;
            s.splice(at..at, [0; 16]);
        }),
        of("B9 a JPEG-LS of all ones", Ends, WORDS, |s| {
            let at = find(s, 0xda) + 10;
            let end = s.len() - 2;
            s[at..end].fill(0x7f);
        }),
        of("B9 a JPEG-LS of all zeros", Refused(""), WORDS, |s| {
            let at = find(s, 0xda) + 10;
            let end = s.len() - 2;
            s[at..end].fill(0);
        }),
    ];
    for tenths in [1, 5, 9] {
        cases.push(of(
            &format!("B9 JPEG-LS cut after {tenths} tenths"),
            Refused(""),
            WORDS,
            move |s| {
                let length = s.len() * tenths / 10;
                s.truncate(length);
            },
        ));
    }
    cases
}

/// B14: tables of offsets that lie, and fragments that are not frames.
fn tables() -> Vec<Case> {
    /// Two frames of six pixels each, every one a segment of RLE.
    fn frame(value: u8) -> Vec<u8> {
        let mut header = vec![1, 64];
        header.resize(16, 0);
        [u32s(false, &header), vec![0xfb, value]].concat()
    }
    const TWO: Image = Image {
        syntax: RLE,
        frames: Some("2 "),
        ..GREY
    };
    let basic = |name: &str, outcome, table: &'static [u32]| {
        Case::new(format!("B14 {name}"), outcome, move || {
            TWO.with(&encapsulated(table, &[&frame(3), &frame(4)]))
        })
        .with_range(3.0, 3.0)
    };
    let extended = |name: &str, outcome, offsets: &'static [u64], lengths: &'static [u64]| {
        Case::new(format!("B14 {name}"), outcome, move || {
            let bytes = |all: &[u64]| all.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
            let tables = [
                el((0x7FE0, 1), "OV", &bytes(offsets)),
                el((0x7FE0, 2), "OV", &bytes(lengths)),
                encapsulated(&[], &[&frame(3), &frame(4)]),
            ];
            TWO.with(&tables.concat())
        })
        .with_range(3.0, 3.0)
    };
    vec![
        basic("a table as it should be", Shown, &[0, 74]),
        basic("an empty table", Shown, &[]),
        basic("a table that points beyond", ShownOdd("table"), &[0, 0xFFFF_FFF0]),
        basic("a table that points between", ShownOdd("table"), &[0, 10]),
        basic("a table that goes back", ShownOdd("table"), &[74, 0]),
        basic("a table of too many", ShownOdd("table"), &[0, 74, 148, 222, 296]),
        extended("an extended table as it should be", Shown, &[0, 74], &[66, 66]),
        extended(
            "an extended table that points beyond",
            ShownOdd("table"),
            &[0, u64::MAX],
            &[66, 66],
        ),
        extended(
            "an extended table with lengths that lie",
            Shown,
            &[0, 74],
            &[u64::MAX, 1],
        ),
        Case::new("B14 a frame in three fragments", Shown, || {
            let whole = frame(3);
            let parts: Vec<&[u8]> = vec![&whole[..20], &whole[20..40], &whole[40..]];
            Image { syntax: RLE, ..GREY }.with(&encapsulated(&[], &parts))
        })
        .with_range(3.0, 3.0),
        Case::new("B14 more fragments than frames, and no table", Told, || {
            let parts: Vec<&[u8]> = vec![&[1, 2], &[3, 4], &[5, 6]];
            TWO.with(&encapsulated(&[], &parts))
        }),
        Case::new("B14 a fragment without an end", Told, || {
            let mut file = Image { syntax: RLE, ..GREY }.with(&encapsulated(&[], &[&frame(3)]));
            file.truncate(file.len() - 20);
            file
        }),
        Case::new("B14 no fragment", Told, || {
            Image { syntax: RLE, ..GREY }.with(&encapsulated(&[], &[]))
        }),
    ]
}
