//! Documents that are copies of others: candidates by bands of their signatures, judged on their
//! text.

use super::comparable::{Body, Fold, Rolling, join, mix};
use super::masked::Masked;
use super::readings;
use super::signature::{BINS, SHINGLE, Signature};
use super::{Collection, each};

/// Bins of a band, and how many bands there are: two documents that have 43 of 100 shingles in
/// common meet with a probability of .97.
const ROWS: usize = 3;
pub(crate) const BANDS: usize = BINS / ROWS;
/// Documents that meet in one place before they are no longer compared each with each.
const CROWD: usize = 8;
/// The estimated likeness from which the texts are laid side by side.
pub(crate) const CANDIDATE: f32 = 0.25;
/// The share of common shingles from which two documents are one.
const SAME: f32 = 0.5;

/// A document that is a copy of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Duplicate {
    /// The one of the two that comes first in the collection.
    pub first: usize,
    /// The other.
    pub second: usize,
    /// The share of what they have in common: of runs of five characters, or of characters where
    /// that says more; from 0 to 1.
    pub alike: f32,
    /// Whether they are the same to the letter, marks and recurring lines apart.
    pub exact: bool,
    /// How many comparable characters each has.
    pub characters: [u32; 2],
}

/// Finds the duplicates of a collection.
pub(crate) fn find(
    collection: &dyn Collection,
    masked: &Masked,
    signatures: &[Signature],
    threads: usize,
    progress: &(dyn Fn() + Sync),
) -> Vec<Duplicate> {
    let of = |first: usize, second: usize, alike, exact| Duplicate {
        first,
        second,
        alike,
        exact,
        characters: [signatures[first].characters, signatures[second].characters],
    };
    let heads = heads(signatures);
    let mut found: Vec<_> = heads
        .iter()
        .enumerate()
        .filter(|(i, head)| i != *head)
        .map(|(i, head)| of(*head, i, 1.0, true))
        .collect();
    let pairs = candidates(signatures, &heads);
    let begin = || {
        (
            Vec::new(),
            [Body::default(), Body::default()],
            [Vec::new(), Vec::new()],
            Vec::new(),
        )
    };
    let judged = each(
        pairs.len(),
        threads,
        begin,
        |i, (buffer, bodies, sets, found)| {
            let (first, second) = pairs[i];
            for (document, body) in [first, second].into_iter().zip(bodies.iter_mut()) {
                body.clear();
                collection.read(document, buffer, &mut |text| {
                    masked.body(text, document, body);
                });
            }
            found.extend(likeness(bodies, sets).map(|alike| of(first, second, alike, false)));
            progress();
        },
    );
    found.extend(judged.into_iter().flat_map(|(_, _, _, found)| found));
    found.sort_by_key(|d| (d.first, d.second));
    found
}

/// For each document the first that is the same to the letter: itself where there is none.
pub(crate) fn heads(signatures: &[Signature]) -> Vec<usize> {
    let mut order: Vec<_> = (0..signatures.len())
        .filter(|i| signatures[*i].whole != 0)
        .collect();
    let key = |i: usize| (signatures[i].whole, signatures[i].characters);
    order.sort_unstable_by_key(|i| (key(*i), *i));
    let mut heads: Vec<_> = (0..signatures.len()).collect();
    for same in order.chunk_by(|a, b| key(*a) == key(*b)) {
        same.iter().for_each(|i| heads[*i] = same[0]);
    }
    heads
}

/// Pairs that agree in a band and whose signatures are like each other.
fn candidates(signatures: &[Signature], heads: &[usize]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut places: Vec<(u64, u32)> = Vec::new();
    for band in 0..BANDS {
        places.clear();
        for (i, signature) in signatures.iter().enumerate() {
            if signature.whole != 0 && heads[i] == i {
                places.push((self::band(signature, band), i as u32));
            }
        }
        places.sort_unstable();
        for meeting in places.chunk_by(|a, b| a.0 == b.0) {
            for (n, (_, a)) in meeting.iter().enumerate() {
                let reach = if meeting.len() <= CROWD {
                    meeting.len()
                } else {
                    n + 2
                };
                for (_, b) in meeting.iter().take(reach).skip(n + 1) {
                    let (a, b) = (*a as usize, *b as usize);
                    if signatures[a].alike(&signatures[b]) >= CANDIDATE {
                        pairs.push((a, b));
                    }
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
    }
    pairs
}

/// The hash of a band of a signature.
pub(crate) fn band(signature: &Signature, band: usize) -> u64 {
    let bins = &signature.bins[band * ROWS..(band + 1) * ROWS];
    let hash = bins.iter().fold(1, |hash, bin| join(hash, u64::from(*bin)));
    mix(hash)
}

/// How alike two documents are, where one is a copy of the other.
pub(crate) fn likeness(bodies: &[Body; 2], sets: &mut [Vec<u64>; 2]) -> Option<f32> {
    let common = jaccard(bodies, sets);
    if common >= SAME {
        Some(common)
    } else {
        readings::alike(&bodies[0].chars, &bodies[1].chars)
    }
}

/// The share of runs of five characters that two documents have in common.
fn jaccard(bodies: &[Body; 2], sets: &mut [Vec<u64>; 2]) -> f32 {
    let shingles = Rolling::<SHINGLE>::new();
    for (body, set) in bodies.iter().zip(&mut *sets) {
        set.clear();
        shingles.over(&body.chars, |_, hash| set.push(hash));
        set.sort_unstable();
        set.dedup();
    }
    let [a, b] = sets;
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    common as f32 / (a.len() + b.len() - common).max(1) as f32
}

/// Characters that are shown of a place where two texts differ.
const SHOWN: usize = 12;

/// What stands in either of two texts where they first differ, marks, widths and scripts apart;
/// nothing where one only goes on.
pub(crate) fn first_difference<'t>(texts: [&'t str; 2]) -> Option<[&'t str; 2]> {
    let fold = Fold::new();
    let [a, b] = texts.map(|text| {
        let mut body = Body::default();
        body.push(fold, text, 0);
        body
    });
    let common = a.chars.iter().zip(&b.chars).take_while(|(a, b)| a == b);
    let common = common.count();
    let shown = |text: &'t str, body: &Body| {
        let rest = &text[*body.at.get(common)? as usize..];
        let line = rest.split(['\n', '\r']).next()?;
        let end = line.char_indices().nth(SHOWN).map(|(at, _)| at);
        Some(&line[..end.unwrap_or(line.len())])
    };
    Some([shown(texts[0], &a)?, shown(texts[1], &b)?])
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_difference_is_one_of_characters_that_count() {
        let texts = [
            "標題\n河水，漲了。船都靠岸。",
            "标题\n河水涨了！船还没有靠岸。",
        ];
        assert_eq!(first_difference(texts), Some(["都靠岸。", "还没有靠岸。"]));
        assert_eq!(first_difference(["河水涨了。", "河水涨了，船靠岸。"]), None);
    }
}
