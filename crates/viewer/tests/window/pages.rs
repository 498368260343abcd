//! Pages over the window: by their names, and what they leave behind.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use reading::settings::{Interpolation, ServerEntry, Settings, SignInKind};

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
        let field = window.harness.get_by_role_and_label(Role::TextInput, name);
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

fn servers(window: &mut Window, servers: Vec<ServerEntry>) {
    let settings = Settings {
        servers,
        ..window.harness.state().reading().settings().clone()
    };
    let change = reading::AppCommand::ChangeSettings(Box::new(settings));
    window.harness.state_mut().command(reading::Command::App(change));
    window.harness.step();
}

fn typed(window: &mut Window, field: &str, words: &str) {
    let role = if matches!(field, "Password" | "Token") {
        Role::PasswordInput
    } else {
        Role::TextInput
    };
    window.harness.get_by_role_and_label(role, field).focus();
    window.harness.step();
    window.harness.event(egui::Event::Text(words.to_owned()));
    window.harness.step();
}

#[test]
fn a_sign_in_that_is_put_off_leaves_the_pacs_first_in_the_list_and_is_taken_up_again() {
    let mut window = window(1.0, Interpolation::Linear);
    let base = window.start_pacs();
    let entry = |name: &str, sign_in| ServerEntry {
        name: name.to_owned(),
        address: base.clone(),
        sign_in,
    };
    let password = SignInKind::Password {
        user: "jane".to_owned(),
    };
    let known = vec![entry("Ward", password), entry("Archive", SignInKind::None)];
    servers(&mut window, known);
    window.begin(viewer::Launch::Worklist {
        reach: viewer::Reach::default(),
        study: Some(study::phantom::demo_study()),
    });
    let sources = window.harness.state().reading().worklist().sources().iter();
    let names: Vec<String> = sources.map(|source| source.name.clone()).collect();
    assert_eq!(names, ["Ward", "Archive"]);
    let asks = |w: &Window| {
        let field = w.harness.query_by_role_and_label(Role::PasswordInput, "Password");
        field.is_some()
    };
    assert!(asks(&window));
    window.key(egui::Key::Escape, egui::Modifiers::NONE);
    assert!(!asks(&window));
    window.harness.get_by_label("Ward · sign in…").click();
    window.harness.step();
    window.harness.step();
    typed(&mut window, "Password", "secret");
    window.harness.get_by_role_and_label(Role::Button, "Sign in").click();
    // The study that the command line named waited for this.
    window.until("the study is open", |w| {
        w.harness.state().reading().studies().current().is_some()
    });
    assert!(window.harness.query_by_label("Ward · sign in…").is_none());
}

#[test]
fn a_secret_goes_unencrypted_only_after_consent() {
    let mut window = window(1.0, Interpolation::Linear);
    act(&mut window, "pacs.add");
    // An address that is kept for examples: nobody answers.
    typed(&mut window, "DICOMweb address", "http://192.0.2.1/dicom-web");
    assert!(window.harness.query_by_label_contains("unencrypted").is_none());
    window.harness.get_by_role_and_label(Role::RadioButton, "Token").click();
    window.harness.run_steps(4);
    typed(&mut window, "Token", "secret");
    let add = |window: &mut Window| {
        window.harness.get_by_label("Add this PACS").click();
        // A page that grows finds its place in a few passes.
        window.harness.run_steps(4);
        window.harness.state().reading().settings().servers.len()
    };
    assert_eq!(add(&mut window), 0);
    assert!(window.harness.query_by_label_contains("was not sent").is_some());
    let consent = "Send the sign-in unencrypted all the same";
    window.harness.get_by_label(consent).click();
    window.harness.run_steps(4);
    assert_eq!(add(&mut window), 1);
}

#[test]
fn every_page_opens_and_escape_closes_it() {
    let mut window = window(1.0, Interpolation::Linear);
    for (id, words) in [
        ("keys", "Mouse on an image"),
        ("about", "Graphics adapter"),
        ("intended_use", "Farsight shows medical images."),
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
