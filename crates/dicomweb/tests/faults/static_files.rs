//! The client against studies that static-wado has written as files: no parameter and no Accept is looked at, everything is packed.

use std::path::{Path, PathBuf};

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicomweb::{Client, Query, Row};

use crate::client;
use crate::server::{Faulty, Reply};

/// Serves a folder as a web server for files does.
async fn serve(folder: PathBuf) -> Faulty {
    Faulty::start(move |request| {
        let path = request.target.split('?').next().unwrap();
        let path = folder.join(path.strip_prefix("/dw/").unwrap());
        let beside = |path: &Path| PathBuf::from(format!("{}.gz", path.display()));
        // The list of studies lies beside their folder.
        let list = if path.ends_with("studies") {
            folder.join("index.json.gz")
        } else {
            path.join("index.json.gz")
        };
        let is_text = path.ends_with("metadata") || list.is_file();
        let media = if is_text {
            "application/json"
        } else {
            "application/octet-stream"
        };
        for packed in [list, beside(&path)] {
            if let Ok(bytes) = std::fs::read(packed) {
                return Reply::new(200, &[("Content-Type", media), ("Content-Encoding", "gzip")], bytes);
            }
        }
        match std::fs::read(path) {
            Ok(bytes) => Reply::new(200, &[("Content-Type", media)], bytes),
            Err(_) => Reply::new(404, &[("Content-Type", "text/html")], "<html>Not found</html>"),
        }
    })
    .await
}

fn text(row: &Row, tag: Tag) -> String {
    row.dataset.element(tag).unwrap().to_str().unwrap().trim().to_owned()
}

async fn rows(client: &Client, query: Query) -> Vec<Row> {
    let answer = client.query_all(&query, 10_000).await.unwrap();
    assert!(answer.whole && !answer.more);
    answer.rows
}

#[tokio::test]
async fn studies_that_lie_as_files_are_read_as_well() {
    let Some(data) = testkit::shared_data("dicomweb against static files") else {
        return;
    };
    let folder = data.join("dicomweb_static");
    if !folder.is_dir() {
        testkit::skip("dicomweb against static files: they are not among the shared files");
        return;
    }
    let server = serve(folder.clone()).await;
    let client = client(&server);
    let (mut instances, mut frames, mut values) = (0, 0, 0);
    for study in rows(&client, Query::studies().limited(1)).await {
        let study = text(&study, tags::STUDY_INSTANCE_UID);
        // The list names more studies than lie here.
        if !folder.join("studies").join(&study).is_dir() {
            continue;
        }
        for series in rows(&client, Query::series_of(&study)).await {
            let series = text(&series, tags::SERIES_INSTANCE_UID);
            let metadata = client.metadata(&study, Some(&series), None).await.unwrap();
            assert!(metadata.whole && !metadata.rows.is_empty());
            for row in &metadata.rows {
                assert!(row.oddities.is_empty(), "{:?}", row.oddities);
                let instance = text(row, tags::SOP_INSTANCE_UID);
                instances += 1;
                for bulk in &row.bulk {
                    if bulk.path != [tags::PIXEL_DATA] {
                        assert!(!client.bulk(&bulk.uri).await.unwrap().bytes.is_empty());
                        values += 1;
                    }
                }
                let Ok(mut parts) = client.frames(&study, &series, &instance, &[1]).await else {
                    continue;
                };
                let part = parts.next().await.unwrap().unwrap();
                assert!(part.whole && part.media.essence().starts_with("image/"));
                assert_eq!(part.media.transfer_syntax(), Some("1.2.840.10008.1.2.4.80"));
                // A JPEG-LS image from its first marker to its last (ISO/IEC 14495-1 annex C).
                assert!(part.bytes.starts_with(b"\xff\xd8") && part.bytes.ends_with(b"\xff\xd9"));
                assert!(parts.next().await.is_none());
                frames += 1;
            }
        }
    }
    assert!(
        instances > 10 && frames > 10 && values > 0,
        "{instances} instances, {frames} frames, {values} values"
    );
}
