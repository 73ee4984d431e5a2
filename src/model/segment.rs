//! Where words end: the best path through the lexicon.
//!
//! Each way to cut a stretch of characters into words costs the sum of −ln of the words'
//! frequencies; the cheapest is found by dynamic programming. The lexicon is larger than the caches
//! near the processor, so the words at all positions of a piece of text are looked up together: the
//! reads of one position do not wait for those of another. The memory is kept; nothing is allocated
//! but the caller's list of words.

use std::cell::RefCell;

use super::characters::{CharId, Characters, DIGIT, FIRST, LATIN};
use super::lexicon::{LONGEST, Lexicon, WordId};
use crate::text::{is_common_han, is_han};

/// A stretch longer than this is cut in windows. Real stretches between two marks are far shorter.
pub(crate) const WINDOW: usize = 256;
/// From this many characters on a piece of text is cut at the next mark.
const PIECE: usize = 512;
/// The most characters of a piece: a stretch may begin just before it is long enough.
const MOST: usize = PIECE + WINDOW;
/// What a character costs that is no word of the lexicon, in nats.
pub(crate) const STRANGER: f32 = 17.0;

/// A word of a segmented text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Word {
    /// Where it begins, in bytes of the text.
    pub start: u32,
    /// Where it ends, in bytes of the text.
    pub end: u32,
    /// How many characters it has.
    pub characters: u16,
    /// The word of the lexicon; none for marks, numbers, Latin words and single characters that are
    /// no words.
    pub word: Option<WordId>,
    /// −ln of its frequency, in nats; 0 for what is no Chinese.
    pub cost: f32,
}

/// What a character is to the cutting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Han,
    Digit,
    Latin,
    Space,
    Other,
}

/// Cuts texts into words, again and again in the same memory.
#[derive(Debug)]
pub struct Segmenter<'m> {
    characters: Characters<'m>,
    lexicon: Lexicon<'m>,
    /// There until it is dropped.
    memory: Option<Box<Memory>>,
}

/// What is written anew for each piece of text. Filling it with zeros first is dearer than cutting
/// a sentence.
#[derive(Debug)]
struct Memory {
    window: Window,
    kinds: [Kind; MOST],
}

thread_local! {
    /// The memory of segmenters that are gone, for the next ones.
    static SPARE: RefCell<Vec<Box<Memory>>> = const { RefCell::new(Vec::new()) };
}

impl<'m> Segmenter<'m> {
    /// By the words of a lexicon.
    pub fn new(characters: Characters<'m>, lexicon: Lexicon<'m>) -> Self {
        let spare = SPARE.try_with(|spare| spare.borrow_mut().pop());
        let memory = spare.ok().flatten().unwrap_or_else(|| {
            Box::new(Memory {
                window: Window::new(),
                kinds: [Kind::Other; MOST],
            })
        });
        Self {
            characters,
            lexicon,
            memory: Some(memory),
        }
    }

    /// Cuts a text into words and writes them to `words`, over what was there. White space gives
    /// none, a run of digits or of Latin letters one, a mark one.
    pub fn cut(&mut self, text: &str, words: &mut Vec<Word>) {
        words.clear();
        let Some(memory) = &mut self.memory else {
            return;
        };
        let mut from = 0;
        // A run of digits or letters that the piece before ended with.
        let mut open = None;
        while from < text.len() {
            let end = from + memory.read(self.characters, &text[from..], from);
            memory.window.look_up(self.lexicon, end as u32);
            open = memory.write(self.lexicon, open, words);
            from = end;
        }
        words.extend(open.map(|(_, run)| run));
    }
}

impl Drop for Segmenter<'_> {
    fn drop(&mut self) {
        // Where the thread ends already, its memory goes with it.
        let memory = self.memory.take();
        let _ = SPARE.try_with(|spare| spare.borrow_mut().extend(memory));
    }
}

impl Memory {
    /// Reads a piece of text up to where it may be cut; how many bytes it has.
    fn read(&mut self, characters: Characters<'_>, text: &str, offset: usize) -> usize {
        self.window.length = 0;
        let mut stretch = 0;
        for (at, character) in text.char_indices() {
            let id = characters.id(character);
            let kind = match character {
                _ if is_in_words(character) => Kind::Han,
                _ if id == DIGIT => Kind::Digit,
                _ if id == LATIN => Kind::Latin,
                _ if character.is_whitespace() => Kind::Space,
                _ => Kind::Other,
            };
            let han = kind == Kind::Han;
            let length = self.window.length;
            if length >= PIECE && (!han || stretch % WINDOW == 0) {
                return at;
            }
            stretch = if han { stretch + 1 } else { 0 };
            self.kinds[length] = kind;
            // The first number is no character: no word reaches over it.
            self.window
                .push(if han { id } else { 0 }, (offset + at) as u32);
        }
        text.len()
    }

    /// Writes the words of the piece that was read. Gives back the run of digits or letters that it
    /// ends with.
    fn write(
        &mut self,
        lexicon: Lexicon<'_>,
        mut open: Option<(Kind, Word)>,
        words: &mut Vec<Word>,
    ) -> Option<(Kind, Word)> {
        let length = self.window.length;
        let mut at = 0;
        while at < length {
            let kind = self.kinds[at];
            let start = self.window.offsets[at];
            let run = self.kinds[at..length]
                .iter()
                .take_while(|other| **other == kind)
                .count();
            let next = at + run;
            let word = |start, end, characters: usize| Word {
                start,
                end,
                characters: characters as u16,
                word: None,
                cost: 0.0,
            };
            if let Some((_, run)) = open.take_if(|(of, _)| *of != kind) {
                words.push(run);
            }
            match kind {
                Kind::Han => {
                    let mut from = at;
                    while from < next {
                        let to = next.min(from + WINDOW);
                        self.window
                            .solve(lexicon, from, to, |word| words.push(word));
                        from = to;
                    }
                }
                Kind::Digit | Kind::Latin => {
                    let end = self.window.offsets[next];
                    let of = match open {
                        Some((_, run_before)) => {
                            let all = usize::from(run_before.characters) + run;
                            word(run_before.start, end, all)
                        }
                        None => word(start, end, run),
                    };
                    open = Some((kind, of));
                }
                Kind::Space => {}
                Kind::Other => {
                    let offsets = &self.window.offsets[at..=next];
                    words.extend(offsets.windows(2).map(|pair| word(pair[0], pair[1], 1)));
                }
            }
            at = next;
        }
        open
    }
}

/// Whether words are made of it: of Han characters all but radicals and the marks of repetition.
#[inline]
fn is_in_words(c: char) -> bool {
    is_common_han(c) || is_han(c) && !matches!(c, '\u{2e80}'..='\u{2fdf}' | '々' | '〆' | '〻')
}

/// Characters that wait to be cut.
#[derive(Debug)]
pub(crate) struct Window {
    length: usize,
    /// Two more than there can be, 0 after the last.
    ids: [CharId; MOST + 2],
    /// One more: where the last character ends.
    offsets: [u32; MOST + 1],
    /// The nodes of one, two and three characters from each position on.
    nodes: [[u64; 3]; MOST],
    /// The cheapest cost of the rest from each position of a stretch on, the word that begins it,
    /// and how many characters that word has.
    cost: [f32; WINDOW + 3],
    /// One more than its number; 0 is none.
    word: [u32; WINDOW],
    step: [u8; WINDOW],
}

/// The cheapest way on from a position so far.
#[derive(Clone, Copy)]
struct Best {
    cost: f32,
    word: u32,
    step: u8,
}

impl Best {
    /// Weighs the word that ends at a node, `characters` long; `after` is what the rest costs.
    #[inline]
    fn weigh(&mut self, lexicon: Lexicon<'_>, node: u64, after: f32, characters: u8) {
        let (word, cost) = lexicon.word_at(node);
        let cost = after + cost;
        let better = cost < self.cost;
        *self = Best {
            cost: if better { cost } else { self.cost },
            word: if better { word } else { self.word },
            step: if better { characters } else { self.step },
        };
    }
}

impl Window {
    pub(crate) fn new() -> Self {
        Window {
            length: 0,
            ids: [0; MOST + 2],
            offsets: [0; MOST + 1],
            nodes: [[0; 3]; MOST],
            cost: [0.0; WINDOW + 3],
            word: [0; WINDOW],
            step: [1; WINDOW],
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, id: CharId, offset: u32) {
        self.ids[self.length] = id;
        self.offsets[self.length] = offset;
        self.length += 1;
    }

    /// Looks up the beginnings of words at all positions. `end`: where the last character ends.
    fn look_up(&mut self, lexicon: Lexicon<'_>, end: u32) {
        let length = self.length;
        self.offsets[length] = end;
        self.ids[length..length + 2].fill(0);
        let root = lexicon.packed_root();
        for (nodes, id) in self.nodes[..length].iter_mut().zip(&self.ids) {
            nodes[0] = lexicon.follow(root, *id);
        }
        for (nodes, id) in self.nodes[..length].iter_mut().zip(&self.ids[1..]) {
            nodes[1] = lexicon.follow(nodes[0], *id);
        }
        for (nodes, id) in self.nodes[..length].iter_mut().zip(&self.ids[2..]) {
            nodes[2] = lexicon.follow(nodes[1], *id);
        }
    }

    /// Cuts what was pushed, at most [`WINDOW`] characters, and empties the window. `end`: where
    /// its last character ends.
    pub(crate) fn flush(&mut self, lexicon: Lexicon<'_>, end: u32, word: impl FnMut(Word)) {
        self.look_up(lexicon, end);
        self.solve(lexicon, 0, self.length, word);
        self.length = 0;
    }

    /// Cuts the stretch of the positions `from..to`.
    #[inline]
    fn solve(&mut self, lexicon: Lexicon<'_>, from: usize, to: usize, mut word: impl FnMut(Word)) {
        let length = to - from;
        let (ids, offsets) = (&self.ids[from..to], &self.offsets[from..=to]);
        self.cost[length] = 0.0;
        for start in (0..length).rev() {
            let rest = length - start;
            let mut best = Best {
                cost: STRANGER + self.cost[start + 1],
                word: 0,
                step: 1,
            };
            let nodes = &self.nodes[from + start];
            let after = &self.cost[start + 1..start + 4];
            if rest >= 3 {
                // Which of the three is the cheapest cannot be foretold: no branches.
                best.weigh(lexicon, nodes[0], after[0], 1);
                best.weigh(lexicon, nodes[1], after[1], 2);
                best.weigh(lexicon, nodes[2], after[2], 3);
            } else {
                for (at, node) in nodes[..rest].iter().enumerate() {
                    best.weigh(lexicon, *node, after[at], at as u8 + 1);
                }
            }
            let mut node = nodes[2];
            if node != 0 && rest > 3 {
                let longer = ids[start + 3..length.min(start + LONGEST)].iter();
                for (id, characters) in longer.zip(4..) {
                    node = lexicon.follow(node, *id);
                    if node == 0 {
                        break;
                    }
                    let after = self.cost[start + usize::from(characters)];
                    best.weigh(lexicon, node, after, characters);
                }
            }
            self.cost[start] = best.cost;
            self.word[start] = best.word;
            self.step[start] = best.step;
        }
        let mut at = 0;
        while at < length {
            let next = at + usize::from(self.step[at]);
            let cost = self.cost[at] - self.cost[next];
            word(Word {
                start: offsets[at],
                end: offsets[next],
                characters: (next - at) as u16,
                word: self.word[at].checked_sub(1),
                cost,
            });
            at = next;
        }
    }
}

const _: () = assert!(FIRST > LATIN && LONGEST < 256);
