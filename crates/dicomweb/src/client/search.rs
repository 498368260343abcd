//! Lists and metadata: DICOM JSON, read row by row while it arrives.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering::Relaxed;

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use url::Url;

use super::send::Ask;
use super::{Client, check};
use crate::body::Body;
use crate::json::RowReader;
use crate::shape::is_web_page;
use crate::{Answer, Error, Level, Query, Row};

/// Ways to ask for DICOM JSON; the second and third are for servers that know only the general type.
const JSON: [&str; 3] = ["application/dicom+json", "application/json", "*/*"];

/// The rows of a page where the caller names no limit: some servers refuse more than 200.
const PAGE: u32 = 200;

impl Client {
    pub(super) async fn answer_query(&self, query: &Query) -> Result<Answer, Error> {
        Ok(self.answer_page(query).await?.0)
    }

    /// One page, and how many rows the server counts in it.
    async fn answer_page(&self, query: &Query) -> Result<(Answer, usize), Error> {
        for uid in [&query.study, &query.series].into_iter().flatten() {
            check(uid)?;
        }
        let undecoded = &self.shared.dialect.undecoded;
        let loosened = query.loosened();
        if !undecoded.load(Relaxed) || loosened.is_none() {
            let answer = self.ask_list(query).await?;
            if !answer.rows.is_empty() || loosened.is_none() {
                let came = answer.rows.len();
                return Ok((answer, came));
            }
        }
        // Nothing was found, and the question holds characters that some servers do not decode.
        let mut answer = self.ask_list(loosened.as_ref().unwrap_or(query)).await?;
        let came = answer.rows.len();
        answer.rows.retain(|row| query.admits(row));
        if !answer.rows.is_empty() {
            undecoded.store(true, Relaxed);
        }
        Ok((answer, came))
    }

    async fn ask_list(&self, query: &Query) -> Result<Answer, Error> {
        let mut address = self.server().resource(&query.path());
        let parameters = query.parameters();
        if !parameters.is_empty() {
            address.set_query(Some(&parameters));
        }
        let mut answer = self.answer_json(address, self.patience().idle).await?;
        // A page that is more than full comes from a server that knows no limit and gave all it has.
        answer.more |= query.limit.is_some_and(|limit| answer.rows.len() == limit as usize);
        Ok(answer)
    }

    pub(super) async fn answer_pages(&self, query: &Query, most: usize) -> Result<Answer, Error> {
        let mut page = query.clone();
        page.limit = Some(query.limit.unwrap_or(PAGE).clamp(1, PAGE));
        let mut whole = Answer {
            rows: Vec::new(),
            whole: true,
            more: false,
        };
        let mut seen = BTreeSet::new();
        loop {
            let (answer, came) = match self.answer_page(&page).await {
                Ok(page) => page,
                Err(error) if whole.rows.is_empty() => return Err(error),
                Err(_) => {
                    whole.whole = false;
                    whole.more = true;
                    return Ok(whole);
                }
            };
            whole.whole &= answer.whole;
            let filtered = came > answer.rows.len();
            let mut fresh = 0;
            for row in answer.rows {
                // Pages may overlap, and a server that does not know the offset gives the first page for ever.
                if let Some(name) = identity(&row, query.level) {
                    if !seen.insert(name) {
                        continue;
                    }
                    fresh += 1;
                }
                whole.rows.push(row);
            }
            if whole.rows.len() >= most {
                whole.more = answer.more || whole.rows.len() > most;
                whole.rows.truncate(most);
                return Ok(whole);
            }
            // A short page is no end, since servers have caps of their own; one with nothing new is. More that is announced and
            // does not come is more all the same.
            if came == 0 || (fresh == 0 && !filtered) || page.offset as usize >= most {
                whole.more = answer.more;
                return Ok(whole);
            }
            page.offset = page.offset.saturating_add(u32::try_from(came).unwrap_or(u32::MAX));
        }
    }

    pub(super) async fn answer_metadata(
        &self,
        study: &str,
        series: Option<&str>,
        instance: Option<&str>,
    ) -> Result<Answer, Error> {
        let mut path = super::path(study, series, instance)?;
        path.push("metadata");
        let address = self.server().resource(&path);
        self.answer_json(address, self.patience().metadata).await
    }

    /// Asks for rows in each form until one is taken. An answer that breaks off is asked for once more, since nothing of it was
    /// given to the caller yet; then what came of it is given.
    async fn answer_json(&self, address: Url, patience: std::time::Duration) -> Result<Answer, Error> {
        let mut refused = None;
        for accept in JSON {
            let ask = Ask {
                address: address.clone(),
                accept,
                packed: true,
                answer: patience,
                upload: None,
            };
            let mut broken: Option<(Answer, Error)> = None;
            for _ in 0..2 {
                let body = match self.send(&ask).await {
                    Ok(body) => body,
                    Err(error @ (Error::Unsupported | Error::Refused { status: 400 })) => {
                        refused.get_or_insert(error);
                        break;
                    }
                    Err(error) => {
                        return match broken {
                            Some((answer, _)) if !answer.rows.is_empty() => Ok(answer),
                            _ => Err(error),
                        };
                    }
                };
                let (mut answer, trouble) = self.read_rows(body).await?;
                let Some(error) = trouble else { return Ok(answer) };
                answer.whole = false;
                if broken
                    .as_ref()
                    .is_none_or(|(old, _)| old.rows.len() <= answer.rows.len())
                {
                    broken = Some((answer, error));
                }
            }
            match broken {
                Some((answer, _)) if !answer.rows.is_empty() => return Ok(answer),
                Some((_, error)) => return Err(error),
                None => {}
            }
        }
        Err(refused.unwrap_or(Error::Unsupported))
    }

    /// Reads the rows of a body. A body that breaks off gives its rows and the error.
    pub(super) async fn read_rows(&self, mut body: Body) -> Result<(Answer, Option<Error>), Error> {
        let most = self.patience().most_json;
        let media = body.media();
        let mut answer = Answer {
            rows: Vec::new(),
            whole: true,
            more: body.warns_of_more(),
        };
        if body.status() == 204 {
            return Ok((answer, None));
        }
        // 206: some of the objects could not be described.
        let partial = body.status() == 206;
        let mut reader = RowReader::default();
        let mut came = 0;
        let mut trouble = None;
        loop {
            match body.chunk().await {
                Ok(None) => break,
                Ok(Some(bytes)) => {
                    if came == 0 && is_web_page(&media, bytes.trim_ascii_start()) {
                        return Err(Error::WebPage);
                    }
                    came += bytes.len() as u64;
                    if came > most {
                        return Err(Error::TooLarge { most });
                    }
                    answer.rows.extend(reader.feed(&bytes));
                    if reader.is_lost() {
                        return Err(Error::NotDicom);
                    }
                }
                Err(error @ Error::NotDicom) => return Err(error),
                Err(error) => {
                    trouble = Some(error);
                    break;
                }
            }
        }
        if trouble.is_none() && !reader.has_ended() {
            trouble = Some(Error::CutShort);
        }
        answer.whole = trouble.is_none() && !reader.has_broken_rows() && !partial;
        if let [row] = answer.rows.as_slice()
            && row.dataset.iter().next().is_none()
            && row.bulk.is_empty()
            && !row.oddities.is_empty()
        {
            // JSON of another kind, such as the words of an error.
            return Err(Error::NotDicom);
        }
        for bulk in answer.rows.iter_mut().flat_map(|row| &mut row.bulk) {
            if let Some(absolute) = absolute(body.address(), &bulk.uri) {
                bulk.uri = absolute;
            }
        }
        Ok((answer, trouble))
    }
}

/// A BulkDataURI in full. It is relative to the answer's own address (RFC 3986 section 5), but servers that keep their values per
/// study write them from the study's address on.
fn absolute(answer: &Url, uri: &str) -> Option<String> {
    let mut base = answer.clone();
    let of_study = uri.starts_with("bulkdata/") || uri.starts_with("series/");
    if let Some((root, study)) = answer.path().split_once("/studies/") {
        if of_study {
            base.set_path(&format!(
                "{root}/studies/{}/",
                study.split('/').next().unwrap_or_default()
            ));
        } else if uri.starts_with("studies/") {
            base.set_path(&format!("{root}/"));
        }
    }
    Some(base.join(uri).ok()?.into())
}

/// The identifier that tells rows of a level apart.
fn identity(row: &Row, level: Level) -> Option<String> {
    text(
        row,
        match level {
            Level::Study => tags::STUDY_INSTANCE_UID,
            Level::Series => tags::SERIES_INSTANCE_UID,
            Level::Instance => tags::SOP_INSTANCE_UID,
        },
    )
}

/// A row's text at a tag, without padding; `None` when there is none.
pub(super) fn text(row: &Row, tag: Tag) -> Option<String> {
    let element = row.dataset.element(tag).ok()?;
    let text = element.to_str().ok()?;
    let text = text.trim_matches([' ', '\0']);
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_from_the_answer_the_study_or_the_root() {
        let answer = Url::parse("https://pacs.example/dw/studies/1/series/2/metadata").unwrap();
        for (uri, expected) in [
            (
                "instances/3/frames",
                "https://pacs.example/dw/studies/1/series/2/instances/3/frames",
            ),
            ("../../bulkdata/a", "https://pacs.example/dw/studies/1/bulkdata/a"),
            ("bulkdata/a/b", "https://pacs.example/dw/studies/1/bulkdata/a/b"),
            ("series/2/bulk", "https://pacs.example/dw/studies/1/series/2/bulk"),
            ("studies/1/bulk", "https://pacs.example/dw/studies/1/bulk"),
            ("/other/bulk", "https://pacs.example/other/bulk"),
            ("https://other.example/bulk", "https://other.example/bulk"),
        ] {
            assert_eq!(absolute(&answer, uri).as_deref(), Some(expected), "{uri}");
        }
    }
}
