//! Character trigrams: how likely is this character after those two?
//!
//! An interpolated modified Kneser–Ney model (Chen and Goodman 1999), pruned, in back-off form, log-probabilities in one byte each. A trigram
//! that was pruned is estimated from the bigram, times the back-off weight of the two characters before; a bigram likewise.
//!
//! The successors of a character, and of two, are sorted by their number with the bits reversed. Numbers go by frequency, and reversing
//! spreads each power of two evenly over the whole range: so a successor stands close to where its key says, and a look-up needs
//! two or three steps in a list of thousands (interpolation search), without any index.

use super::characters::{BOUNDARY, CharId};
use super::container::ModelError;
use super::packed::{U16s, U32s, sections};

pub(crate) const PART: &str = "ngram";
pub(crate) const VERSION: u32 = 1;

/// Nats per step of a quantised logarithm.
pub(crate) const STEP: f32 = 1.0 / 14.0;
/// The byte of a back-off weight of one.
const MIDDLE: u8 = 192;
/// Bigrams that share one absolute position in the list of trigrams.
pub(crate) const BLOCK: usize = 64;

/// Character n-grams. A view of the model file.
#[derive(Clone, Copy, Debug)]
pub struct Ngram<'a> {
    /// How common each character is, back-off probability of each character, and its weight as a context.
    frequency: &'a [u8],
    unigram: &'a [u8],
    unigram_backoff: &'a [u8],
    /// Where the successors of each character begin; one more entry than characters.
    bigram_start: U32s<'a>,
    bigram_key: U16s<'a>,
    bigram: &'a [u8],
    bigram_backoff: &'a [u8],
    /// Where the successors of each bigram begin: the position of its block of [`BLOCK`] bigrams, and the rest; one more entry than bigrams.
    trigram_block: U32s<'a>,
    trigram_start: U16s<'a>,
    trigram_key: U16s<'a>,
    trigram: &'a [u8],
}

/// The state of a scan: the last character and where the last two stand in the list of bigrams, if they do.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    last: CharId,
    bigram: Option<u32>,
}

impl<'a> Ngram<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let [
            frequency,
            unigram,
            unigram_backoff,
            bigram_start,
            bigram_key,
            bigram,
            bigram_backoff,
            trigram_block,
            trigram_start,
            trigram_key,
            trigram,
        ] = sections(body)?;
        Some(Ngram {
            frequency,
            unigram,
            unigram_backoff,
            bigram_start: U32s(bigram_start),
            bigram_key: U16s(bigram_key),
            bigram,
            bigram_backoff,
            trigram_block: U32s(trigram_block),
            trigram_start: U16s(trigram_start),
            trigram_key: U16s(trigram_key),
            trigram,
        })
    }

    pub(crate) fn check(self, characters: usize) -> Result<(), ModelError> {
        let damaged = |what| Err(ModelError::Damaged { part: PART, what });
        let (bigrams, trigrams) = (self.bigrams(), self.trigrams());
        let sizes = [
            self.frequency.len(),
            self.unigram.len(),
            self.unigram_backoff.len(),
            self.bigram_start.len().wrapping_sub(1),
        ] == [characters; 4]
            && [
                self.bigram.len(),
                self.bigram_backoff.len(),
                self.trigram_start.len().wrapping_sub(1),
            ] == [bigrams; 3]
            && self.trigram_block.len() == (bigrams + 1).div_ceil(BLOCK)
            && self.trigram.len() == trigrams;
        if !sizes {
            return damaged("its tables have the wrong size");
        }
        let bigram_starts = ascending(
            self.bigram_start.iter().map(|start| start as usize),
            bigrams,
        );
        let trigram_starts = ascending(
            &mut (0..=bigrams).map(|at| self.trigrams_from(at)),
            trigrams,
        );
        if !bigram_starts || !trigram_starts {
            return damaged("its lists overlap");
        }
        let known = |keys: U16s<'_>| {
            keys.iter()
                .all(|key| usize::from(key.reverse_bits()) < characters)
        };
        if !known(self.bigram_key) || !known(self.trigram_key) {
            return damaged("it holds a character that has no number");
        }
        Ok(())
    }

    /// How many bigrams the model holds.
    pub fn bigrams(self) -> usize {
        self.bigram_key.len()
    }

    /// How many trigrams the model holds.
    pub fn trigrams(self) -> usize {
        self.trigram_key.len()
    }

    #[inline]
    fn trigrams_from(self, bigram: usize) -> usize {
        self.trigram_block.get(bigram / BLOCK) as usize
            + usize::from(self.trigram_start.get(bigram))
    }

    #[inline]
    fn find_bigram(self, b: CharId, c: CharId) -> Option<u32> {
        let start = self.bigram_start.get(usize::from(b)) as usize;
        let end = self.bigram_start.get(usize::from(b) + 1) as usize;
        search(self.bigram_key.range(start, end), c.reverse_bits()).map(|at| (start + at) as u32)
    }

    /// How common a character is in the training text: ln of its share.
    #[inline]
    pub fn frequency(self, c: CharId) -> f32 {
        log(self.frequency, usize::from(c))
    }

    /// ln P(c) where nothing is known of what stands before. Not the share in the text: a character that follows only one other
    /// (萄 after 葡) is unlikely here.
    #[inline]
    pub fn unigram(self, c: CharId) -> f32 {
        log(self.unigram, usize::from(c))
    }

    /// ln P(c | b).
    #[inline]
    pub fn bigram(self, b: CharId, c: CharId) -> f32 {
        self.bigram_at(b, c, self.find_bigram(b, c))
    }

    #[inline]
    fn bigram_at(self, b: CharId, c: CharId, found: Option<u32>) -> f32 {
        match found {
            Some(at) => log(self.bigram, at as usize),
            None => backoff(self.unigram_backoff, usize::from(b)) + self.unigram(c),
        }
    }

    /// ln P(c | a b), in nats.
    #[inline]
    pub fn log_prob(self, a: CharId, b: CharId, c: CharId) -> f32 {
        self.step(
            Context {
                last: b,
                bigram: self.find_bigram(a, b),
            },
            c,
        )
        .0
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

    /// ln P(c) in a context, and the context after c. The fastest way through a text: the bigram found here is the context of the next step.
    #[inline]
    pub fn step(self, context: Context, c: CharId) -> (f32, Context) {
        let found = self.find_bigram(context.last, c);
        let next = Context {
            last: c,
            bigram: found,
        };
        let Some(bigram) = context.bigram.map(|bigram| bigram as usize) else {
            return (self.bigram_at(context.last, c, found), next);
        };
        let (start, end) = (self.trigrams_from(bigram), self.trigrams_from(bigram + 1));
        let log_prob = match search(self.trigram_key.range(start, end), c.reverse_bits()) {
            Some(at) => log(self.trigram, start + at),
            None => backoff(self.bigram_backoff, bigram) + self.bigram_at(context.last, c, found),
        };
        (log_prob, next)
    }

    /// The characters seen after `b`, with ln P(c | b), in no order of use.
    pub fn successors(self, b: CharId) -> impl Iterator<Item = (CharId, f32)> + 'a {
        let start = self.bigram_start.get(usize::from(b)) as usize;
        let end = self.bigram_start.get(usize::from(b) + 1) as usize;
        let keys = self.bigram_key.range(start, end);
        keys.iter()
            .enumerate()
            .map(move |(at, key)| (key.reverse_bits(), log(self.bigram, start + at)))
    }

    /// The characters seen after `a` and `b`, with ln P(c | a b), in no order of use. Those that the context makes likely are here or among
    /// the [`successors`](Self::successors) of `b`.
    pub fn successors_of_two(
        self,
        a: CharId,
        b: CharId,
    ) -> impl Iterator<Item = (CharId, f32)> + 'a {
        let (start, end) = match self.find_bigram(a, b) {
            Some(bigram) => (
                self.trigrams_from(bigram as usize),
                self.trigrams_from(bigram as usize + 1),
            ),
            None => (0, 0),
        };
        let keys = self.trigram_key.range(start, end);
        keys.iter()
            .enumerate()
            .map(move |(at, key)| (key.reverse_bits(), log(self.trigram, start + at)))
    }
}

/// Whether positions only grow, up to `end`.
fn ascending(mut starts: impl Iterator<Item = usize>, end: usize) -> bool {
    let mut last = 0;
    starts.all(|start| std::mem::replace(&mut last, start) <= start) && last == end
}

/// Where `key` stands in a list sorted by reversed numbers.
#[inline]
fn search(keys: U16s<'_>, key: u16) -> Option<usize> {
    let length = keys.len();
    if length == 0 {
        return None;
    }
    let mut at = (usize::from(key) * length) >> 16;
    let mut here = keys.get(at);
    while here < key {
        at += 1;
        if at == length {
            return None;
        }
        here = keys.get(at);
    }
    while here > key {
        if at == 0 {
            return None;
        }
        at -= 1;
        here = keys.get(at);
    }
    (here == key).then_some(at)
}

#[inline]
fn log(table: &[u8], at: usize) -> f32 {
    -STEP * f32::from(table.get(at).copied().unwrap_or(u8::MAX))
}

/// Back-off weights lie on both sides of zero: the byte counts steps from the middle.
#[inline]
fn backoff(table: &[u8], at: usize) -> f32 {
    STEP * (f32::from(table.get(at).copied().unwrap_or(MIDDLE)) - f32::from(MIDDLE))
}

/// The byte for a log-probability.
pub(crate) fn quantise(log_prob: f64) -> u8 {
    (-log_prob / f64::from(STEP)).round().clamp(0.0, 255.0) as u8
}

/// The byte for the logarithm of a back-off weight.
pub(crate) fn quantise_backoff(log_weight: f64) -> u8 {
    (log_weight / f64::from(STEP) + f64::from(MIDDLE))
        .round()
        .clamp(0.0, 255.0) as u8
}

/// The model before it is laid out; the fields are those of [`Ngram`].
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) frequency: Vec<u8>,
    pub(crate) unigram: Vec<u8>,
    pub(crate) unigram_backoff: Vec<u8>,
    pub(crate) bigram_start: Vec<u32>,
    pub(crate) bigram_key: Vec<u16>,
    pub(crate) bigram: Vec<u8>,
    pub(crate) bigram_backoff: Vec<u8>,
    pub(crate) trigram_start: Vec<u32>,
    pub(crate) trigram_key: Vec<u16>,
    pub(crate) trigram: Vec<u8>,
}

impl Tables {
    /// Lays the part out.
    ///
    /// # Panics
    /// If 64 bigrams in a row have more than 65,535 trigrams together.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let bytes16 = |numbers: &[u16]| {
            numbers
                .iter()
                .flat_map(|number| number.to_le_bytes())
                .collect::<Vec<u8>>()
        };
        let bytes32 = |numbers: &[u32]| {
            numbers
                .iter()
                .flat_map(|number| number.to_le_bytes())
                .collect::<Vec<u8>>()
        };
        let blocks: Vec<u32> = self.trigram_start.iter().copied().step_by(BLOCK).collect();
        let starts: Vec<u16> = self
            .trigram_start
            .chunks(BLOCK)
            .flat_map(|block| block.iter().map(move |start| start - block[0]))
            .map(|rest| u16::try_from(rest).expect("64 bigrams have few trigrams each"))
            .collect();
        super::packed::join([
            &self.frequency,
            &self.unigram,
            &self.unigram_backoff,
            &bytes32(&self.bigram_start),
            &bytes16(&self.bigram_key),
            &self.bigram,
            &self.bigram_backoff,
            &bytes32(&blocks),
            &bytes16(&starts),
            &bytes16(&self.trigram_key),
            &self.trigram,
        ])
    }
}
