//! Whether what draws the images was found to draw them exactly.

/// The state of the check that the window makes of its graphics adapter: known values go through the very shaders and textures
/// that patients' images use, and what comes out is compared with the display table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verification {
    /// It has not been checked yet; the window checks it before the first patient's image is drawn.
    #[default]
    Unchecked,
    /// Every known value came out exactly.
    Exact,
    /// It cannot be relied on: the check failed, or could not be made.
    Unverified {
        /// What was found, in one sentence for the reader.
        why: String,
    },
}

impl Verification {
    /// Its words for the status bar; empty before the check, for nothing has been measured then.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Unchecked => "",
            Self::Exact => "GPU exact",
            Self::Unverified { .. } => "display unverified",
        }
    }

    /// What explains the words.
    pub fn why(&self) -> &str {
        match self {
            Self::Unchecked => "",
            Self::Exact => {
                "Known values went through the shaders and textures that draw the images, and came out as computed."
            }
            Self::Unverified { why } => why,
        }
    }
}
