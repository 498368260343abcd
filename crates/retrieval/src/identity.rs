//! Is this the object that was asked for? Nothing enters the cache or memory that was not checked here.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use study::{EncodedFrame, Instance, Object, SampleKind};

use crate::cache::Identity;
use crate::shelf::Opened;
use crate::{Failure, FailureKind};

/// Reads an object and compares its own identifiers with those that were asked for.
pub(crate) fn open_checked(bytes: Bytes, asked: &Identity) -> Result<Opened, Failure> {
    let opened = open(bytes)?;
    let own = &opened.instance;
    if own.study != asked.study || own.series != asked.series || own.uid != asked.instance {
        return Err(Failure::passing(
            FailureKind::WrongIdentity,
            "Another object came than the one that was asked for; it was thrown away and is not shown. Tell the PACS's administrators.",
        ));
    }
    Ok(opened)
}

/// Reads an object with its own header. A parser that breaks off is a refusal, not the end of the program.
pub(crate) fn open(bytes: Bytes) -> Result<Opened, Failure> {
    let read = catch_unwind(AssertUnwindSafe(|| {
        let object = Object::parse(bytes)?;
        let instance = Arc::new(object.instance()?);
        Ok::<_, study::ObjectError>(Opened { object, instance })
    }));
    match read {
        Ok(Ok(opened)) => Ok(opened),
        Ok(Err(error)) => Err(Failure::lasting(FailureKind::NotDicom, error.to_string())),
        Err(_) => Err(Failure::lasting(
            FailureKind::NotDicom,
            "The object's structure could not be read.",
        )),
    }
}

/// Whether an object whose end was not seen shows by itself that nothing lacks: every frame that it promises is there in full.
pub(crate) fn nothing_lacks(opened: &Opened) -> bool {
    let (object, instance) = (&opened.object, &opened.instance);
    object.frames() == instance.frames
        && instance.frames > 0
        && (0..instance.frames).all(|frame| {
            object
                .encoded_frame(frame)
                .is_ok_and(|encoded| ends_in_full(&encoded, instance))
        })
}

/// Whether a frame's last bytes are there: the native length, or the codestream's own end marker.
fn ends_in_full(frame: &EncodedFrame, instance: &Instance) -> bool {
    const NATIVE: [&str; 4] = [
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2.2",
        "1.2.840.10008.1.2.1.99",
    ];
    if NATIVE.contains(&&*instance.transfer_syntax.0) {
        let layout = &frame.layout;
        let bits = match layout.kind {
            SampleKind::Integer => u64::from(layout.bits_allocated),
            SampleKind::Float => 32,
            SampleKind::Double => 64,
        };
        let samples = u64::from(layout.rows) * u64::from(layout.columns) * u64::from(layout.samples_per_pixel);
        return frame.bytes.len() as u64 * 8 >= samples * bits;
    }
    // JPEG, JPEG-LS and JPEG 2000 all end in FFD9, perhaps followed by one byte of padding.
    let end = frame.bytes.strip_suffix(&[0]).unwrap_or(&frame.bytes);
    end.ends_with(&[0xFF, 0xD9])
}
