//! Pauses before a request is sent again.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// Decorrelated jitter: each pause is random between the shortest and three times the last, so that many clients that a server
/// turned away do not come back together.
#[derive(Debug)]
pub(crate) struct Pauses {
    shortest: Duration,
    longest: Duration,
    last: Duration,
}

impl Pauses {
    pub(crate) fn new(shortest: Duration, longest: Duration) -> Self {
        Self {
            shortest,
            longest,
            last: shortest,
        }
    }

    /// The next pause.
    pub(crate) fn next(&mut self) -> Duration {
        self.next_with(random())
    }

    fn next_with(&mut self, random: u64) -> Duration {
        let span = (self.last * 3).saturating_sub(self.shortest);
        let part = (random >> 11) as f64 / (1u64 << 53) as f64;
        self.last = (self.shortest + span.mul_f64(part)).min(self.longest);
        self.last
    }
}

/// A number that nobody can foresee, good for spreading pauses and for naming boundaries.
pub(crate) fn random() -> u64 {
    // Each state is keyed by the system's randomness.
    RandomState::new().hash_one(SystemTime::now())
}

/// The pause that a server asks for: in seconds, or until a date by the server's own clock where it tells it (RFC 9110
/// section 10.2.3).
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let asked = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = asked.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = seconds_of_date(asked)?;
    let now = headers
        .get(DATE)
        .and_then(|date| seconds_of_date(date.to_str().ok()?))
        .or_else(|| Some(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs()))?;
    Some(Duration::from_secs(until.saturating_sub(now)))
}

/// Seconds since 1970 of a date such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
fn seconds_of_date(text: &str) -> Option<u64> {
    let mut words = text.split_once(',')?.1.split_ascii_whitespace();
    let day: u64 = words.next()?.parse().ok().filter(|d| (1..=31).contains(d))?;
    let month = words.next()?;
    let month = "JanFebMarAprMayJunJulAugSepOctNovDec"
        .match_indices(month)
        .find(|(at, found)| at % 3 == 0 && found.len() == 3)?
        .0 as u64
        / 3
        + 1;
    let year: u64 = words.next()?.parse().ok().filter(|y| (1970..=9999).contains(y))?;
    let mut clock = words.next()?.splitn(3, ':').map(str::parse::<u64>);
    let mut number = |below: u64| clock.next()?.ok().filter(|n| *n < below);
    let (hour, minute, second) = (number(24)?, number(60)?, number(61)?);
    // Days from the civil calendar, with years that begin in March.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn pauses_grow_at_most_threefold_and_stay_within_their_bounds() {
        let (shortest, longest) = (Duration::from_millis(100), Duration::from_secs(15));
        let mut most = Pauses::new(shortest, longest);
        let grown: Vec<f64> = (0..7).map(|_| most.next_with(u64::MAX).as_secs_f64()).collect();
        for (pause, expected) in grown.iter().zip([0.3, 0.9, 2.7, 8.1, 15.0, 15.0, 15.0]) {
            assert!((pause - expected).abs() < 1e-6, "{grown:?}");
        }
        let mut least = Pauses::new(shortest, longest);
        assert!((0..7).all(|_| least.next_with(0) == shortest));
        let mut pauses = Pauses::new(shortest, longest);
        for _ in 0..1000 {
            let pause = pauses.next();
            assert!((shortest..=longest).contains(&pause));
        }
        assert_ne!(random(), random());
    }

    #[test]
    fn dates_are_read() {
        for (text, seconds) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Thu, 29 Feb 2024 23:59:60 GMT", Some(1_709_251_200)),
            ("Tue, 24 Nov 2026 21:42:09 GMT", Some(1_795_556_529)),
            ("Sun, 06 anF 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(seconds_of_date(text), seconds, "{text}");
        }
    }

    #[test]
    fn both_forms_of_retry_after_are_understood() {
        let mut headers = HeaderMap::new();
        assert_eq!(retry_after(&headers), None);
        headers.insert(RETRY_AFTER, HeaderValue::from_static(" 7 "));
        assert_eq!(retry_after(&headers), Some(Duration::from_secs(7)));
        headers.insert(DATE, HeaderValue::from_static("Sun, 06 Nov 1994 08:49:00 GMT"));
        headers.insert(RETRY_AFTER, HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert_eq!(retry_after(&headers), Some(Duration::from_secs(37)));
        headers.insert(RETRY_AFTER, HeaderValue::from_static("Sun, 06 Nov 1994 08:40:00 GMT"));
        assert_eq!(retry_after(&headers), Some(Duration::ZERO), "a date that has passed");
        headers.insert(RETRY_AFTER, HeaderValue::from_static("soon"));
        assert_eq!(retry_after(&headers), None);
    }
}
