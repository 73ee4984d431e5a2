//! How well the beginning of a paragraph goes on from the end of another one, in nats.

use crate::model::Model;
use crate::model::characters::CharId;
use crate::model::reader::Reader;
use crate::model::segment::{Segmenter, Word};
use crate::text::{first_chars, last_chars};

/// Characters on either side that are looked at.
const WINDOW: usize = 16;

/// What is seen at a seam.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seam {
    /// How much likelier the first two characters are after the last two than by themselves.
    pub(super) continuation: f32,
    /// How much cheaper both sides are cut into words together.
    pub(super) gain: f32,
    /// How much likelier the first two characters are at the start of a paragraph than anywhere.
    pub(super) opening: f32,
}

impl Seam {
    /// How well it fits, all in all.
    pub(super) fn fits(&self) -> f32 {
        self.continuation + self.gain - self.opening
    }
}

/// Looks at seams.
pub(super) struct Seams<'m> {
    reader: Reader<'m>,
    segmenter: Segmenter<'m>,
    words: Vec<Word>,
    joined: String,
    ids: Vec<CharId>,
}

impl<'m> Seams<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        Self {
            reader: model.reader(),
            segmenter: model.segmenter(),
            words: Vec::new(),
            joined: String::new(),
            ids: Vec::new(),
        }
    }

    pub(super) fn look(&mut self, left: &str, right: &str) -> Seam {
        let (tail, head) = (last_chars(left, WINDOW), first_chars(right, WINDOW));
        self.joined.clear();
        self.joined.push_str(tail);
        self.joined.push_str(head);
        self.ids.clear();
        let characters = self.reader.characters;
        self.ids
            .extend(self.joined.chars().map(|c| characters.id(c)));
        let seam = tail.chars().count();
        let (a, b) = self.ids.split_at(seam);
        let continuation = self.reader.continuation(a, b);
        let opening = self.reader.opening(b);
        let joined = std::mem::take(&mut self.joined);
        let gain = self.cost(tail) + self.cost(head) - self.cost(&joined);
        self.joined = joined;
        Seam {
            continuation,
            gain,
            opening,
        }
    }

    fn cost(&mut self, text: &str) -> f32 {
        self.segmenter.cut(text, &mut self.words);
        self.words.iter().map(|word| word.cost).sum()
    }
}
