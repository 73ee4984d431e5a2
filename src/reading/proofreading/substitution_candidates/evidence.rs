//! The full evidence for a candidate.

use super::super::context::{self, at};
use super::{Candidate, Channel, Substitution, WIDTH};
use crate::model::characters::CharId;
use crate::model::lexicon::{Found, Kinds, Lexicon};
use crate::model::reader::Reader;

impl Channel<'_> {
    #[allow(
        clippy::too_many_arguments,
        reason = "the state of one scan, taken apart once"
    )]
    pub(super) fn row(
        &self,
        ids: &[CharId],
        log_probs: &[f32],
        i: usize,
        wrong: char,
        k: usize,
        candidates: &[Candidate],
        window: &mut Vec<CharId>,
    ) -> [f32; WIDTH] {
        let Reader { ngram, lexicon, .. } = self.reader;
        let c = candidates[k];
        let get = |j: usize| log_probs.get(j).copied().unwrap_or(0.0);
        let before = self.reader.word_cover(ids, i);
        let after = self.reader.word_cover_with(ids, i, c.right);
        let length = |w: Option<Found>| w.map_or(1.0, |w| (w.end - w.start) as f32);
        let usual = |w: Option<Found>| w.map_or(f32::NAN, |w| lexicon.log_frequency(w.word));
        let kinds = |w: Option<Found>| w.map_or(Kinds::default(), |w| lexicon.kinds(w.word));
        let rival = candidates
            .iter()
            .enumerate()
            .find(|&(j, _)| j != k)
            .map(|(_, r)| r.score);
        let total: f32 = 1.0
            + candidates
                .iter()
                .map(|r| (r.score + 8.0).min(60.0).exp())
                .sum::<f32>();
        let right = self.character(c.right).unwrap_or(wrong);
        let surname = |id: CharId| {
            lexicon
                .find(&[id])
                .is_some_and(|w| lexicon.kinds(w).any(Kinds::PERSON))
        };
        let (surroundings, rare) = context::surroundings(log_probs, i);
        let (segmentation, words) = segmentation(lexicon, ids, i, c.right, window);
        Substitution {
            gain: c.gain,
            before_left: get(i),
            before_right: get(i + 1) + get(i + 2),
            after_left: c.left,
            after_right: c.after,
            counted: (1.0 + c.count).ln(),
            channel: if c.count > 0.0 { c.channel } else { f32::NAN },
            likeness: c.likeness.unwrap_or(-8.0),
            sound: if c.sound || self.confusables.sound_alike(wrong, right) {
                1.0
            } else {
                0.0
            },
            wrong_frequency: ngram.frequency(ids[i]),
            right_frequency: ngram.frequency(c.right),
            word_before: length(before),
            word_after: length(after),
            word_frequency_before: usual(before),
            word_frequency_after: usual(after),
            margin: rival.map_or(20.0, |r| c.score - r),
            rivals: candidates
                .iter()
                .filter(|r| r.score > candidates[0].score - 3.0)
                .count() as f32,
            recurrence: 0.0,
            quoted: quoted(
                ids,
                i,
                self.reader.characters.id('“'),
                self.reader.characters.id('”'),
            ),
            surname: f32::from(u8::from(surname(at(ids, i, -1))))
                + 2.0 * f32::from(u8::from(surname(at(ids, i, -2)))),
            name_before: f32::from(u8::from(
                kinds(before).any(Kinds::PERSON) || kinds(before).any(Kinds::PLACE),
            )),
            segmentation_gain: segmentation,
            surroundings,
            rare_nearby: rare,
            left_pair: ngram.bigram(at(ids, i, -1), ids[i]),
            right_pair: ngram.bigram(ids[i], at(ids, i, 1)),
            posterior: (c.score + 8.0).min(60.0) - total.ln(),
            idiom_after: f32::from(u8::from(kinds(after).any(Kinds::IDIOM))),
            found_word_after: f32::from(u8::from(kinds(after).any(Kinds::FOUND))),
            words_nearby: words,
            right_elsewhere: 0.0,
            wrong_elsewhere: 0.0,
            pair_elsewhere: 0.0,
        }
        .columns()
    }
}

/// Length of the short quotation that holds a position, or 0: coinages stand in quotation marks.
fn quoted(ids: &[CharId], i: usize, open: CharId, close: CharId) -> f32 {
    let start = (i.saturating_sub(8)..i)
        .rev()
        .find(|&j| ids[j] == open || ids[j] == close);
    let end = (i + 1..(i + 9).min(ids.len())).find(|&j| ids[j] == open || ids[j] == close);
    match (start, end) {
        (Some(s), Some(e)) if ids[s] == open && ids[e] == close => (e - s - 1) as f32,
        _ => 0.0,
    }
}

/// How much cheaper the words around a position become with another character there, in nats, and
/// how many characters a word has there on average.
fn segmentation(
    lexicon: Lexicon<'_>,
    ids: &[CharId],
    i: usize,
    right: CharId,
    window: &mut Vec<CharId>,
) -> (f32, f32) {
    let start = i.saturating_sub(6);
    window.clear();
    window.extend_from_slice(&ids[start..(i + 7).min(ids.len())]);
    let before = context::cut(lexicon, window);
    window[i - start] = right;
    let after = context::cut(lexicon, window);
    (before.cost - after.cost, after.word_length())
}
