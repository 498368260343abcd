//! Metadata as a server gives it, compared with the objects it speaks of.

use super::*;

#[test]
fn a_servers_metadata_reads_like_the_objects_themselves() {
    let Some(folder) = testkit::shared_data("metadata of a DICOMweb server") else {
        return;
    };
    let study = "1.3.6.1.4.1.14519.5.2.1.7009.2403.334240657131972136850343327463";
    let series = folder.join("dicomweb_static/studies").join(study).join("series");
    let mut rows = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(series).unwrap() {
        let Ok(file) = std::fs::File::open(entry.unwrap().path().join("metadata.gz")) else {
            continue;
        };
        let all: Vec<serde_json::Map<String, serde_json::Value>> =
            serde_json::from_reader(flate2::read::GzDecoder::new(file)).unwrap();
        for mut row in all {
            // That server leaves out some value representations, which dicom-json does not read.
            for uid in ["00080018", "0020000E"] {
                row[uid]["vr"] = "UI".into();
            }
            row.retain(|_, element| element.get("vr").is_some());
            let text = serde_json::Value::Object(row).to_string();
            let Ok(dataset) = dicom_json::from_str::<InMemDicomObject>(&text) else {
                continue;
            };
            let instance = Instance::from_dataset(&dataset, TransferSyntax("1.2.840.10008.1.2.4.80".into())).unwrap();
            rows.insert(instance.uid.clone(), instance);
        }
    }
    let mut compared = 0;
    for line in std::fs::read_to_string(folder.join("manifest.csv")).unwrap().lines() {
        let path = line.split(',').next().unwrap();
        if !path.starts_with("petct/2_CT") && !path.starts_with("petct/1_PT") {
            continue;
        }
        let object = crate::Object::parse(std::fs::read(folder.join(path)).unwrap().into()).unwrap();
        let instance = object.instance().unwrap();
        let Some(row) = rows.get(&instance.uid) else {
            continue;
        };
        assert_eq!(
            (&row.text, &row.patient, &row.layout),
            (&instance.text, &instance.patient, &instance.layout)
        );
        assert_eq!(
            (&row.geometry, &row.unit, row.frames),
            (&instance.geometry, &instance.unit, instance.frames)
        );
        compared += 1;
    }
    assert!(compared > 100, "{compared} of {} rows were compared", rows.len());
}
