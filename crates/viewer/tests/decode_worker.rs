//! `farsight decode-worker` as Farsight starts it: what it decodes, and what it cannot do.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use retrieval::workers::{CPU_LIMIT, MEMORY_LIMIT, Worker, WorkerProgram, Workers};
use study::{EncodedFrame, Layout, Object, Photometric, SampleKind, TransferSyntax};

const PROGRAM: &str = env!("CARGO_BIN_EXE_farsight");

fn worker() -> Worker {
    let program = WorkerProgram {
        program: PROGRAM.into(),
        arguments: vec!["decode-worker".into()],
    };
    Workers::start(program).unwrap().worker()
}

/// A child whose first words were read, so that it is locked in.
fn locked_in() -> Child {
    let mut child = Command::new(PROGRAM)
        .arg("decode-worker")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut greeting = [0; 18];
    child.stdout.as_mut().unwrap().read_exact(&mut greeting).unwrap();
    assert!(greeting.starts_with(b"FSw1") && greeting[17] == 1, "{greeting:?}");
    child
}

/// The frames of an object that must be decoded apart.
fn apart(path: &Path) -> Vec<EncodedFrame> {
    let Ok(object) = std::fs::read(path)
        .map_err(drop)
        .and_then(|b| Object::parse(b.into()).map_err(drop))
    else {
        return Vec::new();
    };
    let frames = (0..object.frames().min(4)).filter_map(|index| object.encoded_frame(index).ok());
    frames.filter(study::must_be_apart).collect()
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push(path);
        }
    }
}

/// Decodes all frames of a folder here and apart, and gives how many there were.
fn same_here_and_apart(folder: &Path) -> usize {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    let mut worker = worker();
    let mut count = 0;
    for path in paths {
        for frame in apart(&path) {
            let (here, there) = (study::decode(&frame), worker.decode(&frame));
            assert!(
                here == there,
                "{}: differs, {:?} and {:?}",
                path.display(),
                here.err(),
                there.err()
            );
            count += 1;
        }
    }
    count
}

#[test]
fn every_case_is_the_same_apart() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-data/cases");
    assert!(same_here_and_apart(&cases) >= 7, "the cases are there");
}

#[test]
fn every_shared_frame_is_the_same_apart() {
    if let Some(folder) = testkit::shared_data("JPEG 2000 apart against JPEG 2000 here") {
        assert!(same_here_and_apart(&folder) > 20, "the files are there");
    }
}

/// A JPEG 2000 codestream of one tile that is there but empty, as large as the layout of 16 000 × 16 000 that it comes with: a
/// decoder's own picture of it takes a gigabyte for the samples alone.
fn vast() -> EncodedFrame {
    let side = 16_000u32;
    let mut bytes = vec![0xff, 0x4f, 0xff, 0x51, 0, 41, 0, 0];
    for word in [side, side, 0, 0, side, side, 0, 0] {
        bytes.extend_from_slice(&word.to_be_bytes());
    }
    bytes.extend_from_slice(&[0, 1, 15, 1, 1]);
    // Five levels of the reversible wavelet, blocks of 64 × 64.
    bytes.extend_from_slice(&[0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 5, 4, 4, 0, 1]);
    bytes.extend_from_slice(&[0xff, 0x5c, 0, 19, 0x40]);
    bytes.extend_from_slice(&[0x88; 16]);
    bytes.extend_from_slice(&[0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0x93]);
    bytes.extend_from_slice(&[0x80, 0x80, 0xff, 0xd9]);
    EncodedFrame {
        layout: Arc::new(Layout {
            rows: side,
            columns: side,
            samples_per_pixel: 1,
            planar: false,
            bits_allocated: 16,
            bits_stored: 16,
            high_bit: 15,
            signed: false,
            photometric: Photometric::Monochrome2,
            kind: SampleKind::Integer,
        }),
        transfer_syntax: TransferSyntax("1.2.840.10008.1.2.4.90".into()),
        bytes: bytes.into(),
        bit_offset: 0,
    }
}

#[test]
fn a_frame_that_takes_too_much_is_refused_and_the_next_one_is_well() {
    let mut worker = worker();
    let said = worker.decode(&vast()).unwrap_err().to_string();
    assert!(said.ends_with('.'), "{said}");
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-data/cases/j2k-u12/object.dcm");
    for frame in apart(&case) {
        assert_eq!(worker.decode(&frame), study::decode(&frame));
    }
}

#[test]
fn it_is_locked_in_before_it_reads_a_frame() {
    let mut child = locked_in();
    let about = |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", child.id()));
    if std::env::consts::OS == "linux" {
        let status = about("status").unwrap();
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        assert_eq!(field("Seccomp:"), Some("2"), "a filter of system calls is in force");
        assert_eq!(field("NoNewPrivs:"), Some("1"));
        assert_eq!(field("Threads:"), Some("1"));
        let limits = about("limits").unwrap();
        let limit = |name: &str| -> String {
            let line = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(limit("Max address space"), format!("{MEMORY_LIMIT} {MEMORY_LIMIT}"));
        let seconds = CPU_LIMIT.as_secs();
        assert_eq!(limit("Max cpu time"), format!("{seconds} {seconds}"));
        for none in ["Max open files", "Max processes", "Max core file size", "Max file size"] {
            assert_eq!(limit(none), "0 0", "{none}");
        }
    } else {
        testkit::skip("the confinement of decoders: it can be looked at on Linux only");
    }
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success(), "it ends when nobody asks any more");
}

#[test]
fn it_ends_with_whoever_started_it() {
    if std::env::consts::OS != "linux" {
        testkit::skip("the end of a decoder in the middle of a frame: only Linux ends it with its parent");
        return;
    }
    // On Linux a process's parent is the thread that started it; its input stays open here.
    let mut child = std::thread::spawn(locked_in).join().unwrap();
    let input = child.stdin.take();
    assert_eq!(child.wait().unwrap().code(), None, "it was ended");
    drop(input);
}

#[test]
fn what_is_no_request_ends_it() {
    let mut child = locked_in();
    let mut input = child.stdin.take().unwrap();
    input.write_all(&[0xff; 64]).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
