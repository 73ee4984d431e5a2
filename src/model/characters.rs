//! The characters that the model knows, numbered by how common they are.
//!
//! Text is read once into numbers ([`Characters::read`]); everything else in the model works on
//! windows of those. What carries no wording of its own shares one number: digits, Latin letters,
//! white space. Half-width marks count as their full-width forms, so that a text set in half-width
//! punctuation reads like any other.

use super::container::ModelError;
use super::packed::{U16s, U32s, sections};

/// The number of a character in this model. Small numbers are common characters.
pub type CharId = u16;

/// A character that the model has never seen.
pub const UNKNOWN: CharId = 0;
/// The edge of a paragraph: what stands before its first and after its last character.
pub const BOUNDARY: CharId = 1;
/// Any digit, half-width or full-width.
pub const DIGIT: CharId = 2;
/// Any Latin letter, half-width or full-width.
pub const LATIN: CharId = 3;
/// White space inside a line.
pub const SPACE: CharId = 4;
/// The first number of a character that stands for itself.
pub const FIRST: CharId = 5;

pub(crate) const PART: &str = "characters";
pub(crate) const VERSION: u32 = 1;
const PLANE: usize = 0x1_0000;

/// The numbering of characters. A view of the model file.
#[derive(Clone, Copy, Debug)]
pub struct Characters<'a> {
    ids: U16s<'a>,
    chars: U32s<'a>,
}

impl<'a> Characters<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let [ids, chars] = sections(body)?;
        Some(Characters {
            ids: U16s(ids),
            chars: U32s(chars),
        })
    }

    pub(crate) fn check(self) -> Result<(), ModelError> {
        let damaged = |what| Err(ModelError::Damaged { part: PART, what });
        if self.ids.len() != PLANE || self.len() < usize::from(FIRST) || self.len() > PLANE {
            return damaged("its tables have the wrong size");
        }
        if self.ids.iter().any(|id| usize::from(id) >= self.len()) {
            return damaged("it numbers a character that it does not have");
        }
        Ok(())
    }

    /// How many numbers there are, classes included.
    #[allow(
        clippy::len_without_is_empty,
        reason = "a model without characters does not open"
    )]
    pub fn len(self) -> usize {
        self.chars.len()
    }

    /// The number of a character; [`UNKNOWN`] if the model has never seen it.
    #[inline]
    pub fn id(self, character: char) -> CharId {
        let code = character as usize;
        if code < PLANE {
            self.ids.get(code)
        } else {
            UNKNOWN
        }
    }

    /// The character of a number; nothing for the classes (digits, Latin letters, …).
    #[inline]
    pub fn character(self, id: CharId) -> Option<char> {
        if id < FIRST {
            None
        } else {
            char::from_u32(self.chars.get(usize::from(id))).filter(|&character| character != '\0')
        }
    }

    /// Reads a text into numbers and byte offsets, over what `line` held before.
    pub fn read(self, text: &str, line: &mut Line) {
        line.clear();
        line.ids.reserve(text.len() / 3);
        line.offsets.reserve(text.len() / 3 + 1);
        for (offset, character) in text.char_indices() {
            line.ids.push(self.id(character));
            line.offsets.push(offset as u32);
        }
        line.offsets.push(text.len() as u32);
    }
}

/// A stretch of text as the model reads it; made to be used again and again.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The number of each character.
    pub ids: Vec<CharId>,
    /// Where each character begins, in bytes, and where the last one ends: one more entry than
    /// `ids`.
    pub offsets: Vec<u32>,
}

impl Line {
    /// Empties the line and keeps its memory.
    pub fn clear(&mut self) {
        self.ids.clear();
        self.offsets.clear();
    }
}

/// What a character is counted as before it is numbered: classes by their number, everything else
/// by its code point. `None` for what lies outside the basic plane and for control characters.
pub(crate) fn fold(character: char) -> Option<Folded> {
    Some(match character {
        '0'..='9' | '０'..='９' => Folded::Class(DIGIT),
        'a'..='z' | 'A'..='Z' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' => Folded::Class(LATIN),
        ' ' | '\t' | '\u{a0}' | '\u{3000}' => Folded::Class(SPACE),
        ',' => Folded::Itself('，'),
        ';' => Folded::Itself('；'),
        ':' => Folded::Itself('：'),
        '?' => Folded::Itself('？'),
        '!' => Folded::Itself('！'),
        '(' => Folded::Itself('（'),
        ')' => Folded::Itself('）'),
        _ if character.is_control() || character as usize >= PLANE => return None,
        _ => Folded::Itself(character),
    })
}

/// See [`fold`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Folded {
    Class(CharId),
    Itself(char),
}

/// Lays the part out: `chars` are the characters from [`FIRST`] on, the most common first;
/// `read_as` gives the character that another is read as.
///
/// # Panics
/// If there are more characters than the basic plane holds.
pub(crate) fn encode(chars: &[char], read_as: impl Fn(char) -> char) -> Vec<u8> {
    assert!(
        chars.len() + usize::from(FIRST) <= PLANE,
        "only the basic plane is numbered"
    );
    let number = |position: usize| position as CharId + FIRST;
    let mut of_char = vec![UNKNOWN; PLANE];
    for (position, &character) in chars.iter().enumerate() {
        of_char[character as usize] = number(position);
    }
    let mut ids = Vec::with_capacity(PLANE * 2);
    for code in 0..PLANE as u32 {
        let id = match char::from_u32(code).and_then(fold) {
            Some(Folded::Class(id)) => id,
            Some(Folded::Itself(character)) => of_char[read_as(character) as usize],
            None => UNKNOWN,
        };
        ids.extend_from_slice(&id.to_le_bytes());
    }
    let classes = [0u32; FIRST as usize];
    let codes: Vec<u8> = classes
        .into_iter()
        .chain(chars.iter().map(|&character| character as u32))
        .flat_map(u32::to_le_bytes)
        .collect();
    super::packed::join([&ids, &codes])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_back() {
        let body = encode(&['的', '，', '一'], |c| if c == '壹' { '一' } else { c });
        let characters = Characters::parse(&body).expect("just encoded");
        characters.check().expect("just encoded");
        assert_eq!(characters.id('的'), FIRST);
        assert_eq!(characters.character(FIRST + 2), Some('一'));
        assert_eq!(characters.id(','), characters.id('，'));
        assert_eq!(characters.id('壹'), characters.id('一'));
        assert_eq!(
            [
                characters.id('7'),
                characters.id('Ａ'),
                characters.id('\u{3000}')
            ],
            [DIGIT, LATIN, SPACE]
        );
        assert_eq!(
            [
                characters.id('龘'),
                characters.id('\u{20000}'),
                characters.id('\n')
            ],
            [UNKNOWN; 3]
        );
        assert_eq!(characters.character(DIGIT), None);
        assert_eq!(characters.character(9_000), None);
    }

    #[test]
    fn reading_keeps_byte_offsets() {
        let body = encode(&['的'], |c| c);
        let mut line = Line::default();
        Characters::parse(&body)
            .expect("just encoded")
            .read("a的", &mut line);
        assert_eq!(
            (line.ids, line.offsets),
            (vec![LATIN, FIRST], vec![0, 1, 4])
        );
    }
}
