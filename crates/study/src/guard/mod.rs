//! The guard: an own pass over a file's structure, iterative and within bounds, before any library reads a byte of it
//! (docs/decisions/0004).
//!
//! What a file says of itself decides nothing: a length beyond the file is cut with an oddity, nesting ends at 64, elements at two
//! million, and what all of it may take in memory comes from the file's own size ([`Budget`]). Pixel data stays where it is, a
//! slice of the input. The codecs' own headers are checked against the data set by `decode`, before anything is allocated for them.

mod budget;
mod charset;
mod element;
mod fragments;
mod part10;
mod value;
mod walk;

use bytes::Bytes;

use crate::ObjectError;
use crate::object::Oddities;

pub(crate) use budget::{Budget, MOST_ELEMENTS};
pub(crate) use element::Encoding;
pub(crate) use fragments::Fragments;
pub(crate) use part10::{EXPLICIT_BIG_ENDIAN, GE_PRIVATE_BIG_ENDIAN_PIXELS, native};
#[cfg(test)]
pub(crate) use walk::{DEEPEST, walk};
pub(crate) use walk::{Stored, Walked};

/// A file whose structure is known and within bounds.
pub(crate) struct Passed {
    /// Its data set and where its pixels are.
    pub(crate) walked: Walked,
    /// Transfer Syntax UID (0002,0010), or the native one that was found.
    pub(crate) transfer_syntax: String,
    /// Media Storage SOP Class UID (0002,0002); empty without meta information.
    pub(crate) media_storage_class: String,
    /// Bytes of memory that what is read from the data set may still take.
    pub(crate) spare: u64,
}

/// Reads a file's structure.
///
/// # Errors
/// `NotDicom` for other kinds of file, `Refused` where a bound is passed.
pub(crate) fn pass(bytes: &Bytes, oddities: &mut Oddities) -> Result<Passed, ObjectError> {
    let mut budget = Budget::of(bytes.len());
    let opened = part10::open(bytes, &mut budget, oddities)?;
    let walked = walk::walk(&opened.body, opened.encoding, &mut budget, oddities)?;
    Ok(Passed {
        walked,
        transfer_syntax: opened.transfer_syntax,
        media_storage_class: opened.media_storage_class,
        spare: budget.left(),
    })
}
