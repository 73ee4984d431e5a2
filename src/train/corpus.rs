//! The text to count, in memory, two bytes a character.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::model::characters::{Folded, fold};
use crate::model::variants::{Script, Variants};

/// What ends a paragraph in [`Text::codes`].
pub(crate) const BREAK: u16 = crate::model::characters::BOUNDARY;
/// A character that is not numbered: outside the basic plane.
pub(crate) const FOREIGN: u16 = 0xffff;
/// A paragraph of at least this many characters is taken once: what is printed again and again
/// (credits, formulas of law) says nothing more the second time.
const TAKEN_ONCE: usize = 12;

/// Training text in memory, two bytes a character: code points first, numbers of the model after
/// [`number`](super::vocabulary::number).
#[derive(Debug, Default)]
pub(crate) struct Text {
    /// Paragraphs, each followed by [`BREAK`]. Classes (digits, Latin letters) are already their
    /// numbers.
    pub(crate) codes: Vec<u16>,
}

impl Text {
    /// The paragraphs, without the breaks.
    pub(crate) fn paragraphs(&self) -> impl Iterator<Item = &[u16]> {
        self.codes
            .split(|&code| code == BREAK)
            .filter(|paragraph| !paragraph.is_empty())
    }
}

/// Text being gathered.
#[derive(Debug)]
pub(crate) struct Corpus<'v> {
    pub(crate) text: Text,
    /// Forms of other scripts, which count as the form that simplified text uses.
    variants: Variants<'v>,
    seen: HashSet<u64, BuildHasherDefault<DefaultHasher>>,
    line: Vec<u16>,
}

impl<'v> Corpus<'v> {
    pub(crate) fn new(variants: Variants<'v>) -> Self {
        Corpus {
            text: Text::default(),
            variants,
            seen: HashSet::default(),
            line: Vec::new(),
        }
    }

    /// Adds a paragraph, unless it is hardly Chinese or was there before.
    pub(crate) fn add(&mut self, paragraph: &str) {
        let paragraph = paragraph
            .trim()
            .trim_start_matches(['#', '*', '-', '>'])
            .trim_start();
        self.line.clear();
        let mut han = 0;
        let mut foreign = 0;
        for character in paragraph.chars() {
            foreign += usize::from(self.variants.script(character) == Script::Foreign);
            let code = match fold(character) {
                Some(Folded::Class(id)) => id,
                Some(Folded::Itself(character)) => self.variants.read_as(character) as u16,
                None => FOREIGN,
            };
            han += usize::from(is_han(code));
            self.line.push(code);
        }
        if han * 3 < self.line.len() || han == 0 {
            return;
        }
        if foreign * TRADITIONAL > han {
            particles(&mut self.line);
        }
        if self.line.len() >= TAKEN_ONCE
            && !self.seen.insert(self.seen.hasher().hash_one(&self.line))
        {
            return;
        }
        self.text.codes.extend_from_slice(&self.line);
        self.text.codes.push(BREAK);
    }
}

/// Of so many characters of traditional text at least one has a form of its own there.
const TRADITIONAL: usize = 10;

/// The words of simplified text that are written with 著, by the character before it and by the one
/// after it.
const AFTER_THESE: &str = "名专原巨论土卓编合拙昭显遗译新旧所";
const BEFORE_THESE: &str = "名作者称述录";

/// Reads the particle 著 of traditional text as 着, outside the words that simplified text writes
/// with 著 too: 寫著 is 写着, 著名 is 著名.
fn particles(line: &mut [u16]) {
    let is_in = |code: Option<&u16>, list: &str| {
        let character = code.and_then(|code| char::from_u32(u32::from(*code)));
        character.is_some_and(|character| list.contains(character))
    };
    for at in 0..line.len() {
        let word = is_in(at.checked_sub(1).and_then(|i| line.get(i)), AFTER_THESE)
            || is_in(line.get(at + 1), BEFORE_THESE);
        if line[at] == '著' as u16 && !word {
            line[at] = '着' as u16;
        }
    }
}

/// Whether a code is a Chinese character.
pub(crate) fn is_han(code: u16) -> bool {
    matches!(code, 0x4e00..=0x9fff | 0x3400..=0x4dbf | 0x3007)
}

#[cfg(test)]
mod tests {
    use super::particles;

    #[test]
    fn the_particle_of_traditional_text_is_read_as_in_simplified() {
        let read = |text: &str| {
            let mut line: Vec<u16> = text.encode_utf16().collect();
            particles(&mut line);
            String::from_utf16_lossy(&line)
        };
        assert_eq!(read("他写著一封信"), "他写着一封信");
        assert_eq!(read("著名作家的专著"), "著名作家的专著");
    }
}
