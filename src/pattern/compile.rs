//! From declared patterns to what is scanned with: built when the first document comes, regexes when their literals first occur.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::meta::{BuildError, Regex};

use super::declared::{Declared, Kind, Pattern, Scope};
use crate::rule::Card;
use crate::text::hashing::Hashed;

/// All patterns of one source, ready to scan.
pub(super) struct Compiled {
    pub(super) patterns: Vec<Ready>,
    /// Literals that may stand anywhere: they are looked for in all text.
    pub(super) anywhere: Trigger,
    /// Literals that stand where furniture stands: they are looked for in short paragraphs and at the edges of others.
    pub(super) furniture: Trigger,
    /// Regexes without literals: tried on each short paragraph. Patterns, and which of their regexes.
    pub(super) always: Vec<(u16, u16)>,
    /// Paragraphs of at most this many bytes are looked at whole.
    pub(super) longest_zone: usize,
    /// Whether a pattern looks at single lines.
    pub(super) lines: bool,
    /// Items of all patterns.
    pub(super) items: usize,
}

/// A pattern with its card and its regexes.
pub(super) struct Ready {
    pub(super) card: &'static Card,
    pub(super) pattern: &'static Pattern,
    /// The rule's place in its source.
    pub(super) rule: usize,
    /// The place of its first item among the items of all patterns.
    pub(super) first_item: usize,
    regexes: Vec<OnceLock<Option<Regex>>>,
}

impl Ready {
    /// The regexes, all or one, compiled when first needed.
    pub(super) fn regexes(&self, item: Option<usize>) -> impl Iterator<Item = (usize, &Regex)> {
        let asked = self.asked(item);
        asked.filter_map(|i| Some((i, self.regex(i)?)))
    }

    fn asked(&self, item: Option<usize>) -> Range<usize> {
        item.map_or(0..self.regexes.len(), |item| item..item + 1)
    }

    /// The regexes that are set off, all or one, and may match a text from its beginning.
    pub(super) fn regexes_for(
        &self,
        item: Option<usize>,
        text: &str,
    ) -> impl Iterator<Item = (usize, &Regex)> {
        let may = move |i: &usize| self.pattern.items[*i].may_match(text);
        let regexes = self.asked(item).filter(may);
        regexes.filter_map(|i| Some((i, self.regex(i)?)))
    }

    fn regex(&self, item: usize) -> Option<&Regex> {
        let compiled = || compile(self.pattern.items[item].text, self.pattern.scope).ok();
        self.regexes[item].get_or_init(compiled).as_ref()
    }
}

/// A regex with the anchors that its scope demands.
pub(super) fn compile(text: &str, scope: Scope) -> Result<Regex, Box<BuildError>> {
    let anchored = match scope {
        Scope::Anywhere => format!("(?:{text})"),
        Scope::Paragraph | Scope::Line => format!(r"\A(?:{text})\z"),
        Scope::ParagraphStart | Scope::DocumentStart => format!(r"\A(?:{text})"),
        Scope::ParagraphEnd | Scope::DocumentEnd => format!(r"(?:{text})\z"),
    };
    // An automaton backwards and a lazy one save time where much text is searched. A place is short, and most regexes see a few:
    // compiling is what they cost.
    let searched = scope == Scope::Anywhere;
    let config = Regex::config().hybrid(searched).dfa(searched);
    let built = Regex::builder().configure(config).build(&anchored);
    built.map_err(Box::new)
}

/// What a literal sets off.
#[derive(Clone, Copy)]
pub(super) struct Reaction {
    pub(super) pattern: u16,
    /// The item that the literal is, or that holds it; `None` where all regexes of the pattern require it.
    pub(super) item: Option<u16>,
    /// Bytes of the literal.
    pub(super) len: u32,
}

/// Literals, and what each sets off. Most characters begin none of them and cost one look into a table; nothing is built but a sorted list.
pub(super) struct Trigger {
    /// The characters of the basic plane that literals begin with, a bit each.
    firsts: Vec<u64>,
    /// The two characters that literals begin with, a bit for each hash of two.
    pairs: Vec<u64>,
    /// Literals of one character.
    singles: Vec<char>,
    /// In order, each once.
    literals: Vec<&'static str>,
    /// For the character that literals begin with: which of them.
    ranges: HashMap<char, Range<usize>, Hashed>,
    reactions: Vec<Vec<Reaction>>,
}

/// A hash of two characters, of 16 bits.
fn pair(first: char, second: char) -> usize {
    let both = (first as u32).wrapping_mul(0x9e37) ^ (second as u32).wrapping_mul(0x85eb_ca6b);
    (both >> 16) as usize ^ (both as usize & 0xffff)
}

impl Trigger {
    fn new(mut wanted: Vec<(&'static str, Reaction)>) -> Self {
        // by their first bytes: comparing whole texts is dearer
        let beginning = |text: &str| {
            let mut eight = [0; 8];
            let length = text.len().min(8);
            eight[..length].copy_from_slice(&text.as_bytes()[..length]);
            u64::from_be_bytes(eight)
        };
        wanted.sort_by_cached_key(|(text, _)| (beginning(text), *text));
        let mut trigger = Self {
            firsts: vec![0; 0x1_0000 / 64],
            pairs: vec![0; 0x1_0000 / 64],
            singles: Vec::new(),
            literals: Vec::new(),
            ranges: HashMap::default(),
            reactions: Vec::new(),
        };
        for same in wanted.chunk_by(|a, b| a.0 == b.0) {
            let text = same[0].0;
            let mut chars = text.chars();
            let Some(first) = chars.next() else {
                continue;
            };
            match chars.next().map(|second| pair(first, second)) {
                Some(at) => trigger.pairs[at / 64] |= 1 << (at % 64),
                None => trigger.singles.push(first),
            }
            let at = trigger.literals.len();
            trigger.literals.push(text);
            trigger
                .reactions
                .push(same.iter().map(|(_, reaction)| *reaction).collect());
            trigger.ranges.entry(first).or_insert(at..at).end = at + 1;
            if let Some(word) = trigger.firsts.get_mut(first as usize / 64) {
                *word |= 1_u64 << (first as usize % 64);
            }
        }
        trigger
    }

    /// Calls `react` for each literal in `text`, with the offset where it begins. Literals may overlap.
    pub(super) fn run(&self, text: &str, mut react: impl FnMut(usize, Reaction)) {
        if self.literals.is_empty() {
            return;
        }
        let mut before = None;
        for (at, c) in text.char_indices() {
            if let Some((at, before)) = before
                && (self.begins(pair(before, c)) || self.singles.contains(&before))
            {
                self.at_character(text, at, before, &mut react);
            }
            let word = self.firsts.get(c as usize / 64);
            let first = word.is_none_or(|word| word >> (c as usize % 64) & 1 != 0);
            before = first.then_some((at, c));
        }
        if let Some((at, last)) = before {
            self.at_character(text, at, last, &mut react);
        }
    }

    /// Whether two characters may begin a literal.
    fn begins(&self, pair: usize) -> bool {
        self.pairs[pair / 64] >> (pair % 64) & 1 != 0
    }

    /// The literals that begin at a character.
    fn at_character(
        &self,
        text: &str,
        at: usize,
        c: char,
        react: &mut impl FnMut(usize, Reaction),
    ) {
        if let Some(range) = self.ranges.get(&c) {
            let bytes = &text.as_bytes()[at..];
            self.at(bytes, c.len_utf8(), range.clone(), |literal| {
                for reaction in &self.reactions[literal] {
                    react(at, *reaction);
                }
            });
        }
    }

    /// The literals of a range that the bytes begin with, of which the first so many agree: the range is narrowed byte by byte.
    fn at(
        &self,
        bytes: &[u8],
        agreed: usize,
        mut range: Range<usize>,
        mut found: impl FnMut(usize),
    ) {
        let rest = bytes[agreed..].iter().map(Some);
        for (length, next) in (agreed..).zip(rest.chain([None])) {
            if range.start < range.end && self.literals[range.start].len() == length {
                found(range.start);
                range.start += 1;
            }
            let (Some(next), false) = (next, range.is_empty()) else {
                return;
            };
            let all = &self.literals[range.clone()];
            let byte = |text: &&str| text.as_bytes()[length];
            let from = all.partition_point(|text| byte(text) < *next);
            let to = from + all[from..].partition_point(|text| byte(text) == *next);
            range = range.start + from..range.start + to;
        }
    }
}

impl Compiled {
    pub(super) fn new(rules: &'static [Declared]) -> Self {
        let mut patterns = Vec::new();
        let (mut anywhere, mut furniture, mut always) = (Vec::new(), Vec::new(), Vec::new());
        let (mut longest_zone, mut lines, mut items) = (0, false, 0);
        for (rule, declared) in rules.iter().enumerate() {
            for pattern in declared.patterns {
                let index = patterns.len() as u16;
                let literals = match pattern.scope {
                    Scope::Anywhere => &mut anywhere,
                    _ => &mut furniture,
                };
                lines |= pattern.scope == Scope::Line;
                if matches!(pattern.scope, Scope::Paragraph | Scope::Line) {
                    longest_zone = longest_zone.max(pattern.max_length.saturating_mul(3));
                }
                let mut add = |text: &'static str, item| {
                    literals.push((
                        text,
                        Reaction {
                            pattern: index,
                            item,
                            len: text.len() as u32,
                        },
                    ));
                };
                if pattern.kind == Kind::Regexes && !pattern.requires.is_empty() {
                    pattern.requires.iter().for_each(|text| add(text, None));
                } else if pattern.kind == Kind::Regexes {
                    for (item, i) in pattern.items.iter().zip(0..) {
                        item.holds.iter().for_each(|text| add(text, Some(i)));
                        if item.holds.is_empty() {
                            always.push((index, i));
                        }
                    }
                } else {
                    for (item, i) in pattern.items.iter().zip(0..) {
                        add(item.text, Some(i));
                    }
                }
                let regexes = match pattern.kind {
                    Kind::Regexes => pattern.items.iter().map(|_| OnceLock::new()).collect(),
                    _ => Vec::new(),
                };
                patterns.push(Ready {
                    card: declared.card,
                    pattern,
                    rule,
                    first_item: items,
                    regexes,
                });
                items += pattern.items.len().max(1);
            }
        }
        Self {
            patterns,
            anywhere: Trigger::new(anywhere),
            furniture: Trigger::new(furniture),
            always,
            longest_zone: longest_zone.min(4096),
            lines,
            items,
        }
    }
}
