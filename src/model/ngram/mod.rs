//! Character trigrams: how likely is this character after those two?
//!
//! An interpolated modified Kneser–Ney model (Chen and Goodman 1999), pruned, in back-off form,
//! log-probabilities in one byte each. A trigram that was pruned is estimated from the bigram,
//! times the back-off weight of the two characters before; a bigram likewise.
//!
//! The successors of a character, and of two, are sorted by their number with the bits reversed.
//! Numbers go by frequency, and reversing spreads each power of two evenly over the whole range: so
//! a successor stands close to where its key says, and a look-up compares a few keys even in a list
//! of thousands (interpolation search), without any index.

mod blocks;
mod tables;

use std::hint::select_unpredictable;
use std::ops::Range;

use super::characters::{BOUNDARY, CharId};
use super::container::ModelError;
use super::packed::{U32s, sections};
use blocks::{BIGRAMS, Bigrams, LANES, Probe, TRIGRAMS, Trigrams, VALUES, lanes, reversed, up_to};
#[cfg_attr(not(feature = "train"), allow(unused_imports, reason = "for training"))]
pub(crate) use tables::{Tables, quantise, quantise_backoff};

pub(crate) const PART: &str = "ngram";
pub(crate) const VERSION: u32 = 1;

/// Nats per step of a quantised logarithm.
pub(crate) const STEP: f32 = 1.0 / 14.0;
/// The byte of a back-off weight of one.
const MIDDLE: u8 = 192;
/// Characters of a scan that are looked up together.
const AT_ONCE: usize = 64;
/// Bigrams that share one absolute position in the list of trigrams.
const GROUP: usize = 64;

/// Character n-grams. A view of the model file.
#[derive(Clone, Copy, Debug)]
pub struct Ngram<'a> {
    /// How common each character is, back-off probability of each character, and its weight as a
    /// context.
    frequency: &'a [u8],
    unigram: &'a [u8],
    unigram_backoff: &'a [u8],
    /// Where the successors of each character begin; one more entry than characters.
    bigram_start: U32s<'a>,
    /// Two more than there are: the first of them is what a bigram that is not there leads to.
    bigrams: &'a [[u8; BIGRAMS]],
    /// Where the trigrams of each group of bigrams begin.
    trigram_start: U32s<'a>,
    trigrams: &'a [[u8; TRIGRAMS]],
}

/// The state of a scan: the last character, and where the last two stand in the list of bigrams.
/// Those that do not stand there have the place after the last one, where there is a bigram without
/// successors: one case less to tell apart.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    last: CharId,
    bigram: usize,
}

impl<'a> Ngram<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let [
            frequency,
            unigram,
            unigram_backoff,
            bigram_start,
            bigrams,
            trigram_start,
            trigrams,
        ] = sections(body)?;
        let (bigrams, []) = bigrams.as_chunks() else {
            return None;
        };
        let (trigrams, []) = trigrams.as_chunks() else {
            return None;
        };
        Some(Ngram {
            frequency,
            unigram,
            unigram_backoff,
            bigram_start: U32s(bigram_start),
            bigrams,
            trigram_start: U32s(trigram_start),
            trigrams,
        })
    }

    pub(crate) fn check(self, characters: usize) -> Result<(), ModelError> {
        let damaged = |what| Err(ModelError::Damaged { part: PART, what });
        let sizes = [
            self.frequency.len(),
            self.unigram.len(),
            self.unigram_backoff.len(),
            self.bigram_start.len().wrapping_sub(1),
        ] == [characters; 4]
            && Bigrams::fits(self.bigrams, self.bigrams() + 2)
            && self.trigram_start.len() == (self.bigrams() + 2).div_ceil(GROUP)
            && Trigrams::fits(self.trigrams, self.trigrams());
        if !sizes {
            return damaged("its tables have the wrong size");
        }
        let bigram_starts = self.bigram_start.iter().map(|start| start as usize);
        let trigram_starts = (0..=self.bigrams() + 1).map(|bigram| self.trigrams_from(bigram));
        if !ascending(bigram_starts) || !ascending(trigram_starts) {
            return damaged("its lists overlap");
        }
        let known = |key: u16| usize::from(reversed(key)) < characters;
        let bigrams_known = (0..self.bigrams()).all(|at| known(Bigrams::key(self.bigrams, at)));
        if !bigrams_known || !(0..self.trigrams()).all(|at| known(Trigrams::key(self.trigrams, at)))
        {
            return damaged("it holds a character that has no number");
        }
        Ok(())
    }

    /// How many bigrams the model holds.
    #[inline]
    pub fn bigrams(self) -> usize {
        self.bigram_start.get(self.unigram.len()) as usize
    }

    /// How many trigrams the model holds.
    pub fn trigrams(self) -> usize {
        self.trigrams_from(self.bigrams())
    }

    /// Log-probability, back-off weight and start of the trigrams of a bigram, as they are stored.
    #[inline]
    fn record(self, bigram: usize) -> [u8; 4] {
        let Some(block) = self.bigrams.get(bigram / LANES) else {
            return [0; 4];
        };
        block[VALUES..].as_chunks().0[bigram % LANES]
    }

    /// Where the trigrams of a bigram begin.
    #[inline]
    fn trigrams_from(self, bigram: usize) -> usize {
        let [_, _, low, high] = self.record(bigram);
        self.trigram_start.get(bigram / GROUP) as usize
            + usize::from(u16::from_le_bytes([low, high]))
    }

    #[inline]
    fn trigrams_of(self, bigram: usize) -> Range<usize> {
        self.trigrams_from(bigram)..self.trigrams_from(bigram + 1)
    }

    #[inline]
    fn trigram_at(self, trigram: usize) -> f32 {
        let block = self.trigrams.get(trigram / LANES);
        unquantise(block.map_or(u8::MAX, |block| block[VALUES + trigram % LANES]))
    }

    #[inline]
    fn bigrams_of(self, b: CharId) -> Range<usize> {
        let [start, end] = self.bigram_start.pair(usize::from(b));
        start as usize..end as usize
    }

    /// Where two characters stand in the list of bigrams; the place after the last one if they do
    /// not.
    #[inline]
    pub(crate) fn find_bigram(self, b: CharId, c: CharId) -> usize {
        Bigrams::search(self.bigrams, self.bigrams_of(b), reversed(c)).unwrap_or(self.bigrams())
    }

    /// How common a character is in the training text: ln of its share.
    #[inline]
    pub fn frequency(self, c: CharId) -> f32 {
        log(self.frequency, usize::from(c))
    }

    /// ln P(c) where nothing is known of what stands before. Not the share in the text: a character
    /// that follows only one other (萄 after 葡) is unlikely here.
    #[inline]
    pub fn unigram(self, c: CharId) -> f32 {
        log(self.unigram, usize::from(c))
    }

    /// ln P(c | b).
    #[inline]
    pub fn bigram(self, b: CharId, c: CharId) -> f32 {
        self.bigram_at(b, c, self.find_bigram(b, c))
    }

    /// ln P(c | b), where b c stands at `found`.
    #[inline]
    pub(crate) fn bigram_at(self, b: CharId, c: CharId, found: usize) -> f32 {
        let weight = self
            .unigram_backoff
            .get(usize::from(b))
            .copied()
            .unwrap_or(MIDDLE);
        let lower = unquantise_backoff(weight) + self.unigram(c);
        let own = unquantise(self.record(found)[0]);
        if found < self.bigrams() { own } else { lower }
    }

    /// ln P(c | a b), in nats.
    #[inline]
    pub fn log_prob(self, a: CharId, b: CharId, c: CharId) -> f32 {
        self.step(self.context(a, b), c).0
    }

    /// The state before the first character of a paragraph.
    #[inline]
    pub fn start(self) -> Context {
        self.context(BOUNDARY, BOUNDARY)
    }

    /// The state after two characters.
    #[inline]
    pub fn context(self, a: CharId, b: CharId) -> Context {
        Context {
            last: b,
            bigram: self.find_bigram(a, b),
        }
    }

    /// ln P(c) in a context, and the context after c. The fastest way through a text: the bigram
    /// found here is the context of the next step.
    ///
    /// Whether an n-gram is there cannot be foretold, so both ways are computed and one is chosen:
    /// a wrong guess of the processor would cost more than the reads.
    #[inline]
    pub fn step(self, context: Context, c: CharId) -> (f32, Context) {
        let found = self.find_bigram(context.last, c);
        (
            self.after(context.bigram, context.last, c, found),
            Context {
                last: c,
                bigram: found,
            },
        )
    }

    /// ln P(c) after the bigram at `context`, which ends with `b`; `found` is where b c stands.
    /// Whoever asks for many characters finds the bigrams of all of them first: then no look-up
    /// waits for the one before.
    #[inline]
    pub(crate) fn after(self, context: usize, b: CharId, c: CharId, found: usize) -> f32 {
        let weight = unquantise_backoff(self.record(context)[1]);
        let lower = weight + self.bigram_at(b, c, found);
        let trigrams = self.trigrams_of(context);
        if trigrams.is_empty() {
            return lower;
        }
        let at = Trigrams::search(self.trigrams, trigrams, reversed(c));
        let own = self.trigram_at(at.unwrap_or(0));
        select_unpredictable(at.is_some(), own, lower)
    }

    /// ln P of each character of a paragraph after the two before it, over what `log_probs` held.
    /// Faster than one [`step`](Self::step) after the other: what many characters need is fetched
    /// before any of it is looked at, so that no read waits for the one before.
    #[inline(never)] // its instructions are counted
    pub fn scan(self, ids: &[CharId], log_probs: &mut Vec<f32>) {
        log_probs.clear();
        log_probs.reserve(ids.len());
        let mut probes = [Probe::default(); AT_ONCE];
        let mut pairs = [0; AT_ONCE + 1];
        let mut last = BOUNDARY;
        pairs[0] = self.find_bigram(BOUNDARY, BOUNDARY);
        for some in ids.chunks(AT_ONCE) {
            let mut before = last;
            for (probe, &id) in probes.iter_mut().zip(some) {
                *probe = Bigrams::probe(self.bigrams, self.bigrams_of(before), reversed(id));
                before = id;
            }
            for (pair, probe) in pairs[1..].iter_mut().zip(&probes[..some.len()]) {
                let found = Bigrams::settle(self.bigrams, probe);
                *pair = found.unwrap_or(self.bigrams());
            }
            for ((probe, &pair), &id) in probes.iter_mut().zip(&pairs).zip(some) {
                *probe = Trigrams::probe(self.trigrams, self.trigrams_of(pair), reversed(id));
            }
            for ((probe, pair), &id) in probes.iter().zip(pairs.windows(2)).zip(some) {
                let weight = unquantise_backoff(self.record(pair[0])[1]);
                let lower = weight + self.bigram_at(last, id, pair[1]);
                let found = Trigrams::settle(self.trigrams, probe);
                log_probs.push(found.map_or(lower, |at| self.trigram_at(at)));
                last = id;
            }
            pairs[0] = pairs[some.len()];
        }
    }

    /// The characters seen after `b`, with ln P(c | b), in no order of use.
    pub fn successors(self, b: CharId) -> impl Iterator<Item = (CharId, f32)> + 'a {
        self.bigrams_of(b).map(move |at| {
            let key = Bigrams::key(self.bigrams, at);
            (reversed(key), unquantise(self.record(at)[0]))
        })
    }

    /// The characters seen after `a` and `b`, with ln P(c | a b), in no order of use. Those that
    /// the context makes likely are here or among the [`successors`](Self::successors) of `b`.
    pub fn successors_of_two(
        self,
        a: CharId,
        b: CharId,
    ) -> impl Iterator<Item = (CharId, f32)> + 'a {
        self.likely_after(a, b, f32::NEG_INFINITY)
    }

    /// Those of them that are at least so likely.
    pub(crate) fn likely_after(
        self,
        a: CharId,
        b: CharId,
        least: f32,
    ) -> impl Iterator<Item = (CharId, f32)> + 'a {
        // most are not: their bytes are compared, and nothing else of them is read
        let most = steps(least);
        let Range { start, end } = self.trigrams_of(self.find_bigram(a, b));
        let first = start / LANES;
        let blocks = self.trigrams.get(first..end.div_ceil(LANES));
        let blocks = (first..).zip(blocks.unwrap_or_default());
        blocks.flat_map(move |(number, block)| {
            let likely = up_to(block, most);
            lanes(likely, number, &(start..end)).map(move |lane| {
                let key = block.as_chunks().0[lane % LANES];
                let log_prob = unquantise(block[VALUES + lane % LANES]);
                (reversed(u16::from_le_bytes(key)), log_prob)
            })
        })
    }
}

/// The steps below zero of log-probabilities that are at least so great.
fn steps(least: f32) -> u8 {
    (-least / STEP).clamp(0.0, 255.0) as u8
}

/// Whether positions only grow.
fn ascending(starts: impl Iterator<Item = usize>) -> bool {
    let mut last = 0;
    starts
        .into_iter()
        .all(|start| std::mem::replace(&mut last, start) <= start)
}

#[inline]
fn log(table: &[u8], at: usize) -> f32 {
    unquantise(table.get(at).copied().unwrap_or(u8::MAX))
}

#[inline]
fn unquantise(byte: u8) -> f32 {
    -STEP * f32::from(byte)
}

/// Back-off weights lie on both sides of zero: the byte counts steps from the middle.
#[inline]
fn unquantise_backoff(byte: u8) -> f32 {
    STEP * (f32::from(byte) - f32::from(MIDDLE))
}
