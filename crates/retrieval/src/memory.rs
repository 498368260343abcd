//! Decoded frames, within a budget of bytes.

use std::sync::Arc;

use study::{DecodedFrame, FrameRef};

/// Decoded frames that are ready to be shown.
#[derive(Debug, Default)]
pub struct Memory {}

impl Memory {
    /// A frame, if it is here; never waits for one.
    pub fn get(&self, frame: &FrameRef) -> Option<Arc<DecodedFrame>> {
        let _ = frame;
        None
    }
}
