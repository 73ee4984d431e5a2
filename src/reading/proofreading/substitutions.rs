//! Corrections of single characters, with calibrated probabilities: the noisy channel weighed by
//! fitted trees and by the document's own error rate.

use super::super::evidence::Weighed;
use super::packed_rows::PackedRows;
use super::portions::{Again, Asked, PERSONAL, Portioned, Portions, Voice, WRITTEN};
use super::recurrence::{Company, Elsewhere};
use super::scored_paragraph::Passage;
use super::substitution_candidates::{
    AsCounted, Channel, Gate, KINDS, Prior, SURE, Scratch, Substitution, Suspect, WIDTH, settle,
};
use crate::model::Model;
use crate::model::characters::CharId;
use crate::model::forest::Forest;
use crate::model::trees::probability;

pub(crate) const PART: &str = "spelling";
pub(crate) const VERSION: u32 = 2;
/// Bytes before the trees: the four numbers of [`Prior`].
pub(crate) use crate::model::SPELLING_HEAD as HEAD;

/// What somebody says in so few characters is read closely whatever is found.
const SHORT: usize = 200;

/// Of a portion whose error rate seems this many times the expected one, the paragraphs are read
/// closely in which an error seems sure …
const DOUBTFUL: f32 = 1.0;
/// … and from here on, where a second one is sure or the text is short, all of it.
const DIRTY: f32 = 2.0;

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
    forest: Forest<'m>,
    model: &'m Model,
    prior: Prior,
}

/// A reading of a document under way, paragraph by paragraph.
#[derive(Debug)]
pub(crate) struct Reading<'a, 'm> {
    speller: Speller<'m>,
    gate: &'static Gate,
    scratch: Scratch,
    /// Those of a paragraph.
    suspects: Vec<Suspect>,
    kept: Suspects,
    portions: Portions,
    /// What is asked for; all, where nothing is said. Nothing is suspected anywhere else.
    asked: Option<&'a Asked>,
    /// What the suspects have in common.
    company: Company,
}

/// The suspects of a document, packed.
#[derive(Debug, Default)]
struct Suspects {
    heads: Vec<Head>,
    rows: PackedRows<WIDTH>,
}

/// A suspect without its evidence.
#[derive(Clone, Copy, Debug)]
struct Head {
    /// Its paragraph, and the byte in it.
    paragraph: u32,
    start: u32,
    position: u32,
    place: u32,
    wrong: char,
    right: CharId,
    beside: (CharId, CharId),
    /// Whether it stands in traditional text.
    traditional: bool,
}

impl Head {
    fn with(self, row: [f32; WIDTH]) -> Suspect {
        Suspect {
            position: self.position as usize,
            place: self.place as usize,
            wrong: self.wrong,
            right: self.right,
            beside: self.beside,
            row,
        }
    }
}

/// The likeliest candidate of a position.
struct Best {
    /// Its number among the suspects.
    index: usize,
    /// Its log-odds at the rate of the fit.
    log_odds: f32,
    kind: usize,
}

impl Reading<'_, '_> {
    /// Makes room for what a text of so many bytes may have: what grows step by step leaves holes
    /// in memory.
    pub(crate) fn expect(&mut self, bytes: usize) {
        self.scratch.expect(bytes);
        self.kept.heads.reserve(bytes / 64);
        self.kept.rows.reserve(bytes);
    }

    /// Reads a paragraph; `name` is given back with what is found in it. `apart` if it is another
    /// kind of text than the one before.
    #[inline(never)] // its instructions are counted
    pub(crate) fn paragraph(&mut self, name: usize, text: &str, passage: &Passage, apart: bool) {
        let from = self.kept.heads.len();
        self.portions.add(from, passage.characters(), apart);
        self.portions.note_grammar(text);
        let portion = self.portions.last();
        if self.asked.is_some_and(|asked| !asked.holds(portion, name)) {
            self.scratch.note(passage);
            return;
        }
        self.suspects.clear();
        self.speller.channel.suspects(
            text,
            passage,
            self.gate,
            &AsCounted,
            &mut self.scratch,
            &mut self.suspects,
        );
        self.company.add(&self.suspects);
        if self.suspects.is_empty() {
            return;
        }
        let traditional = self.speller.channel.is_traditional(text);
        for suspect in &self.suspects {
            self.kept.heads.push(Head {
                paragraph: name as u32,
                start: passage.offset(suspect.position) as u32,
                position: suspect.position as u32,
                place: suspect.place as u32,
                wrong: suspect.wrong,
                right: suspect.right,
                beside: suspect.beside,
                traditional,
            });
            self.kept.rows.push(&suspect.row);
        }
    }

    /// What was found whose probability is at least `least`, now that the error rates are known.
    pub(crate) fn finish(self, least: f32) -> Portioned<Correction> {
        let (speller, prior) = (&self.speller, &self.speller.prior);
        let heads = &self.kept.heads;
        let places = heads.iter().map(|s| (s.place as usize, s.right));
        let elsewhere = Elsewhere::of(places, self.company, self.scratch.document());
        let best = speller.best(&self.kept, &elsewhere);
        let (mut rows, mut next) = (self.kept.rows.iter(), 0);
        let mut found = Portioned::default();
        for (held, portion) in self.portions.each(heads.len()) {
            let index = |at: usize| best.partition_point(|best| best.index < at);
            let best = &best[index(held.start)..index(held.end)];
            let weighed = best.iter().map(|best| (best.log_odds, best.kind, 1.0));
            let expecting = |(start, weight)| {
                let prior = Prior {
                    start,
                    weight,
                    ..*prior
                };
                settle(weighed.clone(), portion.characters, &prior)
            };
            let strict = expecting((prior.start, prior.weight));
            let voice = portion.voice();
            let rates = match voice {
                Voice::Personal => expecting(PERSONAL),
                Voice::Written => expecting(WRITTEN),
                Voice::Older => strict,
            };
            let corrections = best.iter().filter_map(|best| {
                let probability = probability(best.log_odds + prior.shift(&rates, best.kind));
                if probability < least {
                    return None;
                }
                let head = heads[best.index];
                let mut suspect = head.with(rows.nth(best.index - next)?);
                next = best.index + 1;
                elsewhere.fill_in(&mut suspect);
                Some(Correction {
                    paragraph: head.paragraph as usize,
                    start: head.start as usize,
                    wrong: head.wrong,
                    right: speller.channel.written(head.right, head.traditional)?,
                    probability,
                    row: suspect.row,
                })
            });
            let rate = strict.iter().sum::<f32>() / (prior.start * KINDS as f32);
            let short = portion.characters <= SHORT && voice == Voice::Personal;
            let again = match rate {
                _ if short => Again::All,
                DIRTY.. => Again::All,
                DOUBTFUL.. => Again::Found,
                _ => Again::Nothing,
            };
            found.push(corrections, again);
        }
        found
    }
}

/// What a quick reading asks to be read closely, if anything.
pub(crate) fn asked(quick: &Portioned<Correction>) -> Option<Asked> {
    quick.again(|c| (c.probability >= SURE).then_some(c.paragraph))
}

/// What a quick reading found, and a close one of what was asked for, in the order of the text.
pub(crate) fn merged(
    quick: Portioned<Correction>,
    close: Portioned<Correction>,
    asked: &Asked,
) -> Vec<Correction> {
    let mut found = quick.read_closely(close, |c| asked.names(c.paragraph));
    found.sort_by_key(|c| (c.paragraph, c.start));
    found
}

impl<'m> Speller<'m> {
    /// The speller of a model; `None` if the model was not fitted for spelling.
    pub fn of(model: &'m Model) -> Option<Self> {
        let channel = Channel::of(model)?;
        let head = model.part(PART)?.get(..HEAD)?;
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
        let forest = model.forest(PART).filter(|f| f.features() == WIDTH)?;
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
        let read = |mut reading: Reading<'_, 'm>| {
            let mut passage = Passage::default();
            for (number, text) in paragraphs.clone().enumerate() {
                passage.read(self.channel.reader(), text);
                reading.paragraph(number, text, &passage, false);
            }
            reading.finish(least)
        };
        let quick = read(self.reading(&Gate::QUICK));
        match asked(&quick) {
            Some(asked) => {
                let close = read(self.reading_of(&Gate::CLOSE, &asked));
                merged(quick, close, &asked)
            }
            None => quick.into_items(),
        }
    }

    /// Begins to read a document.
    pub(crate) fn reading(&self, gate: &'static Gate) -> Reading<'static, 'm> {
        Reading {
            speller: *self,
            gate,
            scratch: Scratch::default(),
            suspects: Vec::new(),
            kept: Suspects::default(),
            portions: Portions::default(),
            asked: None,
            company: Company::default(),
        }
    }

    /// Begins to read a document of which some is asked for.
    pub(crate) fn reading_of<'a>(&self, gate: &'static Gate, asked: &'a Asked) -> Reading<'a, 'm> {
        Reading {
            asked: Some(asked),
            ..self.reading(gate)
        }
    }

    /// The likelier candidate of each position.
    fn best(&self, suspects: &Suspects, elsewhere: &Elsewhere<'_>) -> Vec<Best> {
        let Suspects { heads, rows } = suspects;
        let place = |index: usize| (heads[index].paragraph, heads[index].start);
        let mut best: Vec<Best> = Vec::new();
        for (index, (head, row)) in heads.iter().zip(rows.iter()).enumerate() {
            let mut suspect = head.with(row);
            elsewhere.fill_in(&mut suspect);
            let here = Best {
                index,
                log_odds: self.forest.log_odds(&suspect.row),
                kind: suspect.kind(),
            };
            match best.last_mut() {
                Some(last) if place(last.index) == place(index) => {
                    if here.log_odds > last.log_odds {
                        *last = here;
                    }
                }
                _ => best.push(here),
            }
        }
        best
    }

    /// The pieces of evidence that spoke loudest for a correction.
    pub fn loudest(&self, correction: &Correction) -> Vec<Weighed> {
        Substitution::of(&correction.row).loudest(self.model, PART)
    }
}
