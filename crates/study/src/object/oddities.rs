//! The oddities of one object: each sentence once, and never so many that they are a burden themselves.

use crate::Oddity;

/// More sentences than this tell nothing more.
const MOST: usize = 40;

/// Sentences in the order in which they were first met.
#[derive(Debug, Default)]
pub(crate) struct Oddities {
    all: Vec<Oddity>,
    corrections: Vec<Oddity>,
}

impl Oddities {
    /// Notes a sentence, unless it is there already.
    pub(crate) fn note(&mut self, sentence: impl Into<String>) {
        let oddity = Oddity(sentence.into());
        put(&mut self.all, oddity);
    }
    /// Notes a sentence that says what was taken instead of something missing or wrong.
    pub(crate) fn correct(&mut self, sentence: impl Into<String>) {
        let oddity = Oddity(sentence.into());
        put(&mut self.corrections, oddity.clone());
        put(&mut self.all, oddity);
    }
    /// The sentences.
    #[cfg(test)]
    pub(crate) fn into_list(self) -> Vec<Oddity> {
        self.all
    }
    /// The sentences, and those of them that tell of a correction.
    pub(crate) fn into_lists(self) -> (Vec<Oddity>, Vec<Oddity>) {
        (self.all, self.corrections)
    }
    /// Notes again what was noted elsewhere.
    pub(crate) fn take_in(&mut self, (all, corrections): (Vec<Oddity>, Vec<Oddity>)) {
        all.into_iter().for_each(|oddity| put(&mut self.all, oddity));
        corrections
            .into_iter()
            .for_each(|oddity| put(&mut self.corrections, oddity));
    }
}

/// Adds a sentence that is not there yet, within the bound.
fn put(list: &mut Vec<Oddity>, oddity: Oddity) {
    if list.len() < MOST && !list.contains(&oddity) {
        list.push(oddity);
    }
}
