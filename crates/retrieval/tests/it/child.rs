//! A program, not a part of the tests: the child that they start. It decodes honestly, and misbehaves when a frame tells it how.

use std::io::{self, Read, Write, stdin, stdout};
use std::process::{abort, exit};

use retrieval::workers::serve;

/// Standard input, obeyed where it gives an order.
struct Obeyed<R>(R);

impl<R: Read> Read for Obeyed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        match buffer.get(..count) {
            Some(b"die") => abort(),
            Some(b"leave") => exit(0),
            Some(b"hang") => loop {
                std::thread::park();
            },
            Some(b"nonsense") => stdout().write_all(b"This is no answer to anything that was asked.")?,
            // Until nobody reads it.
            Some(b"flood") => loop {
                stdout().write_all(&[0xff; 4096])?;
            },
            Some(b"half") => {
                stdout().write_all(b"FSw1\x03")?;
                stdout().flush()?;
                abort();
            }
            // Nothing of the parent's environment may have come along.
            Some(b"environment") if std::env::vars_os().next().is_some() => abort(),
            _ => {}
        }
        Ok(count)
    }
}

fn main() -> io::Result<()> {
    let confined = match std::env::args().nth(1).as_deref() {
        Some("silent") => return Ok(()),
        Some("open") => Err("this system knows no filter".to_owned()),
        _ => Ok(()),
    };
    serve(Obeyed(stdin().lock()), stdout().lock(), confined)
}
