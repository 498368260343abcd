//! Which address leads where (PS3.18 10.1, 10.3).

use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::problem::Problem;
use crate::service::Service;
use crate::{address, compression, misbehaviour, retrieve, search, stow};

/// Every route, with its layers around it.
pub(crate) fn all(service: Service) -> Router {
    let study = "/studies/{study}";
    let series = "/studies/{study}/series/{series}";
    let instance = "/studies/{study}/series/{series}/instances/{instance}";
    let below = |base: &str, rest: &str| format!("{base}{rest}");
    let mut router = Router::new()
        .route("/studies", get(search::studies).post(stow::store))
        .route("/series", get(search::series))
        .route("/instances", get(search::instances))
        .route(study, get(retrieve::instances).post(stow::store))
        .route(&below(study, "/series"), get(search::series))
        .route(&below(study, "/instances"), get(search::instances))
        .route(series, get(retrieve::instances))
        .route(&below(series, "/instances"), get(search::instances))
        .route(instance, get(retrieve::instances))
        .route(&below(instance, "/frames/{frames}"), get(retrieve::frames))
        .route(&below(instance, "/frames/{frames}/rendered"), get(retrieve::rendered))
        .route(&below(instance, "/frames/{frames}/thumbnail"), get(retrieve::thumbnail))
        .route(&below(instance, "/bulkdata/{*path}"), get(retrieve::bulk));
    for base in [study, series, instance] {
        router = router
            .route(&below(base, "/metadata"), get(retrieve::metadata))
            .route(&below(base, "/rendered"), get(retrieve::rendered))
            .route(&below(base, "/thumbnail"), get(retrieve::thumbnail));
    }
    Router::new()
        .nest(address::ROOT, router)
        .fallback(missing)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn(compression::layer))
        .layer(from_fn_with_state(service.clone(), misbehaviour::layer))
        .layer(from_fn_with_state(service.clone(), arrival))
        .with_state(service)
}

/// Counts a request and turns away who does not know the server by its number.
async fn arrival(State(service): State<Service>, request: Request, next: Next) -> Response {
    service.counters.requests.fetch_add(1, Ordering::Relaxed);
    if service.address.ip().is_loopback() && !address::is_numeric_or_local(request.headers()) {
        return Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "This server answers only to its address in numbers or to localhost.",
        )
        .into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::SERVER, HeaderValue::from_static("farsight"));
    // Patients' data is nothing for shared or lasting caches, and never a page.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn missing() -> Problem {
    Problem::missing("This server has nothing at that address; DICOMweb begins at /dicom-web/studies.")
}

async fn wrong_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "That can only be read (GET) or, for studies, stored (POST).",
    )
}
