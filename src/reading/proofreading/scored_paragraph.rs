//! A paragraph as the spelling rules read it: its characters, and how likely each of them is after
//! the two before it.

use std::ops::Range;

use crate::model::Reader;
use crate::model::characters::{CharId, Line};

/// A paragraph, read once for all rules; made to be used again and again.
#[derive(Debug, Default)]
pub struct Passage {
    line: Line,
    log_probs: Vec<f32>,
    /// The positions that are to be looked into.
    readable: Vec<Range<usize>>,
}

impl Passage {
    /// Reads a paragraph, over what was there.
    pub fn read(&mut self, reader: Reader<'_>, text: &str) {
        reader.characters.read(text, &mut self.line);
        reader.ngram.scan(&self.line.ids, &mut self.log_probs);
        self.readable.clear();
        self.readable.push(0..self.line.ids.len());
    }

    /// Leaves positions out of what is looked into.
    pub(super) fn leave_out(&mut self, noise: &[Range<usize>]) {
        let mut from = 0;
        self.readable.clear();
        for range in noise {
            self.readable.push(from..range.start);
            from = range.end;
        }
        self.readable.push(from..self.line.ids.len());
    }

    /// The positions that are to be looked into: all but noise.
    pub fn readable(&self) -> impl Iterator<Item = usize> + '_ {
        self.readable.iter().cloned().flatten()
    }

    /// Whether all of a stretch of positions is to be looked into.
    #[must_use]
    pub fn is_readable(&self, positions: &Range<usize>) -> bool {
        let holds = |own: &Range<usize>| own.start <= positions.start && positions.end <= own.end;
        self.readable.iter().any(holds)
    }

    /// How many characters it has.
    #[must_use]
    pub fn characters(&self) -> usize {
        self.line.ids.len()
    }

    /// The number of each character.
    #[must_use]
    pub fn ids(&self) -> &[CharId] {
        &self.line.ids
    }

    /// ln P of each character after the two before it.
    #[must_use]
    pub fn log_probs(&self) -> &[f32] {
        &self.log_probs
    }

    /// Where a character begins, in bytes of the paragraph; behind the last one, where that ends.
    #[must_use]
    pub fn offset(&self, position: usize) -> usize {
        let offsets = &self.line.offsets;
        offsets
            .get(position)
            .or(offsets.last())
            .map_or(0, |&offset| offset as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;
    use crate::model::characters::BOUNDARY;

    #[test]
    fn a_scan_says_what_single_questions_say() {
        let reader = Model::embedded().reader();
        let text = "我国经济正处于转型升级关键阶段，2014年以来，鼒龘市场 and 机构。".repeat(9);
        let mut passage = Passage::default();
        passage.read(reader, &text);
        let (mut a, mut b) = (BOUNDARY, BOUNDARY);
        for (&id, &log_prob) in passage.ids().iter().zip(passage.log_probs()) {
            let expected = reader.ngram.log_prob(a, b, id);
            assert_eq!(log_prob.to_bits(), expected.to_bits());
            (a, b) = (b, id);
        }
        assert_eq!(passage.offset(passage.characters()), text.len());
        passage.read(reader, "");
        assert_eq!((passage.characters(), passage.offset(3)), (0, 0));
    }
}
