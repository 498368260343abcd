//! Writing multipart/related bodies, piece by piece.

use std::fmt::Write;

use bytes::Bytes;

/// Writes one body: for each part its head, then its bytes as they are; at the end the closing delimiter.
#[derive(Clone, Debug)]
pub struct Writer {
    boundary: String,
    begun: bool,
}

impl Writer {
    /// A writer for a boundary: 1 to 70 letters and digits that occur in no part.
    pub fn new(boundary: &str) -> Self {
        Self {
            boundary: boundary.to_owned(),
            begun: false,
        }
    }

    /// The Content-Type of the whole body for a type of part.
    pub fn content_type(&self, part_type: &str) -> String {
        format!("multipart/related; type=\"{part_type}\"; boundary={}", self.boundary)
    }

    /// What comes before a part's bytes: the delimiter and its header lines.
    pub fn head(&mut self, headers: &[(&str, &str)]) -> Bytes {
        let mut head = String::new();
        if self.begun {
            head.push_str("\r\n");
        }
        self.begun = true;
        let _ = write!(head, "--{}\r\n", self.boundary);
        for (name, value) in headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str("\r\n");
        head.into()
    }

    /// What comes after the last part.
    pub fn end(&mut self) -> Bytes {
        format!("\r\n--{}--\r\n", self.boundary).into()
    }
}
