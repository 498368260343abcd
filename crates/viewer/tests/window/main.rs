//! The window by the names of its parts, drawn by the software adapter: worklist, images, marks, and what is left after closing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bad_input;
mod harness;
mod images;
mod marks;
mod pages;
mod pixels_on_screen;
mod truth;
mod worklist;
