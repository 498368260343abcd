//! Each codec's check of its own header against the data set: any frame of any codec.
#![no_main]

use libfuzzer_sys::fuzz_target;

mod frame;

fuzz_target!(|data: &[u8]| {
    if let Some(frame) = frame::from(data)
        && let Err(error) = study::check(&frame)
    {
        assert!(error.to_string().ends_with('.'), "{error}");
    }
});
