//! The words that the model knows, with how usual each is and what kind it is.
//!
//! The words stand in a double array (Aoe 1989): one read of eight bytes follows one character. A
//! word is known by its number, which also finds its topic vector. Known wrong words (关健) are
//! kept out in training.

use std::collections::HashMap;

use super::characters::{CharId, Characters};
use super::container::ModelError;
use super::packed::{U16s, U64s, sections};

pub(crate) const PART: &str = "lexicon";
pub(crate) const VERSION: u32 = 1;
/// The longest word, in characters.
pub const LONGEST: usize = 16;

/// The number of a word in this model.
pub type WordId = u32;

/// A node of the double array, packed into eight bytes: where its children begin, the character
/// that leads to it, and the number of the word that ends here, plus one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) base: u32,
    pub(crate) label: CharId,
    pub(crate) word: Option<WordId>,
}

impl Node {
    pub(crate) const MOST_SLOTS: u32 = 1 << 24;
    pub(crate) const MOST_WORDS: u32 = (1 << 20) - 1;

    #[inline]
    fn unpack(bits: u64) -> Node {
        Node {
            base: (bits & 0xff_ffff) as u32,
            label: (bits >> 24) as u16,
            word: ((bits >> 40) as u32 & 0xf_ffff).checked_sub(1),
        }
    }

    pub(crate) fn pack(self) -> u64 {
        u64::from(self.base)
            | u64::from(self.label) << 24
            | u64::from(self.word.map_or(0, |word| word + 1)) << 40
    }
}

/// What kinds of word a word is: several may hold. From the word lists of the training; nothing is
/// known of a word that stands in none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(pub u16);

impl Kinds {
    /// A set phrase of four characters or so: 实事求是.
    pub const IDIOM: Kinds = Kinds(1);
    /// A place: 呼和浩特.
    pub const PLACE: Kinds = Kinds(1 << 1);
    /// A person, or a surname.
    pub const PERSON: Kinds = Kinds(1 << 2);
    /// An organisation.
    pub const ORGANISATION: Kinds = Kinds(1 << 3);
    /// A term of official documents: 统筹兼顾.
    pub const OFFICIAL: Kinds = Kinds(1 << 4);
    /// A numeral: 十三.
    pub const NUMERAL: Kinds = Kinds(1 << 5);
    /// A measure word: 件, 公里.
    pub const CLASSIFIER: Kinds = Kinds(1 << 6);
    /// An adverb: 渐渐.
    pub const ADVERB: Kinds = Kinds(1 << 7);
    /// A verb.
    pub const VERB: Kinds = Kinds(1 << 8);
    /// An adjective.
    pub const ADJECTIVE: Kinds = Kinds(1 << 9);
    /// A noun.
    pub const NOUN: Kinds = Kinds(1 << 10);
    /// A pronoun, preposition, conjunction or particle.
    pub const FUNCTION: Kinds = Kinds(1 << 11);
    /// Known from the training text alone, from no word list.
    pub const FOUND: Kinds = Kinds(1 << 12);

    /// Whether any of `others` holds.
    pub fn any(self, others: Kinds) -> bool {
        self.0 & others.0 != 0
    }
}

impl std::ops::BitOr for Kinds {
    type Output = Kinds;

    fn bitor(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }
}

/// A word found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The position of its first character.
    pub start: usize,
    /// The position after its last character.
    pub end: usize,
    /// The word.
    pub word: WordId,
}

/// The lexicon. A view of the model file.
#[derive(Clone, Copy, Debug)]
pub struct Lexicon<'a> {
    nodes: U64s<'a>,
    frequency: &'a [u8],
    idf: &'a [u8],
    kinds: U16s<'a>,
}

impl<'a> Lexicon<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Option<Self> {
        let [nodes, frequency, idf, kinds] = sections(body)?;
        Some(Lexicon {
            nodes: U64s(nodes),
            frequency,
            idf,
            kinds: U16s(kinds),
        })
    }

    pub(crate) fn check(self) -> Result<(), ModelError> {
        let damaged = |what| Err(ModelError::Damaged { part: PART, what });
        if self.nodes.len() == 0 || [self.idf.len(), self.kinds.len()] != [self.len(); 2] {
            return damaged("its tables have the wrong size");
        }
        let outside = |word: WordId| word as usize >= self.len();
        if (0..self.nodes.len()).any(|slot| self.node(slot).word.is_some_and(outside)) {
            return damaged("it numbers a word that it does not have");
        }
        Ok(())
    }

    /// How many words there are.
    #[allow(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(self) -> usize {
        self.frequency.len()
    }

    #[inline]
    fn node(self, slot: usize) -> Node {
        Node::unpack(self.nodes.get(slot))
    }

    /// The words that begin at a position, the shortest first: their lengths in characters and
    /// their numbers.
    #[inline]
    pub fn prefixes<'i>(
        self,
        ids: &'i [CharId],
        start: usize,
    ) -> impl Iterator<Item = (usize, WordId)> + use<'a, 'i> {
        let mut node = self.root();
        let mut length = 0;
        std::iter::from_fn(move || {
            loop {
                node = self.child(node, *ids.get(start + length)?)?;
                length += 1;
                if let Some(word) = node.word {
                    return Some((length, word));
                }
            }
        })
    }

    #[inline]
    pub(crate) fn root(self) -> Node {
        self.node(0)
    }

    #[inline]
    pub(crate) fn child(self, node: Node, id: CharId) -> Option<Node> {
        let child = self.node(node.base as usize + usize::from(id));
        (child.label == id && id != 0).then_some(child)
    }

    /// The node that a character leads to, as it is packed; 0, which is no node and has no
    /// children, where it leads nowhere. Without a branch: whether it leads somewhere cannot be
    /// foretold.
    #[inline]
    pub(crate) fn follow(self, packed: u64, id: CharId) -> u64 {
        let node = Node::unpack(packed);
        let child = self.nodes.get(node.base as usize + usize::from(id));
        if Node::unpack(child).label == id && id != 0 && packed != 0 {
            child
        } else {
            0
        }
    }

    /// The word that ends at a packed node, as its number plus one, and what it costs: −ln of its
    /// frequency, in nats. 0 and an infinite cost where none does. Without a branch.
    #[inline]
    pub(crate) fn word_at(self, packed: u64) -> (u32, f32) {
        let word = (packed >> 40) as u32 & Node::MOST_WORDS;
        let last = self.frequency.len().wrapping_sub(1);
        let place = (word as usize).wrapping_sub(1).min(last);
        let steps = self.frequency.get(place).copied().unwrap_or(u8::MAX);
        let cost = super::ngram::STEP * f32::from(steps);
        (word, if word == 0 { f32::INFINITY } else { cost })
    }

    /// The root, as it is packed.
    #[inline]
    pub(crate) fn packed_root(self) -> u64 {
        self.nodes.get(0)
    }

    /// The longest word that begins at a position: its length in characters and its number.
    #[inline]
    pub fn longest(self, ids: &[CharId], start: usize) -> Option<(usize, WordId)> {
        self.prefixes(ids, start).last()
    }

    /// The number of a word.
    pub fn find(self, ids: &[CharId]) -> Option<WordId> {
        let mut node = self.root();
        for &id in ids {
            node = self.child(node, id)?;
        }
        node.word
    }

    /// The number of a word given as text.
    pub fn find_text(self, characters: Characters<'_>, word: &str) -> Option<WordId> {
        let mut node = self.root();
        for character in word.chars() {
            node = self.child(node, characters.id(character))?;
        }
        node.word
    }

    /// The longest word that covers every position of `start..end`, if there is one; of several,
    /// the most usual.
    pub fn cover(self, ids: &[CharId], start: usize, end: usize) -> Option<Found> {
        let mut best: Option<Found> = None;
        for first in (end.saturating_sub(LONGEST)..=start).rev() {
            for (length, word) in self.prefixes(ids, first) {
                let found = Found {
                    start: first,
                    end: first + length,
                    word,
                };
                if found.end >= end && best.is_none_or(|best| self.covers_better(found, best)) {
                    best = Some(found);
                }
            }
        }
        best
    }

    fn covers_better(self, one: Found, other: Found) -> bool {
        let (length, other_length) = (one.end - one.start, other.end - other.start);
        length > other_length
            || length == other_length
                && self.log_frequency(one.word) > self.log_frequency(other.word)
    }

    /// How usual a word is: ln of its share among the words of the training text.
    #[inline]
    pub fn log_frequency(self, word: WordId) -> f32 {
        -super::ngram::STEP
            * f32::from(
                self.frequency
                    .get(word as usize)
                    .copied()
                    .unwrap_or(u8::MAX),
            )
    }

    /// How much a word says about the subject: ln of paragraphs per paragraph that holds it.
    #[inline]
    pub fn idf(self, word: WordId) -> f32 {
        super::ngram::STEP * f32::from(self.idf.get(word as usize).copied().unwrap_or(0))
    }

    /// What kinds of word it is.
    #[inline]
    pub fn kinds(self, word: WordId) -> Kinds {
        Kinds(self.kinds.get(word as usize))
    }

    /// Every word, by its number. Walks the whole lexicon: for display and tests.
    pub fn words(self, characters: Characters<'_>) -> Vec<String> {
        let mut owner_of_base = HashMap::new();
        for slot in 0..self.nodes.len() {
            let node = self.node(slot);
            if node.base != 0 && (slot == 0 || node.label != 0) {
                owner_of_base.insert(node.base as usize, slot);
            }
        }
        let mut words = vec![String::new(); self.len()];
        for slot in 1..self.nodes.len() {
            let Some(word) = self.node(slot).word else {
                continue;
            };
            let mut spelling = Vec::new();
            let mut at = slot;
            while at != 0 && spelling.len() <= LONGEST {
                let label = self.node(at).label;
                spelling.extend(characters.character(label));
                let Some(&parent) = at
                    .checked_sub(usize::from(label))
                    .and_then(|base| owner_of_base.get(&base))
                else {
                    break;
                };
                at = parent;
            }
            if let Some(entry) = words.get_mut(word as usize) {
                *entry = spelling.into_iter().rev().collect();
            }
        }
        words
    }
}

/// Lays the part out. The four tables have one entry a word, but for the nodes.
pub(crate) fn encode(nodes: &[Node], frequency: &[u8], idf: &[u8], kinds: &[Kinds]) -> Vec<u8> {
    let nodes: Vec<u8> = nodes
        .iter()
        .flat_map(|node| node.pack().to_le_bytes())
        .collect();
    let kinds: Vec<u8> = kinds
        .iter()
        .flat_map(|kinds| kinds.0.to_le_bytes())
        .collect();
    super::packed::join([&nodes, frequency, idf, &kinds])
}
