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

#[test]
fn brightness_dims_the_panels_and_never_the_image() {
    let mut window = window(1.0, Interpolation::Linear);
    window.show_files("CT", 100, 1);
    let image = window.rect(0).center();
    let drawn = |w: &mut Window| {
        let picture = w.harness.render().unwrap();
        let brightest = |xs: std::ops::Range<u32>, ys: std::ops::Range<u32>| {
            let at = ys.flat_map(|y| xs.clone().map(move |x| (x, y)));
            at.map(|(x, y)| picture.get_pixel(x, y).0[1]).max().unwrap()
        };
        let middle: Vec<[u8; 4]> = (0..40)
            .map(|x| picture.get_pixel(image.x as u32 - 20 + x, image.y as u32).0)
            .collect();
        // The patient's name is in the top bar.
        (brightest(0..600, 0..36), middle)
    };
    let (bar, pixels) = drawn(&mut window);
    let mut settings = window.harness.state().reading().settings().clone();
    settings.chrome_brightness = 50;
    let change = reading::AppCommand::ChangeSettings(Box::new(settings));
    window.harness.state_mut().command(reading::Command::App(change));
    window.harness.step();
    window.harness.step();
    let (dim, same) = drawn(&mut window);
    assert!(bar > 180 && dim.abs_diff(bar / 2) < 6, "{bar} became {dim}");
    assert_eq!(pixels, same);
}
