//! From declared patterns to automata: built when the first document comes, regexes when their literals first occur.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind};
use regex::Regex;

use super::declared::{Declared, Kind, Pattern, Scope};
use crate::rule::Card;

/// All patterns of one source, ready to scan.
pub(super) struct Compiled {
    pub(super) patterns: Vec<Ready>,
    /// Literals that may stand anywhere: they run over all text. ASCII and Chinese ones apart, so that the vector search which looks for
    /// the first bytes of all of them is not made to stop at every Chinese character by a one-byte literal.
    pub(super) anywhere: [Trigger; 2],
    /// Literals that stand where furniture stands: they run over short paragraphs and the edges of others.
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
            let openings = self.pattern.items[*i].openings;
            openings.is_empty() || openings.iter().any(|opening| text.starts_with(opening))
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

/// An automaton over literals, and what each sets off.
pub(super) struct Trigger {
    automaton: Option<AhoCorasick>,
    reactions: Vec<Vec<Reaction>>,
}

impl Trigger {
    fn new(literals: Vec<(&'static str, Reaction)>, kind: AhoCorasickKind) -> Self {
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
        let automaton = if texts.is_empty() {
            None
        } else {
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .kind(Some(kind))
                .build(&texts)
                .ok()
        };
        Self {
            automaton,
            reactions,
        }
    }

    /// Calls `react` for each literal in `text`, with the offset where it begins. Literals may overlap.
    pub(super) fn run(&self, text: &str, mut react: impl FnMut(usize, Reaction)) {
        let Some(automaton) = &self.automaton else {
            return;
        };
        let mut from = 0;
        while let Some(hit) = automaton.find(Input::new(text).range(from..).anchored(Anchored::No))
        {
            for reaction in &self.reactions[hit.pattern().as_usize()] {
                react(hit.start(), *reaction);
            }
            from = hit.start() + text[hit.start()..].chars().next().map_or(1, char::len_utf8);
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
        let (ascii, chinese): (Vec<_>, Vec<_>) = anywhere
            .into_iter()
            .partition(|(text, _): &(&str, Reaction)| text.as_bytes()[0].is_ascii());
        Self {
            patterns,
            anywhere: [ascii, chinese].map(|t| Trigger::new(t, AhoCorasickKind::DFA)),
            // Built in a tenth of the time of a table of all transitions, and few bytes run through it.
            furniture: Trigger::new(furniture, AhoCorasickKind::ContiguousNFA),
            always,
            longest_zone: longest_zone.min(4096),
            lines,
        }
    }
}
