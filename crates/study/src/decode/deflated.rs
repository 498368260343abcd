//! Deflated Image Frame Compression (PS3.5 A.4.13): each frame is a raw deflate stream of the native frame.

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::plan::{Container, Plan};
use super::{DecodeError, Decoded, native};

/// Inflates a frame, never further than the frame is long.
pub(super) fn decode(plan: &Plan, bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let needed = if plan.container == Container::Bit {
        plan.values().div_ceil(8)
    } else {
        plan.values() * plan.container_bytes()
    };
    let mut inflated = Vec::new();
    DeflateDecoder::new(bytes)
        .take(needed as u64)
        .read_to_end(&mut inflated)
        .map_err(|error| DecodeError::damaged(format!("the deflated frame does not inflate ({error})")))?;
    native::decode(plan, &inflated, 0, false)
}
