//! What is no image, or only a part of one, is a sentence; the rest stays usable.

use reading::settings::Interpolation;
use reading::tile::TileState;

use crate::harness::{phantom, window};

#[test]
fn a_file_that_is_no_dicom_is_told_and_the_rest_is_shown() {
    let mut window = window(1.0, Interpolation::Linear);
    window.put("notes.dcm", b"Dear colleague, the patient has brought a disc.");
    window.show_files("CT", 100, 1);
    window.until("the failure is told", |w| {
        w.harness.state().reading().notice().is_some()
    });
    let trouble = window.harness.state().reading().notice().unwrap().trouble.clone();
    assert!(trouble.sentence.ends_with('.'), "{}", trouble.sentence);
    assert!(!trouble.reference.is_empty());
    assert!(window.tile(0).picture.is_some());
}

#[test]
fn an_image_that_is_cut_short_is_refused_by_a_sentence_on_its_tile_and_its_neighbour_is_shown() {
    let mut window = window(1.0, Interpolation::Linear);
    let study = phantom("CT");
    for index in [100, 101] {
        let bytes = study::phantom::object(&study.listing.study, &study.series[0].uid, index).unwrap();
        let kept = if index == 100 { bytes.len() } else { bytes.len() / 2 };
        window.put(&format!("{index}.dcm"), &bytes[..kept]);
    }
    window.open_put();
    window.until("an image is shown or refused", |w| {
        w.tile(0).picture.is_some() || matches!(w.tile(0).state, TileState::Refused { .. })
    });
    let track = window.tile(0).track.map_or(1, |track| track.arrivals.len());
    let (mut shown, mut refused) = (0, Vec::new());
    for key in [egui::Key::Home, egui::Key::End] {
        window.key(key, egui::Modifiers::NONE);
        window.until("the image is shown or refused", |w| {
            matches!(w.tile(0).state, TileState::Shown | TileState::Refused { .. })
        });
        match window.tile(0).state {
            TileState::Refused { trouble } => refused.push(trouble.sentence),
            _ => shown += 1,
        }
    }
    // A cut file is refused by its tile, or it is not listed and the notice says so.
    assert!(shown > 0);
    let told = window
        .harness
        .state()
        .reading()
        .notice()
        .map(|n| n.trouble.sentence.clone());
    assert!(
        track == 2 && refused.len() == 1 || track == 1 && told.is_some(),
        "{track} {refused:?} {told:?}"
    );
}
