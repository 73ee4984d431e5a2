//! What the rest of a document says about a suspect: whether the same place stands elsewhere with
//! the character that is proposed, or again with the one that is doubted.
//!
//! A name or a term recurs as it is; a slip stands beside the right form of the same words.
//! Trigrams are compared, the three that hold the character.

use std::collections::HashMap;

use super::super::evidence::column;
use super::substitution_candidates::{Substitution, Suspect};
use crate::model::characters::CharId;
use crate::text::hashing::Hashed;

/// Where the row of a suspect has what is filled in here.
const PLACES: [usize; 4] = [
    column(Substitution::NAMES, "recurrence"),
    column(Substitution::NAMES, "right-elsewhere"),
    column(Substitution::NAMES, "wrong-elsewhere"),
    column(Substitution::NAMES, "pair-elsewhere"),
];

/// What the suspects of a document have in common: the same character in doubt beside the same
/// one, the same two characters exchanged.
#[derive(Debug, Default)]
pub(super) struct Company {
    beside: HashMap<(char, bool, CharId), u32, Hashed>,
    pairs: HashMap<(char, CharId), u32, Hashed>,
}

impl Company {
    /// Adds suspects; all of a place together.
    pub(super) fn add(&mut self, suspects: &[Suspect]) {
        let mut last = usize::MAX;
        for s in suspects {
            // the candidates of one position count once
            if s.place != last {
                for key in [(s.wrong, false, s.beside.0), (s.wrong, true, s.beside.1)] {
                    *self.beside.entry(key).or_default() += 1;
                }
            }
            *self.pairs.entry((s.wrong, s.right)).or_default() += 1;
            last = s.place;
        }
    }
}

/// Fills in what the document says, for all suspects of a document at once.
pub fn count(suspects: &mut [Suspect], document: &[CharId]) {
    let mut company = Company::default();
    company.add(suspects);
    fill_in(suspects, &company, document);
}

/// Fills in what the document says, for some of its suspects; the others are of the company.
pub(super) fn fill_in(suspects: &mut [Suspect], company: &Company, document: &[CharId]) {
    if suspects.is_empty() {
        return;
    }
    let mut trigrams = Trigrams::default();
    for s in suspects.iter() {
        for key in keys(document, s.place, None).chain(keys(document, s.place, Some(s.right))) {
            trigrams.watch(key);
        }
    }
    trigrams.count(document);
    let Company { beside, pairs } = company;
    for s in suspects {
        let with = |side, id| beside.get(&(s.wrong, side, id)).copied().unwrap_or(1);
        let most = |keys: &mut dyn Iterator<Item = u64>| {
            keys.map(|key| trigrams.get(key)).max().unwrap_or(0)
        };
        let right = most(&mut keys(document, s.place, Some(s.right)));
        let wrong = most(&mut keys(document, s.place, None)).max(1);
        let pair = pairs.get(&(s.wrong, s.right)).copied().unwrap_or(1);
        s.row[PLACES[0]] = (with(false, s.beside.0).max(with(true, s.beside.1)) as f32).ln();
        s.row[PLACES[1]] = (right as f32).ln_1p();
        s.row[PLACES[2]] = (wrong as f32).ln();
        s.row[PLACES[3]] = (pair as f32).ln();
    }
}

/// The three trigrams that hold a place, as they stand or with another character there.
fn keys(
    document: &[CharId],
    place: usize,
    other: Option<CharId>,
) -> impl Iterator<Item = u64> + '_ {
    (0..3).filter_map(move |back| {
        let start = place.checked_sub(back)?;
        let window = document.get(start..start + 3)?;
        let mut window = [window[0], window[1], window[2]];
        window[back] = other.unwrap_or(window[back]);
        Some(pack(window))
    })
}

fn pack(window: [CharId; 3]) -> u64 {
    window.iter().fold(0, |key, &id| key << 16 | u64::from(id))
}

/// Counts of some trigrams of a document. Most of its trigrams are none of them: a bitmap says so
/// first.
#[derive(Debug, Default)]
struct Trigrams {
    counts: HashMap<u64, u32, Hashed>,
    seen: Vec<u64>,
}

/// Bits of the bitmap, as a power of two.
const BITS: u32 = 16;

impl Trigrams {
    fn bit(key: u64) -> (usize, u64) {
        let hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS);
        ((hash / 64) as usize, 1 << (hash % 64))
    }

    fn watch(&mut self, key: u64) {
        self.seen.resize(1 << (BITS - 6), 0);
        let (word, bit) = Self::bit(key);
        self.seen[word] |= bit;
        self.counts.insert(key, 0);
    }

    fn count(&mut self, document: &[CharId]) {
        for window in document.windows(3) {
            let key = pack([window[0], window[1], window[2]]);
            let (word, bit) = Self::bit(key);
            if self.seen[word] & bit != 0
                && let Some(count) = self.counts.get_mut(&key)
            {
                *count += 1;
            }
        }
    }

    fn get(&self, key: u64) -> u32 {
        self.counts.get(&key).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suspect(place: usize, right: CharId, document: &[CharId]) -> Suspect {
        Suspect {
            position: place,
            place,
            wrong: '甲',
            right,
            beside: (document[place - 1], document[place + 1]),
            row: [0.0; Substitution::WIDTH],
        }
    }

    #[test]
    fn the_right_form_elsewhere_and_the_wrong_one_again_are_counted() {
        let document = [5, 6, 7, 8, 1, 5, 6, 9, 8, 1, 5, 6, 9, 8, 1];
        let mut suspects = [suspect(2, 9, &document), suspect(7, 3, &document)];
        count(&mut suspects, &document);
        let value = |s: &Suspect, name: &str| {
            s.row[Substitution::NAMES
                .iter()
                .position(|&e| e == name)
                .expect("evidence")]
            .exp()
        };
        assert!((value(&suspects[0], "right-elsewhere") - 3.0).abs() < 1e-4);
        assert!((value(&suspects[0], "wrong-elsewhere") - 1.0).abs() < 1e-4);
        assert!((value(&suspects[1], "right-elsewhere") - 1.0).abs() < 1e-4);
        assert!((value(&suspects[1], "wrong-elsewhere") - 2.0).abs() < 1e-4);
    }
}
