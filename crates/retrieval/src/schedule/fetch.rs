//! The next fetch.

use std::time::{Duration, Instant};

use dicomweb::Lane;

use crate::SourceId;
use crate::desk::{Desk, OpenStudy, State};

/// Connections kept for what is on the screen.
const INTERACTIVE: usize = 2;

/// Neighbours of the visible image that come before the other series' thumbnails.
const NEAR: usize = 8;

/// How many requests for the bulk of a study are under way at once, from what the link does.
///
/// Enough for the link never to run dry, twice over because many servers close the connection after each answer; few enough
/// that an image wanted now does not wait behind them; never more than 8 of the server's threads. Large objects fill the link
/// by two.
pub(crate) fn bulk_requests(bits_per_second: f64, round_trip: Duration, average_bytes: u64) -> usize {
    const LEAST: usize = 2;
    const FIRST: usize = 6;
    const MOST: usize = 8;
    if average_bytes == 0 {
        return FIRST;
    }
    let under_way = 2.0 * bits_per_second / 8.0 * round_trip.as_secs_f64();
    let wanted = (under_way / average_bytes as f64).ceil() as usize + 1;
    // A small object's request is mostly waiting; the rate that was measured says little then.
    let least = if average_bytes > 4 << 20 { LEAST } else { FIRST };
    wanted.clamp(least, MOST)
}

/// The next instance to fetch from a source: the study's index, the entry's index, and its lane.
pub(crate) fn next_fetch(desk: &Desk, id: SourceId, now: Instant) -> Option<(usize, usize, Lane)> {
    let source = desk.source(id)?;
    source.client.as_ref()?;
    if source.blocked.is_some() || source.pause_until.is_some_and(|until| until > now) {
        return None;
    }
    // A source that fell silent is asked for one thing, the one that failed least, until it answers.
    if source.pause_until.is_some() && !source.under_way.is_empty() {
        return None;
    }
    let (interactive, bulk) = (source.busy(Lane::Interactive), source.busy(Lane::Bulk));
    // The first image of all comes alone: whatever else is under way would delay it.
    let first = !desk
        .studies
        .iter()
        .any(|study| study.source == id && study.entries.iter().any(|entry| entry.arrived()));
    if first && !source.under_way.is_empty() {
        return None;
    }
    let visible = wanted(desk, id, &desk.wants.visible, source.pause_until.is_some());
    if let Some((study, entry)) = visible {
        return (interactive < INTERACTIVE).then_some((study, entry, Lane::Interactive));
    }
    if interactive > 0 || bulk >= source.bulk_limit {
        return None;
    }
    let lane = if first { Lane::Interactive } else { Lane::Bulk };
    wanted(desk, id, &desk.wants.next, false)
        .or_else(|| rest(desk, id))
        .map(|(study, entry)| (study, entry, lane))
}

/// The first wanted frame's object that is not here; `fewest` prefers what failed least.
fn wanted(desk: &Desk, id: SourceId, frames: &[study::FrameRef], fewest: bool) -> Option<(usize, usize)> {
    let mut best: Option<((usize, usize), u32)> = None;
    for frame in frames {
        let Some(at) = desk.locate(frame) else { continue };
        let Some(study) = desk.studies.get(at.0).filter(|study| study.source == id) else {
            continue;
        };
        let Some(entry) = study.entries.get(at.1) else { continue };
        if !matches!(entry.state, State::Missing | State::LetGo) {
            continue;
        }
        if !fewest {
            return Some(at);
        }
        if best.is_none_or(|(_, tries)| entry.tries < tries) {
            best = Some((at, entry.tries));
        }
    }
    best.map(|(at, _)| at)
}

/// The rest of the open studies: those on the screen first, then as they were opened.
fn rest(desk: &Desk, id: SourceId) -> Option<(usize, usize)> {
    let on_screen = |study: &OpenStudy| desk.wants.visible.iter().any(|frame| frame.study == study.uid);
    let of_source = || desk.studies.iter().enumerate().filter(|(_, study)| study.source == id);
    of_source()
        .filter(|(_, study)| on_screen(study))
        .chain(of_source().filter(|(_, study)| !on_screen(study)))
        .find_map(|(at, study)| rest_of(study).map(|entry| (at, entry)))
}

/// The rest of a study: what is near the visible image, one image of every series for its thumbnail, the visible series
/// outward, the other series. Instances that failed before come last.
fn rest_of(study: &OpenStudy) -> Option<usize> {
    let fewest = study
        .entries
        .iter()
        .filter(|entry| matches!(entry.state, State::Missing))
        .map(|entry| entry.tries)
        .min()?;
    let missing = |at: &usize| {
        study
            .entries
            .get(*at)
            .is_some_and(|entry| matches!(entry.state, State::Missing) && entry.tries == fewest)
    };
    let (home, place) = study
        .anchor
        .and_then(|anchor| position(study, anchor))
        .unwrap_or((0, 0));
    let around = study.series.get(home).map(|(_, order)| outward(order, place));
    if let Some(around) = &around
        && let Some(near) = around.iter().take(NEAR + 1).copied().find(missing)
    {
        return Some(near);
    }
    let untouched = study.series.iter().filter(|(_, order)| {
        order.iter().all(|at| {
            study
                .entries
                .get(*at)
                .is_some_and(|entry| matches!(entry.state, State::Missing))
        })
    });
    let mut thumbnails = untouched.filter_map(|(_, order)| order.get(order.len() / 2).copied());
    if let Some(middle) = thumbnails.find(missing) {
        return Some(middle);
    }
    around
        .iter()
        .flatten()
        .copied()
        .chain(study.series.iter().flat_map(|(_, order)| order.iter().copied()))
        .find(missing)
}

/// The series of an entry and its place there.
fn position(study: &OpenStudy, entry: usize) -> Option<(usize, usize)> {
    study
        .series
        .iter()
        .enumerate()
        .find_map(|(series, (_, order))| Some((series, order.iter().position(|at| *at == entry)?)))
}

/// An order read from a place outward: the place itself, one after it, one before it, two after it …
fn outward(order: &[usize], place: usize) -> Vec<usize> {
    let mut read = Vec::with_capacity(order.len());
    read.extend(order.get(place));
    for distance in 1..=order.len() {
        read.extend(order.get(place + distance));
        read.extend(place.checked_sub(distance).and_then(|before| order.get(before)));
    }
    read
}
