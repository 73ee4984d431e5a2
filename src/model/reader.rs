//! The questions that rules ask: what would an edit gain, does this continue that, does a paragraph
//! begin like one.

use std::ops::Range;

use super::Model;
use super::characters::{BOUNDARY, CharId};
use super::lexicon::{Found, LONGEST, Lexicon};
use super::ngram::Ngram;

/// The three views that most rules need, taken from the model once.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'m> {
    /// Text into numbers.
    pub characters: super::characters::Characters<'m>,
    /// How likely is a character after two others.
    pub ngram: Ngram<'m>,
    /// Which words there are.
    pub lexicon: Lexicon<'m>,
}

impl Model {
    /// The views that most rules need.
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            characters: self.characters(),
            ngram: self.ngram(),
            lexicon: self.lexicon(),
        }
    }
}

/// The character at a position; the edge of a paragraph outside the slice.
#[inline]
fn at(ids: &[CharId], position: usize) -> CharId {
    ids.get(position).copied().unwrap_or(BOUNDARY)
}

/// The two characters before a position.
#[inline]
fn before(ids: &[CharId], position: usize) -> (CharId, CharId) {
    (
        at(ids, position.wrapping_sub(2)),
        at(ids, position.wrapping_sub(1)),
    )
}

impl Reader<'_> {
    /// ln P of the characters at `range`, each after the two before it. −ln of that is their cost.
    pub fn log_prob(self, ids: &[CharId], range: Range<usize>) -> f32 {
        let (a, b) = before(ids, range.start);
        let mut context = self.ngram.context(a, b);
        let mut sum = 0.0;
        for &id in ids.get(range).unwrap_or_default() {
            let (log_prob, next) = self.ngram.step(context, id);
            sum += log_prob;
            context = next;
        }
        sum
    }

    /// How much likelier the text becomes, in nats, when the characters at `range` are replaced by
    /// `with`: the difference over every trigram that the edit touches. With nothing at `range` it
    /// is an insertion; with nothing in `with`, a deletion. A shorter text is likelier in itself:
    /// compare insertions and deletions with a threshold or a weight, not with zero.
    pub fn gain(self, ids: &[CharId], range: Range<usize>, with: &[CharId]) -> f32 {
        let after = range.end..ids.len().min(range.end + 2);
        let (a, b) = before(ids, range.start);
        let mut context = self.ngram.context(a, b);
        let mut changed = 0.0;
        for &id in with
            .iter()
            .chain(ids.get(after.clone()).unwrap_or_default())
        {
            let (log_prob, next) = self.ngram.step(context, id);
            changed += log_prob;
            context = next;
        }
        changed - self.log_prob(ids, range.start..after.end)
    }

    /// The longest word that covers a character, if one of two characters or more does.
    pub fn word_cover(self, ids: &[CharId], position: usize) -> Option<Found> {
        self.lexicon
            .cover(ids, position, position + 1)
            .filter(|found| found.end - found.start > 1)
    }

    /// The longest word that would cover a character if it were `with`. Its positions are those of
    /// `ids`.
    pub fn word_cover_with(self, ids: &[CharId], position: usize, with: CharId) -> Option<Found> {
        let mut window = [BOUNDARY; 2 * LONGEST];
        let first = position.saturating_sub(LONGEST - 1);
        let near = ids.get(first..ids.len().min(position + LONGEST))?;
        window[..near.len()].copy_from_slice(near);
        *window.get_mut(position - first)? = with;
        let found = self.word_cover(&window[..near.len()], position - first)?;
        Some(Found {
            start: found.start + first,
            end: found.end + first,
            word: found.word,
        })
    }

    /// The longest word that covers both sides of the seam before a position: 土地 in 土地|地球
    /// does not reach over it, 究竟 in 研|究竟 does.
    pub fn word_across(self, ids: &[CharId], seam: usize) -> Option<Found> {
        let left = seam.checked_sub(1)?;
        if seam >= ids.len() {
            return None;
        }
        self.lexicon.cover(ids, left, seam + 1)
    }

    /// Whether `b` continues `a`: how much likelier the first two characters of `b` are after the
    /// last two of `a` than on their own, in nats. Above zero where they belong together; 0 if
    /// either is empty.
    pub fn continuation(self, a: &[CharId], b: &[CharId]) -> f32 {
        let (Some(&first), false) = (b.first(), a.is_empty()) else {
            return 0.0;
        };
        let (one, two) = before(a, a.len());
        let (joined, context) = self.ngram.step(self.ngram.context(one, two), first);
        let mut gain = joined - self.ngram.frequency(first);
        if let Some(&second) = b.get(1) {
            gain += self.ngram.step(context, second).0 - self.ngram.bigram(first, second);
        }
        gain
    }

    /// Whether a paragraph begins like one: how much likelier its first two characters are at the
    /// start of a paragraph than anywhere, in nats. Well below zero for the rest of a sentence that
    /// was cut.
    pub fn opening(self, ids: &[CharId]) -> f32 {
        let Some(&first) = ids.first() else {
            return 0.0;
        };
        let (log_prob, context) = self.ngram.step(self.ngram.start(), first);
        let mut gain = log_prob - self.ngram.frequency(first);
        if let Some(&second) = ids.get(1) {
            gain += self.ngram.step(context, second).0 - self.ngram.bigram(first, second);
        }
        gain
    }

    /// ln P that a paragraph ends after these characters.
    pub fn ending(self, ids: &[CharId]) -> f32 {
        let (a, b) = before(ids, ids.len());
        self.ngram.log_prob(a, b, BOUNDARY)
    }
}
