//! QIDO-RS: searching studies, series and instances (PS3.18 10.6).

mod request;
mod rows;
mod rule;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::accept;
use crate::address::{self, Names};
use crate::problem::Problem;
use crate::service::Service;
use crate::store::Level;
use request::Request;
use rows::Scope;

/// `/studies`.
pub(crate) async fn studies(service: State<Service>, names: Names, uri: Uri, headers: HeaderMap) -> Response {
    search(Level::Study, service, names, uri, headers).await
}

/// `/series` and `/studies/{study}/series`.
pub(crate) async fn series(service: State<Service>, names: Names, uri: Uri, headers: HeaderMap) -> Response {
    search(Level::Series, service, names, uri, headers).await
}

/// `/instances`, also below a study or a series.
pub(crate) async fn instances(service: State<Service>, names: Names, uri: Uri, headers: HeaderMap) -> Response {
    search(Level::Instance, service, names, uri, headers).await
}

async fn search(level: Level, State(service): State<Service>, names: Names, uri: Uri, headers: HeaderMap) -> Response {
    answer(level, &service, &names, &uri, &headers)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

async fn answer(
    level: Level,
    service: &Service,
    names: &Names,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let Query(parameters) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|_| {
        Problem::malformed("The parameters of the search cannot be read; they are written name=value&name=value.")
    })?;
    accept::json(headers, &parameters)?;
    let request = Request::read(level, &parameters)?;
    let scope = Scope {
        level,
        study: names.study()?,
        series: names.series()?,
    };
    let base = address::base(headers, service.address);
    let warnings: Vec<&'static str> = request.warnings.clone();
    let page = service
        .archive
        .light(move |archive| Ok(rows::page(&archive.index(), &scope, &request, &base)))
        .await?;
    let mut response = (
        [(header::CONTENT_TYPE, accept::DICOM_JSON)],
        Value::Array(page.rows).to_string(),
    )
        .into_response();
    for warning in warnings {
        warn(&mut response, warning);
    }
    if page.more > 0 {
        warn(
            &mut response,
            &format!("There are {} additional results that can be requested", page.more),
        );
    }
    Ok(response)
}

/// Adds `Warning: 299` (PS3.18 8.3.4.6).
pub(crate) fn warn(response: &mut Response, sentence: &str) {
    if let Ok(value) = HeaderValue::from_str(&format!("299 farsight \"{sentence}\"")) {
        response.headers_mut().append(header::WARNING, value);
    }
}
