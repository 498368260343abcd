//! The child's side: frames in, values out, until nobody asks any more.

use std::io::{self, Read, Write};

use super::wire::{self, WireError};

/// Says whether this process is locked in, then decodes what comes until the input ends. One that is not locked in decodes nothing.
///
/// # Errors
/// What came is no request, or nobody reads the answers.
pub fn serve(mut input: impl Read, mut output: impl Write, confined: Result<(), String>) -> io::Result<()> {
    let locked_in = confined.is_ok();
    wire::write_greeting(&mut output, &confined)?;
    output.flush()?;
    if !locked_in {
        return Ok(());
    }
    loop {
        let (number, frame) = match wire::read_request(&mut input) {
            Ok(Some(request)) => request,
            Ok(None) => return Ok(()),
            Err(WireError::Cut(error)) => return Err(error),
            Err(WireError::Nonsense | WireError::TooLong) => return Err(io::ErrorKind::InvalidData.into()),
        };
        wire::write_answer(&mut output, number, &study::decode(&frame))?;
        output.flush()?;
    }
}
