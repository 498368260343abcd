//! Sending objects (STOW-RS, PS3.18 section 10.5).

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use bytes::Bytes;
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::send::{Ask, Upload};
use super::{Client, check};
use crate::multipart::Writer;
use crate::pause::random;
use crate::{Error, Fate, Outcome, Stored};

/// The most bytes and objects of one request: what is lost when it fails is no more than that.
const MOST_BYTES: usize = 64 << 20;
const MOST_OBJECTS: usize = 200;

impl Client {
    pub(super) async fn send_objects(&self, study: Option<&str>, objects: Vec<Bytes>) -> Result<Stored, Error> {
        let mut path = vec!["studies"];
        if let Some(study) = study {
            check(study)?;
            path.push(study);
        }
        let address = self.server().resource(&path);
        let mut stored = Stored {
            outcomes: objects
                .iter()
                .map(|object| Outcome {
                    instance: instance_of(object),
                    fate: Fate::Unmentioned,
                })
                .collect(),
        };
        let mut batches: VecDeque<Range<usize>> = batches(&objects).into();
        let mut answered = false;
        let mut failure: Option<Error> = None;
        while let Some(batch) = batches.pop_front() {
            if let Some(error) = &failure {
                set(&mut stored.outcomes[batch], &Fate::NotSent(error.clone()));
                continue;
            }
            match self
                .send_batch(&address, &objects[batch.clone()], &mut stored.outcomes[batch.clone()])
                .await
            {
                Ok(()) => answered = true,
                // Too much at once: halves may go.
                Err(Error::TooMuch) if batch.len() > 1 => {
                    let middle = batch.start + batch.len() / 2;
                    batches.push_front(middle..batch.end);
                    batches.push_front(batch.start..middle);
                }
                Err(error @ Error::TooMuch) => {
                    answered = true;
                    set(&mut stored.outcomes[batch], &Fate::Failed(error));
                }
                Err(error) if !answered && !may_have_arrived(&error) => return Err(error),
                Err(error) => {
                    set(&mut stored.outcomes[batch], &Fate::Failed(error.clone()));
                    failure = Some(error);
                }
            }
        }
        Ok(stored)
    }

    async fn send_batch(&self, address: &url::Url, objects: &[Bytes], outcomes: &mut [Outcome]) -> Result<(), Error> {
        let mut writer = Writer::new(&format!("farsight{:016x}{:016x}", random(), random()));
        let mut pieces = Vec::with_capacity(objects.len() * 2 + 1);
        for object in objects {
            pieces.push(writer.head(&[("Content-Type", "application/dicom")]));
            pieces.push(object.clone());
        }
        pieces.push(writer.end());
        let upload = Upload {
            media: writer.content_type("application/dicom"),
            pieces,
        };
        let ask = Ask {
            address: address.clone(),
            accept: "application/dicom+json",
            packed: true,
            // Storing takes a server longer than finding.
            answer: self.patience().metadata,
            upload: Some(&upload),
        };
        let body = self.send(&ask).await?;
        let status = body.status();
        let words = match self.read_rows(body).await {
            Ok((answer, None)) => answer.rows.into_iter().next().map(|row| row.dataset),
            // The status still holds, whatever became of the words.
            _ => None,
        };
        let told = words.as_ref().map(told).unwrap_or_default();
        for outcome in outcomes {
            let named = outcome.instance.as_ref().and_then(|uid| told.get(uid)).cloned();
            outcome.fate = match (named, status) {
                (Some(fate), _) => fate,
                (None, 200 | 201) if told.is_empty() => Fate::StoredUnread,
                (None, 409) if told.is_empty() => Fate::Refused(None),
                (None, _) => Fate::Unmentioned,
            };
        }
        Ok(())
    }
}

/// The server may have what was sent, although it did not say so.
fn may_have_arrived(error: &Error) -> bool {
    matches!(
        error,
        Error::Silent(_) | Error::BrokeOff | Error::TooSlow | Error::CutShort
    )
}

fn set(outcomes: &mut [Outcome], fate: &Fate) {
    for outcome in outcomes {
        outcome.fate = fate.clone();
    }
}

/// Runs of objects in requests of a bearable size.
fn batches(objects: &[Bytes]) -> Vec<Range<usize>> {
    let mut batches: Vec<Range<usize>> = Vec::new();
    let mut bytes = 0;
    for (index, object) in objects.iter().enumerate() {
        match batches.last_mut() {
            Some(batch) if batch.len() < MOST_OBJECTS && bytes + object.len() <= MOST_BYTES => {
                batch.end = index + 1;
                bytes += object.len();
            }
            _ => {
                batches.push(index..index + 1);
                bytes = object.len();
            }
        }
    }
    batches
}

/// What a Store Instances Response (PS3.18 annex I) says of each instance.
fn told(words: &InMemDicomObject) -> BTreeMap<String, Fate> {
    let mut told = BTreeMap::new();
    for item in items(words, tags::REFERENCED_SOP_SEQUENCE) {
        if let Some(instance) = text(item, tags::REFERENCED_SOP_INSTANCE_UID) {
            let warning = code(item, tags::WARNING_REASON).filter(|code| *code != 0);
            told.insert(instance, warning.map_or(Fate::Stored, Fate::StoredWithWarning));
        }
    }
    // Whoever is named in both lists is not stored.
    for item in items(words, tags::FAILED_SOP_SEQUENCE) {
        if let Some(instance) = text(item, tags::REFERENCED_SOP_INSTANCE_UID) {
            told.insert(instance, Fate::Refused(code(item, tags::FAILURE_REASON)));
        }
    }
    told
}

fn items(object: &InMemDicomObject, tag: Tag) -> &[InMemDicomObject] {
    object
        .element(tag)
        .ok()
        .and_then(|element| element.items())
        .unwrap_or_default()
}

fn text(object: &InMemDicomObject, tag: Tag) -> Option<String> {
    let element = object.element(tag).ok()?;
    Some(element.to_str().ok()?.trim_matches([' ', '\0']).to_owned())
}

fn code(object: &InMemDicomObject, tag: Tag) -> Option<u16> {
    object.element(tag).ok()?.to_int().ok()
}

/// The SOP Instance UID that a Part 10 file's head names (0002,0003). Read by hand: nothing is set aside for a length that the
/// file only claims.
fn instance_of(file: &[u8]) -> Option<String> {
    let mut rest = file.get(128..)?.strip_prefix(b"DICM")?;
    // The file's head is in Explicit VR Little Endian, in order of tags (PS3.10 section 7.1).
    loop {
        let (head, after) = rest.split_at_checked(8)?;
        let tag = (
            u16::from_le_bytes([head[0], head[1]]),
            u16::from_le_bytes([head[2], head[3]]),
        );
        if tag.0 != 0x0002 || tag.1 > 0x0003 {
            return None;
        }
        let long = matches!(
            &head[4..6],
            b"OB" | b"OW" | b"UN" | b"UT" | b"SQ" | b"OF" | b"OD" | b"OL"
        );
        let (length, value) = if long {
            let (length, value) = after.split_at_checked(4)?;
            (
                u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize,
                value,
            )
        } else {
            (usize::from(u16::from_le_bytes([head[6], head[7]])), after)
        };
        let (value, after) = value.split_at_checked(length)?;
        if tag.1 == 0x0003 {
            let text = std::str::from_utf8(value).ok()?.trim_matches([' ', '\0']);
            return (!text.is_empty()).then(|| text.to_owned());
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_go_in_batches_of_bearable_size_and_none_is_lost() {
        let sizes = [10 << 20, 60 << 20, 5 << 20, 100 << 20, 1, 1];
        let objects: Vec<Bytes> = sizes.iter().map(|size| Bytes::from(vec![0; *size])).collect();
        assert_eq!(batches(&objects), [0..1, 1..2, 2..3, 3..4, 4..6]);
        let many: Vec<Bytes> = vec![Bytes::new(); 450];
        assert_eq!(
            batches(&many).iter().map(Range::len).collect::<Vec<_>>(),
            [200, 200, 50]
        );
        assert!(batches(&[]).is_empty());
    }

    #[test]
    fn each_instance_has_the_fate_that_the_answer_tells() {
        let (rows, _) = crate::rows(
            br#"{"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.1"]}},
                {"00081155":{"vr":"UI","Value":["1.2"]},"00081196":{"vr":"US","Value":[45056]}},
                {"00081155":{"vr":"UI","Value":["1.3"]}}]},
            "00081198":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.3"]},"00081197":{"vr":"US","Value":[290]}}]}}"#,
        );
        let told = told(&rows[0].dataset);
        assert_eq!(told["1.1"], Fate::Stored);
        assert_eq!(told["1.2"], Fate::StoredWithWarning(0xB000));
        assert_eq!(told["1.3"], Fate::Refused(Some(0x0122)));
    }

    #[test]
    fn the_instance_is_read_from_the_head_of_a_file() {
        let element = |element: u16, vr: &[u8; 2], value: &[u8]| {
            let mut bytes = [&[2, 0][..], &element.to_le_bytes(), vr].concat();
            if vr == b"OB" {
                bytes.extend([0, 0]);
                bytes.extend((value.len() as u32).to_le_bytes());
            } else {
                bytes.extend((value.len() as u16).to_le_bytes());
            }
            bytes.extend(value);
            bytes
        };
        let file = [
            vec![0; 128],
            b"DICM".to_vec(),
            element(0, b"UL", &[9, 0, 0, 0]),
            element(1, b"OB", &[0, 1]),
            element(2, b"UI", b"1.2.840\0"),
            element(3, b"UI", b"1.2.3.4\0"),
        ]
        .concat();
        assert_eq!(instance_of(&file).as_deref(), Some("1.2.3.4"));
        for cut in 0..file.len() {
            assert_eq!(instance_of(&file[..cut]), None);
        }
    }
}
