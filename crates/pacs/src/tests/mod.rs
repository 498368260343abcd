//! The routes, asked without a socket.

mod hostile;
mod retrieving;
mod searching;
mod storing;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use bytes::Bytes;
use dicomweb::multipart::{Event, Headers, Reader};
use serde_json::Value;
use tokio::sync::watch;
use tower::ServiceExt;

use crate::misbehaviour::Misbehaviour;
use crate::service::{Counters, Service};
use crate::store::Archive;
use crate::{Faults, Store, routes};

/// A server without a socket.
struct Server {
    router: Router,
    service: Service,
    _stop: watch::Sender<bool>,
}

/// An answer, read to its end.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Server {
    async fn new(store: Store) -> Self {
        let (stop, stopped) = watch::channel(false);
        let service = Service {
            archive: Archive::open(store, study::decode).await.unwrap(),
            address: "127.0.0.1:4242".parse().unwrap(),
            counters: Arc::new(Counters::default()),
            misbehaviour: Arc::new(Misbehaviour::new(Faults::default(), stopped)),
        };
        Self {
            router: routes::all(service.clone()),
            service,
            _stop: stop,
        }
    }

    async fn get(&self, path: &str, accept: &str) -> Answer {
        let request = Request::get(format!("/dicom-web{path}")).header("accept", accept);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, content_type: &str, body: impl Into<Bytes>) -> Answer {
        let request = Request::post(format!("/dicom-web{path}")).header("content-type", content_type);
        self.send(request.body(Body::from(body.into())).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap(),
        }
    }
}

impl Answer {
    fn json(&self) -> Value {
        let sentence = String::from_utf8_lossy(&self.body);
        assert_eq!(
            self.header("content-type"),
            "application/dicom+json",
            "{} {sentence}",
            self.status
        );
        serde_json::from_slice(&self.body).unwrap()
    }

    fn rows(&self) -> Vec<Value> {
        assert_eq!(self.status, StatusCode::OK);
        self.json().as_array().unwrap().clone()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn warnings(&self) -> Vec<&str> {
        self.headers
            .get_all("warning")
            .iter()
            .map(|w| w.to_str().unwrap())
            .collect()
    }

    /// One plain sentence, and nothing that belongs to a patient or a program.
    fn sentence(&self) -> String {
        assert!(self.header("content-type").starts_with("text/plain"), "{self:?}");
        let text = std::str::from_utf8(&self.body).unwrap().trim_end().to_owned();
        assert!(text.ends_with('.') && !text.contains('\n'), "{text}");
        text
    }

    fn parts(&self) -> Vec<(Headers, Vec<u8>)> {
        let media = crate::accept::Media::parse(self.header("content-type")).unwrap();
        assert_eq!(media.essence, "multipart/related");
        let mut reader = Reader::new(media.parameter("boundary"));
        reader.feed(&self.body);
        reader.finish();
        let mut parts: Vec<(Headers, Vec<u8>)> = Vec::new();
        loop {
            match reader.next_event().unwrap().unwrap() {
                Event::Part(headers) => parts.push((headers, Vec::new())),
                Event::Body(bytes) => parts.last_mut().unwrap().1.extend_from_slice(&bytes),
                Event::PartEnd => {}
                Event::End { closed } => {
                    assert!(closed, "the body has its end");
                    return parts;
                }
            }
        }
    }
}

/// The first value of an element.
fn value<'a>(row: &'a Value, tag: &str) -> &'a Value {
    &row[tag]["Value"][0]
}

fn text<'a>(row: &'a Value, tag: &str) -> &'a str {
    value(row, tag).as_str().unwrap_or("")
}

/// Address of the study, series and instance that a row speaks of.
fn address(row: &Value) -> String {
    let mut address = format!("/studies/{}", text(row, "0020000D"));
    for (level, tag) in [("series", "0020000E"), ("instances", "00080018")] {
        if !text(row, tag).is_empty() {
            address = format!("{address}/{level}/{}", text(row, tag));
        }
    }
    address
}

/// A file of `test-data/cases`.
fn case(name: &str) -> Vec<u8> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test-data/cases");
    std::fs::read(cases.join(name).join("object.dcm")).unwrap()
}

/// A folder that holds these cases, and something that is no image.
fn folder(cases: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    for name in cases {
        std::fs::write(folder.path().join(format!("{name}.img")), case(name)).unwrap();
    }
    std::fs::write(folder.path().join("notes.txt"), "no image").unwrap();
    let mut broken = vec![0; 128];
    broken.extend_from_slice(b"DICM\x02\x00\x00\x00UL\xff\xff");
    std::fs::write(folder.path().join("broken.dcm"), broken).unwrap();
    let path = folder.path().to_owned();
    (folder, path)
}

/// A multipart body of objects.
fn body(parts: &[&[u8]]) -> Vec<u8> {
    let mut writer = dicomweb::multipart::Writer::new("XYZ");
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(&writer.head(&[("Content-Type", "application/dicom")]));
        body.extend_from_slice(part);
    }
    body.extend_from_slice(&writer.end());
    body
}

const MULTIPART: &str = "multipart/related; type=\"application/dicom\"; boundary=XYZ";
const STORED: &str = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
