//! Objects, frames, values and pictures.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

use url::Url;

use super::send::Ask;
use super::{Client, path};
use crate::shape::Wanted;
use crate::{Error, Part, Parts};

/// A way to ask.
struct Form {
    accept: &'static str,
    /// Only for one object or one frame.
    one_only: bool,
}

const fn form(accept: &'static str) -> Form {
    Form {
        accept,
        one_only: false,
    }
}

/// Files: first as the server has stored them, because without `transfer-syntax=*` many servers unpack every image, at three to
/// five times the bytes. Then for servers that know no quotes, no syntaxes, no parts.
const OBJECTS: [Form; 5] = [
    form("multipart/related; type=\"application/dicom\"; transfer-syntax=*"),
    form("multipart/related; type=application/dicom; transfer-syntax=*"),
    form("multipart/related; type=\"application/dicom\""),
    Form {
        accept: "application/dicom; transfer-syntax=*",
        one_only: true,
    },
    form("*/*"),
];

/// Frames: as stored; then by the type of each syntax, with the plain one last (a server that reads only the last of a list must
/// find it there); then unpacked.
const FRAMES: [Form; 6] = [
    form("multipart/related; type=\"application/octet-stream\"; transfer-syntax=*"),
    form("multipart/related; type=application/octet-stream; transfer-syntax=*"),
    form(
        "multipart/related; type=\"image/jphc\"; transfer-syntax=*, multipart/related; type=\"image/jls\"; transfer-syntax=*, \
         multipart/related; type=\"image/jp2\"; transfer-syntax=*, multipart/related; type=\"image/jpeg\"; transfer-syntax=*, \
         multipart/related; type=\"image/dicom-rle\"; transfer-syntax=*, \
         multipart/related; type=\"application/octet-stream\"; transfer-syntax=*",
    ),
    form("multipart/related; type=\"application/octet-stream\""),
    Form {
        accept: "application/octet-stream; transfer-syntax=*",
        one_only: true,
    },
    form("*/*"),
];

const VALUES: [Form; 3] = [
    form("multipart/related; type=\"application/octet-stream\"; transfer-syntax=*"),
    form("application/octet-stream"),
    form("*/*"),
];

const PICTURES: [Form; 3] = [form("image/jpeg"), form("image/png"), form("*/*")];

/// What was learnt about a server: the form that worked first, one more than its index (0: none yet).
#[derive(Debug, Default)]
pub(super) struct Dialect {
    objects: AtomicUsize,
    frames: AtomicUsize,
    values: AtomicUsize,
    pictures: AtomicUsize,
    no_thumbnails: AtomicBool,
    /// The server does not decode the parameters of a question.
    pub(super) undecoded: AtomicBool,
}

impl Client {
    pub(super) async fn fetch_objects(
        &self,
        study: &str,
        series: Option<&str>,
        instance: Option<&str>,
    ) -> Result<Parts, Error> {
        let address = self.server().resource(&path(study, series, instance)?);
        let known = &self.shared.dialect.objects;
        self.fetch(address, &OBJECTS, known, instance.is_some(), Wanted::Objects)
            .await
    }

    pub(super) async fn fetch_frames(
        &self,
        study: &str,
        series: &str,
        instance: &str,
        frames: &[u32],
    ) -> Result<Parts, Error> {
        if frames.is_empty() || frames.contains(&0) {
            return Err(Error::Identifier);
        }
        let list: Vec<String> = frames.iter().map(u32::to_string).collect();
        let list = list.join(",");
        let mut path = path(study, Some(series), Some(instance))?;
        path.extend(["frames", &list]);
        let address = self.server().resource(&path);
        let known = &self.shared.dialect.frames;
        self.fetch(address, &FRAMES, known, frames.len() == 1, Wanted::Values)
            .await
    }

    pub(super) async fn fetch_value(&self, uri: &str) -> Result<Part, Error> {
        let address = self.server().own(uri)?;
        let known = &self.shared.dialect.values;
        let parts = self.fetch(address, &VALUES, known, true, Wanted::Values).await?;
        parts.one().await
    }

    pub(super) async fn fetch_rendered(
        &self,
        study: &str,
        series: &str,
        instance: Option<&str>,
        frame: Option<u32>,
        size: Option<(u32, u32)>,
    ) -> Result<Part, Error> {
        let mut path = path(study, Some(series), instance)?;
        let frame = frame.filter(|_| instance.is_some()).map(|frame| frame.to_string());
        if let Some(frame) = &frame {
            path.extend(["frames", frame]);
        }
        path.push("rendered");
        self.fetch_picture(&path, size).await
    }

    pub(super) async fn fetch_thumbnail(
        &self,
        study: &str,
        series: &str,
        instance: Option<&str>,
        size: (u32, u32),
    ) -> Result<Part, Error> {
        let unknown = &self.shared.dialect.no_thumbnails;
        let mut refusal = None;
        if !unknown.load(Relaxed) {
            let mut path = path(study, Some(series), instance)?;
            path.push("thumbnail");
            match self.fetch_picture(&path, Some(size)).await {
                Err(
                    error @ (Error::Missing
                    | Error::Unsupported
                    | Error::Refused { .. }
                    | Error::WebPage
                    | Error::NotDicom),
                ) => refusal = Some(error),
                answer => return answer,
            }
        }
        match self.fetch_rendered(study, series, instance, None, Some(size)).await {
            Ok(part) => {
                // The series is there and can be drawn: it is the thumbnail that the server does not know.
                unknown.store(true, Relaxed);
                Ok(part)
            }
            Err(error) => Err(refusal.unwrap_or(error)),
        }
    }

    async fn fetch_picture(&self, path: &[&str], size: Option<(u32, u32)>) -> Result<Part, Error> {
        let mut address = self.server().resource(path);
        if let Some((width, height)) = size {
            address.set_query(Some(&format!("viewport={width},{height}")));
        }
        let known = &self.shared.dialect.pictures;
        let parts = self.fetch(address, &PICTURES, known, true, Wanted::Picture).await?;
        parts.one().await
    }

    /// Asks in the form that this server is known to take, else in each form until one is taken.
    async fn fetch(
        &self,
        address: Url,
        forms: &[Form],
        known: &AtomicUsize,
        one: bool,
        wanted: Wanted,
    ) -> Result<Parts, Error> {
        let learnt = known.load(Relaxed).checked_sub(1);
        let others = (0..forms.len()).filter(|index| Some(*index) != learnt);
        let mut refused = None;
        for index in learnt.into_iter().chain(others) {
            let Some(form) = forms.get(index).filter(|form| one || !form.one_only) else {
                continue;
            };
            let ask = Ask {
                address: address.clone(),
                accept: form.accept,
                packed: false,
                answer: self.patience().idle,
                upload: None,
            };
            match self.send(&ask).await {
                Ok(body) if body.status() == 204 => return Err(Error::Missing),
                Ok(body) => {
                    let parts = Parts::begin(body, wanted, self.patience().most_part).await?;
                    if learnt.is_none() {
                        known.store(index + 1, Relaxed);
                    }
                    return Ok(parts);
                }
                // The form is known to be right, so the question was wrong.
                Err(error @ Error::Refused { status: 400 }) if learnt == Some(index) => return Err(error),
                // "Not acceptable", and what servers say instead of it when they trip over a form or cannot give this object in it.
                Err(
                    error @ (Error::Unsupported
                    | Error::Refused {
                        status: 400 | 500 | 501,
                    }),
                ) => {
                    refused.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(refused.unwrap_or(Error::Unsupported))
    }
}
