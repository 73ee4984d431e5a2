//! A survey whose work is spread over the workers of an engine (Spark, Ray, a database): what is
//! read from each text, and what is judged of the groups that the engine made. The engine counts
//! and groups; it is told nothing of Chinese.
//!
//! 1. [`line_keys`] of each text; the engine counts in how many documents of a source each stands,
//!    and keeps those that recur ([`needed`]).
//! 2. With those, a [`Reader`] gives the [`Signed`] of each text and its [`RecurringLine`]s.
//!    Documents with the same whole are copies to the letter; documents that meet in a band, or in
//!    a fingerprint, are candidates.
//! 3. The [`Reader`] lays the texts of two candidates side by side: [`Reader::alike`],
//!    [`Reader::passages`].
//!
//! What comes of it is what [`survey`](super::survey) finds of lines, copies and passages.

use std::collections::{HashMap, HashSet};

use super::boilerplate::{self, Counted, Counts, Line, Recurring, Scratch, of_source};
use super::comparable::{Body, Fold, Rolling};
use super::duplicates::{BANDS, CANDIDATE, band, likeness};
use super::passages::{Hit, Passage, grow};
use super::signature::{RUN, SHINGLE, Signature, prints};

pub use super::boilerplate::{CountedLine, RecurringLine};

/// In how many documents of a source of so many a line stands before it recurs.
#[must_use]
pub fn needed(documents: usize) -> usize {
    boilerplate::needed(documents)
}

/// The keys of the lines of a text, each once. They are the same in every source.
#[must_use]
pub fn line_keys(text: &str) -> Vec<u64> {
    let mut scratch = Scratch::default();
    let mut keys = scratch.keys_of(Fold::new(), text);
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The lines that recur, the most frequent first, of what the engine counted; a line's source is a
/// number in `sources`, which come with their documents.
#[must_use]
pub fn settle(counted: Vec<CountedLine>, sources: &[(String, usize)]) -> Vec<Line> {
    let number: HashMap<&str, usize> = sources
        .iter()
        .enumerate()
        .map(|(i, (name, _))| (name.as_str(), i))
        .collect();
    let mut counts = Counts::default();
    for line in counted {
        if let Some(source) = number.get(line.source.as_str()) {
            counts.put(*source, line);
        }
    }
    let (names, documents): (Vec<String>, Vec<usize>) = sources.iter().cloned().unzip();
    boilerplate::settle(vec![counts], &names, &documents)
}

/// What is compared of a document instead of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Comparable characters.
    pub characters: u32,
    /// A hash of them all; 0 where the text is too short to be compared.
    pub whole: u64,
    /// Two documents that are alike meet in one of these at least: the hash of the n-th of one is
    /// that of the n-th of the other. Empty where the text is too short.
    pub bands: Vec<u64>,
    /// Fingerprints, each with the byte at which it stands; of those that are the same the first.
    pub prints: Vec<(u64, u32)>,
}

/// Reads texts without what recurs in their sources.
pub struct Reader {
    recurring: Recurring,
    sources: HashMap<String, usize>,
    fold: Fold,
    shingles: Rolling<SHINGLE>,
    runs: Rolling<RUN>,
}

impl Reader {
    /// A reader that knows the keys of the lines which recur in each source.
    pub fn new<'s>(recurring: impl IntoIterator<Item = (&'s str, u64)>) -> Self {
        let mut sources: HashMap<String, usize> = HashMap::new();
        let mut keys = HashSet::new();
        for (source, key) in recurring {
            let next = sources.len();
            let number = *sources.entry(source.to_owned()).or_insert(next);
            keys.insert(of_source(key, number as u64));
        }
        Self {
            recurring: Recurring::known(Counted::Exactly(keys), sources.len()),
            sources,
            fold: Fold::new(),
            shingles: Rolling::new(),
            runs: Rolling::new(),
        }
    }

    fn body(&self, text: &str, source: &str, scratch: &mut Scratch, body: &mut Body) {
        let source = self.sources.get(source).copied().unwrap_or(usize::MAX - 1);
        self.recurring.body(self.fold, text, source, scratch, body);
    }

    /// The signature of a text.
    #[must_use]
    pub fn sign(&self, text: &str, source: &str) -> Signed {
        let mut body = Body::default();
        self.body(text, source, &mut Scratch::default(), &mut body);
        let signature = Signature::of(&body, &self.shingles);
        let bands = if signature.whole == 0 { 0 } else { BANDS };
        let mut seen = HashSet::new();
        let mut list = Vec::new();
        prints(&body, &self.runs, |at, hash| {
            if seen.insert(hash) {
                list.push((hash, body.at[at]));
            }
        });
        Signed {
            characters: signature.characters,
            whole: signature.whole,
            bands: (0..bands).map(|n| band(&signature, n)).collect(),
            prints: list,
        }
    }

    /// The lines of a text that recur in its source, each once.
    #[must_use]
    pub fn lines(&self, text: &str, source: &str) -> Vec<RecurringLine> {
        let mut scratch = Scratch::default();
        self.body(text, source, &mut scratch, &mut Body::default());
        scratch.recurring_lines(text)
    }

    /// How alike two texts are that met in a band, where they are copies; each with its source.
    #[must_use]
    pub fn alike(&self, texts: [(&str, &str); 2]) -> Option<f32> {
        let bodies = self.bodies(texts);
        let [one, other] = [0, 1].map(|i| Signature::of(&bodies[i], &self.shingles));
        (one.alike(&other) >= CANDIDATE)
            .then(|| likeness(&bodies, &mut [Vec::new(), Vec::new()]))
            .flatten()
    }

    /// The passages that two texts share, of the places where they have a fingerprint in common;
    /// each text with its source.
    #[must_use]
    pub fn passages(&self, texts: [(&str, &str); 2], meetings: &[[u32; 2]]) -> Vec<Passage> {
        let [one, other] = self.bodies(texts);
        let documents = [0, 1];
        let hit = |at: &[u32; 2]| Hit { documents, at: *at };
        let mut hits: Vec<Hit> = meetings.iter().map(hit).collect();
        Hit::thin(&mut hits);
        hits.sort_unstable();
        let mut found = Vec::new();
        grow(
            &hits,
            [(texts[0].0, &one), (texts[1].0, &other)],
            &mut found,
        );
        found.sort_unstable();
        found.dedup();
        found
    }

    fn bodies(&self, texts: [(&str, &str); 2]) -> [Body; 2] {
        texts.map(|(text, source)| {
            let mut body = Body::default();
            self.body(text, source, &mut Scratch::default(), &mut body);
            body
        })
    }
}
