//! Pairs that recur, looked for in all documents of their sources.

use std::collections::HashMap;

use super::asked::{APART, Asked, Right};
use super::sample::{Sample, length};
use super::{NEEDED, Pair};
use crate::corpus::comparable::{join, mix};
use crate::corpus::{Collection, each};
use crate::text::{Span, is_han};

/// Nats by which the right pair must be likelier on average where the wrong one stands.
const IN_PLACE: f32 = 4.0;
/// The places that are read, and how many of ten must be better with the right pair.
const SAMPLES: usize = 12;
const AGREE: usize = 9;
/// Places that are kept of a word.
const PLACES: usize = 1_000;

/// Calls `each` with every pair of a text, and where it stands.
fn pairs(text: &str, mut each: impl FnMut(Pair, usize)) {
    let mut last: Option<(char, usize)> = None;
    for (at, c) in text.char_indices() {
        if c < '\u{3400}' || !is_han(c) {
            last = None;
            continue;
        }
        if let Some((before, from)) = last {
            each([before, c], from);
        }
        last = Some((c, at));
    }
}

/// Which pairs may be among some: small enough to stay in the cache of the processor.
struct Filter(Vec<u64>);

impl Filter {
    /// Bits, a power of two.
    const BITS: u64 = 1 << 20;

    fn of(pairs: impl Iterator<Item = Pair>) -> Self {
        let mut bits = vec![0; (Self::BITS / 64) as usize];
        for pair in pairs {
            let (word, bit) = Self::place(pair);
            bits[word] |= bit;
        }
        Self(bits)
    }

    #[inline]
    fn place([a, b]: Pair) -> (usize, u64) {
        let hash = mix(join(u64::from(a), u64::from(b)));
        let bit = hash % Self::BITS;
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    #[inline]
    fn may_have(&self, pair: Pair) -> bool {
        let (word, bit) = Self::place(pair);
        self.0[word] & bit != 0
    }
}

/// What is looked for.
pub(crate) struct Search<'m> {
    asked: Asked<'m>,
    rights: HashMap<(u32, Pair), Vec<Right>>,
    /// Characters of each source.
    characters: HashMap<usize, usize>,
    filter: Filter,
}

/// What one thread has seen.
#[derive(Default)]
pub(crate) struct Seen(HashMap<(u32, Pair), Places>);

/// How a pair stands.
#[derive(Default)]
struct Places {
    documents: usize,
    times: usize,
    samples: Vec<Sample>,
    /// The document that was seen last.
    last: Option<usize>,
}

/// A pair that may be a slip for another.
pub(super) struct Candidate {
    pub(super) source: usize,
    pub(super) wrong: Pair,
    pub(super) right: Pair,
    pub(super) is_decoy: bool,
    /// Nats by which its places read better with the right pair.
    pub(super) gain: f32,
    pub(super) documents: usize,
    pub(super) times: usize,
    pub(super) right_times: usize,
    pub(super) places: Vec<(usize, Span)>,
}

impl<'m> Search<'m> {
    pub(super) fn new(
        asked: Asked<'m>,
        rights: HashMap<(u32, Pair), Vec<Right>>,
        characters: HashMap<usize, usize>,
    ) -> Self {
        let filter = Filter::of(rights.keys().map(|(_, pair)| *pair));
        Self {
            asked,
            rights,
            characters,
            filter,
        }
    }

    /// Looks for the pairs in a document of a source.
    pub(crate) fn look(&self, text: &str, source: usize, document: usize, seen: &mut Seen) {
        pairs(text, |pair, at| {
            let key = (source as u32, pair);
            if !self.filter.may_have(pair) || !self.rights.contains_key(&key) {
                return;
            }
            let seen = seen.0.entry(key).or_default();
            // a thread reads in ascending order, so it keeps its first ones
            if seen.last != Some(document) {
                seen.last = Some(document);
                seen.documents += 1;
                if seen.samples.len() < SAMPLES {
                    seen.samples.push(Sample::new(
                        self.asked.characters(),
                        text,
                        pair,
                        at,
                        document,
                    ));
                }
            }
            seen.times += 1;
        });
    }

    /// The pairs that may be slips, and the decoys that pass the same tests.
    pub(super) fn judge(&self, seen: Vec<Seen>) -> Vec<Candidate> {
        let mut all: HashMap<(u32, Pair), Places> = HashMap::new();
        for (key, one) in seen.into_iter().flat_map(|seen| seen.0) {
            let places = all.entry(key).or_default();
            places.documents += one.documents;
            places.times += one.times;
            places.samples.extend(one.samples);
            places.samples.sort_unstable();
            places.samples.truncate(SAMPLES);
        }
        let mut found = Vec::new();
        for (key, places) in all.iter().filter(|(_, p)| p.documents >= NEEDED) {
            for is_decoy in [false, true] {
                let (source, wrong) = (key.0 as usize, key.1);
                let rights = self.rights[key].iter().filter(|r| r.is_decoy == is_decoy);
                if let Some((gain, right)) = self.best(places, rights, source) {
                    found.push(Candidate {
                        source,
                        wrong,
                        right,
                        is_decoy,
                        gain,
                        documents: places.documents,
                        times: places.times,
                        right_times: 0,
                        places: Vec::new(),
                    });
                }
            }
        }
        found.sort_by_key(|c| (c.source, c.wrong, c.is_decoy));
        found
    }

    /// The right pair that is likeliest in nearly all places, where the source has the wrong one
    /// about as often as the language has it.
    fn best<'r>(
        &self,
        places: &Places,
        rights: impl Iterator<Item = &'r Right>,
        source: usize,
    ) -> Option<(f32, Pair)> {
        let samples = &places.samples;
        let of_wrong: Vec<Option<f32>> = samples
            .iter()
            .map(|s| self.asked.likelihood_of_wrong(s))
            .collect();
        let kept = (samples.len() * AGREE).div_ceil(10);
        let judged = rights.filter_map(|right| {
            let expected = self.asked.expected(right.pair, self.characters[&source]);
            if (places.times as f32 / expected).ln().abs() > APART.ln() {
                return None;
            }
            let mut gains = Vec::with_capacity(samples.len());
            for (n, (sample, cost)) in samples.iter().zip(&of_wrong).enumerate() {
                let gain = cost.and_then(|of| self.asked.gain(sample, right.pair, of));
                gains.extend(gain.filter(|gain| *gain > 0.0));
                if gains.len() + samples.len() - n - 1 < kept {
                    return None;
                }
            }
            gains.sort_by(|a, b| b.total_cmp(a));
            let mean = gains.iter().take(kept).sum::<f32>() / kept.max(1) as f32;
            (mean >= IN_PLACE).then_some((mean, right.pair))
        });
        judged.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
    }
}

/// Reads the documents of the sources of candidates, which are in the order of these: `take` is
/// told of each place of a pair that `of` gives, with the numbers of the candidates.
fn find<L: Send>(
    collection: &dyn Collection,
    candidates: &[Candidate],
    threads: usize,
    of: impl Fn(&Candidate) -> Pair,
    begin: impl Fn() -> L + Sync,
    take: impl Fn(&mut L, usize, (usize, Span)) + Sync,
) -> Vec<L> {
    let mut wanted: HashMap<(usize, Pair), Vec<usize>> = HashMap::new();
    for (i, candidate) in candidates.iter().enumerate() {
        let key = (candidate.source, of(candidate));
        wanted.entry(key).or_default().push(i);
    }
    let filter = Filter::of(wanted.keys().map(|(_, pair)| *pair));
    let begin = || (Vec::new(), begin());
    let work = |document: usize, (buffer, local): &mut (Vec<u8>, L)| {
        let source = collection.source(document);
        if candidates
            .binary_search_by_key(&source, |c| c.source)
            .is_err()
        {
            return;
        }
        collection.read(document, buffer, &mut |text| {
            pairs(text, |pair, at| {
                if !filter.may_have(pair) {
                    return;
                }
                let span = Span::new(at, at + length(pair));
                for i in wanted.get(&(source, pair)).into_iter().flatten() {
                    take(local, *i, (document, span));
                }
            });
        });
    };
    let locals = each(collection.len(), threads, begin, work);
    locals.into_iter().map(|(_, local)| local).collect()
}

/// Counts how often the right pairs stand in the sources of candidates, which are in the order of
/// these.
pub(super) fn count_right(
    collection: &dyn Collection,
    candidates: &mut [Candidate],
    threads: usize,
) {
    if candidates.is_empty() {
        return;
    }
    let begin = || vec![0_usize; candidates.len()];
    let add = |counts: &mut Vec<usize>, i: usize, _| counts[i] += 1;
    let counted = find(collection, candidates, threads, |c| c.right, begin, add);
    for counts in counted {
        for (candidate, count) in candidates.iter_mut().zip(counts) {
            candidate.right_times += count;
        }
    }
}

/// Looks for the places of candidates, which are in the order of their sources.
pub(super) fn find_places(
    collection: &dyn Collection,
    candidates: &mut [Candidate],
    threads: usize,
) {
    if candidates.is_empty() {
        return;
    }
    let begin = || vec![Vec::new(); candidates.len()];
    // a thread reads in ascending order, so it keeps its first ones
    let keep = |places: &mut Vec<Vec<(usize, Span)>>, i: usize, place| {
        if places[i].len() < PLACES {
            places[i].push(place);
        }
    };
    let found = find(collection, candidates, threads, |c| c.wrong, begin, keep);
    for places in found {
        for (candidate, places) in candidates.iter_mut().zip(places) {
            candidate.places.extend(places);
        }
    }
    for candidate in candidates {
        candidate.places.sort_unstable();
        candidate.places.truncate(PLACES);
    }
}
