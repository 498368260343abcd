//! Decoded frames, within a budget of bytes: what is on the screen is never let go, what is wanted soonest goes last.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use study::{DecodedFrame, FrameRef, FrameWants, StudyUid};

/// Decoded frames that are ready to be shown.
pub struct Memory {
    budget: u64,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    frames: BTreeMap<FrameRef, Held>,
    bytes: u64,
    /// How soon a frame is wanted: 0 is most urgent; what is not in here is not wanted.
    ranks: BTreeMap<FrameRef, u32>,
    /// Ranks below this are on the screen.
    visible: u32,
    clock: u64,
}

struct Held {
    frame: Arc<DecodedFrame>,
    bytes: u64,
    used: u64,
}

impl Memory {
    /// An empty memory with a budget in bytes.
    pub(crate) fn new(budget: u64) -> Self {
        Self {
            budget,
            kept: Mutex::default(),
        }
    }

    /// A frame, if it is here; never waits for one.
    pub fn get(&self, frame: &FrameRef) -> Option<Arc<DecodedFrame>> {
        let mut kept = self.kept();
        kept.clock += 1;
        let now = kept.clock;
        kept.frames.get_mut(frame).map(|held| {
            held.used = now;
            Arc::clone(&held.frame)
        })
    }

    /// Whether a frame is here.
    pub(crate) fn holds(&self, frame: &FrameRef) -> bool {
        self.kept().frames.contains_key(frame)
    }

    /// Bytes that are free for frames that nobody has asked for.
    pub(crate) fn room(&self) -> u64 {
        self.budget.saturating_sub(self.kept().bytes)
    }

    /// The whole budget, bytes.
    pub(crate) fn budget(&self) -> u64 {
        self.budget
    }

    /// Takes the newest wants, by which frames are let go.
    pub(crate) fn want(&self, wants: &FrameWants) {
        let mut ranks = BTreeMap::new();
        for (rank, frame) in wants.visible.iter().chain(&wants.next).enumerate() {
            ranks
                .entry(frame.clone())
                .or_insert(u32::try_from(rank).unwrap_or(u32::MAX));
        }
        let mut kept = self.kept();
        kept.visible = u32::try_from(wants.visible.len()).unwrap_or(u32::MAX);
        kept.ranks = ranks;
    }

    /// Keeps a frame, letting less wanted ones go. A frame on the screen is kept beyond the budget; another one is turned away
    /// (`false`) when all that is here is wanted sooner.
    pub(crate) fn insert(&self, frame: FrameRef, decoded: Arc<DecodedFrame>) -> bool {
        let bytes = decoded.decoded.frame.samples.bytes() as u64;
        let mut kept = self.kept();
        let rank = kept.rank(&frame);
        if let Some(old) = kept.frames.remove(&frame) {
            kept.bytes -= old.bytes;
        }
        let over = (kept.bytes + bytes).saturating_sub(self.budget);
        if over > 0 {
            let goes = kept.least_wanted(over, rank);
            let frees: u64 = goes.iter().map(|(_, bytes)| bytes).sum();
            if frees < over && rank >= kept.visible {
                return false;
            }
            for (frame, bytes) in goes {
                kept.frames.remove(&frame);
                kept.bytes -= bytes;
            }
        }
        kept.clock += 1;
        let used = kept.clock;
        kept.bytes += bytes;
        kept.frames.insert(
            frame,
            Held {
                frame: decoded,
                bytes,
                used,
            },
        );
        true
    }

    /// Lets everything of a study go.
    pub(crate) fn forget(&self, study: &StudyUid) {
        let mut kept = self.kept();
        kept.frames.retain(|frame, _| frame.study != *study);
        kept.ranks.retain(|frame, _| frame.study != *study);
        kept.bytes = kept.frames.values().map(|held| held.bytes).sum();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn rank(&self, frame: &FrameRef) -> u32 {
        self.ranks.get(frame).copied().unwrap_or(u32::MAX)
    }

    /// Frames that are wanted less than `rank`, least wanted first, until they hold `bytes`: among the unwanted the longest
    /// unused, among the wanted the last of the list.
    fn least_wanted(&self, bytes: u64, rank: u32) -> Vec<(FrameRef, u64)> {
        let mut candidates: Vec<_> = self
            .frames
            .iter()
            .map(|(frame, held)| (self.rank(frame), held, frame))
            // What nobody asked for does not push out what somebody looked at.
            .filter(|(theirs, ..)| *theirs > rank && *theirs >= self.visible)
            .collect();
        candidates.sort_by_key(|(theirs, held, _)| (std::cmp::Reverse(*theirs), held.used));
        let mut sum = 0;
        candidates
            .into_iter()
            .take_while(|(_, held, _)| {
                let short = sum < bytes;
                sum += held.bytes;
                short
            })
            .map(|(_, held, frame)| (frame.clone(), held.bytes))
            .collect()
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kept = self.kept();
        f.debug_struct("Memory")
            .field("budget", &self.budget)
            .field("frames", &kept.frames.len())
            .field("bytes", &kept.bytes)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{decoded, frame};

    fn wants(visible: &[u32], next: &[u32]) -> FrameWants {
        FrameWants {
            revision: 1,
            visible: visible.iter().map(|n| frame(1, *n)).collect(),
            next: next.iter().map(|n| frame(1, *n)).collect(),
        }
    }

    fn here(memory: &Memory, of: std::ops::Range<u32>) -> Vec<u32> {
        of.filter(|n| memory.holds(&frame(1, *n))).collect()
    }

    #[test]
    fn the_budget_lets_the_least_wanted_go_and_never_the_screen() {
        // Each frame holds 100 bytes.
        let memory = Memory::new(400);
        memory.want(&wants(&[0], &[1, 2]));
        for n in [7, 8, 2, 1] {
            assert!(memory.insert(frame(1, n), decoded(100)));
        }
        assert!(memory.get(&frame(1, 7)).is_some(), "used last, so 8 goes first");
        assert!(memory.insert(frame(1, 0), decoded(100)));
        assert_eq!(here(&memory, 0..9), [0, 1, 2, 7]);
        assert!(!memory.insert(frame(1, 9), decoded(100)), "unwanted, and no room");
        assert_eq!(here(&memory, 0..10), [0, 1, 2, 7]);
        memory.want(&wants(&[0], &[3, 2, 1]));
        assert!(memory.insert(frame(1, 3), decoded(100)));
        memory.want(&wants(&[0], &[4, 3, 2, 1]));
        assert!(memory.insert(frame(1, 4), decoded(100)), "wanted before 1");
        assert_eq!(here(&memory, 0..10), [0, 2, 3, 4]);
    }

    #[test]
    fn frames_on_the_screen_are_kept_beyond_the_budget() {
        let memory = Memory::new(150);
        memory.want(&wants(&[0, 1, 2], &[]));
        for n in 0..3 {
            assert!(memory.insert(frame(1, n), decoded(100)));
        }
        assert_eq!(here(&memory, 0..3), [0, 1, 2]);
        assert_eq!(memory.room(), 0);
    }

    #[test]
    fn a_closed_study_leaves_nothing() {
        let memory = Memory::new(1000);
        memory.insert(frame(1, 0), decoded(100));
        memory.insert(frame(2, 0), decoded(100));
        memory.forget(&frame(1, 0).study);
        assert!(memory.get(&frame(1, 0)).is_none());
        assert!(memory.get(&frame(2, 0)).is_some());
        assert_eq!(memory.room(), 900);
        memory.insert(frame(2, 0), decoded(300));
        assert_eq!(memory.room(), 700, "a frame that comes again is counted once");
    }
}
