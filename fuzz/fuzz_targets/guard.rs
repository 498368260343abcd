//! The structural pass and the cutting of frames: any bytes.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use study::Object;

fuzz_target!(|data: &[u8]| {
    let Ok(object) = Object::parse(Bytes::copy_from_slice(data)) else {
        return;
    };
    let frames = object.frames();
    for index in [0, 1, frames / 2, frames.saturating_sub(1), frames, u32::MAX] {
        if let Ok(frame) = object.encoded_frame(index) {
            // A frame may be longer than the file only by what was inflated.
            assert!(frame.bytes.len() <= 64 << 20);
            assert!(frame.bit_offset < 8);
        }
    }
});
