//! What a tile tells of its image, and what stands across it: each word from the frame that carries the reason.

use std::sync::Arc;

use study::{DecodedFrame, FrameRef, Instance, LossyEncoding, LossyState, LossyStep, Oddity, Quality, Spacing};

use super::{Desk, SOURCE};
use crate::fake::{self, FakeStudy};
use crate::settings::{Overlay, Settings};
use crate::tile::{Badge, BadgeKind, Tile, Tone};
use crate::{AppCommand, Command, Effect, Heard, Reading, StudyCommand, Trouble, Verification, intended_use};

fn one_image(modality: &'static str) -> FakeStudy {
    FakeStudy {
        number: 1,
        patient: fake::patient("DOE^JANE", "0451223"),
        date: "20260301",
        series: vec![(modality, 1)],
    }
}

/// A desk whose tile shows one image, after something was done to it.
fn showing(modality: &'static str, change: impl FnOnce(&mut Instance)) -> Desk {
    with_frame(modality, change, |_| {})
}

fn with_frame(
    modality: &'static str,
    change: impl FnOnce(&mut Instance),
    of_frame: impl FnOnce(&mut DecodedFrame),
) -> Desk {
    let study = one_image(modality);
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    let mut instance = study.instance(0, 0);
    change(&mut instance);
    let frame: FrameRef = study.frame(0, 0);
    let mut decoded = fake::decoded(Arc::new(instance), 0);
    of_frame(&mut decoded);
    desk.frames.put_as(frame.clone(), decoded);
    desk.hear(Heard::FrameArrived(frame));
    desk
}

fn progress(desk: &mut Desk, stored: u32, of: u32, finished: bool) {
    desk.hear(Heard::Progress {
        study: one_image("CT").uid(),
        stored,
        of,
        bytes: 1000,
        finished,
    });
}

fn of_kind(tile: &Tile, kind: BadgeKind) -> Option<&Badge> {
    tile.badges.iter().find(|badge| badge.kind == kind)
}

/// Word and explanation of the badge of a kind.
fn told(desk: &Desk, kind: BadgeKind) -> Option<(String, String)> {
    let tile = desk.tile(0);
    of_kind(&tile, kind).map(|badge| (badge.word.clone(), badge.why.clone()))
}

fn spacing(spacing: Spacing) -> Desk {
    showing("DX", |instance| instance.geometry[0].spacing = spacing)
}

#[test]
fn where_nothing_is_wrong_nothing_is_written() {
    let mut desk = showing("CT", |instance| {
        instance.geometry[0].spacing = Spacing::Patient { row: 0.5, column: 0.5 };
    });
    progress(&mut desk, 1, 1, true);
    desk.hear(Heard::Drawing(Verification::Exact));
    desk.hear(Heard::RemoteSession(None));
    let tile = desk.tile(0);
    let words: Vec<&str> = tile.badges.iter().map(|badge| badge.word.as_str()).collect();
    assert_eq!(words, ["full"]);
    assert!(tile.reasons_against.is_empty() && desk.reading.reasons_against().is_empty());
}

#[test]
fn a_black_tile_has_no_badges_and_nothing_across_it() {
    let study = one_image("MG");
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.hear(Heard::Drawing(Verification::Unverified {
        why: "It drew otherwise.".to_owned(),
    }));
    let tile = desk.tile(0);
    assert!(tile.picture.is_none() && tile.badges.is_empty() && tile.reasons_against.is_empty());
}

#[test]
fn lossy_tells_method_and_ratio_from_the_attributes_and_from_the_encoding() {
    let lossy = |lossy: LossyState| told(&showing("CT", |instance| instance.lossy = lossy), BadgeKind::Lossy);
    assert_eq!(lossy(LossyState::default()), None);
    let step = |method: &str, ratio| LossyStep {
        method: Some(method.into()),
        ratio: Some(ratio),
    };
    let (word, why) = lossy(LossyState {
        lossy: true,
        ratio: Some(4.0),
        said: Some(true),
        steps: vec![step("JPEG", 12.0), step("JPEG 2000", 4.0)],
        encoding: LossyEncoding::Lossless,
    })
    .unwrap();
    assert_eq!(word, "lossy\u{a0}4\u{a0}:\u{a0}1");
    assert_eq!(
        why,
        "The image says how it was compressed with loss: JPEG 12\u{a0}:\u{a0}1, then JPEG 2000 4\u{a0}:\u{a0}1. \
         Its present encoding loses nothing more."
    );
    let by_encoding = |said, encoding| {
        let state = LossyState {
            lossy: true,
            said,
            encoding,
            ..LossyState::default()
        };
        lossy(state).unwrap()
    };
    let (word, why) = by_encoding(Some(false), LossyEncoding::Always("JPEG baseline"));
    assert_eq!(word, "lossy");
    assert!(
        why.contains("JPEG baseline") && why.contains("although the image says that nothing was lost"),
        "{why}"
    );
    let (_, why) = by_encoding(None, LossyEncoding::Possible("JPEG 2000"));
    assert!(why.contains("can lose"), "{why}");
    let (_, why) = by_encoding(Some(true), LossyEncoding::Lossless);
    assert!(why.contains("but not how"), "{why}");
}

#[test]
fn a_lossy_mammogram_is_not_for_diagnosis_and_a_lossy_ct_is_only_marked() {
    let lossy = |instance: &mut Instance| instance.lossy.lossy = true;
    assert!(showing("CT", lossy).tile(0).reasons_against.is_empty());
    assert!(showing("MG", |_| {}).tile(0).reasons_against.is_empty());
    assert_eq!(
        showing("MG", lossy).tile(0).reasons_against,
        ["This mammogram was compressed with loss."]
    );
    // Whatever its modality says, its class says what it is.
    let by_class = showing("OT", |instance| {
        instance.lossy.lossy = true;
        instance.sop_class = "1.2.840.10008.5.1.4.1.1.13.1.3".to_owned();
    });
    assert_eq!(by_class.tile(0).reasons_against.len(), 1);
    let scanned = |view: &str, part: &str| {
        let (view, part) = (view.to_owned(), part.to_owned());
        let desk = showing("RG", |instance| {
            instance.lossy.lossy = true;
            instance.text.view_position = view;
            instance.text.body_part = part;
        });
        desk.tile(0).reasons_against.len()
    };
    assert_eq!(
        [scanned("MLO", ""), scanned("", "BREAST"), scanned("PA", "CHEST")],
        [1, 1, 0]
    );
    let magnetic = showing("MR", |instance| {
        instance.lossy.lossy = true;
        instance.text.body_part = "BREAST".to_owned();
    });
    assert!(
        magnetic.tile(0).reasons_against.is_empty(),
        "an MR of the breast is no mammogram"
    );
}

#[test]
fn a_preview_says_so_and_is_not_for_diagnosis() {
    let desk = with_frame("CT", |_| {}, |frame| frame.quality = Quality::Preview);
    assert_eq!(told(&desk, BadgeKind::Quality).unwrap().0, "preview");
    assert_eq!(
        desk.tile(0).reasons_against,
        ["This is a preview; the image itself is still to come."]
    );
}

#[test]
fn a_refused_orientation_is_not_for_diagnosis_and_a_missing_one_is_said() {
    let without_plane = |refused| {
        showing("CT", move |instance| {
            instance.geometry[0].plane = None;
            instance.geometry[0].orientation_refused = refused;
        })
    };
    let refused = without_plane(true);
    assert_eq!(told(&refused, BadgeKind::Orientation).unwrap().0, "orientation refused");
    assert_eq!(refused.tile(0).reasons_against.len(), 1);
    let missing = without_plane(false);
    assert_eq!(told(&missing, BadgeKind::Orientation).unwrap().0, "no orientation");
    assert!(missing.tile(0).reasons_against.is_empty());
    // A photograph has none and lacks none.
    let photograph = showing("XC", |instance| instance.geometry[0].plane = None);
    assert_eq!(told(&photograph, BadgeKind::Orientation), None);
}

#[test]
fn an_unverified_display_stands_on_every_image_until_it_is_exact_again() {
    let mut desk = showing("CT", |_| {});
    let why = "Of 4096 known values 12 came out otherwise.";
    desk.hear(Heard::Drawing(Verification::Unverified { why: why.to_owned() }));
    assert_eq!(
        told(&desk, BadgeKind::Display),
        Some(("display unverified".to_owned(), why.to_owned()))
    );
    assert_eq!(
        desk.tile(0).reasons_against,
        [format!("The display is unverified. {why}")]
    );
    desk.hear(Heard::Drawing(Verification::Exact));
    assert_eq!(told(&desk, BadgeKind::Display), None);
    assert!(desk.tile(0).reasons_against.is_empty());
}

#[test]
fn several_reasons_are_all_given() {
    let mut desk = with_frame(
        "MG",
        |instance| {
            instance.lossy.lossy = true;
            instance.geometry[0].orientation_refused = true;
        },
        |frame| frame.quality = Quality::Preview,
    );
    desk.hear(Heard::Drawing(Verification::Unverified {
        why: "It drew otherwise.".to_owned(),
    }));
    assert_eq!(desk.tile(0).reasons_against.len(), 4);
}

#[test]
fn a_remote_session_is_said_across_the_window_by_its_name() {
    let mut desk = showing("CT", |_| {});
    desk.hear(Heard::RemoteSession(Some("Windows Remote Desktop".to_owned())));
    let reasons = desk.reading.reasons_against();
    assert!(
        reasons.len() == 1 && reasons[0].contains("Windows Remote Desktop"),
        "{reasons:?}"
    );
    assert!(desk.tile(0).reasons_against.is_empty(), "the window says it, once");
}

#[test]
fn a_spacing_is_uncalibrated_unless_it_is_the_patients() {
    let calibrated = |how: &str| {
        spacing(Spacing::Calibrated {
            row: 0.2,
            column: 0.2,
            how: how.into(),
        })
    };
    let imager = |magnification| {
        spacing(Spacing::Imager {
            row: 0.2,
            column: 0.2,
            magnification,
        })
    };
    let word = |desk: Desk| told(&desk, BadgeKind::Spacing).map(|(word, _)| word);
    for known in ["fiducial", "magnification-corrected"] {
        assert_eq!(word(calibrated(known)), None, "{known}");
    }
    for unknown in [
        "calibration unknown",
        "corrected, method not stated",
        "on film",
        "at isocentre",
    ] {
        assert_eq!(
            word(calibrated(unknown)).as_deref(),
            Some("spacing uncalibrated"),
            "{unknown}"
        );
    }
    assert_eq!(word(spacing(Spacing::Patient { row: 1.0, column: 1.0 })), None);
    assert_eq!(word(imager(None)).as_deref(), Some("spacing uncalibrated"));
    let why = told(&imager(Some(1.25)), BadgeKind::Spacing).unwrap().1;
    assert!(why.contains("1.25"), "{why}");
    assert_eq!(
        word(spacing(Spacing::Unknown { aspect: 1.0 })).as_deref(),
        Some("no spacing")
    );
}

#[test]
fn pixels_that_are_not_square_are_said_with_their_shape() {
    let shape = |row, column| told(&spacing(Spacing::Patient { row, column }), BadgeKind::Shape).map(|(_, why)| why);
    assert_eq!(shape(0.5, 0.5), None);
    assert_eq!(shape(0.5, 0.5001), None);
    assert!(shape(0.8, 0.5).unwrap().contains("1.60 times as high as wide"));
    assert!(shape(0.5, 0.8).unwrap().contains("1.60 times as wide as high"));
}

#[test]
fn a_film_without_a_rate_says_so_and_a_stack_of_slices_needs_none() {
    let frames = |modality: &'static str, frames: u32, ms: Option<f64>| {
        let desk = showing(modality, move |instance| {
            instance.frames = frames;
            instance.cine = ms.map(|frame_ms| study::CineTiming {
                starts_ms: Vec::new(),
                frame_ms,
            });
        });
        told(&desk, BadgeKind::Rate).map(|(word, _)| word)
    };
    assert_eq!(frames("US", 20, None).as_deref(), Some("no frame rate"));
    assert_eq!(frames("US", 20, Some(33.3)), None);
    assert_eq!(frames("US", 1, None), None);
    assert_eq!(frames("MR", 20, None), None);
}

#[test]
fn corrections_and_other_oddities_are_told_apart_and_each_in_its_own_words() {
    let odd = |sentence: &str| Oddity(sentence.to_owned());
    let desk = with_frame(
        "CT",
        |instance| {
            instance.oddities = vec![odd("High Bit is missing."), odd("The file lacks its preamble.")];
            instance.corrections = vec![odd("High Bit is missing.")];
        },
        |frame| frame.decoded.oddities = vec![odd("The samples were converted.")],
    );
    assert_eq!(
        told(&desk, BadgeKind::Corrected).unwrap(),
        (
            "corrected".to_owned(),
            "High Bit is missing.\nThe samples were converted.".to_owned()
        )
    );
    assert_eq!(
        told(&desk, BadgeKind::Odd).unwrap(),
        ("1 oddity".to_owned(), "The file lacks its preamble.".to_owned())
    );
    let two = showing("CT", |instance| instance.oddities = vec![odd("One."), odd("Two.")]);
    assert_eq!(told(&two, BadgeKind::Odd).unwrap().0, "2 oddities");
    assert_eq!(told(&two, BadgeKind::Corrected), None);
}

#[test]
fn a_study_is_partial_until_all_of_it_is_here_and_says_when_that_is_not_to_come() {
    let partial = |desk: &Desk| {
        let tile = desk.tile(0);
        of_kind(&tile, BadgeKind::Partial).map(|badge| (badge.tone, badge.word.clone(), badge.why.clone()))
    };
    let mut desk = showing("CT", |_| {});
    progress(&mut desk, 1, 3, false);
    let (tone, word, why) = partial(&desk).unwrap();
    // No figures while they would dance; the explanation has them.
    assert_eq!((tone, word.as_str()), (Tone::Quiet, "partial"));
    assert!(why.starts_with("1 of 3 images"), "{why}");
    let sentence = "2 of 3 images of this study are not here. The PACS does not have them.";
    desk.hear(Heard::StudyTrouble {
        study: one_image("CT").uid(),
        trouble: Trouble {
            sentence: sentence.to_owned(),
            ..Trouble::default()
        },
    });
    assert_eq!(
        partial(&desk),
        Some((Tone::Attention, "partial, 1 of 3".to_owned(), sentence.to_owned()))
    );
    progress(&mut desk, 3, 3, true);
    assert_eq!(partial(&desk), None);
}

#[test]
fn a_list_that_is_shorter_than_the_worklist_says_is_partial() {
    let mut study = one_image("CT");
    study.series[0].1 = 3;
    let mut desk = Desk::with(&[&study]);
    desk.open(&study);
    desk.arrive(&study);
    progress(&mut desk, 2, 2, true);
    let tile = desk.tile(0);
    assert_eq!(of_kind(&tile, BadgeKind::Partial).unwrap().word, "partial, 2 of 3");
    progress(&mut desk, 3, 3, true);
    assert_eq!(of_kind(&desk.tile(0), BadgeKind::Partial), None);
}

#[test]
fn only_what_was_not_asked_for_again_is_cached() {
    let mut desk = showing("CT", |_| {});
    assert_eq!(told(&desk, BadgeKind::Cached), None);
    let study = one_image("CT");
    let cached = |instances| Heard::Cached {
        study: study.uid(),
        instances,
    };
    desk.hear(cached(vec![study.frame(0, 0).instance]));
    assert_eq!(told(&desk, BadgeKind::Cached).unwrap().0, "cached");
    desk.hear(cached(Vec::new()));
    assert_eq!(told(&desk, BadgeKind::Cached), None);
    // A new opening begins anew.
    desk.hear(cached(vec![study.frame(0, 0).instance]));
    desk.apply(Command::Study(StudyCommand::Close));
    desk.apply(Command::Study(StudyCommand::Open {
        source: SOURCE,
        study: study.uid(),
    }));
    desk.instances(&study);
    desk.arrive(&study);
    assert_eq!(told(&desk, BadgeKind::Cached), None);
}

#[test]
fn badges_are_hidden_by_no_key() {
    let mut desk = showing("MG", |instance| instance.lossy.lossy = true);
    let before = desk.tile(0);
    while desk.reading.settings().overlay != Overlay::None {
        desk.view(crate::ViewCommand::CycleOverlay);
    }
    let after = desk.tile(0);
    assert_eq!(
        (after.badges, after.reasons_against),
        (before.badges, before.reasons_against)
    );
}

#[test]
fn the_statement_of_intended_use_is_due_once_in_each_version() {
    let read_in = |version: &str| {
        Reading::new(Settings {
            intended_use_read: version.to_owned(),
            ..Settings::default()
        })
    };
    assert!(!read_in(intended_use::VERSION).intended_use_due());
    for earlier in ["", "0.0.9"] {
        let mut desk = Desk::with(&[]);
        desk.reading = read_in(earlier);
        assert!(desk.reading.intended_use_due());
        desk.effects.clear();
        desk.apply(Command::App(AppCommand::IntendedUseRead));
        assert!(!desk.reading.intended_use_due());
        let saved = desk.effects.iter().find_map(|effect| match effect {
            Effect::SaveSettings(settings) => Some(settings.intended_use_read.clone()),
            _ => None,
        });
        assert_eq!(saved.as_deref(), Some(intended_use::VERSION));
        assert!(desk.effects.contains(&Effect::IntendedUseRead), "the log is told");
        desk.effects.clear();
        desk.apply(Command::App(AppCommand::IntendedUseRead));
        assert!(desk.effects.is_empty(), "once");
    }
}

#[test]
fn escape_puts_the_statement_away_before_it_leaves_the_images() {
    let mut desk = showing("CT", |_| {});
    let unread = Settings::default();
    desk.apply(Command::App(AppCommand::ChangeSettings(Box::new(unread))));
    let escape = || Command::App(AppCommand::Escape);
    desk.apply(escape());
    assert!(!desk.reading.intended_use_due());
    assert_eq!(desk.reading.place(), crate::Place::Reading);
    desk.apply(escape());
    assert_eq!(desk.reading.place(), crate::Place::Worklist);
}
