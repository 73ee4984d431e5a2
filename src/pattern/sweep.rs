//! One pass over a text for all that is looked for by its first characters: the literals of declared rules, and the wrong words of lists. Where
//! no such thing begins, which is nearly everywhere, a character costs three looks into bit sets.

use std::collections::HashMap;
use std::ops::Range;

use super::word_list::{self, Entry, Lists, NONE};
use crate::text::Span;
use crate::text::hashing::Hashed;

/// What a literal sets off.
#[derive(Clone, Copy)]
pub(super) struct Reaction {
    pub(super) pattern: u16,
    /// The item that the literal is, or that holds it; `None` where all regexes of the pattern require it.
    pub(super) item: Option<u16>,
    /// Bytes of the literal.
    pub(super) len: u32,
}

/// Literals, and what each sets off.
pub(super) struct Trigger {
    /// In order, each once.
    literals: Vec<&'static str>,
    /// For a character that is a literal: which of them.
    singles: HashMap<char, u32, Hashed>,
    /// For the two characters that literals begin with: which of them.
    ranges: HashMap<u64, Range<u32>, Hashed>,
    /// Where the reactions of each literal end; they begin where those of the one before end.
    ends: Vec<u32>,
    reactions: Vec<Reaction>,
}

/// Where a literal stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    at: u32,
    literal: u32,
}

impl Trigger {
    pub(super) fn new(wanted: Vec<(&'static str, Reaction)>) -> Self {
        // by their first bytes: comparing whole texts is dearer
        let beginning = |text: &str| {
            let mut eight = [0; 8];
            let length = text.len().min(8);
            eight[..length].copy_from_slice(&text.as_bytes()[..length]);
            u64::from_be_bytes(eight)
        };
        let keyed = (0_u32..).zip(wanted);
        let keyed =
            keyed.map(|(number, (text, reaction))| (beginning(text), text, number, reaction));
        let mut wanted: Vec<_> = keyed.collect();
        wanted.sort_unstable_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
        let mut trigger = Self {
            literals: Vec::new(),
            singles: HashMap::default(),
            ranges: HashMap::with_capacity_and_hasher(wanted.len(), Hashed::default()),
            ends: Vec::new(),
            reactions: wanted.iter().map(|(.., reaction)| *reaction).collect(),
        };
        let same = |a: &(u64, &str, u32, Reaction), b: &(u64, &str, u32, Reaction)| {
            a.0 == b.0 && a.1 == b.1
        };
        let mut end = 0;
        for same in wanted.chunk_by(same) {
            end += same.len() as u32;
            let (_, text, ..) = same[0];
            let mut chars = text.chars().map(|c| u64::from(u32::from(c)));
            let at = trigger.literals.len() as u32;
            match (chars.next(), chars.next()) {
                (Some(first), Some(second)) => {
                    let range = trigger.ranges.entry(word_list::three(first, second, NONE));
                    range.or_insert(at..at).end = at + 1;
                }
                (Some(_), None) => {
                    trigger.singles.extend(text.chars().map(|c| (c, at)));
                }
                _ => {}
            }
            trigger.literals.push(text);
            trigger.ends.push(end);
        }
        trigger
    }

    /// Adds the literals that begin at a place with two characters.
    fn at(&self, text: &str, at: usize, pair: u64, places: &mut Vec<Place>) {
        let range = self.ranges.get(&pair).cloned().unwrap_or_default();
        for literal in range {
            if text[at..].starts_with(self.literals[literal as usize]) {
                let at = at as u32;
                places.push(Place { at, literal });
            }
        }
    }

    /// What the literal of a place sets off, with the offset where it begins.
    fn reactions(&self, place: Place) -> impl Iterator<Item = (usize, Reaction)> + '_ {
        let literal = place.literal as usize;
        let start = literal.checked_sub(1).map_or(0, |before| self.ends[before]);
        let reactions = &self.reactions[start as usize..self.ends[literal] as usize];
        reactions.iter().map(move |r| (place.at as usize, *r))
    }
}

/// All that is looked for.
pub(super) struct Sweep {
    /// Literals that may stand anywhere.
    anywhere: Trigger,
    /// Literals that stand where furniture stands: in short paragraphs and at the edges of others.
    furniture: Trigger,
    lists: Lists,
    /// The two characters that literals begin with, a bit for each hash of two.
    pairs: Vec<u64>,
    /// The characters of the basic plane that are literals, a bit each.
    singles: Vec<u64>,
}

/// What was found in a text, in order; at one place the shortest literal first.
#[derive(Default)]
pub(super) struct Found {
    anywhere: Vec<Place>,
    furniture: Vec<Place>,
    /// The words of lists: the number of the list and the offset where the word begins. At one place the longest of a list comes first.
    pub(super) words: Vec<(usize, usize, Entry)>,
}

/// Bits of the hash of two characters.
const BITS: u32 = 16;

impl Sweep {
    pub(super) fn new(anywhere: Trigger, furniture: Trigger, lists: Lists) -> Self {
        let mut pairs = vec![0_u64; (1 << BITS) / 64];
        let mut singles = vec![0_u64; 0x1_0000 / 64];
        for trigger in [&anywhere, &furniture] {
            for pair in trigger.ranges.keys() {
                let bit = word_list::slot(word_list::mixed(*pair), BITS);
                pairs[bit / 64] |= 1 << (bit % 64);
            }
            for single in trigger.singles.keys() {
                // Beyond the basic plane each character is looked up.
                if let Some(word) = singles.get_mut(*single as usize / 64) {
                    *word |= 1 << (*single as usize % 64);
                }
            }
        }
        Self {
            anywhere,
            furniture,
            lists,
            pairs,
            singles,
        }
    }

    /// Goes through a text.
    pub(super) fn run(&self, text: &str) -> Found {
        let mut pass = Pass {
            sweep: self,
            text,
            lists: self.lists.parts(),
            found: Found::default(),
        };
        let number = |c: char| u64::from(u32::from(c));
        let words = self.lists.filter();
        let mut characters = text.char_indices();
        let Some((mut at, first)) = characters.next() else {
            return pass.found;
        };
        pass.single(at, first);
        // The last character, and the two that begin at the one before it: where they stand, as a number, and its hash.
        let mut last = number(first);
        let mut before: Option<(usize, u64, u64)> = None;
        for (next, c) in characters {
            let (second, third) = (last, number(c));
            if let Some((start, pair, mixed)) = before {
                let three = pair ^ NONE ^ third;
                let mixed_three = word_list::mixed(three);
                if words.may_hold(mixed_three) {
                    pass.words(start, mixed_three);
                }
                if words.may_hold(mixed) {
                    pass.words(start, mixed);
                }
            }
            let pair = word_list::three(second, third, NONE);
            let mixed = word_list::mixed(pair);
            if has(&self.pairs, word_list::slot(mixed, BITS)) {
                pass.literals(at, pair);
            }
            if has(&self.singles, c as usize) {
                pass.single(next, c);
            }
            before = Some((at, pair, mixed));
            (at, last) = (next, third);
        }
        if let Some((start, _, mixed)) = before {
            pass.words(start, mixed);
        }
        pass.found
    }

    /// The literals found that may stand anywhere, with where they begin.
    pub(super) fn anywhere(&self, found: &Found) -> impl Iterator<Item = (usize, Reaction)> {
        let places = found.anywhere.iter();
        places.flat_map(|place| self.anywhere.reactions(*place))
    }

    /// The literals of furniture found within a span, with where they begin in it.
    pub(super) fn furniture(
        &self,
        found: &Found,
        span: Span,
    ) -> impl Iterator<Item = (usize, Reaction)> {
        let first = found
            .furniture
            .partition_point(|place| (place.at as usize) < span.start());
        let places = found.furniture[first..].iter();
        let places = places.take_while(move |place| (place.at as usize) < span.end());
        let reactions = places.flat_map(|place| self.furniture.reactions(*place));
        let reactions = reactions.filter(move |(at, r)| at + r.len as usize <= span.end());
        reactions.map(move |(at, reaction)| (at - span.start(), reaction))
    }
}

/// Whether a bit is set; what is beyond the set may be in it.
#[inline]
fn has(bits: &[u64], bit: usize) -> bool {
    bits.get(bit / 64)
        .is_none_or(|word| word >> (bit % 64) & 1 != 0)
}

/// One pass over one text. What is rare stands outside the loop.
struct Pass<'s, 't> {
    sweep: &'s Sweep,
    text: &'t str,
    lists: Vec<Option<word_list::Parts>>,
    found: Found,
}

impl Pass<'_, '_> {
    #[inline(never)]
    fn words(&mut self, start: usize, mixed: u64) {
        let text = &self.text[start..];
        for (number, list) in self.lists.iter().enumerate() {
            if let Some(list) = list {
                list.at(mixed, text, |entry| {
                    self.found.words.push((number, start, entry));
                });
            }
        }
    }

    #[inline(never)]
    fn literals(&mut self, start: usize, pair: u64) {
        let Sweep {
            anywhere,
            furniture,
            ..
        } = self.sweep;
        anywhere.at(self.text, start, pair, &mut self.found.anywhere);
        furniture.at(self.text, start, pair, &mut self.found.furniture);
    }

    #[inline(never)]
    fn single(&mut self, start: usize, c: char) {
        let at = start as u32;
        if let Some(&literal) = self.sweep.anywhere.singles.get(&c) {
            self.found.anywhere.push(Place { at, literal });
        }
        if let Some(&literal) = self.sweep.furniture.singles.get(&c) {
            self.found.furniture.push(Place { at, literal });
        }
    }
}
