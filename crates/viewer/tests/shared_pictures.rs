//! Every monochrome file beside the checkout: the graphics adapter draws the picture of the CPU, byte for byte.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::sync::Arc;

use pixels::display::DisplayTable;
use pixels::picture::{self, Interpolation};
use reading::viewport;
use render::{Adapter, FrameKey, Picture, Renderer};
use serde_json::Value;
use space::ViewportFromImage;
use study::Object;

const ONE_TO_ONE: ViewportFromImage = ViewportFromImage {
    a: 1.0,
    b: 0.0,
    c: 0.5,
    d: 0.0,
    e: 1.0,
    f: 0.5,
};

#[test]
fn the_adapter_draws_what_the_cpu_draws() {
    let Some(folder) = testkit::shared_data("GPU pictures of real files") else {
        return;
    };
    let adapter = match Adapter::open() {
        Ok(adapter) => adapter,
        Err(error) => return testkit::skip(&format!("GPU pictures of real files: {error}")),
    };
    eprintln!(
        "adapter: {} ({}, {})",
        adapter.name.name, adapter.name.backend, adapter.name.device_type
    );
    let mut renderer = adapter.renderer(1 << 30).unwrap();
    let reference = std::fs::read_to_string(folder.join("reference.jsonl")).unwrap();
    let files: BTreeSet<String> = reference
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|r| r["sha_stored"].is_string() && r["pi"].as_str().is_some_and(|p| p.starts_with("MONOCHROME")))
        .map(|r| r["file"].as_str().unwrap().to_owned())
        .filter(|file| folder.join(file).is_file())
        .collect();
    let (mut equal, mut wrong) = (0, Vec::new());
    for (key, file) in files.iter().enumerate() {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        match differing(bytes.into(), &adapter, &mut renderer, FrameKey(key as u64)) {
            Some(0) => equal += 1,
            Some(count) => wrong.push(format!("{file}: {count} pixels differ")),
            None => {} // what cannot be opened or decoded is counted by study's own test
        }
    }
    eprintln!("{equal} of {} pictures are equal", files.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        equal * 10 > files.len() * 9,
        "only {equal} of {} files were drawn",
        files.len()
    );
}

/// How many pixels of the first frame differ; `None` when it cannot be shown.
fn differing(bytes: bytes::Bytes, adapter: &Adapter, renderer: &mut Renderer, key: FrameKey) -> Option<usize> {
    let object = Object::parse(bytes).ok()?;
    let instance = object.instance().ok()?;
    let stored = study::decode(&object.encoded_frame(0).ok()?).ok()?.frame;
    let parameters = viewport::parameters(&instance, 0, &stored, None);
    let table = Arc::new(DisplayTable::build(&parameters).ok()?);
    let size = (stored.columns, stored.rows);
    let cpu = picture::grey(
        &stored,
        &parameters.modality,
        &table,
        &ONE_TO_ONE,
        size,
        Interpolation::Nearest,
    );
    renderer
        .upload_grey(
            &adapter.device,
            &adapter.queue,
            key,
            &stored,
            &parameters.modality,
            parameters.padding,
        )
        .unwrap();
    let picture = Picture {
        frame: key,
        map: ONE_TO_ONE,
        origin: (0, 0),
        size,
        interpolation: Interpolation::Nearest,
        table: Some(table),
        colours: None,
        cover: None,
    };
    let gpu = adapter.draw(renderer, &picture).unwrap();
    let pixels = gpu.rgba.as_chunks::<4>().0;
    assert_eq!(pixels.len(), cpu.len());
    Some(pixels.iter().zip(&cpu).filter(|(g, c)| g[..3] != [**c; 3]).count())
}
