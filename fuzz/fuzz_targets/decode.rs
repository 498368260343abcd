//! A whole file to the picture's digest, by every pure-Rust codec that the program runs in its own process; and a frame of any codec.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use study::Object;
use study::inspect::{FrameSelection, records};

mod frame;

/// Frames of more values than this only cost the fuzzer time.
const MOST_VALUES: u64 = 1 << 22;

fn decoded(frame: &study::EncodedFrame) -> Result<study::Decoded, study::DecodeError> {
    let layout = &frame.layout;
    let values = u64::from(layout.rows) * u64::from(layout.columns) * u64::from(layout.samples_per_pixel);
    if values > MOST_VALUES {
        return Err(study::DecodeError::Contradiction("too large for the fuzzer".into()));
    }
    let decoded = study::decode(frame);
    match &decoded {
        Ok(decoded) => assert_eq!(decoded.frame.samples.len() as u64, values),
        // A decoder that panics is caught by `decode`, and is a finding.
        Err(error) => assert!(!error.to_string().contains("broke off"), "{error}"),
    }
    decoded
}

fuzz_target!(|data: &[u8]| {
    if let Some((&first, data)) = data.split_first() {
        if first & 1 == 0 {
            let bytes = Bytes::copy_from_slice(data);
            if Object::parse(bytes.clone()).is_ok_and(|object| object.frames() > 0) {
                records(bytes, "", &FrameSelection::List(vec![0]), &mut decoded);
            }
        } else if let Some(frame) = frame::from(data) {
            let _ = decoded(&frame);
        }
    }
});
