//! Corrections of single characters, with calibrated probabilities: the noisy channel weighed by fitted trees and by the document's own
//! error rate.

use std::sync::LazyLock;

use super::Model;
use super::channel::{AsCounted, Channel, Gate, KINDS, Prior, Scratch, Suspect, WIDTH, settle};
use super::recurrence;
use super::trees::{Trees, probability};

pub(crate) const PART: &str = "spelling";
pub(crate) const VERSION: u32 = 2;
/// Bytes before the trees: the four numbers of [`Prior`].
const HEAD: usize = 16;

/// A document is read closely if its error rate seems this many times the expected one.
const DIRTY: f32 = 1.0;

/// A character that is probably wrong, and what is right.
#[derive(Clone, Copy, Debug)]
pub struct Correction {
    /// The number of the paragraph, in the order given.
    pub paragraph: usize,
    /// Where the character begins, in bytes of the paragraph.
    pub start: usize,
    /// The character in the text.
    pub wrong: char,
    /// What is right.
    pub right: char,
    /// How probable it is that the character is wrong.
    pub probability: f32,
    /// The evidence, in the order of [`EVIDENCE`](super::channel::EVIDENCE).
    pub row: [f32; WIDTH],
}

/// Finds confused characters.
#[derive(Clone, Copy, Debug)]
pub struct Speller<'m> {
    channel: Channel<'m>,
    trees: Trees<'m>,
    prior: Prior,
}

impl<'m> Speller<'m> {
    /// The speller of a model; `None` if the model was not fitted for spelling.
    pub fn of(model: &'m Model) -> Option<Self> {
        let channel = Channel::of(model)?;
        let (head, trees) = model.part(PART)?.split_at_checked(HEAD)?;
        let number = |i: usize| {
            head.get(4 * i..)?
                .first_chunk::<4>()
                .map(|b| f32::from_le_bytes(*b))
        };
        let prior = Prior {
            fitted: [number(0)?, number(1)?],
            start: number(2)?,
            weight: number(3)?,
        };
        let trees = Trees::read(trees).ok().filter(|t| t.features() == WIDTH)?;
        Some(Self {
            channel,
            trees,
            prior,
        })
    }

    /// The speller of a model in use: the embedded model's is made once.
    pub fn ready(model: &'m Model) -> Option<Self> {
        static EMBEDDED: LazyLock<Option<Speller<'static>>> =
            LazyLock::new(|| Speller::of(Model::embedded()));
        if std::ptr::eq(model, Model::embedded()) {
            return *EMBEDDED;
        }
        Self::of(model)
    }

    /// The part of a model file.
    pub(crate) fn encode(prior: &Prior, trees: &[u8]) -> Vec<u8> {
        let mut part: Vec<u8> = [prior.fitted[0], prior.fitted[1], prior.start, prior.weight]
            .iter()
            .flat_map(|n| n.to_le_bytes())
            .collect();
        part.extend_from_slice(trees);
        part
    }

    /// The same with another prior, to try one.
    #[must_use]
    pub fn with_prior(self, prior: Prior) -> Self {
        Self { prior, ..self }
    }

    /// The prior over error rates.
    pub fn prior(&self) -> Prior {
        self.prior
    }

    /// The corrections of a document whose probability is at least `least`, in order. A first reading is quick and passes over most of the text;
    /// a document in which it finds errors is read again, closely.
    pub fn corrections<'t>(
        &self,
        paragraphs: impl Iterator<Item = &'t str> + Clone,
        least: f32,
    ) -> Vec<Correction> {
        let (found, rate) = self.reading(paragraphs.clone(), &Gate::QUICK, least);
        if rate < DIRTY * self.prior.start * KINDS as f32 {
            return found;
        }
        self.reading(paragraphs, &Gate::CLOSE, least).0
    }

    /// One reading of a document: the corrections, and its error rate.
    fn reading<'t>(
        &self,
        paragraphs: impl Iterator<Item = &'t str>,
        gate: &Gate,
        least: f32,
    ) -> (Vec<Correction>, f32) {
        let mut scratch = Scratch::default();
        let (mut suspects, mut places, mut characters) = (Vec::new(), Vec::new(), 0);
        for (number, text) in paragraphs.enumerate() {
            let from = suspects.len();
            self.channel
                .suspects(text, gate, &AsCounted, &mut scratch, &mut suspects);
            characters += scratch.offsets().len().saturating_sub(1);
            places.extend(
                suspects[from..]
                    .iter()
                    .map(|s| (number, scratch.offsets()[s.position] as usize)),
            );
        }
        recurrence::count(&mut suspects, scratch.document());
        let best = self.best(&suspects, &places);
        let weighed = best
            .iter()
            .map(|&(index, log_odds)| (log_odds, suspects[index].kind(), 1.0));
        let rates = settle(weighed, characters, &self.prior);
        let corrections = best.iter().filter_map(|&(index, log_odds)| {
            let (suspect, (paragraph, start)) = (&suspects[index], places[index]);
            let log_odds = log_odds + self.prior.shift(&rates, suspect.kind());
            if probability(log_odds) < least {
                return None;
            }
            Some(Correction {
                paragraph,
                start,
                wrong: suspect.wrong,
                right: self.channel.character(suspect.right)?,
                probability: probability(log_odds),
                row: suspect.row,
            })
        });
        (corrections.collect(), rates.iter().sum())
    }

    /// The likelier candidate of each position, with its log-odds at the rate of the fit.
    fn best(&self, suspects: &[Suspect], places: &[(usize, usize)]) -> Vec<(usize, f32)> {
        let mut best: Vec<(usize, f32)> = Vec::new();
        for (index, suspect) in suspects.iter().enumerate() {
            let log_odds = self.trees.log_odds(&suspect.row);
            match best.last_mut() {
                Some(last) if places[last.0] == places[index] => {
                    if log_odds > last.1 {
                        *last = (index, log_odds);
                    }
                }
                _ => best.push((index, log_odds)),
            }
        }
        best
    }

    /// The pieces of evidence that spoke loudest for a correction, by their numbers in
    /// [`EVIDENCE`](super::channel::EVIDENCE).
    pub fn strongest(&self, correction: &Correction) -> Vec<usize> {
        self.trees
            .explain(&correction.row)
            .into_iter()
            .filter(|s| s.1 > 0.0)
            .map(|s| s.0)
            .take(3)
            .collect()
    }
}
