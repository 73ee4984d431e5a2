//! A place where a pair stands, as the model reads it.

use super::Pair;
use crate::model::characters::{CharId, Characters};
use crate::text::around;

/// Characters on either side that are read.
const AROUND: usize = 6;

/// A place where a pair stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sample {
    pub(super) document: u32,
    pub(super) at: u32,
    ids: [CharId; 2 * AROUND + 2],
    before: u8,
    length: u8,
}

impl Sample {
    pub(super) fn new(
        characters: &Characters<'_>,
        text: &str,
        pair: Pair,
        at: usize,
        document: usize,
    ) -> Self {
        let end = at + length(pair);
        let (before, after) = around(text, at..end, AROUND);
        let mut sample = Self {
            document: document as u32,
            at: at as u32,
            ids: [0; 2 * AROUND + 2],
            before: text[at - before..at].chars().count() as u8,
            length: 0,
        };
        let chars = text[at - before..end + after].chars();
        for (id, c) in sample.ids.iter_mut().zip(chars) {
            *id = characters.id(c);
            sample.length += 1;
        }
        sample
    }

    /// The characters that are read.
    pub(super) fn ids(&self) -> &[CharId] {
        &self.ids[..usize::from(self.length)]
    }

    pub(super) fn ids_mut(&mut self) -> &mut [CharId] {
        &mut self.ids[..usize::from(self.length)]
    }

    /// Where among them the pair stands.
    pub(super) fn pair_at(&self) -> usize {
        usize::from(self.before)
    }
}

/// The bytes of a pair.
pub(super) fn length(pair: Pair) -> usize {
    pair.map(char::len_utf8).iter().sum()
}
