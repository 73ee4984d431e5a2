//! Declared rules: one TOML file each, all their literals in one automaton.
//!
//! The rules of `rules/` are written into the binary as tables by the build script; [`load`] reads
//! the packs of users by the same schema. `docs/rule-packs.md` describes it.

mod blocks;
mod compile;
pub(crate) mod declared;
mod learn;
mod pack;
mod regex;
mod scan;
mod schema;
mod sweep;
mod toml_table;
pub(crate) mod word_list;
pub(crate) mod wrong_words;

use std::sync::OnceLock;

pub use learn::{learn, pack_of};
pub use pack::{Pack, PackError, RuleError, load, load_packs};

use crate::finding::Findings;
use crate::reading::Reading;
use crate::rule::{Card, Rule, Scales};
use crate::said;
use compile::Compiled;
use declared::Declared;
use scan::Scan;

/// The rules of `rules/`.
static BUILTIN: &[Declared] = {
    use crate::document::MaskKind;
    use crate::finding::{Confidence, Safety, Severity};
    use crate::rule::{Chinese, Group};
    use declared::{Documents, Item, Kind, LEVELS, Pattern, Per, Scope, Script};
    use word_list::WordList;
    include!(concat!(env!("OUT_DIR"), "/rules.rs"))
};

/// The lists of wrong words of the embedded rules, with the scripts that they are for.
pub(crate) fn word_lists() -> impl Iterator<Item = (word_list::WordList, declared::Script)> {
    let patterns = BUILTIN.iter().flat_map(|rule| rule.patterns);
    patterns.filter_map(|pattern| Some((pattern.words?, pattern.script)))
}

/// The declared rules of one source, checked together.
pub struct PatternRules {
    rules: &'static [Declared],
    cards: Vec<&'static Card>,
    /// Built for the first document: listing the rules costs nothing.
    compiled: OnceLock<Compiled>,
    scales: Scales,
}

impl PatternRules {
    /// The declared rules embedded in the binary.
    #[must_use]
    pub fn builtin() -> Self {
        Self::new(BUILTIN)
    }

    fn new(rules: &'static [Declared]) -> Self {
        Self {
            rules,
            cards: rules.iter().map(|rule| rule.card).collect(),
            compiled: OnceLock::new(),
            scales: Scales::default(),
        }
    }
}

impl Rule for PatternRules {
    fn cards(&self) -> &[&'static Card] {
        &self.cards
    }

    fn scales(&mut self) -> Option<&mut Scales> {
        let weighs = self.cards.iter().any(|card| !card.levels.is_empty());
        weighs.then_some(&mut self.scales)
    }

    fn check(&self, document: &Reading<'_>, findings: &mut Findings) {
        let compiled = self.compiled.get_or_init(|| Compiled::new(self.rules));
        let found = compiled.sweep.run(document.text());
        Scan::new(compiled, document, &found).run(findings);
        wrong_words::check(self.rules, &self.scales, &found.words, document, findings);
    }
}

#[cfg(test)]
mod tests {
    use super::BUILTIN;
    use super::declared::Kind;
    use super::regex::compile;

    #[test]
    fn regexes_of_the_embedded_rules_compile() {
        for rule in BUILTIN {
            for pattern in rule.patterns.iter().filter(|p| p.kind == Kind::Regexes) {
                for item in pattern.items {
                    let regex = compile(item.text, pattern.scope);
                    assert!(regex.is_ok(), "{}: {}", rule.card.name, item.text);
                }
            }
        }
    }
}
