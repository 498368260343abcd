//! "Try it": a server tried rung by rung, in words.

/// A rung of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// Something answers at the address.
    Network,
    /// The sign-in is accepted.
    SignIn,
    /// Studies are listed.
    Query,
    /// An instance's metadata is given.
    Metadata,
    /// One image is given.
    Image,
}

/// What was found at one rung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rung.
    pub rung: Rung,
    /// It holds.
    pub ok: bool,
    /// What was found, and what to do when it does not hold.
    pub sentence: String,
}
