//! How fast the link is.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What the link does now, over all servers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LinkReading {
    /// Bytes received since the program started.
    pub bytes: u64,
    /// Bits received a second, over the last seconds; 0 when nothing comes.
    pub bits_per_second: f64,
    /// From a request to the head of its answer, smoothed, in milliseconds; `None` before the first answer.
    pub round_trip_ms: Option<f64>,
}

/// Over how long the rate is averaged.
const OVER: Duration = Duration::from_secs(3);

/// Samples are at least this far apart.
const APART: Duration = Duration::from_millis(100);

/// Turns a growing counter into a rate.
#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<VecDeque<(Instant, u64)>>);

impl Meter {
    /// Notes the counter and gives bits a second over the last seconds.
    pub(crate) fn rate(&self, now: Instant, bytes: u64) -> f64 {
        let mut samples = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if samples.back().is_none_or(|(at, _)| now.duration_since(*at) >= APART) {
            samples.push_back((now, bytes));
        }
        // One sample from before the span stays, so that the rate covers all of it.
        while samples.get(1).is_some_and(|(at, _)| now.duration_since(*at) >= OVER) {
            samples.pop_front();
        }
        let Some((since, before)) = samples.front() else {
            return 0.0;
        };
        let seconds = now.duration_since(*since).as_secs_f64();
        if seconds < APART.as_secs_f64() {
            return 0.0;
        }
        bytes.saturating_sub(*before) as f64 * 8.0 / seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let meter = Meter::default();
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        assert_eq!(meter.rate(at(0), 0), 0.0);
        assert_eq!(meter.rate(at(1000), 125_000), 1e6, "1 Mbit in 1 s");
        assert_eq!(meter.rate(at(4000), 125_000), 0.0, "nothing for 3 s");
        assert_eq!(
            meter.rate(at(5000), 1_125_000),
            2e6,
            "8 Mbit in the 4 s since the sample before the span"
        );
    }
}
