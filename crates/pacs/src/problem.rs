//! An answer that is not what was asked for: a status and one plain sentence, without UIDs or patient data.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Why a request was not answered as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) sentence: Cow<'static, str>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            sentence: sentence.into(),
        }
    }

    /// 400: the request itself is wrong.
    pub(crate) fn malformed(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, sentence)
    }

    /// 404: the server has no such thing.
    pub(crate) fn missing(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, sentence)
    }

    /// 406: the server has it, but not in that form.
    pub(crate) fn not_acceptable(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, sentence)
    }

    /// 500: the server's own work failed.
    pub(crate) fn broken(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, sentence)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        (
            self.status,
            [(header::CONTENT_TYPE, plain)],
            format!("{}\n", self.sentence),
        )
            .into_response()
    }
}

/// Broken bodies end their connection, so that nobody takes half an answer for a whole one.
impl From<Problem> for std::io::Error {
    fn from(problem: Problem) -> Self {
        std::io::Error::other(problem.sentence.into_owned())
    }
}
