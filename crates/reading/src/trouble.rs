//! A failure, in the reader's words.

/// What happened, to what, and what to do: a sentence without patient data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// The sentence that the reader sees.
    pub sentence: String,
    /// A short reference that also stands in the log; empty when nothing was logged.
    pub reference: String,
    /// Whether trying again can help.
    pub retryable: bool,
}

impl Trouble {
    /// A study that is known as a whole and has nothing to show.
    pub(crate) fn no_images() -> Self {
        Self {
            sentence: "This study holds no images.".to_owned(),
            ..Self::default()
        }
    }
    /// The sentence with its reference, as the helpdesk wants it.
    pub fn for_helpdesk(&self) -> String {
        if self.reference.is_empty() {
            self.sentence.clone()
        } else {
            format!("{} [{}]", self.sentence, self.reference)
        }
    }
}
