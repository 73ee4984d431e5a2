//! What the spelling rules ask of the few characters around a place: the character beside it, the
//! cheapest way to cut them into words, how unusual the text around is.

use crate::model::characters::{BOUNDARY, CharId};
use crate::model::lexicon::Lexicon;
use crate::model::segment::STRANGER;

/// The character so many places before or after a position; the edge of a paragraph outside.
pub(crate) fn at(ids: &[CharId], position: usize, by: isize) -> CharId {
    position
        .checked_add_signed(by)
        .and_then(|at| ids.get(at))
        .copied()
        .unwrap_or(BOUNDARY)
}

/// The cheapest way to cut a window into words.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cut {
    /// What it costs, in nats.
    pub(crate) cost: f32,
    /// How many words it has.
    words: f32,
    /// How many of them are single characters.
    pub(crate) singles: f32,
    characters: usize,
}

impl Cut {
    /// How many characters a word has on average.
    pub(crate) fn word_length(&self) -> f32 {
        self.characters as f32 / self.words.max(1.0)
    }
}

/// Characters of a window at most; what lies behind them is not looked at.
const WIDEST: usize = 40;

/// Cuts a window into words, from its end on.
pub(crate) fn cut(lexicon: Lexicon<'_>, window: &[CharId]) -> Cut {
    let window = &window[..window.len().min(WIDEST)];
    let mut best = [Cut::default(); WIDEST + 1];
    for start in (0..window.len()).rev() {
        let step = |length: usize, cost: f32| {
            let rest = best[start + length];
            Cut {
                cost: rest.cost + cost,
                words: rest.words + 1.0,
                singles: rest.singles + if length == 1 { 1.0 } else { 0.0 },
                characters: rest.characters + length,
            }
        };
        let mut cheapest = step(1, STRANGER);
        for (length, word) in lexicon.prefixes(window, start) {
            let other = step(length, -lexicon.log_frequency(word));
            if other.cost < cheapest.cost {
                cheapest = other;
            }
        }
        best[start] = cheapest;
    }
    best[0]
}

/// How many characters on either side say whether a place lies in ordinary text.
const AROUND: usize = 10;
/// ln P of a character that is rare where it stands.
const RARE: f32 = -9.0;
/// What is assumed of a text of which nothing else is there: ln P of a character.
const ORDINARY: f32 = -6.0;

/// The mean ln P of the characters around a place, and how many of them are rare there. Those are
/// left out whose ln P the place itself changes.
pub(crate) fn surroundings(log_probs: &[f32], place: usize) -> (f32, f32) {
    let near = (place.saturating_sub(AROUND)..(place + AROUND + 1).min(log_probs.len()))
        .filter(|at| !(place.saturating_sub(1)..place + 4).contains(at));
    let (mut sum, mut rare, mut count) = (0.0, 0.0, 0.0_f32);
    for at in near {
        sum += log_probs[at];
        rare += if log_probs[at] < RARE { 1.0 } else { 0.0 };
        count += 1.0;
    }
    (if count > 0.0 { sum / count } else { ORDINARY }, rare)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    #[test]
    fn a_window_is_cut_into_its_words() {
        let reader = Model::embedded().reader();
        let ids =
            |text: &str| -> Vec<CharId> { text.chars().map(|c| reader.characters.id(c)).collect() };
        let words = cut(reader.lexicon, &ids("人民政府"));
        let strange = cut(reader.lexicon, &ids("人鼒政龘"));
        assert!(words.cost < strange.cost);
        assert!(words.word_length() >= 2.0 && strange.word_length() < 2.0);
        assert!(strange.singles >= 2.0);
        assert!(cut(reader.lexicon, &[]).cost.abs() < f32::EPSILON);
    }

    #[test]
    fn the_place_itself_is_no_surroundings() {
        let mut log_probs = [-4.0_f32; 30];
        log_probs[14..19].fill(-20.0);
        assert_eq!(surroundings(&log_probs, 15), (-4.0, 0.0));
        log_probs[8] = -12.0;
        assert_eq!(surroundings(&log_probs, 15).1.to_bits(), 1.0_f32.to_bits());
        assert_eq!(at(&[7, 8], 1, 1), BOUNDARY);
        assert_eq!(at(&[7, 8], 1, -1), 7);
    }
}
