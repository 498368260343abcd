//! How fast the link is.

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
