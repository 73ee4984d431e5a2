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
    let places = suspects.iter().map(|s| (s.place, s.right));
    let elsewhere = Elsewhere::of(places, company, document);
    suspects.iter_mut().for_each(|s| elsewhere.fill_in(s));
}

/// What a document says of some of its suspects; the others are of the company.
pub(super) struct Elsewhere<'d> {
    document: &'d [CharId],
    company: Company,
    trigrams: Trigrams,
}

impl<'d> Elsewhere<'d> {
    /// Of suspects by their places, with what may be right there.
    pub(super) fn of(
        suspects: impl Iterator<Item = (usize, CharId)>,
        company: Company,
        document: &'d [CharId],
    ) -> Self {
        let with = |(place, right)| keys(document, place, Some(right));
        let both = suspects.flat_map(|s| keys(document, s.0, None).chain(with(s)));
        Self {
            trigrams: Trigrams::of(both.collect(), document),
            company,
            document,
        }
    }

    /// Fills in what it says of one.
    pub(super) fn fill_in(&self, s: &mut Suspect) {
        let Company { beside, pairs } = &self.company;
        let with = |side, id| beside.get(&(s.wrong, side, id)).copied().unwrap_or(1);
        let most = |other| {
            let keys = keys(self.document, s.place, other);
            keys.map(|key| self.trigrams.get(key)).max().unwrap_or(0)
        };
        let (right, wrong) = (most(Some(s.right)), most(None).max(1));
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

/// Counts of some trigrams of a document, sorted by their hashes. Most trigrams of the document are
/// none of them: a bitmap says so first.
#[derive(Debug)]
struct Trigrams {
    seen: Vec<u64>,
    hashes: Vec<u64>,
    counts: Vec<u32>,
    /// Where those begin whose hashes begin with the same bits.
    starts: Vec<u32>,
}

/// The least bits of the bitmap, as a power of two, and how many times as many there are as
/// trigrams; how many trigrams begin with the same bits.
const BITS: u32 = 16;
const SPARSE: usize = 8;
const TOGETHER: usize = 4;

impl Trigrams {
    /// The counts of trigrams, which may come more than once.
    fn of(keys: Vec<u64>, document: &[CharId]) -> Self {
        let mut hashes = keys;
        hashes.iter_mut().for_each(|key| *key = hash(*key));
        hashes.sort_unstable();
        hashes.dedup();
        hashes.shrink_to_fit();
        let bits = (hashes.len() * SPARSE).next_power_of_two().max(1 << BITS);
        let starts = (hashes.len() / TOGETHER).next_power_of_two();
        let mut trigrams = Self {
            seen: vec![0; bits / 64],
            counts: vec![0; hashes.len()],
            starts: vec![0; starts + 1],
            hashes,
        };
        for (at, hash) in trigrams.hashes.iter().enumerate() {
            let bit = first_bits(*hash, bits);
            trigrams.seen[bit / 64] |= 1 << (bit % 64);
            trigrams.starts[first_bits(*hash, starts) + 1] = at as u32 + 1;
        }
        for at in 1..trigrams.starts.len() {
            trigrams.starts[at] = trigrams.starts[at].max(trigrams.starts[at - 1]);
        }
        if !trigrams.hashes.is_empty() {
            trigrams.count(document, bits);
        }
        trigrams
    }

    fn count(&mut self, document: &[CharId], bits: usize) {
        for window in document.windows(3) {
            let hash = hash(pack([window[0], window[1], window[2]]));
            let bit = first_bits(hash, bits);
            if self.seen[bit / 64] & 1 << (bit % 64) != 0
                && let Some(at) = self.find(hash)
            {
                self.counts[at] += 1;
            }
        }
    }

    fn find(&self, hash: u64) -> Option<usize> {
        let bucket = first_bits(hash, self.starts.len() - 1);
        let range = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
        let at = self.hashes[range.clone()].iter().position(|h| *h == hash)?;
        Some(range.start + at)
    }

    fn get(&self, key: u64) -> u32 {
        self.find(hash(key)).map_or(0, |at| self.counts[at])
    }
}

/// Spreads a key; no two have the same hash.
fn hash(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The first bits of a hash, as a number below a power of two.
fn first_bits(hash: u64, below: usize) -> usize {
    (u128::from(hash) * below as u128 >> 64) as usize
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
