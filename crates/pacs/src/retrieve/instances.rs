//! Whole instances: as they are stored, or decoded to Explicit VR Little Endian (PS3.18 10.4.1, 8.7.3).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::response::Response;
use bytes::Bytes;
use dicom_dictionary_std::uids;
use futures_util::{StreamExt, stream};

use super::parts::{self, AHEAD, Part};
use super::{Asked, codec, explicit, location};
use crate::accept::Form;
use crate::problem::Problem;
use crate::service::Service;
use crate::store::{Instance, Place};

const DICOM: &str = "application/dicom";

/// Whether an instance is sent as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    AsStored,
    Explicit,
}

/// How a form wants an instance; `None` when it cannot be had so.
fn how(form: &Form, instance: &Instance) -> Option<How> {
    let stored = &*instance.transfer_syntax.0;
    match form.syntax.as_deref() {
        Some("*") => Some(How::AsStored),
        // Whoever says nothing at all is given what there is; whoever asks for DICOM without a syntax is owed the default.
        None if form.either => Some(How::AsStored),
        Some(wanted) if wanted == stored => Some(How::AsStored),
        None | Some(uids::EXPLICIT_VR_LITTLE_ENDIAN) => {
            if stored == uids::EXPLICIT_VR_LITTLE_ENDIAN {
                Some(How::AsStored)
            } else {
                codec::is_image_or_native(stored).then_some(How::Explicit)
            }
        }
        Some(_) => None,
    }
}

pub(super) async fn answer(asked: Asked) -> Result<Response, Problem> {
    let all = asked.instances()?;
    let whole = all.len();
    let (all, gone) = without_gone(&asked.service, all).await?;
    let fits = |form: &Form| form.takes(DICOM) && (form.multipart || form.either || whole == 1);
    for form in asked.forms.iter().filter(|form| fits(form)) {
        let chosen: Vec<(Arc<Instance>, How)> = all
            .iter()
            .filter_map(|instance| Some((Arc::clone(instance), how(form, instance)?)))
            .collect();
        let Some((first, first_how)) = chosen.first().cloned() else {
            continue;
        };
        if !form.multipart && !form.either {
            return load(asked.service, first, first_how, asked.base)
                .await
                .map(parts::single);
        }
        if first_how == How::Explicit {
            // What cannot be decoded is found out before the answer begins, as far as the first object tells.
            load(asked.service.clone(), first, first_how, asked.base.clone())
                .await
                .map_err(|problem| Problem::not_acceptable(problem.sentence))?;
        }
        let missing = whole - chosen.len();
        let (service, base) = (asked.service, asked.base);
        let parts = stream::iter(chosen)
            .map(move |(instance, how)| load(service.clone(), instance, how, base.clone()))
            .buffered(AHEAD);
        let response = parts::envelope(DICOM, parts);
        return Ok(match missing {
            0 => response,
            _ if missing == gone => parts::partial(response, missing, "are no longer in the server's folder"),
            _ => parts::partial(response, missing, "cannot be had in the form that was asked for"),
        });
    }
    Err(Problem::not_acceptable(
        "The objects cannot be had in that form. Ask for multipart/related; type=\"application/dicom\"; transfer-syntax=*.",
    ))
}

/// Leaves out the instances whose files have gone, and counts them.
///
/// # Errors
/// 410 when all have.
pub(super) async fn without_gone(
    service: &Service,
    all: Vec<Arc<Instance>>,
) -> Result<(Vec<Arc<Instance>>, usize), Problem> {
    let before = all.len();
    let left = service.archive.light(move |_| {
        let is_there = |instance: &Arc<Instance>| match &instance.place {
            Place::File(path) => path.is_file(),
            Place::Phantom(_) | Place::Memory(_) => true,
        };
        Ok(all.into_iter().filter(is_there).collect::<Vec<_>>())
    });
    let left = left.await?;
    if left.is_empty() {
        return Err(Problem::new(
            axum::http::StatusCode::GONE,
            "The objects' files are no longer in the server's folder.",
        ));
    }
    let gone = before - left.len();
    Ok((left, gone))
}

async fn load(service: Service, instance: Arc<Instance>, how: How, base: String) -> Result<Part, Problem> {
    let location = location(&base, &instance);
    let (syntax, bytes): (Arc<str>, Bytes) = match how {
        How::AsStored => {
            let syntax = Arc::clone(&instance.transfer_syntax.0);
            (syntax, service.archive.fetch(instance).await?)
        }
        How::Explicit => {
            let work = service
                .archive
                .heavy(move |archive| explicit::file(&archive.object(&instance)?, archive.decoder));
            (uids::EXPLICIT_VR_LITTLE_ENDIAN.into(), work.await?)
        }
    };
    service.counters.instances_sent.fetch_add(1, Ordering::Relaxed);
    Ok(Part {
        content_type: format!("{DICOM}; transfer-syntax={syntax}"),
        location: Some(location),
        bytes,
    })
}
