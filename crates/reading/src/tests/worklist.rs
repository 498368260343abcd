//! Searching, sorting, selecting.

use super::*;
use crate::fake::patient;
use crate::worklist::{Column, Filter};
use crate::{Trouble, WorklistCommand};

fn listed() -> Vec<FakeStudy> {
    vec![
        FakeStudy::ct(1, patient("Ziegler^Bo", "2"), "20261103", 3),
        FakeStudy::ct(2, patient("adams^Eve", "3"), "20261101", 9),
        FakeStudy::ct(3, patient("Müller^Al", "1"), "20261102", 5),
    ]
}

fn desk() -> Desk {
    let studies = listed();
    Desk::with(&studies.iter().collect::<Vec<_>>())
}

fn list(desk: &mut Desk, command: WorklistCommand) {
    desk.apply(Command::Worklist(command));
}

fn order(desk: &Desk) -> Vec<String> {
    let rows = desk.reading.worklist().rows();
    rows.map(|row| row.listing.patient.id.to_reader().to_owned()).collect()
}

fn text(text: &str) -> Box<Filter> {
    Box::new(Filter {
        text: text.to_owned(),
        ..Filter::default()
    })
}

#[test]
fn the_newest_come_first_and_a_column_sorts_both_ways() {
    let mut desk = desk();
    assert_eq!(order(&desk), ["2", "1", "3"]);
    list(&mut desk, WorklistCommand::SortBy(Column::Patient));
    assert_eq!(order(&desk), ["3", "1", "2"], "capitals do not count");
    list(&mut desk, WorklistCommand::SortBy(Column::Patient));
    assert_eq!(order(&desk), ["2", "1", "3"]);
    list(&mut desk, WorklistCommand::SortBy(Column::Images));
    assert_eq!(order(&desk), ["3", "1", "2"]);
    assert_eq!(desk.reading.worklist().sorting(), (Column::Images, true));
}

#[test]
fn a_search_follows_typing_after_a_pause_and_only_the_last_answer_counts() {
    let mut desk = desk();
    let before = desk.effects.len();
    for typed in ["a", "ad", "ada"] {
        list(&mut desk, WorklistCommand::SetFilter(text(typed)));
        desk.pass(100);
    }
    assert_eq!(desk.effects.len(), before, "not while the reader types");
    assert_eq!(desk.reading.next_tick_ms(desk.now_ms), Some(200));
    desk.pass(200);
    let first = desk.last_request();
    assert!(desk.reading.worklist().searching());
    list(&mut desk, WorklistCommand::SetFilter(text("adam")));
    list(&mut desk, WorklistCommand::Search);
    let second = desk.last_request();
    desk.found(first, &[]);
    assert_eq!(
        desk.reading.worklist().len(),
        3,
        "an answer to an earlier search counts no more"
    );
    let studies = listed();
    desk.found(second, &[&studies[1]]);
    assert_eq!(order(&desk), ["3"]);
    assert!(!desk.reading.worklist().searching());
}

#[test]
fn a_failed_search_says_so_and_keeps_the_rows() {
    let mut desk = desk();
    list(&mut desk, WorklistCommand::Search);
    let trouble = Trouble {
        sentence: "Home did not answer.".to_owned(),
        ..Trouble::default()
    };
    let request = desk.last_request();
    desk.hear(Heard::StudiesFound {
        source: SOURCE,
        request,
        outcome: Err(trouble.clone()),
    });
    assert_eq!(desk.reading.worklist().failed(), Some(&trouble));
    assert_eq!(desk.reading.worklist().len(), 3);
    list(&mut desk, WorklistCommand::Search);
    let request = desk.last_request();
    desk.found(request, &[]);
    assert_eq!(desk.reading.worklist().failed(), None);
}

#[test]
fn more_rows_are_added_after_those_that_are_there() {
    let mut desk = desk();
    let studies = listed();
    list(&mut desk, WorklistCommand::Search);
    let request = desk.last_request();
    desk.hear(Heard::StudiesFound {
        source: SOURCE,
        request,
        outcome: Ok(StudiesFound {
            listings: studies[..2].iter().map(FakeStudy::listing).collect(),
            whole: true,
            more: true,
        }),
    });
    list(&mut desk, WorklistCommand::More);
    let sent = desk.effects.iter().rev().find_map(|e| match e {
        Effect::Search { offset, .. } => Some(*offset),
        _ => None,
    });
    assert_eq!(sent, Some(2));
    let request = desk.last_request();
    desk.found(request, &[&studies[1], &studies[2]]);
    assert_eq!(desk.reading.worklist().len(), 3, "a study stands once");
    assert!(!desk.reading.worklist().more());
}

#[test]
fn arrows_select_and_enter_opens() {
    let mut desk = desk();
    list(&mut desk, WorklistCommand::SelectBy(1));
    list(&mut desk, WorklistCommand::SelectBy(1));
    assert_eq!(
        desk.reading
            .worklist()
            .selected()
            .unwrap()
            .listing
            .patient
            .id
            .to_reader(),
        "1"
    );
    list(&mut desk, WorklistCommand::SelectBy(-9));
    assert_eq!(
        desk.reading
            .worklist()
            .selected()
            .unwrap()
            .listing
            .patient
            .id
            .to_reader(),
        "2"
    );
    list(&mut desk, WorklistCommand::OpenSelected);
    assert!(desk.effects.contains(&Effect::OpenStudy {
        source: SOURCE,
        study: listed()[0].uid()
    }));
    assert_eq!(desk.reading.place(), crate::Place::Reading);
}

#[test]
fn files_are_filtered_here() {
    let mut desk = desk();
    let files = SourceId(5);
    desk.hear(Heard::SourceAdded {
        source: files,
        name: "disc".to_owned(),
        kind: SourceKind::Files,
    });
    for study in listed() {
        desk.hear(Heard::StudyListed {
            source: files,
            listing: Box::new(study.listing()),
        });
    }
    list(&mut desk, WorklistCommand::SelectSource(files));
    let searches = desk.effects.len();
    list(&mut desk, WorklistCommand::SetFilter(text("MÜLL")));
    desk.pass(400);
    assert_eq!(order(&desk), ["1"]);
    let by_date = Filter {
        date_from: "20261102".to_owned(),
        date_to: "20261103".to_owned(),
        modality: "CT".to_owned(),
        ..Filter::default()
    };
    list(&mut desk, WorklistCommand::SetFilter(Box::new(by_date)));
    list(&mut desk, WorklistCommand::Search);
    assert_eq!(order(&desk), ["2", "1"]);
    assert!(
        !desk.effects[searches..]
            .iter()
            .any(|e| matches!(e, Effect::Search { .. }))
    );
    desk.hear(Heard::SourceRemoved(files));
    assert_eq!(desk.reading.worklist().source().map(|s| s.id), Some(SOURCE));
}

#[test]
fn a_study_that_two_sources_list_is_opened_from_the_one_that_was_selected() {
    let mut desk = desk();
    let files = SourceId(5);
    desk.hear(Heard::SourceAdded {
        source: files,
        name: "disc".to_owned(),
        kind: SourceKind::Files,
    });
    for study in listed() {
        desk.hear(Heard::StudyListed {
            source: files,
            listing: Box::new(study.listing()),
        });
    }
    let study = listed()[0].uid();
    list(&mut desk, WorklistCommand::SelectSource(files));
    list(
        &mut desk,
        WorklistCommand::Select {
            source: files,
            study: study.clone(),
        },
    );
    assert_eq!(desk.reading.worklist().selected().map(|row| row.source), Some(files));
    list(&mut desk, WorklistCommand::OpenSelected);
    assert!(desk.effects.contains(&Effect::OpenStudy { source: files, study }));
}
