//! Faults on request: what a test asks the server to do wrong.

use std::time::Duration;

/// How the server misbehaves; the default is not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Waits this long before each answer begins.
    pub delay: Duration,
    /// The link's rate, shared by all answers under way; `None` is as fast as possible.
    pub bytes_per_second: Option<u64>,
    /// Closes the connection after this many bytes of an answer's body.
    pub close_after: Option<u64>,
    /// Answers something else than was asked for.
    pub instead: Option<Instead>,
    /// How many requests `close_after` and `instead` strike before the server is well again; `None` is all of them.
    pub times: Option<u32>,
    /// Only requests whose path holds this text are struck by any of these; `None` is all of them.
    pub only: Option<String>,
}

/// What the server answers instead of what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// 200 with an HTML page, as a sign-in portal or a proxy gives.
    HtmlPage,
    /// 503 with Retry-After, in seconds.
    Busy {
        /// Seconds that Retry-After names.
        retry_after: u32,
    },
    /// 401 with a Basic challenge.
    SignInNeeded,
    /// 404 for everything.
    Missing,
}
