//! A picture as a PNG with what belongs to it in words.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes red, green and blue, and texts under PNG's own keywords.
///
/// # Errors
/// Those of the operating system; `InvalidInput` when the bytes do not fill the size.
pub(super) fn write(path: &Path, rgb: &[u8], (width, height): (u32, u32), texts: &[(&str, String)]) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    for (keyword, text) in texts {
        encoder
            .add_itxt_chunk((*keyword).to_owned(), text.clone())
            .map_err(refused)?;
    }
    let mut writer = encoder.write_header().map_err(refused)?;
    writer.write_image_data(rgb).map_err(refused)?;
    writer.finish().map_err(refused)?;
    file.flush()
}

fn refused(error: png::EncodingError) -> io::Error {
    match error {
        png::EncodingError::IoError(error) => error,
        other => io::Error::new(io::ErrorKind::InvalidInput, other.to_string()),
    }
}
