//! Wrong words that a source writes again and again, where the right one hardly stands in it: the
//! habit of a recogniser (关健 for 关键 on every page), or of whoever replaced too much. In a
//! single document such a word looks like a name, and is left alone.
//!
//! 1. Pairs of characters that are unusual in the language are counted by document, in a sketch.
//! 2. Of those that recur, a look-alike or sound-alike of either character must make a usual pair,
//!    which the source ought to have some times.
//! 3. The places are read with the one and with the other: in nine of ten the other must be far
//!    likelier, and a word of the lexicon.
//! 4. The right pair is counted: a name that only looks like a wrong word stands beside the word it
//!    looks like.
//! 5. A source whose language the model does not know (medicine of old, verse, another script) has
//!    pairs in plenty for which something usual would be likelier. So all of this is done with
//!    characters, too, that neither look nor sound like the written one: as many of these as pass,
//!    others pass by chance (target and decoy, Elias and Gygi 2007).

mod asked;
mod candidates;
mod sample;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Collection;
use super::comparable::{join, mix};
use super::sketch::Sketch;
use crate::model::Model;
use crate::text::Span;
use asked::{Asked, Ranks, Right};
use candidates::Candidate;
pub(crate) use candidates::{Search, Seen};

/// Documents of a source that have a pair before it is looked at: so many at least, and one in so
/// many.
const NEEDED: usize = 6;
const SHARE: usize = 200;
/// The wrong pair stands so many times as often as the right one.
const PREVAILS: usize = 4;
/// So many decoys say that the model does not know the language of a source, also one to so many
/// candidates, unless they are few; nats by which a candidate must be better than the best of
/// fewer.
const UNKNOWN: usize = 10;
const AMONG: usize = 3;
const FEW: usize = 3;
const BETTER: f32 = 2.0;
/// Nats by which the places of a candidate read better at least.
const SURE: f32 = 8.0;
/// Pairs that are looked for, those of most documents, of all sources together and of each at
/// least: what is seen of them is held in memory.
const MOST: usize = 24_000;
const LEAST: usize = 200;
/// One of so many pairs that recur has a form of another script: the source is written in that.
const FOREIGN: usize = 5;

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

/// The key of a pair of a source.
fn key(source: usize, pair: Pair) -> u64 {
    let [a, b] = pair.map(u64::from);
    mix(join(join(source as u64 + 1, a), b))
}

/// Unusual pairs on their way through the second pass over a collection.
pub(crate) struct Counted<'m> {
    asked: Option<Asked<'m>>,
    sketch: Sketch,
    /// Documents that each source needs.
    needed: Vec<usize>,
}

/// Keys that are remembered.
const RECENT: usize = 1 << 13;

/// What one thread keeps.
#[derive(Default)]
pub(crate) struct Local {
    pairs: Vec<Pair>,
    recurring: HashSet<(u32, Pair)>,
    /// Keys of some of these, so that most are not looked up again.
    recent: Vec<u64>,
    /// Characters of each source.
    characters: HashMap<usize, usize>,
}

impl<'m> Counted<'m> {
    /// Nothing yet, of sources with so many documents.
    pub(crate) fn new(model: &'m Model, bytes: u64, documents: &[usize]) -> Self {
        Self {
            asked: Asked::of(model),
            sketch: Sketch::new(bytes / 32),
            needed: documents.iter().map(|n| (n / SHARE).max(NEEDED)).collect(),
        }
    }

    /// Counts the pairs of a document.
    pub(crate) fn take(&self, text: &str, source: usize, local: &mut Local) {
        let Some(asked) = self.asked else { return };
        local.recent.resize(RECENT, 0);
        // a character of Chinese has three bytes
        *local.characters.entry(source).or_default() += text.len() / 3;
        local.pairs.clear();
        asked.unusual(text, |pair| local.pairs.push(pair));
        local.pairs.sort_unstable();
        local.pairs.dedup();
        for pair in &local.pairs {
            let key = key(source, *pair);
            self.sketch.add(key);
            if self.sketch.count(key) >= self.needed[source] {
                let recent = &mut local.recent[key as usize % RECENT];
                if *recent != key {
                    *recent = key;
                    local.recurring.insert((source as u32, *pair));
                }
            }
        }
    }

    /// What is to be looked for, of what recurs.
    pub(crate) fn search(self, locals: Vec<Local>) -> Option<Search<'m>> {
        let asked = self.asked?;
        let mut characters: HashMap<usize, usize> = HashMap::new();
        for local in &locals {
            for (source, count) in &local.characters {
                *characters.entry(*source).or_default() += count;
            }
        }
        let mut foreign: HashMap<u32, [usize; 2]> = HashMap::new();
        for (source, pair) in locals.iter().flat_map(|local| &local.recurring) {
            let [of, all] = foreign.entry(*source).or_default();
            *of += usize::from(asked.is_foreign(*pair));
            *all += 1;
        }
        let mut recurring: BTreeMap<u32, Vec<(usize, Pair)>> = BTreeMap::new();
        for (source, pair) in locals.into_iter().flat_map(|local| local.recurring) {
            let [of, all] = foreign[&source];
            if of * FOREIGN <= all {
                let documents = self.sketch.count(key(source as usize, pair));
                recurring.entry(source).or_default().push((documents, pair));
            }
        }
        let ranks = Ranks::of(asked);
        let most = (MOST / recurring.len().max(1)).max(LEAST);
        let mut rights: HashMap<(u32, Pair), Vec<Right>> = HashMap::new();
        for (source, mut pairs) in recurring {
            pairs.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
            // two threads may have seen the same
            pairs.dedup();
            let characters = characters[&(source as usize)];
            let likely = pairs.into_iter().filter_map(|(documents, pair)| {
                let of = asked.rights(pair, characters, documents, &ranks);
                let any = of.iter().any(|right| !right.is_decoy);
                any.then_some(((source, pair), of))
            });
            rights.extend(likely.take(most));
        }
        (!rights.is_empty()).then(|| Search::new(asked, rights, characters))
    }
}

/// The wrong words of what a search has seen.
pub(crate) fn settle(
    collection: &dyn Collection,
    search: &Search<'_>,
    seen: Vec<Seen>,
    threads: usize,
) -> Vec<Confusion> {
    let mut judged = search.judge(seen);
    // where decoys abound it is not worth a look at the right pairs
    let mut decoys: HashMap<usize, usize> = HashMap::new();
    for candidate in judged.iter().filter(|candidate| candidate.is_decoy) {
        *decoys.entry(candidate.source).or_default() += 1;
    }
    judged.retain(|c| decoys.get(&c.source).is_none_or(|n| *n < 4 * UNKNOWN));
    candidates::count_right(collection, &mut judged, threads);
    judged.retain(|candidate| candidate.right_times * PREVAILS <= candidate.times);
    let mut found = not_by_chance(judged);
    candidates::find_places(collection, &mut found, threads);
    let told = found.into_iter().map(|candidate| Confusion {
        source: candidate.source,
        wrong: candidate.wrong.iter().collect(),
        right: candidate.right.iter().collect(),
        documents: candidate.documents,
        times: candidate.times,
        right_times: candidate.right_times,
        places: candidate.places,
    });
    let mut told: Vec<_> = told.collect();
    told.sort_by(|a, b| {
        let key = |c: &Confusion| (usize::MAX - c.times, c.source);
        key(a).cmp(&key(b)).then_with(|| a.wrong.cmp(&b.wrong))
    });
    apart(told)
}

/// Of each source the candidates that are better than any decoy; none where so many decoys pass
/// that the model does not know its language.
fn not_by_chance(mut judged: Vec<Candidate>) -> Vec<Candidate> {
    judged.sort_by(|a, b| {
        let order = a.source.cmp(&b.source).then(b.gain.total_cmp(&a.gain));
        order.then_with(|| (b.is_decoy, a.wrong).cmp(&(a.is_decoy, b.wrong)))
    });
    let mut kept = Vec::new();
    while let Some(first) = judged.first() {
        let source = first.source;
        let rest = judged.split_off(judged.partition_point(|c| c.source == source));
        let decoys = by_chance(&judged);
        let targets = judged.iter().filter(|c| !c.is_decoy).count();
        let many = decoys.len() >= FEW && decoys.len() * AMONG >= targets;
        if !many && decoys.len() < UNKNOWN {
            let least = decoys.first().map_or(SURE, |best| SURE.max(best + BETTER));
            kept.extend(
                judged
                    .into_iter()
                    .filter(|c| !c.is_decoy && c.gain >= least),
            );
        }
        judged = rest;
    }
    kept
}

/// The gains of the decoys of a source, best first. What stands beside the wrong character of a
/// better candidate is none: 新枝 in 新枝术.
fn by_chance(judged: &[Candidate]) -> Vec<f32> {
    let mut wrong: HashSet<char> = HashSet::new();
    let mut gains = Vec::new();
    for candidate in judged {
        if !candidate.is_decoy {
            wrong.extend(candidate.wrong);
        } else if !candidate.wrong.iter().any(|c| wrong.contains(c)) {
            gains.push(candidate.gain);
        }
    }
    gains
}

/// Without those that only stand beside the wrong character of a more frequent one: 上迸 in
/// 晚上迸行, where 迸行 is told of.
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

#[cfg(test)]
mod tests {
    use super::{Candidate, not_by_chance};

    fn candidate(wrong: [char; 2], gain: f32, is_decoy: bool) -> Candidate {
        Candidate {
            source: 3,
            wrong,
            right: ['关', '键'],
            is_decoy,
            gain,
            documents: 20,
            times: 40,
            right_times: 0,
            places: Vec::new(),
        }
    }

    fn kept(candidates: Vec<Candidate>) -> Vec<[char; 2]> {
        let kept = not_by_chance(candidates);
        kept.into_iter().map(|candidate| candidate.wrong).collect()
    }

    #[test]
    fn what_is_hardly_better_than_a_decoy_is_not_told() {
        let candidates = vec![
            candidate(['关', '健'], 15.0, false),
            candidate(['己', '经'], 14.0, false),
            candidate(['水', '二'], 12.5, false),
            candidate(['未', '来'], 12.0, false),
            candidate(['汤', '方'], 11.0, true),
        ];
        assert_eq!(kept(candidates), [['关', '健'], ['己', '经']]);
    }

    #[test]
    fn decoys_in_plenty_say_that_the_language_is_not_known() {
        let mut candidates = vec![candidate(['关', '健'], 15.0, false)];
        for c in ['甲', '乙', '丙'] {
            candidates.push(candidate([c, '汤'], 5.0, true));
        }
        assert!(kept(candidates).is_empty());
    }

    #[test]
    fn a_decoy_beside_a_wrong_character_is_none() {
        let candidates = vec![
            candidate(['枝', '术'], 15.0, false),
            candidate(['新', '枝'], 14.0, true),
        ];
        assert_eq!(kept(candidates), [['枝', '术']]);
    }
}
