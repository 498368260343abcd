//! "Try it": from the network to one image, in words.

use dicom_dictionary_std::tags;

use super::Client;
use super::search::text;
use crate::{Error, ErrorKind, Finding, Query, Rung, SignIn};

impl Client {
    pub(super) async fn climb(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut holds = |rung: Rung, sentence: &str| {
            found.push(Finding {
                rung,
                ok: true,
                sentence: sentence.to_owned(),
            });
        };
        match self.climb_with(&mut holds).await {
            Ok(()) => {}
            Err((rung, sentence)) => found.push(Finding {
                rung,
                ok: false,
                sentence,
            }),
        }
        found
    }

    async fn climb_with(&self, holds: &mut impl FnMut(Rung, &str)) -> Result<(), (Rung, String)> {
        let answer = self.query(&Query::studies().limited(1)).await;
        if let Err(error) = &answer
            && matches!(
                error.kind(),
                ErrorKind::Unreachable | ErrorKind::Untrusted | ErrorKind::Question
            )
        {
            let mut sentence = error.to_string();
            if *error == Error::BrokeOff && self.server().address().starts_with("http:") {
                sentence.push_str(" If it happens every time, the address may have to begin with https.");
            }
            return Err((Rung::Network, sentence));
        }
        holds(
            Rung::Network,
            if self.server().is_in_clear() {
                "The computer answers. Beware: what is sent can be read on the way, because the address begins with http and not https."
            } else {
                "The computer answers."
            },
        );
        if let Err(error) = &answer
            && matches!(error.kind(), ErrorKind::SignIn | ErrorKind::Forbidden)
        {
            return Err((Rung::SignIn, error.to_string()));
        }
        let failed = |rung| move |error: Error| (rung, error.to_string());
        let studies = match answer {
            Ok(answer) => answer,
            // Whether the sign-in is right cannot be said of what is no PACS.
            Err(Error::Missing) => {
                return Err((
                    Rung::Query,
                    "There is a web server, but no DICOMweb service at this address. Correct the address: it often ends in \
                     /dicom-web or /dicomweb."
                        .to_owned(),
                ));
            }
            Err(error) => return Err((Rung::Query, error.to_string())),
        };
        holds(
            Rung::SignIn,
            match self.server().sign_in() {
                SignIn::None => "The PACS asks for no sign-in.",
                SignIn::Basic { .. } | SignIn::Bearer(_) => "The PACS accepts the sign-in.",
            },
        );
        let Some(study) = studies.rows.iter().find_map(|row| text(row, tags::STUDY_INSTANCE_UID)) else {
            if studies.rows.is_empty() {
                holds(
                    Rung::Query,
                    "The list of studies can be read, but is empty: images cannot be tried until there is a study.",
                );
                return Ok(());
            }
            return Err((
                Rung::Query,
                "The list of studies comes without their identifiers, so none can be opened. Ask the PACS's administrators."
                    .to_owned(),
            ));
        };
        holds(Rung::Query, "The list of studies can be read.");

        let rung = Rung::Metadata;
        let series = self
            .query(&Query::series_of(&study).limited(1))
            .await
            .map_err(failed(rung))?;
        let nothing = || {
            (
                rung,
                "The PACS lists a study without series or images. Ask the PACS's administrators.".to_owned(),
            )
        };
        let series = series
            .rows
            .iter()
            .find_map(|row| text(row, tags::SERIES_INSTANCE_UID))
            .ok_or_else(nothing)?;
        let instances = self
            .query(&Query::instances_of(&study, Some(&series)).limited(1))
            .await
            .map_err(failed(rung))?;
        let instance = instances
            .rows
            .iter()
            .find_map(|row| text(row, tags::SOP_INSTANCE_UID))
            .ok_or_else(nothing)?;
        let metadata = self
            .metadata(&study, Some(&series), Some(&instance))
            .await
            .map_err(failed(rung))?;
        if metadata.rows.is_empty() {
            return Err((
                rung,
                "The PACS gives no description of an image that it lists. Ask the PACS's administrators.".to_owned(),
            ));
        }
        holds(rung, "An image's description can be read.");

        let rung = Rung::Image;
        let parts = self
            .instances(&study, Some(&series), Some(&instance))
            .await
            .map_err(failed(rung))?;
        parts.one().await.map_err(failed(rung))?;
        holds(rung, "An image can be fetched. The PACS can be used.");
        Ok(())
    }
}
