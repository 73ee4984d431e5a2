//! Is the beginning of a paragraph cut?

use super::super::categories::{end_number, first_number, kind_number, mark_number};
use super::super::echo::echo;
use super::{LOW, Seams, WINDOW};
use crate::document::{Paragraph, ParagraphKind};
use crate::model::lexicon::Kinds;
use crate::reading::evidence::columns;
use crate::text::first_chars;

/// Names of the evidence that a beginning is cut.
pub(crate) const START_NAMES: &[&str] = &[
    "first",
    "opening",
    "opening-one",
    "first-word",
    "second-word",
    "word-length",
    "word-frequency",
    "unopened",
    "head",
    "first-mark",
    "characters",
    "heading-like",
    "before-end",
    "before-open",
    "before-kind",
    "style",
    "inner",
    "single",
    "first-kind",
    "second-kind",
    "rest",
    "echo-length",
    "echo-count",
    "echo-inside",
    "echo-same",
    "others-rest",
];
/// What is dear to find out about a beginning: where it stands elsewhere, and how the paragraphs around it begin.
const START_DEAR: u64 = columns(
    START_NAMES,
    &[
        "echo-length",
        "echo-count",
        "echo-inside",
        "echo-same",
        "others-rest",
    ],
);
/// A beginning with lower log-odds of being the rest of a sentence is not looked for elsewhere in the document.
const PLAIN_BEGINNING: f32 = -2.0;

impl Seams<'_, '_> {
    /// The row of evidence that the beginning of a paragraph is cut.
    pub(crate) fn start_row(
        &mut self,
        paragraphs: &[Paragraph],
        index: usize,
    ) -> [f32; START_NAMES.len()] {
        let (mut row, rest) = self.cheap_start_row(paragraphs, index);
        self.add_echo(paragraphs, index, rest, &mut row);
        row
    }

    /// The log-odds of it where it matters only whether they are high: see [`Self::weigh_high`].
    pub(crate) fn start_high(&mut self, paragraphs: &[Paragraph], index: usize) -> f32 {
        let (mut row, rest) = self.cheap_start_row(paragraphs, index);
        if rest > PLAIN_BEGINNING {
            if self.is_low(1, &row, START_DEAR) {
                return LOW;
            }
            self.add_echo(paragraphs, index, rest, &mut row);
        }
        self.weigh_high(1, &row)
    }

    /// Adds to a row what is dear to find out, where it can matter.
    fn add_echo(
        &mut self,
        paragraphs: &[Paragraph],
        index: usize,
        rest: f32,
        row: &mut [f32; START_NAMES.len()],
    ) {
        if rest > PLAIN_BEGINNING {
            let content = paragraphs[index].content;
            let echo = echo(self.document.text(), content.range());
            row[21..25].copy_from_slice(&echo);
            row[25] = self.others_rest(paragraphs, index);
        }
    }

    /// The row without what is dear to find out, and how much the paragraph begins like the rest of a sentence.
    fn cheap_start_row(
        &mut self,
        paragraphs: &[Paragraph],
        index: usize,
    ) -> ([f32; START_NAMES.len()], f32) {
        let paragraph = &paragraphs[index];
        let text = self.text(paragraph);
        let edges = self.edges(paragraphs, index);
        let head = first_chars(text, WINDOW);
        let (ids, length) = self.ids_of(head);
        let ids = &ids[..length];
        let opening = self.reader.opening(ids);
        let opening_one = self.reader.opening(&ids[..ids.len().min(1)]);
        let (first_word, second_word) = self.first_words(head);
        let rest = self
            .openings
            .map_or(0.0, |openings| openings.rest(head, &self.words));
        let (kind_one, kind_two) = (self.kind(0), self.kind(1));
        let (length, frequency) = self
            .words
            .first()
            .map_or((0.0, 0.0), |w| (f32::from(w.characters), w.cost));
        let inner = self.reader.log_prob(ids, 0..ids.len().min(4));
        let single = self
            .words
            .iter()
            .take(4)
            .filter(|w| w.characters == 1 && w.word.is_some())
            .count() as f32;
        let before = index.checked_sub(1).and_then(|i| paragraphs.get(i));
        let before_edges = index.checked_sub(1).map(|i| self.edges(paragraphs, i));
        let row = [
            first_number(text),
            opening,
            opening_one,
            first_word,
            second_word,
            length,
            frequency,
            edges.unopened as f32,
            edges.head as f32,
            mark_number(edges.first_mark),
            edges.characters as f32,
            f32::from(u8::from(paragraph.is_heading())),
            before_edges.map_or(-1.0, |e| end_number(e.end)),
            before_edges.map_or(0.0, |e| e.open as f32),
            kind_number(before),
            self.style,
            inner,
            single,
            kind_one,
            kind_two,
            rest,
            f32::NAN,
            f32::NAN,
            f32::NAN,
            f32::NAN,
            f32::NAN,
        ];
        (row, rest)
    }

    /// The share of the paragraphs near by that begin like the rest of a sentence as well: a manner of writing, as where each begins with a slogan.
    fn others_rest(&mut self, paragraphs: &[Paragraph], index: usize) -> f32 {
        const NEAR: usize = 6;
        let (mut all, mut like) = (1.0, 0.0);
        let from = index.saturating_sub(NEAR);
        let near = paragraphs.iter().enumerate().skip(from);
        for (i, paragraph) in near.take(index + NEAR + 1 - from) {
            if i == index || paragraph.kind != ParagraphKind::Body {
                continue;
            }
            let known = self.rests.get(i).copied();
            let rest = known.unwrap_or_else(|| {
                let head = first_chars(self.text(paragraph), WINDOW);
                self.segment(head);
                let rest = self.openings.map_or(0.0, |o| o.rest(head, &self.words));
                self.rests.put(i, rest);
                rest
            });
            all += 1.0;
            like += f32::from(u8::from(rest > 0.0));
        }
        like / all
    }

    /// What kind of word one of the first words is, as a number.
    fn kind(&self, place: usize) -> f32 {
        const ORDER: [Kinds; 10] = [
            Kinds::FUNCTION,
            Kinds::CLASSIFIER,
            Kinds::NUMERAL,
            Kinds::ADVERB,
            Kinds::ADJECTIVE,
            Kinds::VERB,
            Kinds::PERSON,
            Kinds::PLACE,
            Kinds::ORGANISATION,
            Kinds::NOUN,
        ];
        let Some(word) = self.words.get(place).and_then(|w| w.word) else {
            return -1.0;
        };
        let kinds = self.reader.lexicon.kinds(word);
        let place = ORDER.iter().position(|kind| kinds.any(*kind));
        place.map_or(0.0, |at| at as f32 + 1.0)
    }
}
