//! Playing a stack at its own rate (PS3.3 C.7.6.5).

use study::CineTiming;

/// What is played when the file gives no rate: 10 images a second.
pub(crate) const UNTIMED_MS: f64 = 100.0;
/// 120 images a second; shorter times in files are mistakes.
const SHORTEST_MS: f64 = 1000.0 / 120.0;
/// One image a second; longer times in files are mistakes.
const LONGEST_MS: f64 = 1000.0;

/// A stack that plays.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Playing {
    /// When the next image is due, ms.
    due_ms: f64,
    /// How long each image stands, ms; the last one holds for the rest.
    durations_ms: Vec<f64>,
}

impl Playing {
    /// Begins at the image `index` of a stack of `count`.
    pub(crate) fn begin(timing: Option<&CineTiming>, count: usize, index: usize, now_ms: u64) -> Self {
        let durations_ms = durations(timing, count);
        let mut playing = Self {
            due_ms: now_ms as f64,
            durations_ms,
        };
        playing.due_ms += playing.duration(index);
        playing
    }

    fn duration(&self, index: usize) -> f64 {
        let last = self.durations_ms.last().copied().unwrap_or(UNTIMED_MS);
        self.durations_ms.get(index).copied().unwrap_or(last)
    }

    /// In how many milliseconds the next image is due.
    pub(crate) fn due_in(&self, now_ms: u64) -> u64 {
        (self.due_ms - now_ms as f64).max(0.0).ceil() as u64
    }

    /// The image that stands at `now_ms`, after `index` of `count`: images are passed over when time has passed over them, and
    /// the first follows the last. An image that is not `there` is waited for.
    pub(crate) fn advance(&mut self, index: usize, count: usize, now_ms: u64, there: impl Fn(usize) -> bool) -> usize {
        let now = now_ms as f64;
        if count < 2 || now < self.due_ms {
            return index;
        }
        if now - self.due_ms > LONGEST_MS {
            // The window slept; nothing is made up for.
            self.due_ms = now;
        }
        let mut at = index;
        while now >= self.due_ms {
            at = (at + 1) % count;
            self.due_ms += self.duration(at);
        }
        if there(at) {
            return at;
        }
        let next = (index + 1) % count;
        self.due_ms = now + self.duration(next);
        if there(next) { next } else { index }
    }
}

fn durations(timing: Option<&CineTiming>, count: usize) -> Vec<f64> {
    let held = |ms: f64| {
        if ms.is_finite() && ms > 0.0 {
            ms.clamp(SHORTEST_MS, LONGEST_MS)
        } else {
            UNTIMED_MS
        }
    };
    let Some(timing) = timing else { return vec![UNTIMED_MS] };
    let each = held(timing.frame_ms);
    if timing.starts_ms.len() < 2 {
        return vec![each];
    }
    let mut durations: Vec<f64> = timing.starts_ms.windows(2).map(|w| held(w[1] - w[0])).collect();
    durations.truncate(count.saturating_sub(1));
    durations.push(each);
    durations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timing(starts_ms: &[f64], frame_ms: f64) -> CineTiming {
        CineTiming {
            starts_ms: starts_ms.to_vec(),
            frame_ms,
        }
    }

    #[test]
    fn images_stand_as_long_as_the_file_says_and_begin_again() {
        let mut playing = Playing::begin(Some(&timing(&[0.0, 40.0, 80.0, 160.0], 50.0)), 4, 0, 1000);
        let mut index = 0;
        let mut shown = Vec::new();
        for now in (1000..1420).step_by(10) {
            let next = playing.advance(index, 4, now, |_| true);
            if next != index {
                shown.push((now, next));
            }
            index = next;
        }
        // Frame 1 at 40, 2 at 80, 3 at 160, then 0 at 210, and round again.
        assert_eq!(shown[..5], [(1040, 1), (1080, 2), (1160, 3), (1210, 0), (1250, 1)]);
    }

    #[test]
    fn late_drawing_passes_images_over_and_keeps_the_rate() {
        let mut playing = Playing::begin(Some(&timing(&[], 20.0)), 100, 0, 0);
        assert_eq!(playing.advance(0, 100, 110, |_| true), 5);
        assert_eq!(playing.advance(5, 100, 120, |_| true), 6);
    }

    #[test]
    fn an_image_that_is_not_there_is_waited_for() {
        let mut playing = Playing::begin(None, 10, 3, 0);
        assert_eq!(playing.advance(3, 10, 100, |i| i <= 3), 3);
        assert_eq!(playing.advance(3, 10, 150, |_| true), 3);
        assert_eq!(playing.advance(3, 10, 200, |_| true), 4);
    }

    #[test]
    fn senseless_times_are_held_to_what_can_be_seen() {
        assert_eq!(durations(Some(&timing(&[], 0.0)), 9), [UNTIMED_MS]);
        assert_eq!(durations(Some(&timing(&[], f64::NAN)), 9), [UNTIMED_MS]);
        assert_eq!(durations(Some(&timing(&[], 1e9)), 9), [LONGEST_MS]);
        assert_eq!(durations(Some(&timing(&[], 1e-3)), 9), [SHORTEST_MS]);
        let mut slept = Playing::begin(None, 10, 0, 0);
        assert_eq!(slept.advance(0, 10, 3_600_000, |_| true), 1);
    }
}
