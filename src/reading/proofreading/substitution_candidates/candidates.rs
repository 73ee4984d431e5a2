//! What may have stood at a position in place of a character, ranked by what the text gains.

use super::super::context::at;
use super::{Candidate, Channel, Counts, Gate, is_correctable};
use crate::model::characters::{CharId, FIRST as FIRST_CHARACTER};

impl Channel<'_> {
    /// Fills `found` with the candidates for a position, the best first.
    #[allow(
        clippy::too_many_arguments,
        reason = "the state of one scan, taken apart once"
    )]
    pub(super) fn candidates(
        &self,
        ids: &[CharId],
        i: usize,
        wrong: char,
        three: f32,
        gate: &Gate,
        counts: &impl Counts,
        found: &mut Vec<Candidate>,
    ) {
        let ngram = self.reader.ngram;
        let (a, b, d) = (at(ids, i, -2), at(ids, i, -1), at(ids, i, 1));
        let own = ids[i];
        found.clear();
        // what makes no usual pair on either side cannot gain much: the model need not be asked
        let usual = |right: CharId| {
            right != own && (self.usual.contains(b, right) || self.usual.contains(right, d))
        };
        let shaped = self.confusables.alternatives(wrong).filter_map(|alt| {
            let count = counts.count(wrong, alt.right, alt.count);
            let stands = if count > 0.0 {
                alt.right != own
            } else {
                (alt.count > 0 || alt.likeness >= Some(gate.likeness)) && usual(alt.right)
            };
            stands.then(|| Candidate {
                right: alt.right,
                likeness: alt.likeness,
                count,
                ..Candidate::default()
            })
        });
        found.extend(shaped);
        let alike = self.confusables.homophones(wrong);
        found.extend(alike.filter(|&right| usual(right)).map(|right| Candidate {
            right,
            sound: true,
            ..Candidate::default()
        }));
        let likely = ngram.likely_after(a, b, gate.suggested);
        let likely = likely.filter(|&(right, _)| right >= FIRST_CHARACTER && usual(right));
        found.extend(likely.map(|(right, left)| Candidate {
            right,
            likely: Some(left),
            ..Candidate::default()
        }));
        // one entry a character, with the evidence of all
        found.sort_unstable_by_key(|c| c.right);
        found.dedup_by(|other, kept| {
            let same = other.right == kept.right;
            if same {
                kept.likeness = kept.likeness.or(other.likeness);
                kept.count = kept.count.max(other.count);
                kept.sound |= other.sound;
                kept.likely = kept.likely.or(other.likely);
            }
            same
        });
        // each further character only makes the text less likely: most candidates fall at the first
        let least = |c: &Candidate| three + gate.gain.max(gate.score - c.channel);
        for c in found.iter_mut() {
            c.channel = if c.count > 0.0 {
                (c.count.ln() - ngram.frequency(c.right) - 14.0).min(-1.0)
            } else {
                c.likeness
                    .map_or(-13.0, |l| 0.5 * l - 10.5)
                    .max(if c.sound { -11.5 } else { -13.0 })
            };
            // of what is likely after the two before it is known how likely, and most of it falls
            // all the same
            if c.likely.is_none() {
                c.pairs[0] = ngram.find_bigram(b, c.right);
            }
        }
        let before = ngram.find_bigram(a, b);
        found.retain_mut(|c| {
            let left = || ngram.after(before, b, c.right, c.pairs[0]);
            c.left = c.likely.unwrap_or_else(left);
            c.left >= least(c).max(gate.left)
        });
        for c in found.iter_mut() {
            if c.likely.is_some() {
                c.pairs[0] = ngram.find_bigram(b, c.right);
            }
            c.pairs[1] = ngram.find_bigram(c.right, d);
        }
        let next = (i + 1 < ids.len()).then_some(d);
        let last = ids.get(i + 2).map(|&e| (e, ngram.find_bigram(d, e)));
        found.retain_mut(|c| {
            c.after = next.map_or(0.0, |d| ngram.after(c.pairs[0], c.right, d, c.pairs[1]));
            if c.left + c.after < least(c) {
                return false;
            }
            c.after += last.map_or(0.0, |(e, pair)| ngram.after(c.pairs[1], d, e, pair));
            c.gain = c.left + c.after - three;
            c.score = c.gain + c.channel;
            c.gain >= gate.gain
                && c.score > gate.score
                && self
                    .character(c.right)
                    .is_some_and(|right| is_correctable(wrong, right))
        });
        found.sort_unstable_by(|x, y| y.score.total_cmp(&x.score).then(x.right.cmp(&y.right)));
    }
}
