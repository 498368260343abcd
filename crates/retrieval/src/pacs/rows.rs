//! Instances as rows of a list or of metadata tell them.

use std::sync::Arc;

use dicomweb::{Query, Row};
use study::{Instance, SeriesUid, StudyUid, TransferSyntax};

/// The most rows of one list.
pub(crate) const MOST: usize = 100_000;

/// A question for instances with what orders them.
pub(super) fn with_place(query: Query) -> Query {
    ["InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient"]
        .into_iter()
        .fold(query, Query::including)
}

/// A question for instances with everything that puts them into stacks and names their series: a fifth of their metadata.
pub(super) fn with_order(query: Query) -> Query {
    [
        "NumberOfFrames",
        "FrameOfReferenceUID",
        "PixelSpacing",
        "ImageType",
        "AcquisitionNumber",
        "TemporalPositionIdentifier",
        "EchoTime",
        "TriggerTime",
        "DiffusionBValue",
        "Modality",
        "SeriesNumber",
        "SeriesDescription",
        "IssuerOfPatientID",
        "PatientIdentityRemoved",
    ]
    .into_iter()
    .fold(with_place(query), Query::including)
}

/// What rows of metadata say.
pub(crate) struct Read {
    pub(crate) instances: Vec<Arc<Instance>>,
    /// Every row was read and every one was said.
    pub(crate) whole: bool,
    /// There were rows of another study or series than was asked for; they were thrown away.
    pub(crate) foreign: bool,
}

impl Read {
    pub(super) fn and_whole(mut self, whole: bool) -> Self {
        self.whole &= whole;
        self
    }
}

/// Reads rows of metadata, each for itself.
pub(crate) fn read_rows(rows: &[Row], study: &StudyUid, series: Option<&SeriesUid>) -> Read {
    let mut read = Read {
        instances: Vec::with_capacity(rows.len()),
        whole: true,
        foreign: false,
    };
    for row in rows {
        let syntax = text(row, "AvailableTransferSyntaxUID").unwrap_or_default();
        match Instance::from_dataset(&row.dataset, TransferSyntax(syntax.into())) {
            Ok(instance) if instance.study != *study || series.is_some_and(|series| instance.series != *series) => {
                read.foreign = true;
            }
            Ok(instance) => read.instances.push(Arc::new(instance)),
            Err(_) => read.whole = false,
        }
    }
    read
}

/// What a list's rows tell of the images of a series, when that is enough to put every one into its stack: single frames, each
/// with its place. `None` when their metadata has to tell.
pub(crate) fn sketches(rows: &[Row], study: &StudyUid, series: &SeriesUid) -> Option<Vec<Arc<Instance>>> {
    let read = read_rows(rows, study, Some(series));
    let is_placed = |instance: &Arc<Instance>| {
        let plane = instance.frame_geometry(0).and_then(|geometry| geometry.plane.as_ref());
        instance.frames == 1 && instance.layout.is_some() && plane.is_some()
    };
    if !read.whole || read.foreign || !read.instances.iter().all(is_placed) {
        return None;
    }
    let sketched = read.instances.into_iter().map(|mut instance| {
        // What a row leaves out is not odd.
        let sketch = Arc::make_mut(&mut instance);
        sketch.oddities.clear();
        sketch.corrections.clear();
        instance
    });
    Some(sketched.collect())
}

/// Whether a row told of an image what the image's own header tells of its stack, its series and its patient.
pub(crate) fn is_true_sketch(sketch: &Arc<Instance>, own: &Arc<Instance>) -> bool {
    let (said, is) = (&sketch.text, &own.text);
    study::order::same_place(sketch, own)
        && sketch.patient.id == own.patient.id
        && sketch.patient.issuer == own.patient.issuer
        && sketch.patient.identity_removed == own.patient.identity_removed
        && (&said.modality, &said.series_description, said.series_number)
            == (&is.modality, &is.series_description, is.series_number)
}

/// An element's text, without padding; `None` when it is absent or empty.
pub(crate) fn text(row: &Row, keyword: &str) -> Option<String> {
    let element = row.dataset.element_by_name(keyword).ok()?;
    let text = element.to_str().ok()?;
    let text = text.trim_matches(['\0', ' ']);
    (!text.is_empty()).then(|| text.to_owned())
}

pub(super) fn number(row: &Row, keyword: &str) -> Option<i64> {
    row.dataset.element_by_name(keyword).ok()?.to_int().ok()
}

/// Where an image lies along its normal (PS3.3 C.7.6.2), when the list tells.
pub(super) fn place(row: &Row) -> Option<f64> {
    let values = |keyword| {
        let element = row.dataset.element_by_name(keyword).ok()?;
        element.to_multi_float64().ok()
    };
    let position = <[f64; 3]>::try_from(values("ImagePositionPatient")?).ok()?;
    let [a, b, c, d, e, f] = <[f64; 6]>::try_from(values("ImageOrientationPatient")?).ok()?;
    let normal = [b * f - c * e, c * d - a * f, a * e - b * d];
    let along: f64 = normal.iter().zip(position).map(|(n, p)| n * p).sum();
    along.is_finite().then_some(along)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_tells_where_its_image_lies() {
        let json =
            br#"[{"00200032":{"vr":"DS","Value":[-250,-249.5,"37.5"]},"00200037":{"vr":"DS","Value":[1,0,0,0,1,0]}},
            {"00200032":{"vr":"DS","Value":[10,20,30]},"00200037":{"vr":"DS","Value":[0,1,0,0,0,-1]}},
            {"00200032":{"vr":"DS","Value":[10,20,30]}}]"#;
        let (rows, _) = dicomweb::rows(json);
        assert_eq!(
            rows.iter().map(place).collect::<Vec<_>>(),
            [Some(37.5), Some(-10.0), None]
        );
    }

    /// A slice's row as Orthanc gives it, with one element more or other.
    fn row(more: &str) -> Vec<Row> {
        let json = format!(
            r#"[{{"0020000D":{{"vr":"UI","Value":["1.2"]}},"0020000E":{{"vr":"UI","Value":["1.2.3"]}},
            "00080018":{{"vr":"UI","Value":["1.2.3.4"]}},"00080060":{{"vr":"CS","Value":["CT"]}},
            "00100020":{{"vr":"LO","Value":["P1"]}},"00200013":{{"vr":"IS","Value":[7]}},
            "00200032":{{"vr":"DS","Value":[0,0,5]}},"00200037":{{"vr":"DS","Value":[1,0,0,0,1,0]}},
            "00280010":{{"vr":"US","Value":[512]}},"00280011":{{"vr":"US","Value":[512]}},
            "00280030":{{"vr":"DS","Value":[0.5,0.5]}},"00280100":{{"vr":"US","Value":[16]}}{more}}}]"#
        );
        dicomweb::rows(json.as_bytes()).0
    }

    fn sketched(more: &str) -> Option<Vec<Arc<Instance>>> {
        sketches(
            &row(more),
            &StudyUid::new("1.2").unwrap(),
            &SeriesUid::new("1.2.3").unwrap(),
        )
    }

    #[test]
    fn a_slice_is_sketched_by_its_row_and_anything_else_is_not() {
        let sketch = sketched("").unwrap().remove(0);
        assert_eq!((sketch.instance_number, sketch.frames), (Some(7), 1));
        assert!(sketch.oddities.is_empty(), "what a row leaves out is not odd");
        for more in [
            r#","00280008":{"vr":"IS","Value":[9]}"#,
            r#","00200032":{"vr":"DS"}"#,
            r#","00280030":{"vr":"DS"}"#,
            r#","0020000D":{"vr":"UI","Value":["1.9"]}"#,
            r#","0020000E":{"vr":"UI","Value":["1.2.9"]}"#,
            r#","00080018":{"vr":"UI"}"#,
        ] {
            assert!(sketched(more).is_none(), "{more}");
        }
    }

    #[test]
    fn a_sketch_is_true_when_it_says_what_stacks_and_names_the_image() {
        let own = sketched("").unwrap().remove(0);
        for (more, is_true) in [
            ("", true),
            (r#","00281050":{"vr":"DS","Value":[40]}"#, true),
            (r#","00200032":{"vr":"DS","Value":[0,0,6]}"#, false),
            (r#","00200013":{"vr":"IS","Value":[8]}"#, false),
            (r#","00180081":{"vr":"DS","Value":[30]}"#, false),
            (
                r#","00080008":{"vr":"CS","Value":["ORIGINAL","PRIMARY","LOCALIZER"]}"#,
                false,
            ),
            (r#","00100020":{"vr":"LO","Value":["P2"]}"#, false),
            (r#","00120062":{"vr":"CS","Value":["YES"]}"#, false),
            (r#","0008103E":{"vr":"LO","Value":["Lung"]}"#, false),
        ] {
            let sketch = sketched(more).unwrap().remove(0);
            assert_eq!(is_true_sketch(&sketch, &own), is_true, "{more}");
        }
    }
}
