//! What goes over the link, for a meter.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Counters that every clone and lane of a client shares. They only grow, apart from the round trips.
#[derive(Debug, Default)]
pub struct Traffic {
    received: AtomicU64,
    sent: AtomicU64,
    answers: AtomicU64,
    smoothed_us: AtomicU64,
    shortest_us: AtomicU64,
}

impl Traffic {
    /// Bytes of bodies as they came over the link, packed where they were packed; grows while a part is under way.
    pub fn received(&self) -> u64 {
        self.received.load(Relaxed)
    }

    /// Bytes of bodies that were sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(Relaxed)
    }

    /// How many answers began.
    pub fn answers(&self) -> u64 {
        self.answers.load(Relaxed)
    }

    /// The time from a request to the head of its answer, smoothed over about eight requests: the link's round trip and the
    /// server's thinking.
    pub fn round_trip(&self) -> Option<Duration> {
        Some(self.smoothed_us.load(Relaxed))
            .filter(|us| *us > 0)
            .map(Duration::from_micros)
    }

    /// The shortest such time so far: nearest to the link's own round trip.
    pub fn shortest_round_trip(&self) -> Option<Duration> {
        Some(self.shortest_us.load(Relaxed))
            .filter(|us| *us > 0)
            .map(Duration::from_micros)
    }

    pub(crate) fn add_received(&self, bytes: usize) {
        self.received.fetch_add(bytes as u64, Relaxed);
    }

    pub(crate) fn add_sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Relaxed);
    }

    pub(crate) fn add_round_trip(&self, trip: Duration) {
        self.answers.fetch_add(1, Relaxed);
        let us = u64::try_from(trip.as_micros())
            .unwrap_or(u64::MAX >> 8)
            .clamp(1, u64::MAX >> 8);
        let _ = self.smoothed_us.fetch_update(Relaxed, Relaxed, |old| {
            Some(if old == 0 { us } else { (old * 7 + us) / 8 }.max(1))
        });
        let _ = self
            .shortest_us
            .fetch_update(Relaxed, Relaxed, |old| Some(if old == 0 { us } else { old.min(us) }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_are_smoothed_and_the_shortest_is_kept() {
        let traffic = Traffic::default();
        assert_eq!(traffic.round_trip(), None);
        traffic.add_round_trip(Duration::from_millis(80));
        traffic.add_round_trip(Duration::from_millis(160));
        traffic.add_round_trip(Duration::from_millis(40));
        assert_eq!(traffic.shortest_round_trip(), Some(Duration::from_millis(40)));
        assert_eq!(traffic.round_trip(), Some(Duration::from_micros(83_750)));
        assert_eq!(traffic.answers(), 3);
    }
}
