use std::time::{Duration, Instant};

use dicomweb::{Client, Lane, Patience, Server, SignIn};
use study::FrameWants;

use super::*;
use crate::desk::{Class, Desk, Fetch, Place, Source, State, Trouble};
use crate::memory::Memory;
use crate::testing::{decoded, frame, frame_of, instance, study_uid};
use crate::{Failure, FailureKind, SourceId};

/// A desk with one PACS that is never really asked.
struct Bench {
    desk: Desk,
    source: SourceId,
    now: Instant,
    revision: u64,
}

impl Bench {
    fn new() -> Self {
        let server = Server::new("nowhere", "http://127.0.0.1:9/", SignIn::None).unwrap();
        let client = Client::new(server, Patience::default()).unwrap();
        let mut desk = Desk::default();
        let source = desk.add_source(Source::new(Some(client)));
        Self {
            desk,
            source,
            now: Instant::now(),
            revision: 0,
        }
    }

    /// Opens a study whose series hold so many single-frame images each.
    fn open(&mut self, study: u32, series: &[u32]) {
        let generation = self.desk.open(self.source, &study_uid(study)).unwrap();
        let instances = series
            .iter()
            .enumerate()
            .flat_map(|(at, count)| (1..=*count).map(move |n| instance(study, at as u32 + 1, n)))
            .collect();
        self.desk
            .study_mut(&study_uid(study), generation)
            .unwrap()
            .listed(instances);
    }

    fn want(&mut self, visible: &[(u32, u32, u32)], next: &[(u32, u32, u32)]) {
        self.revision += 1;
        let frames = |of: &[(u32, u32, u32)]| of.iter().map(|(a, b, c)| frame_of(*a, *b, *c)).collect();
        assert!(self.desk.want(FrameWants {
            revision: self.revision,
            visible: frames(visible),
            next: frames(next),
        }));
    }

    fn begin(&mut self) -> Option<Fetch> {
        let (study, entry, lane) = next_fetch(&self.desk, self.source, self.now)?;
        self.desk.begin(study, entry, lane)
    }

    /// Begins all that may begin: study, series, number and whether the lane is the interactive one.
    fn begin_all(&mut self) -> Vec<Fetch> {
        std::iter::from_fn(|| self.begin()).collect()
    }

    fn arrive(&mut self, fetch: &Fetch) {
        let source = self.desk.source_mut(self.source).unwrap();
        source.answers += 1;
        source.end(fetch.ticket);
        self.desk.well(self.source);
        let study = self.desk.study_mut(&fetch.identity.study, fetch.generation).unwrap();
        let at = study.find(&fetch.identity.instance).unwrap();
        study.entries[at].state = State::Here(Place::Held);
        study.undecoded.push_back((at, 0));
    }

    fn fail(&mut self, fetch: &Fetch, class: Class) -> Vec<crate::desk::Note> {
        let failure = Failure::passing(FailureKind::Unreachable, "It did not come.");
        self.desk.failed(fetch, Trouble { class, failure }, self.now)
    }

    /// Everything in the order in which it would be fetched, one at a time.
    fn order(&mut self, most: usize) -> Vec<(u32, u32, u32)> {
        let mut order = Vec::new();
        while order.len() < most {
            let Some(fetch) = self.begin() else { break };
            self.arrive(&fetch);
            order.push(which(&fetch));
        }
        order
    }
}

fn which(fetch: &Fetch) -> (u32, u32, u32) {
    let mut parts = fetch.identity.instance.as_str().split('.').skip(2);
    let mut next = || parts.next().unwrap().parse().unwrap();
    (next(), next(), next())
}

fn all_which(fetches: &[Fetch]) -> Vec<(u32, u32, u32)> {
    fetches.iter().map(which).collect()
}

#[test]
fn the_first_image_of_all_comes_alone_and_then_the_rest_flows() {
    let mut bench = Bench::new();
    bench.open(1, &[20]);
    bench.want(&[(1, 1, 7)], &[(1, 1, 8)]);
    let first = bench.begin_all();
    assert_eq!(all_which(&first), [(1, 1, 7)]);
    assert_eq!(first[0].lane, Lane::Interactive);
    bench.arrive(&first[0]);
    let bulk = bench.begin_all();
    assert_eq!(bulk.len(), bench.desk.source(bench.source).unwrap().bulk_limit);
    assert!(bulk.iter().all(|fetch| fetch.lane == Lane::Bulk));
    assert_eq!(which(&bulk[0]), (1, 1, 8), "what is wanted next comes first");
}

#[test]
fn what_is_on_the_screen_goes_before_everything_and_holds_the_rest_back() {
    let mut bench = Bench::new();
    bench.open(1, &[40]);
    let first = bench.begin().unwrap();
    bench.arrive(&first);
    let bulk = bench.begin_all();
    assert_eq!(bulk.len(), 6);
    bench.want(&[(1, 1, 30), (1, 1, 31), (1, 1, 32)], &[]);
    let interactive = bench.begin_all();
    assert_eq!(
        all_which(&interactive),
        [(1, 1, 30), (1, 1, 31)],
        "the reserved lane has two"
    );
    for fetch in &bulk {
        bench.arrive(fetch);
    }
    assert!(bench.begin().is_none(), "nothing of the rest while somebody waits");
    bench.arrive(&interactive[0]);
    assert_eq!(all_which(&bench.begin_all()), [(1, 1, 32)]);
}

#[test]
fn scrolling_away_makes_obsolete_work_vanish() {
    let mut bench = Bench::new();
    bench.open(1, &[100]);
    let first = bench.begin().unwrap();
    bench.arrive(&first);
    bench.want(&[(1, 1, 50)], &[(1, 1, 51), (1, 1, 52)]);
    bench.want(&[(1, 1, 90)], &[(1, 1, 91)]);
    assert_eq!(bench.order(2), [(1, 1, 90), (1, 1, 91)]);
    let older = FrameWants {
        revision: 1,
        visible: vec![frame(1, 50)],
        next: Vec::new(),
    };
    assert!(!bench.desk.want(older), "an older list never replaces a newer one");
}

#[test]
fn the_rest_comes_near_first_then_thumbnails_then_outward_then_the_others() {
    let mut bench = Bench::new();
    bench.open(1, &[14, 3, 5]);
    bench.want(&[(1, 1, 2)], &[]);
    let order = bench.order(100);
    let near = [2, 3, 1, 4, 5, 6, 7, 8, 9].map(|n| (1, 1, n));
    assert_eq!(order[..9], near);
    assert_eq!(order[9..11], [(1, 2, 2), (1, 3, 3)], "the middle of each other series");
    assert_eq!(order[11..16], [10, 11, 12, 13, 14].map(|n| (1, 1, n)));
    assert_eq!(
        order[16..],
        [(1, 2, 1), (1, 2, 3), (1, 3, 1), (1, 3, 2), (1, 3, 4), (1, 3, 5)]
    );
}

#[test]
fn the_study_on_the_screen_comes_before_one_that_was_opened_earlier() {
    let mut bench = Bench::new();
    bench.open(1, &[2]);
    bench.open(2, &[2]);
    bench.want(&[(2, 1, 1)], &[]);
    assert_eq!(bench.order(9), [(2, 1, 1), (2, 1, 2), (1, 1, 1), (1, 1, 2)]);
}

#[test]
fn a_closed_study_gives_its_tickets_back_and_is_not_asked_for() {
    let mut bench = Bench::new();
    bench.open(1, &[20]);
    let first = bench.begin().unwrap();
    bench.arrive(&first);
    bench.begin_all();
    let (_, given_up) = bench.desk.close(&study_uid(1)).unwrap();
    assert_eq!(given_up.len(), 6);
    assert!(bench.begin().is_none());
    bench.open(2, &[1]);
    assert_eq!(bench.order(9), [(2, 1, 1)]);
}

#[test]
fn an_outage_loses_nothing_and_a_silent_source_is_asked_for_one_thing() {
    let mut bench = Bench::new();
    bench.open(1, &[20]);
    let first = bench.begin().unwrap();
    bench.arrive(&first);
    let under_way = bench.begin_all();
    let said: Vec<_> = under_way
        .iter()
        .flat_map(|fetch| bench.fail(fetch, Class::Outage))
        .collect();
    assert_eq!(said.len(), 1, "it fell silent once");
    assert!(bench.begin().is_none(), "a pause first");
    bench.now += Duration::from_secs(1);
    let probe = bench.begin_all();
    assert_eq!(probe.len(), 1);
    for _ in 0..20 {
        bench.fail(&probe[0], Class::Outage);
        bench.now += Duration::from_secs(15);
    }
    assert_eq!(bench.order(100).len(), 19, "all of it comes when the source answers");
}

#[test]
fn one_image_that_never_comes_whole_is_given_up_while_others_come() {
    let mut bench = Bench::new();
    bench.open(1, &[12]);
    let mut refusals = Vec::new();
    while let Some(fetch) = bench.begin() {
        if which(&fetch).2 == 3 {
            refusals.extend(bench.fail(&fetch, Class::Broken));
        } else {
            bench.arrive(&fetch);
        }
        bench.now += Duration::from_secs(20);
    }
    let study = &bench.desk.studies[0];
    assert_eq!(study.entries.iter().filter(|entry| entry.arrived()).count(), 11);
    assert!(
        refusals
            .iter()
            .any(|note| matches!(&note.event, crate::Event::FrameRefused { frame, .. } if *frame == frame_of(1, 1, 3)))
    );
}

#[test]
fn a_refused_sign_in_stops_the_source_until_somebody_acts() {
    let mut bench = Bench::new();
    bench.open(1, &[5]);
    let fetch = bench.begin().unwrap();
    let said = bench.fail(&fetch, Class::Blocked);
    assert!(matches!(said[0].event, crate::Event::StudyTrouble { .. }));
    bench.now += Duration::from_secs(3600);
    assert!(bench.begin().is_none());
    let acted = bench.desk.count();
    bench.desk.source_mut(bench.source).unwrap().take_heart(acted);
    let first = bench.begin().unwrap();
    bench.arrive(&first);
    let before = bench.begin_all();
    let acted = bench.desk.count();
    bench.desk.source_mut(bench.source).unwrap().take_heart(acted);
    for fetch in &before {
        assert!(
            bench.fail(fetch, Class::Blocked).is_empty(),
            "asked with the old sign-in"
        );
    }
    assert_eq!(bench.order(9).len(), 4);
}

#[test]
fn the_number_of_requests_follows_the_link() {
    let ms = Duration::from_millis;
    let table = [
        // bits a second, request to answer, bytes of an object → requests
        (0.0, ms(0), 0, 6),
        (50e6, ms(40), 200_000, 6),
        (50e6, ms(120), 200_000, 8),
        (300e6, ms(55), 200_000, 8),
        (50e6, ms(40), 15_000_000, 2),
        (50e6, ms(40), 25_000, 8),
        (0.0, ms(40), 25_000, 6),
    ];
    for (rate, trip, bytes, requests) in table {
        assert_eq!(bulk_requests(rate, trip, bytes), requests, "{rate} {trip:?} {bytes}");
    }
}

/// Decodes all that can be decoded, each into memory.
fn decode_all(bench: &mut Bench, memory: &Memory) -> Vec<study::FrameRef> {
    let mut order = Vec::new();
    while let Some(job) = next_decode(&mut bench.desk, memory) {
        let frame = job.frame_ref();
        bench.desk.decoding.remove(&frame);
        if !memory.insert(frame.clone(), decoded(100)) {
            bench.desk.turned_away.insert(frame.clone());
        }
        order.push(frame);
        assert!(order.len() < 1000, "it comes to an end");
    }
    order
}

#[test]
fn wanted_frames_are_decoded_in_their_order_and_the_rest_while_there_is_room() {
    let mut bench = Bench::new();
    bench.open(1, &[10]);
    for fetch in std::iter::from_fn(|| {
        let fetch = bench.begin()?;
        bench.arrive(&fetch);
        Some(fetch)
    })
    .collect::<Vec<_>>()
    {
        assert_eq!(fetch.identity.study, study_uid(1));
    }
    // Room for five frames of 100 bytes.
    let memory = Memory::new(500);
    bench.want(&[(1, 1, 9)], &[(1, 1, 8), (1, 1, 10)]);
    memory.want(&bench.desk.wants.clone());
    let order = decode_all(&mut bench, &memory);
    assert_eq!(order, [9, 8, 10, 1, 2].map(|n| frame(1, n)));
    bench.want(
        &[(1, 1, 5)],
        &[(1, 1, 4), (1, 1, 6), (1, 1, 3), (1, 1, 7), (1, 1, 1), (1, 1, 10)],
    );
    memory.want(&bench.desk.wants.clone());
    let order = decode_all(&mut bench, &memory);
    assert_eq!(
        order,
        [5, 4, 6, 3, 7].map(|n| frame(1, n)),
        "no further than memory reaches"
    );
    assert!(memory.get(&frame(1, 5)).is_some());
}

#[test]
fn a_frame_that_cannot_be_decoded_is_not_tried_again_and_blocks_nothing() {
    let mut bench = Bench::new();
    bench.open(1, &[3]);
    bench.order(3);
    bench.want(&[(1, 1, 1)], &[]);
    let at = bench.desk.studies[0].find(&frame(1, 1).instance).unwrap();
    bench.desk.studies[0].undecodable.insert((at, 0));
    let memory = Memory::new(1000);
    assert_eq!(decode_all(&mut bench, &memory), [2, 3].map(|n| frame(1, n)));
    assert!(!bench.desk.studies[0].retry());
    assert_eq!(decode_all(&mut bench, &memory), [frame(1, 1)]);
}

#[test]
fn frames_of_an_object_that_is_being_read_wait_for_it() {
    let mut bench = Bench::new();
    bench.open(1, &[2]);
    bench.order(2);
    let memory = Memory::new(1000);
    bench.want(&[(1, 1, 1)], &[(1, 1, 2)]);
    let wanted = frame(1, 1);
    bench
        .desk
        .loading
        .insert((wanted.study.clone(), wanted.instance.clone()));
    let job = next_decode(&mut bench.desk, &memory).unwrap();
    assert_eq!(job.frame_ref(), frame(1, 2));
}
