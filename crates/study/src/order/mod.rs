//! Frames in stacks: grouped by frame of reference, orientation and size, sorted along the normal.

mod along;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use space::PatientFromImage;

use crate::{FrameGeometry, Instance, Oddity};

/// By what a stack is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// By position along the normal.
    Position,
    /// By Instance Number, because positions are missing or not comparable.
    InstanceNumber,
    /// As the frames of one object stand in it.
    FrameNumber,
}

/// Frames that are scrolled through together.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Instance and frame (from 0), in order.
    pub frames: Vec<(Arc<Instance>, u32)>,
    /// By what they are sorted.
    pub arrangement: Arrangement,
    /// Median distance between neighbouring positions, mm; `None` where there is none.
    pub spacing: Option<f64>,
    /// Gaps, duplicates, tilt and the like.
    pub oddities: Vec<Oddity>,
}

/// Direction cosines that differ by no more than this are the same orientation.
const SAME_DIRECTION: f64 = 1e-4;

/// A frame is compared with so many groups: an object whose every frame points elsewhere must not cost their square.
const MOST_LOOKS: usize = 256;

/// One frame on its way into a stack.
struct Entry<'a> {
    instance: &'a Arc<Instance>,
    frame: u32,
    geometry: &'a FrameGeometry,
}

impl<'a> Entry<'a> {
    fn of(instance: &'a Arc<Instance>, frame: u32) -> Option<Self> {
        Some(Self {
            instance,
            frame,
            geometry: instance.frame_geometry(frame)?,
        })
    }
    fn plane(&self) -> Option<&'a PatientFromImage> {
        self.geometry.plane.as_ref()
    }
    /// What orders frames without comparable positions.
    fn by_number(&self) -> (i64, &'a str, &'a str, u32) {
        (
            self.instance.instance_number.unwrap_or(i64::MAX),
            self.instance.acquired.as_str(),
            self.instance.uid.as_str(),
            self.frame,
        )
    }
}

/// Sorts the instances of one series into stacks; objects without pixels are left out.
///
/// Images of different persons, localizers, orientations, frames of reference and sizes never share a stack. Images without
/// a plane stay together, by Instance Number; a multi-frame object is never mixed with others. The stacks stand in the order
/// of their lowest Instance Number, localizers last.
pub fn stacks(instances: &[Arc<Instance>]) -> Vec<Stack> {
    let mut groups: Vec<(Key<'_>, Vec<Entry<'_>>)> = Vec::new();
    for instance in instances {
        for frame in 0..instance.frames {
            let Some(entry) = Entry::of(instance, frame) else {
                break;
            };
            let key = Key::of(&entry);
            // The newest group first: neighbours mostly belong together, and the frames of a long object then cost one look.
            match groups
                .iter_mut()
                .rev()
                .take(MOST_LOOKS)
                .find(|(other, _)| other.same(&key))
            {
                Some((_, entries)) => entries.push(entry),
                None => groups.push((key, vec![entry])),
            }
        }
    }
    let groups = joined_where_each_is_alone(groups);
    let mut stacks: Vec<(bool, Stack)> = groups
        .into_iter()
        .map(|(key, entries)| (key.localizer, along::stack(entries, key.plane.is_some())))
        .collect();
    stacks.sort_by_key(|(localizer, stack)| {
        let lowest = stack
            .frames
            .iter()
            .map(|(instance, _)| instance.instance_number.unwrap_or(i64::MAX))
            .min();
        (*localizer, lowest)
    });
    stacks.into_iter().map(|(_, stack)| stack).collect()
}

/// Whether two descriptions put an image, a single frame, at the same place of the same stack.
pub fn same_place(a: &Arc<Instance>, b: &Arc<Instance>) -> bool {
    let entry = |instance| Entry::of(instance, 0);
    let Some((a, b)) = entry(a).zip(entry(b)) else {
        return false;
    };
    let origin = |entry: &Entry<'_>| entry.plane().map(|plane| plane.origin);
    a.instance.frames == 1
        && b.instance.frames == 1
        && Key::of(&a).same(&Key::of(&b))
        && origin(&a) == origin(&b)
        && a.geometry.order == b.geometry.order
        && a.instance.instance_number == b.instance.instance_number
}

/// What the frames of a stack have in common.
struct Key<'a> {
    patient: (&'a str, &'a str),
    localizer: bool,
    /// A multi-frame object is a stack, or several, of its own.
    object: Option<&'a Instance>,
    stack: &'a str,
    size: Option<(u32, u32)>,
    plane: Option<&'a PatientFromImage>,
}

impl<'a> Key<'a> {
    fn of(entry: &Entry<'a>) -> Self {
        let instance: &'a Instance = entry.instance;
        let plane = entry.plane();
        Self {
            patient: (instance.patient.id.to_reader(), instance.patient.issuer.to_reader()),
            localizer: instance.image_type.iter().any(|word| word == "LOCALIZER"),
            object: (instance.frames > 1).then_some(instance),
            stack: entry.geometry.order.stack.as_str(),
            // A radiograph of another size is still the next picture of its series.
            size: plane
                .and(instance.layout.as_ref())
                .map(|layout| (layout.rows, layout.columns)),
            plane,
        }
    }

    fn same(&self, other: &Self) -> bool {
        let objects = match (self.object, other.object) {
            (None, None) => true,
            (Some(a), Some(b)) => std::ptr::eq(a, b),
            _ => false,
        };
        objects
            && self.patient == other.patient
            && self.localizer == other.localizer
            && self.stack == other.stack
            && self.size == other.size
            && match (self.plane, other.plane) {
                (None, None) => true,
                (Some(a), Some(b)) => same_orientation(a, b),
                _ => false,
            }
    }
}

/// Parallel planes of one frame of reference; within a series, planes that name none are taken to share it.
fn same_orientation(a: &PatientFromImage, b: &PatientFromImage) -> bool {
    let near = |a: space::PatientVector, b: space::PatientVector| {
        (a.x - b.x).abs() <= SAME_DIRECTION
            && (a.y - b.y).abs() <= SAME_DIRECTION
            && (a.z - b.z).abs() <= SAME_DIRECTION
    };
    a.frame_of_reference == b.frame_of_reference
        && near(a.along_row, b.along_row)
        && near(a.along_column, b.along_column)
}

/// Slices that all point elsewhere (a radial series) are one stack by number, not a heap of single pictures.
fn joined_where_each_is_alone<'a>(groups: Vec<(Key<'a>, Vec<Entry<'a>>)>) -> Vec<(Key<'a>, Vec<Entry<'a>>)> {
    let each_alone = groups.len() > 2
        && groups
            .iter()
            .all(|(key, entries)| entries.len() == 1 && key.plane.is_some() && key.object.is_none());
    let comparable = groups.first().is_some_and(|(first, _)| {
        groups
            .iter()
            .all(|(key, _)| (key.patient, key.localizer, key.size) == (first.patient, first.localizer, first.size))
    });
    if !each_alone || !comparable {
        return groups;
    }
    let mut groups = groups.into_iter();
    let Some((mut key, mut entries)) = groups.next() else {
        return Vec::new();
    };
    entries.extend(groups.flat_map(|(_, more)| more));
    key.plane = None;
    vec![(key, entries)]
}
