//! Wrong words that a source writes again and again, where the right one hardly stands in it: the habit of a recogniser (关健 for 关键 on every
//! page), or of whoever replaced too much. In a single document such a word looks like a name, and is left alone.
//!
//! 1. Pairs of characters that are unusual in the language are counted by document, in a sketch.
//! 2. Of those that recur, a look-alike or sound-alike of either character must make a usual pair, which the source ought to have some times.
//! 3. The places are read with the one and with the other: in nine of ten the other must be far likelier, and a word of the lexicon.
//! 4. The right pair is counted: a name that only looks like a wrong word stands beside the word it looks like.

use std::collections::{HashMap, HashSet};

use super::comparable::{join, mix};
use super::sketch::Sketch;
use super::{Collection, each};
use crate::model::Model;
use crate::model::characters::{CharId, Characters, FIRST};
use crate::model::common_pairs::{self, Usual};
use crate::model::confusables::{self, Confusables};
use crate::model::lexicon::Lexicon;
use crate::model::ngram::Ngram;
use crate::text::{Span, around, is_han};

/// Documents of a source that have a pair before it is looked at: so many at least, and one in so many.
const NEEDED: usize = 6;
const SHARE: usize = 200;
/// Nats by which the right pair must be likelier by itself, and on average where the wrong one stands.
const ALONE: f32 = 3.0;
const IN_PLACE: f32 = 4.0;
/// The places that are read, and how many of ten must be better with the right pair.
const SAMPLES: usize = 12;
const AGREE: usize = 9;
/// Characters on either side that are read.
const AROUND: usize = 6;
/// How often the language at large would have the right pair in the source: so often at least; and so many times more or less often than the
/// wrong one stands there, which is so many times a document at most.
const EXPECTED: f32 = 5.0;
const APART: f32 = 12.0;
const A_DOCUMENT: f32 = 4.0;
/// The wrong pair stands so many times as often as the right one.
const PREVAILS: usize = 4;
/// Places that are kept of a word.
const PLACES: usize = 1_000;

/// A wrong word that a source writes again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    /// The number of the source.
    pub source: usize,
    /// What it writes.
    pub wrong: String,
    /// What it should read.
    pub right: String,
    /// Documents that have it.
    pub documents: usize,
    /// How often it stands in them.
    pub times: usize,
    /// How often the right one stands in the source.
    pub right_times: usize,
    /// The documents and places of the first of them.
    pub places: Vec<(usize, Span)>,
}

type Pair = [char; 2];

/// The parts of the model that are asked.
#[derive(Clone, Copy)]
struct Asked<'m> {
    characters: Characters<'m>,
    ngram: Ngram<'m>,
    lexicon: Lexicon<'m>,
    usual: Usual<'m>,
    confusables: Confusables<'m>,
}

impl<'m> Asked<'m> {
    fn of(model: &'m Model) -> Option<Self> {
        Some(Self {
            characters: model.characters(),
            ngram: model.ngram(),
            lexicon: model.lexicon(),
            usual: model.part(common_pairs::PART).and_then(Usual::parse)?,
            confusables: model.part(confusables::PART).and_then(Confusables::parse)?,
        })
    }

    /// Calls `each` with every pair that is unusual, and where it stands.
    fn unusual(self, text: &str, mut each: impl FnMut(Pair, usize)) {
        let mut last: Option<(char, CharId, usize)> = None;
        for (at, c) in text.char_indices() {
            let id = if c < '\u{3400}' {
                0
            } else {
                self.characters.id(c)
            };
            if id < FIRST || !is_han(c) {
                last = None;
                continue;
            }
            if let Some((before, first, from)) = last
                && before != c
                && !self.usual.contains(first, id)
            {
                each([before, c], from);
            }
            last = Some((c, id, at));
        }
    }

    fn ids(self, pair: Pair) -> [CharId; 2] {
        pair.map(|c| self.characters.id(c))
    }

    /// ln of the share of a pair among all pairs.
    fn share(self, [a, b]: [CharId; 2]) -> f32 {
        self.ngram.frequency(a) + self.ngram.bigram(a, b)
    }

    /// What a pair that stands in so many documents may be a slip for: pairs that a source of so many characters ought to have about as often.
    fn rights(self, wrong: Pair, characters: usize, documents: usize) -> Vec<Pair> {
        // in another script the forms of the model are none of the text
        let ids = self.ids(wrong);
        let is_own = |(c, id): (char, CharId)| self.characters.character(id) == Some(c);
        if !wrong.into_iter().zip(ids).all(is_own) {
            return Vec::new();
        }
        let least = documents as f32 / APART;
        let most = documents as f32 * A_DOCUMENT * APART;
        let itself = self.share(ids);
        let mut rights = Vec::new();
        for at in 0..2 {
            let looks = self.confusables.alternatives(wrong[at]).map(|a| a.right);
            let sounds = self.confusables.homophones(wrong[at]);
            for other in looks.chain(sounds) {
                let mut right = ids;
                right[at] = other;
                if other == ids[at] || !self.usual.contains(right[0], right[1]) {
                    continue;
                }
                let share = self.share(right);
                let expected = share.exp() * characters as f32;
                if share - itself >= ALONE
                    && (least.max(EXPECTED)..=most).contains(&expected)
                    && let [Some(a), Some(b)] = right.map(|id| self.characters.character(id))
                    && !rights.contains(&[a, b])
                {
                    rights.push([a, b]);
                }
            }
        }
        rights
    }

    /// Nats by which a place reads better with the right pair; nothing where that is in no word, or the wrong one is.
    fn gain(self, sample: &Sample, right: Pair) -> Option<f32> {
        let read = |pair: Pair| {
            let chars = sample.before.iter().chain(&pair).chain(&sample.after);
            chars.map(|c| self.characters.id(*c)).collect::<Vec<_>>()
        };
        let (wrong, right) = (read(sample.pair), read(right));
        let at = sample.before.len();
        let covered = |ids: &[CharId]| self.lexicon.cover(ids, at, at + 2).is_some();
        if covered(&wrong) || !covered(&right) {
            return None;
        }
        let cost = |ids: &[CharId]| -> f32 {
            let mut probabilities = Vec::new();
            self.ngram.scan(ids, &mut probabilities);
            probabilities.iter().sum()
        };
        Some(cost(&right) - cost(&wrong))
    }
}

/// The bytes of a pair.
fn length(pair: Pair) -> usize {
    pair.map(char::len_utf8).iter().sum()
}

/// The key of a pair of a source.
fn key(source: usize, pair: Pair) -> u64 {
    let [a, b] = pair.map(u64::from);
    mix(join(join(source as u64 + 1, a), b))
}

/// Unusual pairs on their way through the first pass over a collection.
pub(crate) struct Counted<'m> {
    asked: Option<Asked<'m>>,
    sketch: Sketch,
    /// Documents that each source needs.
    needed: Vec<usize>,
}

/// What one thread keeps.
#[derive(Default)]
pub(crate) struct Local {
    pairs: Vec<Pair>,
    recurring: HashSet<(usize, Pair)>,
    /// Characters of each source.
    characters: HashMap<usize, usize>,
}

impl<'m> Counted<'m> {
    /// Nothing yet, of sources with so many documents.
    pub(crate) fn new(model: &'m Model, bytes: u64, documents: &[usize]) -> Self {
        Self {
            asked: Asked::of(model),
            sketch: Sketch::new(bytes / 16),
            needed: documents.iter().map(|n| (n / SHARE).max(NEEDED)).collect(),
        }
    }

    /// Counts the pairs of a document.
    pub(crate) fn take(&self, text: &str, source: usize, local: &mut Local) {
        let Some(asked) = self.asked else { return };
        // a character of Chinese has three bytes
        *local.characters.entry(source).or_default() += text.len() / 3;
        local.pairs.clear();
        asked.unusual(text, |pair, _| local.pairs.push(pair));
        local.pairs.sort_unstable();
        local.pairs.dedup();
        for pair in &local.pairs {
            let key = key(source, *pair);
            self.sketch.add(key);
            if self.sketch.count(key) >= self.needed[source] {
                local.recurring.insert((source, *pair));
            }
        }
    }

    /// Finds the wrong words among what recurs.
    pub(crate) fn judge(
        &self,
        collection: &dyn Collection,
        locals: Vec<Local>,
        threads: usize,
    ) -> Vec<Confusion> {
        let Some(asked) = self.asked else {
            return Vec::new();
        };
        let mut characters: HashMap<usize, usize> = HashMap::new();
        let mut candidates: HashMap<(usize, Pair), Candidate> = HashMap::new();
        for local in &locals {
            for (source, count) in &local.characters {
                *characters.entry(*source).or_default() += count;
            }
        }
        for (source, pair) in locals.into_iter().flat_map(|local| local.recurring) {
            let documents = self.sketch.count(key(source, pair));
            let rights = asked.rights(pair, characters[&source], documents);
            if !rights.is_empty() {
                candidates.entry((source, pair)).or_default().rights = rights;
            }
        }
        if candidates.is_empty() {
            return Vec::new();
        }
        read(asked, collection, &mut candidates, threads);
        let mut found: Vec<Confusion> = candidates
            .into_iter()
            .filter_map(|((source, wrong), candidate)| {
                let right = candidate.settle(asked, characters[&source])?;
                Some(Confusion {
                    source,
                    wrong: wrong.iter().collect(),
                    right: right.iter().collect(),
                    documents: candidate.documents,
                    times: candidate.times,
                    right_times: 0,
                    places: candidate.places,
                })
            })
            .collect();
        count_right(collection, &mut found, threads);
        found.retain(|c| c.right_times * PREVAILS <= c.times);
        found.sort_by(|a, b| {
            let key = |c: &Confusion| (usize::MAX - c.times, c.source);
            key(a).cmp(&key(b)).then_with(|| a.wrong.cmp(&b.wrong))
        });
        apart(found)
    }
}

/// Without those that only stand beside the wrong character of a more frequent one: 上迸 in 晚上迸行, where 迸行 is told of.
fn apart(found: Vec<Confusion>) -> Vec<Confusion> {
    let mut taken: HashSet<(usize, usize)> = HashSet::new();
    let mut kept = Vec::with_capacity(found.len());
    for confusion in found {
        let length = confusion.wrong.chars().next().map_or(0, char::len_utf8);
        let ends = |span: Span| [span.start(), span.start() + length];
        let is_taken = |(document, span): &&(usize, Span)| {
            ends(*span)
                .iter()
                .any(|at| taken.contains(&(*document, *at)))
        };
        let beside = confusion.places.iter().filter(is_taken).count();
        if beside * 2 >= confusion.places.len() {
            continue;
        }
        for (document, span) in &confusion.places {
            taken.extend(ends(*span).map(|at| (*document, at)));
        }
        kept.push(confusion);
    }
    kept
}

/// Which pairs may be among some: small enough to stay in the cache of the processor.
struct Filter(Vec<u64>);

impl Filter {
    /// Bits, a power of two.
    const BITS: u64 = 1 << 20;

    fn of<'p>(keys: impl Iterator<Item = &'p (usize, Pair)>) -> Self {
        let mut bits = vec![0; (Self::BITS / 64) as usize];
        for (_, pair) in keys {
            let (word, bit) = Self::place(*pair);
            bits[word] |= bit;
        }
        Self(bits)
    }

    fn place([a, b]: Pair) -> (usize, u64) {
        let bit = mix(join(u64::from(a), u64::from(b))) % Self::BITS;
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    fn may_have(&self, pair: Pair) -> bool {
        let (word, bit) = Self::place(pair);
        self.0[word] & bit != 0
    }
}

/// A pair that recurs, and what was seen of it.
#[derive(Clone, Default)]
struct Candidate {
    rights: Vec<Pair>,
    documents: usize,
    times: usize,
    places: Vec<(usize, Span)>,
    samples: Vec<Sample>,
    /// The document that was seen last.
    last: Option<usize>,
}

/// A place where a pair stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Sample {
    document: usize,
    at: usize,
    pair: Pair,
    before: Vec<char>,
    after: Vec<char>,
}

impl Sample {
    fn new(text: &str, pair: Pair, at: usize, document: usize) -> Self {
        let end = at + length(pair);
        let (before, after) = around(text, at..end, AROUND);
        Self {
            document,
            at,
            pair,
            before: text[at - before..at].chars().collect(),
            after: text[end..end + after].chars().collect(),
        }
    }
}

impl Candidate {
    /// The right pair, where one is far likelier in nearly all places, and the source has the wrong one about as often as the language has it.
    fn settle(&self, asked: Asked<'_>, characters: usize) -> Option<Pair> {
        if self.documents < NEEDED {
            return None;
        }
        let judged = self.rights.iter().filter_map(|right| {
            let mut gains: Vec<f32> = self
                .samples
                .iter()
                .map(|sample| asked.gain(sample, *right).unwrap_or(f32::NEG_INFINITY))
                .collect();
            gains.sort_by(f32::total_cmp);
            let kept = gains.get(gains.len() - (gains.len() * AGREE).div_ceil(10)..)?;
            let mean = kept.iter().sum::<f32>() / kept.len().max(1) as f32;
            let expected = asked.share(asked.ids(*right)).exp() * characters as f32;
            let apart = (self.times as f32 / expected).ln().abs();
            let agree = kept.first().is_some_and(|least| *least > 0.0);
            (agree && mean >= IN_PLACE && apart <= APART.ln()).then_some((mean, *right))
        });
        let best = judged.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        best.map(|(_, right)| right)
    }

    fn merge(&mut self, other: Self) {
        self.documents += other.documents;
        self.times += other.times;
        self.places.extend(other.places);
        self.places.sort_unstable();
        self.places.truncate(PLACES);
        self.samples.extend(other.samples);
        self.samples.sort_unstable();
        self.samples.truncate(SAMPLES);
    }
}

/// Looks for the candidates in all documents.
fn read(
    asked: Asked<'_>,
    collection: &dyn Collection,
    candidates: &mut HashMap<(usize, Pair), Candidate>,
    threads: usize,
) {
    let wanted: &HashMap<_, _> = candidates;
    let filter = Filter::of(wanted.keys());
    let work = |document: usize, seen: &mut HashMap<(usize, Pair), Candidate>| {
        let Some(text) = collection.text(document) else {
            return;
        };
        let source = collection.source(document);
        asked.unusual(&text, |pair, at| {
            let key = (source, pair);
            if !filter.may_have(pair) || !wanted.contains_key(&key) {
                return;
            }
            let seen = seen.entry(key).or_default();
            // a thread reads in ascending order, so it keeps its first ones
            if seen.last != Some(document) {
                seen.last = Some(document);
                seen.documents += 1;
                if seen.samples.len() < SAMPLES {
                    seen.samples.push(Sample::new(&text, pair, at, document));
                }
            }
            seen.times += 1;
            if seen.places.len() < PLACES {
                let place = Span::new(at, at + length(pair));
                seen.places.push((document, place));
            }
        });
    };
    let seen = each(collection.len(), threads, HashMap::new, work);
    for (key, one) in seen.into_iter().flatten() {
        if let Some(candidate) = candidates.get_mut(&key) {
            candidate.merge(one);
        }
    }
}

/// Counts how often the right words stand in their sources.
fn count_right(collection: &dyn Collection, found: &mut [Confusion], threads: usize) {
    if found.is_empty() {
        return;
    }
    let sought: &[Confusion] = found;
    let begin = || vec![0_usize; sought.len()];
    let counts = each(collection.len(), threads, begin, |document, counts| {
        let source = collection.source(document);
        let mut here = sought
            .iter()
            .zip(counts)
            .filter(|(c, _)| c.source == source)
            .peekable();
        if here.peek().is_none() {
            return;
        }
        let text = collection.text(document).unwrap_or_default();
        for (confusion, count) in here {
            *count += memchr::memmem::find_iter(text.as_bytes(), &confusion.right).count();
        }
    });
    for counts in counts {
        for (confusion, count) in found.iter_mut().zip(counts) {
            confusion.right_times += count;
        }
    }
}
