//! What a proofreader finds: characters that are wrong, missing or too much, and stretches that are
//! no language.
//!
//! All of it in one pass over the text. A first reading passes over most of it; a document in which
//! it finds errors is read again, closely.

pub(crate) mod context;
pub mod garble;
mod noise;
pub mod omissions;
mod packed_rows;
pub(crate) mod pen_slips;
pub(crate) mod portions;
pub mod recurrence;
pub mod scored_paragraph;
pub mod substitution_candidates;
pub mod substitutions;

use std::ops::Range;

use super::register::{Register, Registers};
use crate::model::characters::CharId;
use crate::model::{Model, Reader};
use garble::Stretch;
use noise::Noise;
use omissions::{Lapse, LapseFinder};
use pen_slips::PenSlips;
use scored_paragraph::Passage;
use substitutions::{Correction, Speller};

/// What was found in a document, in the order of the text, with probabilities.
#[derive(Debug, Default)]
pub struct Proof {
    /// Characters that are wrong, each with the byte where its paragraph begins.
    pub corrections: Vec<Correction>,
    /// Characters that are missing or too much.
    pub lapses: Vec<(Lapse, f32)>,
    /// Stretches that are no language.
    pub garbled: Vec<(Stretch, f32)>,
    /// Long stretches that are noise and were not looked into, in bytes of the text.
    pub noise: Vec<Range<usize>>,
    /// Slips of the pen.
    pub(crate) pen: Vec<(pen_slips::Place, f32)>,
}

/// Reads documents for errors.
#[derive(Clone, Debug)]
pub struct Proofreader<'m> {
    reader: Reader<'m>,
    speller: Option<Speller<'m>>,
    lapses: LapseFinder<'m>,
    pen: Option<PenSlips<'m>>,
}

impl<'m> Proofreader<'m> {
    /// By a model.
    #[must_use]
    pub fn of(model: &'m Model) -> Self {
        Self {
            reader: model.reader(),
            speller: Speller::of(model),
            lapses: LapseFinder::of(model),
            pen: PenSlips::of(model),
        }
    }

    /// What in the paragraphs of a text is an error with a probability of at least `least`. What is
    /// classical and what is not are judged apart.
    #[inline(never)] // its instructions are counted
    pub fn proof(
        &self,
        text: &str,
        paragraphs: impl Iterator<Item = Range<usize>> + Clone,
        registers: &Registers,
        least: f32,
    ) -> Proof {
        let speller = self.speller.as_ref();
        let read = |mut spelling: Option<substitutions::Reading<'_, 'm>>,
                    mut lapse: Option<omissions::Reading<'_, 'm>>,
                    mut pen: Option<&mut pen_slips::Reading<'_, 'm>>| {
            let (mut passage, mut classical) = (Passage::default(), false);
            let mut noise = Noise::default();
            for paragraph in paragraphs.clone() {
                let own = &text[paragraph.clone()];
                let before = std::mem::replace(
                    &mut classical,
                    registers.by_words(paragraph.start) == Register::Classical,
                );
                let apart = before != classical;
                passage.read(self.reader, own);
                if !classical {
                    noise.paragraph(self.reader, paragraph.start, &mut passage);
                }
                if let Some(reading) = pen.as_mut().filter(|_| !classical) {
                    reading.paragraph(paragraph.start, own, &passage);
                }
                if let Some(reading) = &mut spelling {
                    reading.paragraph(paragraph.start, own, &passage, apart);
                }
                if let Some(reading) = &mut lapse {
                    reading.paragraph(text, paragraph, &passage, apart);
                }
            }
            (
                spelling.map(|reading| reading.finish(least)),
                lapse.map(|reading| reading.finish(least)),
                noise.into_found(text),
            )
        };
        let mut pen = self.pen.as_ref().map(PenSlips::reading);
        let quick = speller.map(|speller| {
            let mut reading = speller.reading(&substitution_candidates::Gate::QUICK);
            reading.expect(text.len());
            reading
        });
        let lapse = self.lapses.reading(&omissions::Gate::QUICK);
        let (spelling, lapses, noise) = read(quick, Some(lapse), pen.as_mut());
        // of what was clean nothing more is asked
        let asked = spelling.as_ref().and_then(substitutions::asked);
        let close = speller.zip(asked.as_ref()).map(|(speller, asked)| {
            speller.reading_of(&substitution_candidates::Gate::CLOSE, asked)
        });
        let lapses_asked = lapses.as_ref().and_then(|read| read.lapses.again(|_| None));
        let lapse = lapses_asked
            .as_ref()
            .map(|asked| self.lapses.reading_of(&omissions::Gate::CLOSE, asked));
        let again = match (close, lapse) {
            (None, None) => (None, None, Vec::new()),
            (close, lapse) => read(close, lapse, None),
        };
        let corrections = spelling.map_or_else(Vec::new, |quick| match (again.0, &asked) {
            (Some(close), Some(asked)) => substitutions::merged(quick, close, asked),
            _ => quick.into_items(),
        });
        let (lapses, garbled) = lapses.map_or_else(Default::default, |quick| {
            let lapses = match again.1 {
                Some(close) => quick.lapses.read_closely(close.lapses, |_| false),
                None => quick.lapses.into_items(),
            };
            (lapses, quick.garbled)
        });
        Proof {
            corrections,
            lapses,
            garbled,
            noise,
            pen: pen.map_or_else(Vec::new, |pen| pen.finish(least.max(pen_slips::LEAST))),
        }
    }

    /// The character of a number.
    #[must_use]
    pub fn character(&self, id: CharId) -> Option<char> {
        self.reader.characters.character(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pass_finds_what_each_finder_finds() {
        let model = Model::embedded();
        let text = "我们要靠自已的力量解决问题。\n外交部发言人示，中方愿意同各方保持沟通。\n";
        let end = text.find('\n').unwrap_or(0);
        let paragraphs = [0..end, end + 1..text.len() - 1];
        let registers = Registers::default();
        let proof = Proofreader::of(model).proof(text, paragraphs.iter().cloned(), &registers, 0.2);
        let corrections: Vec<_> = proof
            .corrections
            .iter()
            .map(|c| (c.wrong, c.right))
            .collect();
        assert_eq!(corrections, [('已', '己')]);
        assert_eq!(proof.lapses.len(), 1);
        assert!(proof.garbled.is_empty());
        let nothing = Proofreader::of(model).proof("", std::iter::empty(), &registers, 0.2);
        assert!(nothing.corrections.is_empty() && nothing.lapses.is_empty());
    }
}
