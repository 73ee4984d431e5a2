//! Does a text begin like a sentence, or like the rest of one? A linear weighing of its first words
//! and characters.
//!
//! [`starts`](super::initial_words) knows single words; here what stands side by side counts as
//! well, what words the first clause has, and how far its first mark is. The weights stand in a
//! table of fixed size, each kind of evidence at the place that its hash names (Weinberger et al.
//! 2009).

use super::Model;
use super::segment::Word;
use crate::text::{CharClass, is_sentence_end};

/// The name of the part: scale and bias, then a signed byte a weight.
pub(crate) const PART: &str = "openings";
/// How many weights there are.
pub(crate) const WEIGHTS: usize = 1 << 18;
/// Bytes before the weights.
pub(crate) const HEAD: usize = 8;
/// Characters of a text that are looked at.
pub(crate) const WINDOW: usize = 24;
/// Words that are looked at.
const WORDS: usize = 14;

/// The table. A view of the model file.
#[derive(Clone, Copy, Debug)]
pub struct Openings<'a> {
    scale: f32,
    bias: f32,
    weights: &'a [u8],
}

impl<'a> Openings<'a> {
    /// The table of a model, if it has one.
    pub fn of(model: &'a Model) -> Option<Self> {
        let (head, weights) = model.part(PART)?.split_first_chunk::<HEAD>()?;
        let number =
            |at: usize| f32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        (weights.len() == WEIGHTS).then_some(Self {
            scale: number(0),
            bias: number(4),
            weights,
        })
    }

    /// The log-odds that a text is the rest of a sentence, where half of all texts are; `words` are
    /// those of its first characters.
    pub fn rest(self, text: &str, words: &[Word]) -> f32 {
        let mut sum = 0;
        each(text, words, |at| {
            sum += i32::from(self.weights[at].cast_signed());
        });
        self.bias + self.scale * sum as f32
    }
}

/// A hash of numbers.
#[derive(Clone, Copy)]
struct Mix(u64);

impl Mix {
    fn of(kind: u64) -> Self {
        Self(kind.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn and(self, number: u64) -> Self {
        Self((self.0.rotate_left(7) ^ number).wrapping_mul(0xff51_afd7_ed55_8ccd))
    }

    fn place(self) -> usize {
        (self.0 >> 40) as usize % WEIGHTS
    }
}

/// A character as it counts here: half-width marks as their full-width forms, digits and Latin
/// letters alike.
fn class(c: char) -> u64 {
    let c = match c {
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '(' => '（',
        ')' => '）',
        '?' => '？',
        '!' => '！',
        _ => match CharClass::of(c) {
            CharClass::Digit => '0',
            CharClass::Letter => 'a',
            _ => c,
        },
    };
    u64::from(u32::from(c))
}

/// Visits the places of the weights that speak about a text.
pub(crate) fn each(text: &str, words: &[Word], mut visit: impl FnMut(usize)) {
    let mut chars = text.chars().map(class);
    let mut so_far = Mix::of(1);
    for length in 0..4 {
        let Some(c) = chars.next() else { break };
        so_far = so_far.and(c);
        visit(so_far.place());
        if length == 1 {
            visit(Mix::of(2).and(c).place());
        }
    }
    // Words by their spelling, so that the table serves any lexicon; a mark, a number, a Latin word
    // by what it begins with.
    let number = |word: &Word| match word.word {
        Some(_) => {
            let spelling = text.get(word.start as usize..word.end as usize);
            let characters = spelling.unwrap_or_default().chars();
            characters
                .fold(Mix::of(0), |mix, c| mix.and(u64::from(c)))
                .0
                << 1
        }
        None => {
            let first = text
                .get(word.start as usize..)
                .and_then(|t| t.chars().next());
            first.map_or(0, class) << 1 | 1
        }
    };
    let mut numbers = [0; WORDS];
    let count = words.len().min(WORDS);
    for (slot, word) in numbers.iter_mut().zip(words) {
        *slot = number(word);
    }
    let numbers = &numbers[..count];
    let mut so_far = Mix::of(3);
    for number in numbers.iter().take(3) {
        so_far = so_far.and(*number);
        visit(so_far.place());
    }
    for (place, number) in numbers.iter().enumerate().skip(1) {
        if place < 3 {
            visit(Mix::of(3 + place as u64).and(*number).place());
        }
        visit(Mix::of(6).and(*number).place());
    }
    for pair in numbers.get(1..).unwrap_or_default().windows(2).take(3) {
        visit(Mix::of(7).and(pair[0]).and(pair[1]).place());
    }
    // The first mark: which, how far, behind which word, and after which first word.
    let mark = words.iter().position(|w| {
        let c = text.get(w.start as usize..).and_then(|t| t.chars().next());
        w.word.is_none()
            && c.is_some_and(|c| matches!(CharClass::of(c), CharClass::Mark | CharClass::AsciiMark))
    });
    let (mark, far, last) = match mark {
        Some(at) => {
            let start = words[at].start as usize;
            let mark = text[start..].chars().next().map_or(0, class);
            let last = at.checked_sub(1).map_or(0, |i| number(&words[i]));
            (mark, start as u64 / 6, last)
        }
        None => (0, 99, 0),
    };
    visit(Mix::of(8).and(mark).and(far).place());
    visit(Mix::of(9).and(mark).and(last).place());
    if let Some(first) = numbers.first() {
        visit(Mix::of(10).and(mark).and(*first).place());
        visit(Mix::of(11).and(far).and(*first).place());
        visit(Mix::of(12).and(last).and(*first).place());
    }
    let ends = text.chars().take(WINDOW).any(is_sentence_end);
    visit(Mix::of(13).and(u64::from(ends)).place());
}
