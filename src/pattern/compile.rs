//! From declared patterns to automata: built when the first document comes, regexes when their literals first occur.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};
use regex::Regex;

use super::declared::{Declared, Item, Kind, Pattern, Scope};
use crate::rule::Card;

/// All patterns of one source, ready to scan.
pub(super) struct Compiled {
    pub(super) patterns: Vec<Ready>,
    /// Literals that may stand anywhere: they are looked for in all text.
    pub(super) anywhere: Trigger,
    /// Literals that stand where furniture stands: they are looked for in short paragraphs and at the edges of others.
    pub(super) furniture: Trigger,
    /// Regexes without literals of their own: tried on each short paragraph.
    pub(super) always: Vec<u16>,
    /// Paragraphs of at most this many bytes are looked at whole.
    pub(super) longest_zone: usize,
    /// Whether a pattern looks at single lines.
    pub(super) lines: bool,
}

/// A pattern with its card and its regexes.
pub(super) struct Ready {
    pub(super) card: &'static Card,
    pub(super) pattern: &'static Pattern,
    /// The rule's place in its source.
    pub(super) rule: usize,
    regexes: Vec<OnceLock<Option<Regex>>>,
}

impl Ready {
    /// The regexes, compiled when first needed.
    pub(super) fn regexes(&self) -> impl Iterator<Item = (usize, &Regex)> {
        (0..self.regexes.len()).filter_map(|i| Some((i, self.regex(i)?)))
    }

    /// Those that may match a text from its beginning.
    pub(super) fn regexes_for(&self, text: &str) -> impl Iterator<Item = (usize, &Regex)> {
        let may = |i: &usize| {
            let Item {
                openings, holds, ..
            } = self.pattern.items[*i];
            let is_compiled = self.regexes[*i].get().is_some();
            (openings.is_empty() || openings.iter().any(|opening| text.starts_with(opening)))
                && (is_compiled || holds.is_empty() || holds.iter().any(|part| text.contains(part)))
        };
        let regexes = (0..self.regexes.len()).filter(may);
        regexes.filter_map(|i| Some((i, self.regex(i)?)))
    }

    fn regex(&self, item: usize) -> Option<&Regex> {
        let compiled = || compile(self.pattern.items[item].text, self.pattern.scope).ok();
        self.regexes[item].get_or_init(compiled).as_ref()
    }
}

/// A regex with the anchors that its scope demands.
pub(super) fn compile(text: &str, scope: Scope) -> Result<Regex, regex::Error> {
    let anchored = match scope {
        Scope::Anywhere => format!("(?:{text})"),
        Scope::Paragraph | Scope::Line => format!(r"\A(?:{text})\z"),
        Scope::ParagraphStart | Scope::DocumentStart => format!(r"\A(?:{text})"),
        Scope::ParagraphEnd | Scope::DocumentEnd => format!(r"(?:{text})\z"),
    };
    Regex::new(&anchored)
}

/// What a literal sets off.
#[derive(Clone, Copy)]
pub(super) struct Reaction {
    pub(super) pattern: u16,
    /// The item that the literal is, or `None` where a regex requires it.
    pub(super) item: Option<u16>,
    /// Bytes of the literal.
    pub(super) len: u32,
}

/// Literals, and what each sets off. Most characters begin none of them: the automaton is asked only at those that begin one, which is faster than to
/// run it over all text, and built in a fraction of the time.
pub(super) struct Trigger {
    /// The characters of the basic plane that literals begin with, a bit each; others are not told apart.
    firsts: Vec<u64>,
    automaton: Option<AhoCorasick>,
    reactions: Vec<Vec<Reaction>>,
}

impl Trigger {
    fn new(literals: Vec<(&'static str, Reaction)>) -> Self {
        let mut texts: Vec<&'static str> = literals.iter().map(|(t, _)| *t).collect();
        texts.sort_unstable();
        texts.dedup();
        // The search reports the longest literal at a place: shorter ones that it begins with react along with it.
        let reactions = texts
            .iter()
            .map(|long| {
                literals
                    .iter()
                    .filter(|(text, _)| long.starts_with(text))
                    .map(|(_, reaction)| *reaction)
                    .collect()
            })
            .collect();
        let mut firsts = vec![0; 0x1_0000 / 64];
        for first in texts.iter().filter_map(|text| text.chars().next()) {
            match firsts.get_mut(first as usize / 64) {
                Some(word) => *word |= 1_u64 << (first as usize % 64),
                // Nobody is told apart from it.
                None => firsts.clear(),
            }
        }
        let automaton = if texts.is_empty() {
            None
        } else {
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .start_kind(StartKind::Anchored)
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .prefilter(false)
                .build(&texts)
                .ok()
        };
        Self {
            firsts,
            automaton,
            reactions,
        }
    }

    /// Calls `react` for each literal in `text`, with the offset where it begins. Literals may overlap.
    pub(super) fn run(&self, text: &str, mut react: impl FnMut(usize, Reaction)) {
        let Some(automaton) = &self.automaton else {
            return;
        };
        for (at, c) in text.char_indices() {
            let begins = match self.firsts.get(c as usize / 64) {
                Some(word) => word >> (c as usize % 64) & 1 != 0,
                None => self.firsts.is_empty(),
            };
            if !begins {
                continue;
            }
            let input = Input::new(text).range(at..).anchored(Anchored::Yes);
            if let Some(hit) = automaton.find(input) {
                for reaction in &self.reactions[hit.pattern().as_usize()] {
                    react(at, *reaction);
                }
            }
        }
    }
}

impl Compiled {
    pub(super) fn new(rules: &'static [Declared]) -> Self {
        let mut patterns = Vec::new();
        let (mut anywhere, mut furniture, mut always) = (Vec::new(), Vec::new(), Vec::new());
        let (mut longest_zone, mut lines) = (0, false);
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
                if pattern.kind == Kind::Regexes {
                    pattern.requires.iter().for_each(|text| add(text, None));
                    if pattern.requires.is_empty() {
                        always.push(index);
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
                    regexes,
                });
            }
        }
        Self {
            patterns,
            anywhere: Trigger::new(anywhere),
            furniture: Trigger::new(furniture),
            always,
            longest_zone: longest_zone.min(4096),
            lines,
        }
    }
}
