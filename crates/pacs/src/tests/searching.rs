use std::collections::BTreeSet;

use study::phantom;

use super::*;

#[tokio::test]
async fn the_worklist_is_the_catalogue_newest_first() {
    let server = Server::new(Store::phantoms()).await;
    let rows = server.get("/studies", "application/dicom+json").await.rows();
    let catalogue = phantom::catalogue();
    assert_eq!(rows.len(), catalogue.len());
    let dates: Vec<&str> = rows.iter().map(|row| text(row, "00080020")).collect();
    assert!(dates.is_sorted_by(|a, b| a >= b), "{dates:?}");
    for study in catalogue {
        let row = rows
            .iter()
            .find(|row| text(row, "0020000D") == study.listing.study.as_str())
            .unwrap();
        let name = study.listing.patient.name.to_reader();
        assert_eq!(Some(text_of_name(row)), name.split('=').next().map(str::to_owned));
        assert_eq!(value(row, "00201206"), study.series.len());
        let instances: u32 = study.series.iter().map(|series| series.instances).sum();
        assert_eq!(value(row, "00201208"), instances);
        let modalities: BTreeSet<&str> = study.series.iter().map(|series| series.modality).collect();
        let told: BTreeSet<&str> = row["00080061"]["Value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m.as_str().unwrap())
            .collect();
        assert_eq!(told, modalities);
        assert!(text(row, "00081190").ends_with(&address(row)), "Retrieve URL");
        assert!(row.get("00100030").is_some() && row.get("00080056").is_some());
    }
}

fn text_of_name(row: &Value) -> String {
    value(row, "00100010")["Alphabetic"].as_str().unwrap_or("").to_owned()
}

#[tokio::test]
async fn keys_choose_studies() {
    let server = Server::new(Store::phantoms()).await;
    let all = server.get("/studies", "*/*").await.rows();
    let demo = phantom::demo_study();
    let row = all.iter().find(|row| text(row, "0020000D") == demo.as_str()).unwrap();
    let (id, date) = (text(row, "00100020"), text(row, "00080020"));
    let with = |tag: &'static str, value: String| all.iter().filter(move |row| text(row, tag) == value).count();
    let family = text_of_name(row).split('^').next().unwrap().to_lowercase();
    let encoded = family.replace(' ', "%20");
    for (query, expected) in [
        (format!("StudyInstanceUID={}", demo.as_str()), 1),
        (format!("0020000D={},{}", demo.as_str(), text(&all[0], "0020000D")), 2),
        (format!("PatientID={id}"), with("00100020", id.to_owned())),
        (
            format!("00100020={}*", &id[..id.len() - 1]),
            all.iter()
                .filter(|r| text(r, "00100020").starts_with(&id[..id.len() - 1]))
                .count(),
        ),
        (format!("StudyDate={date}"), with("00080020", date.to_owned())),
        (
            format!("StudyDate={date}-"),
            all.iter().filter(|r| text(r, "00080020") >= date).count(),
        ),
        (
            format!("StudyDate=-{date}"),
            all.iter().filter(|r| text(r, "00080020") <= date).count(),
        ),
        (
            format!("PatientName={encoded}*"),
            all.iter()
                .filter(|r| text_of_name(r).to_lowercase().starts_with(&family))
                .count(),
        ),
        ("PatientID=nobody".to_owned(), 0),
        ("PatientID=".to_owned(), all.len()),
        (
            "ModalitiesInStudy=MR".to_owned(),
            all.iter()
                .filter(|r| r["00080061"]["Value"].as_array().unwrap().contains(&"MR".into()))
                .count(),
        ),
    ] {
        let answer = server.get(&format!("/studies?{query}"), "*/*").await;
        assert!(answer.warnings().is_empty(), "{query}");
        assert_eq!(answer.rows().len(), expected, "{query}");
    }
}

#[tokio::test]
async fn pages_hold_every_row_once_and_say_when_there_are_more() {
    let server = Server::new(Store::phantoms()).await;
    let all = server.get("/studies", "*/*").await;
    assert!(all.warnings().is_empty());
    let all: Vec<String> = all.rows().iter().map(address).collect();
    let mut paged = Vec::new();
    while paged.len() < all.len() {
        let page = server
            .get(&format!("/studies?limit=5&offset={}", paged.len()), "*/*")
            .await;
        paged.extend(page.rows().iter().map(address));
        let left = all.len() - paged.len();
        match left {
            0 => assert!(page.warnings().is_empty()),
            _ => assert_eq!(
                page.warnings(),
                [format!(
                    "299 farsight \"There are {left} additional results that can be requested\""
                )]
            ),
        }
    }
    assert_eq!(paged, all);
    let beyond = server.get("/studies?offset=100000", "*/*").await;
    assert!(beyond.rows().is_empty(), "200 and an empty list (PS3.18 11.9.3.1)");
}

#[tokio::test]
async fn every_level_can_be_asked_with_and_without_those_above() {
    let server = Server::new(Store::phantoms()).await;
    let demo = format!("/studies/{}", phantom::demo_study().as_str());
    let series = server.get(&format!("{demo}/series"), "*/*").await.rows();
    let catalogue = phantom::catalogue();
    let expected = &catalogue
        .iter()
        .find(|s| s.listing.study == phantom::demo_study())
        .unwrap()
        .series;
    assert_eq!(series.len(), expected.len());
    for (row, series) in series.iter().zip(expected) {
        assert_eq!(text(row, "0020000E"), series.uid.as_str(), "by Series Number");
        assert_eq!(text(row, "00080060"), series.modality);
        assert_eq!(value(row, "00201209"), series.instances);
        assert!(row.get("00100010").is_none(), "the study is in the address");
    }
    let one = &series[0];
    let instances = server.get(&format!("{}/instances", address(one)), "*/*").await.rows();
    assert_eq!(instances.len(), expected[0].instances as usize);
    for (at, row) in (0u32..).zip(&instances) {
        assert_eq!(text(row, "00080018"), expected[0].instance_uid(at).as_str());
        assert_eq!(value(row, "00280010"), 512, "Rows");
        assert_eq!(
            text(row, "00083002"),
            "1.2.840.10008.1.2.1",
            "Available Transfer Syntax UID"
        );
    }
    let of_study = server.get(&format!("{demo}/instances?limit=1"), "*/*").await.rows();
    assert!(of_study[0].get("00080060").is_some() && of_study[0].get("00100020").is_none());
    let of_all = server.get(
        "/instances?SOPClassUID=1.2.840.10008.5.1.4.1.1.6.1,1.2.840.10008.5.1.4.1.1.3.1&limit=3",
        "*/*",
    );
    let of_all = of_all.await.rows();
    assert!(!of_all.is_empty() && of_all.iter().all(|row| row.get("00100020").is_some()));
    let scans = server
        .get("/series?Modality=MR&includefield=StudyDescription", "*/*")
        .await
        .rows();
    assert!(
        !scans.is_empty()
            && scans
                .iter()
                .all(|row| text(row, "00080060") == "MR" && row.get("00081030").is_some())
    );
    let number = server
        .get(&format!("{demo}/instances?InstanceNumber=7&Modality=CT"), "*/*")
        .await
        .rows();
    assert!(!number.is_empty() && number.iter().all(|row| value(row, "00200013") == 7));
    for nothing in ["/studies/1.2.3/series", "/studies/1.2.3/series/1.2.4/instances"] {
        assert!(server.get(nothing, "*/*").await.rows().is_empty());
    }
}

#[tokio::test]
async fn further_fields_come_when_they_are_asked_for() {
    let server = Server::new(Store::phantoms()).await;
    let plain = server.get("/studies?limit=1", "*/*").await.rows();
    assert!(plain[0].get("00101010").is_none());
    for query in [
        "includefield=PatientAge",
        "includefield=00101010",
        "includefield=all",
        "includefield=PatientSex,PatientAge",
    ] {
        let rows = server.get(&format!("/studies?limit=1&{query}"), "*/*").await.rows();
        assert!(rows[0].get("00101010").is_some(), "{query}");
    }
    let answer = server.get("/studies?includefield=Rows", "*/*").await;
    assert_eq!(answer.warnings().len(), 1, "not of this level");
}

#[tokio::test]
async fn long_answers_are_compressed_for_those_who_take_it() {
    let server = Server::new(Store::phantoms()).await;
    let ask = async |encoding: &str| {
        let request = Request::get("/dicom-web/studies").header("accept-encoding", encoding);
        server.send(request.body(Body::empty()).unwrap()).await
    };
    let (plain, small) = (ask("identity").await, ask("gzip").await);
    assert_eq!(
        (plain.header("content-encoding"), small.header("content-encoding")),
        ("", "gzip")
    );
    assert!(small.body.len() < plain.body.len() / 2);
    let mut back = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&small.body[..]), &mut back).unwrap();
    assert_eq!(back, plain.body);
}
