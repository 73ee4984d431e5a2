//! What the rest of a document says about a suspect: whether the same place stands elsewhere with
//! the character that is proposed, or again with the one that is doubted.
//!
//! A name or a term recurs as it is; a slip stands beside the right form of the same words.
//! Trigrams are compared, the three that hold the character.

use super::super::evidence::column;
use super::substitution_candidates::{Substitution, Suspect};
use crate::model::characters::CharId;

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
    /// Both, once for each suspect.
    keys: Vec<u64>,
}

impl Company {
    /// Adds suspects; all of a place together.
    pub(super) fn add(&mut self, suspects: &[Suspect]) {
        let mut last = usize::MAX;
        for s in suspects {
            // the candidates of one position count once
            if s.place != last {
                self.keys.extend(beside(s));
            }
            self.keys.push(exchanged(s));
            last = s.place;
        }
    }
}

/// What stands for a character in doubt beside another one, on either side.
fn beside(s: &Suspect) -> [u64; 2] {
    [key(s.wrong, 1, s.beside.0), key(s.wrong, 2, s.beside.1)]
}

/// What stands for two characters that are exchanged.
fn exchanged(s: &Suspect) -> u64 {
    key(s.wrong, 0, s.right)
}

fn key(wrong: char, relation: u64, other: CharId) -> u64 {
    u64::from(u32::from(wrong)) << 18 | relation << 16 | u64::from(other)
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
    company: Counts,
    trigrams: Counts,
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
            trigrams: trigrams(both.collect(), document),
            company: Counts::of(company.keys),
            document,
        }
    }

    /// Fills in what it says of one.
    pub(super) fn fill_in(&self, s: &mut Suspect) {
        let with = |key| self.company.get(key).max(1);
        let most = |other| {
            let keys = keys(self.document, s.place, other);
            keys.map(|key| self.trigrams.get(key)).max().unwrap_or(0)
        };
        let (right, wrong) = (most(Some(s.right)), most(None).max(1));
        let pair = with(exchanged(s));
        let [before, after] = beside(s).map(with);
        s.row[PLACES[0]] = (before.max(after) as f32).ln();
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

/// How often keys come, sorted by their hashes.
#[derive(Debug)]
struct Counts {
    hashes: Vec<u64>,
    counts: Vec<u32>,
    /// Where those begin whose hashes begin with the same bits.
    starts: Vec<u32>,
}

/// How many hashes begin with the same bits.
const TOGETHER: usize = 4;

impl Counts {
    /// Of keys, each as often as it comes.
    fn of(mut hashes: Vec<u64>) -> Self {
        hashes.iter_mut().for_each(|key| *key = hash(*key));
        hashes.sort_unstable();
        let runs = hashes.chunk_by(|a, b| a == b);
        let counts = runs.map(|run| run.len() as u32).collect();
        hashes.dedup();
        hashes.shrink_to_fit();
        let buckets = (hashes.len() / TOGETHER).next_power_of_two();
        let mut starts = vec![0; buckets + 1];
        for (at, hash) in hashes.iter().enumerate() {
            starts[first_bits(*hash, buckets) + 1] = at as u32 + 1;
        }
        for at in 1..starts.len() {
            starts[at] = starts[at].max(starts[at - 1]);
        }
        Self {
            hashes,
            counts,
            starts,
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

/// The least bits of a bitmap, as a power of two, and how many times as many there are as trigrams.
const BITS: u32 = 16;
const SPARSE: usize = 8;

/// How often some trigrams stand in a document. Most of its trigrams are none of them: a bitmap
/// says so first.
fn trigrams(keys: Vec<u64>, document: &[CharId]) -> Counts {
    let mut counted = Counts::of(keys);
    counted.counts.fill(0);
    if counted.hashes.is_empty() {
        return counted;
    }
    let bits = (counted.hashes.len() * SPARSE)
        .next_power_of_two()
        .max(1 << BITS);
    let mut watched = vec![0_u64; bits / 64];
    for hash in &counted.hashes {
        let bit = first_bits(*hash, bits);
        watched[bit / 64] |= 1 << (bit % 64);
    }
    for window in document.windows(3) {
        let hash = hash(pack([window[0], window[1], window[2]]));
        let bit = first_bits(hash, bits);
        if watched[bit / 64] & 1 << (bit % 64) != 0
            && let Some(at) = counted.find(hash)
        {
            counted.counts[at] += 1;
        }
    }
    counted
}

/// Spreads a key; no two have the same hash.
fn hash(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The first bits of a hash, as a number below a power of two.
fn first_bits(hash: u64, below: usize) -> usize {
    ((u128::from(hash) * below as u128) >> 64) as usize
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
