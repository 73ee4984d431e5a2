//! The two sides of a seam between texts: the last characters before it and the first ones behind
//! it, and how well they go together.

use super::Model;
use super::characters::CharId;
use super::reader::Reader;
use super::segment::{Segmenter, Word};
use crate::text::{first_chars, last_chars};

/// Characters of a side.
pub(crate) const WINDOW: usize = 16;

/// One side.
#[derive(Clone, Copy)]
pub(crate) struct Side {
    ids: [CharId; WINDOW],
    length: usize,
    /// What it costs to cut it into words, in nats.
    cost: f32,
}

impl Side {
    pub(crate) fn ids(&self) -> &[CharId] {
        &self.ids[..self.length]
    }
}

/// Looks at sides with a model, again and again in the same memory.
pub(crate) struct Sides<'m> {
    pub(crate) reader: Reader<'m>,
    segmenter: Segmenter<'m>,
    /// Those of what was cut last.
    pub(crate) words: Vec<Word>,
    /// The one side and the other in a row.
    joined: String,
}

impl<'m> Sides<'m> {
    pub(crate) fn new(model: &'m Model) -> Self {
        Self {
            reader: model.reader(),
            segmenter: model.segmenter(),
            words: Vec::new(),
            joined: String::new(),
        }
    }

    /// The side before a seam, at the end of a text.
    pub(crate) fn before(&mut self, text: &str) -> Side {
        self.side(last_chars(text, WINDOW))
    }

    /// The side behind a seam, at the beginning of a text.
    pub(crate) fn behind(&mut self, text: &str) -> Side {
        self.side(first_chars(text, WINDOW))
    }

    fn side(&mut self, text: &str) -> Side {
        let (ids, length) = self.ids_of(text);
        let cost = self.cost(text);
        Side { ids, length, cost }
    }

    /// The numbers of at most [`WINDOW`] characters, and how many they are.
    pub(crate) fn ids_of(&self, text: &str) -> ([CharId; WINDOW], usize) {
        let mut ids = [0; WINDOW];
        let mut length = 0;
        for (slot, c) in ids.iter_mut().zip(text.chars()) {
            *slot = self.reader.characters.id(c);
            length += 1;
        }
        (ids, length)
    }

    /// How much cheaper the end of one text and the beginning of another are cut into words
    /// together, in nats.
    pub(crate) fn gain(
        &mut self,
        (left, before): (&str, Side),
        (right, behind): (&str, Side),
    ) -> f32 {
        let mut joined = std::mem::take(&mut self.joined);
        joined.clear();
        joined.push_str(last_chars(left, WINDOW));
        joined.push_str(first_chars(right, WINDOW));
        let gain = before.cost + behind.cost - self.cost(&joined);
        self.joined = joined;
        gain
    }

    /// Cuts a text into [`Self::words`].
    pub(crate) fn segment(&mut self, text: &str) {
        self.segmenter.cut(text, &mut self.words);
    }

    fn cost(&mut self, text: &str) -> f32 {
        self.segment(text);
        self.words.iter().map(|word| word.cost).sum()
    }
}
