//! What a proofreader finds: characters that are wrong, missing or too much, and stretches that are no language.
//!
//! All of it in one pass over the text. A first reading passes over most of it; a document in which it finds errors is read again, closely.

pub(crate) mod context;
pub mod garble;
pub mod omissions;
pub mod recurrence;
pub mod scored_paragraph;
pub mod substitution_candidates;
pub mod substitutions;

use std::ops::Range;

use crate::model::characters::CharId;
use crate::model::{Model, Reader};
use garble::Stretch;
use omissions::{Lapse, LapseFinder};
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
}

/// Reads documents for errors.
#[derive(Clone, Copy, Debug)]
pub struct Proofreader<'m> {
    reader: Reader<'m>,
    speller: Option<Speller<'m>>,
    lapses: LapseFinder<'m>,
}

impl<'m> Proofreader<'m> {
    /// By a model.
    #[must_use]
    pub fn of(model: &'m Model) -> Self {
        Self {
            reader: model.reader(),
            speller: Speller::of(model),
            lapses: LapseFinder::of(model),
        }
    }

    /// What in the paragraphs of a text is an error with a probability of at least `least`.
    pub fn proof(
        &self,
        text: &str,
        paragraphs: impl Iterator<Item = Range<usize>> + Clone,
        least: f32,
    ) -> Proof {
        let gates = [
            (
                &substitution_candidates::Gate::QUICK,
                &omissions::Gate::QUICK,
            ),
            (
                &substitution_candidates::Gate::CLOSE,
                &omissions::Gate::CLOSE,
            ),
        ];
        let mut proof = Proof::default();
        let mut passage = Passage::default();
        let (mut speller, mut lapses) = (self.speller, Some(self.lapses));
        for (spelling_gate, lapse_gate) in gates {
            let mut spelling = speller.map(|speller| speller.reading(spelling_gate));
            let mut lapse = lapses.map(|finder| finder.reading(lapse_gate));
            if spelling.is_none() && lapse.is_none() {
                break;
            }
            for paragraph in paragraphs.clone() {
                let own = &text[paragraph.clone()];
                passage.read(self.reader, own);
                if let Some(reading) = &mut spelling {
                    reading.paragraph(paragraph.start, own, &passage);
                }
                if let Some(reading) = &mut lapse {
                    reading.paragraph(text, paragraph, &passage);
                }
            }
            // what was clean is not read again
            if let Some(read) = spelling.map(|reading| reading.finish(least)) {
                proof.corrections = read.corrections;
                speller = speller.filter(|_| read.dirty);
            }
            if let Some(read) = lapse.map(|reading| reading.finish(least)) {
                (proof.lapses, proof.garbled) = (read.lapses, read.garbled);
                lapses = lapses.filter(|_| read.dirty);
            }
        }
        proof
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
        let proof = Proofreader::of(model).proof(text, paragraphs.iter().cloned(), 0.2);
        let corrections: Vec<_> = proof
            .corrections
            .iter()
            .map(|c| (c.wrong, c.right))
            .collect();
        assert_eq!(corrections, [('已', '己')]);
        assert_eq!(proof.lapses.len(), 1);
        assert!(proof.garbled.is_empty());
        let nothing = Proofreader::of(model).proof("", std::iter::empty(), 0.2);
        assert!(nothing.corrections.is_empty() && nothing.lapses.is_empty());
    }
}
