//! From declared patterns to what is scanned with: built when the first document comes.

use std::ops::Range;

use regex_automata::meta::Regex;

use super::declared::{Declared, Kind, Pattern, Scope};
use super::regex::{Groups, LazyRegex};
use super::sweep::{Reaction, Sweep, Trigger};
use super::wrong_words;
use crate::rule::Card;

/// All patterns of one source, ready to scan.
pub(super) struct Compiled {
    pub(super) patterns: Vec<Ready>,
    /// What is looked for in all text.
    pub(super) sweep: Sweep,
    /// Regexes without literals: tried on each short paragraph. Patterns, and which of their
    /// regexes.
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
    regexes: Vec<LazyRegex>,
}

impl Ready {
    /// The regexes for long texts, all or one.
    pub(super) fn regexes(&self, item: Option<usize>) -> impl Iterator<Item = (usize, &Regex)> {
        let Pattern { items, scope, .. } = self.pattern;
        let large = move |i: usize| Some((i, self.regexes[i].large(&items[i], *scope)?));
        self.asked(item).filter_map(large)
    }

    fn asked(&self, item: Option<usize>) -> Range<usize> {
        item.map_or(0..self.regexes.len(), |item| item..item + 1)
    }

    /// What the regexes that are set off, all or one, match in a place.
    pub(super) fn matches(
        &self,
        item: Option<usize>,
        text: &str,
    ) -> impl Iterator<Item = (usize, Groups)> {
        let Pattern { items, scope, .. } = self.pattern;
        let may = move |i: &usize| items[*i].may_match(text);
        let found = move |i: usize| Some((i, self.regexes[i].find(&items[i], *scope, text)?));
        self.asked(item).filter(may).filter_map(found)
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
                    Kind::Regexes => pattern.items.iter().map(|_| LazyRegex::default()).collect(),
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
            sweep: Sweep::new(
                Trigger::new(anywhere),
                Trigger::new(furniture),
                wrong_words::lists(rules),
            ),
            always,
            longest_zone: longest_zone.min(4096),
            lines,
            items,
        }
    }
}
