//! The demonstration's studies, by their own headers: what the first `./run` shows.

use std::sync::Arc;

use study::phantom::{self, PhantomStudy};
use study::{Instance, StudyUid, TransferSyntax};

use super::*;
use crate::layout::Grid;
use crate::tile::TileState;

/// Every instance of a phantom, read from its headers as a server's metadata would be.
fn instances(of: &PhantomStudy) -> Vec<Arc<Instance>> {
    let explicit = TransferSyntax("1.2.840.10008.1.2.1".into());
    let uids = of
        .series
        .iter()
        .flat_map(|s| (0..s.instances).map(move |i| (&s.uid, i)));
    uids.map(|(series, index)| {
        let header = phantom::header(&of.listing.study, series, index).unwrap();
        Arc::new(Instance::from_dataset(&header, explicit.clone()).unwrap())
    })
    .collect()
}

fn of(study: &StudyUid) -> PhantomStudy {
    let found = phantom::catalogue().into_iter().find(|p| p.listing.study == *study);
    found.unwrap()
}

/// A desk whose PACS lists every phantom.
fn desk() -> Desk {
    let mut desk = Desk::with(&[]);
    desk.apply(Command::Worklist(crate::WorklistCommand::Search));
    let request = desk.last_request();
    desk.hear(Heard::StudiesFound {
        source: SOURCE,
        request,
        outcome: Ok(StudiesFound {
            listings: phantom::catalogue().into_iter().map(|p| p.listing).collect(),
            whole: true,
            more: false,
        }),
    });
    desk
}

fn tell(desk: &mut Desk, study: &StudyUid) {
    let instances = instances(&of(study));
    instances.iter().for_each(|instance| desk.frames.put(instance));
    desk.hear(Heard::InstancesFound {
        study: study.clone(),
        instances,
        complete: true,
    });
}

fn open(desk: &mut Desk, study: &StudyUid) {
    desk.apply(Command::Study(StudyCommand::Open {
        source: SOURCE,
        study: study.clone(),
    }));
    tell(desk, study);
}

#[test]
fn the_demonstration_opens_the_ct_beside_its_prior() {
    let mut desk = desk();
    open(&mut desk, &phantom::demo_study());
    let prior = desk.reading.studies().open()[1].uid.clone();
    tell(&mut desk, &prior);
    assert_eq!(desk.reading.view().grid(), Grid::new(1, 2));
    for tile in [0, 1] {
        let tile = desk.tile(tile);
        assert_eq!(tile.state, TileState::Shown);
        let letters = tile.letters.unwrap();
        assert_eq!((letters.left.as_str(), letters.right.as_str()), ("R", "L"));
        assert!(tile.scale_bar.is_some());
        assert_eq!(words(&desk.tile(0), Role::Number), ["1 / 240"]);
    }
    let words = words(&desk.tile(1), Role::Description).join(" ");
    assert!(words.contains("prior, 6 months"), "{words}");
    assert!(!desk.reading.header().several && !desk.reading.header().person.is_empty());
}

#[test]
fn every_phantom_opens_with_an_image_and_the_identity_that_its_row_promised() {
    for phantom in phantom::catalogue() {
        let mut desk = desk();
        let study = phantom.listing.study.clone();
        open(&mut desk, &study);
        let tile = desk.tile(0);
        assert_eq!(tile.state, TileState::Shown, "{}", phantom.listing.modalities.join(" "));
        let name = study::words::person(phantom.listing.patient.name.to_reader());
        assert_eq!(desk.reading.header().person, name);
        let current = desk.reading.studies().current().unwrap();
        assert_eq!(Some(current.progress.of), phantom.listing.instances);
    }
}
