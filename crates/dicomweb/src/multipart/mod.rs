//! multipart/related bodies (RFC 2046 §5.1, RFC 2387), read as they arrive and written.
//!
//! A delimiter is a whole line: `--boundary`, perhaps `--`, perhaps white space, then a line end or the end of the body. Bytes
//! that merely begin like one are data. Nothing is lost when the closing delimiter is missing or has no line end: the last part
//! is then given with [`Event::End`]`{ closed: false }` and the caller compares counts.

mod headers;
mod reader;
mod writer;

pub use headers::Headers;
pub use reader::{Event, MultipartError, Reader};
pub use writer::Writer;
