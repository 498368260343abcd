//! STOW-RS: storing instances, each with its own outcome (PS3.18 10.5, I).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use dicom_core::value::DataSetSequence;
use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicomweb::multipart::{Event, Reader};
use futures_util::StreamExt;
use study::StudyUid;

use crate::accept::{self, Media};
use crate::address::{self, Names};
use crate::dicom_json::{self, Bulk};
use crate::problem::Problem;
use crate::search::warn;
use crate::service::Service;
use crate::store::{Deposit, Refusal};

/// Bytes that one object may have.
const MOST_BYTES: usize = 1 << 30;
/// Objects that one request may hold.
const MOST_OBJECTS: usize = 50_000;
/// Refused: out of resources.
const TOO_LARGE: u16 = 0xA700;
/// Processing failure.
const FAILURE: u16 = 0x0110;
/// Error: cannot understand.
const NOT_UNDERSTOOD: u16 = 0xC000;

/// `POST /studies` and `POST /studies/{study}`.
pub(crate) async fn store(
    State(service): State<Service>,
    names: Names,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    answer(&service, &names, &uri, &headers, body)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

async fn answer(
    service: &Service,
    names: &Names,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let parameters = Query::<Vec<(String, String)>>::try_from_uri(uri).map_or_else(|_| Vec::new(), |query| query.0);
    accept::json(headers, &parameters)?;
    let study = names.study()?;
    let boundary = boundary(headers)?;
    let mut intake = Intake {
        service: service.clone(),
        study,
        outcomes: Vec::new(),
    };
    intake.read(body, boundary.as_deref()).await?;
    let base = address::base(headers, service.address);
    Ok(report(&intake.outcomes, &base))
}

/// The boundary of a multipart body; `None` when the body is one object.
///
/// # Errors
/// 415 for other media types, 400 for a missing boundary.
fn boundary(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let wrong = || {
        Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Objects are stored as multipart/related; type=\"application/dicom\"; boundary=….",
        )
    };
    let written = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = written.and_then(Media::parse).ok_or_else(wrong)?;
    match media.essence.as_str() {
        "application/dicom" => Ok(None),
        "multipart/related" => {
            let part_type = media.parameter("type").unwrap_or("application/dicom");
            if !part_type.to_ascii_lowercase().starts_with("application/dicom") || part_type.contains('+') {
                return Err(wrong());
            }
            match media.parameter("boundary") {
                Some(boundary) if (1..=70).contains(&boundary.len()) => Ok(Some(boundary.to_owned())),
                _ => Err(Problem::malformed(
                    "The Content-Type names no boundary (1 to 70 characters).",
                )),
            }
        }
        _ => Err(wrong()),
    }
}

type Outcome = Result<Deposit, Refusal>;

/// A request's objects on their way in; memory holds one at a time.
struct Intake {
    service: Service,
    study: Option<StudyUid>,
    outcomes: Vec<Outcome>,
}

/// The object that is arriving.
#[derive(Default)]
struct Arriving {
    bytes: BytesMut,
    refused: Option<(u16, &'static str)>,
}

impl Arriving {
    fn add(&mut self, bytes: &[u8]) {
        if self.refused.is_some() {
            return;
        }
        if self.bytes.len() + bytes.len() > MOST_BYTES {
            self.bytes = BytesMut::new();
            self.refused = Some((TOO_LARGE, "The object is larger than 1 GiB."));
            return;
        }
        self.bytes.extend_from_slice(bytes);
    }
}

impl Intake {
    /// Reads the body to its end.
    ///
    /// # Errors
    /// 400 when it holds no object at all, 413 when it holds too many.
    async fn read(&mut self, body: Body, boundary: Option<&str>) -> Result<(), Problem> {
        let mut source = body.into_data_stream();
        let Some(boundary) = boundary else {
            let mut arriving = Arriving::default();
            while let Some(bytes) = source.next().await {
                arriving.add(&bytes.map_err(|_| broken_off())?);
            }
            return self.arrived(arriving, true).await;
        };
        let mut reader = Reader::new(Some(boundary));
        let mut arriving = None;
        loop {
            match source.next().await {
                Some(Ok(bytes)) => reader.feed(&bytes),
                Some(Err(_)) | None => reader.finish(),
            }
            loop {
                match reader.next_event() {
                    Ok(None) => break,
                    Ok(Some(Event::Part(headers))) => {
                        let media = headers.get("content-type").and_then(Media::parse);
                        let other = media.is_some_and(|media| media.essence != "application/dicom");
                        let refused = other.then_some((NOT_UNDERSTOOD, "The part is not of type application/dicom."));
                        let bytes = BytesMut::new();
                        arriving = Some(Arriving { bytes, refused });
                    }
                    Ok(Some(Event::Body(bytes))) => {
                        if let Some(arriving) = &mut arriving {
                            arriving.add(&bytes);
                        }
                    }
                    Ok(Some(Event::PartEnd)) => self.arrived(arriving.take().unwrap_or_default(), true).await?,
                    Ok(Some(Event::End { closed })) => {
                        if let Some(cut) = arriving.take() {
                            self.arrived(cut, closed).await?;
                        }
                        return if self.outcomes.is_empty() { Err(empty()) } else { Ok(()) };
                    }
                    Err(_) if self.outcomes.is_empty() => return Err(empty()),
                    Err(_) => return Ok(()),
                }
            }
        }
    }

    async fn arrived(&mut self, arriving: Arriving, whole: bool) -> Result<(), Problem> {
        if self.outcomes.len() >= MOST_OBJECTS {
            return Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The request holds more than 50000 objects; send fewer at once.",
            ));
        }
        let refused = arriving
            .refused
            .or_else(|| (!whole).then_some((FAILURE, "The request ended within this object; it was not stored.")));
        if let Some((reason, sentence)) = refused {
            self.outcomes.push(Err(Refusal {
                reason,
                sentence: sentence.to_owned(),
                sop_class: None,
                instance: None,
            }));
            return Ok(());
        }
        let (bytes, study): (Bytes, _) = (arriving.bytes.freeze(), self.study.clone());
        let outcome = self
            .service
            .archive
            .light(move |archive| Ok(archive.deposit(bytes, study.as_ref())))
            .await?;
        if outcome.as_ref().is_ok_and(|deposit| deposit.new) {
            self.service.counters.instances_stored.fetch_add(1, Ordering::Relaxed);
        }
        self.outcomes.push(outcome);
        Ok(())
    }
}

fn broken_off() -> Problem {
    Problem::malformed("The request broke off; nothing of it was stored.")
}

fn empty() -> Problem {
    Problem::malformed("The request holds no object between its boundaries.")
}

/// What became of each object (PS3.18 10.5.3, I.2).
fn report(outcomes: &[Outcome], base: &str) -> Response {
    let stored: Vec<&Deposit> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
    let refused: Vec<&Refusal> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    let (named, unnamed): (Vec<&Refusal>, Vec<&Refusal>) = refused.iter().partition(|r| r.instance.is_some());
    let mut answer = InMemDicomObject::new_empty();
    let studies: std::collections::BTreeSet<&str> = stored.iter().map(|d| d.instance.study.as_str()).collect();
    if let (Some(study), 1) = (studies.first(), studies.len()) {
        answer.put(text(tags::RETRIEVE_URL, VR::UR, &format!("{base}/studies/{study}")));
    }
    let mut sequence = |tag: Tag, items: Vec<InMemDicomObject>| {
        if !items.is_empty() {
            answer.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(items)));
        }
    };
    let refusals = |list: &[&Refusal]| list.iter().map(|refusal| refused_item(refusal)).collect();
    sequence(
        tags::REFERENCED_SOP_SEQUENCE,
        stored.iter().map(|deposit| stored_item(deposit, base)).collect(),
    );
    sequence(tags::FAILED_SOP_SEQUENCE, refusals(&named));
    sequence(tags::OTHER_FAILURES_SEQUENCE, refusals(&unnamed));
    let status = match (stored.is_empty(), refused.is_empty()) {
        (_, true) => StatusCode::OK,
        (false, false) => StatusCode::ACCEPTED,
        (true, false) => StatusCode::CONFLICT,
    };
    let body = serde_json::Value::Object(dicom_json::dataset(&answer, &Bulk { base: None })).to_string();
    let mut response = (status, [(header::CONTENT_TYPE, accept::DICOM_JSON)], body).into_response();
    // Codes are for programs; a person gets the sentences, each once.
    let sentences: std::collections::BTreeSet<&str> = refused.iter().map(|r| r.sentence.as_str()).collect();
    for sentence in sentences.iter().take(8) {
        warn(&mut response, sentence);
    }
    response
}

fn stored_item(deposit: &Deposit, base: &str) -> InMemDicomObject {
    let instance: &Arc<_> = &deposit.instance;
    let address = format!(
        "{base}/studies/{}/series/{}/instances/{}",
        instance.study.as_str(),
        instance.series.as_str(),
        instance.uid.as_str()
    );
    InMemDicomObject::from_element_iter([
        text(tags::REFERENCED_SOP_CLASS_UID, VR::UI, &instance.sop_class),
        text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, instance.uid.as_str()),
        text(tags::RETRIEVE_URL, VR::UR, &address),
    ])
}

fn refused_item(refusal: &Refusal) -> InMemDicomObject {
    let uids = [
        (tags::REFERENCED_SOP_CLASS_UID, &refusal.sop_class),
        (tags::REFERENCED_SOP_INSTANCE_UID, &refusal.instance),
    ];
    let known = uids
        .iter()
        .filter_map(|(tag, uid)| Some(text(*tag, VR::UI, uid.as_deref()?)));
    let reason = DataElement::new(tags::FAILURE_REASON, VR::US, PrimitiveValue::from(refusal.reason));
    InMemDicomObject::from_element_iter(known.chain([reason]))
}

fn text(tag: Tag, vr: VR, value: &str) -> DataElement<InMemDicomObject> {
    DataElement::new(tag, vr, PrimitiveValue::from(value))
}
