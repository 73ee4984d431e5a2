//! The regexes of declared rules, compiled when they are first needed. Most of a program's life
//! that is what they cost: a file has a few places where one may match, and each is short.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use regex_automata::meta::{BuildError, Regex};

use super::declared::{Item, Scope};

/// What a regex matched: the whole, then its groups.
pub(super) type Groups = Vec<Option<Range<usize>>>;

/// So many places are asked of the small engine, which is compiled twenty times as fast and
/// searches several times as slowly.
const FEW: u32 = 24;

/// A regex that is compiled where it is first tried.
#[derive(Default)]
pub(super) struct LazyRegex {
    small: OnceLock<Option<regex_lite::Regex>>,
    asked: AtomicU32,
    large: OnceLock<Option<Regex>>,
}

impl LazyRegex {
    /// The regex of an item, for long texts.
    pub(super) fn large(&self, item: &Item, scope: Scope) -> Option<&Regex> {
        let compiled = || compile(item.text, scope).ok();
        self.large.get_or_init(compiled).as_ref()
    }

    /// Where it matches in a place; nothing of length zero.
    pub(super) fn find(&self, item: &Item, scope: Scope, text: &str) -> Option<Groups> {
        let groups = match self.small(item, scope) {
            Some(small) => groups_of_small(&small.captures(text)?),
            None => {
                let large = self.large(item, scope)?;
                let mut captures = large.create_captures();
                large.captures(text, &mut captures);
                groups_of(&captures)
            }
        };
        let whole = groups.first()?.as_ref()?;
        (!whole.is_empty()).then_some(groups)
    }

    /// The regex for the small engine, as long as it is seldom asked.
    fn small(&self, item: &Item, scope: Scope) -> Option<&regex_lite::Regex> {
        let known = !item.lite.is_empty();
        if !known || self.asked.fetch_add(1, Ordering::Relaxed) >= FEW {
            return None;
        }
        let compiled = || regex_lite::Regex::new(&anchored(item.lite, scope)).ok();
        self.small.get_or_init(compiled).as_ref()
    }
}

pub(super) fn groups_of(captures: &regex_automata::util::captures::Captures) -> Groups {
    let groups = (0..captures.group_len()).map(|i| captures.get_group(i).map(|span| span.range()));
    groups.collect()
}

fn groups_of_small(captures: &regex_lite::Captures<'_>) -> Groups {
    let groups = captures.iter().map(|group| group.map(|m| m.range()));
    groups.collect()
}

/// A regex with the anchors that its scope demands.
fn anchored(text: &str, scope: Scope) -> String {
    match scope {
        Scope::Anywhere => format!("(?:{text})"),
        Scope::Paragraph | Scope::Line => format!(r"\A(?:{text})\z"),
        Scope::ParagraphStart | Scope::DocumentStart => format!(r"\A(?:{text})"),
        Scope::ParagraphEnd | Scope::DocumentEnd => format!(r"(?:{text})\z"),
    }
}

/// The same, compiled for the large engine.
pub(super) fn compile(text: &str, scope: Scope) -> Result<Regex, Box<BuildError>> {
    // An automaton backwards and a lazy one save time where much text is searched. A place is
    // short, and most regexes see a few: compiling is what they cost.
    let searched = scope == Scope::Anywhere;
    let config = Regex::config().hybrid(searched).dfa(searched);
    let built = Regex::builder()
        .configure(config)
        .build(&anchored(text, scope));
    built.map_err(Box::new)
}

#[cfg(test)]
mod tests {
    use super::super::BUILTIN;
    use super::super::declared::{Kind, Scope};
    use super::{LazyRegex, anchored, compile, groups_of, groups_of_small};

    #[test]
    fn both_engines_find_the_same() {
        let (mut small_ones, mut matches) = (0, 0);
        for rule in BUILTIN {
            let examples = rule.card.bad.iter().chain(rule.card.good);
            let lines: Vec<&str> = examples.flat_map(|text| text.lines()).collect();
            for pattern in rule.patterns.iter().filter(|p| p.kind == Kind::Regexes) {
                for item in pattern.items {
                    let large = compile(item.text, pattern.scope).expect("it is built");
                    if item.lite.is_empty() {
                        continue;
                    }
                    small_ones += 1;
                    let small = regex_lite::Regex::new(&anchored(item.lite, pattern.scope));
                    let small = small.unwrap_or_else(|e| panic!("{}: {e}", item.lite));
                    for line in &lines {
                        let mut captures = large.create_captures();
                        large.captures(line, &mut captures);
                        let found = small.captures(line).map(|c| groups_of_small(&c));
                        let expected = captures.is_match().then(|| groups_of(&captures));
                        assert_eq!(found, expected, "{}: {line}", item.text);
                        matches += usize::from(expected.is_some());
                    }
                }
            }
        }
        assert!(small_ones > 50 && matches > 10, "{small_ones}, {matches}");
    }

    #[test]
    fn the_engine_changes_when_it_is_asked_often() {
        let of_furniture = |p: &&crate::pattern::declared::Pattern| {
            p.kind == Kind::Regexes && p.scope != Scope::Anywhere
        };
        let mut patterns = BUILTIN.iter().flat_map(|rule| rule.patterns);
        let pattern = patterns.find(of_furniture).expect("there is one");
        let regex = LazyRegex::default();
        for _ in 0..super::FEW + 1 {
            assert_eq!(regex.find(&pattern.items[0], pattern.scope, ""), None);
        }
        assert!(regex.large.get().is_some());
    }
}
