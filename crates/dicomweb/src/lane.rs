//! Two lanes, so that what the reader waits for never stands behind what is fetched ahead.

/// A lane: a pool of connections of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// For what somebody waits for: a few warm connections, HTTP/2 where the server offers it.
    Interactive,
    /// For whole series: several HTTP/1.1 connections, because one HTTP/2 connection collapses when a link loses packets.
    Bulk,
}
