//! The series of a study as the PACS lists them, and the one that is read first.

use dicomweb::{Answer, Client, Query};
use study::{SeriesUid, StudyUid};

use super::rows::{MOST, number, text};
use crate::desk::Trouble;

/// Modalities whose objects are no images: listed and fetched, but last.
const NO_IMAGES: [&str; 12] = [
    "SR", "PR", "KO", "DOC", "SEG", "RTSTRUCT", "RTPLAN", "RTDOSE", "REG", "AU", "FID", "PLAN",
];

/// One series as the server's list has it.
#[derive(Clone)]
pub(crate) struct SeriesRow {
    /// Its objects are no images.
    last: bool,
    number: i64,
    pub(crate) uid: SeriesUid,
    modality: String,
    instances: Option<i64>,
}

impl SeriesRow {
    /// Images that the server counts, within reason; 0 where it does not say.
    pub(super) fn images(&self) -> u32 {
        const MOST: i64 = 10_000;
        self.instances.map_or(0, |count| count.clamp(0, MOST) as u32)
    }
}

/// The series of a study, images first, by number.
pub(crate) async fn series_of(client: &Client, study: &StudyUid) -> Result<Vec<SeriesRow>, Trouble> {
    Ok(in_order(&client.query_all(&series_query(study), MOST).await?))
}

/// As [`series_of`], but no further than the server's first page.
pub(super) async fn first_series_of(client: &Client, study: &StudyUid) -> Result<Vec<SeriesRow>, Trouble> {
    Ok(in_order(&client.query(&series_query(study)).await?))
}

fn series_query(study: &StudyUid) -> Query {
    ["SeriesNumber", "Modality", "NumberOfSeriesRelatedInstances"]
        .into_iter()
        .fold(Query::series_of(study.as_str()), Query::including)
}

fn in_order(answer: &Answer) -> Vec<SeriesRow> {
    let mut series: Vec<_> = answer
        .rows
        .iter()
        .filter_map(|row| {
            let modality = text(row, "Modality").unwrap_or_default();
            Some(SeriesRow {
                last: NO_IMAGES.contains(&modality.as_str()),
                number: number(row, "SeriesNumber").unwrap_or(i64::MAX),
                uid: SeriesUid::new(&text(row, "SeriesInstanceUID")?)?,
                modality,
                instances: number(row, "NumberOfSeriesRelatedInstances"),
            })
        })
        .collect();
    series.sort_by(|a, b| (a.last, a.number, &a.uid).cmp(&(b.last, b.number, &b.uid)));
    series
}

/// The series that a reader begins with, as the reading chooses it: of slices the first with more than a few, so that it is no
/// localiser; `None` where the list does not tell.
pub(super) fn main_of(series: &[SeriesRow]) -> Option<usize> {
    const FEW: i64 = 4;
    let first = series.first().filter(|first| !first.last)?;
    let images: Vec<&SeriesRow> = series.iter().take_while(|row| !row.last).collect();
    if images.len() == 1 || !matches!(first.modality.as_str(), "CT" | "MR" | "PT") {
        return Some(0);
    }
    if images.iter().any(|row| row.instances.is_none()) {
        return None;
    }
    Some(images.iter().position(|row| row.instances > Some(FEW)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(rows: &[(&str, Option<i64>)]) -> Vec<SeriesRow> {
        rows.iter()
            .enumerate()
            .map(|(at, (modality, instances))| SeriesRow {
                last: NO_IMAGES.contains(modality),
                number: at as i64,
                uid: SeriesUid::new(&format!("1.{at}")).unwrap(),
                modality: (*modality).to_owned(),
                instances: *instances,
            })
            .collect()
    }

    #[test]
    fn the_series_that_is_read_first_is_no_localiser_and_no_report() {
        for (rows, main) in [
            (&[("CT", Some(2)), ("CT", Some(240)), ("SR", Some(1))][..], Some(1)),
            (&[("CT", Some(2)), ("CT", None)], None),
            (&[("CT", None), ("SR", None)], Some(0)),
            (&[("MR", Some(3)), ("MR", Some(1))], Some(0)),
            (&[("DX", Some(1)), ("DX", Some(1))], Some(0)),
            (&[("SR", Some(9))], None),
            (&[], None),
        ] {
            assert_eq!(main_of(&series(rows)), main, "{rows:?}");
        }
    }
}
