//! Is this the object that was asked for? Nothing enters the cache or memory that was not checked here.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use study::{EncodedFrame, Object, decode};

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

/// Whether an object shows by itself that nothing lacks: every frame that it promises is there, the last one in full. What holds
/// no pixels has nothing to show it by.
pub(crate) fn nothing_lacks(opened: &Opened) -> bool {
    let (object, instance) = (&opened.object, &opened.instance);
    let frames: Option<Vec<EncodedFrame>> = (0..instance.frames)
        .map(|frame| object.encoded_frame(frame).ok())
        .collect();
    object.frames() == instance.frames
        && frames
            .and_then(|mut frames| frames.pop())
            .is_some_and(|last| ends_in_full(&last))
}

/// Whether a frame's last bytes are there: by its codestream's own end marker, else by decoding it.
fn ends_in_full(frame: &EncodedFrame) -> bool {
    // JPEG, JPEG-LS and JPEG 2000 all end in FFD9, perhaps followed by one byte of padding; their decoders may pass over an end
    // that lacks.
    let marked = frame.transfer_syntax.0.starts_with("1.2.840.10008.1.2.4.");
    if marked {
        let end = frame.bytes.strip_suffix(&[0]).unwrap_or(&frame.bytes);
        return end.ends_with(&[0xFF, 0xD9]);
    }
    decode(frame).is_ok()
}

#[cfg(test)]
mod tests {
    use study::phantom;

    use super::*;
    use crate::SourceId;

    fn phantom() -> (Identity, Bytes) {
        let study = &phantom::catalogue()[0];
        let series = &study.series[0];
        let identity = Identity {
            source: SourceId(0),
            study: study.listing.study.clone(),
            series: series.uid.clone(),
            instance: series.instance_uid(3),
        };
        let bytes = phantom::object(&identity.study, &identity.series, 3).unwrap();
        (identity, bytes)
    }

    #[test]
    fn only_what_was_asked_for_is_taken() {
        let (asked, bytes) = phantom();
        assert_eq!(
            open_checked(bytes.clone(), &asked)
                .unwrap_or_else(|e| panic!("{e}"))
                .instance
                .uid,
            asked.instance
        );
        let mut others = vec![asked.clone(), asked.clone(), asked];
        others[0].instance = crate::testing::instance_uid(1, 1, 1);
        others[1].series = crate::testing::series_uid(1, 1);
        others[2].study = crate::testing::study_uid(1);
        for other in others {
            let failure = open_checked(bytes.clone(), &other).err().unwrap();
            assert_eq!(failure.kind, FailureKind::WrongIdentity);
        }
        let failure = open(Bytes::from_static(b"<html>Sign in</html>")).err().unwrap();
        assert_eq!(failure.kind, FailureKind::NotDicom);
    }

    #[test]
    fn a_piece_of_an_object_does_not_pass_for_the_whole() {
        let (_, bytes) = phantom();
        assert!(nothing_lacks(&open(bytes.clone()).unwrap_or_else(|e| panic!("{e}"))));
        for cut in [1, 2, 1000, bytes.len() / 2] {
            let piece = bytes.slice(..bytes.len() - cut);
            assert!(
                !open(piece).is_ok_and(|opened| nothing_lacks(&opened)),
                "{cut} bytes lack"
            );
        }
    }
}
