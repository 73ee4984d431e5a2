//! How words begin paragraphs: how much likelier each word is as the first or the second word of a
//! paragraph than anywhere.
//!
//! 记者 and 近日 begin one often, 表示 and 的 hardly ever: the rest of a sentence that was cut
//! gives itself away by its first words.

use super::Model;
use super::lexicon::WordId;

/// The name of the part: two signed bytes a word, in eighths of a nat.
pub(crate) const PART: &str = "starts";
/// Steps to a nat.
pub(crate) const STEPS: f32 = 8.0;

/// The table. A view of the model file.
#[derive(Clone, Copy, Debug)]
pub struct Starts<'a> {
    bytes: &'a [u8],
}

impl<'a> Starts<'a> {
    /// The table of a model, if it has one.
    pub fn of(model: &'a Model) -> Option<Self> {
        let bytes = model.part(PART)?;
        (bytes.len() == 2 * model.lexicon().len()).then_some(Self { bytes })
    }

    /// How much likelier a word is as the first of a paragraph than anywhere, in nats.
    pub fn first(self, word: WordId) -> f32 {
        self.at(2 * word as usize)
    }

    /// The same for the second word.
    pub fn second(self, word: WordId) -> f32 {
        self.at(2 * word as usize + 1)
    }

    fn at(self, index: usize) -> f32 {
        let byte = self.bytes.get(index).copied().unwrap_or(0);
        f32::from(byte.cast_signed()) / STEPS
    }
}

/// The table of one model for the words of another.
pub(crate) fn of_other(from: &Model, to: &Model) -> Vec<u8> {
    let table = Starts::of(from);
    let (known, lexicon) = (from.characters(), from.lexicon());
    let bytes = to.lexicon().words(to.characters()).into_iter().map(|word| {
        let number = lexicon.find_text(known, &word)? as usize;
        table?.bytes.get(2 * number..2 * number + 2)
    });
    bytes
        .flat_map(|pair| pair.unwrap_or(&[0, 0]).to_vec())
        .collect()
}
