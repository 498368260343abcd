//! Which instance is fetched next, and which frame is decoded next: decisions only, over what is wanted, here and under way.
//!
//! Frames on the screen come first, alone and on connections kept free for them; then what is wanted next; then the rest of
//! every open study. Nothing is cancelled by hand: what is not in the newest list is simply not chosen.

mod decode;
mod fetch;

pub(crate) use self::decode::{Job, next_decode};
pub(crate) use self::fetch::{bulk_requests, next_fetch};

#[cfg(test)]
mod tests;
