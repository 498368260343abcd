//! One stack: sorted along its normal, several images at one position kept apart by what they differ in.

use std::cmp::Ordering;
use std::sync::Arc;

use space::PatientVector;

use super::{Arrangement, Entry, Stack};
use crate::Oddity;

/// Positions closer than this are one position, mm.
const SAME_POSITION_MM: f64 = 0.01;
/// Distances that differ from the median by more than both are uneven.
const UNEVEN_PART: f64 = 0.01;
const UNEVEN_MM: f64 = 0.1;
/// A slice that is shifted sideways by more than this against its neighbour makes a tilted stack, mm.
const TILT_MM: f64 = 0.1;

/// Sorts the frames of one group.
pub(super) fn stack(mut entries: Vec<Entry<'_>>, comparable: bool) -> Stack {
    let multi_frame = entries.first().is_some_and(|entry| entry.instance.frames > 1);
    let by_number = if multi_frame {
        Arrangement::FrameNumber
    } else {
        Arrangement::InstanceNumber
    };
    entries.sort_by(|a, b| a.by_number().cmp(&b.by_number()));
    let normal = entries.first().and_then(Entry::plane).map(|plane| plane.normal());
    let Some(normal) = normal.filter(|_| comparable) else {
        return finished(entries, by_number, None, Vec::new());
    };
    let mut placed: Vec<Placed<'_>> = entries
        .into_iter()
        .filter_map(|entry| {
            let at = entry.plane()?.position_along(normal);
            Some(Placed { entry, at, position: 0 })
        })
        .collect();
    // Stable: at one position the order by number remains.
    placed.sort_by(|a, b| a.at.total_cmp(&b.at));
    let positions = numbered(&mut placed);
    let mut oddities = Vec::new();
    let spacing = spacing_of(&positions, &mut oddities);
    tilt_of(&placed, normal, positions.len(), &mut oddities);
    if positions.len() == placed.len() {
        return finished(
            placed.into_iter().map(|p| p.entry).collect(),
            Arrangement::Position,
            spacing,
            oddities,
        );
    }
    let arrangement = if positions.len() == 1 {
        by_number
    } else {
        Arrangement::Position
    };
    let entries = apart(placed, positions.len(), &mut oddities);
    finished(entries, arrangement, spacing, oddities)
}

struct Placed<'a> {
    entry: Entry<'a>,
    /// Along the normal, mm.
    at: f64,
    /// Index of its position.
    position: usize,
}

fn finished(entries: Vec<Entry<'_>>, arrangement: Arrangement, spacing: Option<f64>, oddities: Vec<Oddity>) -> Stack {
    Stack {
        frames: entries
            .iter()
            .map(|entry| (Arc::clone(entry.instance), entry.frame))
            .collect(),
        arrangement,
        spacing,
        oddities,
    }
}

/// Gives each frame the index of its position and lists the positions, mm.
fn numbered(placed: &mut [Placed<'_>]) -> Vec<f64> {
    let mut positions: Vec<f64> = Vec::new();
    for one in placed {
        if positions.last().is_none_or(|last| one.at - last > SAME_POSITION_MM) {
            positions.push(one.at);
        }
        one.position = positions.len() - 1;
    }
    positions
}

/// The median distance; tells gaps and unevenness.
fn spacing_of(positions: &[f64], oddities: &mut Vec<Oddity>) -> Option<f64> {
    let mut gaps: Vec<f64> = positions.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_by(f64::total_cmp);
    let median = match gaps.len() {
        0 => return None,
        n if n % 2 == 1 => *gaps.get(n / 2)?,
        n => (gaps.get(n / 2 - 1)? + gaps.get(n / 2)?) / 2.0,
    };
    let missing: usize = gaps
        .iter()
        .map(|gap| ((gap / median).round() as usize).saturating_sub(1))
        .sum();
    let uneven = |gap: &f64| (gap - median).abs() > (UNEVEN_PART * median).max(UNEVEN_MM);
    let whole = |gap: &f64| (gap / median - (gap / median).round()).abs() * median <= UNEVEN_MM;
    if missing > 0 && gaps.iter().all(whole) {
        oddities.push(Oddity(format!(
            "Slices seem to be missing: {missing} of the places between the first and the last are empty."
        )));
    } else if gaps.iter().any(uneven) {
        let (least, most) = (gaps.first()?, gaps.last()?);
        oddities.push(Oddity(format!(
            "The slices are unevenly spaced, {least:.2} to {most:.2} mm apart."
        )));
    }
    Some(median)
}

/// Tells when the stack leans: its slices are shifted sideways against each other.
fn tilt_of(placed: &[Placed<'_>], normal: PatientVector, positions: usize, oddities: &mut Vec<Oddity>) {
    let ends = placed.first().zip(placed.last());
    let Some((first, last)) = ends.and_then(|(a, b)| a.entry.plane().zip(b.entry.plane())) else {
        return;
    };
    let along = last.origin.minus(first.origin);
    let depth = along.dot(normal);
    let sideways = along.minus_along(normal, depth).length();
    let steps = positions.saturating_sub(1).max(1) as f64;
    if depth > 0.0 && sideways / steps > TILT_MM {
        let degrees = sideways.atan2(depth).to_degrees();
        oddities.push(Oddity(format!(
            "The stack is tilted by {degrees:.1}°: its slices are shifted sideways against each other."
        )));
    }
}

trait MinusAlong {
    /// What remains of a displacement when its part along a unit direction is taken away.
    fn minus_along(self, direction: Self, length: f64) -> Self;
}

impl MinusAlong for PatientVector {
    fn minus_along(self, direction: Self, length: f64) -> Self {
        let along = direction.scaled(length);
        Self::new(self.x - along.x, self.y - along.y, self.z - along.z)
    }
}

/// What may tell apart frames at one position, in order of preference; `None` sorts first.
type Dimension = fn(&Entry<'_>) -> Option<f64>;
const DIMENSIONS: [Dimension; 5] = [
    |e| e.geometry.order.temporal_position.map(|n| n as f64),
    |e| e.geometry.order.echo_ms,
    |e| e.geometry.order.b_value,
    |e| e.geometry.order.acquisition.map(|n| n as f64),
    |e| e.geometry.order.trigger_ms,
];

/// Several frames at one position: by what they differ in, then by position. Where nothing explains them they stay side by side.
fn apart<'a>(placed: Vec<Placed<'a>>, positions: usize, oddities: &mut Vec<Oddity>) -> Vec<Entry<'a>> {
    let mut held = vec![0usize; positions];
    for one in &placed {
        if let Some(count) = held.get_mut(one.position) {
            *count += 1;
        }
    }
    let most = held.iter().max().copied().unwrap_or(1);
    let complete = held.iter().all(|&count| count == most);
    let phases = DIMENSIONS
        .iter()
        .find_map(|dimension| phases_by(&placed, positions, most, *dimension))
        .or_else(|| complete.then(|| ranks(&placed, positions)));
    let Some(phases) = phases else {
        oddities.push(Oddity(format!(
            "{} images lie at a place that another image holds too, and nothing says why.",
            placed.len() - positions
        )));
        return placed.into_iter().map(|one| one.entry).collect();
    };
    if !complete {
        oddities.push(Oddity(
            "Some positions hold fewer images than others; a time, echo or weighting is incomplete.".to_owned(),
        ));
    }
    let mut sorted: Vec<(usize, Placed<'a>)> = phases.into_iter().zip(placed).collect();
    sorted.sort_by_key(|(phase, one)| (*phase, one.position));
    sorted.into_iter().map(|(_, one)| one.entry).collect()
}

/// The phase of each frame, when one attribute takes as many values as the fullest position holds frames, and no value
/// twice at one position.
fn phases_by(placed: &[Placed<'_>], positions: usize, most: usize, dimension: Dimension) -> Option<Vec<usize>> {
    let values: Vec<Option<f64>> = placed.iter().map(|one| dimension(&one.entry)).collect();
    let mut distinct = values.clone();
    distinct.sort_by(compared);
    distinct.dedup();
    if distinct.len() != most {
        return None;
    }
    let phases: Vec<usize> = values
        .iter()
        .map(|value| distinct.partition_point(|other| compared(other, value) == Ordering::Less))
        .collect();
    // Far from a complete set of phases there are none, and the table of seats stays small.
    let seats = positions
        .checked_mul(most)
        .filter(|&seats| seats <= placed.len().saturating_mul(4))?;
    let mut taken = vec![false; seats];
    for (one, phase) in placed.iter().zip(&phases) {
        let seat = taken.get_mut(one.position * most + phase)?;
        if std::mem::replace(seat, true) {
            return None;
        }
    }
    Some(phases)
}

fn compared(a: &Option<f64>, b: &Option<f64>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.total_cmp(b),
        _ => a.is_some().cmp(&b.is_some()),
    }
}

/// The rank of each frame among those at its position, by everything that may tell them apart, at last by number.
fn ranks(placed: &[Placed<'_>], positions: usize) -> Vec<usize> {
    let mut at: Vec<Vec<usize>> = vec![Vec::new(); positions];
    for (index, one) in placed.iter().enumerate() {
        if let Some(here) = at.get_mut(one.position) {
            here.push(index);
        }
    }
    let mut ranks = vec![0; placed.len()];
    for here in &mut at {
        here.sort_by(|&a, &b| match (placed.get(a), placed.get(b)) {
            (Some(a), Some(b)) => told_apart(&a.entry, &b.entry),
            _ => Ordering::Equal,
        });
        for (rank, &index) in here.iter().enumerate() {
            if let Some(slot) = ranks.get_mut(index) {
                *slot = rank;
            }
        }
    }
    ranks
}

fn told_apart(a: &Entry<'_>, b: &Entry<'_>) -> Ordering {
    DIMENSIONS
        .iter()
        .map(|dimension| compared(&dimension(a), &dimension(b)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
        .then_with(|| a.geometry.order.dimension_index.cmp(&b.geometry.order.dimension_index))
        .then_with(|| a.by_number().cmp(&b.by_number()))
}
