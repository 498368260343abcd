//! Specific Character Set (0008,0005): from bytes to text (PS3.3 C.12.1.1.2, PS3.5 6.1 and annexes H to K).

use encoding_rs::{
    EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7,
    ISO_8859_8, ISO_8859_15, SHIFT_JIS, WINDOWS_874, WINDOWS_1252, WINDOWS_1254,
};

use crate::object::Oddities;

const ESCAPE: u8 = 0x1B;

/// How a data set's texts are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charset(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// None was named: ASCII by the standard, in practice whatever the writer's machine spoke.
    Unnamed,
    /// One that this program does not know.
    Unknown,
    Utf8,
    Gb18030,
    Gbk,
    /// Single bytes and ISO 2022 escapes; the upper half in the beginning.
    Coded(Upper),
}

/// What bytes of the upper half (G1) mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Upper {
    Nothing,
    Single(&'static Encoding),
    /// ISO-IR 100 is ISO 8859-1, whose C1 controls are controls.
    Latin1,
    /// KS X 1001 (ISO-IR 149).
    Korean,
    /// GB 2312 (ISO-IR 58).
    Chinese,
}

/// What bytes of the lower half (G0) mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lower {
    Ascii,
    /// JIS X 0208 (ISO-IR 87), two bytes.
    Kanji,
    /// JIS X 0212 (ISO-IR 159), two bytes.
    SupplementaryKanji,
}

impl Charset {
    /// For the value representations that Specific Character Set does not touch.
    pub(crate) fn default_repertoire() -> Self {
        Self(Kind::Unnamed)
    }

    /// From the attribute's values; code extensions are found by their escapes, so that only the first value and GB 18030,
    /// GBK and UTF-8, which have none, matter.
    pub(crate) fn named(values: &[String], oddities: &mut Oddities) -> Self {
        let Some(first) = values.first() else {
            return Self(Kind::Unnamed);
        };
        let kind = |name: &str| -> Option<Kind> {
            // "ISO-IR 100", "ISO_IR_100", "ISO 2022-IR 100" are seen in the field.
            let plain: String = name.trim().to_ascii_uppercase().replace(['_', '-'], " ");
            let number = plain.rsplit(' ').next().unwrap_or_default().trim_start_matches("IR");
            Some(match (plain.as_str(), number) {
                ("", _) => Kind::Coded(Upper::Nothing),
                ("GB18030" | "GB 18030", _) => Kind::Gb18030,
                ("GBK" | "GB2312" | "GB 2312", _) => Kind::Gbk,
                ("UTF 8" | "UTF8", _) | (_, "192") => Kind::Utf8,
                (_, "6" | "87" | "159") => Kind::Coded(Upper::Nothing),
                (_, "100") => Kind::Coded(Upper::Latin1),
                (_, "101") => Kind::Coded(Upper::Single(ISO_8859_2)),
                (_, "109") => Kind::Coded(Upper::Single(ISO_8859_3)),
                (_, "110") => Kind::Coded(Upper::Single(ISO_8859_4)),
                (_, "144") => Kind::Coded(Upper::Single(ISO_8859_5)),
                (_, "127") => Kind::Coded(Upper::Single(ISO_8859_6)),
                (_, "126") => Kind::Coded(Upper::Single(ISO_8859_7)),
                (_, "138") => Kind::Coded(Upper::Single(ISO_8859_8)),
                (_, "148") => Kind::Coded(Upper::Single(WINDOWS_1254)),
                (_, "203") => Kind::Coded(Upper::Single(ISO_8859_15)),
                (_, "166") => Kind::Coded(Upper::Single(WINDOWS_874)),
                (_, "13") => Kind::Coded(Upper::Single(SHIFT_JIS)),
                (_, "149") => Kind::Coded(Upper::Korean),
                (_, "58") => Kind::Coded(Upper::Chinese),
                _ => return None,
            })
        };
        // A first value without a repertoire of its own, before one that has no escapes, is that one's ASCII part.
        let without_escapes = values
            .iter()
            .skip(1)
            .filter_map(|v| kind(v))
            .find(|k| !matches!(k, Kind::Coded(_)));
        match (kind(first), without_escapes) {
            (Some(Kind::Coded(Upper::Nothing)), Some(other)) => Self(other),
            (Some(kind), _) => Self(kind),
            (None, _) => {
                oddities.note(
                    "The character set of the texts is not known to this program; unknown letters are shown as �.",
                );
                Self(Kind::Unknown)
            }
        }
    }

    /// Decodes a whole value, its separators included; what is no text becomes U+FFFD and an oddity.
    pub(crate) fn decode(self, bytes: &[u8], is_name: bool, oddities: &mut Oddities) -> String {
        if bytes.is_ascii() && !bytes.contains(&ESCAPE) {
            return String::from_utf8_lossy(bytes).into_owned();
        }
        let (text, bad) = match self.0 {
            Kind::Utf8 => lossy_utf8(bytes),
            Kind::Gb18030 => whole(GB18030, bytes),
            Kind::Gbk => whole(GBK, bytes),
            Kind::Unnamed if !bytes.contains(&ESCAPE) => {
                let (text, how) = match std::str::from_utf8(bytes) {
                    Ok(text) => (text.to_owned(), "UTF-8"),
                    Err(_) => (
                        WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
                        "Latin-1",
                    ),
                };
                oddities.note(format!(
                    "A text has letters beyond ASCII, but no character set is named; it was read as {how}."
                ));
                (text, false)
            }
            Kind::Unknown if !bytes.contains(&ESCAPE) => lossy_utf8(bytes),
            Kind::Unnamed | Kind::Unknown => escaped(bytes, Upper::Nothing, is_name),
            Kind::Coded(upper) => escaped(bytes, upper, is_name),
        };
        if bad {
            oddities.note("A text holds bytes that are no letters in its character set; they are shown as �.");
        }
        text
    }
}

fn lossy_utf8(bytes: &[u8]) -> (String, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (String::from_utf8_lossy(bytes).into_owned(), true),
    }
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> (String, bool) {
    let (text, bad) = encoding.decode_without_bom_handling(bytes);
    (text.into_owned(), bad)
}

/// Whether a byte ends what escapes have switched to (PS3.5 6.1.2.5.3): line ends, the separators of values and, in a name,
/// those of its parts.
fn resets(byte: u8, is_name: bool) -> bool {
    matches!(byte, b'\r' | b'\n' | 0x0C | b'\t' | b'\\') || is_name && matches!(byte, b'^' | b'=')
}

/// ISO 2022 text: runs of bytes in one state of G0 and G1, each decoded by the matching encoding.
fn escaped(bytes: &[u8], initial: Upper, is_name: bool) -> (String, bool) {
    let (mut lower, mut upper) = (Lower::Ascii, initial);
    let (mut text, mut bad) = (String::with_capacity(bytes.len()), false);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        if byte == ESCAPE {
            match switch(rest) {
                Some((length, new_lower, new_upper)) => {
                    lower = new_lower.unwrap_or(lower);
                    upper = new_upper.unwrap_or(upper);
                    at += length;
                }
                None => {
                    text.push('\u{FFFD}');
                    bad = true;
                    at += 1;
                }
            }
        } else if byte < 0x80 && (lower == Lower::Ascii || byte <= 0x20) {
            if resets(byte, is_name) {
                (lower, upper) = (Lower::Ascii, initial);
            }
            text.push(char::from(byte));
            at += 1;
        } else if byte < 0x80 {
            let run = rest.iter().take_while(|b| (0x21..0x80).contains(*b)).count();
            bad |= kanji(rest.get(..run).unwrap_or_default(), lower, &mut text);
            at += run;
        } else {
            let run = rest.iter().take_while(|b| **b >= 0x80).count();
            bad |= upper_half(rest.get(..run).unwrap_or_default(), upper, &mut text);
            at += run;
        }
    }
    (text, bad)
}

/// The escape sequence at the beginning: its length and what it switches (PS3.3 tables C.12-3 and C.12-4).
fn switch(bytes: &[u8]) -> Option<(usize, Option<Lower>, Option<Upper>)> {
    let single = |encoding| Some((3, None, Some(Upper::Single(encoding))));
    match *bytes {
        [_, b'(', b'B' | b'J', ..] => Some((3, Some(Lower::Ascii), None)),
        [_, b'$', b'B' | b'@', ..] => Some((3, Some(Lower::Kanji), None)),
        [_, b'$', b'(', b'D', ..] => Some((4, Some(Lower::SupplementaryKanji), None)),
        [_, b'$', b')', b'C', ..] => Some((4, None, Some(Upper::Korean))),
        [_, b'$', b')', b'A', ..] => Some((4, None, Some(Upper::Chinese))),
        [_, b')', b'I', ..] => single(SHIFT_JIS),
        [_, b'-', b'A', ..] => Some((3, None, Some(Upper::Latin1))),
        [_, b'-', letter, ..] => single(match letter {
            b'B' => ISO_8859_2,
            b'C' => ISO_8859_3,
            b'D' => ISO_8859_4,
            b'F' => ISO_8859_7,
            b'G' => ISO_8859_6,
            b'H' => ISO_8859_8,
            b'L' => ISO_8859_5,
            b'M' => WINDOWS_1254,
            b'T' => WINDOWS_874,
            b'b' => ISO_8859_15,
            _ => return None,
        }),
        _ => None,
    }
}

/// Two-byte characters of the lower half: the same codes with the upper bit set are EUC-JP's.
fn kanji(run: &[u8], lower: Lower, text: &mut String) -> bool {
    let mut bad = false;
    for pair in run.chunks(2) {
        let [first, second] = *pair else {
            // An odd byte: the state was not left in time, and it is meant as ASCII.
            text.extend(pair.iter().map(|&b| char::from(b)));
            continue;
        };
        let codes = match lower {
            Lower::SupplementaryKanji => EUC_JP
                .decode_without_bom_handling(&[0x8F, first | 0x80, second | 0x80])
                .0
                .into_owned(),
            _ => EUC_JP
                .decode_without_bom_handling(&[first | 0x80, second | 0x80])
                .0
                .into_owned(),
        };
        bad |= codes.contains('\u{FFFD}');
        text.push_str(&codes);
    }
    bad
}

fn upper_half(run: &[u8], upper: Upper, text: &mut String) -> bool {
    let (decoded, bad) = match upper {
        Upper::Nothing => ("\u{FFFD}".repeat(run.len()), true),
        Upper::Latin1 => (run.iter().map(|&b| char::from(b)).collect(), false),
        Upper::Korean => whole(EUC_KR, run),
        Upper::Chinese => whole(GBK, run),
        Upper::Single(encoding) if encoding == SHIFT_JIS => {
            // ISO-IR 13 is the half-width katakana alone, not Shift JIS' two-byte letters.
            let katakana: String = run
                .iter()
                .map(|&b| match b {
                    0xA1..=0xDF => char::from_u32(0xFF61 + u32::from(b) - 0xA1).unwrap_or('\u{FFFD}'),
                    _ => '\u{FFFD}',
                })
                .collect();
            let bad = katakana.contains('\u{FFFD}');
            (katakana, bad)
        }
        Upper::Single(encoding) => whole(encoding, run),
    };
    text.push_str(&decoded);
    bad
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(charset: &str, bytes: &[u8]) -> (String, usize) {
        let mut oddities = Oddities::default();
        let values: Vec<String> = charset.split('\\').map(str::to_owned).collect();
        let text = Charset::named(&values, &mut oddities).decode(bytes, true, &mut oddities);
        (text, oddities.into_list().len())
    }

    #[test]
    fn the_standards_own_examples_are_read() {
        // PS3.5 H.3.1, H.3.2, I.2, J.3.
        for (charset, bytes, name) in [
            (
                "\\ISO 2022 IR 87",
                &b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B"[..],
                "Yamada^Tarou=山田^太郎=やまだ^たろう",
            ),
            (
                "ISO 2022 IR 13\\ISO 2022 IR 87",
                b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J",
                "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
            ),
            (
                "\\ISO 2022 IR 149",
                b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
                "Hong^Gildong=洪^吉洞=홍^길동",
            ),
            (
                "\\ISO 2022 IR 58",
                b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=",
                "Zhang^XiaoDong=张^小东=",
            ),
            (
                "ISO_IR 192",
                b"Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe4\xb8\x9c=",
                "Wang^XiaoDong=王^小东=",
            ),
            ("GB18030", b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=", "Wang^XiaoDong=王^小东="),
            ("ISO_IR 100", b"Buc^J\xe9r\xf4me", "Buc^Jérôme"),
            ("ISO_IR 144", b"\xbb\xee\xda\x63e\xdc\xd1yp\xd3", "Люкceмбypг"),
            ("ISO_IR 126", b"\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2", "Διονυσιος"),
            ("ISO_IR 138", b"\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4", "שרון^דבורה"),
            ("ISO_IR 127", b"\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1", "قباني^لنزار"),
            ("ISO-IR 100", b"\xc4neas", "Äneas"),
        ] {
            assert_eq!(read(charset, bytes), (name.to_owned(), 0), "{charset}");
        }
    }

    #[test]
    fn a_backslash_within_a_letter_is_no_separator() {
        // 0x5C is a backslash in ASCII, but here the second byte of one letter.
        let (text, oddities) = read("GBK", b"\x82\x5c");
        assert_eq!((text.chars().count(), text.contains('\\'), oddities), (1, false, 0));
    }

    #[test]
    fn bytes_that_are_no_letters_are_marked_and_told() {
        assert_eq!(read("ISO_IR 192", b"M\xfcller"), ("M\u{FFFD}ller".to_owned(), 1));
        assert_eq!(read("ISO 2022 IR 6\\ISO 2022 IR 87", b"A\x1b%Gx").1, 1);
        assert_eq!(read("KLINGON", b"M\xfcller"), ("M\u{FFFD}ller".to_owned(), 2));
        // Nothing named: the writer's Latin-1 is readable, and said to be a guess.
        let mut oddities = Oddities::default();
        let text = Charset::default_repertoire().decode(b"M\xfcller", true, &mut oddities);
        assert_eq!((text.as_str(), oddities.into_list().len()), ("Müller", 1));
    }

    #[test]
    fn no_bytes_can_make_it_panic() {
        let mut state = 1u32;
        for charset in [
            "",
            "ISO 2022 IR 13",
            "ISO 2022 IR 149",
            "ISO 2022 IR 58",
            "GB18030",
            "GBK",
            "ISO_IR 192",
            "X",
        ] {
            for _ in 0..300 {
                let bytes: Vec<u8> = (0..24)
                    .map(|_| {
                        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        let byte = (state >> 24) as u8;
                        if byte < 40 {
                            b"\x1b$)(BCADI-\\^="[usize::from(byte % 13)]
                        } else {
                            byte
                        }
                    })
                    .collect();
                let _ = read(charset, &bytes);
            }
        }
    }
}
