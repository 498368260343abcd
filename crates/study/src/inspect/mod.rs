//! What each object is, as the JSON lines of `farsight inspect --json` (docs/json.md).

mod numbers;

use std::collections::BTreeSet;

use bytes::Bytes;
use dicom_core::Tag;
use dicom_dictionary_std::tags;
use pixels::display::{DisplayTable, Modality, Parameters, Voi, VoiFunction};
use pixels::{StoredFrame, colour, picture};
use serde_json::{Map, Value, json};
use space::ViewportFromImage;

use crate::{DecodeError, Decoded, EncodedFrame, Instance, Object, ObjectError, Oddity, Photometric};

/// Which frames `inspect` looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FrameSelection {
    /// The first, the middle (n ÷ 2) and the last.
    #[default]
    FirstMiddleLast,
    /// Every frame.
    All,
    /// These frames, as indices from 0.
    List(Vec<u32>),
}

impl FrameSelection {
    fn of(&self, frames: u32) -> Vec<u32> {
        match self {
            Self::FirstMiddleLast => {
                let chosen: BTreeSet<u32> = [0, frames / 2, frames.saturating_sub(1)].into();
                chosen.into_iter().collect()
            }
            Self::All => (0..frames.max(1)).collect(),
            Self::List(list) => list.clone(),
        }
    }
}

/// What decodes the frames: [`crate::decode`], or whatever runs it elsewhere.
pub type Decoder<'a> = &'a mut dyn FnMut(&EncodedFrame) -> Result<Decoded, DecodeError>;

/// One JSON line for each chosen frame, or one line for an object without (readable) pixels; `file` is written as given.
pub fn records(bytes: Bytes, file: &str, frames: &FrameSelection, decode: Decoder<'_>) -> Vec<Value> {
    let object = match Object::parse(bytes) {
        Ok(object) => object,
        Err(error) => return vec![json!({ "file": file, "error": error.to_string() })],
    };
    let (instance, unnamed) = match object.instance() {
        Ok(instance) => (Some(instance), None),
        // An object that does not say which one it is cannot be opened, but it can be looked at.
        Err(error) => (object.unnamed_instance().ok(), Some(Oddity(error.to_string()))),
    };
    let declared = instance.as_ref().map_or(0, |i| i.frames).max(object.frames());
    let shown = Shown {
        file,
        object: &object,
        instance: instance.as_ref(),
        oddities: unnamed,
    };
    if declared == 0 {
        return vec![shown.without_frames()];
    }
    frames
        .of(declared)
        .into_iter()
        .map(|index| shown.frame(index, declared, decode))
        .collect()
}

struct Shown<'a> {
    file: &'a str,
    object: &'a Object,
    instance: Option<&'a Instance>,
    oddities: Option<Oddity>,
}

impl Shown<'_> {
    fn without_frames(&self) -> Value {
        let mut record = self.heading();
        let oddities = match self.object.encoded_frame(0) {
            Ok(_) | Err(ObjectError::NoPixels) => self.oddities(&[]),
            Err(error) => {
                record.insert("error".into(), error.to_string().into());
                self.oddities(&[])
            }
        };
        record.insert("oddities".into(), oddities);
        record.into()
    }

    fn frame(&self, index: u32, frames: u32, decode: Decoder<'_>) -> Value {
        let mut record = self.heading();
        record.insert("frame".into(), index.into());
        record.insert("nframes".into(), frames.into());
        record.insert("pi".into(), text(self.object, tags::PHOTOMETRIC_INTERPRETATION));
        let decoded = self
            .object
            .encoded_frame(index)
            .map_err(|error| error.to_string())
            .and_then(|encoded| decode(&encoded).map_err(|error| error.to_string()));
        match decoded {
            Ok(decoded) => {
                self.stored(&mut record, &decoded.frame);
                if let Some(instance) = self.instance {
                    Display {
                        instance,
                        index,
                        decoded: &decoded,
                    }
                    .tell(&mut record);
                }
                record.insert("oddities".into(), self.oddities(&decoded.oddities));
            }
            Err(error) => {
                record.insert("error".into(), error.into());
                record.insert("oddities".into(), self.oddities(&[]));
            }
        }
        record.into()
    }

    fn heading(&self) -> Map<String, Value> {
        let mut record = Map::new();
        record.insert("file".into(), self.file.into());
        record.insert("ts".into(), self.object.transfer_syntax().0.as_ref().into());
        record.insert("sop".into(), text(self.object, tags::SOP_CLASS_UID));
        record
    }

    fn oddities(&self, more: &[Oddity]) -> Value {
        let of_instance = self.instance.map(|i| i.oddities.as_slice()).unwrap_or_default();
        let mut told: Vec<&str> = Vec::new();
        let all = self
            .object
            .oddities()
            .iter()
            .chain(&self.oddities)
            .chain(of_instance)
            .chain(more);
        for Oddity(sentence) in all {
            if !told.contains(&sentence.as_str()) {
                told.push(sentence);
            }
        }
        told.into()
    }

    fn stored(&self, record: &mut Map<String, Value>, frame: &StoredFrame) {
        let mut shape = vec![frame.rows, frame.columns];
        if frame.channels > 1 {
            shape.push(frame.channels.into());
        }
        record.insert("shape".into(), shape.into());
        record.insert("dtype".into(), numbers::type_name(&frame.samples).into());
        record.insert("sha_stored".into(), numbers::digest(&frame.samples).into());
        numbers::range(record, "s", |i| frame.samples.get(i));
        if let Some(grid) = numbers::block_means(frame) {
            record.insert("grid_stored".into(), grid.into());
        }
    }
}

fn text(object: &Object, tag: Tag) -> Value {
    match object.dataset().element_opt(tag).ok().flatten().map(|e| e.to_str()) {
        Some(Ok(text)) => text.trim_end_matches(['\0', ' ']).into(),
        _ => Value::Null,
    }
}

/// What a viewport would make of a decoded frame.
struct Display<'a> {
    instance: &'a Instance,
    index: u32,
    decoded: &'a Decoded,
}

impl Display<'_> {
    fn tell(&self, record: &mut Map<String, Value>) {
        let frame = &self.decoded.frame;
        let bits = self.instance.layout.as_ref().map_or(8, |l| l.bits_stored);
        if let Some(space) = self.decoded.colour_space() {
            let palette = self.decoded.photometric == Photometric::PaletteColor;
            record.insert("disp_kind".into(), if palette { "palette" } else { "rgb" }.into());
            // An embedded profile is left out, as it is by the references that these digests are compared with.
            if let Ok(rgb) = colour::rgb8(frame, space, bits, self.instance.palette.as_deref()) {
                record.insert("disp_sha".into(), numbers::digest_bytes(&rgb).into());
            }
            return;
        }
        let geometry = self.instance.frame_geometry(self.index);
        let modality = geometry.map_or(Modality::Identity, |g| g.modality.clone());
        numbers::range(record, "mod_", |i| frame.samples.get(i).map(|v| modality.value(v)));
        // The object's own first window or table that can be applied, as a viewport takes it when it opens.
        let voi = geometry.and_then(|g| g.voi.iter().map(|c| &c.voi).find(|v| v.check().is_ok()));
        record.insert("disp_kind".into(), voi.map_or("none", kind).into());
        if let Some(picture) = voi.and_then(|voi| self.picture(modality, voi.clone())) {
            record.insert("disp_sha".into(), numbers::digest_bytes(&picture).into());
        }
    }

    /// The picture at nearest neighbour and 1:1, by the same path as `farsight render --cpu`.
    fn picture(&self, modality: Modality, voi: Voi) -> Option<Vec<u8>> {
        let frame = &self.decoded.frame;
        let parameters = Parameters {
            modality,
            voi,
            inverse: self.instance.inverse,
            padding: self.instance.padding,
            stored_range: self.instance.stored_range(),
            presentation_lut: None,
            target_bits: 8,
        };
        let table = DisplayTable::build(&parameters).ok()?;
        let one_to_one = ViewportFromImage {
            a: 1.0,
            b: 0.0,
            c: 0.5,
            d: 0.0,
            e: 1.0,
            f: 0.5,
        };
        let size = (frame.columns, frame.rows);
        let nearest = picture::Interpolation::Nearest;
        Some(picture::grey(
            frame,
            &parameters.modality,
            &table,
            &one_to_one,
            size,
            nearest,
        ))
    }
}

fn kind(voi: &Voi) -> &'static str {
    match voi {
        Voi::Window {
            function: VoiFunction::Linear,
            ..
        } => "window",
        Voi::Window {
            function: VoiFunction::LinearExact,
            ..
        } => "linear_exact",
        Voi::Window {
            function: VoiFunction::Sigmoid,
            ..
        } => "sigmoid",
        Voi::Table(_) => "voilut",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_half_the_count_and_frames_are_not_told_twice() {
        let chosen = FrameSelection::FirstMiddleLast;
        assert_eq!(
            [1, 2, 3, 30].map(|n| chosen.of(n)),
            [vec![0], vec![0, 1], vec![0, 1, 2], vec![0, 15, 29]]
        );
        assert_eq!(FrameSelection::All.of(3), [0, 1, 2]);
    }

    #[test]
    fn what_is_no_object_is_one_line_with_a_sentence() {
        let told = records(
            Bytes::from_static(b"hello"),
            "a.txt",
            &FrameSelection::All,
            &mut crate::decode,
        );
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["file"], "a.txt");
        assert!(told[0]["error"].as_str().unwrap().ends_with('.'));
    }
}
