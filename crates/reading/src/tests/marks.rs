//! Lengths and probes: made, selected, moved, deleted, undone; each on its own image.

use super::*;
use crate::AnnotateCommand;
use crate::fake::patient;
use crate::tool::Tool;

fn opened() -> (FakeStudy, Desk) {
    let study = FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", 10);
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.arrive(&study);
    desk.view(ViewCommand::SetTool(Tool::Length));
    (study, desk)
}

fn annotate(desk: &mut Desk, command: AnnotateCommand) {
    desk.apply(Command::Annotate(command));
}

fn label(desk: &Desk) -> String {
    desk.tile(0).marks[0].label.clone()
}

#[test]
fn a_length_is_one_step_however_long_the_drag() {
    let (_, mut desk) = opened();
    desk.press(0, (100.0, 200.0), PointerButton::Primary);
    for x in 101..391 {
        desk.move_to((f64::from(x), 200.0));
    }
    desk.release();
    // 290 screen pixels at 10 a column, 0.5 mm a column.
    assert_eq!(label(&desk), "14.5\u{a0}mm");
    assert_eq!(desk.reading.can_undo_redo(), (true, false));
    annotate(&mut desk, AnnotateCommand::Undo);
    assert!(desk.tile(0).marks.is_empty());
    assert_eq!(desk.reading.can_undo_redo(), (false, true));
    annotate(&mut desk, AnnotateCommand::Redo);
    assert_eq!(label(&desk), "14.5\u{a0}mm");
}

#[test]
fn a_click_without_a_drag_makes_no_length() {
    let (_, mut desk) = opened();
    desk.press(0, (100.0, 200.0), PointerButton::Primary);
    desk.move_to((101.0, 201.0));
    desk.release();
    assert!(desk.tile(0).marks.is_empty());
    assert_eq!(desk.reading.can_undo_redo(), (false, false));
}

#[test]
fn an_end_or_the_whole_is_moved_and_a_press_beside_it_selects_nothing() {
    let (_, mut desk) = opened();
    desk.drag(0, (100.0, 200.0), (300.0, 200.0), PointerButton::Primary);
    assert_eq!(label(&desk), "10.0\u{a0}mm");
    // One end, with another tool active: marks are grabbed first.
    desk.view(ViewCommand::SetTool(Tool::Window));
    desk.drag(0, (302.0, 199.0), (402.0, 199.0), PointerButton::Primary);
    assert_eq!(label(&desk), "15.0\u{a0}mm");
    assert!(desk.tile(0).marks[0].selected);
    // The whole, by its middle.
    desk.drag(0, (250.0, 201.0), (250.0, 261.0), PointerButton::Primary);
    assert_eq!(label(&desk), "15.0\u{a0}mm");
    let [a, b] = desk.tile(0).marks[0].lines[0];
    assert!((a.y - 260.0).abs() < 1e-6 && (b.y - 260.0).abs() < 1e-6 && (a.x - 100.0).abs() < 1e-6);
    assert!(
        words(&desk.tile(0), Role::Window)[0].contains("ABDOMEN"),
        "the window was not touched"
    );
    desk.press(0, (600.0, 20.0), PointerButton::Primary);
    desk.release();
    assert_eq!(desk.reading.selected_mark(), None);
    for label_before in ["15.0\u{a0}mm", "10.0\u{a0}mm"] {
        annotate(&mut desk, AnnotateCommand::Undo);
        assert_eq!(label(&desk), label_before);
    }
}

#[test]
fn a_mark_never_leaves_its_image() {
    let (_, mut desk) = opened();
    desk.drag(0, (100.0, 200.0), (9000.0, 200.0), PointerButton::Primary);
    // From column 9.5 to the last column's edge, 63.5: 54 columns of 0.5 mm.
    assert_eq!(label(&desk), "27.0\u{a0}mm");
    desk.drag(0, (300.0, 200.0), (300.0, -5000.0), PointerButton::Primary);
    assert_eq!(label(&desk), "27.0\u{a0}mm", "held at the edge, not pressed flat");
}

#[test]
fn a_length_stays_on_its_image() {
    let (study, mut desk) = opened();
    desk.drag(0, (100.0, 200.0), (300.0, 200.0), PointerButton::Primary);
    desk.scroll(Step::By(1));
    assert!(desk.tile(0).marks.is_empty());
    desk.grid(1, 2);
    let first = desk.reading.studies().current().unwrap().series[0].stacks[0].id.clone();
    desk.apply(Command::Study(StudyCommand::Hang {
        viewport: 1,
        stack: first,
    }));
    assert_eq!(desk.shown(1), Some(study.frame(0, 0)));
    assert_eq!(desk.tile(1).marks.len(), 1, "wherever that image is shown");
    let id = desk.reading.document().marks()[0].id;
    annotate(&mut desk, AnnotateCommand::Select(Some(id)));
    assert!(desk.tile(1).marks[0].selected);
}

#[test]
fn deleting_is_undone_and_nothing_selected_deletes_nothing() {
    let (_, mut desk) = opened();
    desk.drag(0, (100.0, 200.0), (300.0, 200.0), PointerButton::Primary);
    annotate(&mut desk, AnnotateCommand::DeleteSelected);
    assert!(desk.tile(0).marks.is_empty());
    annotate(&mut desk, AnnotateCommand::DeleteSelected);
    annotate(&mut desk, AnnotateCommand::Undo);
    assert_eq!(desk.tile(0).marks.len(), 1);
}

#[test]
fn a_cancelled_drag_changes_nothing() {
    let (_, mut desk) = opened();
    desk.press(0, (100.0, 200.0), PointerButton::Primary);
    desk.move_to((300.0, 200.0));
    assert_eq!(desk.tile(0).marks.len(), 1, "seen while it is drawn");
    desk.apply(Command::Pointer(Pointer::Cancelled));
    assert!(desk.tile(0).marks.is_empty());
    assert_eq!(desk.reading.selected_mark(), None);
    assert_eq!(desk.reading.can_undo_redo(), (false, false));
}

#[test]
fn no_mark_is_placed_on_a_waiting_tile_nor_outside_the_image() {
    let (study, mut desk) = opened();
    desk.view(ViewCommand::ZoomBy(0.5));
    desk.drag(0, (5.0, 5.0), (300.0, 200.0), PointerButton::Primary);
    assert!(desk.reading.document().marks().is_empty(), "it began beside the image");
    desk.view(ViewCommand::Fit);
    desk.frames.clear();
    desk.scroll(Step::By(1));
    assert_eq!(desk.shown(0), Some(study.frame(0, 0)), "the old picture still stands");
    desk.drag(0, (100.0, 200.0), (300.0, 200.0), PointerButton::Primary);
    desk.view(ViewCommand::SetTool(Tool::Probe));
    desk.drag(0, (100.0, 200.0), (300.0, 200.0), PointerButton::Primary);
    assert!(desk.reading.document().marks().is_empty());
}

#[test]
fn a_probe_writes_the_value_of_its_pixel() {
    let (_, mut desk) = opened();
    desk.view(ViewCommand::SetTool(Tool::Probe));
    let map = desk.tile(0).picture.unwrap().viewport_from_image;
    let at = map.apply(space::ImagePoint::new(7.2, 2.9));
    desk.press(0, (at.x, at.y), PointerButton::Primary);
    desk.release();
    assert_eq!(label(&desk), "283\u{a0}HU");
    let to = map.apply(space::ImagePoint::new(9.2, 2.9));
    desk.drag(0, (at.x, at.y), (to.x, to.y), PointerButton::Primary);
    assert_eq!(label(&desk), "285\u{a0}HU");
    annotate(&mut desk, AnnotateCommand::Undo);
    assert_eq!(label(&desk), "283\u{a0}HU");
}
