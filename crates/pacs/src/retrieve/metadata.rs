//! Headers as DICOM JSON, large values by reference (PS3.18 10.4.1.1.2, F).

use std::sync::Arc;

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::{Asked, instances, location, parts};
use crate::accept::DICOM_JSON;
use crate::dicom_json::{self, Bulk};
use crate::problem::Problem;
use crate::service::Service;
use crate::store::{Instance, integer};

/// Headers in the making while one is being sent.
const AHEAD: usize = 4;

pub(super) async fn answer(asked: Asked) -> Result<Response, Problem> {
    let taken =
        |form: &crate::accept::Form| !form.multipart && (form.takes(DICOM_JSON) || form.takes("application/json"));
    if !asked.forms.iter().any(taken) {
        return Err(Problem::not_acceptable(
            "This server gives metadata as application/dicom+json only.",
        ));
    }
    let (all, gone) = instances::without_gone(&asked.service, asked.instances()?).await?;
    let (service, base) = (asked.service, asked.base);
    let mut between = "[";
    let rows = stream::iter(all)
        .map(move |instance| row(service.clone(), instance, base.clone()))
        .buffered(AHEAD)
        .map(move |row| {
            let text = format!("{}{}", std::mem::replace(&mut between, ","), row?);
            Ok::<_, std::io::Error>(Bytes::from(text))
        })
        .chain(stream::once(std::future::ready(Ok(Bytes::from_static(b"]")))));
    let response = ([(header::CONTENT_TYPE, DICOM_JSON)], Body::from_stream(rows)).into_response();
    Ok(match gone {
        0 => response,
        _ => parts::partial(response, gone, "are no longer in the server's folder"),
    })
}

async fn row(service: Service, instance: Arc<Instance>, base: String) -> Result<Value, Problem> {
    service
        .archive
        .light(move |archive| {
            let (header, frames) = archive.header(&instance)?;
            Ok(described(&header, frames, &instance, &base))
        })
        .await
}

fn described(header: &InMemDicomObject, frames: u32, instance: &Instance, base: &str) -> Value {
    let bulk = format!("{}/bulkdata", location(base, instance));
    let mut header = header.clone();
    let syntax = PrimitiveValue::from(&*instance.transfer_syntax.0);
    header.put(DataElement::new(tags::AVAILABLE_TRANSFER_SYNTAX_UID, VR::UI, syntax));
    let mut row = dicom_json::dataset(&header, &Bulk { base: Some(&bulk) });
    if frames > 0 {
        let (tag, vr) = pixel_element(&header);
        let name = dicom_json::name(tag);
        let body = json!({"vr": vr.to_string(), "BulkDataURI": format!("{bulk}/{name}")});
        row.insert(name, body);
    }
    Value::Object(row)
}

/// The element that the pixels stand in, by what the header says of them (PS3.3 C.7.6.3, C.7.6.24, C.7.6.25).
pub(super) fn pixel_element(header: &InMemDicomObject) -> (Tag, VR) {
    let integers = header.get(tags::BITS_STORED).is_some();
    match integer(header, tags::BITS_ALLOCATED) {
        Some(32) if !integers => (tags::FLOAT_PIXEL_DATA, VR::OF),
        Some(64) if !integers => (tags::DOUBLE_FLOAT_PIXEL_DATA, VR::OD),
        Some(bits) if bits > 8 => (tags::PIXEL_DATA, VR::OW),
        _ => (tags::PIXEL_DATA, VR::OB),
    }
}
