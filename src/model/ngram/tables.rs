//! The model before it is laid out.

use super::blocks::{Bigrams, Trigrams, VALUES};
use super::{GROUP, MIDDLE, STEP};
use crate::model::packed::join;

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
        let numbers = |numbers: &mut dyn Iterator<Item = u32>| {
            numbers.flat_map(u32::to_le_bytes).collect::<Vec<u8>>()
        };
        let bigram_start = numbers(&mut self.bigram_start.iter().copied());
        let trigram_start = numbers(&mut self.trigram_start.iter().copied().step_by(GROUP));
        let mut bigrams = Bigrams::blocks(&self.bigram_key, 2);
        for (at, &start) in self.trigram_start.iter().enumerate() {
            let rest = start - self.trigram_start[at - at % GROUP];
            let rest = u16::try_from(rest)
                .expect("64 bigrams have few trigrams each")
                .to_le_bytes();
            let log_prob = self.bigram.get(at).copied().unwrap_or(u8::MAX);
            let backoff = self.bigram_backoff.get(at).copied().unwrap_or(MIDDLE);
            bigrams[Bigrams::place(at, VALUES, 4)..][..4]
                .copy_from_slice(&[log_prob, backoff, rest[0], rest[1]]);
        }
        let mut trigrams = Trigrams::blocks(&self.trigram_key, 0);
        for (at, &log_prob) in self.trigram.iter().enumerate() {
            trigrams[Trigrams::place(at, VALUES, 1)] = log_prob;
        }
        join([
            &self.frequency,
            &self.unigram,
            &self.unigram_backoff,
            &bigram_start,
            &bigrams,
            &trigram_start,
            &trigrams,
        ])
    }
}
