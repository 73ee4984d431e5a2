//! Corrections of single characters, with calibrated probabilities: the noisy channel weighed by
//! fitted trees and by the document's own error rate.

use super::super::evidence::Weighed;
use super::portions::{Portioned, Portions};
use super::recurrence::{self, Company};
use super::scored_paragraph::Passage;
use super::substitution_candidates::{
    AsCounted, Channel, Gate, KINDS, Prior, Scratch, Substitution, Suspect, WIDTH, settle,
};
use crate::model::Model;
use crate::model::forest::Forest;
use crate::model::trees::{Trees, probability};

pub(crate) const PART: &str = "spelling";
pub(crate) const VERSION: u32 = 2;
/// Bytes before the trees: the four numbers of [`Prior`].
pub(crate) use crate::model::SPELLING_HEAD as HEAD;

/// A portion is read closely if its error rate seems this many times the expected one.
const DIRTY: f32 = 1.0;

/// A character that is probably wrong, and what is right.
#[derive(Clone, Copy, Debug)]
pub struct Correction {
    /// Its paragraph, as whoever had it read calls it: by its number, or by where it begins.
    pub paragraph: usize,
    /// Where the character begins, in bytes of the paragraph.
    pub start: usize,
    /// The character in the text.
    pub wrong: char,
    /// What is right.
    pub right: char,
    /// How probable it is that the character is wrong.
    pub probability: f32,
    /// The evidence, in the order of
    /// [`Substitution::NAMES`](super::substitution_candidates::Substitution::NAMES).
    pub row: [f32; WIDTH],
}

/// Finds confused characters.
#[derive(Clone, Copy, Debug)]
pub struct Speller<'m> {
    channel: Channel<'m>,
    /// The trees to weigh by.
    forest: &'m Forest,
    model: &'m Model,
    prior: Prior,
}

/// A reading of a document under way, paragraph by paragraph.
#[derive(Debug)]
pub(crate) struct Reading<'m> {
    speller: Speller<'m>,
    gate: &'static Gate,
    scratch: Scratch,
    suspects: Vec<Suspect>,
    /// Paragraph of each suspect, and byte in it.
    places: Vec<(usize, usize)>,
    portions: Portions,
    /// Whether each stands in traditional text.
    traditional: Vec<bool>,
    /// Which portions are asked for; all, where nothing is said. Of the others no suspect is kept.
    asked: Option<Vec<bool>>,
    /// What the suspects have in common, kept or not.
    company: Company,
}

impl Reading<'_> {
    /// Reads a paragraph; `name` is given back with what is found in it. `apart` if it is another
    /// kind of text than the one before.
    #[inline(never)] // its instructions are counted
    pub(crate) fn paragraph(&mut self, name: usize, text: &str, passage: &Passage, apart: bool) {
        let from = self.suspects.len();
        self.portions.add(from, passage.characters(), apart);
        self.speller.channel.suspects(
            text,
            passage,
            self.gate,
            &AsCounted,
            &mut self.scratch,
            &mut self.suspects,
        );
        self.company.add(&self.suspects[from..]);
        let asked = self.asked.as_ref();
        if asked.is_some_and(|asked| asked.get(self.portions.last()) == Some(&false)) {
            self.suspects.truncate(from);
        }
        let found = self.suspects[from..].iter();
        self.places
            .extend(found.map(|s| (name, passage.offset(s.position))));
        if self.suspects.len() > from {
            let traditional = self.speller.channel.is_traditional(text);
            self.traditional.resize(self.suspects.len(), traditional);
        }
    }

    /// What was found whose probability is at least `least`, now that the error rates are known.
    pub(crate) fn finish(mut self, least: f32) -> Portioned<Correction> {
        let (speller, prior) = (&self.speller, &self.speller.prior);
        recurrence::fill_in(&mut self.suspects, &self.company, self.scratch.document());
        let best = speller.best(&self.suspects, &self.places);
        let mut found = Portioned::default();
        for (held, characters) in self.portions.each(self.suspects.len()) {
            let index = |at: usize| best.partition_point(|&(index, _)| index < at);
            let best = &best[index(held.start)..index(held.end)];
            let weighed = best
                .iter()
                .map(|&(index, log_odds)| (log_odds, self.suspects[index].kind(), 1.0));
            let rates = settle(weighed, characters, prior);
            let corrections = best.iter().filter_map(|&(index, log_odds)| {
                let (suspect, (paragraph, start)) = (&self.suspects[index], self.places[index]);
                let probability = probability(log_odds + prior.shift(&rates, suspect.kind()));
                if probability < least {
                    return None;
                }
                Some(Correction {
                    paragraph,
                    start,
                    wrong: suspect.wrong,
                    right: speller
                        .channel
                        .written(suspect.right, self.traditional[index])?,
                    probability,
                    row: suspect.row,
                })
            });
            let dirty = rates.iter().sum::<f32>() >= DIRTY * prior.start * KINDS as f32;
            found.push(corrections, dirty);
        }
        found
    }
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
        let forest = model.forest(PART)?;
        Trees::view(trees).filter(|t| t.features() == WIDTH)?;
        Some(Self {
            channel,
            forest,
            model,
            prior,
        })
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

    /// The corrections of a document whose probability is at least `least`, in order, given its
    /// paragraphs. A first reading is quick and passes over most of the text; a document in which
    /// it finds errors is read again, closely.
    pub fn corrections<'t>(
        &self,
        paragraphs: impl Iterator<Item = &'t str> + Clone,
        least: f32,
    ) -> Vec<Correction> {
        let read = |mut reading: Reading<'m>| {
            let mut passage = Passage::default();
            for (number, text) in paragraphs.clone().enumerate() {
                passage.read(self.channel.reader(), text);
                reading.paragraph(number, text, &passage, false);
            }
            reading.finish(least)
        };
        let quick = read(self.reading(&Gate::QUICK));
        if quick.dirty() {
            let close = self.reading_of(&Gate::CLOSE, quick.each_dirty());
            return quick.read_closely(read(close));
        }
        quick.into_items()
    }

    /// Begins to read a document.
    pub(crate) fn reading(&self, gate: &'static Gate) -> Reading<'m> {
        Reading {
            speller: *self,
            gate,
            scratch: Scratch::default(),
            suspects: Vec::new(),
            places: Vec::new(),
            portions: Portions::default(),
            traditional: Vec::new(),
            asked: None,
            company: Company::default(),
        }
    }

    /// Begins to read a document of which some portions are asked for.
    pub(crate) fn reading_of(&self, gate: &'static Gate, asked: Vec<bool>) -> Reading<'m> {
        Reading {
            asked: Some(asked),
            ..self.reading(gate)
        }
    }

    /// The likelier candidate of each position, with its log-odds at the rate of the fit.
    fn best(&self, suspects: &[Suspect], places: &[(usize, usize)]) -> Vec<(usize, f32)> {
        let mut best: Vec<(usize, f32)> = Vec::new();
        for (index, suspect) in suspects.iter().enumerate() {
            let log_odds = self.forest.log_odds(&suspect.row);
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

    /// The pieces of evidence that spoke loudest for a correction.
    pub fn loudest(&self, correction: &Correction) -> Vec<Weighed> {
        Substitution::of(&correction.row).loudest(self.model, PART)
    }
}
