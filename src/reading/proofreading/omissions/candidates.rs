//! What may be missing at a seam: asked of the n-grams, and of the words of two characters that
//! either side is half of.

use super::super::context::at;
use super::{Candidate, Gate, LapseFinder, REACH, Scratch};
use crate::model::characters::{BOUNDARY, CharId, FIRST};
use crate::model::lexicon::Found;
use crate::text::{is_han, is_numeral};

/// ln of the frequency from which a character is a usual word by itself.
const USUAL: f32 = -6.0;
/// What each further character of the word that a missing character makes is worth, in nats.
const LONGER: f32 = 2.0;
/// ln P of two characters side by side that are no usual pair: at most that, by and large.
const UNUSUAL: f32 = -6.0;
/// ln P of a character that is missed at a seam even if it makes no word with either side alone.
const EXPECTED: f32 = -1.0;
/// What is noted of a character at a seam: it makes a word before what follows, behind what
/// precedes; it was weighed.
const BEFORE: u8 = 1;
const BEHIND: u8 = 2;
const WEIGHED: u8 = 4;
/// More than rounding can lift a log-probability above zero, in nats.
const ROUNDED: f32 = 1.0;

/// What suggests a character: the two before it, with its log-probability behind them; the one that
/// follows; the one that precedes.
#[derive(Clone, Copy, PartialEq)]
enum Asks {
    Both(f32),
    Following,
    Preceding,
}

impl LapseFinder<'_> {
    /// Whether a character may be missing at a seam: no word of the lexicon reaches over it, and on
    /// one side stands what is no word of two characters or more and no usual one of one, as a rest
    /// of a word does.
    pub(super) fn is_open(&self, ids: &[CharId], seam: usize, two: f32, gate: &Gate) -> bool {
        let lexicon = self.reader.lexicon;
        let usual = |id: CharId| {
            let word = lexicon.find(&[id]);
            word.is_some_and(|word| lexicon.log_frequency(word) > USUAL)
        };
        let mut left = usual(ids[seam - 1]);
        for start in seam.saturating_sub(3)..seam {
            for (length, _) in lexicon.prefixes(ids, start) {
                if start + length > seam {
                    return false;
                }
                left |= length > 1 && start + length == seam;
            }
        }
        !left
            || two < gate.between_words
            || !usual(ids[seam]) && lexicon.prefixes(ids, seam).all(|(length, _)| length < 2)
    }

    /// Fills `found` with what may be missing at a seam, the best first.
    pub(super) fn candidates(
        &self,
        ids: &[CharId],
        i: usize,
        two: f32,
        gate: &Gate,
        scratch: &mut Scratch,
    ) {
        let Scratch {
            candidates: found,
            marks,
        } = scratch;
        let ngram = self.reader.ngram;
        let (a, b, d) = (at(ids, i, -2), ids[i - 1], ids[i]);
        let next = ids.get(i + 1).copied();
        found.clear();
        let least = two + gate.gain;
        let last = next.map(|next| (next, ngram.find_bigram(d, next)));
        let before = ngram.find_bigram(a, b);
        // the filter of usual pairs is near, the bigrams are far
        let usual = |a: CharId, b: CharId| self.usual.is_none_or(|usual| usual.contains(a, b));
        // each further character only makes the text less likely: most candidates fall at the first
        let mut weigh = |id: CharId, asks: Asks| {
            if id < FIRST {
                return;
            }
            let reach = || {
                let left = ngram.find_bigram(b, id);
                (left, ngram.after(before, b, id, left))
            };
            let reached = (asks == Asks::Following).then(reach);
            if reached.is_some_and(|(_, first)| first + ROUNDED < least) {
                return;
            }
            let pair = ngram.find_bigram(id, d);
            if ngram.bigram_at(id, d, pair) < gate.followed {
                return;
            }
            let (left, first) = match asks {
                Asks::Both(first) => (ngram.find_bigram(b, id), first),
                _ => reached.unwrap_or_else(reach),
            };
            let second = ngram.after(left, id, d, pair);
            if second < gate.followed || first + second < least {
                return;
            }
            let third = last.map_or(0.0, |(next, found)| ngram.after(pair, d, next, found));
            let gain = first + second + third - two;
            // numbers are never corrected: no text tells whether a digit is missing
            let meaningful = |c: char| is_han(c) && !is_numeral(c);
            if gain > gate.gain
                && found.iter().all(|candidate| candidate.id != id)
                && self.character(id).is_some_and(meaningful)
            {
                found.push(Candidate {
                    id,
                    gain,
                    first,
                    rest: second + third,
                    score: gain,
                    total: 0.0,
                });
            }
        };
        // what makes no word with the character on either side is hardly ever missing
        let before_d = || self.halves.into_iter().flat_map(|halves| halves.before(d));
        let behind_b = || self.halves.into_iter().flat_map(|halves| halves.behind(b));
        let asked = |half: &(CharId, f32)| half.1 >= gate.asked;
        marks.begin();
        if let Some(halves) = self.halves {
            marks.note_all(halves.all_before(d), BEFORE);
            marks.note_all(halves.all_behind(b), BEHIND);
        }
        let mut note = |id: CharId, bits: u8| marks.note(id, bits);
        let likely = ngram.likely_after(a, b, gate.suggested.max(least));
        likely.for_each(|(id, first)| {
            let halves = note(id, 0);
            if halves != 0 {
                note(id, WEIGHED);
            }
            let possible = halves & BEFORE != 0
                || halves != 0 && (first + UNUSUAL >= least || usual(id, d))
                || first > EXPECTED;
            if possible {
                weigh(id, Asks::Both(first));
            }
        });
        // what the n-grams do not expect here, but one of the characters asks for
        for (id, pair) in before_d().take_while(asked) {
            if note(id, WEIGHED) & WEIGHED == 0 && (pair + UNUSUAL >= least || usual(b, id)) {
                weigh(id, Asks::Following);
            }
        }
        for (id, pair) in behind_b().take_while(asked) {
            if note(id, WEIGHED) & WEIGHED == 0 && (pair + UNUSUAL >= least || usual(id, d)) {
                weigh(id, Asks::Preceding);
            }
        }
        let most = found.iter().map(|c| c.gain).fold(0.0, f32::max);
        let total = most
            + found
                .iter()
                .map(|c| (c.gain - most).exp())
                .sum::<f32>()
                .ln();
        found.sort_unstable_by(|x, y| y.gain.total_cmp(&x.gain).then(x.id.cmp(&y.id)));
        found.truncate(4);
        for c in found.iter_mut() {
            let cover = self.cover_with(ids, i, c.id);
            let longest = cover.map_or(1, |w| w.end - w.start);
            c.total = total;
            c.score = c.gain + LONGER * (longest as f32 - 1.0);
        }
        found.retain(|c| c.score > gate.score);
        found.sort_unstable_by(|x, y| y.score.total_cmp(&x.score).then(x.id.cmp(&y.id)));
    }

    /// The longest word that would hold a character set in at a seam. Its positions are those of
    /// the longer text.
    fn cover_with(&self, ids: &[CharId], seam: usize, id: CharId) -> Option<Found> {
        let mut window = [BOUNDARY; 2 * REACH + 1];
        let start = seam.saturating_sub(REACH);
        let end = ids.len().min(seam + REACH);
        let before = seam - start;
        window[..before].copy_from_slice(&ids[start..seam]);
        window[before] = id;
        window[before + 1..before + 1 + end - seam].copy_from_slice(&ids[seam..end]);
        let found = self.reader.word_cover(&window[..end - start + 1], before)?;
        Some(Found {
            start: found.start + start,
            end: found.end + start,
            word: found.word,
        })
    }
}
