//! WADO-RS: retrieving instances, metadata, frames, bulk data and pictures (PS3.18 10.4).

mod bulk;
mod codec;
mod explicit;
mod frames;
mod instances;
mod metadata;
mod parts;
mod picture;
mod rendered;
mod wish;

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};

use crate::accept::{self, Form};
use crate::address::{self, Names};
use crate::problem::Problem;
use crate::service::Service;
use crate::store::Instance;

/// A request for something that the server holds.
struct Asked {
    service: Service,
    names: Names,
    parameters: Vec<(String, String)>,
    /// What the client takes, best first.
    forms: Vec<Form>,
    /// Where the server's addresses begin.
    base: String,
}

impl Asked {
    fn read(service: Service, names: Names, uri: &Uri, headers: &HeaderMap) -> Result<Self, Problem> {
        let Query(parameters) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|_| {
            Problem::malformed("The parameters cannot be read; they are written name=value&name=value.")
        })?;
        Ok(Self {
            forms: accept::forms(headers, &parameters),
            base: address::base(headers, service.address),
            service,
            names,
            parameters,
        })
    }

    /// The instances that the address names, in order.
    fn instances(&self) -> Result<Vec<Arc<Instance>>, Problem> {
        let study = self.names.study()?;
        let study = study.ok_or_else(|| Problem::malformed("The address names no study."))?;
        let (series, instance) = (self.names.series()?, self.names.instance()?);
        self.service.archive.find(&study, series.as_ref(), instance.as_ref())
    }

    /// The one instance that the address names.
    fn instance(&self) -> Result<Arc<Instance>, Problem> {
        let found = self.instances()?.into_iter().next();
        found.ok_or_else(|| Problem::missing("This server has no such instance."))
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The address of an instance.
fn location(base: &str, instance: &Instance) -> String {
    format!(
        "{base}/studies/{}/series/{}/instances/{}",
        instance.study.as_str(),
        instance.series.as_str(),
        instance.uid.as_str()
    )
}

macro_rules! handler {
    ($(#[$doc:meta])* $name:ident => $answer:path) => {
        $(#[$doc])*
        pub(crate) async fn $name(
            State(service): State<Service>,
            names: Names,
            uri: Uri,
            headers: HeaderMap,
        ) -> Response {
            let answer = async { $answer(Asked::read(service, names, &uri, &headers)?).await };
            answer.await.unwrap_or_else(IntoResponse::into_response)
        }
    };
}

handler!(
    /// A study, a series or an instance as files.
    instances => instances::answer
);
handler!(
    /// Headers as DICOM JSON.
    metadata => metadata::answer
);
handler!(
    /// Frames, by their numbers.
    frames => frames::answer
);
handler!(
    /// One value of an instance.
    bulk => bulk::answer
);
handler!(
    /// A picture.
    rendered => rendered::rendered
);
handler!(
    /// A small picture.
    thumbnail => rendered::thumbnail
);
