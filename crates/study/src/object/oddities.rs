//! The oddities of one object: each sentence once, and never so many that they are a burden themselves.

use crate::Oddity;

/// More sentences than this tell nothing more.
const MOST: usize = 40;

/// Sentences in the order in which they were first met.
#[derive(Debug, Default)]
pub(crate) struct Oddities(Vec<Oddity>);

impl Oddities {
    /// Notes a sentence, unless it is there already.
    pub(crate) fn note(&mut self, sentence: impl Into<String>) {
        let oddity = Oddity(sentence.into());
        if self.0.len() < MOST && !self.0.contains(&oddity) {
            self.0.push(oddity);
        }
    }
    /// The sentences.
    pub(crate) fn into_list(self) -> Vec<Oddity> {
        self.0
    }
}
