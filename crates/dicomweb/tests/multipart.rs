//! The multipart reader against every way in which a body can be cut and bent.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use dicomweb::multipart::{Event, Reader, Writer};

/// Parts as (Content-Type, body), and whether the closing delimiter was there.
fn read(boundary: Option<&str>, chunks: impl IntoIterator<Item = Vec<u8>>) -> (Vec<(String, Vec<u8>)>, bool, usize) {
    let mut reader = Reader::new(boundary);
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    let mut ended = None;
    let mut whole = 0;
    let mut take = |reader: &mut Reader| {
        while let Some(event) = reader.next_event().unwrap() {
            match event {
                Event::Part(headers) => parts.push((headers.get("content-type").unwrap_or("").to_owned(), Vec::new())),
                Event::Body(bytes) => parts.last_mut().unwrap().1.extend_from_slice(&bytes),
                Event::PartEnd => whole += 1,
                Event::End { closed } => ended = Some(closed),
            }
        }
    };
    for chunk in chunks {
        reader.feed(&chunk);
        take(&mut reader);
    }
    reader.finish();
    take(&mut reader);
    (parts, ended.unwrap(), whole)
}

fn three_parts() -> (Vec<Vec<u8>>, Vec<u8>) {
    let bodies = vec![
        b"first".to_vec(),
        // Pixels that look like delimiters but are none: not at a line start, or followed by other text.
        b"--BOUND inside\r\n--BOUNDary is longer\r\nxx--BOUND\r\n--BOUND- -\r\n-".to_vec(),
        (0..=255u8).cycle().take(3000).collect(),
    ];
    let mut writer = Writer::new("BOUND");
    let mut body = Vec::new();
    for part in &bodies {
        body.extend_from_slice(&writer.head(&[("Content-Type", "application/dicom")]));
        body.extend_from_slice(part);
    }
    body.extend_from_slice(&writer.end());
    (bodies, body)
}

#[test]
fn chunks_of_any_size_give_the_same_parts() {
    let (bodies, body) = three_parts();
    for size in [1, 2, 3, 5, 7, 64, 1000, body.len()] {
        let (parts, closed, whole) = read(Some("BOUND"), body.chunks(size).map(<[u8]>::to_vec));
        assert_eq!(
            parts.iter().map(|p| p.1.clone()).collect::<Vec<_>>(),
            bodies,
            "chunks of {size}"
        );
        assert!(closed && whole == 3);
        assert!(parts.iter().all(|p| p.0 == "application/dicom"));
    }
}

#[test]
fn wherever_the_body_is_cut_whole_parts_are_kept() {
    let (bodies, body) = three_parts();
    for cut in 0..body.len() {
        let (parts, _, whole) = read(Some("BOUND"), [body[..cut].to_vec()]);
        assert!(parts.len() >= whole);
        for (part, expected) in parts.iter().zip(&bodies).take(whole) {
            assert_eq!(&part.1, expected, "cut at {cut}");
        }
        if let Some(last) = parts.get(whole) {
            assert!(
                bodies[whole].starts_with(last.1.strip_suffix(b"\r\n--BOUND").unwrap_or(&last.1))
                    || last.1.len() > bodies[whole].len(),
                "cut at {cut}"
            );
        }
    }
}

#[test]
fn a_closing_delimiter_may_lack_its_line_end_or_be_missing() {
    let (bodies, body) = three_parts();
    let without_line_end = body[..body.len() - 2].to_vec();
    let (parts, closed, whole) = read(Some("BOUND"), [without_line_end]);
    assert!(closed && whole == 3 && parts[2].1 == bodies[2]);
    let without_delimiter = body[..body.len() - "\r\n--BOUND--\r\n".len()].to_vec();
    let (parts, closed, whole) = read(Some("BOUND"), [without_delimiter]);
    assert!(!closed && whole == 2, "the last part's end was not seen");
    assert_eq!(parts[2].1, bodies[2], "and yet nothing of it is lost");
}

#[test]
fn odd_but_readable_bodies_are_read() {
    for (what, boundary, body) in [
        (
            "line feeds only",
            Some("B"),
            &b"--B\nContent-Type:image/jls\n\nabc\n--B--"[..],
        ),
        (
            "a preamble and an epilogue",
            Some("B"),
            b"hello\r\n--B\r\ncontent-type: image/jls\r\n\r\nabc\r\n--B--\r\nbye",
        ),
        (
            "no boundary told",
            None,
            b"\r\n--b=o_u\r\nContent-Type:  image/jls\r\n\r\nabc\r\n--b=o_u--\r\n",
        ),
        (
            "white space after the delimiter",
            Some("B"),
            b"--B  \r\nContent-Type: image/jls\r\n\r\nabc\r\n--B-- \r\n",
        ),
        (
            "folded header",
            Some("B"),
            b"--B\r\nX-Y: a\r\n b\r\nContent-Type:\r\n image/jls\r\n\r\nabc\r\n--B--\r\n",
        ),
    ] {
        let (parts, closed, _) = read(boundary, [body.to_vec()]);
        assert_eq!(parts, [("image/jls".to_owned(), b"abc".to_vec())], "{what}");
        assert!(closed, "{what}");
    }
}

#[test]
fn a_body_without_parts_is_an_end_or_an_error() {
    assert_eq!(read(Some("B"), [b"--B--\r\n".to_vec()]), (vec![], true, 0));
    assert_eq!(read(Some("B"), [b"<html>".to_vec()]), (vec![], false, 0));
    let mut reader = Reader::new(Some("B"));
    reader.feed(&vec![b'x'; 2 << 20]);
    assert!(reader.next_event().is_err());
    let mut reader = Reader::new(Some("B"));
    reader.feed(b"--B\r\n");
    reader.feed(&vec![b'x'; 70 << 10]);
    assert!(reader.next_event().is_err(), "headers without end");
}

#[test]
fn bodies_bent_at_random_end_without_a_panic_and_give_no_byte_twice() {
    let (_, body) = three_parts();
    // A small generator of our own: the same bodies on every run.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % below
    };
    for round in 0..3000 {
        let mut bent = body[..random(body.len()) + 1].to_vec();
        for _ in 0..random(8) {
            let at = random(bent.len());
            match random(4) {
                0 => bent[at] = b"\r\n-B\0"[random(5)],
                1 => {
                    bent.truncate(at.max(1));
                }
                2 => bent.extend_from_slice(b"\r\n--BOUND\r\n"),
                _ => bent.insert(at, b"\r\n-BO"[random(5)]),
            }
        }
        let size = random(200) + 1;
        let boundary = [Some("BOUND"), None, Some("B"), Some("")][random(4)];
        let mut reader = Reader::new(boundary);
        let mut given = 0;
        let mut ended = false;
        for chunk in bent.chunks(size).map(Some).chain([None]) {
            match chunk {
                Some(chunk) => reader.feed(chunk),
                None if round % 2 == 0 => reader.finish(),
                None => reader.break_off(),
            }
            loop {
                match reader.next_event() {
                    Ok(Some(Event::Body(bytes))) => given += bytes.len(),
                    Ok(Some(Event::End { .. })) => ended = true,
                    Ok(Some(_)) => assert!(!ended),
                    Ok(None) => break,
                    Err(_) => {
                        ended = true;
                        break;
                    }
                }
            }
        }
        assert!(ended && given <= bent.len(), "round {round}");
    }
}
