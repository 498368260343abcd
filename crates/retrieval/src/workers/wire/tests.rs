use std::io::Cursor;

use super::*;

fn layout() -> Layout {
    Layout {
        rows: 2,
        columns: 3,
        samples_per_pixel: 1,
        planar: false,
        bits_allocated: 16,
        bits_stored: 12,
        high_bit: 11,
        signed: true,
        photometric: Photometric::Other("ODD".into()),
        kind: SampleKind::Integer,
    }
}

fn frame() -> EncodedFrame {
    EncodedFrame {
        layout: Arc::new(layout()),
        transfer_syntax: TransferSyntax("1.2.840.10008.1.2.1".into()),
        bytes: vec![1, 2, 3, 4, 5, 6, 7, 0, 9, 0, 11, 12].into(),
        bit_offset: 3,
    }
}

fn decoded(values: [i16; 6]) -> Decoded {
    Decoded {
        frame: StoredFrame {
            columns: 3,
            rows: 2,
            channels: 1,
            samples: Samples::I16(values.to_vec()),
        },
        photometric: Photometric::Other("ODD".into()),
        oddities: vec![Oddity("Odd,\u{1b}[2J but readable.".into())],
    }
}

fn answered(outcome: &Result<Decoded, DecodeError>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_answer(&mut bytes, 7, outcome).unwrap();
    bytes
}

fn heard(bytes: &[u8]) -> Result<Result<Decoded, DecodeError>, WireError> {
    read_answer(&mut Cursor::new(bytes), 7, &layout(), study::blank(&layout()).unwrap())
}

#[test]
fn a_request_arrives_as_it_was_sent() {
    let mut bytes = Vec::new();
    write_request(&mut bytes, 9, &frame()).unwrap();
    let mut input = Cursor::new(&bytes);
    let (number, arrived) = read_request(&mut input).unwrap().unwrap();
    assert_eq!(number, 9);
    let expected = Layout {
        // A name that no codec knows stays with the parent.
        photometric: Photometric::Other("".into()),
        ..layout()
    };
    assert_eq!(*arrived.layout, expected);
    assert_eq!((arrived.bytes, arrived.bit_offset), (frame().bytes, 3));
    assert_eq!(arrived.transfer_syntax, frame().transfer_syntax);
    assert!(read_request(&mut input).unwrap().is_none(), "the input ends here");
}

#[test]
fn an_answer_arrives_as_it_was_sent_and_cannot_steer_a_terminal() {
    let sent = decoded([-2048, 2047, 0, 1, -1, 5]);
    let arrived = heard(&answered(&Ok(sent.clone()))).unwrap().unwrap();
    assert_eq!(arrived.frame, sent.frame);
    assert_eq!(arrived.photometric, sent.photometric);
    assert_eq!(arrived.oddities, [Oddity("Odd, [2J but readable.".into())]);
    for error in [
        DecodeError::Unsupported("a".into()),
        DecodeError::Contradiction("b".into()),
        DecodeError::Incomplete("c".into()),
        DecodeError::Damaged("d".into()),
        DecodeError::Unanswered("e".into()),
        DecodeError::NoPicture("f".into()),
    ] {
        assert_eq!(heard(&answered(&Err(error.clone()))).unwrap(), Err(error));
    }
}

#[test]
fn long_words_and_many_oddities_are_cut_to_what_is_read() {
    let mut odd = decoded([0; 6]);
    odd.oddities = vec![Oddity("ä".repeat(MOST_WORDS)); MOST_ODDITIES + 4];
    let arrived = heard(&answered(&Ok(odd))).unwrap().unwrap();
    assert_eq!(arrived.oddities.len(), MOST_ODDITIES);
    assert!(arrived.oddities[0].0.chars().all(|c| c == 'ä'));
}

#[test]
fn an_answer_that_is_not_what_was_asked_for_is_nonsense() {
    let nonsense = |outcome: Decoded, why: &str| {
        assert!(
            matches!(heard(&answered(&Ok(outcome))), Err(WireError::Nonsense)),
            "{why}"
        );
    };
    nonsense(decoded([2048, 0, 0, 0, 0, 0]), "a value of more bits than are stored");
    let mut wrong = decoded([0; 6]);
    (wrong.frame.rows, wrong.frame.columns) = (3, 2);
    nonsense(wrong, "another shape of as many values");
    let mut wrong = decoded([0; 6]);
    wrong.frame.samples = Samples::U16(vec![0; 6]);
    nonsense(wrong, "another type of number");
    let mut wrong = decoded([0; 6]);
    wrong.frame.samples = Samples::I16(vec![0; 7]);
    nonsense(wrong, "a value too many");
    let mut other = Vec::new();
    write_answer(&mut other, 8, &Ok(decoded([0; 6]))).unwrap();
    assert!(matches!(heard(&other), Err(WireError::Nonsense)), "another number");
}

#[test]
fn any_cut_and_any_single_wrong_byte_of_a_head_ends_in_an_answer_or_an_error() {
    let whole = answered(&Ok(decoded([0; 6])));
    for cut in 0..whole.len() {
        assert!(heard(&whole[..cut]).is_err(), "cut at {cut}");
    }
    let values = 12;
    for at in 0..whole.len() - values {
        for wrong in [0, 1, 0x7f, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] = wrong;
            if let Ok(Ok(decoded)) = heard(&damaged) {
                assert_eq!((decoded.frame.rows, decoded.frame.columns), (2, 3), "byte {at}");
                assert_eq!(decoded.frame.samples.len(), 6, "byte {at}");
            }
        }
    }
    let mut request = Vec::new();
    write_request(&mut request, 9, &frame()).unwrap();
    for cut in 1..request.len() {
        assert!(read_request(&mut Cursor::new(&request[..cut])).is_err(), "cut at {cut}");
    }
}

#[test]
fn lengths_beyond_the_bounds_are_refused_before_anything_is_allocated() {
    let mut vast = MARK.to_vec();
    vast.push(ANSWER);
    vast.extend_from_slice(&u32::MAX.to_le_bytes());
    vast.extend_from_slice(&u64::MAX.to_le_bytes());
    assert!(matches!(heard(&vast), Err(WireError::Nonsense)));
    vast[4] = REQUEST;
    assert!(matches!(
        read_request(&mut Cursor::new(&vast)),
        Err(WireError::Nonsense)
    ));
    let mut long = frame();
    long.transfer_syntax = TransferSyntax("1".repeat(65).into());
    assert!(matches!(
        write_request(&mut Vec::new(), 1, &long),
        Err(WireError::TooLong)
    ));
}

#[test]
fn a_child_that_is_not_locked_in_says_why_and_takes_nothing() {
    let mut said = Vec::new();
    let mut input = Vec::new();
    write_request(&mut input, 1, &frame()).unwrap();
    super::super::serve(Cursor::new(&input), &mut said, Err("no filter".into())).unwrap();
    let mut said = Cursor::new(&said);
    assert_eq!(read_greeting(&mut said).unwrap(), Err("no filter".to_owned()));
    assert!(open(&mut said, ANSWER).unwrap().is_none(), "nothing follows");
}
