//! One pass over a text for all that is looked for by its first characters: the literals of
//! declared rules, and the wrong words of lists. Where no such thing begins, which is nearly
//! everywhere, a character costs three looks into bit sets.

use std::collections::HashMap;

use super::word_list::{self, Entry, Lists, NONE};
use crate::text::Span;
use crate::text::hashing::Hashed;

/// What a literal sets off.
#[derive(Clone, Copy)]
pub(super) struct Reaction {
    pub(super) pattern: u16,
    /// The item that the literal is, or that holds it; `None` where all regexes of the pattern
    /// require it.
    pub(super) item: Option<u16>,
    /// Bytes of the literal.
    pub(super) len: u32,
}

/// Literals, and what each sets off. Nothing is sorted when they are put together: what is looked
/// for is hardly ever found.
pub(super) struct Trigger {
    literals: Vec<Literal>,
    /// For a character that is a literal: the last of those.
    singles: HashMap<char, u32, Hashed>,
    /// For the two characters that literals begin with: the last of those.
    pairs: HashMap<u64, u32, Hashed>,
}

struct Literal {
    text: &'static str,
    reaction: Reaction,
    /// The one before of those that begin alike.
    before: Option<u32>,
}

/// Where a literal stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    at: u32,
    literal: u32,
}

impl Trigger {
    pub(super) fn new(wanted: Vec<(&'static str, Reaction)>) -> Self {
        let mut trigger = Self {
            literals: Vec::with_capacity(wanted.len()),
            singles: HashMap::default(),
            pairs: HashMap::with_capacity_and_hasher(wanted.len(), Hashed::default()),
        };
        for ((text, reaction), number) in wanted.into_iter().zip(0..) {
            let mut characters = text.chars();
            let before = match (characters.next(), characters.next()) {
                (Some(first), Some(second)) => {
                    let [first, second] = [first, second].map(|c| u64::from(u32::from(c)));
                    let pair = word_list::three(first, second, NONE);
                    trigger.pairs.insert(pair, number)
                }
                (Some(single), None) => trigger.singles.insert(single, number),
                _ => None,
            };
            trigger.literals.push(Literal {
                text,
                reaction,
                before,
            });
        }
        trigger
    }

    /// Adds the literals of a chain that a text begins with, the shortest first.
    fn at(&self, text: &str, at: usize, last: Option<u32>, places: &mut Vec<Place>) {
        let begun = places.len();
        let mut next = last;
        while let Some(number) = next {
            let literal = &self.literals[number as usize];
            if text[at..].starts_with(literal.text) {
                places.push(Place {
                    at: at as u32,
                    literal: number,
                });
            }
            next = literal.before;
        }
        let here = &mut places[begun..];
        here.sort_unstable_by_key(|p| (self.literals[p.literal as usize].text.len(), p.literal));
    }

    /// What the literal of a place sets off, with the offset where it begins.
    fn reaction(&self, place: Place) -> (usize, Reaction) {
        let literal = &self.literals[place.literal as usize];
        (place.at as usize, literal.reaction)
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

/// What was found in a text, in order; at one place the shortest literal first, and what it sets
/// off as it is declared.
#[derive(Default)]
pub(super) struct Found {
    anywhere: Vec<Place>,
    furniture: Vec<Place>,
    /// The words of lists: the number of the list and the offset where the word begins. At one
    /// place the longest of a list comes first.
    pub(super) words: Vec<(usize, usize, Entry)>,
}

/// Bits of the hash of two characters.
const BITS: u32 = 16;

impl Sweep {
    pub(super) fn new(anywhere: Trigger, furniture: Trigger, lists: Lists) -> Self {
        let mut pairs = vec![0_u64; (1 << BITS) / 64];
        let mut singles = vec![0_u64; 0x1_0000 / 64];
        for trigger in [&anywhere, &furniture] {
            for pair in trigger.pairs.keys() {
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

    /// Goes through a text. A function of its own, so that its instructions can be counted.
    #[inline(never)]
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
        // The last character, and the two that begin at the one before it: where they stand, as a
        // number, and its hash.
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
        places.map(|place| self.anywhere.reaction(*place))
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
        let reactions = places.map(|place| self.furniture.reaction(*place));
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
        let last = |trigger: &Trigger| trigger.pairs.get(&pair).copied();
        let Found {
            anywhere: free,
            furniture: fixed,
            ..
        } = &mut self.found;
        anywhere.at(self.text, start, last(anywhere), free);
        furniture.at(self.text, start, last(furniture), fixed);
    }

    #[inline(never)]
    fn single(&mut self, start: usize, c: char) {
        let Sweep {
            anywhere,
            furniture,
            ..
        } = self.sweep;
        let last = |trigger: &Trigger| trigger.singles.get(&c).copied();
        let Found {
            anywhere: free,
            furniture: fixed,
            ..
        } = &mut self.found;
        anywhere.at(self.text, start, last(anywhere), free);
        furniture.at(self.text, start, last(furniture), fixed);
    }
}
