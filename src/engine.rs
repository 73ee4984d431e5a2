//! Runs the selected rules over a document and settles which findings stand.

use std::collections::{HashMap, HashSet};

use crate::document::Document;
use crate::finding::{Finding, Findings};
use crate::registry::{Registry, Selection, UnknownRule};
use crate::rule::{Card, Rule};
use crate::suppress;
use crate::text::Span;

/// The selected rules, ready to check documents. One linter serves any number of threads.
pub struct Linter {
    rules: Vec<Box<dyn Rule>>,
    enabled: HashSet<&'static str>,
    /// The cards of all rules there are, selected or not.
    known: Vec<&'static Card>,
}

impl Linter {
    /// A linter with the selected rules of a registry.
    ///
    /// # Errors
    ///
    /// [`UnknownRule`] for a name in the selection that no rule and no group has.
    pub fn new(registry: Registry, selection: &Selection) -> Result<Self, UnknownRule> {
        let known = registry.cards();
        let enabled = selection.resolve(&known)?;
        let mut rules = registry.into_rules();
        rules.retain(|rule| rule.cards().iter().any(|card| enabled.contains(card.name)));
        Ok(Self {
            rules,
            enabled,
            known,
        })
    }

    /// A linter with the default rules.
    #[must_use]
    pub fn standard() -> Self {
        let registry = Registry::builtin();
        let known = registry.cards();
        let enabled = known.iter().filter(|c| c.default).map(|c| c.name).collect();
        Self {
            rules: registry.into_rules(),
            enabled,
            known,
        }
    }

    /// Whether a rule is selected.
    #[must_use]
    pub fn is_enabled(&self, rule: &str) -> bool {
        self.enabled.contains(rule)
    }

    /// The cards of the selected rules.
    pub fn cards(&self) -> impl Iterator<Item = &'static Card> + '_ {
        self.rules
            .iter()
            .flat_map(|r| r.cards().iter().copied())
            .filter(|c| self.enabled.contains(c.name))
    }

    /// Checks a document: findings in the order of the text, one for each defect.
    #[must_use]
    pub fn check(&self, document: &Document<'_>) -> Vec<Finding> {
        let mut findings = Findings::default();
        for rule in &self.rules {
            rule.check(document, &mut findings);
        }
        let mut list = findings.into_vec();
        // What lies inside a word of the vocabulary is right, even where a rule did not ask.
        let words = document.vocabulary();
        list.retain(|f| self.enabled.contains(f.card.name) && !words.covers(f.span));
        suppress::apply(document, resolve(list), &self.known, &self.enabled)
    }
}

/// Sorts the findings, drops repetitions, and where findings overlap drops those whose rule yields to the other's (`Card::yields_to`). Of two
/// findings of the same rule at the same place the first stays.
fn resolve(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (f.span.start(), f.span.end());
        key(a)
            .cmp(&key(b))
            .then_with(|| a.card.name.cmp(b.card.name))
    });
    findings.dedup_by(|b, a| a.card.name == b.card.name && a.span == b.span);
    let mut places: HashMap<&str, Places> = HashMap::new();
    for finding in &findings {
        places
            .entry(finding.card.name)
            .or_default()
            .push(finding.span);
    }
    findings.retain(|f| {
        !f.card
            .yields_to
            .iter()
            .any(|other| places.get(other).is_some_and(|p| p.overlap(f.span)))
    });
    findings
}

/// The spans of one rule in ascending order, with the furthest end so far: an overlap is found by bisection.
#[derive(Default)]
struct Places {
    starts: Vec<usize>,
    furthest: Vec<usize>,
}

impl Places {
    fn push(&mut self, span: Span) {
        self.starts.push(span.start());
        let furthest = self.furthest.last().copied().unwrap_or(0).max(span.end());
        self.furthest.push(furthest);
    }

    fn overlap(&self, span: Span) -> bool {
        let before = self
            .starts
            .partition_point(|s| *s < span.end().max(span.start() + 1));
        before > 0 && self.furthest[before - 1] > span.start()
    }
}

#[cfg(test)]
mod tests {
    use super::Linter;
    use crate::document::Document;

    #[test]
    fn nothing_is_found_inside_a_word_of_the_vocabulary() {
        let words = ["发展 and 安全"].into_iter().collect();
        let document = Document::new("a.txt", "统筹发展 and 安全，坚持改革 and 开放。");
        let document = document.with_vocabulary(&words);
        let findings = Linter::standard().check(&document);
        let lines: Vec<_> = findings.iter().map(|f| document.slice(f.span)).collect();
        assert_eq!(lines, [" and "]);
        assert!(findings[0].span.start() > 30);
    }

    #[test]
    fn findings_come_in_the_order_of_the_text() {
        let linter = Linter::standard();
        let document = Document::new("a.txt", "统筹发展 and 安全，坚持改革 and 开放。");
        let findings = linter.check(&document);
        assert_eq!(findings.len(), 2);
        assert!(findings[0].span < findings[1].span);
    }
}
