//! The words by which a stretch is known again in another document.

use std::ops::Range;

use crate::corpus::comparable::{Body, Fold, Rolling, mix};
use crate::model::Model;
use crate::model::lexicon::Lexicon;
use crate::model::segment::{Segmenter, Word};
use crate::model::terms::{Telling, each_telling};

/// Comparable characters of a term: words are cut to the longest.
pub(super) const SHORTEST: usize = 2;
pub(super) const LONGEST: usize = 4;
/// A word this telling is a term, in nats of idf.
const TELLING: f32 = 5.0;
/// What characters tell that are no word of the lexicon, in nats: some are names, some are two
/// small words.
const UNKNOWN: f32 = 5.0;

/// A term, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) hash: u64,
    /// How telling it is in the language at large, in nats of idf.
    pub(super) idf: f32,
    pub(super) at: Range<usize>,
}

/// Cuts texts into terms.
pub(super) struct Terms<'m> {
    lexicon: Lexicon<'m>,
    segmenter: Segmenter<'m>,
    words: Vec<Word>,
    fold: Fold,
    body: Body,
}

impl<'m> Terms<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        Self {
            lexicon: model.lexicon(),
            segmenter: model.segmenter(),
            words: Vec::new(),
            fold: Fold::new(),
            body: Body::default(),
        }
    }

    /// The terms of a stretch of a text, each once: rare words, words in Latin letters, and two
    /// characters side by side that are no word, which most names are.
    pub(super) fn of(&mut self, text: &str, stretch: Range<usize>, terms: &mut Vec<Term>) {
        terms.clear();
        let from = stretch.start;
        let read = &text[stretch];
        self.segmenter.cut(read, &mut self.words);
        let words = std::mem::take(&mut self.words);
        each_telling(read, &words, |telling, at| {
            let latin = || read[at.start..].starts_with(|c: char| c.is_ascii_alphabetic());
            let idf = match telling {
                Telling::Pair(a, b) if a != b => UNKNOWN,
                Telling::Word(id) if read[at.clone()].chars().nth(1).is_some() => {
                    self.lexicon.idf(id)
                }
                Telling::Strange if at.len() > 2 && latin() => UNKNOWN,
                _ => return,
            };
            if idf >= TELLING {
                self.push(text, from + at.start..from + at.end, idf, terms);
            }
        });
        self.words = words;
        terms.sort_unstable_by_key(|t| (t.hash, t.at.start));
        terms.dedup_by_key(|t| t.hash);
    }

    fn push(&mut self, text: &str, at: Range<usize>, idf: f32, terms: &mut Vec<Term>) {
        self.body.clear();
        self.body.push(self.fold, &text[at.clone()], 0);
        let chars = &self.body.chars;
        let chars = &chars[..chars.len().min(LONGEST)];
        if chars.len() < SHORTEST {
            return;
        }
        let mut hash = 0;
        let take = |_, rolled| hash = rolled;
        match chars.len() {
            2 => Rolling::<2>::new().over(chars, take),
            3 => Rolling::<3>::new().over(chars, take),
            _ => Rolling::<LONGEST>::new().over(chars, take),
        }
        let hash = of_length(hash, chars.len());
        terms.push(Term { hash, idf, at });
    }
}

/// Tells terms of one length from those of another.
fn of_length(hash: u64, length: usize) -> u64 {
    mix(hash ^ length as u64)
}

/// Calls `each` with every run of characters that may be a term, and where it stands.
pub(super) fn each_run(body: &Body, mut each: impl FnMut(usize, u64)) {
    let chars = &body.chars;
    Rolling::<2>::new().over(chars, |at, hash| each(at, of_length(hash, 2)));
    Rolling::<3>::new().over(chars, |at, hash| each(at, of_length(hash, 3)));
    Rolling::<LONGEST>::new().over(chars, |at, hash| each(at, of_length(hash, LONGEST)));
}
