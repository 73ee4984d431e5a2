//! Where words end: the best path through the lexicon.
//!
//! Each way to cut a stretch of characters into words costs the sum of −ln of the words' frequencies; the cheapest is found by dynamic programming over a
//! fixed window on the stack, so that nothing is allocated but the caller's list of words.

use super::characters::{CharId, Characters, DIGIT, FIRST, LATIN};
use super::lexicon::{LONGEST, Lexicon, WordId};

/// A stretch longer than this is cut in windows. Real stretches between two marks are far shorter.
pub(crate) const WINDOW: usize = 256;
/// What a character costs that is no word of the lexicon, in nats.
const STRANGER: f32 = 17.0;

/// A word of a segmented text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Word {
    /// Where it begins, in bytes of the text.
    pub start: u32,
    /// Where it ends, in bytes of the text.
    pub end: u32,
    /// How many characters it has.
    pub characters: u16,
    /// The word of the lexicon; none for marks, numbers, Latin words and single characters that are no words.
    pub word: Option<WordId>,
    /// −ln of its frequency, in nats; 0 for what is no Chinese.
    pub cost: f32,
}

/// Cuts a text into words and writes them to `words`, over what was there. White space gives none, a run of digits or of Latin letters
/// one, a mark one.
pub fn segment(
    characters: Characters<'_>,
    lexicon: Lexicon<'_>,
    text: &str,
    words: &mut Vec<Word>,
) {
    words.clear();
    let mut window = Window::new();
    let mut run: Option<(u32, u16, CharId)> = None;
    for (offset, character) in text.char_indices() {
        let offset = offset as u32;
        let id = characters.id(character);
        let class = if is_han(character) { None } else { Some(id) };
        if let Some((start, length, of)) = run {
            if class == Some(of) {
                run = Some((start, length + 1, of));
                continue;
            }
            words.push(Word {
                start,
                end: offset,
                characters: length,
                word: None,
                cost: 0.0,
            });
            run = None;
        }
        match class {
            None => {
                if window.length == WINDOW {
                    window.flush(lexicon, offset, |word| words.push(word));
                }
                window.push(id, offset);
            }
            Some(class) => {
                window.flush(lexicon, offset, |word| words.push(word));
                if class == DIGIT || class == LATIN {
                    run = Some((offset, 1, class));
                } else if !character.is_whitespace() {
                    let end = offset + character.len_utf8() as u32;
                    words.push(Word {
                        start: offset,
                        end,
                        characters: 1,
                        word: None,
                        cost: 0.0,
                    });
                }
            }
        }
    }
    let end = text.len() as u32;
    window.flush(lexicon, end, |word| words.push(word));
    if let Some((start, characters, _)) = run {
        words.push(Word {
            start,
            end,
            characters,
            word: None,
            cost: 0.0,
        });
    }
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '〇' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// A stretch of Chinese characters that waits to be cut.
pub(crate) struct Window {
    pub(crate) length: usize,
    ids: [CharId; WINDOW],
    offsets: [u32; WINDOW],
    /// The cheapest cost of the rest from each position on, the word that begins it, and how many characters that word has.
    cost: [f32; WINDOW + 1],
    word: [Option<WordId>; WINDOW],
    step: [u8; WINDOW],
}

impl Window {
    pub(crate) fn new() -> Self {
        Window {
            length: 0,
            ids: [0; WINDOW],
            offsets: [0; WINDOW],
            cost: [0.0; WINDOW + 1],
            word: [None; WINDOW],
            step: [1; WINDOW],
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, id: CharId, offset: u32) {
        self.ids[self.length] = id;
        self.offsets[self.length] = offset;
        self.length += 1;
    }

    /// Cuts what was pushed, and empties the window. `end`: where its last character ends.
    #[inline]
    pub(crate) fn flush(&mut self, lexicon: Lexicon<'_>, end: u32, mut word: impl FnMut(Word)) {
        let length = std::mem::take(&mut self.length);
        if length == 0 {
            return;
        }
        self.cost[length] = 0.0;
        let root = lexicon.root();
        for start in (0..length).rev() {
            let mut best = STRANGER + self.cost[start + 1];
            let (mut best_word, mut best_step) = (None, 1);
            let mut node = root;
            for (at, &id) in self.ids[start..length.min(start + LONGEST)]
                .iter()
                .enumerate()
            {
                let Some(child) = lexicon.child(node, id) else {
                    break;
                };
                node = child;
                let Some(candidate) = node.word else { continue };
                let cost = self.cost[start + at + 1] - lexicon.log_frequency(candidate);
                if cost < best {
                    (best, best_word, best_step) = (cost, Some(candidate), at as u8 + 1);
                }
            }
            self.cost[start] = best;
            self.word[start] = best_word;
            self.step[start] = best_step;
        }
        let mut at = 0;
        while at < length {
            let next = at + usize::from(self.step[at]);
            let until = if next < length {
                self.offsets[next]
            } else {
                end
            };
            let cost = self.cost[at] - self.cost[next];
            word(Word {
                start: self.offsets[at],
                end: until,
                characters: (next - at) as u16,
                word: self.word[at],
                cost,
            });
            at = next;
        }
    }
}

const _: () = assert!(FIRST > LATIN && LONGEST < 256);
