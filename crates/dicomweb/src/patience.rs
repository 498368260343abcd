//! How long one waits, how much one takes, and how often one asks again.

use std::time::Duration;

/// The limits of a client, from the first request on. There is no limit on the whole time of an image's body: a slow link that
/// keeps delivering is a slow link, not a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The longest wait for a connection.
    pub connect: Duration,
    /// The longest silence: before an answer begins, and between two pieces of its body.
    pub idle: Duration,
    /// The longest wait for metadata to begin, and for the answer to an upload that is through: a server may read every file of a
    /// series before it speaks, and store every object.
    pub metadata: Duration,
    /// The slowest bearable body, in bytes a second, averaged over [`Patience::floor_over`].
    pub floor: u64,
    /// The waiting time over which [`Patience::floor`] is averaged. Time in which the caller does not read does not count.
    pub floor_over: Duration,
    /// How often a request that may be repeated is sent at most (1: never again).
    pub tries: u32,
    /// The shortest pause before it is sent again.
    pub shortest_pause: Duration,
    /// The longest pause that the client takes by itself; a server that asks for a longer one gives [`Error::Busy`](crate::Error::Busy).
    pub longest_pause: Duration,
    /// The most bytes of a list or of metadata, unpacked.
    pub most_json: u64,
    /// The most bytes of one part (an instance, a frame, a bulk value), unpacked.
    pub most_part: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            metadata: Duration::from_secs(120),
            floor: 1000,
            floor_over: Duration::from_secs(30),
            tries: 4,
            shortest_pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(15),
            most_json: 256 << 20,
            most_part: 1 << 30,
        }
    }
}
