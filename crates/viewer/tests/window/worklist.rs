//! Finding and opening studies.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use reading::Place;

use crate::harness::on_pacs;

#[test]
fn typing_searches_and_enter_opens() {
    let mut window = on_pacs();
    window.until("studies are listed", |w| {
        w.harness.state().reading().worklist().len() > 12
    });
    // Nothing was clicked: what is typed goes into the search line.
    window.harness.event(egui::Event::Text("Wang".to_owned()));
    window.until("the list holds what was searched for", |w| {
        let list = w.harness.state().reading().worklist();
        let rows = list.len();
        !list.searching() && rows > 0 && rows < 4
    });
    assert!(window.harness.query_by_label_contains("Wang, XiaoDong").is_some());
    window.key(Key::ArrowDown, Modifiers::NONE);
    assert!(window.harness.state().reading().worklist().selected().is_some());
    window.key(Key::Enter, Modifiers::NONE);
    assert_eq!(window.harness.state().reading().place(), Place::Reading);
    window.until("the first image is shown", |w| w.tile(0).picture.is_some());
    assert!(window.harness.state().reading().header().person.contains("Wang"));
}

#[test]
fn a_click_on_a_heading_sorts_and_nothing_stays_queued() {
    let mut window = on_pacs();
    window.until("studies are listed", |w| {
        w.harness.state().reading().worklist().len() > 12
    });
    let before = window.harness.state().reading().worklist().sorting();
    window.harness.get_by_label("Sort by Patient").click();
    window.harness.step();
    // The click was applied in its own pass, and the pass that shows it was asked for.
    let after = window.harness.state().reading().worklist().sorting();
    assert_ne!(before, after);
    assert!(window.harness.ctx.has_requested_repaint());
}

#[test]
fn a_pacs_that_is_absent_is_a_sentence_in_the_list() {
    let mut window = crate::harness::window(1.0, reading::settings::Interpolation::Linear);
    let ctx = window.harness.ctx.clone();
    // A port that nobody listens on: it was ours a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let address = format!("http://127.0.0.1:{port}/dicom-web");
    let server = dicomweb::Server::new("Absent", &address, dicomweb::SignIn::None).unwrap();
    let client = dicomweb::Client::new(server, dicomweb::Patience::default()).unwrap();
    window.harness.state_mut().add_pacs(&ctx, "Absent", client);
    window.until("the failure is told", |w| {
        w.harness.state().reading().worklist().failed().is_some()
    });
    let trouble = window.harness.state().reading().worklist().failed().unwrap().clone();
    assert!(trouble.sentence.ends_with('.') && !trouble.reference.is_empty());
    assert!(!trouble.sentence.contains("127.0.0.1"), "{}", trouble.sentence);
    assert!(window.harness.query_by_label_contains(&trouble.sentence).is_some());
}

#[test]
fn the_row_that_the_arrows_reach_is_in_sight() {
    let mut window = on_pacs();
    window.harness.set_size(egui::vec2(1200.0, 360.0));
    window.until("studies are listed", |w| {
        w.harness.state().reading().worklist().len() > 12
    });
    let count = window.harness.state().reading().worklist().len();
    let last = window
        .harness
        .state()
        .reading()
        .worklist()
        .row(count - 1)
        .cloned()
        .unwrap();
    let person = study::words::person(last.listing.patient.name.to_reader());
    let name = format!("{person}, {}", last.listing.description.to_reader());
    assert!(window.harness.query_by_label(&name).is_none(), "the last row is below");
    for _ in 0..count {
        window.key(Key::ArrowDown, Modifiers::NONE);
    }
    assert_eq!(window.harness.state().reading().worklist().selected(), Some(&last));
    let row = window.harness.get_by_label(&name).rect();
    assert!(
        window
            .harness
            .ctx
            .content_rect()
            .shrink(20.0)
            .contains_rect(row.shrink2(egui::vec2(30.0, 0.0)))
    );
}
