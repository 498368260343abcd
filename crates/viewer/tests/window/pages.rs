//! Pages over the window: by their names, and what they leave behind.

use egui_kittest::kittest::Queryable as _;
use reading::settings::Interpolation;

use crate::harness::{Window, window};

fn act(window: &mut Window, id: &str) {
    let action = reading::actions::by_id(id).unwrap();
    window.harness.state_mut().command((action.command)());
    window.harness.step();
    window.harness.step();
}

#[test]
fn a_pacs_is_tried_in_words_and_added() {
    let mut window = window(1.0, Interpolation::Linear);
    let base = window.start_pacs();
    act(&mut window, "pacs.add");
    for (name, words) in [("Name", "Ward"), ("DICOMweb address", base.as_str())] {
        let field = window
            .harness
            .get_by_role_and_label(egui::accesskit::Role::TextInput, name);
        field.focus();
        window.harness.step();
        window.harness.event(egui::Event::Text(words.to_owned()));
        window.harness.step();
    }
    window.harness.get_by_label("Try it").click();
    // What was found is said before the buttons, which move down for it.
    let place = |w: &Window| w.harness.get_by_label("Add this PACS").rect().top();
    let before = place(&window);
    window.until("it was tried", |w| {
        place(w) > before + 20.0 && w.harness.query_by_label("trying…").is_none()
    });
    window.harness.get_by_label("Add this PACS").click();
    window.until("the page closes", |w| {
        w.harness.query_by_label("Add this PACS").is_none()
    });
    window.until("its studies are listed", |w| {
        w.harness.state().reading().worklist().len() > 12
    });
    let settings = window.harness.state().reading().settings();
    assert_eq!(settings.servers.len(), 1);
    assert_eq!(settings.servers[0].name, "Ward");
}

#[test]
fn every_page_opens_and_escape_closes_it() {
    let mut window = window(1.0, Interpolation::Linear);
    for (id, words) in [
        ("keys", "Mouse on an image"),
        ("about", "Graphics adapter"),
        ("settings", "Mouse and touchpad"),
        ("pacs.add", "Try it"),
    ] {
        act(&mut window, id);
        assert!(window.harness.query_by_label(words).is_some(), "{id}");
        window.key(egui::Key::Escape, egui::Modifiers::NONE);
        assert!(window.harness.query_by_label(words).is_none(), "{id}");
    }
}
