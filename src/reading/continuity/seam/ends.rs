//! Is the end of a paragraph cut?

use super::super::categories::{end_number, kind_number};
use super::{Seams, WINDOW};
use crate::document::Paragraph;
use crate::model::characters::{BOUNDARY, CharId};
use crate::text::{first_chars, last_chars};

/// Names of the evidence that an end is cut.
pub(crate) const END_NAMES: &[&str] = &[
    "end",
    "open",
    "characters",
    "sentences",
    "tail",
    "tail-pauses",
    "ending",
    "stop",
    "heading-like",
    "style",
    "next-kind",
    "before-kind",
    "next-opening",
    "next-word",
    "last-word",
    "continues-next",
    "next-unopened",
];

impl Seams<'_, '_> {
    /// The row of evidence that the end of a paragraph is cut.
    pub(crate) fn end_row(
        &mut self,
        paragraphs: &[Paragraph],
        index: usize,
    ) -> [f32; END_NAMES.len()] {
        let paragraph = &paragraphs[index];
        let edges = self.edges(paragraphs, index);
        let tail = last_chars(self.text(paragraph), WINDOW);
        let (ids, length) = self.ids_of(tail);
        let ids = &ids[..length];
        let ending = self.reader.ending(ids);
        let stop = {
            let stop = self.reader.characters.id('。');
            let (a, b) = last_two(ids);
            self.reader.ngram.log_prob(a, b, stop)
        };
        self.segment(tail);
        let last_word = self.words.last().map_or(0.0, |w| w.cost);
        let next = paragraphs.get(index + 1);
        let (mut next_opening, mut next_word, mut continues, mut next_unopened) =
            (f32::NAN, f32::NAN, f32::NAN, f32::NAN);
        if let Some(next) = next {
            let head = first_chars(self.text(next), WINDOW);
            next_opening = self.opening(head);
            next_word = self.first_words(head).0;
            let (ids_next, length) = self.ids_of(head);
            continues = self.reader.continuation(ids, &ids_next[..length]);
            next_unopened = self.edges(paragraphs, index + 1).unopened as f32;
        }
        [
            end_number(edges.end),
            edges.open as f32,
            edges.characters as f32,
            edges.sentences as f32,
            edges.tail as f32,
            edges.tail_pauses as f32,
            ending,
            stop,
            f32::from(u8::from(paragraph.is_heading())),
            self.style,
            kind_number(next),
            kind_number(index.checked_sub(1).and_then(|i| paragraphs.get(i))),
            next_opening,
            next_word,
            last_word,
            continues,
            next_unopened,
        ]
    }
}

fn last_two(ids: &[CharId]) -> (CharId, CharId) {
    let at = |back: usize| ids.len().checked_sub(back).map_or(BOUNDARY, |i| ids[i]);
    (at(2), at(1))
}
