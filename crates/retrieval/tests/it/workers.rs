//! Frames through a child process, and children that misbehave.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use retrieval::workers::{Worker, WorkerProgram, Workers};
use study::{DecodeError, Decoded, EncodedFrame, Layout, Object, Photometric, SampleKind, TransferSyntax};

fn worker(argument: &str) -> Worker {
    let program = WorkerProgram {
        program: env!("CARGO_BIN_EXE_misbehaving-worker").into(),
        arguments: vec![argument.into()],
    };
    Workers::start(program).unwrap().worker()
}

/// A frame of a codec that must be apart.
fn frame(bytes: &'static [u8]) -> EncodedFrame {
    EncodedFrame {
        layout: Arc::new(Layout {
            rows: 4,
            columns: 4,
            samples_per_pixel: 1,
            planar: false,
            bits_allocated: 8,
            bits_stored: 8,
            high_bit: 7,
            signed: false,
            photometric: Photometric::Monochrome2,
            kind: SampleKind::Integer,
        }),
        transfer_syntax: TransferSyntax("1.2.840.10008.1.2.4.90".into()),
        bytes: Bytes::from_static(bytes),
        bit_offset: 0,
    }
}

/// Every frame of the case folders whose codec must be apart.
fn honest() -> Vec<(String, EncodedFrame)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-data/cases");
    let mut found = Vec::new();
    for case in std::fs::read_dir(folder).unwrap() {
        let case = case.unwrap().path();
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let object = Object::parse(std::fs::read(case.join("object.dcm")).unwrap().into()).unwrap();
        for index in 0..object.frames() {
            let frame = object.encoded_frame(index).unwrap();
            if study::must_be_apart(&frame) {
                found.push((format!("{name}, frame {index}"), frame));
            }
        }
    }
    assert!(found.len() >= 7, "the cases are there");
    found
}

fn is_well(worker: &mut Worker) {
    let (name, frame) = honest().swap_remove(0);
    assert_eq!(worker.decode(&frame), study::decode(&frame), "{name}");
}

fn sentence(outcome: Result<Decoded, DecodeError>) -> String {
    match outcome {
        Err(error @ DecodeError::Unanswered(_)) => error.to_string(),
        other => panic!("not refused for its decoder: {other:?}"),
    }
}

#[test]
fn frames_come_back_from_a_child_as_they_are_decoded_here() {
    let mut worker = worker("");
    for (name, frame) in honest() {
        let here = study::decode(&frame).unwrap();
        assert_eq!(worker.decode(&frame).unwrap(), here, "{name}");
    }
    assert_eq!(worker.started(), 1, "the child is kept warm");
}

#[test]
fn a_frame_that_may_be_decoded_here_needs_no_child() {
    let mut worker = Workers::start(WorkerProgram {
        program: "/there/is/no/such/program".into(),
        arguments: Vec::new(),
    })
    .unwrap()
    .worker();
    let mut native = frame(&[7; 16]);
    native.transfer_syntax = TransferSyntax("1.2.840.10008.1.2.1".into());
    assert_eq!(worker.decode(&native), study::decode(&native));
    assert_eq!(worker.started(), 0);
}

#[test]
fn without_a_child_a_frame_is_refused_and_never_decoded_here() {
    let (_, frame) = honest().swap_remove(0);
    let nowhere = WorkerProgram {
        program: "/there/is/no/such/program".into(),
        arguments: Vec::new(),
    };
    let said = sentence(Workers::start(nowhere).unwrap().worker().decode(&frame));
    assert!(said.contains("could not be started") && said.ends_with('.'), "{said}");
    let said = sentence(worker("silent").decode(&frame));
    assert!(said.contains("does not come up"), "{said}");
    let said = sentence(worker("open").decode(&frame));
    assert!(said.contains("this system knows no filter"), "{said}");
}

#[test]
fn a_child_that_ends_in_the_middle_is_replaced_and_its_frame_refused() {
    for order in [&b"die"[..], b"leave", b"half"] {
        let mut worker = worker("");
        let said = sentence(worker.decode(&frame(order)));
        assert!(said.contains("ended in the middle"), "{said}");
        assert_eq!(worker.started(), 2, "another one is there already");
        is_well(&mut worker);
        assert_eq!(worker.started(), 2);
    }
}

#[test]
fn a_child_that_answers_nonsense_is_replaced_and_its_frame_refused() {
    for order in [&b"nonsense"[..], b"flood"] {
        let mut worker = worker("");
        let said = sentence(worker.decode(&frame(order)));
        assert!(said.contains("something else than this image"), "{said}");
        is_well(&mut worker);
        assert_eq!(worker.started(), 2);
    }
}

#[test]
fn a_child_that_hangs_is_ended_and_replaced_and_its_frame_refused() {
    let mut worker = worker("");
    let said = sentence(worker.decode_within(&frame(b"hang"), Duration::from_millis(50)));
    assert!(said.contains("did not finish within 0.05 seconds"), "{said}");
    is_well(&mut worker);
    assert_eq!(worker.started(), 2);
    // Nothing has become late meanwhile: the watch knows whom it no longer waits for.
    is_well(&mut worker);
    assert_eq!(worker.started(), 2);
}

#[test]
fn one_that_hangs_holds_up_no_other() {
    let program = WorkerProgram {
        program: env!("CARGO_BIN_EXE_misbehaving-worker").into(),
        arguments: Vec::new(),
    };
    let workers = Arc::new(Workers::start(program).unwrap());
    let theirs = Arc::clone(&workers);
    let (begun, wait) = std::sync::mpsc::channel();
    let hanging = std::thread::spawn(move || {
        let mut worker = theirs.worker();
        is_well(&mut worker);
        begun.send(()).unwrap();
        sentence(worker.decode_within(&frame(b"hang"), Duration::from_millis(300)))
    });
    wait.recv().unwrap();
    let mut worker = workers.worker();
    is_well(&mut worker);
    assert!(hanging.join().unwrap().contains("did not finish"));
    assert_eq!(worker.started(), 1);
}

#[test]
fn a_codec_that_came_upon_damage_is_not_trusted_with_the_next_frame() {
    let mut worker = worker("");
    let damaged = frame(b"\xff\x4f\xff\x51 and then nothing that makes sense");
    let here = study::decode(&damaged);
    assert!(here.is_err());
    assert_eq!(worker.decode(&damaged), here, "the codec's own sentence");
    is_well(&mut worker);
    let spent = matches!(here, Err(DecodeError::Damaged(_)));
    assert_eq!(worker.started(), if spent { 2 } else { 1 });
}

#[test]
fn a_child_gets_nothing_of_our_environment() {
    assert!(std::env::vars_os().next().is_some(), "there is something to get");
    let mut worker = worker("");
    let told = worker.decode(&frame(b"environment"));
    assert_eq!(
        told,
        study::decode(&frame(b"environment")),
        "it lives and says what is wrong with the frame"
    );
}

#[test]
fn a_layout_without_sense_is_refused_before_any_child_hears_of_it() {
    let mut worker = worker("");
    let mut vast = frame(b"die");
    let layout = Arc::make_mut(&mut vast.layout);
    (layout.rows, layout.columns) = (u32::MAX, u32::MAX);
    assert!(matches!(worker.decode(&vast), Err(DecodeError::Contradiction(_))));
    assert_eq!(worker.started(), 1);
}
