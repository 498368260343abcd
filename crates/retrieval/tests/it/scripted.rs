//! A server that answers each path with what a test wrote down for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a path is answered with.
#[derive(Clone)]
pub(crate) enum Reply {
    Json(String),
    /// A list, refused to whoever asks for the type of the images too.
    Strict(String),
    /// One instance in a multipart answer.
    Instance(bytes::Bytes),
    /// An instance whose connection closes after so many bytes of it.
    CutAfter(bytes::Bytes, usize),
    /// An instance whose length is announced, and of which nothing comes.
    Announced(u64),
    /// Nothing, for as long as the other side waits.
    Never,
    /// A refusal for the moment.
    Busy,
}

pub(crate) struct Scripted {
    pub(crate) base: String,
}

impl Scripted {
    /// Answers paths below the root by their ends; 404 for what is not written down.
    pub(crate) async fn start(replies: Vec<(String, Reply)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        let replies: Arc<BTreeMap<String, Reply>> = Arc::new(replies.into_iter().collect());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&replies)));
            }
        });
        Self { base }
    }
}

async fn serve(mut stream: TcpStream, replies: Arc<BTreeMap<String, Reply>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8_lossy(&head);
    let target = head.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default().trim_start_matches('/');
    let (status, media, body, most) = match replies.get(path) {
        Some(Reply::Strict(_)) if target.contains("ImageType") => {
            ("400 Bad Request", "text/plain", b"no".to_vec(), usize::MAX)
        }
        Some(Reply::Json(text) | Reply::Strict(text)) => (
            "200 OK",
            "application/dicom+json",
            text.clone().into_bytes(),
            usize::MAX,
        ),
        Some(Reply::Instance(bytes)) => ("200 OK", MULTIPART, multipart(bytes), usize::MAX),
        Some(Reply::CutAfter(bytes, most)) => ("200 OK", MULTIPART, multipart(bytes), *most),
        Some(Reply::Busy) => ("503 Service Unavailable", "text/plain", b"no".to_vec(), usize::MAX),
        Some(Reply::Announced(length)) => {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: {MULTIPART}\r\n\r\n--edge\r\nContent-Type: application/dicom\r\n\
                 Content-Length: {length}\r\n\r\n{:1024}",
                ""
            );
            let _ = stream.write_all(head.as_bytes()).await;
            return std::future::pending().await;
        }
        Some(Reply::Never) => return std::future::pending().await,
        None => ("404 Not Found", "text/plain", b"no".to_vec(), usize::MAX),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(&body[..body.len().min(most)]).await;
    let _ = stream.shutdown().await;
}

const MULTIPART: &str = "multipart/related; type=\"application/dicom\"; boundary=edge";

fn multipart(object: &[u8]) -> Vec<u8> {
    let mut body = b"--edge\r\nContent-Type: application/dicom\r\n\r\n".to_vec();
    body.extend_from_slice(object);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    body
}

/// The answers of a server that holds one study of single-frame objects: its list of series, its lists of instances, its
/// metadata and its objects.
pub(crate) fn study_of(
    study: &study::phantom::PhantomStudy,
    objects: &BTreeMap<study::FrameRef, bytes::Bytes>,
) -> Vec<(String, Reply)> {
    let uid = study.listing.study.as_str();
    let of_series = |series: &study::SeriesUid| -> Vec<String> {
        objects
            .keys()
            .filter(|frame| frame.series == *series)
            .map(|frame| {
                format!(
                    r#"{{"0020000D":{{"vr":"UI","Value":["{uid}"]}},"0020000E":{{"vr":"UI","Value":["{}"]}},"00080018":{{"vr":"UI","Value":["{}"]}}}}"#,
                    series.as_str(),
                    frame.instance.as_str()
                )
            })
            .collect()
    };
    let mut replies = Vec::new();
    let mut rows = Vec::new();
    for series in &study.series {
        rows.push(format!(
            r#"{{"0020000D":{{"vr":"UI","Value":["{uid}"]}},"0020000E":{{"vr":"UI","Value":["{}"]}}}}"#,
            series.uid.as_str()
        ));
        let instances = format!("[{}]", of_series(&series.uid).join(","));
        for list in ["metadata", "instances"] {
            replies.push((
                format!("studies/{uid}/series/{}/{list}", series.uid.as_str()),
                Reply::Json(instances.clone()),
            ));
        }
    }
    replies.push((
        format!("studies/{uid}/series"),
        Reply::Json(format!("[{}]", rows.join(","))),
    ));
    for (frame, object) in objects {
        replies.push((path_of(frame), Reply::Instance(object.clone())));
    }
    replies
}

pub(crate) fn path_of(frame: &study::FrameRef) -> String {
    format!(
        "studies/{}/series/{}/instances/{}",
        frame.study.as_str(),
        frame.series.as_str(),
        frame.instance.as_str()
    )
}

/// Replaces one answer.
pub(crate) fn instead(replies: &mut Vec<(String, Reply)>, path: &str, reply: Reply) {
    replies.retain(|(theirs, _)| theirs != path);
    replies.push((path.to_owned(), reply));
}
