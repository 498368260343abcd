//! A server over plain sockets, whose every byte the test chooses.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Which connection it came on, from 0.
    pub(crate) connection: usize,
    /// How many requests came before it.
    pub(crate) number: usize,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value.as_str())
    }
}

/// What the server does next.
pub(crate) enum Step {
    Send(Vec<u8>),
    /// Sends a byte now and then, for ever.
    Drip,
    /// Says nothing until the client goes.
    Stall,
    /// Waits for the next request on the same connection.
    KeepAlive,
}

/// What the server does with one request; after the last step it closes the connection.
pub(crate) struct Reply(pub(crate) Vec<Step>);

impl Reply {
    /// A proper answer with a length, after which the connection is kept.
    pub(crate) fn new(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let length = body.len().to_string();
        let mut all = headers.to_vec();
        all.push(("Content-Length", &length));
        Self(vec![
            Step::Send([head(status, &all).as_slice(), body].concat()),
            Step::KeepAlive,
        ])
    }

    pub(crate) fn json(body: &str) -> Self {
        Self::new(200, &[("Content-Type", "application/dicom+json")], body)
    }

    /// An answer without a length, which ends when the connection does.
    pub(crate) fn until_close(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        Self(vec![Step::Send(
            [head(status, headers).as_slice(), body.as_ref()].concat(),
        )])
    }

    /// An answer in chunks of a size.
    pub(crate) fn chunked(status: u16, headers: &[(&str, &str)], body: &[u8], size: usize) -> Self {
        let mut all = headers.to_vec();
        all.push(("Transfer-Encoding", "chunked"));
        let mut bytes = head(status, &all);
        for chunk in body.chunks(size) {
            bytes.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            bytes.extend(chunk);
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"0\r\n\r\n");
        Self(vec![Step::Send(bytes), Step::KeepAlive])
    }

    /// The connection is closed without a word.
    pub(crate) fn hang_up() -> Self {
        Self(Vec::new())
    }
}

/// The head of an answer.
pub(crate) fn head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Whatever\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// A running server; it ends with the test's runtime.
pub(crate) struct Faulty {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

type Script = dyn Fn(&Request) -> Reply + Send + Sync;

impl Faulty {
    /// Starts a server that asks `script` what to do with each request.
    pub(crate) async fn start(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<Script> = Arc::new(script);
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            let mut connection = 0;
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(attend(stream, connection, Arc::clone(&script), Arc::clone(&seen)));
                connection += 1;
            }
        });
        Self { address, requests }
    }

    pub(crate) fn root(&self) -> String {
        format!("http://{}/dw", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

async fn attend(mut stream: TcpStream, connection: usize, script: Arc<Script>, seen: Arc<Mutex<Vec<Request>>>) {
    let mut buffer = Vec::new();
    'requests: while let Some(mut request) = read_request(&mut stream, &mut buffer).await {
        request.connection = connection;
        {
            let mut seen = seen.lock().unwrap();
            request.number = seen.len();
            seen.push(request.clone());
        }
        for step in script(&request).0 {
            match step {
                Step::Send(bytes) => {
                    if stream.write_all(&bytes).await.is_err() {
                        return;
                    }
                }
                Step::Drip => {
                    while stream.write_all(b"x").await.is_ok() {
                        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                    }
                    return;
                }
                Step::Stall => {
                    while stream.read_u8().await.is_ok() {}
                    return;
                }
                Step::KeepAlive => continue 'requests,
            }
        }
        // Close in order, so that the client reads everything that was sent.
        let _ = stream.shutdown().await;
        return;
    }
}

async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Request> {
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head: Vec<u8> = buffer.drain(..head_end).collect();
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let mut request = Request {
        method: words.next()?.to_owned(),
        target: words.next()?.to_owned(),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        ..Request::default()
    };
    let length: usize = request.header("content-length").parse().unwrap_or(0);
    while buffer.len() < length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    request.body = buffer.drain(..length).collect();
    Some(request)
}
