//! One line of progress that rewrites itself on a terminal, and nothing when piped.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// A progress line on standard error.
pub(super) struct Line {
    shown: bool,
    begun: Instant,
    last: Option<Instant>,
}

impl Line {
    /// Begins; silent unless standard error is a terminal.
    pub(super) fn new() -> Self {
        Self {
            shown: std::io::stderr().is_terminal(),
            begun: Instant::now(),
            last: None,
        }
    }

    /// Shows images and bytes so far, the rate, and the time left when the total is known.
    pub(super) fn show(&mut self, images: usize, of: Option<usize>, bytes: u64) {
        if !self.shown
            || self
                .last
                .is_some_and(|last| last.elapsed() < Duration::from_millis(100))
        {
            return;
        }
        self.last = Some(Instant::now());
        let mut error = std::io::stderr().lock();
        let _ = write!(
            error,
            "\r\x1b[K{}",
            sentence(images, of, bytes, self.begun.elapsed().as_secs_f64())
        );
        let _ = error.flush();
    }

    /// Takes the line off the terminal.
    pub(super) fn finish(&mut self) {
        if self.shown && self.last.is_some() {
            eprint!("\r\x1b[K");
        }
    }

    /// Seconds since the work began.
    pub(super) fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }
}

/// Bytes as a person reads them: `61.2 MB` (powers of ten).
pub(super) fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    match bytes {
        b if b < 1e3 => format!("{b} B"),
        b if b < 1e6 => format!("{:.0} kB", b / 1e3),
        b if b < 1e9 => format!("{:.1} MB", b / 1e6),
        b => format!("{:.2} GB", b / 1e9),
    }
}

fn sentence(images: usize, of: Option<usize>, bytes: u64, seconds: f64) -> String {
    let rate = if seconds > 0.0 {
        bytes as f64 * 8.0 / 1e6 / seconds
    } else {
        0.0
    };
    let count = match of {
        Some(total) => format!("{images} of {total} images"),
        None => format!("{images} images"),
    };
    let left = match of {
        Some(total) if images > 0 && total > images => {
            format!(", {:.0} s left", seconds / images as f64 * (total - images) as f64)
        }
        _ => String::new(),
    };
    format!("{count}, {}, {rate:.0} Mbit/s{left}", size(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_images_bytes_rate_and_time_left() {
        assert_eq!(
            sentence(60, Some(240), 10_000_000, 2.0),
            "60 of 240 images, 10.0 MB, 40 Mbit/s, 6 s left"
        );
        assert_eq!(sentence(3, None, 900, 0.0), "3 images, 900 B, 0 Mbit/s");
    }
}
