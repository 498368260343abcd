//! What the reading needs of the decoded-frame memory.

use std::sync::Arc;

use study::{DecodedFrame, FrameRef};

/// Decoded frames, as far as they are in memory now.
pub trait Frames {
    /// The frame, when it is in memory; never waits.
    fn get(&self, frame: &FrameRef) -> Option<Arc<DecodedFrame>>;
}
