//! Whatever comes in whatever order: no panic, and header, words and pixels are always of one object.

use super::*;
use crate::fake::patient;
use crate::keys::Modifiers;
use crate::layout::Grid;
use crate::presets::WindowChoice;
use crate::tile::TileState;
use crate::tool::Tool;
use crate::worklist::Column;
use crate::{AnnotateCommand, AppCommand, Trouble, WheelTurn, WorklistCommand, actions};

/// A small generator of numbers (xorshift): the same storm each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n
    }
    fn pixel(&mut self) -> (f64, f64) {
        (self.below(900) as f64 - 100.0, self.below(700) as f64 - 100.0)
    }
}

fn studies() -> Vec<FakeStudy> {
    let ann = || patient("Miller^Ann", "4711");
    vec![
        FakeStudy {
            series: vec![("CT", 2), ("CT", 12), ("CT", 5)],
            ..FakeStudy::ct(1, ann(), "20261101", 0)
        },
        FakeStudy::ct(2, ann(), "20260501", 7),
        FakeStudy::ct(3, patient("Nowak^Jan", "8812"), "20261102", 6),
        FakeStudy {
            series: vec![("US", 3)],
            ..FakeStudy::ct(4, patient("Oh^Kim", "ANON"), "20261102", 0)
        },
    ]
}

fn step(desk: &mut Desk, dice: &mut Dice, all: &[FakeStudy]) {
    let study = &all[dice.below(all.len() as u64) as usize];
    let series = dice.below(study.series.len() as u64) as usize;
    let index = dice.below(u64::from(study.series[series].1)) as u32;
    let frame = study.frame(series, index);
    let viewport = dice.below(10) as usize;
    match dice.below(24) {
        0 => desk.apply(Command::Study(StudyCommand::Open {
            source: SOURCE,
            study: study.uid(),
        })),
        1 => desk.apply(Command::App(AppCommand::Answer {
            yes: dice.below(2) == 0,
        })),
        2..=4 => {
            let instances = study.instances();
            let part = dice.below(instances.len() as u64 + 1) as usize;
            desk.hear(Heard::InstancesFound {
                study: study.uid(),
                instances: instances[part..].to_vec(),
                complete: part == 0,
            });
        }
        5..=8 => {
            desk.frames.put(&std::sync::Arc::new(study.instance(series, index)));
            desk.hear(Heard::FrameArrived(frame));
        }
        9 => desk.hear(Heard::FrameRefused {
            frame,
            trouble: Trouble::default(),
        }),
        10 => desk.frames.clear(),
        11 => desk.pass(dice.below(700)),
        12 => desk.grid(dice.below(5) as u8, dice.below(5) as u8),
        13 => desk.press(viewport, dice.pixel(), PointerButton::Primary),
        14 => desk.press(viewport, dice.pixel(), PointerButton::Secondary),
        15..=17 => desk.move_to(dice.pixel()),
        18 => desk.release(),
        19 => desk.apply(Command::Pointer(Pointer::Wheel {
            canvas: canvas(viewport),
            at: point(dice.pixel()),
            turn: WheelTurn::Points(dice.below(200) as f64 - 100.0),
            modifiers: Modifiers {
                ctrl: dice.below(4) == 0,
                ..Modifiers::default()
            },
        })),
        20 => desk.view(ViewCommand::SetTool(
            [
                Tool::Window,
                Tool::Zoom,
                Tool::Pan,
                Tool::Scroll,
                Tool::Length,
                Tool::Probe,
            ][dice.below(6) as usize],
        )),
        21 => desk.apply(odd_command(dice, study)),
        _ => {
            let action = &actions::all()[dice.below(actions::all().len() as u64) as usize];
            let _ = desk.reading.enabled(action);
            desk.apply((action.command)());
        }
    }
}

/// Commands that no action sends, with numbers that make little sense.
fn odd_command(dice: &mut Dice, study: &FakeStudy) -> Command {
    match dice.below(10) {
        8 => Command::Study(StudyCommand::CloseStudy(study.uid())),
        0 => Command::Study(StudyCommand::OpenPrior(study.uid())),
        1 => Command::Study(StudyCommand::ConfirmSamePerson(study.uid())),
        2 => Command::Study(StudyCommand::Retry(study.uid())),
        3 => Command::View(ViewCommand::ZoomBy(
            [0.0, -1.0, f64::NAN, 1e300][dice.below(4) as usize],
        )),
        4 => Command::View(ViewCommand::ScrollTile {
            viewport: dice.below(12) as usize,
            step: Step::To(dice.next() as usize),
        }),
        5 => Command::View(ViewCommand::Window(WindowChoice::Own(dice.below(5) as usize))),
        6 => Command::Layout(LayoutCommand::Clear(dice.below(12) as usize)),
        7 => Command::Annotate(AnnotateCommand::Select(None)),
        _ => Command::Worklist(WorklistCommand::SortBy(Column::Patient)),
    }
}

fn check(desk: &Desk, all: &[FakeStudy]) {
    let reading = &desk.reading;
    let open: Vec<_> = reading.studies().open().iter().map(|s| s.uid.clone()).collect();
    let (grid, shown) = reading.view().shown();
    assert!(shown.len() == grid.tiles() && shown.contains(&reading.view().active()));
    let header = reading.header();
    let mut people = Vec::new();
    for viewport in &shown {
        let tile = reading.tile(*viewport, SIZE_PX, 1.0, Some(point((320.0, 240.0))), desk.now_ms);
        let Some(picture) = &tile.picture else {
            assert_eq!(
                tile.corners,
                Default::default(),
                "a black tile has no words of an image"
            );
            assert!(!matches!(tile.state, TileState::Shown | TileState::Late { .. }));
            continue;
        };
        let (name, instance) = (&picture.frame_ref, &picture.frame.instance);
        assert!(name.study == instance.study && name.series == instance.series && name.instance == instance.uid);
        assert!(open.contains(&name.study), "only open studies are shown");
        let study = all.iter().find(|s| s.uid() == name.study).unwrap();
        let identity = words(&tile, Role::Identity);
        let short = study::words::short_person(study.patient.name.to_reader());
        assert!(identity.len() == 1 && identity[0].starts_with(&short), "{identity:?}");
        people.push(study::words::person(study.patient.name.to_reader()));
        let map = picture.viewport_from_image;
        assert!([map.a, map.b, map.c, map.d, map.e, map.f].iter().all(|x| x.is_finite()));
        for mark in &tile.marks {
            assert_eq!(reading.document().mark(mark.id).map(|m| &m.frame), Some(name));
        }
    }
    assert_eq!(header.person.is_empty(), people.is_empty());
    assert!(people.is_empty() || people.contains(&header.person));
    for mark in reading.document().marks() {
        assert!(open.contains(&mark.frame.study), "no mark of a closed study is left");
    }
    let wants = reading.wants();
    assert!(wants.visible.iter().chain(&wants.next).all(|f| open.contains(&f.study)));
    assert!(reading.next_tick_ms(desk.now_ms).is_none_or(|ms| ms <= 60_000));
}

#[test]
fn a_storm_of_commands_and_events_never_mixes_two_objects() {
    let all = studies();
    for seed in 1..=12u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut desk = Desk::with(&all.iter().collect::<Vec<_>>());
        let mut revision = 0;
        for _ in 0..600 {
            step(&mut desk, &mut dice, &all);
            check(&desk, &all);
            assert!(desk.reading.wants().revision >= revision);
            revision = desk.reading.wants().revision;
        }
        desk.release();
        desk.apply(Command::Study(StudyCommand::Close));
        desk.apply(Command::App(AppCommand::Answer { yes: true }));
        assert!(desk.reading.studies().open().is_empty());
        assert_eq!(desk.reading.view().grid(), Grid::ONE);
        check(&desk, &all);
    }
}
